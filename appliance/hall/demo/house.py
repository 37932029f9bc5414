"""A running hall: its roles as processes, its devices simulated at the far end of real wires.

Keeper, spooler, rating desk and keypad desk run as they would under systemd; the terminal's devices are held
here, for here is who touches the terminal. Whoever holds a :class:`House` can press keys, lay cards, open the
printer's cover, pull cables, kill a role, and be any client.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from hall.config.load import load
from hall.config.model import HallConfig
from hall.demo.county import DemoCounty
from hall.demo.drawing import SlipDrawer
from hall.demo.gear import Gear
from hall.demo.processes import RoleProcess
from hall.demo.settings import DemoSettings, plan_windows, write_config
from hall.demo.touch import Touch
from hall.devices.hubthread import HubThread
from hall.roles import terminal_devices
from hallqueue.client import HallClient
from hallqueue.paths import StateFolder

KEEPER_WITHIN_S = 10.0
CARD_DEBOUNCE_S = 5.0
"""Simulated people come faster than real ones, and there are four synthetic cards for all of them."""
ROLES = ("printer", "evaluator", "keypad")
"""Beside the keeper, which must be there first."""


class House:
    """A whole hall on simulated devices."""

    def __init__(self, settings: DemoSettings) -> None:
        self.settings = settings
        self.folder = StateFolder(settings.folder)
        self.slips_folder = settings.folder / "slips"
        self.gear = Gear(settings.folder, width_mm=settings.width_mm, seed=settings.seed)
        self.county = DemoCounty()
        self._drawer: SlipDrawer | None = None
        self.config: HallConfig
        self.touch: Touch
        """The terminal's devices, as whoever stands at it uses them."""
        self.roles: dict[str, RoleProcess] = {}
        self._hub: HubThread | None = None
        self._greeting: asyncio.Task[None] | None = None
        self._clients: list[HallClient] = []

    async def start(self) -> None:
        """Bring everything up; on return the keeper answers and every role is started."""
        self.folder.prepare()
        if self.settings.draw_slips:
            self._drawer = SlipDrawer(self.gear.printer, self.slips_folder)
        devices = self.gear.start(plan_windows(self.settings))
        certificate = self.county.write_certificate(self.settings.folder)
        file = write_config(self.settings, devices | {"scans": {"certificate": str(certificate)}})
        self.config = load(file)
        arguments = ["--config", str(file), "--state", str(self.settings.folder)]
        logs = self.settings.folder / "logs"
        logs.mkdir(exist_ok=True)
        self.roles = {role: RoleProcess(role, arguments, logs / f"{role}.log") for role in ("queue", *ROLES)}
        await self.roles["queue"].start()
        await self.client("screen", give_up_s=KEEPER_WITHIN_S).plan()
        await asyncio.gather(*(self.roles[role].start() for role in ROLES))
        self.touch = Touch()
        held = terminal_devices(self.config, self.folder, self.folder.socket, self.touch.heard)
        held.card_debounce_s = CARD_DEBOUNCE_S / self.settings.speed
        self.touch.devices = held
        self._hub = HubThread(self.folder.socket, "terminal", held.attended())
        await asyncio.to_thread(self._hub.__enter__)
        self._greeting = asyncio.create_task(self._press_every_caller_once())

    async def stop(self) -> None:
        """Bring everything down, however far it came up; nothing is left running."""
        if self._greeting is not None:
            self._greeting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._greeting
        if self._hub is not None:
            await asyncio.to_thread(self._hub.__exit__, None, None, None)
        for client in self._clients:
            await client.close()
        others = [role for name, role in self.roles.items() if name != "queue"]
        await asyncio.gather(*(role.stop() for role in others))
        if "queue" in self.roles:
            await self.roles["queue"].stop()
        self.gear.close()
        if self._drawer:
            self._drawer.close()

    def client(self, role: str, window: int = 0, clerk: str = "", *, give_up_s: float = 30.0) -> HallClient:
        """A client of the keeper, closed with the house."""
        client = HallClient(self.folder.socket, role, window, clerk, give_up_s=give_up_s)
        self._clients.append(client)
        return client

    async def _press_every_caller_once(self) -> None:
        """A caller says nothing by itself: it is known once somebody has pressed a key in the morning."""
        keypads = {f"keypad-{one.window}" for one in self.config.callers}
        async for hall in self.client("screen").watch():
            if keypads <= {device.device for device in hall.devices}:
                break
        for one in self.config.callers:
            self.gear.callers.press(one.window, "取消")

    @property
    def press(self) -> Callable[[int, str], None]:
        """A finger on a pad; takes as long as a finger takes."""
        return self.gear.press

    def asks(self, window: int) -> bool:
        """Whether the pad of a window is lit."""
        return all(self.gear.lamps(window))

    def thanks(self, window: int, key: str) -> bool:
        """Whether the pad of a window thanks for that key."""
        lamps = self.gear.lamps(window)
        return sum(lamps) == 1 and lamps[int(key) - 1]

    @property
    def last_picture(self) -> Path | None:
        """The picture of the last slip that was drawn."""
        return self._drawer.last if self._drawer else None

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.settings.folder

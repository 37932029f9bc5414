"""A running hall: keeper and spooler as processes, the rating desk and the simulated devices here.

The printer stands at the far end of a TCP line, the pads on simulated GPIO pins with the rating desk
that drives them. Whoever holds a :class:`House` can press buttons, open the printer's cover, kill a
role, and be any client.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

from hall.config.load import load
from hall.config.model import HallConfig
from hall.demo.drawing import SlipDrawer
from hall.demo.processes import RoleProcess
from hall.demo.settings import DemoSettings, write_config
from halldrivers.printersim import PrinterServer, PrinterSim, serve
from halldrivers.ratingpad.sim import PadSim
from hallevaluator.desk import RatingDesk
from hallevaluator.keymap import KeyMap
from hallevaluator.pads import OpenPad, gpio_pad
from hallqueue.client import HallClient
from hallqueue.clock import SystemClock
from hallqueue.paths import StateFolder

KEEPER_WITHIN_S = 10.0
PAD_URL = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"
"""Every simulated pad has a board of its own, so all may use the same pins."""


class House:
    """A whole hall on simulated devices."""

    def __init__(self, settings: DemoSettings) -> None:
        self.settings = settings
        self.folder = StateFolder(settings.folder)
        self.slips_folder = settings.folder / "slips"
        self.printer = PrinterSim(width_mm=settings.width_mm, clock=time.monotonic)
        self._server: PrinterServer | None = None
        self._drawer: SlipDrawer | None = None
        self.config: HallConfig
        self.keeper: RoleProcess
        self.spooler: RoleProcess
        self.pads: dict[int, PadSim] = {}
        self._desk: asyncio.Task[None] | None = None
        self._clients: list[HallClient] = []
        self._roles: tuple[RoleProcess, ...] = ()

    async def start(self) -> None:
        """Bring everything up; on return the keeper answers."""
        self.folder.prepare()
        if self.settings.draw_slips:
            self._drawer = SlipDrawer(self.printer, self.slips_folder)
        self._server = serve("tcp://127.0.0.1:0", self.printer)
        file = write_config(self.settings, self._server.url)
        self.config = load(file)
        arguments = ["--config", str(file), "--state", str(self.settings.folder)]
        logs = self.settings.folder / "logs"
        logs.mkdir(exist_ok=True)
        self.keeper = RoleProcess("queue", arguments, logs / "queue.log")
        self.spooler = RoleProcess("printer", arguments, logs / "printer.log")
        self._roles = (self.spooler, self.keeper)
        await self.keeper.start()
        await self.client("screen", give_up_s=KEEPER_WITHIN_S).plan()
        await self.spooler.start()
        self._start_desk()

    async def stop(self) -> None:
        """Bring everything down, however far it came up; nothing is left running."""
        if self._desk:
            self._desk.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._desk
        for client in self._clients:
            await client.close()
        for role in self._roles:
            await role.stop()
        if self._server:
            self._server.close()
        if self._drawer:
            self._drawer.close()

    def client(self, role: str, window: int = 0, clerk: str = "", *, give_up_s: float = 30.0) -> HallClient:
        """A client of the keeper, closed with the house."""
        client = HallClient(self.folder.socket, role, window, clerk, give_up_s=give_up_s)
        self._clients.append(client)
        return client

    def press(self, window: int, key: str) -> None:
        """A finger on a pad; takes as long as a finger takes."""
        self.pads[window].press(key)

    def asks(self, window: int) -> bool:
        """Whether the pad of a window is lit."""
        return all(self.pads[window].lamps())

    @property
    def last_picture(self) -> Path | None:
        """The picture of the last slip that was drawn."""
        return self._drawer.last if self._drawer else None

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.settings.folder

    def _start_desk(self) -> None:
        open_pads: dict[int, OpenPad] = {}
        for window in self.config.plan.windows:
            self.pads[window.number] = sim = PadSim()
            open_pads[window.number] = gpio_pad(PAD_URL, pin_factory=sim.factory)
        key_map = KeyMap(tuple(level for _, level in sorted(self.config.keys.items())))
        desk = RatingDesk(self.client("evaluator"), open_pads, key_map, clock=SystemClock())
        self._desk = asyncio.create_task(desk.run())

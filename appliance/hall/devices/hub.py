"""The hub of a role: keeps its devices, reports them, counts them, answers their tests."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from hall.devices.attended import Attended, Started
from hall.devices.reports import DeviceReports
from hall.devices.testing import DeviceTests
from halldrivers.check import LENT
from halldrivers.errors import DeviceState, DriverFault
from halldrivers.status import DeviceStatus, status_of_error
from hallqueue.service import HallService

COUNT_EVERY_S = 3600.0
"""How often what a device has done is put on record."""

log = logging.getLogger("hall.devices")


class DeviceHub:
    """Runs beside a role's own work, in its event loop; the devices are in threads of their own.

    ``started`` has each device by name as soon as :meth:`start` has returned.
    """

    def __init__(
        self, service: HallService, devices: Sequence[Attended], *, count_every_s: float = COUNT_EVERY_S
    ) -> None:
        boot = secrets.token_hex(8)
        self._devices, self._count_every_s = devices, count_every_s
        self._reports = DeviceReports(service, {d.name: d.kind for d in devices}, boot=boot)
        self._service, self._boot = service, boot
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last: dict[str, DeviceStatus] = {}
        self._lent: set[str] = set()
        self.started: dict[str, Started] = {}

    def start(self) -> None:
        """Start every device; to be called in the event loop that :meth:`run` runs in."""
        self._loop = asyncio.get_running_loop()
        for device in self._devices:
            on_status = partial(self._from_device, device.name)
            try:
                self.started[device.name] = device.start(on_status)
            except Exception as error:  # border: what keeps one device from its start keeps no other
                log.exception("%s cannot be started", device.name)
                on_status(status_of_error(DriverFault(f"{device.name}: {type(error).__name__}")))

    async def run(self) -> None:
        """Report and answer until cancelled; then the devices are given back."""
        if self._loop is None:
            self.start()
        checkers = {name: started.check for name, started in self.started.items()}
        tests = DeviceTests(self._service, checkers, boot=self._boot, on_lent=self._hand_over)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(tests.run())
                group.create_task(self._count())
                # A device that is seen in the status can be tested: nobody asks a role that hears nothing.
                await tests.is_heard.wait()
                group.create_task(self._reports.run())
        finally:
            await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Give all devices back, all at once, so that one that hangs delays none; again is harmless."""
        started, self.started = list(self.started.values()), {}
        if started:
            with ThreadPoolExecutor(len(started), "close") as pool:
                list(pool.map(lambda device: device.close(), started))

    def _from_device(self, name: str, status: DeviceStatus) -> None:
        assert self._loop is not None, "a device speaks once it is started"
        self._loop.call_soon_threadsafe(self._heard, name, status)

    def _heard(self, name: str, status: DeviceStatus) -> None:
        self._last[name] = status
        if name not in self._lent:
            self._note(name, status)

    def _hand_over(self, name: str, is_lent: bool) -> None:
        (self._lent.add if is_lent else self._lent.discard)(name)
        self._note(name, LENT if is_lent else self._last.get(name, DeviceStatus(DeviceState.UNKNOWN)))

    def _note(self, name: str, status: DeviceStatus) -> None:
        started = self.started.get(name)
        self._reports.note(name, status, started.counters.text() if started else "")

    async def _count(self) -> None:
        while True:
            await asyncio.sleep(self._count_every_s)
            for name, status in self._last.items():
                if name in self.started and name not in self._lent:
                    self._note(name, status)

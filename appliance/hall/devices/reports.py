"""What the keeper is told about devices: the newest word of each, repeated until it has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from itertools import count

from halldrivers.status import MOST_TEXT, DeviceStatus
from hallqueue.errors import HallError, Trouble
from hallqueue.service import ATTEND_EVERY_S, HallService

RETRY_FIRST_S, RETRY_MOST_S = 0.1, 2.0

log = logging.getLogger("hall.devices")


class DeviceReports:
    """Reports for the devices of one role. ``boot`` is unguessable and new with each start.

    While the keeper is away only the newest word of each device is kept: it says what is true now.
    """

    def __init__(
        self,
        service: HallService,
        kinds: dict[str, str],
        *,
        boot: str,
        attend_every_s: float = ATTEND_EVERY_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._service, self._kinds, self._boot, self._sleep = service, kinds, boot, sleep
        self._attend_every_s = attend_every_s
        self._noted: dict[str, tuple[DeviceStatus, str]] = {}
        self._numbers: Iterator[int] = count(1)
        self._waiting: dict[str, tuple[DeviceStatus, str]] = {}
        self._news = asyncio.Event()

    def note(self, device: str, status: DeviceStatus, counters: str = "") -> None:
        """A word about a device, with what it has done until now."""
        self._waiting[device] = self._noted[device] = (status, counters)
        self._news.set()

    async def run(self) -> None:
        """Tell, and say that the devices are still held, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell_news())
            group.create_task(self._attend())

    async def _attend(self) -> None:
        """What the record has wrong (the keeper lost a day, another copy of this role spoke) is told anew."""
        while True:
            await asyncio.sleep(self._attend_every_s)
            for device, (status, counters) in tuple(self._noted.items()):
                if device in self._waiting:
                    continue
                try:
                    is_known = await self._service.attend_device(
                        device, state=status.state.value, code=status.code
                    )
                except Trouble:
                    break  # the keeper is away
                except HallError as refusal:
                    log.warning("%s: %s", device, refusal)
                    continue
                if not is_known and self._noted[device][0] is status:
                    self.note(device, status, counters)

    async def _tell_news(self) -> None:
        wait_s = RETRY_FIRST_S
        while True:
            await self._news.wait()
            self._news.clear()
            for device in tuple(self._waiting):
                status, counters = self._waiting.pop(device)
                try:
                    await self._tell(device, status, counters)
                    wait_s = RETRY_FIRST_S
                except Trouble as trouble:
                    self._waiting.setdefault(device, (status, counters))
                    log.debug("%s: its state is not recorded yet: %s", device, trouble)
                except HallError as refusal:
                    log.error("%s: its state was refused: %s", device, refusal)
            if self._waiting:
                await self._sleep(wait_s)
                wait_s = min(wait_s * 2, RETRY_MOST_S)
                self._news.set()

    async def _tell(self, device: str, status: DeviceStatus, counters: str) -> None:
        await self._service.report_device(
            device,
            key=f"{device}:{self._boot}:{next(self._numbers)}",
            kind=self._kinds[device],
            **status.words(),
            counters=counters[:MOST_TEXT],
        )

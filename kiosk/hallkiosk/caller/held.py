"""A keypad as the event loop sees it: what is known of it, and a hand that holds it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from halldrivers.errors import DeviceError, DeviceState
from halldrivers.status import DeviceStatus, status_of_error
from hallkiosk.caller.devices import Caller, OnTrouble
from hallkiosk.caller.hand import Hand
from hallkiosk.caller.pace import CallerPace

OnStatus = Callable[[str, DeviceStatus], None]
"""Called in the event loop with a device's name and every word worth telling of it."""

_DOWN = frozenset({DeviceState.ABSENT, DeviceState.OFFLINE, DeviceState.FAULT})

log = logging.getLogger("hall.device")


class HeldDevice:
    """The keypad of a window. ``on_change`` is called in the loop with whether it is of use now."""

    def __init__(
        self,
        name: str,
        open_device: Callable[[OnTrouble], Caller],
        *,
        pace: CallerPace,
        on_status: OnStatus,
        on_change: Callable[[bool], None],
    ) -> None:
        self._name, self._pace, self._on_status, self._on_change = name, pace, on_status, on_change
        self._loop = asyncio.get_running_loop()
        self._told: DeviceStatus | None = None
        self._has_spoken = False
        """Whether the device itself said something since it was opened."""
        self._is_closed = False
        self._ended = asyncio.Event()
        self._hand: Hand[Caller] = Hand(
            name,
            partial(open_device, self.from_thread(self._says)),
            on_open=self.from_thread(self._opened),
            on_failed=self.from_thread(self._failed),
            on_end=self._from_end,
            reopen_s=pace.reopen_s,
        )

    def begin(self) -> None:
        """Open it, now or as soon as it can be opened."""
        self._hand.start()

    def do(self, what: str, act: Callable[[Caller], None]) -> None:
        """Do something with it soon, in place of what waits under the same name."""
        self._hand.do(what, act)

    async def close(self) -> None:
        """Give it back. One that does not come back in time is left behind; nothing more is heard of it."""
        self._is_closed = True
        self._hand.end()
        try:
            async with asyncio.timeout(self._pace.close_s):
                await self._ended.wait()
        except TimeoutError:
            log.error("%s: the device does not let go", self._name)

    def from_thread(self, act: Callable[..., None]) -> Callable[..., None]:
        """The same for other threads: it happens in the loop, unless the device was closed meanwhile."""

        def in_loop(*args: object) -> None:
            if not self._is_closed:
                act(*args)

        def call(*args: object) -> None:
            self._soon(in_loop, *args)

        return call

    def _from_end(self) -> None:
        self._soon(self._ended.set)

    def _soon(self, act: Callable[..., None], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(act, *args)
        except RuntimeError:
            # A hanging device that comes back after the loop has ended finds nobody.
            log.debug("%s: nobody listens any more", self._name)

    def _says(self, status: DeviceStatus) -> None:
        self._has_spoken = True
        self._tell(status)

    def _opened(self) -> None:
        if not self._has_spoken:
            self._tell(DeviceStatus(DeviceState.UNKNOWN))

    def _failed(self, error: DeviceError) -> None:
        self._has_spoken = False
        self._tell(status_of_error(error))

    def _tell(self, status: DeviceStatus) -> None:
        if not status.says_the_same(self._told):
            self._told = status
            self._on_status(self._name, status)
        self._on_change(status.state not in _DOWN)

"""The rating desk: every window's pad, asked at 办结 and taken only from the citizen's hand.

It follows the hall as the keeper pushes it: an open rating session at a window lights that window's
pad; one press goes to the keeper; only the keeper's answer is thanked for. It holds no state that
matters: started anew at any moment, it asks where a session is open and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from halldrivers.check import Checker, CheckLevel, Tell
from hallevaluator.delivery import Delivery, Sleep
from hallevaluator.desk_state import Asked, DeskState
from hallevaluator.following import follow_hall
from hallevaluator.keymap import FOUR_BUTTONS, KeyMap
from hallevaluator.pads import OpenPad, Pad
from hallevaluator.window import DeskTimes, WindowAtWork
from hallqueue.clock import Clock
from hallqueue.service import ATTEND_EVERY_S, HallService
from hallqueue.states import RatingState
from hallqueue.views import HallSnapshot, RatingView

LEND_S = 15.0
"""How long a health check waits for the desk to give its pad away: longer than a pad takes to close."""

log = logging.getLogger(__name__)


class RatingDesk:
    """The desks of all windows that have a pad.

    ``clock`` is the wall clock that the keeper's deadlines are on; ``seconds`` only rises and is what
    the desk waits by, so a clock that is set does not end a citizen's time to answer. ``token`` makes
    the part of the idempotency keys that is new with each start.
    """

    def __init__(
        self,
        service: HallService,
        pads: Mapping[int, OpenPad],
        key_map: KeyMap = FOUR_BUTTONS,
        *,
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
        times: DeskTimes | None = None,
        token: Callable[[], str] = secrets.token_hex,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._service, self._pads, self._key_map = service, pads, key_map
        self._clock, self._seconds, self._times = clock, seconds, times or DeskTimes()
        self._token, self._sleep = token, sleep
        self._windows: dict[int, WindowAtWork] = {}

    def state(self, window: int) -> DeskState:
        """What the desk of a window is doing; FAULTY while the desk does not run."""
        at_work = self._windows.get(window)
        return at_work.state if at_work is not None else DeskState.FAULTY

    def checker(self, window: int, checker: Checker) -> Checker:
        """A window's health check for somebody in another thread: its pad is given away for the time of it.

        To be called in the desk's event loop. Before the desk runs nobody has the pad, and the check goes
        its way at once.
        """
        loop = asyncio.get_running_loop()

        async def lend() -> None:
            at_work = self._windows.get(window)
            pad = at_work.lend() if at_work is not None else None
            if pad is not None:
                await asyncio.to_thread(pad.close)

        async def take_back() -> None:
            if window in self._windows:
                self._windows[window].take_back()

        def check(level: CheckLevel, tell: Tell) -> None:
            if level is CheckLevel.INTERNAL:
                checker(level, tell)
                return
            asyncio.run_coroutine_threadsafe(lend(), loop).result(LEND_S)
            try:
                checker(level, tell)
            finally:
                asyncio.run_coroutine_threadsafe(take_back(), loop).result(LEND_S)

        return check

    async def run(self) -> None:
        """Work until cancelled. Raises a Refused when the keeper will not have this peer as a desk.

        Cancelled while a press is on its way, it may leave it unrecorded; the session is open then, and
        the next start asks again.
        """
        try:
            async with asyncio.TaskGroup() as group:
                await self._work(group)
        except BaseExceptionGroup as errors:
            if len(errors.exceptions) == 1:
                raise errors.exceptions[0] from None
            raise

    async def _work(self, group: asyncio.TaskGroup) -> None:
        boot = self._token()
        try:
            for window, open_pad in self._pads.items():
                self._windows[window] = WindowAtWork(
                    open_pad,
                    self._key_map,
                    Delivery(self._service, window, boot=boot, sleep=self._sleep),
                    seconds=self._seconds,
                    times=self._times,
                    spawn=group.create_task,
                )
                self._windows[window].begin()
            group.create_task(self._attend())
            await follow_hall(self._service, self._saw, "the rating desk", sleep=self._sleep)
        finally:
            pads = [pad for at_work in self._windows.values() if (pad := at_work.end()) is not None]
            self._windows.clear()
            _close_all(pads)

    async def _attend(self) -> None:
        while True:
            await asyncio.sleep(ATTEND_EVERY_S)
            for at_work in tuple(self._windows.values()):
                await at_work.attend()

    def _saw(self, hall: HallSnapshot) -> None:
        for window in hall.windows:
            at_work = self._windows.get(window.number)
            if at_work is not None:
                at_work.saw(self._asked(window.rating))

    def _asked(self, rating: RatingView | None) -> Asked | None:
        if rating is None or rating.state is not RatingState.OPEN:
            return None
        left_s = (rating.until_ms - self._clock.now_ms()) / 1000
        return Asked(rating.matter, self._seconds() + left_s)


def _close_all(pads: Sequence[Pad]) -> None:
    """Close pads all at once, so that one that hangs delays none."""
    if pads:
        with ThreadPoolExecutor(len(pads), "close-pads") as pool:
            list(pool.map(lambda pad: pad.close(), pads))

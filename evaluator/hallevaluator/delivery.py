"""How what the desk says reaches the keeper while the keeper comes and goes.

A press is repeated under the same key, so it rates once however often it is sent. Between two tries
the desk looks at the hall: only while the very session is still open may the press be sent again, or
it would rate the next citizen's matter. A stray press is sent once and never repeated, for the same
reason.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count

from halldrivers.status import MOST_TEXT, DeviceStatus
from hallevaluator.desk_state import Answer, SendPress, SendTimeout
from hallqueue.errors import HallError, Trouble
from hallqueue.service import HallService
from hallqueue.states import Level, RatingState
from hallqueue.views import RatingView

KIND = "rating-pad"
"""The kind of device under which pads are reported."""

Sleep = Callable[[float], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """The state of a pad as the keeper records it, and what it has counted."""

    status: DeviceStatus
    counters: str = ""


def waits() -> Iterator[float]:
    """Seconds between tries: soon at first, then every two seconds."""
    for n in count():
        yield min(2.0, 0.1 * 2.0**n) if n < 5 else 2.0


class Delivery:
    """Sends for one window. ``boot`` is unguessable and new with each start, so keys never repeat."""

    def __init__(self, service: HallService, window: int, *, boot: str, sleep: Sleep = asyncio.sleep) -> None:
        self._service, self._window, self._boot, self._sleep = service, window, boot, sleep
        self._device = f"pad-{window}"
        self._numbers = count(1)
        self._report: Report | None = None
        self._reporting = False

    @property
    def device(self) -> str:
        """The name under which the pad is reported."""
        return self._device

    def _key(self, what: str) -> str:
        return f"{what}:{self._window}:{self._boot}:{next(self._numbers)}"

    async def press(self, sent: SendPress, level: Level) -> Answer:
        """Tell of a press and say what became of it; returns only when that is known."""
        key = self._key("press")
        pauses, loudness = waits(), logging.WARNING
        while True:
            try:
                pressed = await self._service.press(
                    self._window,
                    key=key,
                    level=level,
                    raw_key=sent.raw_key,
                    device=self._device,
                    matter=sent.matter,
                )
            except Trouble as trouble:
                log.log(loudness, "pad %s: a press is not recorded yet: %s", self._device, trouble)
                loudness = logging.DEBUG
            except HallError as refusal:
                log.error("pad %s: a press was refused: %s", self._device, refusal)
                return Answer(0, over=False)
            else:
                return Answer(pressed.rating.matter if pressed.rated and pressed.rating else 0)
            if not sent.matter:
                return Answer(0)
            await self._sleep(next(pauses))
            rating = await self._standing(pauses)
            if rating is None or rating.matter != sent.matter or rating.state is RatingState.UNRATED:
                log.warning("pad %s: the session ended before the press was recorded", self._device)
                return Answer(0)
            if rating.state is RatingState.RATED:
                return Answer(sent.matter)

    async def timeout(self, sent: SendTimeout) -> None:
        """Tell that nobody pressed, until the keeper knows or has ended the session itself."""
        key = self._key(f"timeout:{sent.matter}")
        pauses, loudness = waits(), logging.WARNING
        while True:
            try:
                await self._service.rating_timeout(sent.matter, key=key)
                return
            except Trouble as trouble:
                log.log(loudness, "pad %s: a timeout is not recorded yet: %s", self._device, trouble)
                loudness = logging.DEBUG
            except HallError as refusal:
                log.error("pad %s: a timeout was refused: %s", self._device, refusal)
                return
            await self._sleep(next(pauses))
            rating = await self._standing(pauses)
            if rating is None or rating.matter != sent.matter or rating.state is not RatingState.OPEN:
                return

    async def report(self, report: Report) -> None:
        """Tell the state of the pad; while the keeper is away only the newest one is kept."""
        self._report = report
        if self._reporting:
            return
        self._reporting = True
        try:
            await self._report_newest()
        finally:
            self._reporting = False

    async def attend(self, report: Report) -> None:
        """Say that the pad is still held; what the record has wrong is told again."""
        if self._reporting:
            return
        status = report.status
        try:
            is_known = await self._service.attend_device(
                self._device, state=status.state.value, code=status.code
            )
        except Trouble:
            return  # the keeper is away
        except HallError as refusal:
            log.warning("pad %s: %s", self._device, refusal)
            return
        if not is_known and not self._reporting:
            await self.report(report)

    async def _report_newest(self) -> None:
        pauses, loudness = waits(), logging.WARNING
        while (report := self._report) is not None:
            try:
                await self._report_once(report)
            except Trouble as trouble:
                log.log(loudness, "pad %s: its state is not recorded yet: %s", self._device, trouble)
                loudness = logging.DEBUG
                await self._sleep(next(pauses))
                continue
            except HallError as refusal:
                log.error("pad %s: its state was refused: %s", self._device, refusal)
            if self._report is report:
                self._report = None

    async def _report_once(self, report: Report) -> None:
        await self._service.report_device(
            self._device,
            key=self._key("report"),
            kind=KIND,
            **report.status.words(),
            counters=report.counters[:MOST_TEXT],
        )

    async def _standing(self, pauses: Iterator[float]) -> RatingView | None:
        """The window's open or last session as the keeper has it now; waits for the keeper."""
        while True:
            try:
                hall = await self._service.snapshot()
            except Trouble:
                await self._sleep(next(pauses))
                continue
            return next((w.rating for w in hall.windows if w.number == self._window), None)

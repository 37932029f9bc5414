"""One window's desk at work: the rules of :mod:`.desk_state` on a real pad, clock and keeper.

Everything here runs in the event loop's thread; a pad's callbacks come from its own thread and are
handed over with ``call_soon_threadsafe``. Nothing waits: what takes time is a task, and its end is
one more event for the rules.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from halldrivers.check import LENT
from halldrivers.errors import DeviceError, DeviceState
from halldrivers.ratingpad.telling import PadTrouble, RawPress
from halldrivers.status import DeviceStatus, status_of_error
from hallevaluator.delivery import Delivery, Report
from hallevaluator.desk_state import (
    STRAY_GAP_S,
    THANK_S,
    Act,
    Action,
    Asked,
    DeskState,
    Lamps,
    SendPress,
    SendTimeout,
    WindowDesk,
)
from hallevaluator.keymap import KeyMap
from hallevaluator.pads import OpenPad, Pad

Spawn = Callable[[Coroutine[Any, Any, None]], object]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeskTimes:
    """Times of the desk in seconds of the hall's clock."""

    thank_s: float = THANK_S
    stray_gap_s: float = STRAY_GAP_S
    reopen_s: float = 2.0
    """Between two tries to open a pad that failed."""
    count_s: float = 3600.0
    """Between two reports of what a pad has counted, where it counted anything."""
    pace: float = 1.0
    """Seconds of the hall's clock in one real second; a demonstration may run faster."""


class WindowAtWork:
    """The desk of one window; :meth:`begin` it and :meth:`end` it.

    Closing a pad takes a moment (its last word, its thread), so whoever ends or borrows closes it, elsewhere
    than in the event loop while other windows are at work.
    """

    def __init__(
        self,
        open_pad: OpenPad,
        key_map: KeyMap,
        delivery: Delivery,
        *,
        seconds: Callable[[], float],
        times: DeskTimes,
        spawn: Spawn,
    ) -> None:
        self._open_pad, self._key_map, self._delivery = open_pad, key_map, delivery
        self._seconds, self._times, self._spawn = seconds, times, spawn
        self._loop = asyncio.get_running_loop()
        self._desk = WindowDesk(thank_s=times.thank_s, stray_gap_s=times.stray_gap_s)
        self._pad: Pad | None = None
        self._arming = 0
        """The number under which the pad asks; 0 while it does not."""
        self._reported: Report | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reopen: asyncio.TimerHandle | None = None
        self._count: asyncio.TimerHandle | None = None
        self._closed = self._is_lent = False

    @property
    def state(self) -> DeskState:
        """What the desk is doing."""
        return self._desk.state

    def begin(self) -> None:
        """Open the pad, now or as soon as it is there."""
        if self._closed or self._is_lent:
            return
        try:
            self._pad = self._open_pad(on_press=self._from_pad_press, on_trouble=self._from_pad_trouble)
        except DeviceError as error:
            self._fail(status_of_error(error))
            return
        self._count = self._loop.call_later(self._times.count_s / self._times.pace, self._tell_counts)
        if self._pad.is_up:
            self._back(DeviceStatus(DeviceState.ONLINE))

    def end(self) -> Pad | None:
        """No more timers and tasks; the pad, to be closed. Again is harmless."""
        self._closed = True
        for timer in (self._timer, self._reopen):
            if timer is not None:
                timer.cancel()
        return self._let_go()

    def lend(self) -> Pad | None:
        """Make way for a technician's check until :meth:`take_back`; the pad, to be closed."""
        self._is_lent = True
        pad = self._let_go()
        self._tell(LENT)
        self._act(self._desk.pad_lost(self._seconds()))
        return pad

    def take_back(self) -> None:
        """Work with the pad again."""
        self._is_lent = False
        self.begin()

    async def attend(self) -> None:
        """Say that this desk still holds its pad."""
        if self._reported is not None:
            await self._delivery.attend(self._reported)

    def saw(self, asked: Asked | None) -> None:
        """The keeper's picture of this window."""
        self._act(self._desk.saw(asked, self._seconds()))

    def _from_pad_press(self, press: RawPress) -> None:
        self._loop.call_soon_threadsafe(self._pressed, press)

    def _from_pad_trouble(self, trouble: PadTrouble | None) -> None:
        self._loop.call_soon_threadsafe(self._troubled, trouble)

    def _pressed(self, press: RawPress) -> None:
        if self._closed:
            return
        if self._key_map.level(press.key) is None:
            log.warning("pad %s: key %s means nothing", self._delivery.device, press.key)
            return
        is_answer = press.arming != 0 and press.arming == self._arming
        self._act(self._desk.pressed(press.key, self._seconds(), is_answer=is_answer))

    def _troubled(self, trouble: PadTrouble | None) -> None:
        if self._closed or self._pad is None:
            return
        if trouble is None:
            self._back(DeviceStatus(DeviceState.ONLINE))
        elif trouble.usable:
            self._back(trouble.status)
        elif trouble.heals:
            self._lose(trouble.status)
        else:
            self._fail(trouble.status)

    def _back(self, status: DeviceStatus) -> None:
        """The pad works, all of it or enough of it."""
        self._tell(status)
        self._act(self._desk.pad_back(self._seconds()))

    def _lose(self, status: DeviceStatus) -> None:
        """The pad does not work now."""
        self._arming = 0
        self._tell(status)
        self._act(self._desk.pad_lost(self._seconds()))

    def _fail(self, status: DeviceStatus) -> None:
        """The pad is no use: report it, and try again later."""
        if (pad := self._let_go()) is not None:
            pad.close()
        self._lose(status)
        self._reopen = self._loop.call_later(self._times.reopen_s / self._times.pace, self.begin)

    def _let_go(self) -> Pad | None:
        if self._count is not None:
            self._count.cancel()
        pad, self._pad, self._arming = self._pad, None, 0
        return pad

    def _tell(self, status: DeviceStatus) -> None:
        if self._reported is not None and status.says_the_same(self._reported.status):
            return
        if status.fault is not None:
            log.error("pad %s: %s %s", self._delivery.device, status.code, status.fault.what_en)
        else:
            log.info("pad %s is %s", self._delivery.device, status.state)
        self._report(Report(status, self._counters()))

    def _tell_counts(self) -> None:
        """Report again when something was counted since."""
        self._count = self._loop.call_later(self._times.count_s / self._times.pace, self._tell_counts)
        counters = self._counters()
        if self._reported is not None and counters != self._reported.counters:
            self._report(Report(self._reported.status, counters))

    def _counters(self) -> str:
        return self._pad.counters.text() if self._pad is not None else ""

    def _report(self, report: Report) -> None:
        self._reported = report
        self._spawn(self._delivery.report(report))

    def _act(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Lamps():
                    self._shine(action)
                case SendPress():
                    self._spawn(self._send(action))
                case SendTimeout():
                    self._spawn(self._delivery.timeout(action))
        self._set_timer()

    def _shine(self, lamps: Lamps) -> None:
        if self._pad is None:
            return
        self._arming = self._pad.arm() if lamps.act is Act.ARM else 0
        match lamps.act:
            case Act.ARM:
                pass
            case Act.HEAR:
                self._pad.hear(lamps.raw_key)
            case Act.THANK:
                self._pad.thank(lamps.raw_key)
            case _:
                self._pad.idle()

    async def _send(self, press: SendPress) -> None:
        level = self._key_map.level(press.raw_key)
        if level is None:
            raise ValueError(f"key {press.raw_key} was checked before it was taken")
        answer = await self._delivery.press(press, level)
        if not self._closed:
            self._act(self._desk.answered(press, answer, self._seconds()))

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_s = self._desk.due_s
        if due_s is not None and not self._closed:
            delay_s = max(0.0, due_s - self._seconds()) / self._times.pace
            self._timer = self._loop.call_later(delay_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._act(self._desk.tick(self._seconds()))

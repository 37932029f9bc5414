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

from halldrivers.errors import DeviceError, DeviceState
from halldrivers.ratingpad.pad import PadTrouble, RawPress
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
    pace: float = 1.0
    """Seconds of the hall's clock in one real second; a demonstration may run faster."""


class WindowAtWork:
    """The desk of one window; :meth:`begin` it and :meth:`close` it."""

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
        self._reported: Report | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reopen: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def state(self) -> DeskState:
        """What the desk is doing."""
        return self._desk.state

    def begin(self) -> None:
        """Open the pad, now or as soon as it is there."""
        if self._closed:
            return
        try:
            self._pad = self._open_pad(on_press=self._from_pad_press, on_trouble=self._from_pad_trouble)
        except DeviceError as error:
            self._fail(error)
            return
        self._tell(Report(DeviceState.ONLINE))
        self._act(self._desk.pad_back(self._seconds()))

    def close(self) -> None:
        """Lamps off, pad given back, no more timers; again is harmless."""
        self._closed = True
        for timer in (self._timer, self._reopen):
            if timer is not None:
                timer.cancel()
        self._drop_pad()

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
        self._act(self._desk.pressed(press.key, self._seconds()))

    def _troubled(self, trouble: PadTrouble | None) -> None:
        if self._closed or self._pad is None:
            return
        if trouble is None:
            self._tell(Report(DeviceState.ONLINE))
        elif trouble.usable:
            self._tell(Report(DeviceState.FAULT, trouble.error))
        else:
            self._fail(trouble.error)

    def _fail(self, error: DeviceError) -> None:
        """The pad is no use: report it, and try again later."""
        self._drop_pad()
        self._tell(Report(DeviceState.FAULT, error))
        self._act(self._desk.pad_lost(self._seconds()))
        self._reopen = self._loop.call_later(self._times.reopen_s / self._times.pace, self.begin)

    def _drop_pad(self) -> None:
        if self._pad is not None:
            self._pad.close()
            self._pad = None

    def _tell(self, report: Report) -> None:
        if report.says_the_same(self._reported):
            return
        self._reported = report
        if report.error is not None:
            log.error("pad %s: %s", self._delivery.device, report.error)
        else:
            log.info("pad %s is %s", self._delivery.device, report.state)
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
        match lamps.act:
            case Act.ARM:
                self._pad.arm()
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

"""One window at work: the rules of :mod:`.desk` on a real keypad, clock and hall.

Everything here runs in the event loop's thread; what the keypad says comes from its own and is handed over.
Nothing waits: what takes time is a task, and its end is one more event for the rules.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from halldrivers.caller.keys import Key
from hallkiosk.caller.actions import Action, Beep, Failed, Send, Show
from hallkiosk.caller.counts import DeskCounters
from hallkiosk.caller.delivery import Delivery, waits
from hallkiosk.caller.desk import KeypadDesk
from hallkiosk.caller.devices import Caller, OnTrouble, OpenCaller
from hallkiosk.caller.held import HeldDevice, OnStatus
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.request import Seek
from hallkiosk.caller.states import DeskState
from hallqueue.errors import HallError
from hallqueue.views import HallSnapshot

Spawn = Callable[[Coroutine[Any, Any, None]], object]

log = logging.getLogger(__name__)


class KeypadStation:
    """The keypad of one window; :meth:`begin` it and :meth:`close` it."""

    def __init__(
        self,
        number: int,
        open_caller: OpenCaller,
        desk: KeypadDesk,
        delivery: Delivery,
        *,
        pace: CallerPace,
        clock: Callable[[], float],
        is_reachable: Callable[[], bool],
        counters: DeskCounters,
        on_status: OnStatus,
        spawn: Spawn,
    ) -> None:
        self._number, self._desk, self._delivery = number, desk, delivery
        self._open_caller, self._clock, self._spawn = open_caller, clock, spawn
        self._is_reachable, self._counters, self._pace = is_reachable, counters, pace
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._is_looking = self._is_closed = False
        self._device = HeldDevice(
            f"keypad-{number}", self._open, pace=pace, on_status=on_status, on_change=self._changed
        )

    @property
    def state(self) -> DeskState:
        """What the desk is doing."""
        return self._desk.state

    def begin(self) -> None:
        """Open the keypad and look at the hall."""
        self._device.begin()
        self._act([])

    async def close(self) -> None:
        """Give the keypad back; no more timers."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        await self._device.close()

    def saw(self, hall: HallSnapshot) -> None:
        """The hall as it is now."""
        self._act(self._desk.saw(hall, self._clock()))

    def unseen(self) -> None:
        """The hall is not seen any more."""
        self._act(self._desk.unseen(self._clock()))

    def _open(self, on_trouble: OnTrouble) -> Caller:
        return self._open_caller(on_key=self._device.from_thread(self._pressed), on_trouble=on_trouble)

    def _pressed(self, key: Key, at_s: float) -> None:
        now_s = self._clock()
        actions = [] if self._is_reachable() else self._desk.unseen(now_s)
        if now_s - at_s >= self._pace.late_s:
            actions += self._desk.too_late(now_s)
        else:
            actions += self._desk.pressed(key, now_s)
        self._act(actions)

    def _changed(self, is_usable: bool) -> None:
        change = self._desk.back if is_usable else self._desk.lost
        self._act(change(self._clock()))

    def _act(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Show():
                    self._show(action)
                case Beep():
                    self._device.do("beep", lambda caller: caller.beep())
                case Failed():
                    self._counters.failed(action.error)
                case Send():
                    self._spawn(self._deliver(action))
        if self._desk.is_blind and not self._is_looking and not self._is_closed:
            self._is_looking = True
            self._spawn(self._find_hall())
        self._set_timer()

    def _show(self, show: Show) -> None:
        picture = show.picture
        self._device.do("show", lambda caller: caller.show(picture.number, picture.waiting))

    async def _deliver(self, sent: Send) -> None:
        if isinstance(sent.what, Seek):
            found = await self._delivery.seek(sent.what)
            if not isinstance(found, HallError):
                self._act(self._desk.found(sent, found, self._clock()))
                return
            error: HallError | None = found
        else:
            error = await self._delivery.send(sent.what)
        hall = await self._delivery.look()
        self._act(self._desk.answered(sent, error, hall, self._clock()))

    async def _find_hall(self) -> None:
        """Look until the hall is seen, so that the desk comes back whatever was lost."""
        pauses = waits()
        while self._desk.is_blind:
            hall = await self._delivery.look()
            if hall is not None:
                self.saw(hall)
            if self._desk.is_blind:
                await asyncio.sleep(next(pauses))
        self._is_looking = False

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_s = self._desk.due_s
        if due_s is not None and not self._is_closed:
            self._timer = self._loop.call_later(max(0.0, due_s - self._clock()), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._act(self._desk.tick(self._clock()))

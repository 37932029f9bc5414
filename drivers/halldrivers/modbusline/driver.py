"""The work of one line, exchange by exchange: who sits on it, whose turn it is, what came of it.

Driven by the line's :class:`~halldrivers.worker.DeviceWorker`. Each unit has a status of its own: a lost
adapter takes all of them down once, a silent unit only itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import DeviceError, DeviceState, Fault, PortAbsent, PortGone
from halldrivers.modbusline.address import LineAddress
from halldrivers.modbusline.errors import LineAbsent, UnitGarbled, UnitRefused, UnitSilent, UnitTaken
from halldrivers.modbusline.plan import PollPlan, Rest, Turn
from halldrivers.modbusline.polled import Errand
from halldrivers.modbusline.unit import LineUnit, UnitWire
from halldrivers.status import DeviceStatus, Health
from halldrivers.transport import Transport

IDLE_S = 0.5
"""The longest rest of a line on which nothing is due."""


class _Seat:
    """A unit's place on the line, and what was last told about it."""

    def __init__(self, unit: LineUnit) -> None:
        self.unit = unit
        self.health = Health()
        self._told: DeviceStatus | None = None

    def say(self, word: DeviceStatus | None) -> None:
        """Tell the unit's owner, once."""
        if word is not None and not word.says_the_same(self._told):
            self._told = word
            self.unit.told(word)


class LineDriver:
    """The Driver of a line; units may come and go in any thread."""

    def __init__(
        self,
        address: LineAddress,
        wire: Transport | CountedTransport,
        counters: Counters,
        now_s: Callable[[], float],
    ) -> None:
        from halldrivers.modbusline.client import LineClient  # 0.1 s and 10 MB that only a line needs

        self._address, self._wire, self._now_s = address, wire, now_s
        self._client = LineClient(
            wire,
            address.name,
            framing=address.framing,
            gap_s=address.gap_s,
            counters=counters,
            now_s=now_s,
        )
        self._lock = threading.Lock()
        """Over plan and seats, never during an exchange or a callback."""
        self._plan = PollPlan()
        self._seats: dict[int, _Seat] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no unit is left."""
        with self._lock:
            return not self._seats

    def add(self, unit: LineUnit) -> None:
        """Begin to speak to a unit; UnitTaken when somebody has its number."""
        number = unit.address.unit
        with self._lock:
            if number in self._seats:
                raise UnitTaken(f"{self._address.name}#{number}")
            unit.forget()
            self._seats[number] = _Seat(unit)
            self._plan.add(number, unit.pace)

    def remove(self, unit: LineUnit) -> None:
        """Speak to it no more; again is harmless."""
        with self._lock:
            if self._seat_of(unit) is not None:
                del self._seats[unit.address.unit]
                self._plan.remove(unit.address.unit)

    def may_hear(self, unit: LineUnit) -> bool:
        """Whether the unit is here and, as far as is known, answers."""
        with self._lock:
            seat = self._seat_of(unit)
            return seat is not None and seat.health.status.state in (DeviceState.ONLINE, DeviceState.UNKNOWN)

    def farewell(self, unit: LineUnit) -> None:
        """The unit's last exchange; in the line's thread. No turn comes after it."""
        self.remove(unit)
        unit.farewell(self._wire_to(unit, unit.pace.timeout_s))

    def tell(self, status: DeviceStatus, unit: LineUnit | None = None) -> None:
        """Tell one unit, or all, about the line."""
        with self._lock:
            seats = [seat for seat in self._seats.values() if unit is None or seat.unit is unit]
        for seat in seats:
            seat.say(status)

    # --- in the line's thread ----------------------------------------------------------------------

    @property
    def warning(self) -> Fault | None:
        """A line has none of its own."""
        return None

    def open(self) -> None:
        """Take the adapter."""
        try:
            self._wire.open()
        except PortAbsent as error:
            raise LineAbsent(error.detail, error.detail_zh) from error
        with self._lock:
            self._plan.forget()
            for seat in self._seats.values():
                seat.health = Health()
                seat.unit.forget()

    def close(self) -> None:
        """Give the adapter back."""
        self._wire.close()

    def turn(self) -> float:
        """One exchange, or nothing for a while."""
        step = self._next(self._now_s())
        if isinstance(step, Rest):
            return step.seconds
        with self._lock:
            seat = self._seats.get(step.unit)
        if seat is not None:
            try:
                self._do(seat, step)
            except PortGone as error:
                raise LineAbsent(f"{self._address.name}: {error.detail}") from error
        return 0.0

    def _next(self, now_s: float) -> Turn | Rest:
        until_s = now_s + IDLE_S
        with self._lock:
            for number, seat in self._seats.items():
                unit = seat.unit
                self._plan.wants(number, keen=unit.is_keen(now_s), write=unit.wants_write(now_s), now_s=now_s)
                until_s = min(until_s, unit.next_change_s(now_s) or until_s)
            step = self._plan.next(now_s)
        return Rest(max(0.0, min(step.seconds, until_s - now_s))) if isinstance(step, Rest) else step

    def _do(self, seat: _Seat, step: Turn) -> None:
        unit, began_s = seat.unit, self._now_s()
        problem: UnitSilent | UnitGarbled | UnitRefused | None = None
        try:
            (unit.ask if step.errand is Errand.ASK else unit.write)(self._wire_to(unit, step.timeout_s))
        except UnitSilent as error:
            problem = error
            unit.counters.add("timeouts")
        except UnitGarbled as error:
            problem = error
            unit.counters.add("garbage")
        except UnitRefused as error:
            problem = error
        answered = problem is None or isinstance(problem, UnitRefused)
        with self._lock:
            self._plan.done(step, began_s=began_s, now_s=self._now_s(), answered=answered)
            if self._seats.get(step.unit) is not seat:
                return
            word = self._judged(seat, step, problem)
        seat.say(word)

    def _judged(self, seat: _Seat, step: Turn, problem: DeviceError | None) -> DeviceStatus | None:
        """What is to be told after a turn. Lamps that were written do not make up for refused keys."""
        if problem is None:
            return seat.health.well(seat.unit.warning) if step.errand is Errand.ASK else None
        word = seat.health.failed(problem)
        if word is not None:
            seat.unit.forget()
        return word

    def _seat_of(self, unit: LineUnit) -> _Seat | None:
        seat = self._seats.get(unit.address.unit)
        return seat if seat is not None and seat.unit is unit else None

    def _wire_to(self, unit: LineUnit, timeout_s: float) -> UnitWire:
        return UnitWire(self._client, unit.address.unit, timeout_s, unit.counters)

"""Who is spoken to next on one line, as pure code over time: no bytes, no threads, no clock.

A half-duplex line carries one exchange at a time, so every exchange is time taken from all others. Rules,
before the code:

1. A unit that answers reliably and has a bound is *trusted*: between two of its answers never lies more than
   its bound. What the others need in the next round is known (each one's own cost), and so is the *spare*
   time that may be spent on anything else without breaking that promise.
2. Everything else is an *errand* that spends spare time: writing lamps or digits, asking a pad sooner that
   waits for a press, asking a unit that missed. The errand that has been due longest goes first; while it
   does not fit yet, the trusted unit whose time runs out first is asked instead, which only wins time.
3. A unit that misses is not trusted before it has answered three times in a row again, so one that comes
   and goes costs errands, not rounds. After three misses it is *dead*: it is asked every two seconds, with
   no longer time-out than there is spare time.
4. What never fits (a line with too many units) is done all the same once it has waited for its patience,
   one errand a round, and with the shortest time-out that makes sense: a unit that came back and is slower
   than that is found as soon as no pad asks.
5. One trusted unit may fall silent within a round: its time-out is kept in reserve.
6. While the line is awake, units at rest that are nearly due are asked along: a processor that wakes once for
   six of them does half the work.

Times are seconds on one rising clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from halldrivers.modbusline.polled import Errand, Pace, PolledUnit, Wish

MARGIN_S = 0.001
"""What fits no better than this is as good as never fitting."""
AWAKE_S = 0.05
"""So long after a turn the line counts as awake."""
HASTE = 1.5
"""A trusted unit is given at least so many times what it usually takes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Do this now."""

    unit: int
    errand: Errand
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is due for so long."""

    seconds: float


class _Round(NamedTuple):
    """What the trusted units leave."""

    first: PolledUnit | None
    """The trusted unit whose time runs out first."""
    spare_s: float
    """Time for something else, now."""
    ceiling_s: float
    """The most spare time that there ever is while these units live."""
    reserve_s: float
    """For one of them that falls silent."""

    @property
    def began_s(self) -> float:
        """When that one answered last: whoever asks for a rating as it does has answered since."""
        return math.inf if self.first is None else self.first.heard_s


class PollPlan:
    """The plan of one line. Ask it for the :meth:`next` step, and tell it what came of that."""

    def __init__(self) -> None:
        self._units: dict[int, PolledUnit] = {}
        self._forced_s = -math.inf
        """When an errand was last done without spare time."""
        self._awake_s = -math.inf
        """When a turn last ended."""

    def add(self, number: int, pace: Pace) -> None:
        """A unit is on the line."""
        self._units[number] = PolledUnit(number, pace, cost_s=pace.cost_s)

    def remove(self, number: int) -> None:
        """It is not any more."""
        self._units.pop(number, None)

    def forget(self) -> None:
        """The line was lost: nothing is known of any unit."""
        for unit in self._units.values():
            unit.forget()

    def wants(self, number: int, *, keen: bool, write: bool, now_s: float) -> None:
        """What the unit's owner wants: ask it soon, write to it."""
        unit = self._units[number]
        unit.is_keen = keen
        if not write:
            unit.write_since_s = None
        elif unit.write_since_s is None:
            unit.write_since_s = now_s

    def done(self, turn: Turn, *, began_s: float, now_s: float, answered: bool) -> None:
        """What came of a turn."""
        self._awake_s = now_s
        unit = self._units.get(turn.unit)
        if unit is None:
            return
        unit.tried_s = now_s
        if turn.errand is Errand.WRITE:
            unit.write_since_s = None
        if not answered:
            unit.misses += 1
            unit.streak = 0
            return
        unit.misses = 0
        took_s = now_s - began_s
        # Soon up, slowly down: one quick answer does not make a slow unit quick. The first one only takes the
        # place of a guess.
        unit.cost_s = took_s if unit.is_unmeasured else max(took_s, 0.9 * unit.cost_s + 0.1 * took_s)
        unit.is_unmeasured = False
        if turn.errand is Errand.ASK:
            unit.heard_s = now_s
            unit.streak += 1

    def next(self, now_s: float) -> Turn | Rest:
        """What to do now."""
        round_ = self._round(now_s)
        wishes = sorted(self._wishes(), key=lambda wish: (wish.due_s, wish.unit.number))
        for wish in wishes:
            late_s = now_s - wish.due_s
            if late_s < 0:
                break
            if wish.unit is round_.first and wish.errand is Errand.ASK:
                return self._ask(round_)
            if wish.least_s > round_.ceiling_s - MARGIN_S:
                if late_s <= wish.patience_s or round_.began_s <= self._forced_s:
                    continue
                self._forced_s = now_s
                return Turn(wish.unit.number, wish.errand, wish.timeout_s(0.0))
            if wish.least_s > round_.spare_s:
                return self._ask(round_)
            return Turn(wish.unit.number, wish.errand, wish.timeout_s(round_.spare_s))
        if round_.spare_s <= 0:
            return self._ask(round_)
        if now_s - self._awake_s <= AWAKE_S:
            for wish in wishes:
                if wish.is_nearly_due(now_s) and wish.least_s <= round_.spare_s:
                    return Turn(wish.unit.number, wish.errand, wish.timeout_s(round_.spare_s))
        due_s = min((wish.due_s for wish in wishes if wish.due_s > now_s), default=math.inf)
        return Rest(min(due_s - now_s, round_.spare_s))

    def _ask(self, round_: _Round) -> Turn:
        unit = round_.first
        assert unit is not None, "time is short only where a unit is trusted"
        # Once the reserve is used up (several fell silent together), the others are not waited for long.
        left_s = unit.cost_s + round_.spare_s + round_.reserve_s
        timeout_s = min(unit.pace.timeout_s, max(HASTE * unit.cost_s, left_s))
        return Turn(unit.number, Errand.ASK, timeout_s)

    def _round(self, now_s: float) -> _Round:
        # In the order in which they would be asked if all of them asked for a rating now, as any of them may.
        trusted = sorted((u for u in self._units.values() if u.is_bound), key=lambda u: u.heard_s)
        if not trusted:
            return _Round(None, math.inf, math.inf, 0.0)
        first, soonest_s, least_bound_s = trusted[0], math.inf, math.inf
        whole_s, spare_s, reserve_s = 0.0, math.inf, -math.inf
        for unit in trusted:
            bound_s, cost_s = unit.bound_s, unit.cost_s
            latest_s = unit.heard_s + bound_s
            if latest_s < soonest_s:
                first, soonest_s = unit, latest_s
            whole_s += cost_s
            spare_s = min(spare_s, latest_s - whole_s)
            least_bound_s = min(least_bound_s, bound_s)
            reserve_s = max(reserve_s, unit.pace.timeout_s - cost_s)
        return _Round(first, spare_s - now_s - reserve_s, least_bound_s - whole_s - reserve_s, reserve_s)

    def _wishes(self) -> Iterator[Wish]:
        for unit in self._units.values():
            yield from unit.wishes()

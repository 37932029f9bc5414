"""One unit as the plan of its line knows it: how it wants to be treated, how it has answered, what is due.

Times are seconds on one rising clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MISSES = 3
"""Misses in a row after which a unit is dead."""
TRUST = 3
"""Answers in a row after a miss until a unit is trusted again."""
AGAIN_S = 0.1
"""Between two tries of a unit that missed and is not dead yet."""
DEAD_S = 2.0
"""Between two tries of a dead unit."""
CALM_BOUND = 1.2
"""How many times its calm pace a unit waits at most while nothing is expected of it."""
ALONG = 0.2
"""A unit at rest may be asked this share of its pace before its time, along with another."""
LEAST_OF_ANSWER = 0.4
"""A unit that missed is asked with at least this share of its usual time-out, or it could never answer."""
PATIENCE_S = {"write": 0.2, "doubtful": 3.0, "dead": 10.0}
"""How long past its time an errand waits for spare time that never comes."""


class Errand(StrEnum):
    """What is done with a unit."""

    ASK = "ask"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a unit wants to be treated, in seconds."""

    calm_s: float
    """Asked this often while nothing is expected of it."""
    keen_s: float
    """Asked this often, where there is time, while something is expected."""
    bound_s: float
    """Never longer between two answers while it lives and something is expected of it; infinite for one that
    can wait. While nothing is expected it is a fifth more than ``calm_s`` where that is longer."""
    timeout_s: float
    """The longest exchange with it, its answer included."""
    cost_s: float
    """The usual exchange with it, until one was measured."""


@dataclass(slots=True)
class PolledUnit:
    """A unit of the line."""

    number: int
    pace: Pace
    heard_s: float = -math.inf
    """When it answered last."""
    tried_s: float = -math.inf
    misses: int = 0
    streak: int = TRUST - 1
    """Answers in a row; the first answer of a new unit makes it trusted."""
    cost_s: float = 0.0
    is_unmeasured: bool = True
    """Whether ``cost_s`` is still the pace's guess."""
    is_keen: bool = False
    write_since_s: float | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was never asked."""
        return self.tried_s == -math.inf

    @property
    def is_dead(self) -> bool:
        """Whether it missed so often that little time is spent on it."""
        return self.misses >= MISSES

    @property
    def is_trusted(self) -> bool:
        """Whether it answers reliably."""
        return not self.misses and self.streak >= TRUST

    @property
    def is_bound(self) -> bool:
        """Whether the line has promised to ask it within its bound."""
        return self.is_trusted and self.pace.bound_s < math.inf

    @property
    def bound_s(self) -> float:
        """The line's promise as it is now."""
        is_calm = not self.is_keen and self.write_since_s is None
        return max(self.pace.bound_s, CALM_BOUND * self.pace.calm_s) if is_calm else self.pace.bound_s

    @property
    def due_s(self) -> float:
        """When it wants to be asked."""
        if self.is_dead:
            return self.tried_s + DEAD_S
        if not self.is_trusted:
            return self.tried_s + AGAIN_S
        return self.heard_s + (self.pace.keen_s if self.is_keen else self.pace.calm_s)

    def forget(self) -> None:
        """The line was lost: nothing is known of it but what its owner wants."""
        self.heard_s = self.tried_s = -math.inf
        self.misses, self.streak, self.cost_s = 0, TRUST - 1, self.pace.cost_s
        self.is_unmeasured = True

    def wishes(self) -> Iterator[Wish]:
        """What may be done with it beside the rounds."""
        yield self._ask_wish()
        if self.write_since_s is not None and self.is_trusted:
            yield Wish(self.write_since_s, self, Errand.WRITE, self.cost_s, PATIENCE_S["write"])

    def _ask_wish(self) -> Wish:
        if self.is_trusted:
            return Wish(self.due_s, self, Errand.ASK, self.cost_s, math.inf)
        timeout_s = self.pace.timeout_s
        if self.is_new:
            return Wish(self.due_s, self, Errand.ASK, timeout_s, 0.0)
        # A slow unit that fell silent was slow when it lived.
        least_s = min(timeout_s, max(LEAST_OF_ANSWER * timeout_s, 1.2 * self.cost_s))
        return Wish(self.due_s, self, Errand.ASK, least_s, PATIENCE_S["dead" if self.is_dead else "doubtful"])


class Wish(NamedTuple):
    """An errand that is due, what it takes at least, and how long it waits at most."""

    due_s: float
    unit: PolledUnit
    errand: Errand
    least_s: float
    """Spare time without which it is not begun."""
    patience_s: float

    def is_nearly_due(self, now_s: float) -> bool:
        """Whether a unit at rest may be asked along with others, before its time."""
        unit = self.unit
        return unit.is_bound and not unit.is_keen and self.due_s - now_s <= ALONG * unit.pace.calm_s

    def timeout_s(self, spare_s: float) -> float:
        """How long an answer is waited for."""
        whole_s = self.unit.pace.timeout_s
        return whole_s if self.unit.is_trusted else min(whole_s, max(self.least_s, spare_s))

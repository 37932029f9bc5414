"""What the lamps of a pad show, as a table.

Two flashes a second is the most that is ever shown (WCAG 2.3.1 allows three): a pad stands in front of
people of whom nobody asked whether flashing makes them ill. Before a press all lamps look alike, because
a lamp of its own would recommend a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class LampState(StrEnum):
    """What the pad tells the citizen."""

    IDLE = "idle"
    """Nothing is asked."""
    ARMED = "armed"
    """请评价: all keys invite alike, none is recommended."""
    HEARD = "heard"
    """The press arrived and is not yet recorded; visible only when the keeper is slow or away."""
    THANKS = "thanks"
    """谢谢: the rating is recorded; the pressed key stays lit."""


class Lit(StrEnum):
    """Which lamps are on during a frame."""

    NONE = "none"
    ALL = "all"
    CHOSEN = "chosen"
    """The lamp of the pressed key."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the lamps."""

    lit: Lit
    lasts_s: float = 0.0
    """0 is for good."""


PATTERNS: dict[LampState, tuple[Frame, ...]] = {
    LampState.IDLE: (Frame(Lit.NONE),),
    LampState.ARMED: (Frame(Lit.ALL, 0.7), Frame(Lit.NONE, 0.3)),
    LampState.HEARD: (Frame(Lit.CHOSEN, 0.3), Frame(Lit.NONE, 0.2)),
    LampState.THANKS: (Frame(Lit.CHOSEN),),
}
"""The frames of each state, repeated until the state changes."""

CALM_PATTERNS: dict[LampState, tuple[Frame, ...]] = {
    **PATTERNS,
    LampState.ARMED: (Frame(Lit.ALL, 1.4), Frame(Lit.NONE, 0.6)),
    LampState.HEARD: (Frame(Lit.CHOSEN, 0.6), Frame(Lit.NONE, 0.4)),
}
"""The same for lamps at the end of a shared line, where each change takes time from the keys of all pads."""


def lit_lamps(lit: Lit, lamps: int, chosen: int | None) -> tuple[bool, ...]:
    """On or off for each of ``lamps`` lamps; ``chosen`` is the index of the pressed key, None for none."""
    match lit:
        case Lit.ALL:
            return (True,) * lamps
        case Lit.CHOSEN:
            return tuple(index == chosen for index in range(lamps))
        case Lit.NONE:
            return (False,) * lamps


class LampShow:
    """The frame that is due now. Pure: time is passed in."""

    def __init__(self, lamps: int, patterns: Mapping[LampState, tuple[Frame, ...]] = PATTERNS) -> None:
        self._lamps, self._patterns = lamps, patterns
        self._state = LampState.IDLE
        self._chosen: int | None = None
        self._since_s = 0.0
        self._steady = self._without_rhythm()

    @property
    def state(self) -> LampState:
        """What is being shown."""
        return self._state

    def show(self, state: LampState, now_s: float, chosen: int | None = None) -> None:
        """Begin a state; asking for the state that is shown already does not restart its rhythm."""
        if (state, chosen) != (self._state, self._chosen):
            self._state, self._chosen, self._since_s = state, chosen, now_s
            self._steady = self._without_rhythm()

    def at(self, now_s: float) -> tuple[tuple[bool, ...], float | None]:
        """The lamps at this moment, and when they change next (None: they stay)."""
        if self._steady is not None:
            return self._steady, None
        frames = self._patterns[self._state]
        period = sum(frame.lasts_s for frame in frames)
        begun = self._since_s + max(0.0, now_s - self._since_s) // period * period
        for frame in frames:
            begun += frame.lasts_s
            if now_s < begun:
                return lit_lamps(frame.lit, self._lamps, self._chosen), begun
        return lit_lamps(frames[0].lit, self._lamps, self._chosen), begun + frames[0].lasts_s

    def _without_rhythm(self) -> tuple[bool, ...] | None:
        """The lamps of a state that does not change, worked out once: a line asks for them all the time."""
        frames = self._patterns[self._state]
        if any(frame.lasts_s for frame in frames):
            return None
        return lit_lamps(frames[0].lit, self._lamps, self._chosen)

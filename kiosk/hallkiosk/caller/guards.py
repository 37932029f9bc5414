"""What keeps a slip of the hand from acting on another person: rests of keys, and presses that repeat."""

from __future__ import annotations

from halldrivers.caller.keys import Key
from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.pace import CallerPace

_NEVER = float("-inf")
_PRIMARY = frozenset({Meaning.STEP, Meaning.CALL})
"""Meanings that can come to call the next person."""


class Guards:
    """The rests of one keypad. Times are seconds on one rising clock."""

    def __init__(self, pace: CallerPace) -> None:
        self._pace = pace
        self._primary_until_s = self._all_until_s = _NEVER
        self._last: tuple[Key, float] | None = None

    def step_changed(self, now_s: float) -> None:
        """The primary key came to mean something else, and rests."""
        self._primary_until_s = now_s + self._pace.guard_s

    def rest(self, now_s: float) -> None:
        """Every verb rests: the key that comes now may be meant for what was forgotten."""
        self._all_until_s = now_s + self._pace.guard_s

    def is_at_rest(self, now_s: float) -> bool:
        """Whether every verb rests."""
        return now_s < self._all_until_s

    def holds_back(self, meaning: Meaning, now_s: float) -> bool:
        """Whether this verb rests, pressed alone."""
        return self.is_at_rest(now_s) or (meaning in _PRIMARY and now_s < self._primary_until_s)

    def is_repeated(self, key: Key, now_s: float) -> bool:
        """Whether a verb key was held or bounced; each repetition puts the end of its time off."""
        last, self._last = self._last, (key, now_s)
        if last is None or key.digit is not None or key is Key.LOST:
            return False
        return last[0] is key and now_s - last[1] < self._pace.repeat_s

"""From bouncing edges to presses, as pure code over (seconds, level): no pins, no clock, no threads.

Rules, before the code:

1. A key is *down* once it has been pressed without a break for ``press_s``; a shorter touch or a
   spike on the wire is nothing. It is *up* again once it has been released without a break for
   ``release_s``, so the bounces of letting go are no second press.
2. A press is reported once, when the key goes down. How long it is held does not matter.
3. One hand, one press: while any key is down, the others are deaf, and a key that went down while
   another one was down stays deaf until it has been up. Of keys pressed together the first that is
   stable counts; of two that become stable at the same instant, the one that was touched first, then
   the lower one.
4. A key that is down for ``stuck_s`` is stuck (a coin in the slot, a broken spring): it no longer
   makes the others deaf, and it is heard again after it has been up.

gpiozero's own ``bounce_time`` is not used: its mock pins ignore it, and its software debounce drops
edges (upstream 550, 1039).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PRESS_S = 0.008
"""Seconds of steady contact that make a press: contacts of small buttons settle within 5 ms and a finger
stays for 50 ms and more (from memory; ``stable_ms`` in the pad's URL changes it)."""
RELEASE_S = 0.080
"""Seconds of steady release that end a press; nobody presses one key twice as fast, and worn contacts
bounce for tens of milliseconds."""
STUCK_S = 20.0
"""Seconds down after which a key counts as stuck."""


class KeyState(StrEnum):
    """What the debouncer believes of one key."""

    UP = "up"
    TOUCHED = "touched"
    """Pressed, not yet long enough."""
    DOWN = "down"
    LEAVING = "leaving"
    """Released, not yet long enough."""
    STUCK = "stuck"
    FREEING = "freeing"
    """A stuck key released, not yet long enough."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long a level must hold before it is believed, in seconds."""

    press_s: float = PRESS_S
    release_s: float = RELEASE_S
    stuck_s: float = STUCK_S

    def __post_init__(self) -> None:
        if not 0 < self.press_s < self.stuck_s or not 0 < self.release_s:
            raise ValueError(f"debounce times must be positive and press_s below stuck_s: {self}")


@dataclass(frozen=True, slots=True)
class Press:
    """A key went down: one press of one hand."""

    key: int
    """Index from 0."""
    at_s: float
    """When it was believed, not when it was touched."""


_K = KeyState

ON_EDGE: dict[tuple[KeyState, bool], KeyState] = {
    (_K.UP, True): _K.TOUCHED,
    (_K.TOUCHED, False): _K.UP,
    (_K.DOWN, False): _K.LEAVING,
    (_K.LEAVING, True): _K.DOWN,
    (_K.STUCK, False): _K.FREEING,
    (_K.FREEING, True): _K.STUCK,
}
"""What an edge (True is pressed) does; an edge that is not listed repeats what is known already."""

ON_TIME: dict[KeyState, KeyState] = {
    _K.TOUCHED: _K.DOWN,
    _K.DOWN: _K.STUCK,
    _K.LEAVING: _K.UP,
    _K.FREEING: _K.UP,
}
"""What the passing of its time does to a state; ``UP`` and ``STUCK`` may last for ever."""

HELD = frozenset({_K.DOWN, _K.LEAVING})
"""States in which a key makes the others deaf."""
TOUCHING = frozenset({_K.TOUCHED, _K.DOWN, _K.STUCK})
"""States in which the contact is believed closed at this moment."""


class _Key:
    __slots__ = ("down_s", "entered_s", "state", "times")

    def __init__(self, times: Times, pressed: bool) -> None:
        self.times = times
        self.state = _K.DOWN if pressed else _K.UP
        self.entered_s = 0.0
        self.down_s = 0.0

    def due_s(self) -> float | None:
        match self.state:
            case _K.TOUCHED:
                return self.entered_s + self.times.press_s
            case _K.LEAVING | _K.FREEING:
                return self.entered_s + self.times.release_s
            case _K.DOWN:
                return self.down_s + self.times.stuck_s
            case _K.UP | _K.STUCK:
                return None

    def enter(self, state: KeyState, at_s: float) -> None:
        if state is _K.DOWN and self.state is _K.TOUCHED:
            self.down_s = at_s
        self.state, self.entered_s = state, at_s


class Debouncer:
    """The keys of one pad. Feed it edges in the order of time; ask it again at :attr:`due_s`.

    ``held`` lists keys that are closed at the start: somebody leans on them, they are no press.
    """

    def __init__(
        self, keys: int, times: Times | None = None, *, at_s: float = 0.0, held: Sequence[int] = ()
    ) -> None:
        self.times = times or Times()
        self._keys = [_Key(self.times, index in held) for index in range(keys)]
        self._now_s = at_s
        for key in self._keys:
            key.entered_s = key.down_s = at_s

    @property
    def due_s(self) -> float | None:
        """When :meth:`settle` has something to do; None while nothing is moving."""
        dues = [due for key in self._keys if (due := key.due_s()) is not None]
        return min(dues, default=None)

    @property
    def stuck(self) -> tuple[int, ...]:
        """Indices of the keys that count as stuck."""
        return tuple(i for i, key in enumerate(self._keys) if key.state in (_K.STUCK, _K.FREEING))

    @property
    def quiet(self) -> bool:
        """Whether every key is up."""
        return all(key.state is _K.UP for key in self._keys)

    def is_touching(self, key: int) -> bool:
        """Whether the last edge of the key was a press."""
        return self._keys[key].state in TOUCHING

    def feed(self, at_s: float, key: int, pressed: bool) -> list[Press]:
        """An edge of a key; the presses that were due by then or come from it.

        A time before the last one is taken as the last one: two threads may deliver two edges the
        wrong way round by microseconds.
        """
        presses = self.settle(at_s)
        entry = self._keys[key]
        following = ON_EDGE.get((entry.state, pressed))
        if following is not None:
            entry.enter(following, self._now_s)
        return presses

    def settle(self, at_s: float) -> list[Press]:
        """Let time pass until ``at_s``; the presses that this makes, in their order."""
        self._now_s = max(at_s, self._now_s)
        presses: list[Press] = []
        while (due := self.due_s) is not None and due <= self._now_s:
            index = self._next(due)
            entry = self._keys[index]
            following = ON_TIME[entry.state]
            if following is _K.DOWN and not any(key.state in HELD for key in self._keys):
                presses.append(Press(index, due))
            entry.enter(following, due)
        return presses

    def _next(self, due: float) -> int:
        """Which of the keys due at this instant goes first: releases last, then by touch, then by index."""
        at_due = [i for i, key in enumerate(self._keys) if key.due_s() == due]
        return min(at_due, key=lambda i: (self._keys[i].state is not _K.TOUCHED, self._keys[i].entered_s, i))

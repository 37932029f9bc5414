"""From polled inputs to presses, as pure code over samples: no line, no clock.

A poll comes every 50 to 300 ms, which is slower than any bounce, so a sample is believed as it is. The same
rules fit contacts as they are and boards that keep a press until they were read:

1. A key is pressed when it is down in a sample and was up in the one before.
2. The first sample, and the first after the pad was away, only says what is down already: nobody saw it
   pressed.
3. Of keys that go down within one sample none counts: nobody can tell which was first, and to guess would
   rate on the citizen's behalf.
4. While a key is held the others are deaf, and one that went down meanwhile stays deaf until it was up.
5. A key that is down for ``stuck_s`` is stuck: it makes the others deaf no longer, and is heard again after
   it was up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from halldrivers.ratingpad.debounce import STUCK_S


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one sample means."""

    press: int | None = None
    """The index of the key that was pressed."""
    unclear: int = 0
    """How many keys went down without a press: together, while another was held, or unseen."""


class SampledKeys:
    """The keys of one pad; feed it samples in the order of time."""

    def __init__(self, keys: int, *, stuck_s: float = STUCK_S) -> None:
        self._stuck_s = stuck_s
        self._down_since: list[float | None] = [None] * keys
        self._is_fresh = True
        self._now_s = 0.0

    def forget(self) -> None:
        """The pad was away: the next sample is the first."""
        self._is_fresh = True

    @property
    def stuck(self) -> tuple[int, ...]:
        """Indices of the keys that count as stuck."""
        return tuple(index for index in range(len(self._down_since)) if self._is_stuck(index))

    def sample(self, at_s: float, down: Sequence[bool]) -> Sampled:
        """One look at all keys."""
        self._now_s = at_s
        is_held = any(
            since is not None and down[index] and not self._is_stuck(index)
            for index, since in enumerate(self._down_since)
        )
        fresh = [index for index, is_down in enumerate(down) if is_down and self._down_since[index] is None]
        for index, is_down in enumerate(down):
            if not is_down:
                self._down_since[index] = None
            elif index in fresh:
                self._down_since[index] = at_s
        is_first, self._is_fresh = self._is_fresh, False
        if len(fresh) != 1 or is_held or is_first:
            return Sampled(unclear=len(fresh))
        return Sampled(press=fresh[0])

    def _is_stuck(self, index: int) -> bool:
        since = self._down_since[index]
        return since is not None and self._now_s - since >= self._stuck_s

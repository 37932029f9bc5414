"""What of the codes goes on: a scanner in continuous mode reads the same paper again and again.

The same code is one read until it has not been seen for ``same_s``: a paper that lies under the scanner for
an hour is read once. Beside that at most ``most_a_second`` go on, whatever they are: nobody holds more papers
before a scanner in a second, and a scanner gone mad must not keep the terminal busy.
"""

from __future__ import annotations

from collections import OrderedDict, deque

SAME_S = 1.5
MOST_A_SECOND = 5
_REMEMBERED = 8


class Gate:
    """Decides for each code and each refusal; keeps no text for longer than ``same_s``."""

    def __init__(self, same_s: float = SAME_S, most_a_second: int = MOST_A_SECOND) -> None:
        self._same_s, self._most = same_s, most_a_second
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._passed: deque[float] = deque(maxlen=most_a_second)
        self.flooded_s: float | None = None
        """When something was last held back for coming too fast."""

    def is_new(self, text: str, at_s: float) -> bool:
        """Whether a code goes on: False for one that is still the same read."""
        self.forget(at_s)
        was_there = text in self._seen
        self._seen[text] = at_s
        self._seen.move_to_end(text)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return not was_there

    def has_room(self, at_s: float) -> bool:
        """Whether one more may go on in this second."""
        if len(self._passed) == self._most and at_s - self._passed[0] < 1.0:
            self.flooded_s = at_s
            return False
        self._passed.append(at_s)
        return True

    def forget(self, now_s: float) -> None:
        """Let go of what has not been seen for long enough."""
        while self._seen and now_s - next(iter(self._seen.values())) > self._same_s:
            self._seen.popitem(last=False)

    def clear(self) -> None:
        """Let go of everything."""
        self._seen.clear()

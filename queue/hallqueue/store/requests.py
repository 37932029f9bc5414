"""Which request keys may go: by the order in which they came, not by what the clock said then alone.

A row's time may lie: the clock was wrong when it was written, or is wrong now. The ids tell the order
of arrival, so everything before a row that is old enough came earlier still, whatever its own time
says. What came within the last hour of this run, by a clock that nobody sets, is never dropped; and
beyond :data:`KEPT_MAX` rows the oldest go even if no row looks old.
"""

from __future__ import annotations

from collections.abc import Sequence

REQUEST_DAYS = 7
"""Request keys are kept this long: a client that was away longer must not repeat blindly."""
KEPT_MAX = 100_000
"""More than a week of a large hall; bounds what times from a wrong future can pile up."""
GUARD_S = 3600.0
_DAY_MS = 86_400_000


class RequestAges:
    """Knows which rows came before the last hour of this run."""

    def __init__(self, last_id: int) -> None:
        self._marks: list[tuple[float, int]] = [(float("-inf"), last_id)]
        """Steady seconds and the last row at that time, rising; the first is older than an hour."""

    def note(self, steady_s: float, last_id: int) -> None:
        """Remember the last row now."""
        self._marks.append((steady_s, last_id))
        while len(self._marks) > 1 and self._marks[1][0] <= steady_s - GUARD_S:
            del self._marks[0]

    @property
    def guarded_from(self) -> int:
        """Rows above this id came within the last hour, or may have."""
        return self._marks[0][1]

    def last_to_drop(self, oldest: Sequence[tuple[int, int]], last_id: int, now_ms: int) -> int:
        """The id up to which rows go, among the ``oldest`` (id and time, by rising id); 0 for none."""
        free = [row for row in oldest if row[0] <= self.guarded_from]
        too_old = now_ms - REQUEST_DAYS * _DAY_MS
        by_age = max((row_id for row_id, at_ms in free if at_ms < too_old), default=0)
        by_count = max((row_id for row_id, _ in free if row_id <= last_id - KEPT_MAX), default=0)
        return max(by_age, by_count)

"""What a keypad has counted: its driver's counts and the desk's own, under one name each.

The desk's are ``refusals`` (codes E.. on the display), ``failures`` (codes F..) and, among these,
``late`` (keys heard too long after they were pressed).
"""

from __future__ import annotations

from collections.abc import Iterator

from halldrivers.counters import Counters
from hallkiosk.caller.errors import CallerLate
from hallqueue.errors import HallError, Refused


class DeskCounters(Counters):
    """Counts of one keypad, whatever becomes of the driver's object. From any thread, as all counters."""

    def __init__(self) -> None:
        super().__init__()
        self._driver = Counters()

    def follow(self, driver: Counters) -> None:
        """Add what this one counts from now on; what the one before it counted is kept."""
        before, self._driver = self._driver, driver
        for name, count in before:
            self.add(name, count)

    def failed(self, error: HallError) -> None:
        """An error code was shown."""
        self.add("refusals" if isinstance(error, Refused) else "failures")
        if isinstance(error, CallerLate):
            self.add("late")

    def __getitem__(self, name: str) -> int:
        return super().__getitem__(name) + self._driver[name]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        sums = dict(super().__iter__())
        for name, count in self._driver:
            sums[name] = sums.get(name, 0) + count
        return iter(sorted(sums.items()))

"""The counters of the store: in memory while it runs, as rows in the same transaction, and ahead on file.

Taking a number costs no SQL. What changed is written once with the commit of the unit that took it,
and taken back with its rollback; the high-water mark (:mod:`hallqueue.store.highwater`) is never taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from hallqueue.store import statements as sql
from hallqueue.store.highwater import HighWater


class StoredCounters:
    """Implements :class:`hallqueue.unit.Counters` on the ``counter`` table."""

    def __init__(
        self, connection: sqlite3.Connection, high: HighWater, durable: Callable[[], tuple[str, int]]
    ) -> None:
        """``durable`` answers the epoch and number of the newest event that is surely on the disk."""
        self._connection = connection
        self._high = high
        self._durable = durable
        self._values: dict[str, int] = {}
        self._undo: list[tuple[str, int]] = []
        self._dirty: set[str] = set()

    def value(self, name: str) -> int:
        """The last number taken; 0 when none was."""
        value = self._values.get(name)
        if value is None:
            row = self._connection.execute(sql.COUNTER_GET, (name,)).fetchone()
            value = self._values[name] = row[0] if row else 0
        return value

    def take(self, name: str) -> int:
        """The next number. Raises a Trouble when a block cannot be reserved; then none was taken."""
        before = self.value(name)
        value = before + 1
        if not self._high.covers(name, value):
            self._high.reserve(name, {**self._values, name: value}, *self._durable())
        self._undo.append((name, before))
        self._dirty.add(name)
        self._values[name] = value
        return value

    def mark(self) -> int:
        """A point to go back to with :meth:`back_to`."""
        return len(self._undo)

    def back_to(self, mark: int) -> None:
        """Forget what was taken since ``mark``."""
        while len(self._undo) > mark:
            name, before = self._undo.pop()
            self._values[name] = before

    def write(self) -> None:
        """Put what changed into the running transaction. Raises sqlite3.Error."""
        for name in self._dirty:
            if self._values[name]:
                self._connection.execute(sql.COUNTER_SET, (name, self._values[name]))

    def settle(self) -> None:
        """The transaction is on the disk: nothing to take back any more."""
        self._undo.clear()
        self._dirty.clear()

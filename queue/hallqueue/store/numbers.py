"""The counters of the store: in memory while it runs, as rows in the same transaction, and ahead on file.

Taking a number costs no SQL. What changed is written once with the commit of the unit that took it,
and taken back with its rollback; the high-water mark (:mod:`hallqueue.store.highwater`) is never taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

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
        """What the running transaction took, with the value before."""

    def value(self, name: str) -> int:
        """The last number taken; 0 when none was."""
        value = self._values.get(name)
        if value is None:
            row = self._connection.execute(sql.COUNTER_GET, (name,)).fetchone()
            value = self._values[name] = row[0] if row else 0
        return value

    def take(self, name: str) -> int:
        """The next number. Raises a Trouble when a block cannot be reserved; then none was taken."""
        before = self._values.get(name)
        if before is None:
            before = self.value(name)
        value = before + 1
        if value > self._high.reserved.get(name, 0):
            self._high.reserve(name, {**self._values, name: value}, *self._durable())
        self._undo.append((name, before))
        self._values[name] = value
        return value

    def skip(self, name: str, count: int) -> int:
        """Leave out ``count`` numbers; answers the last one left out. Raises like :meth:`take`."""
        before = self.value(name)
        value = before + count
        if value > self._high.reserved.get(name, 0):
            self._high.reserve(name, {**self._values, name: value}, *self._durable())
        self._undo.append((name, before))
        self._values[name] = value
        return value

    def reserve_ahead(self, names: Iterable[str]) -> None:
        """Reserve blocks now for those of these counters that are in use and past half of theirs.

        So that no touch has to wait for it. Between transactions. Raises a Trouble.
        """
        used = {name: value for name in names if (value := self.value(name))}
        if any(self._high.is_short(name, value) for name, value in used.items()):
            self._high.top_up(used, *self._durable())

    def mark(self) -> int:
        """A point to go back to with :meth:`back_to`."""
        return len(self._undo)

    def back_to(self, mark: int) -> None:
        """Forget what was taken since ``mark``."""
        while len(self._undo) > mark:
            name, before = self._undo.pop()
            self._values[name] = before

    def write(self, *others: tuple[str, int]) -> None:
        """Put what changed, and others' values, into the running transaction. Raises sqlite3.Error."""
        changed = {name: self._values[name] for name, _ in self._undo}
        rows = [*changed.items(), *others]
        if rows:
            self._connection.executemany(sql.COUNTER_SET, rows)

    def settle(self) -> None:
        """The transaction is on the disk: nothing to take back any more."""
        self._undo.clear()

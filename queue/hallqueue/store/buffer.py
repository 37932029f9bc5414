"""Rows that wait: the new rows of a batch, written table by table in one go.

Most of what a batch does is to add rows that nobody reads before its COMMIT. They are kept here and
written with one ``executemany`` a table, which costs half of what a statement a row does: fewer
calls, and each page is touched once instead of being copied for every unit's savepoint.

Rules, before the code:

1. Only the statements in :data:`TABLES` wait. Any other statement first writes all that waits, so it
   reads and changes the same rows as if none had waited.
2. Tables are written in the order of :data:`TABLES`, which is that of their references; the rows of a
   table keep the order in which they came.
3. A unit that only added rows needs no SQL savepoint: undoing it drops its rows. Its first other
   statement writes what earlier units left, sets the savepoint, and only then writes its own.
4. What a waiting row violates is reported when it is written, at the latest by the COMMIT. A storage
   error undoes the whole batch, so nobody was answered in between.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from hallqueue.store import statements as sql

TABLES = (
    sql.EVENT_ADD,
    sql.TICKET_ADD,
    sql.MATTER_ADD,
    sql.PERIOD_FIRST,
    sql.PRINT_ADD,
    sql.REQUEST_ADD,
)
"""The statements that may wait, in the order in which they are written."""

Row = Sequence[object]


class RowBuffer:
    """The waiting rows of one batch and the savepoint of its present unit. All may raise sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany
        self._rows: dict[str, list[Row]] = {statement: [] for statement in TABLES}
        self._lists = tuple(self._rows.values())
        self._unit: list[list[Row]] = []
        """For each row that the present unit left waiting the list that it is in."""
        self._is_marked = False
        self._has_savepoint = False

    def run(self, statement: str, values: Row = ()) -> Any:
        """One statement: it waits, or is run behind all that waited. Answers the cursor of the latter."""
        waiting = self._rows.get(statement)
        if waiting is not None:
            waiting.append(values)
            self._unit.append(waiting)
            return None
        self.flush()
        return self._run(statement, values)

    def mark(self) -> None:
        """A unit starts here."""
        self._unit.clear()
        self._is_marked = True

    def keep(self) -> None:
        """The unit stays part of the batch."""
        if self._has_savepoint:
            self._run("RELEASE unit")
        self._is_marked = self._has_savepoint = False

    def undo(self) -> None:
        """Back to the mark."""
        for rows in self._unit:
            rows.pop()
        self._unit.clear()
        if self._has_savepoint:
            self._run("ROLLBACK TO unit")
            self._run("RELEASE unit")
        self._is_marked = self._has_savepoint = False

    def flush(self) -> None:
        """Write all that waits, behind the unit's savepoint where there is a unit."""
        if self._is_marked and not self._has_savepoint:
            own = [sum(1 for other in self._unit if other is rows) for rows in self._lists]
            self._write(own)
            self._run("SAVEPOINT unit")
            self._has_savepoint = True
        self._write([0] * len(self._lists))
        self._unit.clear()

    def _write(self, spared: Sequence[int]) -> None:
        """Write the rows of each table but the last few, whose number is given."""
        for (statement, rows), last in zip(self._rows.items(), spared, strict=True):
            count = len(rows) - last
            if count:
                self._run_many(statement, rows[:count] if last else rows)
                del rows[:count]

    def clear(self) -> None:
        """The transaction is over: nothing waits."""
        for rows in self._lists:
            rows.clear()
        self._unit.clear()
        self._is_marked = self._has_savepoint = False

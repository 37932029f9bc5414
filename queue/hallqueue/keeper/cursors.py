"""Reading the log from a cursor: where (epoch, number) stands among the event ids.

An event's id is its epoch's ``base`` plus its number (:mod:`hallqueue.store.epochs`), so a cursor is one
addition and a page one range of the primary key, however long the log is. The epochs of a database
change only at an opening, so they are read once.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hallqueue.errors import BadRequest
from hallqueue.keeper.pushes import Cursor
from hallqueue.store import statements as sql
from hallqueue.store.connection import storage_error
from hallqueue.views import EventLine

_EPOCHS = "SELECT epoch, base FROM epoch ORDER BY ord"


class LogReader:
    """The committed log, through the keeper's own connection between its transactions."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        rows: list[tuple[str, int]] = connection.execute(_EPOCHS).fetchall()
        following = [base for _, base in rows[1:]]
        self._bases = dict(rows)
        self._ends: dict[str, int] = dict(zip([name for name, _ in rows], following, strict=False))
        """Epoch to the id of its last event, for the epochs that are over."""

    def cursor(self, epoch: str, after: int, present: Cursor) -> Cursor:
        """Where a follower goes on that has the events up to ``after`` of ``epoch``.

        An empty epoch is that of ``present``, the state that snapshots show. Events of an old epoch
        that were lost with a damaged card are gone: it goes on with what there is. A database that
        does not know the epoch at all is given from its beginning. Raises BadRequest for a cursor
        beyond the end of the log.
        """
        epoch = epoch or present[0]
        if epoch not in self._bases:
            return ("", 0)
        if epoch == present[0] and after > present[1] and epoch not in self._ends:
            raise BadRequest(why=f"cursor {after} is beyond the last event {present[1]}")
        return (epoch, after)

    def events_after(self, cursor: Cursor, limit: int) -> tuple[EventLine, ...]:
        """Events after the cursor in order, over the end of an epoch too. Raises a Trouble."""
        epoch, seq = cursor
        last = self._bases.get(epoch, 0) + seq
        if epoch in self._ends:
            last = min(last, self._ends[epoch])
        try:
            rows = self._connection.execute(sql.EVENT_LINES, (last, limit)).fetchall()
        except sqlite3.Error as error:
            raise storage_error(error, self._path) from error
        return tuple(
            [
                EventLine(
                    epoch=epoch,
                    seq=seq,
                    at_ms=at_ms,
                    day=day,
                    clock_ok=bool(clock_ok),
                    actor=actor,
                    type=kind,
                    body=body,
                )
                for epoch, seq, at_ms, day, clock_ok, actor, kind, body in rows
            ]
        )

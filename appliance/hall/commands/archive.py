"""Reading a state folder whose keeper is not running: a copied hall, or one that was stopped.

Only the keeper opens the database. When it does not answer and nobody holds its lock, the verbs that
only look read a copy of the file.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from hall.commands.connect import keeper_of
from hall.commands.failure import say
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan
from hallqueue.store.lock import is_held
from hallqueue.store.lookup import Lookup
from hallqueue.store.standstill import copy_standing_still
from hallqueue.views import TicketView


class Reader(Protocol):
    """What the looking verbs need: the keeper's client has it, and so has the copy."""

    def ticket(self, which: str) -> TicketView:
        """One ticket by id, number of the last day, or reference."""
        ...

    def tickets(
        self, *, day: str = "", state: str = "", after: int = 0, limit: int = 100
    ) -> tuple[TicketView, ...]:
        """Tickets of a day, by default the last one."""
        ...

    def plan(self) -> Plan:
        """The hall as configured."""
        ...


class Archive:
    """The tickets of a database copy."""

    def __init__(self, connection: sqlite3.Connection, folder: StateFolder) -> None:
        self._plan = _last_plan(connection)
        self._lookup = Lookup(connection, folder, self._plan)
        (self._day,) = connection.execute("select coalesce(max(day), '') from day").fetchone()

    def ticket(self, which: str) -> TicketView:
        """One ticket by id, number of the last day, or reference."""
        return self._lookup.ticket(which, self._day)

    def tickets(
        self, *, day: str = "", state: str = "", after: int = 0, limit: int = 100
    ) -> tuple[TicketView, ...]:
        """Tickets of a day, by default the last one."""
        return self._lookup.tickets(day or self._day, state, after, limit)

    def plan(self) -> Plan:
        """The plan that the keeper last ran with."""
        return self._plan


def _last_plan(connection: sqlite3.Connection) -> Plan:
    (body,) = connection.execute("select body from plan order by id desc limit 1").fetchone()
    return msgspec.json.decode(body, type=Plan)


@contextmanager
def reader_of(state: Path, wait: float) -> Iterator[Reader]:
    """The keeper of ``state``, or a copy of its database when no keeper runs there."""
    folder = StateFolder(state)
    if is_held(folder) or not folder.database.exists():
        with keeper_of(state, wait) as hall:
            yield hall
        return
    say("队列服务没有运行，读数据副本 / no keeper is running: reading a copy of the data")
    with tempfile.TemporaryDirectory(prefix="hall-read-") as scratch:
        copy = copy_standing_still(folder.database, Path(scratch), time.time_ns, time.sleep)
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            yield Archive(connection, folder)

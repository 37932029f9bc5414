"""Epochs: which life of the database an event belongs to.

A database that was created anew or came back older would reuse event numbers; so each such start
begins a new epoch, and an event is named by (hall, epoch, number). Earlier epochs stay in the tables;
``base`` keeps the order: event id = base + number.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from hallqueue.rules.chain import genesis
from hallqueue.store import statements as sql
from hallqueue.store.highwater import Marks
from hallqueue.store.recover import Loss


@dataclass(frozen=True, slots=True)
class Epoch:
    """One row of ``epoch``."""

    order: int
    name: str
    base: int
    """Id of the last event of the epochs before."""
    last_seq: int
    """Number of its last event when it was read."""

    @property
    def genesis(self) -> bytes:
        """The link that its first event hangs on."""
        return genesis(self.name)


def last_epoch(connection: sqlite3.Connection) -> Epoch | None:
    """The epoch that the log is in, or None in an empty database. Raises sqlite3.Error."""
    row = connection.execute(sql.EPOCH_LAST).fetchone()
    if row is None:
        return None
    event = connection.execute(sql.EVENT_LAST).fetchone()
    in_this_epoch = event is not None and event[1] == row[0]
    order, name, base = row
    return Epoch(order, name, base, event[2] if in_this_epoch else 0)


def rolled_back(epoch: Epoch, marks: Marks) -> bool:
    """Whether the database is older than, or another than, the one that the marks were written for."""
    if marks.epoch == "":
        return False
    if marks.epoch != epoch.name or marks.seq > epoch.last_seq:
        return True
    return marks.ended and marks.seq != epoch.last_seq


def begin_epoch(connection: sqlite3.Connection, name: str, loss: Loss, marks: Marks, now_ms: int) -> Epoch:
    """Start a new epoch; the counters go on behind the marks. One transaction. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        row = connection.execute(sql.EPOCH_LAST).fetchone()
        order = row[0] + 1 if row else 1
        event = connection.execute(sql.EVENT_LAST).fetchone()
        base = event[0] if event else 0
        counters = dict(connection.execute(sql.COUNTERS).fetchall()) | {"event": 0}
        for counter, mark in marks.counters.items():
            counters[counter] = max(counters.get(counter, 0), mark)
        for counter, value in counters.items():
            connection.execute(sql.COUNTER_SET, (counter, value))
        floors = {counter: value for counter, value in counters.items() if counter != "event"}
        connection.execute(
            sql.EPOCH_ADD, (order, name, base, now_ms, loss.value, msgspec.json.encode(floors).decode())
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return Epoch(order, name, base, 0)

"""Opening a state folder's database, whatever state it is in.

Examine first, put something sound in place if need be, migrate, decide whether a new epoch begins,
and only then hand the connection over.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from hallqueue.clock import Clock
from hallqueue.errors import StorageDamaged
from hallqueue.paths import StateFolder
from hallqueue.store import schema
from hallqueue.store import statements as sql
from hallqueue.store.connection import connect, storage_error
from hallqueue.store.epochs import Epoch, begin_epoch, last_epoch, rolled_back
from hallqueue.store.health import RUNNING, Finding, clear_suspect, examine, mark_suspect
from hallqueue.store.highwater import HighWater, Marks, read_marks
from hallqueue.store.recover import Loss, RecoveryReport, create, replace_damaged

log = logging.getLogger("hall.store")


class Head(NamedTuple):
    """The end of the log. A tuple because one is made for every event."""

    epoch: str
    seq: int
    """0 when the epoch has no event yet."""
    chain: bytes
    at_ms: int
    """Time of the newest event of any epoch; 0 when there is none."""
    day: str
    """Business day of the newest event; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a store works with."""

    connection: sqlite3.Connection
    epoch: Epoch
    head: Head
    high_water: HighWater
    recovery: RecoveryReport | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What was in the folder and what was put in its place."""

    finding: Finding
    aside: str = ""
    restored: str = ""


def open_database(
    folder: StateFolder, clock: Clock, new_epoch: Callable[[], str], boot: Callable[[], str]
) -> Opened:
    """Open, create or recover the database of a folder. Raises as ``Store.open`` says."""
    folder.prepare()
    try:
        return _open(folder, clock.now_ms(), new_epoch, boot())
    except StorageDamaged:
        # A page that nobody looked at before: now everything is looked at, and replaced if need be.
        mark_suspect(folder)
        return _open(folder, clock.now_ms(), new_epoch, boot())


def _open(folder: StateFolder, now_ms: int, new_epoch: Callable[[], str], boot_now: str) -> Opened:
    finding = examine(folder, boot_now)
    found = _Found(finding)
    if finding is Finding.FRESH:
        create(folder)
    elif finding is not Finding.SOUND:
        found = _Found(finding, *replace_damaged(folder, now_ms))
    connection = connect(folder.database)
    try:
        schema.migrate(connection)
        opened = _settle(connection, folder, found, now_ms, new_epoch)
        connection.execute(sql.META_SET, (RUNNING, boot_now or "unknown"))
        clear_suspect(folder)
        return opened
    except sqlite3.Error as error:
        connection.close()
        raise storage_error(error, folder.database) from error
    except BaseException:
        connection.close()
        raise


def _settle(
    connection: sqlite3.Connection,
    folder: StateFolder,
    found: _Found,
    now_ms: int,
    new_epoch: Callable[[], str],
) -> Opened:
    """Go on in the epoch that the log is in, or begin a new one and say why."""
    marks = read_marks(folder.numbers)
    before = last_epoch(connection)
    loss = _loss(found.finding, before, marks)
    report = None
    if before is not None and loss is None:
        epoch = before
    else:
        loss = loss or Loss.CREATED
        epoch = begin_epoch(connection, new_epoch(), loss, marks or Marks(), now_ms)
    head = _head(connection, epoch)
    if loss is not None and loss is not Loss.CREATED:
        previous = before.name if before else ""
        report = RecoveryReport(
            loss, now_ms, found.aside, found.restored, epoch.name, previous, head.at_ms, marks is not None
        )
        connection.execute(sql.META_SET, ("recovery", msgspec.json.encode(report).decode()))
        log.error("%s %s", report.zh, report.en)
    elif not head.seq:
        report = _unanswered(connection, epoch)
    high = HighWater(folder.numbers, marks or Marks())
    if marks is not None:
        # Without the end mark, before the first event: after a crash the log may be longer than it says.
        if marks.epoch != epoch.name:
            high.restart(epoch.name)
        else:
            high.note(epoch.name, marks.seq)
    return Opened(connection, epoch, head, high, report)


def _unanswered(connection: sqlite3.Connection, epoch: Epoch) -> RecoveryReport | None:
    """The report of a recovery whose keeper ended before its first event; it is still to be acted on."""
    row = connection.execute(sql.META_GET, ("recovery",)).fetchone()
    report = msgspec.json.decode(row[0], type=RecoveryReport) if row else None
    return report if report is not None and report.epoch == epoch.name else None


def _loss(found: Finding, before: Epoch | None, marks: Marks | None) -> Loss | None:
    if found is Finding.DAMAGED:
        return Loss.DAMAGED
    if found is Finding.LOST:
        return Loss.LOST
    if before is None:
        return Loss.CREATED
    return Loss.ROLLED_BACK if marks is not None and rolled_back(before, marks) else None


def _head(connection: sqlite3.Connection, epoch: Epoch) -> Head:
    row = connection.execute(sql.EVENT_LAST).fetchone()
    if row is None:
        return Head(epoch.name, 0, epoch.genesis, 0, "")
    _, order, seq, at_ms, day, chain = row
    if order != epoch.order:
        return Head(epoch.name, 0, epoch.genesis, at_ms, day)
    return Head(epoch.name, seq, chain, at_ms, day)

"""The store: events, their projection, counters and request keys in one SQLite database.

One process, one connection (:mod:`hallqueue.store.connection`). A batch of requests is one transaction,
each request a savepoint in it; :meth:`Store.record` appends an event with the next number and the
next link of the chain and brings the tables up to date. Nothing that a transaction contains may be
shown to anybody before :meth:`Store.commit` returned: then it is on the disk.

When a call raises a Trouble the transaction is not to be continued: :meth:`Store.rollback`.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from hallqueue.clock import Clock
from hallqueue.errors import StorageDamaged, Trouble
from hallqueue.events import Body, Event
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan
from hallqueue.rules.chain import link
from hallqueue.store import backup
from hallqueue.store import statements as sql
from hallqueue.store.buffer import RowBuffer
from hallqueue.store.codec import encode_body, event_of
from hallqueue.store.connection import storage_error
from hallqueue.store.days import first_of_day
from hallqueue.store.health import CHECK, RUNNING, boot_id, mark_suspect
from hallqueue.store.numbers import StoredCounters
from hallqueue.store.opening import Head, Opened, open_database
from hallqueue.store.project import project
from hallqueue.store.recover import SKIPPED
from hallqueue.store.requests import RequestAges
from hallqueue.unit import Moment

log = logging.getLogger(__name__)

_PRUNE_STEP = 500


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """What an idempotency key stands for."""

    method: str
    params: bytes
    """Hash of the request's parameters."""
    answer: bytes


class Store:
    """Implements :class:`hallqueue.unit.Log` and, as :attr:`counters`, ``Counters``."""

    def __init__(self, opened: Opened, folder: StateFolder) -> None:
        """Use :meth:`open`."""
        self.folder = folder
        self.recovery = opened.recovery
        """What was lost when this store was opened, or None."""
        self._connection = opened.connection
        self._run = opened.connection.execute
        self._rows = RowBuffer(opened.connection)
        self._requests: dict[str, StoredRequest] = {}
        """What this batch keeps under its keys; a unit adds one at most."""
        self._epoch = opened.epoch
        self._head = self._durable = self._before_unit = opened.head
        self._mark = self._unit_keys = 0
        self._high = opened.high_water
        self._is_suspect = False
        self._ages = RequestAges(self._last_request())
        self.counters = StoredCounters(opened.connection, opened.high_water, self._durable_event)

    @classmethod
    def open(
        cls,
        folder: StateFolder,
        clock: Clock,
        new_epoch: Callable[[], str],
        *,
        boot: Callable[[], str] = boot_id,
    ) -> Self:
        """Open or create the database of a state folder; the caller holds its KeeperLock.

        Damage, loss and a rolled-back card lead to a new epoch and a :attr:`recovery` report, not to
        an error. Raises StorageNewer (the file is untouched), StorageReadOnly, StorageFull,
        StorageFailed.
        """
        return cls(open_database(folder, clock, new_epoch, boot), folder)

    # --- where the log ends ----------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """The end of the log, with what the running transaction added."""
        return self._head

    @property
    def last_day(self) -> str:
        """The business day of the newest event, or empty."""
        return self._head.day

    @property
    def last_at_ms(self) -> int:
        """The time of the newest event, or 0."""
        return self._head.at_ms

    @property
    def marked_day(self) -> str:
        """The newest business day of which numbers may have been given out, or empty."""
        return self._high.marks.day

    @property
    def connection(self) -> sqlite3.Connection:
        """The one connection, for :class:`hallqueue.store.lookup.Lookup`; never to write with."""
        return self._connection

    def _durable_event(self) -> tuple[str, int]:
        return self._durable.epoch, self._durable.seq

    # --- units -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the transaction of a batch."""
        self._do("BEGIN IMMEDIATE")

    def savepoint(self) -> None:
        """Start one request's unit."""
        self._rows.mark()
        self._before_unit = self._head
        self._unit_keys = len(self._requests)
        self._mark = self.counters.mark()

    def release(self) -> None:
        """The unit stays part of the batch."""
        try:
            self._rows.keep()
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def rollback_to(self) -> None:
        """Undo the unit, numbers and all; the batch goes on."""
        try:
            self._rows.undo()
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        while len(self._requests) > self._unit_keys:
            self._requests.popitem()
        self._head = self._before_unit
        self.counters.back_to(self._mark)

    def commit(self) -> None:
        """Make the batch durable: when this returns it is on the disk.

        Raises a Trouble when it is not; the batch is rolled back then.
        """
        try:
            self._rows.flush()
            self.counters.write(*self._event_counter())
            self._run("COMMIT")
        except sqlite3.Error as error:
            self.rollback()
            raise self._trouble(error) from error
        self._durable = self._head
        self._requests.clear()
        self.counters.settle()

    def _event_counter(self) -> tuple[tuple[str, int], ...]:
        return (("event", self._head.seq),) if self._head.seq != self._durable.seq else ()

    def rollback(self) -> None:
        """Undo the whole batch; safe when SQLite has already done so (full disk, I/O error)."""
        if self._connection.in_transaction:
            try:
                self._run("ROLLBACK")
            except sqlite3.Error as error:
                raise self._trouble(error) from error
        self._head = self._durable
        self._rows.clear()
        self._requests.clear()
        self.counters.back_to(0)
        self.counters.settle()

    def _do(self, statement: str) -> None:
        try:
            self._run(statement)
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    # --- writing ---------------------------------------------------------------------------------

    def record(self, body: Body, moment: Moment) -> Event:
        """Append one event and project it. Raises a Trouble: then roll the batch back."""
        head, epoch = self._head, self._epoch
        seq = head.seq + 1
        text = encode_body(body)
        kind = type(body).__name__
        now, day, clock_ok, actor = moment.now_ms, moment.day, moment.clock_ok, moment.actor
        chain = link(head.chain, epoch.name, seq, kind, text, now, day, clock_ok, actor)
        event = epoch.base + seq
        try:
            self._rows.run(
                sql.EVENT_ADD,
                (event, epoch.order, seq, now, day, clock_ok, actor, kind, text.decode(), chain),
            )
            project(self._rows.run, (event, now, day, clock_ok), body)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        self._head = Head(epoch.name, seq, chain, now, day)
        return Event(epoch.name, seq, now, day, clock_ok, actor, body)

    def request_get(self, key: str) -> StoredRequest | None:
        """What the key stood for before, or None."""
        known = self._requests.get(key)
        if known is not None:
            return known
        try:
            row = self._run(sql.REQUEST_GET, (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        return StoredRequest(*row) if row else None

    def request_put(self, key: str, method: str, params: bytes, answer: bytes, at_ms: int) -> None:
        """Keep a request's answer with what it did. Raises a Trouble."""
        try:
            self._rows.run(sql.REQUEST_ADD, (key, method, params, answer, at_ms))
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        self._requests[key] = StoredRequest(method, params, answer)

    def prune_requests(self, now_ms: int, steady_s: float) -> int:
        """Drop request keys that are old (:mod:`hallqueue.store.requests`), at most 500; answers how many.

        ``steady_s`` is a clock that nobody sets. Within a transaction of the caller's. Raises a Trouble.
        """
        try:
            oldest = self._rows.run(sql.REQUEST_OLDEST, (_PRUNE_STEP,)).fetchall()
            newest = self._last_request()
            self._ages.note(steady_s, newest)
            last = self._ages.last_to_drop(oldest, newest, now_ms)
            if last:
                self._rows.run(sql.REQUEST_DROP, (last,))
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        return sum(row_id <= last for row_id, _ in oldest)

    def _last_request(self) -> int:
        row = self._run(sql.REQUEST_LAST).fetchone()
        return row[0] or 0

    def skip_ahead(self, names: Iterable[str]) -> None:
        """Leave out numbers of these counters when nothing says which were given out. Raises a Trouble."""
        try:
            floors = {name: self.counters.skip(name, SKIPPED) for name in names}
            self._rows.run(sql.EPOCH_FLOORS, (msgspec.json.encode(floors).decode(), self._epoch.order))
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def keep_plan(self, plan: Plan) -> None:
        """Remember the plan from here on, if it is not the one remembered last."""
        text = msgspec.json.encode(plan).decode()
        row = self._run(sql.PLAN_LAST).fetchone()
        if row is None or row[0] != text:
            try:
                self._rows.run(sql.PLAN_ADD, (self._epoch.base + self._head.seq, text))
            except sqlite3.Error as error:
                raise self._trouble(error) from error

    # --- reading back ----------------------------------------------------------------------------

    def events_of_day(self, day: str) -> Iterator[Event]:
        """A business day's events in order, for the replay. Raises StorageDamaged, StorageNewer."""
        try:
            self._rows.flush()
            first = first_of_day(self._connection, "event", day)
            after = first_of_day(self._connection, "event", day + "\x7f")
            for row in self._run(sql.EVENTS_BETWEEN, (first, after)):
                yield event_of(row)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        except StorageDamaged:
            self.suspect()
            raise

    # --- care ------------------------------------------------------------------------------------

    def suspect(self) -> None:
        """Damage was met: the next start must look at everything, however this run ends."""
        if not self._is_suspect:
            self._is_suspect = True
            mark_suspect(self.folder)

    def _trouble(self, error: sqlite3.Error) -> Trouble:
        """The hall's error; damage is remembered for the next start."""
        trouble = storage_error(error, self.folder.database)
        if isinstance(trouble, StorageDamaged):
            self.suspect()
        return trouble

    def note_durable(self) -> None:
        """Put the end of the log on file, so that an older database is noticed. Raises a Trouble."""
        self._high.note(*self._durable_event())

    def checkpoint(self) -> None:
        """Merge the write-ahead log into the database, when nothing else is to be done."""
        self._do("PRAGMA wal_checkpoint(PASSIVE)")

    def snapshot_now(self, pause: Callable[[], None] | None = None) -> Path:
        """A new file in ``snapshots/``; the newest three stay. May run in another thread."""
        return backup.take_snapshot(self._connection, self.folder, pause)

    def backup_to(self, path: Path, pause: Callable[[], None] | None = None) -> int:
        """A consistent copy at ``path``; answers its bytes. May run in another thread."""
        return backup.copy_database(self._connection, path, pause)

    def close(self) -> None:
        """End in order, so that the next start need not check every page; safe to call again."""
        try:
            if self._connection.in_transaction:
                self.rollback()
            self._run(sql.META_SET, (RUNNING, CHECK if self._is_suspect else ""))
            self._high.note(*self._durable_event(), ended=not self._is_suspect)
        except (Trouble, sqlite3.Error) as error:
            # A full disk must not keep the keeper from stopping: the next start checks more.
            if not isinstance(error, sqlite3.ProgrammingError):
                log.warning("closed without the end mark", extra={"why": str(error)})
        finally:
            self._connection.close()

"""The tables, as migrations.

``event`` is the truth; every other table but ``counter``, ``request``, ``plan`` and ``meta`` is a
projection of it that can be explained by it (:mod:`hallqueue.verify`). Tables are STRICT. Each index
serves one named question, so that every one of them costs the same with a million past tickets:

- ``ticket_number``: a ticket by day and number, and no number twice in a day;
- ``ticket_reference``: a ticket by the code on its paper;
- ``matter_ticket``, ``print_job_ticket``: a ticket's matters and papers;
- ``rating_day``: a day's ratings, for the reports;
- ``scan_sha256``: no file twice;
- ``scan_here``: the files that are not wiped, at a start.

Events and tickets have no index by day: ids and days both only rise, so where a day begins is found by
bisection over the primary key (:mod:`hallqueue.store.days`), and issuing a ticket writes two indexes less.

An event's ``id`` counts over all epochs: ``id = epoch.base + seq``, so an event is found by its epoch
and number without another index, and a missing one shows as a hole.

A migration is never edited once released; a change is a new one.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hallqueue.errors import StorageNewer

if TYPE_CHECKING:
    from sqlite_utils import Database

MIGRATION_SET = "hall"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE plan (
  id INTEGER PRIMARY KEY,
  since_event INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE epoch (
  ord INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL UNIQUE,
  base INTEGER NOT NULL,
  began_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  floors TEXT NOT NULL
) STRICT;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  day TEXT NOT NULL,
  clock_ok INTEGER NOT NULL,
  actor TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  chain BLOB NOT NULL
) STRICT;
CREATE TABLE ticket (
  id INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  number TEXT NOT NULL,
  prefix TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  chosen TEXT NOT NULL,
  service TEXT NOT NULL,
  matters TEXT NOT NULL,
  matter INTEGER NOT NULL,
  matter_index INTEGER NOT NULL,
  state TEXT NOT NULL,
  priority TEXT NOT NULL,
  person TEXT NOT NULL,
  masked_name TEXT NOT NULL,
  reference TEXT NOT NULL,
  channel TEXT NOT NULL,
  clock_ok INTEGER NOT NULL,
  arrival_ms INTEGER NOT NULL,
  place_ms INTEGER NOT NULL,
  since_ms INTEGER NOT NULL,
  window INTEGER NOT NULL,
  clerk TEXT NOT NULL,
  to_window INTEGER NOT NULL,
  recalls INTEGER NOT NULL,
  ahead INTEGER NOT NULL,
  estimate_s INTEGER NOT NULL,
  estimate_basis TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ticket_number ON ticket(day, number);
CREATE UNIQUE INDEX ticket_reference ON ticket(reference);
CREATE TABLE matter (
  id INTEGER PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(id),
  position INTEGER NOT NULL,
  service TEXT NOT NULL,
  window INTEGER NOT NULL,
  clerk TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX matter_ticket ON matter(ticket);
CREATE TABLE period (
  ticket INTEGER NOT NULL REFERENCES ticket(id),
  opened_by INTEGER NOT NULL,
  kind TEXT NOT NULL,
  matter INTEGER NOT NULL,
  service TEXT NOT NULL,
  window INTEGER NOT NULL,
  clerk TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER,
  PRIMARY KEY (ticket, opened_by)
) STRICT, WITHOUT ROWID;
CREATE TABLE rating (
  matter INTEGER PRIMARY KEY REFERENCES matter(id),
  ticket INTEGER NOT NULL REFERENCES ticket(id),
  day TEXT NOT NULL,
  service TEXT NOT NULL,
  window INTEGER NOT NULL,
  clerk TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  ended_ms INTEGER NOT NULL,
  level TEXT NOT NULL,
  raw_key TEXT NOT NULL,
  device TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX rating_day ON rating(day);
CREATE TABLE print_job (
  id INTEGER PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(id),
  copy INTEGER NOT NULL,
  state TEXT NOT NULL,
  queued_ms INTEGER NOT NULL,
  begun_ms INTEGER NOT NULL,
  ended_ms INTEGER NOT NULL,
  printer TEXT NOT NULL,
  rung TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX print_job_ticket ON print_job(ticket);
CREATE TABLE window (
  number INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  clerk TEXT NOT NULL,
  reason TEXT NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE device (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT NOT NULL,
  who TEXT NOT NULL,
  what_zh TEXT NOT NULL,
  remedy_zh TEXT NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE day (
  day TEXT PRIMARY KEY,
  opened_ms INTEGER NOT NULL,
  closed_ms INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE stray (
  day TEXT NOT NULL,
  window INTEGER NOT NULL,
  presses INTEGER NOT NULL,
  PRIMARY KEY (day, window)
) STRICT, WITHOUT ROWID;
CREATE TABLE request (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  method TEXT NOT NULL,
  params BLOB NOT NULL,
  answer BLOB NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
"""

DEVICES_AND_SCANS = """
ALTER TABLE device ADD COLUMN what_en TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN remedy_en TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN counters TEXT NOT NULL DEFAULT '';
CREATE TABLE scan (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  state TEXT NOT NULL,
  ticket INTEGER NOT NULL REFERENCES ticket(id),
  matter INTEGER NOT NULL,
  material TEXT NOT NULL,
  pages INTEGER NOT NULL,
  size INTEGER NOT NULL,
  device TEXT NOT NULL,
  sealed_for TEXT NOT NULL,
  interrupted INTEGER NOT NULL,
  scanned_ms INTEGER NOT NULL,
  kept_ms INTEGER NOT NULL,
  acknowledged_ms INTEGER NOT NULL,
  wiped_ms INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX scan_sha256 ON scan(sha256);
CREATE INDEX scan_here ON scan(id) WHERE state <> 'wiped';
"""


def _first_tables(db: Database) -> None:
    _run(db, TABLES)


def _devices_and_scans(db: Database) -> None:
    _run(db, DEVICES_AND_SCANS)


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            db.execute(statement)


MIGRATIONS = (
    ("0001_first_tables", _first_tables),
    ("0002_devices_and_scans", _devices_and_scans),
)
"""Name and function of each migration, oldest first."""


def applied(connection: sqlite3.Connection) -> list[str]:
    """The names of the migrations that a database has had."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if known is None:
        return []
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (MIGRATION_SET,)
    )
    return [row[0] for row in rows]


def refuse_newer(connection: sqlite3.Connection) -> None:
    """Raise StorageNewer if the database had a migration that this version does not know."""
    ours = {name for name, _ in MIGRATIONS}
    newer = [name for name in applied(connection) if name not in ours]
    if newer:
        raise StorageNewer(found=newer[-1])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to this version; each migration is one transaction.

    Raises StorageNewer before anything is touched.
    """
    refuse_newer(connection)
    if len(applied(connection)) == len(MIGRATIONS):
        return
    # Imported only when there is something to do: it costs a start 0.15 s.
    with _without("numpy", "pandas"):
        from sqlite_utils import Database, Migrations

    migrations = Migrations(MIGRATION_SET)
    for name, function in MIGRATIONS:
        migrations(name=name)(function)
    migrations.apply(Database(connection))


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Imports within find no such modules: sqlite-utils would load them where a hall has them for its camera,
    and they would stay in the keeper's memory (16 MB) for nothing.
    """
    hidden = [name for name in modules if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def altered(connection: sqlite3.Connection) -> dict[str, str]:
    """What is not as this version makes it, with why: a table, an index, a trigger. Raises sqlite3.Error."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh)
        expected = _objects(fresh)
    finally:
        fresh.close()
    found = _objects(connection)
    wrong = {
        name: "is not as this version made it"
        for key, (name, text) in expected.items()
        if found.get(key) != (name, text)
    }
    strangers = {
        f"{key[0]} {name}": "is none of ours" for key, (name, _) in found.items() if key not in expected
    }
    return wrong | strangers


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[str, str]]:
    """Kind and name to name and text. SQLite's own and the migrations' table are left to them."""
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE substr(name, 1, 7) <> 'sqlite_'"
        " AND NOT (type = 'table' AND name = '_sqlite_migrations')"
    )
    return {(kind, name): (name, text) for kind, name, text in rows}

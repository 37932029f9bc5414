"""Whether the database in a state folder can be trusted, before anything is written to it.

Three depths, because a full check of a million tickets takes many seconds and a keeper that was
killed must be back within one:

1. always: the file's header and its length against the header (a truncated file never passes);
2. always: the schema can be read and no newer version wrote it;
3. ``quick_check`` of every page, when the last run did not end in order *and* the machine was
   restarted since, or the length does not fit. A killed process leaves the kernel's page cache
   intact, so within one boot the file is what was written; after a power cut it may not be.
4. every page, every index and the chain of the newest day, when the last run met damage
   (:func:`mark_suspect`): it ended because of it, and must not meet it again for ever.

The kernel's boot id, stored while a keeper runs, tells the two apart.
"""

from __future__ import annotations

import logging
import sqlite3
from enum import StrEnum
from pathlib import Path

from hallqueue.errors import StorageDamaged
from hallqueue.paths import StateFolder, storage_trouble
from hallqueue.rules.chain import LINK_BYTES, genesis, link
from hallqueue.store import schema
from hallqueue.store import statements as sql
from hallqueue.store.codec import decode_body
from hallqueue.store.connection import connect_to_read, storage_error
from hallqueue.store.days import first_of_day
from hallqueue.store.durable import sync_folder

log = logging.getLogger("hall.store")

HEADER_BYTES = 100
MAGIC = b"SQLite format 3\0"
RUNNING = "running"
"""Key in ``meta``: the boot id of the run that has not ended in order, or empty, or :data:`CHECK`."""
CHECK = "check"
"""The run met damage: the next start must look at every page."""

_CHAINED = (
    "SELECT e.epoch, epoch.epoch, e.seq, e.at_ms, e.day, e.clock_ok, e.actor, e.type, e.body, e.chain"
    " FROM event e CROSS JOIN epoch ON epoch.ord = e.epoch WHERE e.id >= ? ORDER BY e.id"
)


class Finding(StrEnum):
    """What was found in a state folder."""

    FRESH = "fresh"
    """Nothing yet: a new hall."""
    SOUND = "sound"
    LOST = "lost"
    """No database, but snapshots or numbers of an earlier one."""
    DAMAGED = "damaged"


def boot_id() -> str:
    """A value that changes with every boot of the machine; empty where the kernel has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def examine(folder: StateFolder, boot: str) -> Finding:
    """What is in the folder. Raises StorageNewer, StorageFailed; changes nothing in the database."""
    if not folder.database.exists():
        earlier = folder.numbers.exists() or any(folder.snapshots.glob("*.db"))
        return Finding.LOST if earlier else Finding.FRESH
    _, wal, _ = folder.database_files
    has_wal = wal.exists() and wal.stat().st_size > 0
    fits = length_fits(folder.database)
    if fits is None or (not fits and not has_wal):
        return Finding.DAMAGED
    try:
        return _examine_inside(folder.database, boot, thorough=not fits, suspect=folder.suspect.exists())
    except StorageDamaged:
        return Finding.DAMAGED


def length_fits(path: Path) -> bool | None:
    """Whether the file is as long as its header says; None when it has no SQLite header at all.

    The page count at offset 28 is valid when the counters at 24 and 92 agree (file format 1.3); it is
    always kept in WAL mode.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        return None
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    if page_size < 512 or page_size & (page_size - 1):
        return None
    pages = int.from_bytes(header[28:32], "big")
    return size >= pages * page_size and size % page_size == 0


def mark_suspect(folder: StateFolder) -> None:
    """Have the next start check everything. A file, because the database itself may take no mark."""
    try:
        folder.suspect.touch(mode=0o600)
        sync_folder(folder.path)
    except OSError as error:
        log.error("damage was met and could not be marked: %s", storage_trouble(error, folder.suspect))


def clear_suspect(folder: StateFolder) -> None:
    """What was checked is sound. Raises a Trouble."""
    try:
        folder.suspect.unlink(missing_ok=True)
    except OSError as error:
        raise storage_trouble(error, folder.suspect) from error


def _examine_inside(path: Path, boot: str, thorough: bool, suspect: bool) -> Finding:
    connection = connect_to_read(path)
    try:
        schema.refuse_newer(connection)
        if not schema.applied(connection):
            return Finding.DAMAGED
        row = connection.execute(sql.META_GET, (RUNNING,)).fetchone()
        if suspect or (row is not None and row[0] == CHECK):
            whole = pages_are_sound(connection, whole=True) and newest_day_is_sound(connection)
            return Finding.SOUND if whole else Finding.DAMAGED
        ended_in_order = row is None or row[0] == ""
        if thorough or not (ended_in_order or (boot and row[0] == boot)):
            return Finding.SOUND if pages_are_sound(connection) else Finding.DAMAGED
        return Finding.SOUND
    except sqlite3.Error as error:
        raise storage_error(error, path) from error
    finally:
        connection.close()


def pages_are_sound(connection: sqlite3.Connection, *, whole: bool = False) -> bool:
    """SQLite's own check of every page; ``whole`` compares the indexes with the tables too."""
    check = "integrity_check" if whole else "quick_check"
    return [row[0] for row in connection.execute(f"PRAGMA {check}(1)")] == ["ok"]


def newest_day_is_sound(connection: sqlite3.Connection) -> bool:
    """Whether the events that a start replays can be read and fit their chain.

    A page may be in order for SQLite and hold other bytes than were written. Raises sqlite3.Error,
    StorageNewer.
    """
    last = connection.execute(sql.EVENT_LAST).fetchone()
    if last is None:
        return True
    first = first_of_day(connection, "event", last[4])
    before = connection.execute("SELECT epoch, chain FROM event WHERE id = ?", (first - 1,)).fetchone()
    order, chain = before or (0, b"")
    for epoch, name, *columns, body, found in connection.execute(_CHAINED, (first,)):
        if epoch != order:
            order, chain = epoch, genesis(name)
        seq, at_ms, day, clock_ok, actor, kind = columns
        if len(chain) != LINK_BYTES:
            return False
        chain = link(chain, name, seq, kind, body.encode(), at_ms, day, bool(clock_ok), actor)
        if chain != found:
            return False
        decode_body(kind, body)
    return True

"""The one connection to the database, and what SQLite's errors mean for people.

WAL with ``synchronous=FULL`` lost no acknowledged row in 60 power cuts; ``NORMAL`` and the rollback
journal did (facts: durability 1.1). Both are set and read back, because builds differ in their
defaults. Never ``mmap_size``. One connection only: SQLite before 3.51.3 can corrupt a WAL database
when two connections write and checkpoint at once (facts: durability 1.2).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hallqueue.errors import StorageDamaged, StorageFailed, StorageFull, StorageReadOnly, Trouble

WAL_LIMIT_BYTES = 16 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint."""
CHECKPOINT_PAGES = WAL_LIMIT_BYTES // 4096
"""A checkpoint costs two more fsyncs, so it should come with less than one commit in a hundred; the keeper
merges the log when nobody waits (:mod:`hallqueue.keeper.care`). The log then stays at its full size and is
written over, which syncs in half the time of a file that grows."""
CACHE_KIB = 8192
STATEMENTS = 256
"""Prepared statements kept; more than there are, so none is prepared twice."""
BUSY_MS = 10_000

_SETTINGS = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("busy_timeout", BUSY_MS, BUSY_MS),
    ("journal_size_limit", WAL_LIMIT_BYTES, WAL_LIMIT_BYTES),
    ("wal_autocheckpoint", CHECKPOINT_PAGES, CHECKPOINT_PAGES),
    ("cache_size", -CACHE_KIB, -CACHE_KIB),
    # Else every savepoint of more than 16 pages goes through a temporary file: 80 us a ticket.
    ("temp_store", "MEMORY", 2),
)
"""Name, what is set, what must read back."""

_PRIMARY_CODE = 0xFF
"""SQLite's extended result codes carry the primary one in the low byte."""


def storage_error(error: sqlite3.Error, path: Path) -> Trouble:
    """The hall's error for what SQLite reported about ``path``."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(path=str(path))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StorageReadOnly(path=str(path))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StorageDamaged(path=str(path))
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StorageFailed(why=f"{name}: {error}")


def connect(path: Path) -> sqlite3.Connection:
    """Open ``path`` for the keeper, with every setting checked.

    The connection may be used from another thread (a backup runs beside the keeper's loop), but one
    transaction at a time is the caller's duty. Raises a Trouble.
    """
    try:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
        )
    except sqlite3.Error as error:
        raise storage_error(error, path) from error
    try:
        for name, value, expected in _SETTINGS:
            connection.execute(f"PRAGMA {name} = {value}")
            (found,) = connection.execute(f"PRAGMA {name}").fetchone()
            if found != expected:
                raise StorageFailed(why=f"PRAGMA {name} is {found}, not {expected}")
    except sqlite3.Error as error:
        connection.close()
        raise storage_error(error, path) from error
    except StorageFailed:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    """Open ``path`` without being able to change it, nor to merge its write-ahead log at the close.

    ``alone`` is for a single file that nobody writes (a snapshot): no lock, no ``-shm`` beside it.
    Raises a Trouble.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")
    try:
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise storage_error(error, path) from error

"""A copy of a database that someone may be writing to: the files, never the original opened.

The database and its write-ahead log are copied as files. A copy counts only when the database file did
not change from before the first byte to after the last and the log was only appended to meanwhile
(same header): then both belong together, and a torn tail of the log is ignored by its checksums.

Never from within the keeper's process: closing a file descriptor of an open database drops its locks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from hallqueue.errors import StorageFailed
from hallqueue.paths import storage_trouble

TRIES = 20
QUIET_NS = 20_000_000
"""A file changed less than this ago may change again within the same tick of the kernel's clock."""
WAL_HEADER = 32


def copy_standing_still(
    database: Path, folder: Path, now_ns: Callable[[], int], wait: Callable[[float], None]
) -> Path:
    """Copy ``database`` (and its log) into ``folder``; answers the copy.

    ``wait`` pauses between tries. Raises StorageFailed when the database never stood still (take a
    backup through the keeper and verify that), StorageReadOnly or StorageFull as the system says.
    """
    wal = database.with_name(database.name + "-wal")
    target = folder / "copy.db"
    try:
        for attempt in range(TRIES):
            before = _signature(database, wal)
            if now_ns() - before[0] > QUIET_NS or attempt == TRIES - 1:
                shutil.copyfile(database, target)
                if wal.exists():
                    shutil.copyfile(wal, folder / "copy.db-wal")
                if _signature(database, wal) == before:
                    return target
                (folder / "copy.db-wal").unlink(missing_ok=True)
            wait(0.05 * (attempt + 1))
    except OSError as error:
        raise storage_trouble(error, database) from error
    raise StorageFailed(why=f"{database} is being written all the time; verify a backup instead")


def _signature(database: Path, wal: Path) -> tuple[int, int, int, bytes]:
    stat = os.stat(database)
    header = b""
    if wal.exists():
        with wal.open("rb") as file:
            header = file.read(WAL_HEADER)
    return stat.st_mtime_ns, stat.st_size, stat.st_ino, header

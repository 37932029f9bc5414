"""What lies where in a state folder.

``hall.db`` (with ``-wal`` and ``-shm`` while it is open), ``keeper.lock``, ``hall.sock``,
``numbers.json`` (the high-water mark of numbers), ``check`` (after damage was met), ``snapshots/`` and
``damaged/``. The folder belongs
to the keeper's user alone; everybody else speaks to the keeper.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from hallqueue.errors import StorageFailed, StorageFull, StorageReadOnly, Trouble


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The folder that holds everything the keeper keeps."""

    path: Path

    @property
    def database(self) -> Path:
        """The database; only the keeper opens it."""
        return self.path / "hall.db"

    @property
    def database_files(self) -> tuple[Path, Path, Path]:
        """The database with its write-ahead log and shared-memory index, whether or not they exist."""
        return self.database, self.path / "hall.db-wal", self.path / "hall.db-shm"

    @property
    def lock(self) -> Path:
        """Held by the one keeper; its text is the keeper's process id."""
        return self.path / "keeper.lock"

    @property
    def socket(self) -> Path:
        """Where the keeper listens."""
        return self.path / "hall.sock"

    @property
    def numbers(self) -> Path:
        """The high-water mark: numbers that may have been given out."""
        return self.path / "numbers.json"

    @property
    def suspect(self) -> Path:
        """There while damage was met and every page is still to be checked."""
        return self.path / "check"

    @property
    def snapshots(self) -> Path:
        """The newest consistent copies of the database."""
        return self.path / "snapshots"

    @property
    def damaged(self) -> Path:
        """Files that were put aside, untouched, for a technician."""
        return self.path / "damaged"

    def prepare(self) -> None:
        """Create the folder (mode 0700) and prove that it can be written.

        Raises StorageReadOnly, naming the path, when it cannot; StorageFull when the disk is full.
        """
        probe = self.path / ".writable"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.snapshots.mkdir(mode=0o700, exist_ok=True)
            os.close(os.open(probe, os.O_WRONLY | os.O_CREAT, 0o600))
            # Another that starts at the same moment may have removed it already.
            probe.unlink(missing_ok=True)
        except OSError as error:
            raise storage_trouble(error, self.path) from error


READ_ONLY_ERRORS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_trouble(error: OSError, path: Path) -> Trouble:
    """The hall's error for an operating system's error on ``path``; one of the hall's own stays itself."""
    if isinstance(error, Trouble):
        return error
    if error.errno in READ_ONLY_ERRORS:
        return StorageReadOnly(path=str(path))
    if error.errno in FULL_ERRORS:
        return StorageFull(path=str(path))
    return StorageFailed(why=f"{path}: {error.strerror or error}")

"""The few things that the store asks of a disk, one system call each, so that a test can fail any of them.

All that matters for a power cut is visible here: bytes are safe after ``sync`` of their file, and a name
(new, renamed, gone) is safe after ``sync_folder`` of its folder. :mod:`.files` builds on this what the store
uses; nothing else in the package touches the file system.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from halldrivers.scanstore.errors import DiskBroken, DiskFull, FolderDenied, StoreBusy, StoreError

FILE_MODE, FOLDER_MODE = 0o600, 0o700
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMLINK})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ELOOP})


@dataclass(frozen=True, slots=True)
class Entry:
    """What lies under a name."""

    size: int
    """Bytes; 0 for a folder."""
    is_folder: bool
    is_file: bool
    """False for both: a link, a pipe or the like, which the store never made."""
    changed_ms: int
    """By the machine's clock, which may have been wrong."""


class Disk(Protocol):
    """A disk. Everything raises OSError."""

    def create(self, path: Path) -> int:
        """Open a new file for this user alone; FileExistsError when there is one."""

    def reopen(self, path: Path) -> int:
        """Open a file to overwrite its bytes in their place."""

    def write(self, file: int, data: bytes) -> int:
        """Write some of the bytes; answers how many."""

    def sync(self, file: int) -> None:
        """Return once the file's bytes are on the disk."""

    def close(self, file: int) -> None:
        """Close it."""

    def rename(self, old: Path, new: Path) -> None:
        """Put a name in the place of another at once."""

    def unlink(self, path: Path) -> None:
        """Delete a file."""

    def make_folder(self, path: Path) -> None:
        """Make a folder for this user alone."""

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""

    def sync_folder(self, path: Path) -> None:
        """Return once the folder's names are on the disk."""

    def read(self, path: Path, most: int) -> bytes:
        """The file's bytes, at most so many."""

    def names(self, path: Path) -> list[str]:
        """What a folder holds, sorted."""

    def look(self, path: Path) -> Entry | None:
        """What lies under a name; None for nothing. Links are not followed."""

    def free(self, path: Path) -> int:
        """Bytes that this user may still write."""

    def claim(self, folder: Path) -> None:
        """Make a folder this user's alone: owner and mode; PermissionError when it is another's."""

    def hold(self, path: Path) -> Callable[[], None]:
        """Take a lock file until the answer is called; BlockingIOError when another process has it."""


class PosixDisk:
    """The machine's own disk."""

    def create(self, path: Path) -> int:
        """See :class:`Disk`."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)

    def reopen(self, path: Path) -> int:
        """See :class:`Disk`."""
        return os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)

    def write(self, file: int, data: bytes) -> int:
        """See :class:`Disk`."""
        return os.write(file, data)

    def sync(self, file: int) -> None:
        """See :class:`Disk`."""
        os.fsync(file)

    def close(self, file: int) -> None:
        """See :class:`Disk`."""
        os.close(file)

    def rename(self, old: Path, new: Path) -> None:
        """See :class:`Disk`."""
        os.rename(old, new)

    def unlink(self, path: Path) -> None:
        """See :class:`Disk`."""
        os.unlink(path)

    def make_folder(self, path: Path) -> None:
        """See :class:`Disk`."""
        os.mkdir(path, FOLDER_MODE)

    def remove_folder(self, path: Path) -> None:
        """See :class:`Disk`."""
        os.rmdir(path)

    def sync_folder(self, path: Path) -> None:
        """See :class:`Disk`."""
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read(self, path: Path, most: int) -> bytes:
        """See :class:`Disk`."""
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            return file.read(most)

    def names(self, path: Path) -> list[str]:
        """See :class:`Disk`."""
        return sorted(os.listdir(path))

    def look(self, path: Path) -> Entry | None:
        """See :class:`Disk`."""
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return None
        is_folder = stat.S_ISDIR(found.st_mode)
        is_file = stat.S_ISREG(found.st_mode)
        return Entry(0 if is_folder else found.st_size, is_folder, is_file, found.st_mtime_ns // 1_000_000)

    def free(self, path: Path) -> int:
        """See :class:`Disk`."""
        found = os.statvfs(path)
        return found.f_bavail * found.f_frsize

    def claim(self, folder: Path) -> None:
        """See :class:`Disk`."""
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(errno.EACCES, "not a folder of this user", str(folder))
        if stat.S_IMODE(found.st_mode) != FOLDER_MODE:
            os.chmod(folder, FOLDER_MODE)

    def hold(self, path: Path) -> Callable[[], None]:
        """See :class:`Disk`."""
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            os.close(file)
            raise
        return lambda: os.close(file)


@contextlib.contextmanager
def told(what: Path) -> Iterator[None]:
    """Turn the operating system's errors into the store's, with the path as their detail."""
    try:
        yield
    except StoreError:
        raise
    except BlockingIOError as error:
        raise StoreBusy(str(what)) from error
    except OSError as error:
        detail = f"{what}: {error.strerror or type(error).__name__}"
        if error.errno in _FULL:
            raise DiskFull(detail) from error
        if error.errno in _DENIED:
            raise FolderDenied(detail) from error
        raise DiskBroken(detail) from error

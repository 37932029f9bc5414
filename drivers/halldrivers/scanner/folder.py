"""A machine that scans into a folder: over SMB or FTP, or from a stick. The folder is on this machine.

Files are moved, never copied and never deleted: taken ones by one rename into the scan's own folder (over two
file systems: copied, written through, then the source is removed), the others by one rename into
``set-aside`` below the watched folder. Only a document whose pages are all kept is removed
(:mod:`.documents`). A file that waits before a scan begins may be another person's paper, so it is never a
page of that scan.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from halldrivers.scanner.errors import ScanDiskFull, ScanFolderAbsent, ScanFolderDenied, ScanStoreUnusable
from halldrivers.scanner.outcome import ScannedPage
from halldrivers.scanner.pagefile import SUFFIX_OF, Content, FileReader, content_of
from halldrivers.scanner.scanfolder import page_at
from halldrivers.scanner.watched import Decision, Reason, Seen, is_ignored

SET_ASIDE = "set-aside"
MOST_NAME_BYTES = 200
MOST_LISTED = 1000
"""Entries looked at in one go; the rest come when these are gone."""


class WatchedFolder:
    """The file system's side of a watched folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.set_aside = 0
        """Files set aside since the last scan began."""

    def check(self) -> None:
        """Raise ScanFolderAbsent or ScanFolderDenied unless files can be taken out of it."""
        if not self.folder.is_dir():
            raise ScanFolderAbsent(str(self.folder))
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise ScanFolderDenied(str(self.folder))

    def listing(self) -> list[Seen]:
        """What lies in it now, directories and systems' files left out."""
        try:
            with os.scandir(self.folder) as entries:
                return list(self._seen(entries))
        except FileNotFoundError as error:
            raise ScanFolderAbsent(str(self.folder)) from error
        except PermissionError as error:
            raise ScanFolderDenied(str(self.folder)) from error
        except OSError as error:
            raise ScanFolderAbsent(f"{self.folder}: {error.strerror}") from error

    def _seen(self, entries: Iterator[os.DirEntry[str]]) -> Iterator[Seen]:
        count = 0
        for entry in entries:
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone between the listing and the look
            if stat.S_ISDIR(found.st_mode) or is_ignored(entry.name):
                continue
            yield Seen(
                entry.name, found.st_ino, found.st_size, found.st_mtime_ns, stat.S_ISREG(found.st_mode)
            )
            count += 1
            if count == MOST_LISTED:
                return

    def inspect(self, seen: Seen) -> Content | None:
        """What a file is; None when it cannot be read."""
        try:
            fd = os.open(self.folder / seen.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        with open(fd, "rb"):
            content = content_of(FileReader(fd))
            return replace(content, is_whole=content.is_whole and not _is_being_written(fd))

    def take(self, seen: Seen, into: Path, number: int) -> ScannedPage | None:
        """Move a file into our own folder as a page; if it changed meanwhile, set it aside: None.

        Raises ScanFolderDenied, ScanDiskFull or ScanStoreUnusable, and the file is where it was.
        """
        coming = into / f"page-{number:04d}.coming"
        try:
            self._move(seen, coming)
        except FileNotFoundError:
            return None  # its writer took it back
        except PermissionError as error:
            raise ScanFolderDenied(f"{self.folder / seen.name}") from error
        except OSError as error:
            coming.unlink(missing_ok=True)  # half a copy: the file itself is where it was
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise (ScanDiskFull if full else ScanStoreUnusable)(f"{into}: {error.strerror}") from error
        page = page_at(coming, number)
        now = coming.stat()
        if page is None or (now.st_size, now.st_mtime_ns) != (seen.size, seen.mtime_ns):
            self._set_aside(coming, seen.name, Reason.CHANGED)
            return None
        path = coming.with_suffix(SUFFIX_OF[page.media_type])
        coming.rename(path)
        return ScannedPage(path, page.sha256, page.media_type, page.size_bytes, number)

    def _move(self, seen: Seen, coming: Path) -> None:
        source = self.folder / seen.name
        try:
            source.rename(coming)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(fd, "rb") as old, open(coming, "xb") as new:
                shutil.copyfileobj(old, new)
                os.fsync(new.fileno())
            shutil.copystat(source, coming)
            source.unlink()

    def put_aside(self, decision: Decision) -> None:
        """Move a file into ``set-aside``, the reason before its name."""
        assert decision.reason is not None
        self._set_aside(self.folder / decision.seen.name, decision.seen.name, decision.reason)

    def is_as(self, seen: Seen) -> bool:
        """Whether the file is there still, and as it was."""
        return _is_as(self.folder / seen.name, seen)

    def set_apart(self, seen: Seen) -> Path | None:
        """Move a document whose pages are known out of its writer's reach; None if it has changed.

        Raises ScanFolderDenied, and it is where it was.
        """
        if not self.is_as(seen):
            return None
        apart = self._moved(self.folder / seen.name, seen.name, Reason.TAKING)
        if apart is not None and not _is_as(apart, seen):
            self._set_aside(apart, seen.name, Reason.CHANGED)
            return None
        return apart

    def _set_aside(self, source: Path, name: str, reason: Reason) -> None:
        if self._moved(source, name, reason) is not None:
            self.set_aside += 1

    def _moved(self, source: Path, name: str, reason: Reason) -> Path | None:
        """Where it is now; None when its writer took it back."""
        aside = self.folder / SET_ASIDE
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            target = _free_name(aside, f"{reason}--{name}")
            try:
                source.rename(target)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.move(source, target)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ScanFolderDenied(f"{source}: {error.strerror}") from error
        return target


def _is_as(path: Path, seen: Seen) -> bool:
    try:
        now = path.lstat()
    except OSError:
        return False
    return (now.st_ino, now.st_size, now.st_mtime_ns) == (seen.inode, seen.size, seen.mtime_ns)


def _free_name(folder: Path, name: str) -> Path:
    """A name that is not there yet; only we write here."""
    # Its end is kept where it is too long for a file system with its reason before it.
    reason, _, rest = name.partition("--")
    short = f"{reason}--{os.fsdecode(os.fsencode(rest)[-MOST_NAME_BYTES:])}"
    path, number = folder / short, 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{short}.{number}"
    return path


def _is_being_written(fd: int) -> bool:
    """Whether somebody has the file open for writing, where the kernel tells us.

    A read lease is given only when nobody has (fcntl(2)), and only for files of our own user or with
    CAP_LEASE; for others the steady size must do. Whoever opens it while we hold the lease waits until we
    let go, which we do at once; the signal that tells us so would end the process by default, so another
    one is named.
    """
    try:
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False

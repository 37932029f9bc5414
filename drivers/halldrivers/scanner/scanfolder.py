"""The private folder of a scanner, and below it that of each scan, which its pages come into."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from halldrivers.scanner.airscanconf import PREFIX as CONFIG_PREFIX
from halldrivers.scanner.errors import ScanStoreUnusable
from halldrivers.scanner.outcome import ScannedPage
from halldrivers.scanner.pagefile import SUFFIX_OF, FileReader, content_of

PREFIX = "scan-"
PART, WHOLE = ".part", ".whole"
"""Ends of the name of a folder with the pages of one document: all of them count, once it is whole."""


def make_work_dir(work_dir: Path) -> None:
    """Make it if need be; raises ScanStoreUnusable."""
    try:
        work_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ScanStoreUnusable(f"{work_dir}: {error.strerror}") from error


def new_scan_folder(work_dir: Path) -> Path:
    """A fresh folder of mode 0700 below ``work_dir``, which is made if need be; raises ScanStoreUnusable."""
    make_work_dir(work_dir)
    try:
        return Path(tempfile.mkdtemp(prefix=PREFIX, dir=work_dir))
    except OSError as error:
        raise ScanStoreUnusable(f"{work_dir}: {error.strerror}") from error


def remove_if_empty(folder: Path) -> Path | None:
    """The folder, or None once it is gone because nothing is in it."""
    try:
        folder.rmdir()
    except OSError:
        return folder
    return None


def left_over(work_dir: Path) -> tuple[Path, ...]:
    """Folders of scans that a killed process left, with whole pages that nobody took.

    Half pages and configurations are removed, and what was on its way is brought to
    its end. Only for whoever knows that nobody scans in ``work_dir``.
    """
    for config in work_dir.glob(f"{CONFIG_PREFIX}*"):
        shutil.rmtree(config, ignore_errors=True)
    folders = []
    for folder in sorted(work_dir.glob(f"{PREFIX}*")):
        if folder.is_dir() and not folder.is_symlink():
            for whole in folder.glob(f"document-*{WHOLE}"):
                keep_document(whole)
            for half in folder.glob(f"*{PART}"):
                shutil.rmtree(half) if half.is_dir() else half.unlink()
            for coming in folder.glob("*.coming"):
                _end_coming(coming)
            if remove_if_empty(folder):
                folders.append(folder)
    return tuple(folders)


def keep_document(whole: Path) -> None:
    """Bring the pages of a whole document to the others of its scan, on the disk for good."""
    for page in sorted(whole.iterdir()):
        page.rename(whole.parent / page.name)
    whole.rmdir()
    write_through(whole.parent)


def write_through(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _end_coming(coming: Path) -> None:
    """A page that was cut between two of its names: kept if it is whole, or it would be lost."""
    page = page_at(coming, 0)
    if page is None:
        coming.unlink(missing_ok=True)  # half a copy: its source is where it was
    else:
        coming.rename(coming.with_suffix(SUFFIX_OF[page.media_type]))


def page_at(path: Path, number: int) -> ScannedPage | None:
    """The page in a file, or None if it is not a whole one."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        reader = FileReader(fd)
        content = content_of(reader)
        if not content.is_whole:
            return None
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return ScannedPage(path, digest, content.media_type, reader.size, number)


def free_bytes_at(path: Path) -> int:
    """Bytes that an ordinary user may still write there."""
    room = os.statvfs(path)
    return room.f_bavail * room.f_frsize

"""Files that are either wholly there or not at all, whatever the power does.

The order is the one that POSIX file systems need: write a temporary file, fsync it, rename it over
the name, fsync the folder (facts: durability 2.6). A rename without the folder's fsync may be undone
by a power cut.
"""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make a file's bytes durable. Raises OSError. Never for a database that SQLite has open here.

    Closing any descriptor of an open database drops this process's POSIX locks on it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file by ``data``, durably; a reader sees the old bytes or the new ones. Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(temporary, path)
    sync_folder(path.parent)


def move_into_place(temporary: Path, path: Path) -> None:
    """Give a finished file its name, durably. Raises OSError."""
    sync_file(temporary)
    os.replace(temporary, path)
    sync_folder(path.parent)

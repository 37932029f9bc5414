"""Erasing a folder so that nothing in it can be read again: the key first, the rest is then noise."""

from __future__ import annotations

import contextlib
from pathlib import Path

from halldrivers.scanstore.errors import StoreError
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.layout import KEY

_KEY_MOST = 4096
"""Bytes that are blanked; ours has 32, and what a stranger called a key is not worth more."""


def erase_key(files: Files, folder: Path) -> None:
    """Blank the session's key in its place and delete it, durably; harmless when it is not there."""
    path = folder / KEY
    entry = files.look(path)
    if entry is None:
        return
    if entry.is_file:
        # A disk that copies on write may have no room for this; deleting must not fail with it.
        with contextlib.suppress(StoreError):
            files.overwrite(path, bytes(min(entry.size, _KEY_MOST)))
    files.delete(path)


def erase_tree(files: Files, folder: Path) -> None:
    """Erase a folder and all that is in it, the key of each folder first."""
    entry = files.look(folder)
    if entry is None:
        return
    if not entry.is_folder:
        files.delete(folder)
        return
    erase_key(files, folder)
    for name in files.names(folder):
        inner = files.look(folder / name)
        if inner is not None and inner.is_folder:
            erase_tree(files, folder / name)
        else:
            files.unlink(folder / name)
    files.remove_folder(folder)

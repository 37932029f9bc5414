"""Copies of the database that are consistent, whole and durable.

SQLite's backup API through the keeper's own connection: no second connection, and the keeper goes on
serving between the steps when this runs in a thread. The copy gets its name only when it is complete
and on the disk.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hallqueue.errors import BadRequest, HallError, StorageFailed
from hallqueue.paths import StateFolder, storage_trouble
from hallqueue.store.connection import storage_error
from hallqueue.store.durable import move_into_place

STEP_PAGES = 256
"""1 MiB a step: some milliseconds in which the keeper waits."""
KEPT = 3

_NAME = re.compile(r"hall-(\d{6,})\.db")


def refuse_target(folder: StateFolder, target: Path) -> None:
    """Raise BadRequest for a backup's target that would harm the hall or cannot be meant.

    Inside the state folder, under whatever name, a copy could take the place of the database itself.
    """
    if not target.is_absolute():
        raise BadRequest(why=f"备份路径要写全：{target} / the path of a backup must be absolute")
    try:
        real = target.resolve()
        inside = any(there.exists() and there.samefile(folder.path) for there in (real, *real.parents))
        own = [path for path in folder.path.iterdir() if path.is_file()]
        inside = inside or (real.exists() and any(real.samefile(path) for path in own))
        if inside:
            raise BadRequest(why=f"不能备份到数据目录里：{target} / a backup cannot lie in the state folder")
        if real.is_dir():
            raise BadRequest(why=f"备份目标是目录：{target} / the target is a folder, name a file in it")
    except (OSError, RuntimeError) as error:
        if isinstance(error, HallError):
            raise
        raise StorageFailed(why=f"{target}: {error}") from error


def copy_database(source: sqlite3.Connection, target: Path, pause: Callable[[], None] | None = None) -> int:
    """A consistent copy of ``source`` at ``target``; answers its bytes.

    ``pause`` is called between steps. Raises StorageFull, StorageReadOnly or StorageFailed, and then
    ``target`` is as it was before.
    """
    temporary = target.with_name(target.name + ".new")
    try:
        try:
            _fill(source, temporary, pause)
            move_into_place(temporary, target)
        except sqlite3.Error as error:
            raise storage_error(error, target) from error
        except OSError as error:
            raise storage_trouble(error, target) from error
    except BaseException:
        for left in (temporary, temporary.with_name(temporary.name + "-journal")):
            # The folder itself may be gone (a stick pulled out); the first error is the one to tell.
            with suppress(OSError):
                left.unlink(missing_ok=True)
        raise
    return target.stat().st_size


def _fill(source: sqlite3.Connection, temporary: Path, pause: Callable[[], None] | None) -> None:
    temporary.unlink(missing_ok=True)
    copy = sqlite3.connect(temporary, isolation_level=None, check_same_thread=False)
    file = os.open(temporary, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # SQLite would sync the whole copy in the last step, and hold the keeper's connection meanwhile.
        copy.execute("PRAGMA synchronous = OFF")

        def step(status: int, remaining: int, total: int) -> None:
            # What is written goes to the disk piece by piece: a commit that had to wait for all of it at
            # the end waited 0.2 s with 500 MB.
            os.fdatasync(file)
            if pause is not None and remaining:
                pause()

        source.backup(copy, pages=STEP_PAGES, progress=step)
        # The copy inherits WAL mode; as a plain file it is one file and needs nothing beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
        os.close(file)  # after SQLite: closing it drops this process's locks on the copy


def snapshots(folder: StateFolder) -> list[Path]:
    """The snapshots, newest first: by their rising number, for the clock may jump."""
    found = [(int(match[1]), path) for path, match in _named(folder)]
    return [path for _, path in sorted(found, reverse=True)]


def _named(folder: StateFolder) -> list[tuple[Path, re.Match[str]]]:
    if not folder.snapshots.is_dir():
        return []
    pairs = ((path, _NAME.fullmatch(path.name)) for path in folder.snapshots.iterdir())
    return [(path, match) for path, match in pairs if match is not None]


def take_snapshot(
    source: sqlite3.Connection, folder: StateFolder, pause: Callable[[], None] | None = None
) -> Path:
    """Add the newest snapshot and drop those beyond :data:`KEPT`. Raises like copy_database."""
    earlier = snapshots(folder)
    number = int(_NAME.fullmatch(earlier[0].name)[1]) + 1 if earlier else 1  # type: ignore[index]
    path = folder.snapshots / f"hall-{number:06d}.db"
    copy_database(source, path, pause)
    for old in snapshots(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return path

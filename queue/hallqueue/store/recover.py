"""Going on after the database was damaged, lost or rolled back.

Nothing is repaired in place. The damaged files are put aside untouched, the newest snapshot that
passes SQLite's full check takes their place (or an empty database), a new epoch begins and the
counters go on behind the high-water mark, so no number of the day is given out twice. What may be
lost is said loudly: in the log, in the :class:`RecoveryReport` and in the database itself.

A full disk or a read-only folder is not damage and never leads here.
"""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from hallqueue.errors import StorageDamaged, StorageNewer
from hallqueue.paths import StateFolder, storage_trouble
from hallqueue.store import schema
from hallqueue.store.backup import snapshots
from hallqueue.store.connection import connect, connect_to_read
from hallqueue.store.durable import move_into_place, sync_folder
from hallqueue.store.health import pages_are_sound


class Loss(StrEnum):
    """Why a new epoch began."""

    CREATED = "created"
    """Not a loss: the first epoch of a hall."""
    DAMAGED = "damaged"
    LOST = "lost"
    ROLLED_BACK = "rolled_back"


SKIPPED = 500
"""Numbers skipped a line and day when nothing says which were given out: more than most days have."""

_ZH = {
    Loss.DAMAGED: "数据库损坏，原文件已移到 {aside}。",
    Loss.LOST: "数据库文件不见了。",
    Loss.ROLLED_BACK: "数据库比已发出的号旧（存储卡回退或被换成旧文件）。",
}
_EN = {
    Loss.DAMAGED: "The database was damaged; its files were put aside in {aside}.",
    Loss.LOST: "The database file was gone.",
    Loss.ROLLED_BACK: "The database is older than numbers that were given out (a card that rolled back,"
    " or an older file put in its place).",
}


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What happened, what was put in its place, and what may be missing."""

    loss: Loss
    at_ms: int
    aside: str
    """Folder with the damaged files, or empty."""
    snapshot: str
    """Name of the snapshot that was restored, or empty."""
    epoch: str
    previous_epoch: str
    """The epoch of the restored database; empty after starting anew."""
    known_until_ms: int
    """Time of the last event that is still there; 0 when none is."""
    numbers_known: bool = True
    """Whether the high-water mark could be read; without it the numbers of the day are guesswork."""

    @property
    def zh(self) -> str:
        """For people: what happened and what to do."""
        what = _ZH.get(self.loss, "").format(aside=self.aside)
        if self.known_until_ms:
            rest = f"{_clock(self.known_until_ms)} 之后的取号、叫号和评价可能丢失。"
        else:
            rest = "以前的记录可能全部丢失。"
        if self.numbers_known:
            number = "号码不会重复"
        else:
            number = f"号码记录也读不出，各队列已跳过{SKIPPED}个号，当天的号码仍可能与已发出的重复"
        return f"{what}已继续服务，{number}；{rest}请技术员检查存储卡，保留原文件并与县里核对。"

    @property
    def en(self) -> str:
        """The same in English."""
        what = _EN.get(self.loss, "").format(aside=self.aside)
        if self.known_until_ms:
            rest = f"tickets, calls and ratings after {_clock(self.known_until_ms)} may be lost"
        else:
            rest = "all earlier records may be lost"
        if self.numbers_known:
            number = "no number is repeated"
        else:
            number = (
                "the number marks cannot be read either: each line skipped"
                f" {SKIPPED} numbers, and numbers of the day may still be repeated"
            )
        return (
            f"{what} The hall goes on and {number}; {rest}."
            " Technician: check the card, keep the files, compare with the county."
        )


def _clock(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def create(folder: StateFolder) -> None:
    """An empty database with this version's schema: wholly there, or not at all. Raises a Trouble."""
    temporary = folder.path / "hall.db.new"
    try:
        _clear(temporary)
        connection = connect(temporary)
        try:
            schema.migrate(connection)
        finally:
            connection.close()
        move_into_place(temporary, folder.database)
    except OSError as error:
        raise storage_trouble(error, folder.path) from error


def replace_damaged(folder: StateFolder, now_ms: int) -> tuple[str, str]:
    """Put what is there aside and the newest good snapshot (or an empty database) in its place.

    Answers the folder with the old files (empty when there were none) and the snapshot's name (empty
    when none was good). The new file is ready before the old one moves, so a full disk changes nothing.
    """
    restored = ""
    temporary = folder.path / "hall.db.new"
    try:
        for snapshot in snapshots(folder):
            if is_good(snapshot):
                _clear(temporary)
                shutil.copyfile(snapshot, temporary)
                restored = snapshot.name
                break
        aside = put_aside(folder, now_ms)
        if restored:
            move_into_place(temporary, folder.database)
    except OSError as error:
        _clear(temporary)
        raise storage_trouble(error, folder.path) from error
    if not restored:
        create(folder)
    return aside, restored


def is_good(snapshot: Path) -> bool:
    """Whether a snapshot is a whole database of a version that we know."""
    try:
        connection = connect_to_read(snapshot, alone=True)
        try:
            schema.refuse_newer(connection)
            return bool(schema.applied(connection)) and pages_are_sound(connection, whole=True)
        finally:
            connection.close()
    except (sqlite3.Error, StorageDamaged, StorageNewer):
        return False


def put_aside(folder: StateFolder, now_ms: int) -> str:
    """Move the database's files, untouched, to ``damaged/TIME``; answers that folder. Raises OSError."""
    there = [path for path in folder.database_files if path.exists()]
    if not there:
        return ""
    stamp = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder.damaged / stamp
    count = 1
    while target.exists():
        count += 1
        target = folder.damaged / f"{stamp}-{count}"
    target.mkdir(mode=0o700, parents=True)
    for path in there:
        path.rename(target / path.name)
    sync_folder(target)
    sync_folder(folder.path)
    return str(target)


def _clear(temporary: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)

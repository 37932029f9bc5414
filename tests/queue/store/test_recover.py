"""A damaged, lost or rolled-back database: the hall goes on, says so, and repeats no number."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import StorageNewer, StorageReadOnly
from hallqueue.paths import StateFolder
from hallqueue.store.health import Finding, examine
from hallqueue.store.highwater import BLOCK, read_marks
from hallqueue.store.recover import Loss
from hallqueue.verify import verify


def numbers(hall: Any) -> list[str]:
    rows = hall.store.connection.execute("SELECT number FROM ticket ORDER BY id").fetchall()
    return [row[0] for row in rows]


def spoil(hall: Any, size: int) -> None:
    """Cut the database's file, as a card does, after the keeper ended in order."""
    hall.close()
    with hall.folder.database.open("r+b") as file:
        file.truncate(size if size >= 0 else hall.folder.database.stat().st_size + size)


@pytest.mark.parametrize("size", [0, 1, 60, 100, 512, 4095, 4096, 8192, 40_000, -4096, -1])
def test_a_truncated_database_is_put_aside_and_a_new_epoch_begins(
    hall: Any, open_hall: Any, size: int
) -> None:
    first, epoch = hall.do("issue", "social").ticket, hall.store.head.epoch
    spoil(hall, size)
    left = hall.folder.database.read_bytes()
    again = open_hall()
    report = again.store.recovery
    assert report.loss is Loss.DAMAGED
    assert (Path(report.aside) / "hall.db").read_bytes() == left
    assert again.store.head.epoch not in ("", epoch)
    again.open_all()
    second = again.do("issue", "social").ticket
    assert int(second.number[1:]) > int(first.number[1:])
    assert second.ticket > first.ticket
    again.close()
    assert verify(again.folder.database).is_clean


@pytest.mark.parametrize("noise", [b"", b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 9000, b"hello" * 3000])
def test_a_file_that_is_no_database_is_put_aside(hall: Any, open_hall: Any, noise: bytes) -> None:
    hall.do("issue", "social")
    hall.close()
    hall.folder.database.write_bytes(noise)
    assert open_hall().store.recovery.loss is Loss.DAMAGED


def test_the_newest_good_snapshot_takes_the_place_of_a_damaged_database(hall: Any, open_hall: Any) -> None:
    hall.busy(1, 60)
    hall.store.snapshot_now()
    known, epoch = numbers(hall), hall.store.head.epoch
    kept = hall.store.head
    hall.busy(2, 60)
    lost = set(numbers(hall)) - set(known)
    spoil(hall, 30_000)
    again = open_hall()
    report = again.store.recovery
    assert (report.snapshot, report.previous_epoch, report.known_until_ms) == (
        "hall-000001.db",
        epoch,
        kept.at_ms,
    )
    assert numbers(again) == known
    again.busy(3, 100)
    new = set(numbers(again)) - set(known)
    assert new and lost and not new & lost
    again.close()
    proof = verify(again.folder.database)
    assert proof.findings == ()
    assert proof.counts["epochs"] == 2


def test_a_bad_snapshot_is_passed_over_for_an_older_good_one(hall: Any, open_hall: Any) -> None:
    hall.busy(1, 40)
    hall.store.snapshot_now()
    known = numbers(hall)
    hall.busy(2, 40)
    newest = hall.store.snapshot_now()
    newest.write_bytes(newest.read_bytes()[:-4096])
    spoil(hall, 10_000)
    again = open_hall()
    assert again.store.recovery.snapshot == "hall-000001.db"
    assert numbers(again) == known


def test_a_database_that_vanished_counts_as_lost(hall: Any, open_hall: Any) -> None:
    issued = hall.do("issue", "social").ticket
    hall.close()
    hall.folder.database.unlink()
    again = open_hall()
    assert again.store.recovery.loss is Loss.LOST
    again.open_all()
    assert int(again.do("issue", "social").ticket.number[1:]) == BLOCK + int(issued.number[1:])


def test_an_older_database_put_in_place_is_noticed_though_it_is_sound(
    hall: Any, open_hall: Any, tmp_path: Path
) -> None:
    hall.do("issue", "social")
    hall.store.backup_to(tmp_path / "old.db")
    while len(numbers(hall)) < BLOCK + 5:
        hall.do("issue", "social")
    given, epoch = set(numbers(hall)), hall.store.head.epoch
    hall.close()
    shutil.copyfile(tmp_path / "old.db", hall.folder.database)
    again = open_hall()
    assert again.store.recovery.loss is Loss.ROLLED_BACK
    assert again.store.head.epoch != epoch
    again.open_all()
    assert again.do("issue", "social").ticket.number not in given


def test_the_report_says_what_may_be_lost_and_what_to_do_in_both_languages(hall: Any, open_hall: Any) -> None:
    hall.busy(1, 20)
    hall.store.snapshot_now()
    spoil(hall, 10_000)
    report = open_hall().store.recovery
    assert "数据库损坏" in report.zh and "可能丢失" in report.zh and "2026-03-02" in report.zh
    assert report.aside in report.zh
    assert "may be lost" in report.en and "2026-03-02" in report.en


def test_a_block_of_numbers_is_on_file_before_one_of_it_is_given_out(hall: Any) -> None:
    name = f"number/{hall.state.day}/A"
    assert name not in (read_marks(hall.folder.numbers) or _none()).counters
    hall.store.begin()
    assert hall.store.counters.take(name) == 1
    marks = read_marks(hall.folder.numbers)
    hall.store.rollback()
    assert marks is not None
    assert marks.counters[name] == BLOCK
    assert (marks.epoch, marks.seq) == (hall.store.head.epoch, hall.store.head.seq)


def _none() -> Any:
    from hallqueue.store.highwater import Marks

    return Marks()


def test_an_ordinary_restart_skips_no_number(hall: Any, open_hall: Any) -> None:
    hall.do("issue", "social")
    hall.close()
    again = open_hall()
    assert again.do("issue", "social").ticket.number == "A002"


def test_marks_of_days_long_past_are_dropped(hall: Any) -> None:
    for _ in range(6):
        hall.open_all()
        hall.do("issue", "social")
        hall.next_day()
    marks = read_marks(hall.folder.numbers)
    assert marks is not None
    assert len([name for name in marks.counters if name.startswith("number/")]) == 3


def test_after_a_kill_in_the_same_boot_the_pages_are_trusted_after_a_power_cut_checked(
    hall: Any, tmp_path: Path
) -> None:
    hall.busy(1, 150)
    hall.store.checkpoint()
    image = StateFolder(tmp_path / "image")
    image.prepare()
    for source, target in zip(hall.folder.database_files, image.database_files, strict=True):
        shutil.copyfile(source, target)
    data = bytearray(image.database.read_bytes())
    page = hall.store.connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'request'"
    ).fetchone()[0]
    data[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    image.database.write_bytes(bytes(data))
    assert examine(image, "boot-1") is Finding.SOUND
    assert examine(image, "boot-2") is Finding.DAMAGED


def test_a_database_from_a_newer_version_is_refused_and_not_touched(hall: Any, open_hall: Any) -> None:
    hall.close()
    with closing(sqlite3.connect(hall.folder.database)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('hall', '0999_x', '')"
        )
        connection.commit()
    before = hall.folder.database.read_bytes()
    with pytest.raises(StorageNewer, match="0999_x"):
        open_hall()
    assert hall.folder.database.read_bytes() == before
    assert not hall.folder.damaged.exists()


READ_ONLY = """
import os, sys
from pathlib import Path
from hallqueue.clock import SystemClock
from hallqueue.errors import StorageReadOnly
from hallqueue.store.lock import KeeperLock
from hallqueue.paths import StateFolder
from hallqueue.store.store import Store
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
folder = StateFolder(Path(sys.argv[1]))
for attempt in (lambda: KeeperLock(folder), lambda: Store.open(folder, SystemClock(), lambda: "e")):
    try:
        attempt()
    except StorageReadOnly as error:
        print(error)
"""


def run(script: str, *values: object, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, values)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


def test_a_folder_that_cannot_be_written_is_a_clear_error_that_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.getuid() and path.is_relative_to(tmp_path.parent.parent):
            path.chmod(0o755)
    folder.chmod(0o555)
    done = run(READ_ONLY, folder)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all("S-02" in line and str(folder) in line for line in lines)
    assert list(folder.iterdir()) == []


def test_a_read_only_folder_is_not_taken_for_damage(hall: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.close()
    monkeypatch.setattr(os, "open", _refuse)
    with pytest.raises(StorageReadOnly):
        hall.folder.prepare()
    assert not hall.folder.damaged.exists()


def _refuse(*values: object, **named: object) -> int:
    raise OSError(30, "Read-only file system")

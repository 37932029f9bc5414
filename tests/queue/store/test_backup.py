"""Snapshots and backups are whole, consistent and few."""

from __future__ import annotations

import resource
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import StorageFailed, StorageFull
from hallqueue.store import backup
from hallqueue.verify import verify


def test_a_backup_is_one_file_that_verifies(hall: Any, tmp_path: Path) -> None:
    hall.busy(1, 100)
    size = hall.store.backup_to(tmp_path / "usb.db")
    assert size == (tmp_path / "usb.db").stat().st_size
    assert not list(tmp_path.glob("usb.db?*"))
    report = verify(tmp_path / "usb.db")
    assert report.is_clean
    assert report.counts["events"] == hall.store.head.seq


def test_a_backup_taken_while_the_keeper_writes_is_consistent(
    hall: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STEP_PAGES", 8)
    hall.busy(1, 100)
    steps = threading.Semaphore(0)
    go_on = threading.Semaphore(0)

    def pause() -> None:
        steps.release()
        assert go_on.acquire(timeout=20)

    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(hall.store.backup_to(tmp_path / "b.db", pause)))
    thread.start()
    assert steps.acquire(timeout=20)
    hall.busy(2, 50)
    go_on.release(10_000)
    thread.join(timeout=20)
    assert done
    assert verify(tmp_path / "b.db").is_clean


def test_the_newest_three_snapshots_stay(hall: Any) -> None:
    for _ in range(5):
        hall.do("issue", "social")
        hall.store.snapshot_now()
    assert sorted(path.name for path in hall.folder.snapshots.iterdir()) == [
        "hall-000003.db",
        "hall-000004.db",
        "hall-000005.db",
    ]
    with closing(sqlite3.connect(hall.folder.snapshots / "hall-000005.db")) as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone() == (5,)


def test_a_backup_that_cannot_be_written_leaves_the_earlier_one(hall: Any, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        hall.store.backup_to(tmp_path / "no" / "such" / "folder" / "b.db")


def test_a_full_stick_is_a_clear_error_and_leaves_the_earlier_backup(hall: Any, tmp_path: Path) -> None:
    hall.store.backup_to(tmp_path / "b.db")
    before = (tmp_path / "b.db").read_bytes()
    hall.busy(1, 100)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises((StorageFull, StorageFailed)):
            hall.store.backup_to(tmp_path / "b.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "b.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.db", "state"]
    hall.busy(2, 20)

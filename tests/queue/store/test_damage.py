"""Damage that a keeper meets leads to a sound database at the next start, never to an endless loop."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import StorageDamaged, StorageFailed, StorageFull
from hallqueue.paths import storage_trouble
from hallqueue.store import recover
from hallqueue.store.health import CHECK
from hallqueue.store.highwater import Marks, read_marks
from hallqueue.store.recover import Loss

PAGE = 4096


def spoil_pages(database: Path, table: str) -> None:
    """Noise over the newest leaf pages of a table or an index."""
    query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno DESC LIMIT 4"
    with closing(sqlite3.connect(database)) as connection:
        pages = [row[0] for row in connection.execute(query, (table,))]
    with database.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(b"\x5a" * PAGE)


def issue(hall: Any, count: int) -> list[str]:
    return [hall.do("issue", "social").ticket.number for _ in range(count)]


def test_a_damaged_page_met_at_the_opening_is_recovered_from_at_once(hall: Any, open_hall: Any) -> None:
    given = issue(hall, 300)
    hall.close()
    spoil_pages(hall.folder.database, "event")
    left = hall.folder.database.read_bytes()
    again = open_hall()
    report = again.store.recovery
    assert report.loss is Loss.DAMAGED
    assert (Path(report.aside) / "hall.db").read_bytes() == left
    again.open_all()
    assert not set(issue(again, 3)) & set(given)
    assert not again.folder.suspect.exists()


def test_damage_met_while_running_is_marked_and_the_next_start_recovers_in_the_same_boot(
    hall: Any, open_hall: Any
) -> None:
    issue(hall, 300)
    connection = hall.store.connection
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil_pages(hall.folder.database, "ticket_reference")
    connection.execute("PRAGMA shrink_memory")
    connection.execute("PRAGMA cache_size = 1")
    with pytest.raises(StorageDamaged):
        issue(hall, 30)
    hall.close()
    with closing(sqlite3.connect(hall.folder.database)) as closed:
        mark = closed.execute("SELECT value FROM meta WHERE key = 'running'").fetchone()
    assert mark == (CHECK,)
    again = open_hall()
    assert again.store.recovery.loss is Loss.DAMAGED
    again.open_all()
    assert issue(again, 30)


@pytest.mark.parametrize("body", ["no json", '{"ticket":1}', '{"window":1,"clerk":"别人"}'])
def test_an_event_with_other_bytes_is_recovered_from_though_every_page_is_in_order(
    hall: Any, open_hall: Any, intruder: Any, body: str
) -> None:
    hall.close()
    intruder(hall.folder.database).run(f"UPDATE event SET body = '{body}' WHERE type = 'WindowOpened'")
    hall.folder.suspect.touch()
    assert open_hall().store.recovery.loss is Loss.DAMAGED


def test_an_event_that_cannot_be_read_at_the_replay_is_marked_for_the_next_start(
    hall: Any, open_hall: Any, intruder: Any
) -> None:
    hall.close()
    intruder(hall.folder.database).run("UPDATE event SET body = 'noise' WHERE type = 'WindowOpened'")
    with pytest.raises(StorageDamaged):
        open_hall()
    assert open_hall().store.recovery.loss is Loss.DAMAGED


def test_a_false_alarm_costs_a_check_and_nothing_else(hall: Any, open_hall: Any) -> None:
    issue(hall, 5)
    hall.store.suspect()
    hall.close()
    again = open_hall()
    assert again.store.recovery is None
    assert issue(again, 1) == ["A006"]
    assert not again.folder.suspect.exists()


def test_a_database_rolled_back_by_a_few_tickets_gives_none_of_their_numbers_again(
    hall: Any, open_hall: Any, tmp_path: Path
) -> None:
    issue(hall, 5)
    hall.store.backup_to(tmp_path / "old.db")
    given, epoch = set(issue(hall, 60)), hall.store.head.epoch
    hall.close()
    shutil.copyfile(tmp_path / "old.db", hall.folder.database)
    again = open_hall()
    assert again.store.recovery.loss is Loss.ROLLED_BACK
    assert again.store.head.epoch != epoch
    assert not set(issue(again, 60)) & given


def test_what_was_noted_a_minute_ago_shows_a_roll_back_after_a_power_cut_too(
    hall: Any, open_hall: Any, tmp_path: Path
) -> None:
    issue(hall, 5)
    hall.store.backup_to(tmp_path / "old.db")
    issue(hall, 1)
    hall.store.note_durable()
    marks = hall.folder.numbers.read_bytes()
    hall.close()
    shutil.copyfile(tmp_path / "old.db", hall.folder.database)
    hall.folder.numbers.write_bytes(marks)
    assert open_hall().store.recovery.loss is Loss.ROLLED_BACK


def test_a_database_that_went_on_elsewhere_after_an_end_in_order_is_noticed(
    hall: Any, open_hall: Any, tmp_path: Path
) -> None:
    hall.close()
    marks = hall.folder.numbers.read_bytes() if hall.folder.numbers.exists() else b""
    assert read_marks(hall.folder.numbers) == Marks(hall.store.head.epoch, hall.store.head.seq, {}, True)
    again = open_hall()
    issue(again, 3)
    again.close()
    hall.folder.numbers.write_bytes(marks)
    assert open_hall().store.recovery.loss is Loss.ROLLED_BACK


def test_a_crash_after_an_end_in_order_is_no_roll_back(hall: Any, open_hall: Any, tmp_path: Path) -> None:
    hall.close()
    again = open_hall()
    again.do("pause_window", 1, reason="x")
    shutil.copytree(hall.folder.path, tmp_path / "cut")
    assert open_hall(path=tmp_path / "cut").store.recovery is None


def test_marks_that_cannot_be_read_are_a_clear_error(hall: Any, open_hall: Any) -> None:
    hall.close()
    hall.folder.numbers.unlink()
    hall.folder.numbers.mkdir()
    with pytest.raises(StorageFailed, match=r"numbers\.json 读不出") as caught:
        open_hall()
    assert "cannot be read" in caught.value.what_en


def test_a_full_disk_met_at_a_recovery_is_said_as_such(
    hall: Any, open_hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = StorageFull(path="x")
    assert storage_trouble(full, Path("y")) is full

    def refuse(path: Path) -> Any:
        raise full

    hall.close()
    hall.folder.database.write_bytes(b"noise")
    monkeypatch.setattr(recover, "connect", refuse)
    with pytest.raises(StorageFull):
        open_hall()

"""What the keeper does for itself: snapshots, numbers ahead, the log merged while nobody waits."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import StorageDamaged, StorageFull
from hallqueue.keeper.care import MERGE_EVENTS, SNAPSHOT_EVERY_S, Care


class StillLoop:
    """A loop's clock that tests move; tasks run on the real loop."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.tasks: list[asyncio.Task[None]] = []

    def time(self) -> float:
        return self.now_s

    def create_task(self, work: Any) -> asyncio.Task[None]:
        self.tasks.append(asyncio.get_running_loop().create_task(work))
        return self.tasks[-1]


class PaperHall:
    """Notes what it is asked for."""

    def __init__(self, day: str = "2026-03-02", opened_on: str = "2026-03-02") -> None:
        self.day, self.opened_on = day, opened_on
        self.seq = 10
        self.done: list[str] = []
        self.error: Exception | None = None

    def head(self) -> tuple[str, int]:
        return ("e", self.seq)

    def reserve_ahead(self) -> None:
        if self.error is not None:
            raise self.error

    def merge_log(self) -> None:
        self.done.append("merge")

    async def snapshot_now(self) -> None:
        if self.error is not None:
            raise self.error
        self.done.append("snapshot")


async def seconds(care: Care, loop: StillLoop, count: float = 1) -> None:
    loop.now_s += count
    care.tick()
    for task in loop.tasks:
        await task


def cared(hall: PaperHall) -> tuple[Care, StillLoop]:
    loop = StillLoop()
    return Care(hall, loop), loop  # type: ignore[arg-type]


async def test_an_hour_in_which_something_happened_ends_with_a_snapshot() -> None:
    hall = PaperHall()
    care, loop = cared(hall)
    hall.seq += 1
    await seconds(care, loop)
    assert hall.done == []
    await seconds(care, loop, SNAPSHOT_EVERY_S)
    assert hall.done == ["snapshot"]
    await seconds(care, loop, SNAPSHOT_EVERY_S)
    assert hall.done == ["snapshot"], "nothing happened since"


async def test_a_new_day_begins_with_a_snapshot_also_when_the_keeper_starts_on_it() -> None:
    hall = PaperHall(day="2026-03-03", opened_on="2026-03-02")
    care, loop = cared(hall)
    await seconds(care, loop)
    assert hall.done == ["snapshot"]
    hall.day, hall.seq = "2026-03-04", hall.seq + 1
    await seconds(care, loop)
    assert hall.done == ["snapshot"] * 2


async def test_the_first_day_of_a_hall_is_no_reason_for_a_snapshot() -> None:
    hall = PaperHall(opened_on="")
    care, loop = cared(hall)
    hall.seq += 1
    await seconds(care, loop)
    assert hall.done == []
    hall.day = "2026-03-03"
    await seconds(care, loop)
    assert hall.done == ["snapshot"]


async def test_the_log_is_merged_once_nothing_happens_any_more() -> None:
    hall = PaperHall()
    care, loop = cared(hall)
    for _ in range(3):
        hall.seq += MERGE_EVENTS
        await seconds(care, loop)
    assert hall.done == [], "people are being served"
    await seconds(care, loop)
    await seconds(care, loop)
    assert hall.done == ["merge"]


async def test_damage_that_a_snapshot_meets_is_told_by_the_next_tick() -> None:
    class Damaged(PaperHall):
        async def snapshot_now(self) -> None:
            raise StorageDamaged(path="hall.db")

    care, loop = cared(Damaged(day="2026-03-03", opened_on="2026-03-02"))
    await seconds(care, loop)
    with pytest.raises(StorageDamaged):
        care.tick()


async def test_what_cannot_be_done_now_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    hall = PaperHall(day="2026-03-03", opened_on="2026-03-02")
    care, loop = cared(hall)
    hall.error = StorageFull(path="p")
    with caplog.at_level(logging.ERROR):
        await seconds(care, loop)
    assert "no snapshot" in caplog.text
    hall.error, hall.seq = None, hall.seq + 1
    await seconds(care, loop, SNAPSHOT_EVERY_S)
    assert hall.done == ["snapshot"]


async def test_damage_is_not_passed_over() -> None:
    hall = PaperHall()
    care, loop = cared(hall)
    hall.error = StorageDamaged(path="p")
    with pytest.raises(StorageDamaged):
        await seconds(care, loop)


async def test_a_keeper_takes_a_snapshot_that_can_be_read_while_it_serves(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hallqueue.keeper.care.SNAPSHOT_EVERY_S", 0.0)
    client = house.client()
    issued = await client.issue("social", key="a")
    folder: Path = house.folder.snapshots
    async with asyncio.timeout(10):
        while not list(folder.glob("hall-*.db")):
            assert (await client.ticket(issued.ticket.number)).number == issued.ticket.number
            await asyncio.sleep(0.01)
    await house.stop()
    newest = max(folder.glob("hall-*.db"))
    with closing(sqlite3.connect(newest)) as connection:
        assert connection.execute("SELECT number FROM ticket").fetchall() == [("A001",)]


async def test_blocks_are_reserved_ahead_so_that_no_touch_waits_for_them(
    empty_house: Any, stores: list[Any]
) -> None:
    await empty_house.start()
    client = empty_house.client()
    await client.issue("social", key="first")
    high = stores[0].counters._high
    name = next(name for name in high.reserved if name.startswith("number/"))
    first_end = high.reserved[name]
    for number in range(first_end - 40):
        await client.issue("social", key=f"k{number}")
    async with asyncio.timeout(10):
        while high.reserved[name] == first_end:
            await asyncio.sleep(0.01)

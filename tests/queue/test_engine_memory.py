"""The hall in memory: keys, pushes, past days."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import KeyReused, QueueEmpty, StorageFailed, UnknownTicket
from hallqueue.memory import MemoryHall
from hallqueue.service import HallService


class HandClock:
    def __init__(self, ms: int) -> None:
        self.ms = ms

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


@pytest.fixture
def clock(at_ms: Any) -> HandClock:
    return HandClock(at_ms("2026-03-02 09:00"))


@pytest.fixture
def hall(bench: Any, clock: HandClock) -> MemoryHall:
    return MemoryHall(bench.plan, clock)


def test_it_is_a_whole_hall_service(hall: MemoryHall) -> None:
    service: HallService = hall
    operations = [name for name in vars(HallService) if not name.startswith("_")]
    assert operations and all(callable(getattr(service, name)) for name in operations)


async def test_the_same_key_gives_the_same_answer_and_one_ticket(hall: MemoryHall) -> None:
    first = await hall.issue("social", key="touch")
    assert await hall.issue("social", key="touch") == first
    assert (await hall.snapshot()).issued_today == 1


async def test_a_key_with_another_request_is_refused(hall: MemoryHall) -> None:
    await hall.issue("social", key="touch")
    with pytest.raises(KeyReused):
        await hall.issue("tax", key="touch")
    with pytest.raises(KeyReused):
        await hall.open_window(1, key="touch")


async def test_what_was_refused_may_be_asked_again_under_its_key(hall: MemoryHall) -> None:
    await hall.open_window(1, key="open", clerk="李")
    with pytest.raises(QueueEmpty):
        await hall.call_next(1, key="call")
    issued = await hall.issue("social", key="touch")
    assert (await hall.call_next(1, key="call")).ticket == issued.ticket.ticket


async def test_a_watcher_sees_the_hall_and_then_its_last_change(hall: MemoryHall) -> None:
    pushes = hall.watch()
    assert (await anext(pushes)).issued_today == 0
    for n in range(3):
        await hall.issue("social", key=f"t{n}")
    assert (await anext(pushes)).issued_today == 3
    waiting = asyncio.ensure_future(anext(pushes))
    await hall.issue("tax", key="t9")
    assert (await asyncio.wait_for(waiting, 5)).issued_today == 4
    await pushes.aclose()


async def test_a_follower_gets_every_event_in_order_and_then_the_next(hall: MemoryHall) -> None:
    await hall.issue("social", key="t1")
    lines = hall.follow(0)
    seen = [await anext(lines) for _ in range(3)]
    assert [(line.seq, line.type) for line in seen] == [
        (1, "DayOpened"),
        (2, "TicketIssued"),
        (3, "PrintQueued"),
    ]
    assert json.loads(seen[1].body)["number"] == "A001"
    waiting = asyncio.ensure_future(anext(lines))
    await hall.open_window(1, key="o")
    assert (await asyncio.wait_for(waiting, 5)).type == "WindowOpened"
    await lines.aclose()


async def test_time_passes_at_the_tick(hall: MemoryHall, clock: HandClock) -> None:
    await hall.issue("social", key="t1")
    clock.ms += 600_000
    hall.tick()
    assert [e.type for e in await hall.events(after=-1, limit=1)] == ["PrintEnded"]


async def test_tickets_of_a_past_day_are_still_found(hall: MemoryHall, clock: HandClock, at_ms: Any) -> None:
    issued = (await hall.issue("social", key="t1")).ticket
    clock.ms = at_ms("2026-03-03 09:00")
    assert await hall.tickets() == ()
    (old,) = await hall.tickets(day="2026-03-02")
    assert (old.ticket, old.state) == (issued.ticket, "void")
    assert (await hall.ticket(issued.reference)).ticket == issued.ticket
    with pytest.raises(UnknownTicket):
        await hall.ticket("A001")


async def test_tickets_are_listed_by_id_state_and_page(hall: MemoryHall) -> None:
    ids = [(await hall.issue("social", key=f"t{n}")).ticket.ticket for n in range(4)]
    await hall.void(ids[1], key="v", reason="走了")
    assert [t.ticket for t in await hall.tickets(state="waiting", after=ids[0], limit=1)] == [ids[2]]


async def test_a_backup_is_the_log(hall: MemoryHall, tmp_path: Path) -> None:
    await hall.issue("social", key="t1")
    size = await hall.backup(str(tmp_path / "log"))
    assert size == (tmp_path / "log").stat().st_size
    assert len((tmp_path / "log").read_text().splitlines()) == 3
    with pytest.raises(StorageFailed):
        await hall.backup(str(tmp_path / "no" / "log"))

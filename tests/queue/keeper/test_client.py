"""Clients outlive the keeper: kill -9, restarts, refusals, giving up."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hallqueue.client import ClientState
from hallqueue.errors import BadRequest, KeeperGone, NotAllowed
from hallqueue.syncclient import SyncHallClient
from hallqueue.views import EventLine, HallSnapshot
from hallqueue.wire.link import Backoff


def test_killed_again_and_again_nothing_acknowledged_is_lost_and_nothing_is_double(
    process: Any, until: Callable[[Callable[[], bool]], None]
) -> None:
    acknowledged: dict[str, tuple[int, str]] = {}
    stop = threading.Event()
    problems: list[BaseException] = []

    def citizen(me: int) -> None:
        try:
            with process.client("terminal") as client:
                number = 0
                while not stop.is_set():
                    number += 1
                    key = f"{me}-{number}"
                    ticket = client.issue("social", key=key).ticket
                    acknowledged[key] = (ticket.ticket, ticket.number)
        except BaseException as error:
            problems.append(error)

    crowd = [threading.Thread(target=citizen, args=(n,)) for n in range(4)]
    for one in crowd:
        one.start()
    chance = random.Random(7)
    for _ in range(5):
        goal = len(acknowledged) + chance.randint(5, 60)
        until(lambda goal=goal: len(acknowledged) >= goal or bool(problems))  # type: ignore[misc]
        process.end(signal.SIGKILL)
        process.start()
    goal = len(acknowledged) + 20
    until(lambda: len(acknowledged) >= goal or bool(problems))
    stop.set()
    for one in crowd:
        one.join(20)
    assert not problems
    with process.client() as client:
        for key, (ticket, number) in acknowledged.items():
            assert client.issue("social", key=key).ticket.ticket == ticket
            assert client.ticket(str(ticket)).number == number
        assert len({ticket for ticket, _ in acknowledged.values()}) == len(acknowledged)
        assert client.snapshot().issued_today == len(acknowledged)


async def test_a_call_waits_for_a_keeper_that_is_not_there_yet(empty_house: Any) -> None:
    client = empty_house.client()
    asked = asyncio.create_task(client.issue("social", key="k"))
    await asyncio.sleep(0.05)
    assert client.state is ClientState.WAITING
    await empty_house.start()
    assert (await asked).ticket.number == "A001"
    assert client.state is ClientState.CONNECTED


async def test_a_screen_is_told_when_the_keeper_goes_and_comes(house: Any) -> None:
    seen: list[ClientState] = []
    client = house.client(on_state=seen.append)
    await client.plan()
    await house.stop()
    await house.start()
    await client.plan()
    assert seen == [ClientState.CONNECTED, ClientState.WAITING, ClientState.CONNECTED]


async def test_a_call_gives_up_after_its_time(empty_house: Any) -> None:
    client = empty_house.client(give_up_s=0.1)
    with pytest.raises(KeeperGone, match=r"hall\.sock"):
        await client.plan()


async def test_a_watch_gives_up_only_when_asked_to(empty_house: Any) -> None:
    client = empty_house.client(watch_give_up_s=0.1)
    with pytest.raises(KeeperGone):
        async for _ in client.watch():
            pass


async def test_a_closed_client_answers_nobody_and_ends_its_subscriptions(empty_house: Any) -> None:
    client = empty_house.client()

    async def look() -> int:
        return len([snapshot async for snapshot in client.watch()])

    watching = asyncio.create_task(look())
    asked = asyncio.create_task(client.plan())
    await asyncio.sleep(0.02)
    await client.close()
    assert await watching == 0
    with pytest.raises(KeeperGone):
        await asked
    with pytest.raises(KeeperGone):
        await client.plan()


async def test_a_request_that_cannot_be_sent_harms_no_other(house: Any) -> None:
    client = house.client()
    with pytest.raises(BadRequest):
        await client.ticket("x" * 100_000)
    with pytest.raises(BadRequest):
        await client.ticket("x" * 1000)
    assert (await client.plan()).hall_id == "tx"


async def test_what_was_unanswered_is_repeated_in_order_after_a_restart(house: Any) -> None:
    client = house.client()
    await client.plan()
    await house.stop()
    asked = [asyncio.create_task(client.issue("social", key=f"k{n}")) for n in range(10)]
    await asyncio.sleep(0.02)
    await house.start()
    assert [(await one).ticket.number for one in asked] == [f"A{n:03d}" for n in range(1, 11)]


def test_the_waits_between_attempts_double_up_to_a_bound_and_jitter() -> None:
    waits = Backoff(first_s=0.1, most_s=0.4).waits(iter([0.0, 0.5, 0.5, 0.5, 0.999]).__next__)
    assert [round(next(waits), 3) for _ in range(5)] == [0.05, 0.2, 0.4, 0.4, 0.6]


def test_a_sync_client_that_is_refused_says_so_at_once(process: Any) -> None:
    with process.client("screen") as client, pytest.raises(NotAllowed):
        client.issue("social", key="k")
    with process.client("king") as client, pytest.raises(BadRequest):
        client.plan()


def test_a_sync_client_gives_up_after_its_time(tmp_path: Path) -> None:
    with SyncHallClient(tmp_path / "nobody.sock", "staff", give_up_s=0.05) as client:
        with pytest.raises(KeeperGone):
            client.plan()
        assert client.watch(0.05) is None


def test_a_sync_client_gets_pushes_beside_its_answers(process: Any) -> None:
    with process.client("printer") as printer, process.client() as staff:
        printer.start_watch()
        printer.start_follow(0)
        staff.issue("social", key="a")
        printer.plan()
        staff.issue("social", key="b")
        events: list[EventLine] = []
        newest: HallSnapshot | None = None
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            push = printer.next_push(0.2)
            if isinstance(push, EventLine):
                events.append(push)
            elif push is not None:
                newest = push
            elif newest is not None and newest.issued_today == 2:
                break
        assert [line.seq for line in events] == list(range(1, len(events) + 1))
        assert [line.type for line in events].count("TicketIssued") == 2
        assert printer.fileno() > 0


def test_a_sync_follower_continues_over_a_kill_without_a_gap(process: Any) -> None:
    with process.client("printer") as printer, process.client() as staff:
        printer.start_follow(0)
        seqs: list[int] = []
        for round_ in range(3):
            issued = [staff.issue("social", key=f"{round_}-{n}").ticket.ticket for n in range(20)]
            if round_ == 1:
                process.end()
                process.start()
            assert len(set(issued)) == 20
        last = staff.events(after=-1, limit=1)[0].seq
        while not seqs or seqs[-1] < last:
            push = printer.next_push(10)
            assert isinstance(push, EventLine)
            seqs.append(push.seq)
        assert seqs == list(range(1, last + 1))

"""Pushes: nothing twice, nothing missing, and no slow screen costs the keeper more than its bound."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hallqueue.errors import BadRequest, NotAllowed, StorageDamaged, StorageFailed
from hallqueue.keeper.pushes import BUFFER_MAX, SNAPSHOT_EVERY_S, Pushes
from hallqueue.views import EventLine


class FakeSubscriber:
    def __init__(self) -> None:
        self.got = b""
        self.stuck = 0
        self.dropped = ""

    def send(self, data: bytes) -> None:
        self.got += data
        if self.stuck:
            self.stuck += len(data)

    def unread(self) -> int:
        return self.stuck

    def drop(self, why: str) -> None:
        self.dropped = why

    def seqs(self) -> list[int]:
        lines = [msgspec.json.decode(line) for line in self.got.splitlines()]
        return [line["params"]["seq"] for line in lines if line["method"] == "event"]

    def pictures(self) -> int:
        return sum(msgspec.json.decode(line)["method"] == "snapshot" for line in self.got.splitlines())


class FakeSource:
    """A log whose events are as long as a test likes."""

    def __init__(self, hall: Any) -> None:
        self._hall = hall
        self.length = 0
        self.body = "{}"
        self.shown = 0
        self.error: Exception | None = None

    def snapshot(self) -> Any:
        self.shown += 1
        return self._hall

    def head(self) -> tuple[str, int]:
        return ("e", self.length)

    def events_after(self, cursor: tuple[str, int], limit: int) -> tuple[EventLine, ...]:
        if self.error is not None:
            raise self.error
        last = min(cursor[1] + limit, self.length)
        return tuple(
            EventLine(epoch="e", seq=n, at_ms=0, day="d", clock_ok=True, actor="a", type="T", body=self.body)
            for n in range(cursor[1] + 1, last + 1)
        )


@pytest.fixture
async def source(house: Any) -> FakeSource:
    return FakeSource(await house.client().snapshot())


@pytest.fixture
def failures() -> list[Exception]:
    """What pushes met that ends the keeper."""
    return []


@pytest.fixture
async def pushes(source: FakeSource, failures: list[Exception]) -> Pushes:
    return Pushes(asyncio.get_running_loop(), source, failures.append)


async def turns(count: int = 50) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("length", [0, 1, 199, 200, 201, 1000])
async def test_a_follower_gets_the_log_then_what_happens_without_gap_or_double(
    pushes: Pushes, source: FakeSource, length: int
) -> None:
    one = FakeSubscriber()
    source.length = length
    pushes.follow(one, ("e", 0))
    for _ in range(30):
        source.length += 3
        pushes.committed()
        await turns(1)
    await turns()
    assert one.seqs() == list(range(1, length + 91))
    pushes.close()


@pytest.mark.parametrize("live", [False, True], ids=["while-it-replays", "live"])
async def test_a_follower_that_cannot_be_fed_now_is_dropped_and_comes_back_by_its_cursor(
    pushes: Pushes, source: FakeSource, failures: list[Exception], live: bool
) -> None:
    one = FakeSubscriber()
    source.length = 10
    pushes.follow(one, ("e", 0))
    if live:
        await turns()
    source.length, source.error = 20, StorageFailed(why="busy")
    pushes.committed()
    await turns()
    assert one.dropped and not failures
    source.error = None
    back = FakeSubscriber()
    pushes.follow(back, ("e", len(one.seqs())))
    await turns()
    assert one.seqs() + back.seqs() == list(range(1, 21))


@pytest.mark.parametrize("error", [StorageDamaged(path="x"), KeyError("x")], ids=["damage", "program-error"])
async def test_what_a_replay_meets_beyond_a_passing_trouble_ends_the_keeper(
    pushes: Pushes, source: FakeSource, failures: list[Exception], error: Exception
) -> None:
    source.error = error
    pushes.follow(FakeSubscriber(), ("e", 0))
    await turns()
    assert failures == [error]


async def test_many_commits_are_one_picture(pushes: Pushes, source: FakeSource) -> None:
    one, other = FakeSubscriber(), FakeSubscriber()
    pushes.watch(one)
    pushes.watch(other)
    for _ in range(100):
        pushes.committed()
    await asyncio.sleep(SNAPSHOT_EVERY_S * 3)
    assert (one.pictures(), other.pictures()) == (2, 2)
    assert source.shown == 3, "one for each greeting, one for all commits together"
    pushes.close()


async def test_a_follower_that_does_not_read_is_dropped_at_the_bound(
    pushes: Pushes, source: FakeSource
) -> None:
    slow, quick = FakeSubscriber(), FakeSubscriber()
    for one in (slow, quick):
        pushes.follow(one, ("e", 0))
    await turns()
    slow.stuck = 1
    source.body = "x" * 10_000
    while not slow.dropped:
        source.length += 1
        pushes.committed()
    assert BUFFER_MAX < slow.stuck < BUFFER_MAX + 20_000
    source.length += 1
    pushes.committed()
    assert quick.seqs() == list(range(1, source.length + 1))
    assert not quick.dropped and slow.seqs()[-1] == source.length - 1
    pushes.close()


async def test_a_replay_waits_for_a_slow_reader_and_goes_on_where_it_was(
    pushes: Pushes, source: FakeSource
) -> None:
    slow = FakeSubscriber()
    source.length = 1000
    slow.stuck = BUFFER_MAX // 2
    pushes.follow(slow, ("e", 0))
    await turns()
    assert slow.seqs() == []
    slow.stuck = 0
    pushes.drained(slow)
    await turns()
    assert slow.seqs() == list(range(1, 1001))
    pushes.close()


async def test_a_slow_watcher_gets_the_newest_picture_when_it_has_caught_up(
    pushes: Pushes, source: FakeSource
) -> None:
    slow = FakeSubscriber()
    pushes.watch(slow)
    slow.stuck = BUFFER_MAX // 2
    pushes.committed()
    await asyncio.sleep(SNAPSHOT_EVERY_S * 3)
    assert slow.pictures() == 1
    slow.stuck = 0
    pushes.drained(slow)
    assert slow.pictures() == 2
    pushes.close()


async def test_a_watch_shows_the_hall_now_and_after_every_change(house: Any) -> None:
    client = house.client()
    async with aclosing(client.watch()) as hall:
        assert (await anext(hall)).issued_today == 0
        await client.issue("social", key="k")
        async for snapshot in hall:
            if snapshot.issued_today == 1:
                break


async def test_a_watch_and_a_follow_go_on_over_a_restart(house: Any) -> None:
    client = house.client()
    await client.issue("social", key="a")
    async with aclosing(client.follow(0)) as events, aclosing(client.watch()) as hall:
        first = [await anext(events) for _ in range(3)]
        assert (await anext(hall)).issued_today == 1
        await house.stop()
        await house.start()
        await client.issue("social", key="b")
        more = [await anext(events) for _ in range(2)]
        assert [line.seq for line in first + more] == [1, 2, 3, 4, 5]
        assert [line.type for line in more] == ["TicketIssued", "PrintQueued"]
        async for snapshot in hall:
            if snapshot.issued_today == 2:
                break


async def test_followers_are_told_of_a_new_epoch_after_the_old_one(house: Any) -> None:
    client = house.client()
    await client.issue("social", key="a")
    old = await client.snapshot()
    await house.stop()
    database: Path = house.folder.database
    database.write_bytes(b"not a database any more")
    await house.start()
    ticket = (await client.issue("social", key="b")).ticket
    async with aclosing(client.follow(old.seq, old.epoch)) as events:
        line = await anext(events)
    assert (line.seq, line.epoch != old.epoch) == (1, True)
    assert ticket.number != "A001", "no number twice in a day"


async def test_a_cursor_beyond_the_log_is_refused(house: Any) -> None:
    with pytest.raises(BadRequest, match="999"):
        async for _ in house.client().follow(999):
            pass
    with pytest.raises(NotAllowed):
        async for _ in house.client("screen").follow(0):
            pass


async def test_a_real_subscriber_that_stops_reading_is_cut_off_and_back_without_a_gap(
    house: Any, raw_peer: Callable[[Path], Any]
) -> None:
    client = house.client()
    sleeper = raw_peer(house.path)
    await asyncio.to_thread(sleeper.hello, "printer")
    sleeper.ask(1, "follow", {"after": 0})
    cut = False
    number = 0
    while not cut:
        assert number < 20_000
        await asyncio.gather(*(client.issue("social", key=f"k{number + n}") for n in range(200)))
        number += 200
        cut = b"" == await asyncio.to_thread(_peek_state, house.path, sleeper)
    seen = await asyncio.to_thread(_drain, sleeper)
    async with aclosing(client.follow(seen[-1])) as events:
        last = (await client.events(after=-1, limit=1))[0].seq
        async for line in events:
            seen.append(line.seq)
            if line.seq == last:
                break
    assert seen == list(range(1, last + 1))


def _peek_state(path: Path, peer: Any) -> bytes:
    """Empty once the keeper has closed its end."""
    poll = select.poll()
    poll.register(peer.line, select.POLLHUP)
    return b"" if poll.poll(0) else b"open"


def _drain(peer: Any) -> list[int]:
    """Numbers of the whole events that were received before the cut."""
    lines = peer.read_to_end().split(b"\n")[:-1]
    found = [msgspec.json.decode(line) for line in lines]
    return [line["params"]["seq"] for line in found if line.get("method") == "event"]

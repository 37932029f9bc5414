"""After damage, a loss or a program error: the keeper ends loudly, and the next one repeats nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import aclosing
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hallqueue.errors import BadRequest, KeeperBusy, KeeperFault, NotAllowed, StorageDamaged
from hallqueue.keeper.access import Allowed, Policy, Role
from hallqueue.keeper.hall import Hall
from hallqueue.keeper.pushes import Pushes
from hallqueue.keeper.serve import Limits
from hallqueue.states import PrintState
from hallqueue.store.store import Store
from hallqueue.syncclient import SyncHallClient
from hallqueue.verify import verify
from hallqueue.views import EventLine


async def ended(house: Any) -> None:
    """Wait for the keeper's own end; raises what it ended with."""
    task, house._task = house._task, None
    await asyncio.wait_for(task, 10)


async def roll_back(house: Any, old: Path) -> None:
    """Put an older copy in the place of the database, as a card does."""
    await house.stop()
    shutil.copyfile(old, house.folder.database)


async def test_damage_ends_the_keeper_and_the_next_one_answers_what_was_asked(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.client()
    await client.issue("social", key="a")
    with monkeypatch.context() as patch:

        def damaged(self: Store, *values: object) -> Any:
            raise StorageDamaged(path="hall.db")

        patch.setattr(Store, "record", damaged)
        asked = asyncio.create_task(client.issue("social", key="b"))
        with pytest.raises(StorageDamaged):
            await ended(house)
    assert house.folder.suspect.exists()
    await house.start()
    assert (await asked).ticket.number == "A002"
    assert not house.folder.suspect.exists()


async def test_an_error_in_the_keepers_own_ticking_ends_it_with_that_error(
    house: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Pushes) -> None:
        raise KeyError("refresh")

    monkeypatch.setattr(Pushes, "refresh", broken)
    with pytest.raises(KeyError):
        await ended(house)
    assert "the keeper, which ends" in caplog.text and "KeyError" in caplog.text


async def test_an_error_while_a_screen_is_fed_ends_the_keeper_with_that_error(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Pushes, snapshot: Any) -> None:
        raise KeyError("broadcast")

    client = house.client()
    async with aclosing(client.watch()) as hall:
        await anext(hall)
        monkeypatch.setattr(Pushes, "_broadcast", broken)
        await client.issue("social", key="a")
        with pytest.raises(KeyError):
            await ended(house)


async def test_papers_that_may_have_come_out_are_unknown_after_a_roll_back(
    house: Any, tmp_path: Path
) -> None:
    staff, printer, admin = house.client(), house.client("printer"), house.client("admin")
    queued = (await staff.issue("social", key="a")).job
    failed = (await staff.issue("social", key="b")).job
    sending = (await staff.issue("social", key="c")).job
    await printer.print_begin(failed, key="b1", printer="p")
    await printer.print_end(failed, key="b2", state=PrintState.FAILED)
    await printer.print_begin(sending, key="c1", printer="p")
    await admin.backup(str(tmp_path / "old.db"))
    await printer.print_begin(queued, key="a1", printer="p")
    await printer.print_end(queued, key="a2", state=PrintState.PRINTED, rung="A")
    await roll_back(house, tmp_path / "old.db")
    await house.start()
    assert await printer.print_queue() == ()
    states = [(await staff.ticket(n)).print_state for n in ("A001", "A002", "A003")]
    assert states == [PrintState.UNKNOWN] * 3
    ended_by = [line for line in await staff.events(after=0) if line.type == "PrintEnded"]
    assert [msgspec.json.decode(line.body)["reason"] for line in ended_by] == ["restored"] * 3
    await house.stop()
    assert verify(house.folder.database).findings == ()


async def test_a_keeper_that_ends_before_its_first_unit_leaves_it_to_the_next(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = house.client()
    await staff.issue("social", key="a")
    await house.client("admin").backup(str(tmp_path / "old.db"))
    await staff.issue("social", key="b")
    await roll_back(house, tmp_path / "old.db")
    with monkeypatch.context() as patch:

        def killed(self: Hall, report: object) -> None:
            raise RuntimeError

        patch.setattr(Hall, "_go_on_after_loss", killed)
        with pytest.raises(RuntimeError):
            await house.start()
    await house.start()
    assert await house.client("printer").print_queue() == ()


class StoppedClock:
    """A Pi that woke up in another year."""

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


def hall_at(house: Any, ms: int) -> tuple[Store, Hall]:
    """A keeper's hall without its sockets, at that wall time."""
    clock, names = StoppedClock(ms), count(1)
    store = Store.open(house.folder, clock, lambda: f"epoch-{ms}-{next(names)}")
    hall = Hall(store, house.plan, clock, lambda: f"reference-{next(names)}")
    hall.tick()
    return store, hall


YEAR = 365 * 86_400_000


async def test_an_empty_database_does_not_go_back_before_the_days_whose_numbers_are_marked(
    empty_house: Any,
) -> None:
    store, hall = hall_at(empty_house, 57 * YEAR)
    day = hall.day
    store.begin()
    store.counters.take(f"number/{day}/A")
    store.commit()
    store.close()
    empty_house.folder.database.unlink()
    store, hall = hall_at(empty_house, 56 * YEAR)
    assert hall.day == day
    assert hall.snapshot().day == day
    store.close()
    assert verify(empty_house.folder.database).findings == ()


async def test_without_readable_marks_numbers_are_skipped_and_the_report_says_what_may_repeat(
    house: Any,
) -> None:
    staff = house.client()
    given = (await staff.issue("social", key="a")).ticket
    await house.stop()
    house.folder.database.unlink()
    house.folder.numbers.write_bytes(b"\xff no marks")
    await house.start()
    after = (await staff.issue("social", key="b")).ticket
    assert (given.number, after.number) == ("A001", "A501")
    assert (await staff.issue("tax", key="c")).ticket.number == "B501"
    assert after.ticket > given.ticket
    await house.stop()
    assert verify(house.folder.database).findings == ()
    assert not house.folder.suspect.exists()


async def test_a_loss_without_marks_is_not_told_as_if_no_number_could_repeat(empty_house: Any) -> None:
    store, _ = hall_at(empty_house, 57 * YEAR)
    store.close()
    empty_house.folder.database.unlink()
    empty_house.folder.numbers.write_bytes(b"[]")
    store, _ = hall_at(empty_house, 57 * YEAR)
    report = store.recovery
    store.close()
    assert report is not None
    assert "仍可能" in report.zh and "号码不会重复" not in report.zh
    assert "may still be repeated" in report.en and "500" in report.en


async def test_a_backup_never_lands_where_it_would_harm_the_hall(house: Any, tmp_path: Path) -> None:
    admin, state = house.client("admin"), house.folder.path
    (tmp_path / "link").symlink_to(state)
    wrong = [
        state / "hall.db",
        state / "snapshots" / "x.db",
        state / "new.db",
        tmp_path / "link" / "hall.db",
        tmp_path / "a" / ".." / "state" / "x.db",
        tmp_path,
        Path("backup.db"),
    ]
    for target in wrong:
        with pytest.raises(BadRequest, match="备份"):
            await admin.backup(str(target))
    assert (await house.client().issue("social", key="a")).ticket.number == "A001"


async def test_whatever_a_backup_meets_is_answered(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Store, *values: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(Store, "backup_to", broken)
    with pytest.raises(KeeperFault):
        await house.client("admin").backup(str(house.folder.path.parent / "b.db"))


async def test_a_peer_that_may_take_no_role_is_told_so_and_closed_before_it_says_anything(
    empty_house: Any, raw_peer: Callable[[Path], Any]
) -> None:
    await empty_house.start(policy=Policy(owners=frozenset()))
    said = await asyncio.to_thread(raw_peer(empty_house.path).read_to_end)
    assert msgspec.json.decode(said)["error"]["data"]["code"] == NotAllowed.code
    with pytest.raises(NotAllowed, match=f"uid {os.getuid()}"):
        await empty_house.client().plan()


async def test_one_users_connections_leave_room_for_the_others(
    empty_house: Any, raw_peer: Callable[[Path], Any]
) -> None:
    mine = {role: Allowed(uids=frozenset({os.getuid()})) for role in Role}
    policy = Policy(mine, owners=frozenset())
    await empty_house.start(policy=policy, limits=Limits(connections_of_user=2))
    for _ in range(2):
        await asyncio.to_thread(raw_peer(empty_house.path).hello)
    said = await asyncio.to_thread(raw_peer(empty_house.path).read_to_end)
    assert msgspec.json.decode(said)["error"]["data"] == {"code": KeeperBusy.code, "details": {"limit": 2}}


async def test_a_follower_beyond_the_end_goes_on_from_there_and_no_other_call_hears_of_it(
    house: Any, tmp_path: Path
) -> None:
    """A card that rolled back by less than anybody noticed: same epoch, fewer events."""
    staff = house.client()
    await staff.open_window(1, key="o")
    await house.client("admin").backup(str(tmp_path / "old.db"))
    await staff.issue("social", key="a")
    start = await staff.snapshot()
    with house_sync(house) as printer:
        async with aclosing(staff.follow(0)) as events:
            while (await anext(events)).seq < start.seq:
                pass
            await asyncio.to_thread(drain, printer, start.seq)
            await roll_back(house, tmp_path / "old.db")
            house.folder.numbers.unlink()
            await house.start()
            assert (await asyncio.to_thread(printer.plan)).hall_id == "tx"
            one = asyncio.create_task(anext(events))
            other = asyncio.create_task(asyncio.to_thread(printer.next_push, 10))
            for number in count():
                # Again until both have come back: what happened before that is of the log they lost.
                await staff.pause_window(1, key=f"p{number}", reason=f"第{number}次")
                done, _ = await asyncio.wait({one, other}, timeout=0.05, return_when=asyncio.ALL_COMPLETED)
                if len(done) == 2:
                    break
                assert number < 200
            assert one.result().type == "WindowPaused"
            push = other.result()
            assert isinstance(push, EventLine) and push.type == "WindowPaused"


def house_sync(house: Any) -> Any:
    return SyncHallClient(house.path, "printer")


def drain(printer: Any, last: int) -> None:
    printer.start_follow(0)
    while (push := printer.next_push(10)) is not None:
        if push.seq >= last:
            return

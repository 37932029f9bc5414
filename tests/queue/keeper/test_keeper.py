"""The keeper as a whole: every operation through the socket, batches, storage trouble, its life."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hallqueue.client import HallClient
from hallqueue.errors import (
    BadRequest,
    KeeperFault,
    KeeperRunning,
    KeyReused,
    NotAllowed,
    QueueEmpty,
    StorageFull,
    UnknownTicket,
)
from hallqueue.keeper.notify import sd_notify
from hallqueue.rules.engine import HallEngine
from hallqueue.states import PrintState, RatingState, TicketState, WindowState


async def test_every_operation_works_through_the_socket(house: Any, tmp_path: Path) -> None:
    staff, printer, desk = house.client("staff"), house.client("printer"), house.client("evaluator")
    window, other = house.client("window", 1, clerk="李敏"), house.client("window", 2)
    assert (await window.open_window(1, key="o1", clerk="李敏")).state is WindowState.OPEN
    await other.open_window(2, key="o2")
    first = await house.client("terminal").issue("social", key="i1")
    second = await staff.issue("tax", key="i2", channel="staff")
    third = await staff.issue("family", key="i3")
    assert [t.ticket.number for t in (first, second, third)] == ["A001", "B001", "E001"]
    assert (await staff.estimate("social")).ahead == 1

    assert [job.job for job in await printer.print_queue()] == [first.job, second.job, third.job]
    assert (await printer.print_begin(first.job, key="p1", printer="p")).state is PrintState.SENDING
    ended = await printer.print_end(first.job, key="p2", state=PrintState.UNKNOWN)
    assert ended.state is PrintState.UNKNOWN
    assert (await window.print_answer(first.job, key="p3", came_out=True)).state is PrintState.PRINTED
    assert (await window.reprint(first.ticket.ticket, key="p4")).copy == 1

    assert (await window.call_next(1, key="c1", expect=0)).number == "A001"
    assert (await window.recall(1, key="c2")).recalls == 1
    assert (await window.start(1, key="c3")).state is TicketState.SERVING
    assert (await window.hold(1, key="c4", reason="取材料")).state is TicketState.HELD
    assert (await window.resume(1, first.ticket.ticket, key="c5")).state is TicketState.SERVING
    finished = await window.finish(1, key="c6")
    assert (finished.ticket.state, finished.rating.state) == (TicketState.DONE, RatingState.OPEN)
    assert [r.matter for r in await desk.ratings_open()] == [finished.rating.matter]
    pressed = await desk.press(1, key="r1", level="satisfied", raw_key="2", device="pad1")
    assert pressed.rated
    assert (await desk.rating_timeout(finished.rating.matter, key="r2")).state is RatingState.RATED

    assert (await other.call_ticket(2, second.ticket.ticket, key="d1")).number == "B001"
    assert (await other.pass_ticket(2, key="d2")).state is TicketState.PASSED
    assert (await other.return_passed(second.ticket.ticket, key="d3")).state is TicketState.WAITING
    await other.call_ticket(2, second.ticket.ticket, key="d4")
    assert (await other.transfer(2, "social", key="d5", to_window=1)).state is TicketState.TRANSFERRED
    assert (await staff.void(second.ticket.ticket, key="d6", reason="离开")).state is TicketState.VOID
    assert (await other.pause_window(2, key="d7", reason="午休")).state is WindowState.PAUSED
    assert (await other.close_window(2, key="d8")).state is WindowState.CLOSED

    device = await printer.report_device("p", key="e1", kind="printer", state="fault", code="P-02")
    assert device.code == "P-02"
    assert (await staff.ticket("A001")).ticket == first.ticket.ticket
    assert [t.number for t in await staff.tickets(state="void")] == ["B001"]
    assert (await staff.plan()).hall_id == "tx"
    snapshot = await staff.snapshot()
    assert (snapshot.issued_today, snapshot.rated_today) == (3, 1)
    events = await staff.events(after=0, limit=1000)
    assert [line.seq for line in events] == list(range(1, len(events) + 1))
    assert "window:1/李敏" in {line.actor for line in events}
    copy = tmp_path / "copy.db"
    assert await house.client("admin").backup(str(copy)) == copy.stat().st_size
    assert await staff.close_day(key="z", reason="停电") == 1
    assert await staff.reopen_day(key="z2") == snapshot.day
    assert await house.client("admin").confirm_clock(key="z3") == snapshot.day
    assert (await staff.issue("tax", key="z4")).ticket.number == "B002"


async def test_the_same_key_gives_the_same_ticket_and_changes_nothing(house: Any) -> None:
    client = house.client()
    first = await client.issue("social", key="touch")
    assert await client.issue("social", key="touch") == first
    assert (await client.snapshot()).issued_today == 1


async def test_the_same_key_in_one_batch_gives_one_ticket(house: Any) -> None:
    client = house.client()
    await client.plan()
    answers = await asyncio.gather(*(client.issue("social", key="touch") for _ in range(20)))
    assert len({answer.ticket.ticket for answer in answers}) == 1


async def test_a_key_survives_a_restart_of_the_keeper(house: Any) -> None:
    first = await house.client().issue("social", key="touch")
    await house.stop()
    await house.start()
    assert await house.client().issue("social", key="touch") == first


async def test_a_key_used_for_something_else_is_refused(house: Any) -> None:
    client = house.client()
    await client.issue("social", key="touch")
    with pytest.raises(KeyReused):
        await client.issue("tax", key="touch")
    with pytest.raises(KeyReused):
        await client.open_window(1, key="touch")


async def test_a_refused_request_may_succeed_later_under_its_key(house: Any) -> None:
    client = house.client()
    await client.open_window(1, key="o")
    with pytest.raises(QueueEmpty):
        await client.call_next(1, key="call")
    await client.issue("social", key="i")
    assert (await client.call_next(1, key="call")).number == "A001"


async def test_answers_keep_the_order_of_the_requests(house: Any, raw_peer: Callable[[Path], Any]) -> None:
    peer = raw_peer(house.path)

    def talk() -> list[int]:
        peer.hello()
        for number in range(1, 91, 3):
            peer.ask(number, "issue", {"service": "social", "key": f"k{number}"})
            peer.ask(number + 1, "snapshot", {})
            peer.ask(number + 2, "nonsense" if number % 2 else "plan", {})
        return [peer.read_line()["id"] for _ in range(90)]

    assert await asyncio.to_thread(talk) == list(range(1, 91))


async def test_a_role_may_not_do_what_is_anothers(house: Any) -> None:
    with pytest.raises(NotAllowed, match="无权"):
        await house.client("screen").issue("social", key="k")
    with pytest.raises(NotAllowed):
        await house.client("window", 1).call_next(2, key="k")
    with pytest.raises(BadRequest):
        await house.client("king").plan()


async def test_a_program_error_undoes_its_request_and_no_other(
    house: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    original = HallEngine.void
    private = "张三 " + "6403" + "24199001011234"

    def broken(self: HallEngine, moment: Any, ticket: int, *, reason: str) -> Any:
        original(self, moment, ticket, reason=reason)
        raise ZeroDivisionError(private)

    monkeypatch.setattr(HallEngine, "void", broken)
    client = house.client()
    ticket = (await client.issue("social", key="a")).ticket.ticket
    results = await asyncio.gather(
        client.issue("social", key="b"),
        client.void(ticket, key="v", reason="x"),
        client.issue("social", key="c"),
        return_exceptions=True,
    )
    assert isinstance(results[1], KeeperFault)
    assert [r.ticket.number for r in (results[0], results[2])] == ["A002", "A003"]
    assert (await client.ticket("A001")).state is TicketState.WAITING
    seqs = [line.seq for line in await client.events(limit=1000)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert "ZeroDivisionError" in caplog.text and "640324" not in caplog.text


async def test_a_full_disk_is_said_and_nothing_is_lost_and_it_goes_on_when_there_is_space(
    empty_house: Any, stores: list[Any]
) -> None:
    await empty_house.start()
    client = empty_house.client()
    known = await client.issue("social", key="before")
    connection = stores[0].connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    full = 0
    for number in range(200):
        try:
            await client.issue("tax", key=f"k{number}")
        except StorageFull:
            full += 1
    assert full > 0
    before = await client.snapshot()
    assert before.issued_today == 201 - full, "reads go on, from committed state"
    connection.execute("PRAGMA max_page_count = 1000000")
    assert await client.issue("social", key="before") == known
    for number in range(200):
        await client.issue("tax", key=f"k{number}")
    tickets = await client.tickets(limit=1000)
    assert sorted(t.number for t in tickets) == ["A001"] + [f"B{n:03d}" for n in range(1, 201)]


async def test_a_second_keeper_on_a_state_folder_is_refused_and_the_first_serves_on(house: Any) -> None:
    other = type(house)(house.folder.path)
    with pytest.raises(KeeperRunning) as caught:
        await other.start()
    assert caught.value.details == {"path": str(house.folder.path), "pid": str(os.getpid())}
    assert (await house.client().plan()).hall_id == "tx"


async def test_a_socket_somebody_answers_is_not_taken_away(house: Any, tmp_path: Path) -> None:
    other = type(house)(tmp_path / "other")
    with pytest.raises(KeeperRunning):
        await other.start(socket_path=house.path)
    assert house.path.exists()


async def test_a_stale_socket_is_replaced(house: Any) -> None:
    client = house.client()
    await client.plan()
    await house.stop()
    assert not house.path.exists()
    house.path.touch()
    await house.start()
    assert stat.S_IMODE(house.path.stat().st_mode) == 0o666
    assert (await client.plan()).hall_id == "tx"


async def test_a_path_longer_than_a_socket_address_works(house: Any, tmp_path: Path) -> None:
    other = type(house)(tmp_path / ("长" * 30) / ("x" * 90))
    await other.start()
    try:
        assert (await other.client().plan()).hall_id == "tx"
    finally:
        await other.close()


async def test_the_keeper_ends_what_it_began_when_told_to_stop(house: Any) -> None:
    client = house.client(give_up_s=2.0)
    await client.plan()
    asked = [asyncio.create_task(client.issue("social", key=f"k{n}")) for n in range(50)]
    await asyncio.sleep(0)
    await house.stop()
    await house.start()
    tickets = [(await one).ticket.ticket for one in asked]
    assert len(set(tickets)) == 50


def test_sigterm_ends_the_process_in_order(process: Any) -> None:
    with process.client() as client:
        client.issue("social", key="k")
        assert process.end(signal.SIGTERM) == 0
    assert not process.path.exists()


async def test_an_unknown_ticket_is_refused_and_past_the_numbers_of_a_database_too(house: Any) -> None:
    client: HallClient = house.client()
    for which in ("A999", "9" * 400, "", "🎫", "-1"):
        with pytest.raises(UnknownTicket):
            await client.ticket(which)


def test_systemd_is_told_when_it_asked(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(path))
        assert sd_notify("READY=1", {"NOTIFY_SOCKET": str(path)})
        assert line.recv(100) == b"READY=1"
    assert not sd_notify("READY=1", {})
    assert not sd_notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "nobody")})

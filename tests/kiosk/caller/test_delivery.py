"""How a keypad's requests reach a keeper that comes and goes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from hallkiosk.caller.delivery import Delivery, waits
from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.request import VOID_REASON, Request, Seek, Sender
from hallkiosk.caller.sight import Standing, sight_of, standing_of
from hallqueue.errors import KeeperGone, RecallLimit, StorageFull, WindowIdle
from hallqueue.events import TicketVoided
from hallqueue.memory import MemoryHall
from hallqueue.states import WindowState

NOWHERE = Standing(WindowState.CLOSED, 0, None, 0, 0)
pauses: list[float] = []


async def no_sleep(seconds: float) -> None:
    pauses.append(seconds)


@pytest.fixture
def delivery(line: Any, plan: Any) -> Delivery:
    keys = count(1)
    pauses.clear()
    return Delivery(
        Sender(line, 1, "李敏"), plan, CallerPace(), new_key=lambda: f"k{next(keys)}", sleep=no_sleep
    )


async def request(hall: MemoryHall, what: Meaning, **more: Any) -> Request:
    sight = sight_of(await hall.snapshot(), 1)
    assert sight is not None
    return Request(what=what, standing=sight.standing, expect=sight.in_hand, **more)


async def test_what_is_done_has_no_error(delivery: Delivery, hall: MemoryHall, line: Any) -> None:
    assert await delivery.send(await request(hall, Meaning.OPEN)) is None
    assert line.came == [("open_window", "k1")]


async def test_a_refusal_is_answered_at_once(delivery: Delivery, hall: MemoryHall, line: Any) -> None:
    assert isinstance(await delivery.send(await request(hall, Meaning.RECALL)), WindowIdle)
    assert len(line.came) == 1


async def test_trouble_of_the_machine_is_told_and_not_hammered(
    delivery: Delivery, hall: MemoryHall, line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*args: Any, **more: Any) -> Any:
        line.came.append(("open_window", more["key"]))
        raise StorageFull()

    monkeypatch.setattr(line, "open_window", full, raising=False)
    assert isinstance(await delivery.send(await request(hall, Meaning.OPEN)), StorageFull)
    assert len(line.came) == 1


async def test_a_window_that_stands_otherwise_is_not_asked_again(
    delivery: Delivery, hall: MemoryHall, line: Any
) -> None:
    line.lose = {"open_window"}
    assert await delivery.send(await request(hall, Meaning.OPEN)) is None
    assert len(line.came) == 1


async def test_a_recall_whose_answer_was_lost_is_seen_by_its_count(
    delivery: Delivery, hall: MemoryHall, line: Any
) -> None:
    await hall.open_window(1, key="a")
    await hall.issue("social", key="b")
    await hall.call_next(1, key="c")
    line.lose = {"recall"}
    assert await delivery.send(await request(hall, Meaning.RECALL)) is None
    assert len(line.came) == 1
    hall_now = await hall.snapshot()
    assert hall_now.windows[0].current is not None and hall_now.windows[0].current.recalls == 1


async def test_a_ticket_that_stands_otherwise_is_left_alone(
    delivery: Delivery, hall: MemoryHall, line: Any
) -> None:
    ticket = (await hall.issue("social", key="a")).ticket
    line.lose = {"void"}
    more = {"ticket": ticket.ticket, "ticket_standing": standing_of(ticket)}
    assert await delivery.send(await request(hall, Meaning.VOID, **more)) is None
    assert len(line.came) == 1
    voided = [event.body for event in hall.log.events if isinstance(event.body, TicketVoided)]
    assert [body.reason for body in voided] == [VOID_REASON]


async def test_one_that_did_not_arrive_is_sent_again_under_its_key(
    delivery: Delivery, hall: MemoryHall, line: Any
) -> None:
    ticket = (await hall.issue("social", key="a")).ticket
    line.drop = {"reprint"}
    more = {"ticket": ticket.ticket, "ticket_standing": standing_of(ticket)}
    made = await request(hall, Meaning.REPRINT, **more)
    original = line.__getattr__

    class After(type(line)):  # type: ignore[misc]
        """The third time it arrives."""

        def __getattr__(self, name: str) -> Any:
            if len(line.came) >= 2:
                line.drop = set()
            return original(name)

    line.__class__ = After
    assert await delivery.send(made) is None
    assert {key for _, key in line.came} == {"k1"} and len(line.came) == 3
    assert (await hall.ticket("A001")).copies == 1


async def test_a_refusal_after_a_silence_is_told(delivery: Delivery, hall: MemoryHall, line: Any) -> None:
    await hall.open_window(1, key="a")
    await hall.issue("social", key="b")
    await hall.call_next(1, key="c")
    for n in range(2):
        await hall.recall(1, key=f"d{n}")
    made = await request(hall, Meaning.RECALL)
    answers = iter([KeeperGone(path="x"), None])

    async def recall(*args: Any, **more: Any) -> Any:
        error = next(answers)
        if error is not None:
            raise error
        return await hall.recall(*args, **more)

    line.recall = recall
    assert isinstance(await delivery.send(made), RecallLimit)


async def test_it_is_given_up_after_its_time(line: Any, plan: Any, hall: MemoryHall) -> None:
    delivery = Delivery(Sender(line, 1, ""), plan, replace(CallerPace(), give_up_s=0.2), new_key=lambda: "k")
    line.is_away = True
    error = await delivery.send(await request(hall, Meaning.OPEN))
    assert error is not None
    assert (error.code, error.what_zh) == ("K-30", "按键0秒没有应答，已放弃；可能已经生效")
    assert error.who == "clerk" and error.remedy_zh and error.remedy_en and error.what_en


async def test_a_keeper_that_hangs_is_given_up_too(line: Any, plan: Any, hall: MemoryHall) -> None:
    delivery = Delivery(Sender(line, 1, ""), plan, replace(CallerPace(), give_up_s=0.1), new_key=lambda: "k")

    async def never(*args: Any, **more: Any) -> None:
        import asyncio

        await asyncio.Event().wait()

    line.open_window = never
    error = await delivery.send(await request(hall, Meaning.OPEN))
    assert error is not None and error.code == "K-30"


async def test_tickets_are_looked_for_under_every_letter(delivery: Delivery, hall: MemoryHall) -> None:
    for n, service in enumerate(("social", "tax", "tax", "marry")):
        await hall.issue(service, key=f"i{n}")
    seek = Seek(what=Meaning.VOID, digits="01", standing=NOWHERE, expect=0)
    found = await delivery.seek(seek)
    assert isinstance(found, tuple)
    assert [ticket.number for ticket in found] == ["A001", "B001", "C001"]
    assert await delivery.seek(replace(seek, digits="2")) == (await hall.ticket("B002"),)
    assert await delivery.seek(replace(seek, digits="1000")) == ()


async def test_the_hall_is_seen_or_it_is_not(delivery: Delivery, hall: MemoryHall, line: Any) -> None:
    seen = await delivery.look()
    assert seen is not None and seen.seq == (await hall.snapshot()).seq
    line.is_away = True
    assert await delivery.look() is None


def test_tries_come_later_and_later_up_to_a_second() -> None:
    tries = waits()
    assert [round(next(tries), 1) for _ in range(7)] == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0]

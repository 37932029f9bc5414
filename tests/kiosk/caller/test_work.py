"""The role ``keypad`` on a hall in memory, with fake keypads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from halldrivers.errors import DeviceState, PortAbsent, PortDenied
from halldrivers.status import DeviceStatus
from hallkiosk.caller import CallerDesk, CallerPace, DeskState
from hallqueue.errors import NotAllowed, UnknownWindow
from hallqueue.events import PrintQueued, TicketCalled, TicketPassed
from hallqueue.memory import MemoryHall
from hallqueue.views import HallSnapshot, WindowView

QUICK = CallerPace(
    guard_s=0.0,
    repeat_s=0.0,
    settle_s=0.0,
    look_s=0.5,
    give_up_s=10.0,
    late_s=60.0,
    reopen_s=0.02,
    close_s=10.0,
)
"""No rest and no bounce, so that a test's keys count however slow the machine is."""


class Room:
    """Two windows with keypads, in a hall in memory."""

    def __init__(self, plan: Any, hall: MemoryHall, new_line: Any, new_caller: Any) -> None:
        self.plan, self.hall = plan, hall
        self.lines = {number: new_line() for number in (1, 2)}
        self.callers = {number: new_caller() for number in (1, 2)}
        self.told: list[tuple[str, DeviceState, str]] = []
        self.keys = count(1)
        self.threads: set[int | None] = set()

    def desk(self, pace: CallerPace = QUICK, **options: Any) -> CallerDesk:
        self.made = CallerDesk(
            self.lines.__getitem__,
            self.plan,
            {number: caller.open for number, caller in self.callers.items()},
            **{"clerks": {1: "李敏"}, "pace": pace, "on_status": self.note} | options,
        )
        return self.made

    async def press(self, text: str, number: int = 1) -> None:
        """When the desk has nothing under way any more: a verb would only beep."""
        deadline = asyncio.get_running_loop().time() + 15
        while self.made.state(number) is not DeskState.READY:
            assert asyncio.get_running_loop().time() < deadline, "the desk is not ready"
            await asyncio.sleep(0.002)
        self.callers[number].press(text)

    def note(self, name: str, status: DeviceStatus) -> None:
        self.told.append((name, status.state, status.code))
        self.threads.add(threading.get_ident())

    def words(self, name: str) -> list[tuple[DeviceState, str]]:
        return [(state, code) for told, state, code in self.told if told == name]

    async def do(self, operation: str, *args: Any, **more: Any) -> Any:
        return await getattr(self.hall, operation)(*args, key=f"other-{next(self.keys)}", **more)

    def view(self, number: int = 1) -> WindowView:
        hall: HallSnapshot = self.hall.engine.snapshot(self.hall._moment())
        return next(window for window in hall.windows if window.number == number)

    def logged(self, kind: type) -> list[Any]:
        return [event.body for event in self.hall.log.events if isinstance(event.body, kind)]


@pytest.fixture
def room(plan: Any, hall: MemoryHall, new_caller: Any, new_line: Any) -> Room:
    return Room(plan, hall, lambda: new_line(hall), new_caller)


@pytest.fixture
async def at_work(room: Room, running: Any, until: Any) -> AsyncIterator[Room]:
    """Window 1 is open; A001, A002 and B001 wait; the desk runs."""
    await room.do("open_window", 1)
    for service in ("social", "social", "tax"):
        await room.do("issue", service)
    desk = room.desk()
    async with running(desk):
        await until(lambda: desk.state(1) is DeskState.READY and desk.state(2) is DeskState.READY)
        yield room


# --- a day -----------------------------------------------------------------------------------------------


async def test_a_ticket_goes_its_way_by_one_key_and_the_display_follows(
    room: Room, running: Any, until: Any
) -> None:
    await room.do("issue", "social")
    caller = room.callers[1]
    async with running(room.desk()):
        await until(lambda: caller.picture == ("", 1))
        await room.press("=")
        await until(lambda: room.view().state == "open")
        assert room.view().clerk == "李敏"
        await room.press("=")
        await until(lambda: caller.picture == ("A001", 0))
        await room.press("=")
        await until(lambda: room.view().current is not None and room.view().current.state == "serving")
        assert caller.number == "A001"
        await room.press("=")
        await until(lambda: caller.number == "")
        assert room.view().done_today == 1
    assert caller.beeps == 0


async def test_who_takes_a_ticket_is_counted_on_every_keypad(at_work: Room, until: Any) -> None:
    await until(lambda: [c.picture for c in at_work.callers.values()] == [("", 3)] * 2)
    await at_work.do("issue", "tax")
    await until(lambda: [c.picture for c in at_work.callers.values()] == [("", 4)] * 2)


async def test_what_is_refused_is_heard_and_shown(at_work: Room, until: Any) -> None:
    await at_work.press("+")
    await until(lambda: at_work.callers[1].number == "E12" and at_work.callers[1].beeps == 1)


async def test_a_number_is_looked_for_and_called(at_work: Room, until: Any) -> None:
    await at_work.press("2=")
    await until(lambda: at_work.callers[1].number == "A002")


async def test_each_window_has_its_own_keypad(at_work: Room, until: Any) -> None:
    await at_work.press("=", 2)
    await until(lambda: at_work.view(2).state == "open")
    await at_work.press("=", 2)
    await at_work.press("=")
    await until(lambda: {at_work.callers[n].number for n in (1, 2)} == {"A001", "A002"})


async def test_typed_digits_run_out_by_themselves(room: Room, running: Any, until: Any) -> None:
    desk = room.desk(replace(QUICK, typed_s=0.1))
    async with running(desk):
        await until(lambda: desk.state(1) is DeskState.READY)
        await room.press("7")
        await until(lambda: ("7", 0) in room.callers[1].shown)
        await until(lambda: room.callers[1].number == "" and desk.state(1) is DeskState.READY)


async def test_choices_turn_by_themselves(room: Room, running: Any, until: Any) -> None:
    await room.do("open_window", 1)
    for service in ("social", "tax"):
        await room.do("issue", service)
    async with running(room.desk(replace(QUICK, choice_s=0.05, ask_s=20.0))):
        caller = room.callers[1]
        await until(lambda: caller.picture == ("", 2))
        await room.press("1=")
        await until(lambda: {("A001", 1), ("B001", 2)} <= set(caller.shown))


async def test_a_desk_that_is_started_anew_shows_the_hall_as_it_is(
    room: Room, running: Any, until: Any
) -> None:
    await room.do("open_window", 1)
    await room.do("issue", "social")
    async with running(room.desk()):
        await until(lambda: room.callers[1].opens == 1)
    await room.do("call_next", 1)
    async with running(room.desk()):
        await until(lambda: room.callers[1].number == "A001")


# --- the keeper comes and goes ---------------------------------------------------------------------------


async def test_a_request_waits_for_the_keeper_under_its_one_key_and_is_done_once(
    at_work: Room, until: Any
) -> None:
    line = at_work.lines[1]
    line.is_away = True
    await at_work.press("=")
    await until(lambda: len(line.came) == 1)
    line.is_away = False
    await until(lambda: at_work.callers[1].number == "A001")
    assert {operation for operation, _ in line.came} == {"call_next"}
    assert len({key for _, key in line.came}) == 1 and len(line.came) == 2
    assert len(at_work.logged(TicketCalled)) == 1


async def test_an_answer_that_was_lost_is_seen_in_the_hall_and_not_asked_for_again(
    at_work: Room, until: Any
) -> None:
    line = at_work.lines[1]
    line.lose = {"call_next"}
    await at_work.press("=")
    await until(lambda: at_work.callers[1].number == "A001")
    await asyncio.sleep(0.3)
    assert [operation for operation, _ in line.came] == ["call_next"]
    assert at_work.callers[1].beeps == 0


async def test_a_call_whose_answer_was_lost_calls_nobody_after_another_console_went_on(
    at_work: Room, until: Any
) -> None:
    line, hall = at_work.lines[1], at_work.hall
    line.lose = {"call_next"}

    def pass_at_the_console() -> None:
        hall.engine.pass_ticket(hall._moment(), 1)

    line.on_lost = pass_at_the_console
    await at_work.press("=")
    await until(lambda: len(at_work.logged(TicketPassed)) == 1)
    await asyncio.sleep(0.5)
    assert len(at_work.logged(TicketCalled)) == 1
    assert at_work.view().current is None


async def test_a_reprint_whose_answer_was_lost_gives_one_paper(at_work: Room, until: Any) -> None:
    before = len(at_work.logged(PrintQueued))
    line = at_work.lines[1]
    line.lose = {"reprint"}
    await at_work.press("2*")
    await until(lambda: len(line.came) == 1)
    await asyncio.sleep(0.5)
    assert [operation for operation, _ in line.came] == ["reprint"]
    assert len(at_work.logged(PrintQueued)) == before + 1


async def test_what_nobody_answers_is_given_up_and_not_done_late(
    room: Room, running: Any, until: Any
) -> None:
    await room.do("open_window", 1)
    await room.do("issue", "social")
    line, caller = room.lines[1], room.callers[1]
    desk = room.desk(replace(QUICK, give_up_s=0.4, look_s=0.1))
    async with running(desk):
        await until(lambda: desk.state(1) is DeskState.READY)
        line.is_away = True
        await room.press("=")
        await until(lambda: caller.number == "F30" and caller.beeps == 1)
        assert desk.state(1) is DeskState.AWAY
        caller.press("=")
        await until(lambda: caller.number == "F07" and caller.beeps == 2)
        line.is_away = False
        await until(lambda: desk.state(1) is DeskState.READY)
        await asyncio.sleep(0.3)
        assert room.logged(TicketCalled) == []
        await room.press("=")
        await until(lambda: caller.number == "A001")


async def test_a_number_that_cannot_be_looked_for_is_given_up_too(
    room: Room, running: Any, until: Any
) -> None:
    await room.do("open_window", 1)
    await room.do("issue", "social")
    desk = room.desk(replace(QUICK, give_up_s=0.3))
    async with running(desk):
        await until(lambda: desk.state(1) is DeskState.READY)
        room.lines[1].drop = {"ticket"}
        await room.press("1=")
        await until(lambda: room.callers[1].number == "F30")
        assert room.logged(TicketCalled) == []


async def test_the_keypads_come_back_with_the_keeper(at_work: Room, until: Any) -> None:
    for line in at_work.lines.values():
        line.is_away = True
    await at_work.do("issue", "social")
    await asyncio.sleep(0.05)
    for line in at_work.lines.values():
        line.is_away = False
    await until(lambda: [c.picture for c in at_work.callers.values()] == [("", 4)] * 2)


async def test_a_peer_that_the_keeper_refuses_is_told_so(room: Room) -> None:
    async def refuse() -> AsyncIterator[HallSnapshot]:
        raise NotAllowed(role="大屏", verb="订阅大厅", role_en="screen", verb_en="watch")
        yield

    room.lines[1].watch = refuse
    with pytest.raises(NotAllowed):
        await room.desk().run()
    assert room.callers[1].closes == room.callers[1].opens


# --- devices come and go ---------------------------------------------------------------------------------


async def test_a_keypad_lost_in_the_middle_of_typing_forgets_it(at_work: Room, until: Any) -> None:
    caller = at_work.callers[1]
    await at_work.press("1")
    await until(lambda: caller.number == "1")
    caller.pull()
    caller.plug()
    await until(lambda: caller.number == "")
    await at_work.press("2=")
    await until(lambda: caller.number == "A002")


async def test_a_keypad_that_comes_back_shows_what_happened_meanwhile(
    room: Room, running: Any, until: Any
) -> None:
    await room.do("open_window", 1)
    await room.do("issue", "social")
    caller, other, desk = room.callers[1], room.callers[2], room.desk()
    async with running(desk):
        await until(lambda: caller.picture == other.picture == ("", 1))
        caller.pull()
        await until(lambda: desk.state(1) is DeskState.FAULTY)
        await room.do("call_next", 1)
        await until(lambda: other.picture == ("", 0))
        assert caller.number == ""
        caller.plug()
        await until(lambda: caller.number == "A001")


async def test_a_keypad_that_cannot_be_opened_is_opened_as_soon_as_it_can(
    room: Room, running: Any, until: Any
) -> None:
    room.callers[1].fails = [PortAbsent("a"), PortAbsent("a"), PortDenied("a")]
    async with running(room.desk()):
        await until(lambda: room.callers[1].opens == 1)
        await room.press("=")
        await until(lambda: room.view().state == "open")
    assert room.words("keypad-1") == [
        (DeviceState.ABSENT, "D-02"),
        (DeviceState.FAULT, "D-03"),
        (DeviceState.UNKNOWN, ""),
    ]


async def test_devices_are_told_once_down_and_once_up(at_work: Room, until: Any) -> None:
    caller = at_work.callers[1]
    for word in (caller.plug, caller.plug, caller.pull, caller.pull, caller.plug):
        word()
    await until(lambda: len(at_work.words("keypad-1")) == 4)
    assert at_work.words("keypad-1") == [
        (DeviceState.UNKNOWN, ""),
        (DeviceState.ONLINE, ""),
        (DeviceState.ABSENT, "D-02"),
        (DeviceState.ONLINE, ""),
    ]
    await until(lambda: {name for name, _, _ in at_work.told} == {"keypad-1", "keypad-2"})
    assert at_work.threads == {threading.get_ident()}


async def test_what_a_device_says_while_it_is_opened_stands(room: Room, running: Any, until: Any) -> None:
    caller = room.callers[1]

    def open_absent(**callbacks: Any) -> Any:
        opened = caller.open(**callbacks)
        caller.pull()
        return opened

    desk = CallerDesk(room.lines.__getitem__, room.plan, {1: open_absent}, pace=QUICK, on_status=room.note)
    async with running(desk):
        await until(lambda: room.words("keypad-1") != [])
        assert desk.state(1) is DeskState.FAULTY
        caller.plug()
        await until(lambda: desk.state(1) is DeskState.READY)
    assert room.words("keypad-1") == [(DeviceState.ABSENT, "D-02"), (DeviceState.ONLINE, "")]


async def test_a_program_error_of_one_keypad_is_its_own_fault_alone(
    room: Room, running: Any, until: Any
) -> None:
    room.callers[1].fails = [ZeroDivisionError("a bug")]
    async with running(room.desk()):
        await until(lambda: room.callers[1].opens == 1 and room.callers[2].opens == 1)
        assert room.words("keypad-1")[0] == (DeviceState.FAULT, "D-99")
        await room.press("=", 2)
        await until(lambda: room.view(2).state == "open")


async def test_a_keypad_that_hangs_holds_up_no_other_window(at_work: Room, until: Any) -> None:
    hung, other = at_work.callers[1], at_work.callers[2]
    hung.hang()
    await at_work.do("issue", "tax")
    await until(lambda: hung.is_hung)
    await at_work.press("=", 2)
    await until(lambda: at_work.view(2).state == "open")
    await at_work.press("=", 2)
    await until(lambda: other.number == "A001")
    # Its keys still count.
    await at_work.press("=")
    await until(lambda: at_work.view(1).current is not None)
    hung.go_on()
    await until(lambda: hung.number == "A002")


async def test_a_device_that_does_not_let_go_does_not_keep_the_role_from_ending(
    room: Room, running: Any, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caller = room.callers[1]
    caller.hang()
    async with running(room.desk(replace(QUICK, close_s=0.1))):
        await until(lambda: caller.is_hung)
    assert "keypad-1: the device does not let go" in caplog.text
    assert caller.closes == 0
    caller.go_on()
    await until(lambda: caller.closes == 1)
    for thread in threading.enumerate():
        if thread.name == "hand keypad-1":
            thread.join(10)


async def test_nothing_is_left_behind(room: Room, running: Any, until: Any) -> None:
    desk = room.desk()
    async with running(desk):
        await until(lambda: len(room.told) == 2)
        await room.press("1")
    assert [caller.closes for caller in room.callers.values()] == [1, 1]
    await until(lambda: not [t for t in threading.enumerate() if t.name.startswith("hand ")])
    assert desk.state(1) is DeskState.FAULTY
    # A key that comes after the end finds nobody.
    room.callers[1].press("=")
    await asyncio.sleep(0.05)
    assert room.view().state == "closed"


async def test_a_role_without_devices_has_nothing_to_do(room: Room) -> None:
    await CallerDesk(room.lines.__getitem__, room.plan, {}).run()


def test_a_window_that_the_plan_does_not_have_is_refused(plan: Any, new_caller: Callable[[], Any]) -> None:
    with pytest.raises(UnknownWindow):
        CallerDesk(lambda number: None, plan, {9: new_caller().open})  # type: ignore[arg-type,return-value]

"""Keys that are heard long after they were pressed, and keys that were lost: nothing is done for them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from halldrivers.caller.keys import Key
from hallkiosk.caller import CallerDesk, CallerPace, DeskState
from hallkiosk.caller.errors import CallerLate
from hallkiosk.caller.keymap import Meaning
from hallqueue.memory import MemoryHall

PACE = CallerPace(guard_s=0.0, repeat_s=0.0, settle_s=0.0, late_s=60.0, error_s=60.0)


def late(bench: Any) -> None:
    bench.take_in(bench.desk.too_late(bench.now_s))


def test_a_late_key_does_nothing_and_says_so(at_work: Any) -> None:
    late(at_work)
    assert at_work.sent == []
    assert (at_work.shown, at_work.beeps, at_work.failed) == (("F32", 3), 1, [CallerLate.code])
    at_work.rest(2.1)
    assert at_work.shown == ("", 3)


def test_the_key_after_late_digits_does_not_call_the_next_person(at_work: Any) -> None:
    """1, 2, 回车 when the digits come too late and 回车 just in time."""
    late(at_work)
    late(at_work)
    at_work.press("=")
    assert at_work.sent == []
    at_work.step()
    assert at_work.whats == [Meaning.CALL]


@pytest.mark.parametrize("key", ["=", "[next]"])
def test_the_key_after_lost_presses_does_not_call_the_next_person(at_work: Any, key: str) -> None:
    """They may have been the digits of another ticket."""
    at_work.take_in(at_work.desk.pressed(Key.LOST, at_work.now_s))
    at_work.press(key)
    assert at_work.sent == []
    at_work.rest()
    at_work.press(key)
    assert at_work.whats == [Meaning.CALL]


def test_a_late_key_loses_the_number_that_was_half_typed(at_work: Any) -> None:
    at_work.press("1")
    late(at_work)
    at_work.rest(2.1)
    at_work.press("2=")
    assert at_work.shown[0] == "A002"


def test_a_late_key_leaves_a_doubt(at_work: Any) -> None:
    at_work.press("2-")
    assert at_work.desk.state is DeskState.DOUBTING
    late(at_work)
    assert at_work.desk.state is DeskState.READY
    at_work.rest()
    at_work.press("2-")
    assert at_work.desk.state is DeskState.DOUBTING
    assert at_work.sent == []


async def test_keys_of_a_machine_that_stood_still_are_not_done_late(
    hall: MemoryHall, plan: Any, caller: Any, running: Any, until: Any
) -> None:
    await hall.open_window(1, key="open")
    await hall.issue("social", key="take")
    desk = CallerDesk(lambda number: hall, plan, {1: caller.open}, pace=PACE)
    async with running(desk):
        await until(lambda: caller.picture == ("", 1))
        caller.press("=1=", at_s=time.monotonic() - 61.0)
        await until(lambda: desk.counters(1)["late"] == 3)
        await until(lambda: caller.number == "F32" and caller.beeps > 0)
        assert hall.state.tickets[1].state == "waiting"
        caller.press("=")
        await until(lambda: caller.number == "A001")
    assert desk.counters(1).text() == "failures=3 late=3"


async def test_what_is_refused_and_what_fails_is_counted(
    hall: MemoryHall, line: Any, plan: Any, caller: Any, running: Any, until: Any
) -> None:
    desk = CallerDesk(lambda number: line, plan, {1: caller.open}, pace=replace(PACE, give_up_s=0.1))
    async with running(desk):
        await until(lambda: desk.state(1) is DeskState.READY)
        caller.press("+")  # 重呼 with nobody in hand
        await until(lambda: desk.counters(1)["refusals"] == 1 and (caller.number or "").startswith("E"))
        line.drop = {"open_window"}
        await until(lambda: desk.state(1) is DeskState.READY)
        caller.press("[open]")
        await until(lambda: desk.counters(1)["failures"] == 1 and caller.number == "F30")
    assert desk.counters(1).text() == "failures=1 refusals=1"

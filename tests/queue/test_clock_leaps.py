"""A closing taken back, a clock that leaps, and a clock that is set while people are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hallqueue.errors import BadRequest, HallClosed
from hallqueue.events import ClockStepped, DayOpened, DayReopened, DeviceChanged
from hallqueue.rules.clockwatch import CLOCK
from hallqueue.states import RatingState, TicketState

Make = Callable[..., Any]
PRESS = {"level": "satisfied", "raw_key": "2", "device": "pad1"}


def clock_states(bench: Any) -> list[str]:
    return [b.state for b in bench.bodies() if isinstance(b, DeviceChanged) and b.device == CLOCK]


# --- a closing taken back ---------------------------------------------------------------------------


def test_a_day_closed_by_mistake_gives_out_the_next_number_once_it_is_reopened(bench: Any) -> None:
    voided = bench.take()
    bench.close_day(reason="错按")
    with pytest.raises(HallClosed):
        bench.issue("social")
    assert bench.reopen_day() == "2026-03-02"
    assert bench.snapshot().closed_reason == ""
    assert bench.issue("social").ticket.number == "A002"
    assert bench.state.tickets[voided].state is TicketState.VOID
    assert bench.refolded().dump() == bench.state.dump()


def test_reopening_an_open_day_records_nothing(bench: Any) -> None:
    recorded = len(bench.log.events)
    assert bench.reopen_day() == "2026-03-02"
    assert len(bench.log.events) == recorded


def test_a_reopened_day_can_be_closed_again(bench: Any) -> None:
    bench.close_day(reason="错按")
    bench.reopen_day()
    bench.take()
    assert bench.close_day(reason="下班") == 1
    assert bench.snapshot().closed_reason == "下班"
    assert [b for b in bench.bodies() if isinstance(b, DayReopened)] == [DayReopened(day="2026-03-02")]


# --- a leap that is held back ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "synchronised", "day"),
    [
        ("2026-03-03 09:00", False, "2026-03-03"),
        ("2026-03-04 09:00", False, "2026-03-02"),
        ("2026-03-04 09:00", True, "2026-03-04"),
        ("2026-05-01 09:00", False, "2026-03-02"),
        ("2026-05-01 09:00", True, "2026-05-01"),
        ("2026-05-02 09:00", True, "2026-03-02"),
    ],
)
def test_how_far_a_leap_is_followed_depends_on_what_vouches_for_the_clock(
    when: str, synchronised: bool, day: str, bench: Any
) -> None:
    bench.at(when)
    bench.synchronised = synchronised
    bench.roll()
    assert bench.state.day == day


def test_a_leap_held_back_is_a_fault_of_the_clock_said_once_with_the_command(bench: Any) -> None:
    bench.at("2027-03-02 09:00")
    for _ in range(3):
        bench.roll()
    assert clock_states(bench) == ["fault"]
    (device,) = bench.snapshot().devices
    assert (device.device, device.kind, device.who) == ("clock", "clock", "technician")
    assert "2026-03-02" in device.what_zh and "hall day confirm-clock" in device.remedy_zh
    assert not bench.snapshot().clock_ok


def test_a_clock_that_was_set_right_ends_its_fault_once(bench: Any) -> None:
    bench.at("2027-03-02 09:00")
    bench.roll()
    bench.at("2026-03-02 10:00")
    for _ in range(3):
        bench.roll()
    assert clock_states(bench) == ["fault", "online"]


def test_a_sound_clock_is_not_spoken_of(bench: Any) -> None:
    bench.at("2026-03-03 09:00")
    bench.roll()
    assert clock_states(bench) == []


@pytest.mark.parametrize("synchronised", [True, False])
def test_a_confirmed_clock_is_followed_and_its_fault_ends(synchronised: bool, bench: Any) -> None:
    bench.close_day(reason="放假")
    bench.at("2026-09-01 09:00")
    bench.synchronised = synchronised
    bench.roll()
    assert bench.confirm_clock() == "2026-09-01"
    assert clock_states(bench)[-1] == "online"
    opened = [e for e in bench.log.events if isinstance(e.body, DayOpened)]
    assert (opened[-1].actor, opened[-1].clock_ok) == ("test", True)
    assert bench.issue("social").ticket.number == "A001"
    assert not bench.roll()


def test_confirming_a_clock_that_is_followed_anyway_records_nothing(bench: Any) -> None:
    recorded = len(bench.log.events)
    assert bench.confirm_clock() == "2026-03-02"
    assert len(bench.log.events) == recorded


def test_a_confirmed_clock_never_takes_the_hall_back(bench: Any) -> None:
    bench.at("2026-02-01 09:00")
    assert bench.confirm_clock() == "2026-03-02"


def test_nobody_reports_the_clock_but_the_keeper(bench: Any) -> None:
    with pytest.raises(BadRequest):
        bench.report_device("clock", kind="clock", state="online")


# --- a clock that is set -----------------------------------------------------------------------------


class Steady:
    """Ticks of the keeper, whose other clock nobody sets."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.ms = 1_000_000
        self.tick()

    def tick(self) -> None:
        self.bench.engine.tick(self.bench.moment, self.ms)

    def pass_s(self, seconds: float) -> None:
        self.bench.later(seconds=seconds)
        self.ms += round(seconds * 1000)
        self.tick()

    def set_s(self, seconds: float) -> None:
        """The wall clock is set; a second later the keeper looks."""
        self.bench.later(seconds=seconds)
        self.pass_s(1)


def steps(bench: Any) -> list[int]:
    return [b.by_ms for b in bench.bodies() if isinstance(b, ClockStepped)]


@pytest.mark.parametrize("step_s", [1800, -1800])
def test_a_clock_that_is_set_ends_no_rating_and_no_paper_early_or_late(step_s: float, bench: Any) -> None:
    steady = Steady(bench)
    bench.take()
    job = bench.issue("social").job
    bench.serve(1)
    matter = bench.finish(1).rating.matter
    steady.pass_s(10)
    steady.set_s(step_s)
    assert steps(bench) == [step_s * 1000]
    assert [j.job for j in bench.print_queue()] == [job]
    assert bench.ratings_open()[0].until_ms == bench.now_ms + 49_000
    steady.pass_s(53)
    assert len(bench.ratings_open()) == 1
    steady.pass_s(1)
    assert bench.state.ratings[matter].reason == "timeout"
    steady.pass_s(540)
    assert bench.print_queue() == () and bench.state.pending_jobs == {}
    assert bench.refolded().dump() == bench.state.dump()


def test_a_press_still_rates_after_the_clock_was_set(bench: Any) -> None:
    steady = Steady(bench)
    bench.take()
    bench.serve(1)
    matter = bench.finish(1).rating.matter
    steady.set_s(3600)
    assert bench.press(1, **PRESS).rated
    assert bench.state.ratings[matter].state is RatingState.RATED


def test_a_clock_that_merely_drifts_is_not_spoken_of(bench: Any) -> None:
    steady = Steady(bench)
    for _ in range(5):
        steady.set_s(4.9)
    steady.pass_s(3600)
    assert steps(bench) == []


def test_a_hall_on_made_up_time_never_sees_a_step(bench: Any) -> None:
    bench.tick()
    bench.later(minutes=30)
    bench.tick()
    assert steps(bench) == []

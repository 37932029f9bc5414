"""Windows, the end of a day, and clocks that jump."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hallqueue.errors import HallClosed, StillServing
from hallqueue.events import DayClosed, TicketCalled, TicketVoided
from hallqueue.rules.day import BrokenLog, DayState
from hallqueue.rules.periods import PeriodKind, period_change
from hallqueue.states import PrintState, WindowState

Make = Callable[..., Any]


def test_the_first_start_opens_the_day_and_the_next_one_does_not(bench: Any) -> None:
    assert bench.names()[0] == "DayOpened"
    assert not bench.roll()


def test_opening_an_open_window_again_records_nothing(bench: Any) -> None:
    recorded = len(bench.log.events)
    assert bench.open_window(1, clerk="员1").state is WindowState.OPEN
    assert len(bench.log.events) == recorded


def test_a_pause_has_a_reason_until_the_window_opens_again(bench: Any) -> None:
    assert bench.pause_window(1, reason="打印机缺纸").pause_reason == "打印机缺纸"
    view = bench.open_window(1)
    assert (view.pause_reason, view.clerk) == ("", "员1")


def test_closing_the_day_voids_everyone_not_served_with_the_reason(bench: Any) -> None:
    for _ in range(4):
        bench.take()
    bench.serve(1)
    bench.hold(1)
    bench.call(2)
    bench.pass_ticket(2)
    bench.call(2)
    assert bench.close_day(reason="停电") == 4
    voided = [b for b in bench.bodies() if isinstance(b, TicketVoided)]
    assert {b.reason for b in voided} == {"停电"} and len(voided) == 4
    assert bench.snapshot().closed_reason == "停电"


def test_closing_the_day_is_refused_while_someone_is_served(bench: Any) -> None:
    for _ in range(2):
        bench.take()
    bench.serve(1)
    bench.serve(2)
    with pytest.raises(StillServing, match="窗口1、2还在办理"):
        bench.close_day(reason="停电")
    assert bench.close_day(reason="停电", force=True) == 2


def test_closing_a_closed_day_changes_nothing(bench: Any) -> None:
    bench.close_day(reason="停电")
    recorded = len(bench.log.events)
    assert bench.close_day(reason="再") == 0
    assert len(bench.log.events) == recorded


def test_a_day_dissolved_without_a_reason_still_has_one(bench: Any) -> None:
    bench.close_day(reason="")
    assert bench.snapshot().closed_reason == "解散"


def test_an_empty_hall_goes_over_at_midnight_with_numbers_from_one(bench: Any) -> None:
    bench.take()
    bench.serve(1)
    bench.finish(1)
    bench.at("2026-03-03 00:00")
    assert bench.roll()
    assert bench.state.day == "2026-03-03"
    assert bench.snapshot().windows[0].state is WindowState.CLOSED
    assert bench.issue("social", channel="staff").ticket.number == "A001"


def test_at_midnight_with_people_waiting_the_day_goes_on_under_its_numbers(bench: Any) -> None:
    bench.take()
    bench.at("2026-03-03 00:30")
    assert not bench.roll()
    issued = bench.issue("social", channel="staff").ticket
    assert (issued.number, issued.day) == ("A002", "2026-03-02")


def test_at_four_the_day_ends_for_whoever_is_left(bench: Any) -> None:
    bench.take()
    bench.take()
    bench.serve(1)
    bench.at("2026-03-03 04:00")
    assert bench.roll()
    closed = next(b for b in bench.bodies() if isinstance(b, DayClosed))
    assert (closed.day, closed.reason, closed.dissolved) == ("2026-03-02", "日终", 2)
    assert not bench.state.occupied


def test_the_end_is_recorded_under_the_old_day_and_the_beginning_under_the_new(bench: Any) -> None:
    bench.take()
    bench.at("2026-03-03 04:00")
    bench.roll()
    ends = {e.day for e in bench.log.events if isinstance(e.body, TicketVoided | DayClosed)}
    assert ends == {"2026-03-02"}
    assert [type(e.body).__name__ for e in bench.log.events if e.day == "2026-03-03"] == ["DayOpened"]


def test_the_end_of_the_day_leaves_no_paper_and_no_rating_open(bench: Any) -> None:
    jobs = [bench.issue("social").job for _ in range(2)]
    bench.print_begin(jobs[0], printer="p1")
    bench.serve(1)
    matter = bench.finish(1).rating.matter
    bench.at("2026-03-03 04:00")
    bench.roll()
    old = DayState(bench.plan)
    for event in bench.log.events:
        if event.day == "2026-03-02":
            old.apply(event)
    assert [old.jobs[j].state for j in jobs] == [PrintState.UNKNOWN, PrintState.EXPIRED]
    assert old.ratings[matter].reason == "closed"
    assert not old.open_ratings and not old.active


def test_devices_go_over_into_the_new_day_with_the_time_their_state_began(bench: Any) -> None:
    since = bench.report_device("printer", kind="printer", state="fault", code="P-02").since_ms
    bench.at("2026-03-03 08:00")
    bench.roll()
    (device,) = bench.snapshot().devices
    assert (device.code, device.since_ms) == ("P-02", since)


def test_a_day_that_was_dissolved_is_not_closed_twice(bench: Any) -> None:
    bench.close_day(reason="停电")
    bench.at("2026-03-03 08:00")
    bench.roll()
    assert bench.names().count("DayClosed") == 1
    bench.at("2026-03-03 09:00")
    assert bench.issue("social").ticket.number == "A001"


def test_a_clock_that_falls_back_a_day_never_reopens_yesterday(bench: Any) -> None:
    bench.take()
    bench.at("2026-03-01 09:00")
    assert not bench.roll()
    issued = bench.issue("social").ticket
    assert (issued.number, issued.day, issued.clock_ok) == ("A002", "2026-03-02", False)


def test_a_clock_that_leaps_a_year_keeps_the_day_and_its_numbers(bench: Any) -> None:
    bench.take()
    bench.at("2027-03-02 09:00")
    assert not bench.roll()
    issued = bench.issue("social").ticket
    assert (issued.number, issued.day, issued.clock_ok) == ("A002", "2026-03-02", False)


def test_a_hall_that_was_shut_for_a_season_goes_on_when_a_technician_confirms_the_clock(bench: Any) -> None:
    bench.at("2026-09-01 09:00")
    assert not bench.roll()
    assert bench.engine.roll_if_due(bench.now_ms, True, believed=True)
    issued = bench.issue("social").ticket
    assert (issued.day, issued.clock_ok) == ("2026-09-01", True)


def test_a_replay_of_the_days_log_is_the_same_state(bench: Any) -> None:
    bench.report_device("pad", kind="pad", state="online")
    for person, service in enumerate(("social", "family", "tax", "social")):
        bench.take(service, person=f"p{person}")
    bench.serve(1)
    bench.finish(1, then="tax")
    bench.serve(3)
    bench.hold(3)
    bench.call(2)
    bench.recall(2)
    bench.pass_ticket(2)
    assert bench.refolded().dump() == bench.state.dump()
    bench.at("2026-03-03 09:00")
    bench.roll()
    bench.open_all()
    bench.take()
    assert bench.refolded().dump() == bench.state.dump()


def test_a_moment_of_another_day_is_a_fault_of_the_program(bench: Any) -> None:
    moment = bench.engine.moment(bench.now_ms, True, "x")
    bench.at("2026-03-03 09:00")
    bench.roll()
    with pytest.raises(ValueError, match="2026-03-02"):
        bench.engine.open_window(moment, 1, clerk="x")


def test_a_log_that_calls_one_ticket_to_two_windows_is_refused(bench: Any) -> None:
    ticket = bench.take()
    bench.call(1)
    double = bench.log.record(TicketCalled(ticket=ticket, window=2, clerk="", overtook=False), bench.moment)
    with pytest.raises(BrokenLog, match="A001 is called, cannot call"):
        bench.state.apply(double)


def test_a_log_that_gives_a_window_two_tickets_is_refused(bench: Any) -> None:
    bench.take()
    other = bench.take()
    bench.call(1)
    second = bench.log.record(TicketCalled(ticket=other, window=1, clerk="", overtook=False), bench.moment)
    with pytest.raises(BrokenLog, match="window 1 still has ticket 1"):
        bench.state.apply(second)


def test_the_periods_of_a_visit_follow_from_its_events(bench: Any) -> None:
    bench.take("family")
    bench.call(3)
    bench.recall(3)
    bench.start(3)
    bench.hold(3)
    bench.resume(3, 1)
    bench.finish(3)
    bench.serve(4)
    bench.finish(4)
    changes = [c for c in map(period_change, bench.bodies()) if c is not None]
    k = PeriodKind
    expected = [k.WAITING, k.CALLED, k.SERVING, k.HELD, k.SERVING, k.WAITING, k.CALLED, k.SERVING, None]
    assert [c.opens for c in changes] == expected
    assert [c.closes for c in changes] == [False] + [True] * 8
    assert [c.window for c in changes] == [0, 3, 3, 3, 3, 0, 4, 4, 0]


def test_a_matter_that_goes_on_at_the_window_opens_a_new_serving_period(bench: Any) -> None:
    bench.call_ticket(4, bench.take("family"))
    bench.start(4)
    bench.finish(4)
    change = period_change(bench.bodies()[-1])
    assert change is not None
    assert (change.closes, change.opens, change.window) == (True, PeriodKind.SERVING, 4)


def test_a_ticket_after_the_closing_is_refused_until_the_next_day(bench: Any) -> None:
    bench.close_day(reason="停电")
    with pytest.raises(HallClosed):
        bench.issue("tax")

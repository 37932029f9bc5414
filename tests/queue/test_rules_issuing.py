"""取号: numbers, hours, limits, and what a person holds already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallqueue.errors import (
    AlreadyWaiting,
    BadRequest,
    DayFull,
    DayLimit,
    HallClosed,
    HallError,
    NoWindow,
    PersonLimit,
    UnknownService,
)
from hallqueue.plan import Service
from hallqueue.rules.engine_tickets import ticket_number

Make = Callable[..., Any]


def test_a_ticket_has_the_prefix_and_three_digits(bench: Any) -> None:
    assert bench.issue("social").ticket.number == "A001"
    assert bench.issue("tax").ticket.number == "B001"
    assert bench.issue("social").ticket.number == "A002"


@pytest.mark.parametrize(("ordinal", "number"), [(1, "A001"), (999, "A999"), (1000, "A1000")])
def test_the_thousandth_number_has_four_digits(ordinal: int, number: str) -> None:
    assert ticket_number(Service("s", "s", "g", "A"), ordinal) == number


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_two_ordinals_never_make_one_number(one: int, other: int) -> None:
    service = Service("s", "s", "g", "A")
    assert (ticket_number(service, one) == ticket_number(service, other)) is (one == other)


def test_services_of_one_prefix_share_one_sequence(make_bench: Make) -> None:
    bench = make_bench(tax={"prefix": "A"})
    assert [bench.issue(s).ticket.number for s in ("social", "tax", "social")] == ["A001", "A002", "A003"]


def test_each_ticket_has_its_own_reference(bench: Any) -> None:
    assert len({bench.issue("social").ticket.reference for _ in range(5)}) == 5


def test_a_ticket_is_found_by_number_reference_and_id(bench: Any) -> None:
    issued = bench.issue("social").ticket
    for which in ("A001", "a001", issued.reference, str(issued.ticket)):
        assert bench.ticket(which).ticket == issued.ticket


def test_paper_is_an_intent_of_its_own_and_only_when_asked_for(bench: Any) -> None:
    assert bench.issue("social").job == 1
    assert bench.issue("tax", paper=False).job == 0
    assert [job.ticket.number for job in bench.print_queue()] == ["A001"]


def test_a_ticket_for_several_matters_waits_for_the_first(bench: Any) -> None:
    view = bench.issue("family").ticket
    assert (view.service, view.chosen, view.matters) == ("marry", "family", ("婚姻登记", "生育登记"))


def test_an_unknown_service_is_named(bench: Any) -> None:
    with pytest.raises(UnknownService, match="没有这个事项：none"):
        bench.issue("none")


@pytest.mark.parametrize("wrong", [{"priority": "vip"}, {"channel": "fax"}, {"masked_name": "张" * 201}])
def test_a_wrong_parameter_takes_no_number(wrong: dict[str, str], bench: Any) -> None:
    with pytest.raises(BadRequest):
        bench.issue("social", **wrong)
    assert bench.issue("social").ticket.number == "A001"


@pytest.mark.parametrize(
    ("now", "why", "hours"),
    [
        ("2026-03-02 08:30", "不在服务时间", "今天 09:00–12:00"),
        ("2026-03-02 12:30", "不在服务时间", "今天 14:00–17:30"),
        ("2026-03-02 18:00", "不在服务时间", "明天 09:00–12:00"),
        ("2026-03-08 10:00", "今天休息", "明天 09:00–12:00"),
        ("2026-05-01 10:00", "今天休息", "5月4日（周一）09:00–12:00"),
    ],
)
def test_outside_the_hours_the_refusal_says_when_to_come(
    now: str, why: str, hours: str, make_bench: Make
) -> None:
    bench = make_bench(now=now)
    with pytest.raises(HallClosed) as caught:
        bench.issue("social")
    assert caught.value.what_zh == f"现在不取号：{why}"
    assert caught.value.remedy_zh == f"取号时间：{hours}"


def test_the_english_of_a_refusal_is_english(make_bench: Make) -> None:
    with pytest.raises(HallClosed) as caught:
        make_bench(now="2026-03-02 18:00").issue("social")
    error = caught.value
    assert error.what_en == "no tickets now: outside service hours"
    assert error.remedy_en == "ticket hours: tomorrow 09:00–12:00"


def test_staff_may_issue_outside_the_hours(make_bench: Make) -> None:
    bench = make_bench(now="2026-03-02 18:00")
    assert bench.issue("social", channel="staff").ticket.number == "A001"


def test_after_the_last_ticket_time_the_service_gives_out_none(make_bench: Make) -> None:
    bench = make_bench(social={"last_ticket": "16:30"}, now="2026-03-02 16:30")
    with pytest.raises(HallClosed, match=r"社保今天16:30停止取号.*明天 09:00–12:00"):
        bench.issue("social")
    assert bench.issue("tax").ticket.number == "B001"


def test_a_clock_that_is_not_trusted_turns_nobody_away(make_bench: Make) -> None:
    bench = make_bench(now="2026-03-02 18:00")
    bench.synchronised = False
    assert bench.issue("social").ticket.clock_ok is False


def test_a_service_gives_out_only_so_many_a_day(make_bench: Make) -> None:
    bench = make_bench(social={"day_limit": 2})
    bench.issue("social")
    bench.void(bench.issue("social").ticket.ticket, reason="错")
    with pytest.raises(DayLimit, match="社保今天的2个号已取完"):
        bench.issue("social")
    bench.at("2026-03-03 09:00")
    bench.void(1, reason="走了")
    bench.roll()
    assert bench.issue("social").ticket.number == "A001"


def test_a_person_holds_one_active_ticket_a_service(bench: Any) -> None:
    bench.issue("social", person="p")
    with pytest.raises(AlreadyWaiting, match="您已有号A001"):
        bench.issue("social", person="p")
    assert bench.issue("tax", person="p").ticket.number == "B001"
    assert bench.issue("social", person="q").ticket.number == "A002"


@pytest.mark.parametrize("step", ["call", "serve"])
def test_a_ticket_in_hand_is_still_active(step: str, bench: Any) -> None:
    bench.take(person="p")
    getattr(bench, step)(1)
    with pytest.raises(AlreadyWaiting):
        bench.issue("social", person="p")


def test_after_the_end_or_a_pass_a_person_may_take_another(bench: Any) -> None:
    bench.take(person="p")
    bench.serve(1)
    bench.finish(1)
    bench.take(person="p")
    bench.call(1)
    bench.pass_ticket(1)
    assert bench.issue("social", person="p").ticket.number == "A003"


def test_a_person_takes_only_so_many_a_day(make_bench: Make) -> None:
    bench = make_bench(social={"person_limit": 1})
    bench.void(bench.issue("social", person="p").ticket.ticket, reason="走了")
    with pytest.raises(PersonLimit, match="您今天已取过1个社保的号"):
        bench.issue("social", person="p")
    assert bench.issue("social").ticket.number == "A002", "without a card there is no person to count"


def test_without_an_open_window_the_plan_may_refuse(make_bench: Make) -> None:
    bench = make_bench(closed=True, issue_needs_window=True)
    with pytest.raises(NoWindow, match="社保现在没有窗口办理"):
        bench.issue("social")
    bench.open_window(1)
    assert bench.issue("social").ticket.number == "A001"
    bench.pause_window(1)
    with pytest.raises(NoWindow):
        bench.issue("social")


def test_a_full_day_gives_out_no_more_than_can_be_done(make_bench: Make) -> None:
    # Two windows, ten minutes each, twenty minutes left: the fourth would be served at 17:25.
    bench = make_bench(issue_until_full=True, now="2026-03-02 17:10")
    for _ in range(3):
        bench.issue("social")
    with pytest.raises(DayFull, match="社保排队的人今天已经办不完") as caught:
        bench.issue("social")
    assert caught.value.remedy_zh == "请改天来（明天 09:00–12:00），急办的请工作人员帮您取号"
    assert (
        caught.value.remedy_en == "come tomorrow 09:00–12:00, or ask the staff for a ticket if it is urgent"
    )
    line = next(line for line in bench.snapshot().lines if line.service == "social")
    assert (line.open, line.refusal_code) == (False, "Q-33"), "the terminal says so before anybody asks"
    assert bench.issue("social", channel="staff").ticket.number == "A004"


def test_the_afternoon_counts_as_time_that_is_left_in_the_morning(make_bench: Make) -> None:
    bench = make_bench(issue_until_full=True, now="2026-03-02 11:55")
    for _ in range(10):
        bench.issue("social")
    assert bench.issue("social").ticket.number == "A011"


def test_nobody_is_turned_away_for_a_guess(make_bench: Make) -> None:
    unasked = make_bench(now="2026-03-02 17:29")
    assert unasked.issue("social").ticket.number == "A001", "the hall did not choose it"
    untrusted = make_bench(issue_until_full=True, now="2026-03-02 17:29")
    untrusted.synchronised = False
    assert untrusted.issue("social").ticket.number == "A001", "nobody vouches for the clock"
    closed = make_bench(closed=True, issue_until_full=True, now="2026-03-02 17:29")
    assert closed.issue("social").ticket.number == "A001", "without a window there is no estimate"


def test_the_terminal_sees_the_same_refusal_beforehand(make_bench: Make) -> None:
    bench = make_bench(social={"day_limit": 1})
    bench.issue("social")
    lines = {line.service: line for line in bench.snapshot().lines}
    assert (lines["social"].open, lines["social"].refusal_code) == (False, "Q-05")
    assert lines["social"].refusal_zh == "社保今天的1个号已取完。请改天再来或咨询工作人员"
    assert lines["tax"].open and lines["tax"].refusal_zh == ""


@given(
    st.lists(
        st.tuples(st.sampled_from(["social", "tax"]), st.sampled_from(["", "p", "q"]), st.booleans()),
        max_size=25,
    )
)
def test_no_person_ever_holds_two_active_tickets_of_a_service(wishes: list[tuple[str, str, bool]]) -> None:
    bench = _fresh()
    for service, person, serve in wishes:
        try:
            bench.issue(service, person=person)
        except HallError as error:
            assert isinstance(error, AlreadyWaiting)
        if serve:
            bench.serve(2)
            bench.finish(2)
        held = [(t.person, t.chosen) for t in map(bench.state.tickets.get, bench.state.active) if t.person]
        assert len(held) == len(set(held))


_benches: list[Make] = []


@pytest.fixture(autouse=True)
def _remember(make_bench: Make) -> None:
    _benches[:] = [make_bench]


def _fresh() -> Any:
    """A new bench for each example: a fixture would be shared by all of them."""
    return _benches[0]()


def test_a_ticket_refused_for_any_reason_leaves_no_trace(make_bench: Make) -> None:
    bench = make_bench(social={"day_limit": 1, "person_limit": 1})
    bench.issue("social", person="p")
    before, events = bench.state.dump(), len(bench.log.events)
    for more in ({}, {"person": "p"}, {"priority": "vip"}):
        with pytest.raises(HallError):
            bench.issue("social", **more)
    assert (bench.state.dump(), len(bench.log.events)) == (before, events)


def test_a_closed_day_gives_out_nothing_even_to_staff(bench: Any) -> None:
    bench.close_day(reason="停电")
    with pytest.raises(HallClosed, match=r"今天已结束（停电）.*明天 09:00"):
        bench.issue("social", channel="staff")


def test_the_plan_with_a_lunch_ticket_time_skips_the_afternoon(make_bench: Make, bench: Any) -> None:
    plan = bench.plan
    services = tuple(replace(s, last_ticket="11:00") if s.id == "tax" else s for s in plan.services)
    late = make_bench(replace(plan, services=services), now="2026-03-02 11:30")
    with pytest.raises(HallClosed, match="明天 09:00–11:00"):
        late.issue("tax")

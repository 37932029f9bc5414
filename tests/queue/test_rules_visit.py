"""过号 and its return, 挂起, 转移, 办结 and one visit through several matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hallqueue.errors import (
    AlreadyWaiting,
    BadRequest,
    HeldLimit,
    NotAllowed,
    NotServedHere,
    QueueEmpty,
    ReturnTooLate,
    UnknownService,
    WaitsElsewhere,
    WindowBusy,
    WindowNotOpen,
    WrongState,
)
from hallqueue.events import MatterFinished
from hallqueue.states import TicketState

Make = Callable[..., Any]


def passed(bench: Any, window: int = 1) -> int:
    ticket = bench.call(window)
    bench.pass_ticket(window)
    return int(ticket)


def test_a_passed_ticket_frees_the_window_and_is_counted(bench: Any) -> None:
    bench.take()
    ticket = passed(bench)
    view = bench.snapshot().windows[0]
    assert view.current is None and view.passed_today == 1
    assert [t.ticket for t in bench.snapshot().passed] == [ticket]


def test_a_returned_ticket_stands_behind_the_plans_number_of_those_waiting(make_bench: Make) -> None:
    bench = make_bench(return_behind=2)
    gone = bench.take()
    others = [bench.take() for _ in range(4)]
    passed(bench)
    bench.return_passed(gone)
    order = [passed(bench) for _ in range(5)]
    assert order == [others[0], others[1], gone, others[2], others[3]]


def test_a_returned_ticket_stands_last_when_fewer_wait(make_bench: Make) -> None:
    bench = make_bench(return_behind=5)
    gone, other = bench.take(), bench.take()
    passed(bench)
    bench.return_passed(gone)
    assert [passed(bench), passed(bench)] == [other, gone]


def test_a_returned_ticket_never_gains_by_having_been_away(make_bench: Make) -> None:
    bench = make_bench(return_behind=1)
    early = [bench.take() for _ in range(3)]
    late = bench.take()
    bench.call_ticket(1, late)
    bench.pass_ticket(1)
    bench.return_passed(late)
    assert [passed(bench) for _ in range(4)] == [*early, late]


def test_a_returned_ticket_keeps_its_arrival(bench: Any) -> None:
    bench.take()
    arrival = bench.snapshot().waiting[0].arrival_ms
    ticket = passed(bench)
    bench.later(minutes=3)
    assert bench.return_passed(ticket).arrival_ms == arrival


def test_a_ticket_passed_too_many_calls_ago_does_not_return(make_bench: Make) -> None:
    bench = make_bench(return_within_tickets=2)
    gone = bench.take()
    for _ in range(2):
        bench.take()
    passed(bench)
    passed(bench)
    assert gone in [t.ticket for t in bench.snapshot().passed]
    passed(bench)
    assert gone not in [t.ticket for t in bench.snapshot().passed]
    with pytest.raises(ReturnTooLate, match="请重新取号"):
        bench.return_passed(gone)


def test_calls_from_another_line_do_not_make_it_too_late(make_bench: Make) -> None:
    bench = make_bench(return_within_tickets=1)
    gone = bench.take("social")
    bench.take("tax")
    passed(bench)
    passed(bench, 2)
    assert bench.return_passed(gone).state is TicketState.WAITING


def test_a_ticket_passed_too_many_minutes_ago_does_not_return(make_bench: Make) -> None:
    bench = make_bench(return_within_minutes=30)
    gone = bench.take()
    passed(bench)
    bench.later(minutes=30)
    assert bench.snapshot().passed
    bench.later(seconds=1)
    with pytest.raises(ReturnTooLate):
        bench.return_passed(gone)
    assert not bench.snapshot().passed


def test_whoever_took_a_new_number_cannot_also_return_with_the_old_one(bench: Any) -> None:
    old = bench.take(person="p")
    passed(bench)
    bench.take(person="p")
    with pytest.raises(AlreadyWaiting, match="A002"):
        bench.return_passed(old)


def test_a_held_ticket_lets_the_window_serve_another(bench: Any) -> None:
    held, other = bench.take(), bench.take()
    bench.serve(1)
    assert bench.hold(1, reason="复印").state is TicketState.HELD
    assert bench.serve(1) == other
    assert [t.ticket for t in bench.snapshot().windows[0].held] == [held]


def test_a_window_holds_only_so_many(make_bench: Make) -> None:
    bench = make_bench(max_held=1)
    for _ in range(2):
        bench.take()
    bench.serve(1)
    bench.hold(1)
    bench.serve(1)
    with pytest.raises(HeldLimit, match="1号窗口已挂起1个"):
        bench.hold(1)


def test_only_one_who_is_served_can_be_held(bench: Any) -> None:
    bench.take()
    bench.call(1)
    with pytest.raises(WrongState, match="不能挂起"):
        bench.hold(1)


def test_a_held_ticket_resumes_when_the_window_is_free(bench: Any) -> None:
    held = bench.take()
    bench.take()
    bench.serve(1)
    bench.hold(1)
    bench.serve(1)
    with pytest.raises(WindowBusy):
        bench.resume(1, held)
    bench.finish(1)
    assert bench.resume(1, held).state is TicketState.SERVING


def test_a_held_ticket_is_resumed_only_where_it_is_held(bench: Any) -> None:
    held = bench.take()
    bench.serve(1)
    bench.hold(1)
    with pytest.raises(WrongState, match="挂起于1号窗口"):
        bench.resume(2, held)


def test_a_window_that_holds_someone_cannot_close(bench: Any) -> None:
    bench.take()
    bench.serve(1)
    bench.hold(1)
    with pytest.raises(WindowBusy, match="A001"):
        bench.close_window(1)


def test_a_closed_window_cannot_be_paused(make_bench: Make) -> None:
    with pytest.raises(WindowNotOpen):
        make_bench(closed=True).pause_window(1)


def test_a_transferred_ticket_keeps_number_and_place(bench: Any) -> None:
    moved = bench.take("social")
    bench.take("tax")
    bench.serve(1)
    bench.later(minutes=5)
    view = bench.transfer(1, "tax")
    assert (view.number, view.state, view.service) == ("A001", TicketState.TRANSFERRED, "tax")
    assert bench.call(2) == moved


def test_a_ticket_transferred_to_one_window_is_called_by_that_window_only(bench: Any) -> None:
    ticket = bench.take("social")
    bench.serve(2)
    bench.transfer(2, "social", to_window=1)
    view = bench.snapshot().windows
    assert (view[0].waiting, view[1].waiting) == (1, 0)
    with pytest.raises(WaitsElsewhere, match="A001已转到1号窗口等候"):
        bench.call_ticket(2, ticket)
    assert bench.call(1) == ticket


def test_a_ticket_transferred_to_a_window_that_is_merely_paused_waits_for_it(bench: Any) -> None:
    ticket = bench.take("social")
    bench.serve(2)
    bench.transfer(2, "social", to_window=1)
    bench.pause_window(1)
    with pytest.raises(QueueEmpty):
        bench.call_next(2)
    with pytest.raises(WaitsElsewhere):
        bench.call_ticket(2, ticket)
    bench.open_window(1)
    assert bench.call(1) == ticket


@pytest.mark.parametrize("by_name", [True, False])
def test_a_ticket_transferred_to_a_window_that_closed_goes_to_any_of_its_service(
    by_name: bool, bench: Any
) -> None:
    ticket = bench.take("social")
    bench.serve(2)
    bench.transfer(2, "social", to_window=1)
    bench.close_window(1)
    view = bench.snapshot().windows[1]
    assert (view.waiting, view.next.ticket) == (1, ticket)
    called = bench.call_ticket(2, ticket) if by_name else bench.call_next(2)
    assert (called.ticket, called.window) == (ticket, 2)
    assert bench.state.lines.dump() == {}


def test_a_transfer_to_a_closed_window_is_refused(bench: Any) -> None:
    bench.take("social")
    bench.serve(2)
    bench.close_window(1)
    with pytest.raises(WindowNotOpen, match="1号窗口未开放"):
        bench.transfer(2, "social", to_window=1)


@pytest.mark.parametrize("actor", ["window:2", "window:2/李敏"])
@pytest.mark.parametrize("step", ["call_next", "start", "hold"])
def test_a_window_does_not_void_whom_another_window_has(step: str, actor: str, bench: Any) -> None:
    ticket = bench.take()
    for verb in ("call_next", "start", "hold")[: ("call_next", "start", "hold").index(step) + 1]:
        getattr(bench, verb)(1)
    elsewhere, own = (replace(bench.moment, actor=a) for a in (actor, "window:1/王"))
    with pytest.raises(NotAllowed, match="“2号窗口”无权作废A001（在1号窗口）"):
        bench.engine.void(elsewhere, ticket, reason="错")
    assert bench.engine.void(own, ticket, reason="走了").state is TicketState.VOID


def test_a_window_voids_whoever_is_in_line_or_passed_and_staff_void_anyone(bench: Any) -> None:
    here, passed, there = bench.take(), bench.take(), bench.take()
    assert bench.call(1) == here
    bench.transfer(1, "tax")
    assert bench.call(1) == passed
    bench.pass_ticket(1)
    assert bench.call(1) == there
    window = replace(bench.moment, actor="window:2")
    for ticket in (here, passed):
        assert bench.engine.void(window, ticket, reason="走了").state is TicketState.VOID
    staff = replace(bench.moment, actor="staff/王")
    assert bench.engine.void(staff, there, reason="走了").state is TicketState.VOID


def test_a_called_ticket_may_be_transferred_before_it_is_served(bench: Any) -> None:
    bench.take()
    bench.call(1)
    assert bench.transfer(1, "tax").state is TicketState.TRANSFERRED


def test_a_transfer_to_a_window_that_does_not_serve_it_is_refused(bench: Any) -> None:
    bench.take()
    bench.serve(1)
    with pytest.raises(NotServedHere, match="3号窗口不办理税务"):
        bench.transfer(1, "tax", to_window=3)


def test_a_transfer_back_into_the_same_line_is_refused(bench: Any) -> None:
    bench.take()
    bench.serve(1)
    with pytest.raises(BadRequest, match="另一个窗口"):
        bench.transfer(1, "social")


@pytest.mark.parametrize(("service", "error"), [("none", UnknownService), ("family", BadRequest)])
def test_a_transfer_goes_to_a_single_known_matter(service: str, error: type[Exception], bench: Any) -> None:
    bench.take()
    bench.serve(1)
    with pytest.raises(error):
        bench.transfer(1, service)


def test_the_last_matter_finishes_the_ticket(bench: Any) -> None:
    bench.take()
    bench.serve(1)
    done = bench.finish(1)
    assert (done.ticket.state, done.ticket.window) == (TicketState.DONE, 1)
    assert bench.snapshot().done_today == 1


def test_a_visit_whose_next_matter_is_not_served_here_waits_in_its_line(bench: Any) -> None:
    family = bench.take("family")
    bench.serve(3)
    bench.take("birth")
    done = bench.finish(3)
    assert (done.ticket.state, done.ticket.service, done.ticket.window) == (TicketState.WAITING, "birth", 0)
    assert bench.call(4) == family, "it kept its place, earlier than the other's"


def test_a_visit_whose_next_matter_is_served_here_goes_on_at_once(bench: Any) -> None:
    family = bench.take("family")
    bench.call_ticket(4, family)
    bench.start(4)
    done = bench.finish(4)
    assert (done.ticket.state, done.ticket.service) == (TicketState.SERVING, "birth")
    assert done.ticket.matter_index == 1
    assert bench.finish(4).ticket.state is TicketState.DONE


def test_each_matter_of_a_visit_has_its_own_id_and_rating(bench: Any) -> None:
    family = bench.take("family")
    bench.call_ticket(4, family)
    bench.start(4)
    first, second = bench.finish(4).rating, bench.finish(4).rating
    assert first.matter != second.matter
    assert (first.service_name, second.service_name) == ("婚姻登记", "生育登记")


def test_a_further_matter_is_put_before_those_still_to_come(bench: Any) -> None:
    bench.take("family")
    bench.serve(3)
    view = bench.finish(3, then="tax").ticket
    assert view.matters == ("婚姻登记", "税务", "生育登记")
    assert view.service == "tax"


def test_naming_the_very_next_matter_adds_nothing(bench: Any) -> None:
    bench.take("family")
    bench.serve(3)
    assert bench.finish(3, then="birth").ticket.matters == ("婚姻登记", "生育登记")


def test_a_called_ticket_is_not_finished(bench: Any) -> None:
    bench.take()
    bench.call(1)
    with pytest.raises(WrongState, match="不能办结"):
        bench.finish(1)


@pytest.mark.parametrize(("then", "error"), [("none", UnknownService), ("family", BadRequest)])
def test_a_further_matter_is_a_single_known_one(then: str, error: type[Exception], bench: Any) -> None:
    bench.take()
    bench.serve(1)
    with pytest.raises(error):
        bench.finish(1, then=then)


def test_the_matter_that_follows_has_the_next_id(bench: Any) -> None:
    bench.take("family")
    bench.serve(3)
    bench.finish(3)
    finished = [b for b in bench.bodies() if isinstance(b, MatterFinished)]
    assert [(b.verb, b.matter, b.next_matter) for b in finished] == [("forward", 1, 2)]


def test_a_voided_ticket_in_hand_frees_the_window(bench: Any) -> None:
    ticket = bench.take()
    bench.serve(1)
    assert bench.void(ticket, reason="走了").state is TicketState.VOID
    assert bench.snapshot().windows[0].current is None


@pytest.mark.parametrize("state", ["waiting", "called", "serving", "held", "passed"])
def test_a_ticket_can_be_voided_from_every_living_state(state: str, bench: Any) -> None:
    ticket = bench.take()
    steps = {"waiting": 0, "called": 1, "serving": 2, "held": 3, "passed": 2}[state]
    moves = [bench.call, bench.pass_ticket if state == "passed" else bench.start, bench.hold][:steps]
    for step in moves:
        step(1)
    assert bench.ticket(str(ticket)).state == state
    bench.void(ticket, reason="走了")
    assert not bench.state.active and not bench.state.passed
    with pytest.raises(WrongState, match="不能作废"):
        bench.void(ticket, reason="再")

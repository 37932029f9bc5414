"""Who is called: order, classes, the bound, overflow, transfers, and the guards of 叫号."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hallqueue.errors import (
    NotServedHere,
    QueueEmpty,
    RecallLimit,
    StaleView,
    UnknownTicket,
    UnknownWindow,
    WindowBusy,
    WindowIdle,
    WindowNotOpen,
    WrongState,
)
from hallqueue.events import TicketCalled
from hallqueue.states import TicketState

Make = Callable[..., Any]


def overtook(bench: Any) -> list[bool]:
    return [body.overtook for body in bench.bodies() if isinstance(body, TicketCalled)]


def test_those_of_one_class_are_called_in_the_order_they_came(bench: Any) -> None:
    first, second = bench.take(), bench.take()
    assert [bench.serve(1), bench.serve(2)] == [first, second]


def test_a_window_that_serves_two_services_takes_the_earlier_of_both_lines(bench: Any) -> None:
    tax, social = bench.take("tax"), bench.take("social")
    assert bench.call(2) == tax
    assert bench.call(1) == social


def test_the_line_is_shared_so_the_next_free_window_takes_the_next_person(bench: Any) -> None:
    tickets = [bench.take() for _ in range(4)]
    called = [bench.call(w) for w in (1, 2)]
    bench.pass_ticket(2)
    bench.pass_ticket(1)
    assert [*called, bench.call(2), bench.call(1)] == tickets


def test_a_higher_class_goes_first(bench: Any) -> None:
    bench.take()
    old = bench.take(priority="old")
    army = bench.take(priority="army")
    assert [bench.call(1), bench.call(2)] == [army, old]


def test_at_most_so_many_calls_in_a_row_overtake_an_earlier_lower_class(make_bench: Make) -> None:
    bench = make_bench(max_overtakes=2)
    ordinary = [bench.take() for _ in range(2)]
    old = [bench.take(priority="old") for _ in range(5)]
    order = []
    for _ in range(7):
        order.append(bench.serve(1))
        bench.finish(1)
    assert order == [old[0], old[1], ordinary[0], old[2], old[3], ordinary[1], old[4]]
    assert overtook(bench) == [True, True, False, True, True, False, False]


def test_when_the_bound_is_reached_the_earliest_of_all_overtaken_goes(make_bench: Make) -> None:
    bench = make_bench(max_overtakes=1)
    ordinary = bench.take()
    bench.take(priority="old")
    army = [bench.take(priority="army") for _ in range(2)]
    assert bench.serve(1) == army[0]
    bench.finish(1)
    assert bench.serve(1) == ordinary


def test_a_bound_of_nought_makes_it_plain_first_come_first_served(make_bench: Make) -> None:
    bench = make_bench(max_overtakes=0)
    ordinary = bench.take()
    bench.take(priority="old")
    assert bench.call(1) == ordinary


def test_a_class_that_came_earlier_anyway_overtakes_nobody(bench: Any) -> None:
    bench.take(priority="old")
    bench.take()
    bench.call(1)
    assert overtook(bench) == [False]


def test_a_lower_class_that_this_window_may_not_call_is_not_overtaken(bench: Any) -> None:
    bench.take("tax")
    bench.take("social", priority="old")
    bench.call(1)
    assert overtook(bench) == [False]


def test_the_bound_is_kept_for_each_window_by_itself(make_bench: Make) -> None:
    bench = make_bench(max_overtakes=1)
    bench.take()
    old = [bench.take(priority="old") for _ in range(2)]
    assert [bench.call(1), bench.call(2)] == old


def test_overflow_is_taken_only_when_nobody_waits_for_what_the_window_serves(bench: Any) -> None:
    marry = bench.take("marry", priority="army")
    social = bench.take("social")
    assert bench.serve(2) == social
    bench.finish(2)
    assert bench.call(2) == marry


def test_the_next_that_a_console_shows_is_the_one_that_is_called(bench: Any) -> None:
    bench.take()
    bench.take(priority="old")
    shown = bench.snapshot().windows[0].next.ticket
    assert bench.call(1) == shown


def test_a_call_says_which_window_and_clears_the_line(bench: Any) -> None:
    ticket = bench.take()
    view = bench.call_next(1)
    assert (view.ticket, view.state, view.window) == (ticket, TicketState.CALLED, 1)
    assert bench.snapshot().waiting_total == 0


def test_an_empty_line_says_so(bench: Any) -> None:
    with pytest.raises(QueueEmpty, match="暂无排队"):
        bench.call_next(1)


def test_a_window_calls_nobody_while_it_has_someone(bench: Any) -> None:
    bench.take()
    bench.take()
    bench.call(1)
    with pytest.raises(WindowBusy, match="1号窗口正在办理A001"):
        bench.call_next(1)


def test_a_closed_window_calls_nobody(make_bench: Make) -> None:
    bench = make_bench(closed=True)
    bench.take()
    with pytest.raises(WindowNotOpen):
        bench.call_next(1)


def test_a_paused_window_calls_nobody_but_finishes_whom_it_has(bench: Any) -> None:
    ticket, waiting = bench.take(), bench.take()
    bench.serve(1)
    bench.pause_window(1, reason="喝水")
    assert bench.finish(1).ticket.ticket == ticket
    with pytest.raises(WindowNotOpen):
        bench.call_next(1)
    assert bench.call(2) == waiting


def test_a_window_that_does_not_exist_is_named(bench: Any) -> None:
    with pytest.raises(UnknownWindow, match="没有9号窗口"):
        bench.call_next(9)


def test_a_screen_that_showed_another_ticket_changes_nothing(bench: Any) -> None:
    bench.take()
    bench.call(1)
    recorded = len(bench.log.events)
    for operation in (bench.recall, bench.start, bench.pass_ticket, bench.hold, bench.finish):
        with pytest.raises(StaleView, match="窗口现在是A001"):
            operation(1, expect=77)
    with pytest.raises(StaleView, match="窗口现在是A001"):
        bench.transfer(1, "tax", expect=77)
    assert len(bench.log.events) == recorded


def test_a_screen_that_showed_someone_at_a_free_window_calls_nobody(bench: Any) -> None:
    bench.take()
    with pytest.raises(StaleView, match="空闲"):
        bench.call_next(1, expect=5)


def test_a_screen_that_showed_the_truth_goes_on(bench: Any) -> None:
    ticket = bench.take()
    assert bench.call_next(1, expect=0).ticket == ticket
    assert bench.start(1, expect=ticket).state is TicketState.SERVING


@pytest.mark.parametrize("verb", ["recall", "start", "pass_ticket", "hold", "finish"])
def test_an_idle_window_is_asked_to_call_first(verb: str, bench: Any) -> None:
    with pytest.raises(WindowIdle, match="请先叫号"):
        getattr(bench, verb)(1)


def test_a_call_by_name_takes_one_from_the_middle(bench: Any) -> None:
    bench.take()
    second = bench.take()
    assert bench.call_ticket(1, second).ticket == second


def test_a_call_by_name_is_not_bound_but_counts_as_overtaking(make_bench: Make) -> None:
    bench = make_bench(max_overtakes=1)
    ordinary = bench.take()
    old = [bench.take(priority="old") for _ in range(3)]
    for ticket in old[:2]:
        bench.call_ticket(1, ticket)
        bench.pass_ticket(1)
    assert bench.call(1) == ordinary
    assert overtook(bench) == [True, True, False]


def test_a_call_by_name_of_what_is_not_served_here_is_refused(bench: Any) -> None:
    ticket = bench.take("marry")
    with pytest.raises(NotServedHere, match="1号窗口不办理婚姻登记"):
        bench.call_ticket(1, ticket)


def test_a_call_by_name_may_take_overflow(bench: Any) -> None:
    ticket = bench.take("marry")
    bench.take("social")
    assert bench.call_ticket(2, ticket).ticket == ticket


def test_a_ticket_in_hand_elsewhere_cannot_be_called(bench: Any) -> None:
    ticket = bench.take()
    bench.call(1)
    with pytest.raises(WrongState, match="叫号中"):
        bench.call_ticket(2, ticket)


def test_a_ticket_that_was_never_given_out_cannot_be_called(bench: Any) -> None:
    with pytest.raises(UnknownTicket):
        bench.call_ticket(1, 99)


def test_a_recall_counts_and_has_a_cap(make_bench: Make) -> None:
    bench = make_bench(max_recalls=2)
    bench.take()
    bench.call(1)
    assert [bench.recall(1).recalls, bench.recall(1).recalls] == [1, 2]
    with pytest.raises(RecallLimit, match="A001已重呼2次"):
        bench.recall(1)


def test_the_recalls_of_one_call_do_not_count_for_the_next(make_bench: Make) -> None:
    bench = make_bench(max_recalls=1)
    ticket = bench.take()
    bench.call(1)
    bench.recall(1)
    bench.pass_ticket(1)
    bench.return_passed(ticket)
    bench.call(1)
    assert bench.recall(1).recalls == 1


def test_a_serving_ticket_is_not_recalled(bench: Any) -> None:
    bench.take()
    bench.serve(1)
    with pytest.raises(WrongState, match="不能重呼"):
        bench.recall(1)


def test_the_calls_of_the_board_are_newest_first_and_each_ticket_once(bench: Any) -> None:
    first, second = bench.take(), bench.take()
    bench.call(1)
    bench.call(2)
    bench.recall(1)
    shown = bench.snapshot().calls
    assert [(c.ticket, c.window, c.times) for c in shown] == [(first, 1, 2), (second, 2, 1)]
    assert shown[0].seq > shown[1].seq


def test_a_clock_set_back_lets_nobody_overtake(bench: Any) -> None:
    first = bench.take()
    bench.later(minutes=-30)
    second = bench.take()
    assert [bench.call(1), bench.call(2)] == [first, second]

"""等待时间: what a newcomer is told, and what it was computed from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hallqueue.rules.estimate import _level

Make = Callable[..., Any]


def test_nobody_ahead_and_an_idle_window_is_no_wait(bench: Any) -> None:
    estimate = bench.estimate("social")
    assert (estimate.ahead, estimate.wait_s, estimate.windows) == (0, 0, 2)


def test_without_an_open_window_nothing_can_be_said(make_bench: Make) -> None:
    assert make_bench(closed=True).estimate("social").wait_s == -1


def test_people_ahead_cost_the_usual_time_shared_by_the_windows(bench: Any) -> None:
    for _ in range(4):
        bench.take("social")
    estimate = bench.estimate("social")
    assert (estimate.ahead, estimate.service_s, estimate.samples) == (4, 600, 0)
    assert estimate.wait_s == 4 * 600 // 2


def test_a_paused_window_does_not_count(bench: Any) -> None:
    for _ in range(4):
        bench.take("social")
    bench.pause_window(2)
    estimate = bench.estimate("social")
    assert (estimate.windows, estimate.wait_s) == (1, 4 * 600)


def test_the_person_at_the_window_counts_with_what_is_left(bench: Any) -> None:
    bench.pause_window(2)
    bench.take("social")
    bench.serve(1)
    bench.later(minutes=4)
    assert bench.estimate("social").wait_s == 360
    bench.later(minutes=30)
    assert bench.estimate("social").wait_s == 0


def test_other_lines_of_a_shared_window_count_as_its_work(bench: Any) -> None:
    bench.pause_window(1)
    for _ in range(3):
        bench.take("tax")
    assert bench.estimate("social").wait_s == 3 * 300


def test_an_idle_special_window_means_no_wait_whatever_the_general_one_has(bench: Any) -> None:
    for _ in range(20):
        bench.take("tax")
    assert bench.estimate("social").wait_s == 0


def test_measured_times_replace_the_usual_one_from_the_third_on(bench: Any) -> None:
    for minutes in (2, 4, 30):
        bench.take("social")
        bench.serve(1)
        bench.later(minutes=minutes)
        bench.finish(1)
    estimate = bench.estimate("social")
    assert (estimate.samples, estimate.service_s) == (3, 240), "the median: one long matter does not rule"


def test_time_held_is_not_handling_time(bench: Any) -> None:
    for _ in range(3):
        ticket = bench.take("social")
        bench.serve(1)
        bench.later(minutes=1)
        bench.hold(1)
        bench.later(minutes=50)
        bench.resume(1, ticket)
        bench.later(minutes=1)
        bench.finish(1)
    assert bench.estimate("social").service_s == 120


def test_times_by_a_clock_that_is_not_trusted_are_not_measured(bench: Any) -> None:
    bench.synchronised = False
    for _ in range(3):
        bench.take("social")
        bench.serve(1)
        bench.finish(1)
    assert bench.estimate("social").samples == 0


def test_only_the_newest_measurements_count(make_bench: Make) -> None:
    bench = make_bench(estimate_samples=3)
    for minutes in (20, 20, 20, 1, 1, 1):
        bench.take("social")
        bench.serve(1)
        bench.later(minutes=minutes)
        bench.finish(1)
    assert bench.estimate("social").service_s == 60


def test_a_priority_ticket_stands_behind_its_own_class_only(bench: Any) -> None:
    for priority in ("", "", "old", ""):
        bench.take("social", priority=priority)
    assert bench.issue("social", priority="old").estimate.ahead == 1
    assert bench.issue("social", priority="army").estimate.ahead == 0


def test_the_record_of_a_ticket_keeps_what_its_estimate_rests_on(bench: Any) -> None:
    bench.take("social")
    issued = bench.issue("social")
    body = next(b for b in bench.bodies() if getattr(b, "ticket", 0) == issued.ticket.ticket)
    assert (body.ahead, body.estimate_s) == (1, 300)
    assert body.estimate_basis == "ahead=1 windows=2 service_s=600 samples=0"


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.integers(0, 10**7))
def test_the_level_holds_exactly_the_work_that_was_poured(heights: list[int], work: int) -> None:
    level = _level(sorted(heights), work)
    poured = sum(max(0.0, level - height) for height in heights)
    assert abs(poured - work) < 1e-3

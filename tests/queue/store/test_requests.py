"""Request keys go by the order in which they came, whatever a clock said."""

from __future__ import annotations

from hallqueue.store.requests import KEPT_MAX, RequestAges

DAY = 86_400_000
WEEKS = 30 * DAY


def ages(steady_s: float = 7200.0) -> RequestAges:
    """Of a run that found ten rows at its start and is two hours old."""
    made = RequestAges(10)
    made.note(steady_s, 10)
    return made


def test_rows_go_when_a_later_one_is_a_week_old() -> None:
    rows = [(1, WEEKS - 20 * DAY), (2, WEEKS - 8 * DAY), (3, WEEKS - 6 * DAY)]
    assert ages().last_to_drop(rows, 3, WEEKS) == 2


def test_a_row_from_a_wrong_future_does_not_block_those_behind_it() -> None:
    rows = [(1, WEEKS + 900 * DAY), (2, WEEKS - 8 * DAY), (3, WEEKS)]
    assert ages().last_to_drop(rows, 3, WEEKS) == 2


def test_rows_that_all_look_young_go_only_beyond_the_bound() -> None:
    rows = [(1, WEEKS + 900 * DAY), (2, WEEKS + 900 * DAY), (3, WEEKS + 900 * DAY)]
    assert ages().last_to_drop(rows, 10, WEEKS) == 0
    assert ages().last_to_drop(rows, KEPT_MAX + 2, WEEKS) == 2


def test_what_came_within_the_last_hour_of_this_run_stays_whatever_its_time_says() -> None:
    run = RequestAges(1)
    rows = [(1, 0), (2, 0), (3, 0)]
    run.note(1000.0, 2)
    run.note(2000.0, 3)
    assert run.last_to_drop(rows, 3, WEEKS) == 1
    run.note(4700.0, 3)
    assert run.last_to_drop(rows, 3, WEEKS) == 2
    run.note(5700.0, 3)
    assert run.last_to_drop(rows, 3, WEEKS) == 3

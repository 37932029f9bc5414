"""Lines against a plain sorted list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallqueue.rules.line import Line, Lines

places = st.tuples(st.integers(0, 50), st.integers(0, 50))


@given(st.lists(st.tuples(st.booleans(), places), max_size=120))
def test_a_line_is_always_its_people_in_order(steps: list[tuple[bool, tuple[int, int]]]) -> None:
    line, model = Line(), set[tuple[int, int]]()
    for first, place in steps:
        if first and model:
            line.remove(min(model))
            model.discard(min(model))
        elif place in model:
            line.remove(place)
            model.discard(place)
        else:
            line.add(place)
            model.add(place)
        assert list(line) == sorted(model)
        assert line.first() == min(model, default=None)
        assert len(line) == len(model)


def test_a_long_line_served_from_the_front_keeps_its_order() -> None:
    line = Line()
    for n in range(3000):
        line.add((n, n))
    for n in range(2500):
        assert line.first() == (n, n)
        line.remove((n, n))
    line.add((2600, 0))
    assert list(line)[98:103] == [(2598, 2598), (2599, 2599), (2600, 0), (2600, 2600), (2601, 2601)]


@pytest.mark.parametrize("place", [(1, 2), (0, 0)])
def test_one_who_does_not_stand_in_line_cannot_leave_it(place: tuple[int, int]) -> None:
    line = Line()
    line.add((1, 1))
    with pytest.raises(KeyError):
        line.remove(place)


def test_a_ticket_for_one_window_is_seen_by_that_window_alone() -> None:
    lines = Lines()
    lines.add("a", 0, 2, (5, 1))
    assert lines.heads(["a"], 1) == {}
    assert lines.heads(["a"], 2) == {0: (5, 1)}
    assert (lines.callable_by(["a"], 1), lines.callable_by(["a"], 2), lines.waiting("a")) == (0, 1, 1)


def test_the_heads_are_the_first_of_each_rank_over_all_services() -> None:
    lines = Lines()
    for service, rank, place in [("a", 0, (3, 1)), ("b", 0, (2, 2)), ("a", 1, (9, 3)), ("c", 1, (1, 4))]:
        lines.add(service, rank, 0, place)
    assert lines.heads(["a", "b"], 1) == {0: (2, 2), 1: (9, 3)}


def test_a_newcomer_stands_behind_its_own_rank_and_those_above() -> None:
    lines = Lines()
    for number, (rank, window) in enumerate([(0, 0), (1, 0), (2, 0), (1, 3)]):
        lines.add("a", rank, window, (number, number))
    assert [lines.waiting_before("a", rank) for rank in (0, 1, 2, 3)] == [4, 3, 1, 0]


def test_everyone_in_line_comes_in_order_of_place() -> None:
    lines = Lines()
    for service, rank, window, place in [("a", 1, 0, (3, 1)), ("b", 0, 2, (1, 2)), ("a", 0, 0, (2, 3))]:
        lines.add(service, rank, window, place)
    assert list(lines.in_order()) == [(1, 2), (2, 3), (3, 1)]

"""Whose turn it is on a polled line."""

from __future__ import annotations

import pytest

from halldrivers.caller.pollplan import RARELY_S, ROUND_S, PollPlan


def plan_of(*addresses: int) -> PollPlan:
    plan = PollPlan()
    plan.use(frozenset(addresses), 0.0)
    return plan


def asked(plan: PollPlan, now_s: float, dead: frozenset[int] = frozenset()) -> list[int]:
    found = []
    while (address := plan.next(now_s)) is not None:
        found.append(address)
        (plan.missed if address in dead else plan.answered)(address, now_s)
    return found


def test_callers_are_asked_in_turn_and_no_more_often_than_needed() -> None:
    plan = plan_of(3, 1, 2)
    assert asked(plan, 0.0) == [1, 2, 3]
    assert asked(plan, ROUND_S / 2) == []
    assert plan.wait_s(ROUND_S / 2) == ROUND_S / 2
    assert asked(plan, ROUND_S) == [1, 2, 3]


def test_a_caller_that_misses_three_times_is_asked_rarely() -> None:
    plan = plan_of(1, 2)
    dead = frozenset({2})
    rounds = [asked(plan, ROUND_S * n, dead) for n in range(5)]
    assert rounds == [[1, 2], [1, 2], [1, 2], [1], [1]]
    assert asked(plan, ROUND_S * 2 + RARELY_S, dead) == [1, 2]


def test_one_that_answers_again_is_asked_as_before() -> None:
    plan = plan_of(1)
    for n in range(3):
        plan.missed(1, ROUND_S * n)
    assert plan.next(1.0) is None
    assert asked(plan, 5.0) == [1]
    assert asked(plan, 5.0 + ROUND_S) == [1]


def test_the_one_that_waited_longest_is_next() -> None:
    plan = plan_of(1, 2)
    plan.answered(1, 0.0)
    assert plan.next(9.0) == 2


def test_callers_come_and_go() -> None:
    plan = plan_of(1, 2)
    asked(plan, 0.0)
    plan.use(frozenset({2, 5}), 0.01)
    assert asked(plan, 0.01) == [5]
    assert asked(plan, 1.0) == [2, 5]
    plan.use(frozenset(), 1.0)
    assert plan.next(2.0) is None and plan.wait_s(2.0) == pytest.approx(ROUND_S)

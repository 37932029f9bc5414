"""A scanner in continuous mode is one read, and a scanner gone mad keeps nobody busy."""

from __future__ import annotations

from halldrivers.barcode.gate import MOST_A_SECOND, Gate


def test_the_same_code_within_its_time_is_one_read() -> None:
    gate = Gate(same_s=1.5)
    assert [gate.is_new("A", at_s) for at_s in (0.0, 0.5, 1.4)] == [True, False, False]


def test_a_paper_that_stays_under_the_scanner_is_read_once() -> None:
    gate = Gate(same_s=1.5)
    assert [gate.is_new("A", 0.5 * n) for n in range(100)].count(True) == 1


def test_a_code_that_was_away_is_new_again() -> None:
    gate = Gate(same_s=1.5)
    assert gate.is_new("A", 0.0) and gate.is_new("A", 1.6)


def test_two_papers_in_turn_are_one_read_each() -> None:
    gate = Gate(same_s=1.5)
    assert [gate.is_new("AB"[n % 2], 0.2 * n) for n in range(20)].count(True) == 2


def test_no_text_is_kept_for_longer_than_it_serves() -> None:
    gate = Gate(same_s=1.5)
    gate.is_new("personal", 0.0)
    gate.forget(1.6)
    assert not gate._seen
    gate.is_new("personal", 2.0)
    gate.clear()
    assert not gate._seen


def test_what_is_remembered_has_a_bound() -> None:
    gate = Gate(same_s=1e9)
    for n in range(1000):
        gate.is_new(str(n), 0.0)
    assert len(gate._seen) <= 8


def test_so_many_a_second_go_on_and_the_rest_is_held_back() -> None:
    gate = Gate()
    assert [gate.has_room(0.01 * n) for n in range(100)].count(True) == MOST_A_SECOND
    assert gate.flooded_s == 0.99


def test_a_second_later_there_is_room_again() -> None:
    gate = Gate(most_a_second=2)
    assert [gate.has_room(at_s) for at_s in (0.0, 0.1, 0.2, 1.05, 1.15)] == [True, True, False, True, True]

"""Debouncing as rules over (seconds, level); no pins and no time pass here."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.ratingpad.debounce import ON_EDGE, ON_TIME, Debouncer, KeyState, Press, Times

TIMES = Times(press_s=0.008, release_s=0.030, stuck_s=20.0)


def run(edges: list[tuple[float, int, bool]], until: float = 60.0, keys: int = 4) -> list[Press]:
    debouncer = Debouncer(keys, TIMES)
    presses: list[Press] = []
    for at_s, key, pressed in edges:
        presses += debouncer.feed(at_s, key, pressed)
    return presses + debouncer.settle(until)


def test_a_clean_press_is_one_press_once_it_has_been_steady() -> None:
    assert run([(1.0, 2, True), (1.2, 2, False)]) == [Press(2, pytest.approx(1.008))]


def test_a_press_is_known_while_the_key_is_still_held() -> None:
    debouncer = Debouncer(4, TIMES)
    assert debouncer.feed(1.0, 0, True) == []
    assert debouncer.due_s == pytest.approx(1.008)
    assert [press.key for press in debouncer.settle(1.008)] == [0]


def test_bounces_at_both_ends_are_one_press_timed_from_the_last_bounce() -> None:
    burst = [(1.000, 0, True), (1.002, 0, False), (1.003, 0, True), (1.005, 0, False), (1.006, 0, True)]
    leave = [(1.100, 0, False), (1.110, 0, True), (1.119, 0, False), (1.121, 0, True), (1.122, 0, False)]
    assert run(burst + leave) == [Press(0, pytest.approx(1.014))]


def test_a_spike_shorter_than_a_finger_is_nothing() -> None:
    assert run([(1.0, 0, True), (1.007, 0, False)]) == []


def test_a_held_key_is_one_press_however_long() -> None:
    assert len(run([(1.0, 0, True), (15.0, 0, False)])) == 1


def test_two_presses_of_one_key_are_two() -> None:
    edges = [(1.0, 0, True), (1.1, 0, False), (1.2, 0, True), (1.3, 0, False)]
    assert [press.at_s for press in run(edges)] == [pytest.approx(1.008), pytest.approx(1.208)]


def test_a_bounce_within_the_release_time_does_not_begin_a_second_press() -> None:
    assert len(run([(1.0, 0, True), (1.1, 0, False), (1.125, 0, True), (1.2, 0, False)])) == 1


def test_of_keys_pressed_together_the_first_that_is_stable_counts() -> None:
    # Key 0 is touched first but bounces longer than key 3.
    edges = [(1.000, 0, True), (1.001, 3, True), (1.005, 0, False), (1.006, 0, True)]
    assert [press.key for press in run([*edges, (1.2, 0, False), (1.2, 3, False)])] == [3]


def test_keys_touched_at_one_instant_count_as_the_lower_one() -> None:
    assert [press.key for press in run([(1.0, 2, True), (1.0, 1, True)])] == [1]


def test_a_key_that_joined_another_stays_deaf_until_it_was_up() -> None:
    edges = [(1.0, 0, True), (1.1, 1, True), (1.2, 0, False), (1.5, 1, False), (2.0, 1, True)]
    assert [(press.key, press.at_s) for press in run(edges)] == [
        (0, pytest.approx(1.008)),
        (1, pytest.approx(2.008)),
    ]


def test_a_stuck_key_does_not_make_the_pad_deaf_for_ever() -> None:
    debouncer = Debouncer(4, TIMES)
    presses = debouncer.feed(0.0, 0, True) + debouncer.feed(10.0, 1, True) + debouncer.feed(10.1, 1, False)
    assert [press.key for press in presses] == [0]
    assert debouncer.settle(20.1) == []
    assert debouncer.stuck == (0,)
    presses = debouncer.feed(30.0, 1, True) + debouncer.settle(30.1)
    assert [press.key for press in presses] == [1]


def test_a_stuck_key_that_comes_free_is_heard_again() -> None:
    debouncer = Debouncer(4, TIMES)
    debouncer.feed(0.0, 0, True)
    debouncer.feed(25.0, 0, False)
    assert debouncer.settle(25.1) == []
    assert debouncer.stuck == ()
    assert len(debouncer.feed(26.0, 0, True) + debouncer.settle(26.1)) == 1


def test_a_key_that_is_closed_at_the_start_is_no_press() -> None:
    debouncer = Debouncer(4, TIMES, at_s=5.0, held=[2])
    assert debouncer.settle(6.0) == []
    assert debouncer.feed(6.0, 2, False) + debouncer.feed(7.0, 2, True) + debouncer.settle(8.0) != []


def test_an_edge_that_arrives_late_is_taken_as_now() -> None:
    debouncer = Debouncer(4, TIMES)
    debouncer.feed(1.0, 0, True)
    debouncer.feed(0.5, 0, False)
    assert debouncer.settle(2.0) == []


def test_an_edge_that_repeats_the_level_changes_nothing() -> None:
    assert run([(1.0, 0, True), (1.004, 0, True), (1.1, 0, False), (1.1, 0, False)]) == [
        Press(0, pytest.approx(1.008))
    ]


def test_nothing_is_due_while_all_keys_are_up() -> None:
    assert Debouncer(4, TIMES).due_s is None


def test_every_state_has_its_edge_and_its_time_in_the_tables() -> None:
    assert {state for state, _ in ON_EDGE} == set(KeyState)
    assert set(KeyState) - set(ON_TIME) == {KeyState.UP, KeyState.STUCK}


@pytest.mark.parametrize("times", [(0, 0.03, 20), (0.008, 0, 20), (30, 0.03, 20), (0.008, -1, 20)])
def test_times_that_make_no_sense_are_refused(times: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="debounce times must be positive"):
        Times(*times)


@dataclass(frozen=True)
class Finger:
    """A physical press: a pause before it, bounces at both ends, and how long it is held."""

    key: int
    pause_s: float
    bounces: tuple[float, ...]
    hold_s: float
    leaving: tuple[float, ...]


BOUNCES = st.lists(st.floats(0.0001, 0.005), max_size=8).map(
    lambda found: tuple(found[: len(found) // 2 * 2])
)
FINGERS = st.lists(
    st.builds(Finger, st.integers(0, 3), st.floats(0.05, 2.0), BOUNCES, st.floats(0.04, 3.0), BOUNCES),
    max_size=8,
)


def edges_of(fingers: list[Finger]) -> list[tuple[float, int, bool]]:
    edges: list[tuple[float, int, bool]] = []
    now = 0.0
    for finger in fingers:
        now += finger.pause_s
        level = False
        for gap in finger.bounces:
            level = not level
            edges.append((now, finger.key, level))
            now += gap
        edges.append((now, finger.key, True))
        now += finger.hold_s
        level = True
        for gap in finger.leaving:
            level = not level
            edges.append((now, finger.key, level))
            now += gap
        edges.append((now, finger.key, False))
    return edges


@given(FINGERS)
def test_fingers_one_after_the_other_are_that_many_presses_in_their_order(fingers: list[Finger]) -> None:
    edges = edges_of(fingers)
    until = edges[-1][0] + 1.0 if edges else 1.0
    assert [press.key for press in run(edges, until)] == [finger.key for finger in fingers]


EDGES = st.lists(st.tuples(st.floats(0.0, 0.1), st.integers(0, 3), st.booleans()), max_size=60)


@given(EDGES)
def test_noise_never_makes_more_presses_than_contacts_that_closed(
    noise: list[tuple[float, int, bool]],
) -> None:
    now, edges = 0.0, []
    for gap, key, pressed in noise:
        now += gap
        edges.append((now, key, pressed))
    closed = sum(
        1
        for i, (_, key, pressed) in enumerate(edges)
        if pressed and not next((p for _, k, p in reversed(edges[:i]) if k == key), False)
    )
    presses = run(edges, now + 100.0)
    assert len(presses) <= closed
    assert [press.at_s for press in presses] == sorted(press.at_s for press in presses)


@given(EDGES, st.lists(st.floats(0.0, 8.0), max_size=30))
def test_looking_more_often_changes_nothing(noise: list[tuple[float, int, bool]], looks: list[float]) -> None:
    now, edges = 0.0, []
    for gap, key, pressed in noise:
        now += gap
        edges.append((now, key, pressed))
    debouncer = Debouncer(4, TIMES)
    presses: list[Press] = []
    pending = sorted(looks)
    for at_s, key, pressed in edges:
        while pending and pending[0] <= at_s:
            presses += debouncer.settle(pending.pop(0))
        presses += debouncer.feed(at_s, key, pressed)
    presses += debouncer.settle(now + 100.0)
    assert presses == run(edges, now + 100.0)

"""From polled samples to presses; no line and no time pass here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.ratingpad.samples import Sampled, SampledKeys

NONE = (False,) * 4


def down(*keys: int) -> tuple[bool, ...]:
    return tuple(index in keys for index in range(4))


@pytest.fixture
def keys() -> SampledKeys:
    found = SampledKeys(4)
    found.sample(0.0, NONE)
    return found


def test_a_key_that_is_down_after_it_was_up_is_pressed_once(keys: SampledKeys) -> None:
    assert keys.sample(0.1, down(2)) == Sampled(press=2)
    assert keys.sample(0.2, down(2)) == Sampled()
    assert keys.sample(0.3, NONE) == Sampled()
    assert keys.sample(0.4, down(2)) == Sampled(press=2)


def test_what_is_down_in_the_first_sample_was_pressed_by_nobody() -> None:
    keys = SampledKeys(4)
    assert keys.sample(0.0, down(1)) == Sampled(unclear=1)
    assert keys.sample(0.1, down(1)) == Sampled()
    assert keys.sample(0.2, NONE) == Sampled()
    assert keys.sample(0.3, down(1)) == Sampled(press=1)


def test_what_is_down_after_the_pad_was_away_was_pressed_by_nobody(keys: SampledKeys) -> None:
    keys.forget()
    assert keys.sample(9.0, down(3)) == Sampled(unclear=1)
    keys.sample(9.1, NONE)
    assert keys.sample(9.2, down(3)) == Sampled(press=3)


def test_two_keys_in_one_sample_are_no_press_and_nobody_guesses(keys: SampledKeys) -> None:
    assert keys.sample(0.1, down(0, 3)) == Sampled(unclear=2)
    assert keys.sample(0.2, down(3)) == Sampled()
    keys.sample(0.3, NONE)
    assert keys.sample(0.4, down(3)) == Sampled(press=3)


def test_while_a_key_is_held_the_others_are_deaf_until_they_were_up(keys: SampledKeys) -> None:
    assert keys.sample(0.1, down(0)) == Sampled(press=0)
    assert keys.sample(0.2, down(0, 1)) == Sampled(unclear=1)
    assert keys.sample(0.3, down(1)) == Sampled()
    keys.sample(0.4, NONE)
    assert keys.sample(0.5, down(1)) == Sampled(press=1)


def test_a_key_that_takes_over_within_one_sample_is_a_press(keys: SampledKeys) -> None:
    keys.sample(0.1, down(0))
    assert keys.sample(0.2, down(1)) == Sampled(press=1)


def test_a_stuck_key_is_named_and_does_not_make_the_pad_deaf_for_ever(keys: SampledKeys) -> None:
    keys.sample(0.1, down(3))
    keys.sample(20.0, down(3))
    assert keys.stuck == ()
    keys.sample(20.2, down(3))
    assert keys.stuck == (3,)
    assert keys.sample(21.0, down(0, 3)) == Sampled(press=0)
    keys.sample(22.0, NONE)
    assert keys.stuck == ()
    assert keys.sample(23.0, down(3)) == Sampled(press=3)


SAMPLES = st.lists(st.tuples(st.floats(0.01, 5.0), st.tuples(*[st.booleans()] * 4)), max_size=40)


@given(SAMPLES)
def test_no_press_without_a_key_that_went_down_alone(samples: list[tuple[float, tuple[bool, ...]]]) -> None:
    keys, now, before = SampledKeys(4), 0.0, (True,) * 4
    for gap, sample in samples:
        now += gap
        press = keys.sample(now, sample).press
        if press is not None:
            went_down = [i for i in range(4) if sample[i] and not before[i]]
            assert went_down == [press]
        before = sample


@given(SAMPLES)
def test_a_sample_that_is_repeated_adds_nothing(samples: list[tuple[float, tuple[bool, ...]]]) -> None:
    once, twice, now = SampledKeys(4), SampledKeys(4), 0.0
    for gap, sample in samples:
        now += gap
        assert once.sample(now, sample) == twice.sample(now, sample)
        assert twice.sample(now, sample) == Sampled()

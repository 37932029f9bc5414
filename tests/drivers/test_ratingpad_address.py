"""Addresses of pads, and what their lamps show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.errors import Actor, BadUrl
from halldrivers.ratingpad.address import GpioAddress, parse_gpio
from halldrivers.ratingpad.lamps import PATTERNS, LampShow, LampState, Lit, lit_lamps


def test_the_address_of_the_design_is_read() -> None:
    assert parse_gpio("gpio://?keys=5,6,13,19&lamps=16,20,21,26") == GpioAddress(
        (5, 6, 13, 19), (16, 20, 21, 26), 0.008
    )


def test_a_pad_may_have_no_lamps_and_its_own_stable_time() -> None:
    assert parse_gpio("gpio://?keys=5,6,13,19&stable_ms=20") == GpioAddress((5, 6, 13, 19), (), 0.02)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("gpio://pi?keys=5,6", "nothing stands between gpio:// and ?"),
        ("gpio:///x?keys=5,6", "nothing stands between gpio:// and ?"),
        ("gpio://", "keys= is missing"),
        ("gpio://?lamps=5", "keys= is missing"),
        ("gpio://?keys", "after ? write name=value joined by &"),
        ("gpio://?keys=", "keys= has '', not a GPIO number 2-27"),
        ("gpio://?keys=5,x", "keys= has 'x', not a GPIO number 2-27"),
        ("gpio://?keys=5,28", "keys= has '28', not a GPIO number 2-27"),
        ("gpio://?keys=5,-6", "keys= has '-6', not a GPIO number 2-27"),
        ("gpio://?keys=5,٦", "keys= has '٦', not a GPIO number 2-27"),
        ("gpio://?keys=5", "keys= needs 2 to 8 of them, not 1"),
        ("gpio://?keys=5,6,13,5", "pin GPIO5 is named twice"),
        ("gpio://?keys=5,6&lamps=6,7", "pin GPIO6 is named twice"),
        ("gpio://?keys=5,6,13,19&lamps=7,8", "4 keys need 4 lamps or none, not 2"),
        ("gpio://?keys=5,6&keys=7,8", "option keys is written twice"),
        ("gpio://?keys=5,6&buzzer=9", "unknown option buzzer (known here: keys, lamps, stable_ms)"),
        ("gpio://?keys=5,6&stable_ms=0", "stable_ms is a number from 1 to 100"),
        ("gpio://?keys=5,6&stable_ms=fast", "stable_ms is a number from 1 to 100"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(url: str, says: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_gpio(url)
    assert caught.value.detail == f"{url}: {says}"
    assert caught.value.who is Actor.TECHNICIAN


@given(st.text(alphabet="gpio:/?&=,kesylamt_0123456789%", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        address = parse_gpio("gpio://?" + text)
    except BadUrl as error:
        assert error.detail
    else:
        assert len(set(address.pins)) == len(address.pins)


def test_the_design_s_pins_are_all_listed_for_the_configuration() -> None:
    assert parse_gpio("gpio://?keys=5,6&lamps=7,8").pins == (5, 6, 7, 8)


def test_every_lamp_state_has_a_pattern() -> None:
    assert set(PATTERNS) == set(LampState)


def test_no_pattern_flashes_more_than_twice_a_second() -> None:
    for frames in PATTERNS.values():
        assert len(frames) == 1 or sum(frame.lasts_s for frame in frames) >= 0.5


def test_no_state_recommends_a_key_before_it_was_pressed() -> None:
    for frame in PATTERNS[LampState.ARMED]:
        assert len(set(lit_lamps(frame.lit, 4, None))) == 1


def test_the_invitation_blinks_and_says_when_it_changes() -> None:
    show = LampShow(4)
    show.show(LampState.ARMED, 10.0)
    assert show.at(10.0) == ((True,) * 4, pytest.approx(10.7))
    assert show.at(10.8) == ((False,) * 4, pytest.approx(11.0))
    assert show.at(11.1) == ((True,) * 4, pytest.approx(11.7))


def test_arming_again_does_not_restart_the_rhythm() -> None:
    show = LampShow(4)
    show.show(LampState.ARMED, 10.0)
    show.show(LampState.ARMED, 10.5)
    assert show.at(10.8)[0] == (False,) * 4


def test_thanks_keep_the_pressed_key_lit() -> None:
    show = LampShow(4)
    show.show(LampState.THANKS, 0.0, 2)
    assert show.at(100.0) == ((False, False, True, False), None)


def test_a_key_that_has_no_lamp_lights_none() -> None:
    assert lit_lamps(Lit.CHOSEN, 4, None) == (False,) * 4


@given(st.sampled_from(LampState), st.floats(0, 1e6), st.floats(0, 1e4))
def test_the_next_change_always_lies_ahead(state: LampState, begun: float, after: float) -> None:
    show = LampShow(4)
    show.show(state, begun, 1)
    _, due = show.at(begun + after)
    assert due is None or due >= begun + after - 1e-6

"""Pads that type: keys that go down while the pad asks, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.drivers.ratingpad.conftest import Heard, until

from halldrivers.errors import DeviceState
from halldrivers.keysource import DOWN, REPEAT, UP, Dropped, KeyEvent, MemoryKeySource
from halldrivers.ratingpad.address import PAD_DIGITS, ROW_DIGITS, parse_pad
from halldrivers.ratingpad.ears import HidEar
from halldrivers.ratingpad.opening import PadParts, RatingPad, open_rating_pad

URL = "evdev:///dev/input/by-id/usb-pad-event-kbd?digits=1234&led=1"


@pytest.fixture
def source() -> MemoryKeySource:
    return MemoryKeySource()


@pytest.fixture
def pad(source: MemoryKeySource, heard: Heard) -> Iterator[RatingPad]:
    parts = PadParts(key_source=lambda path: source)
    pad = open_rating_pad(
        parse_pad(URL), parts, on_press=heard.presses.append, on_trouble=heard.troubles.append
    )
    until(lambda: heard.troubles == [None])
    yield pad
    pad.close()


def armed(pad: RatingPad, source: MemoryKeySource) -> int:
    number = pad.arm()
    until(lambda: source.lit.get(1) is True)
    return number


def tap(code: int) -> tuple[KeyEvent, KeyEvent]:
    now_s = time.monotonic()
    return KeyEvent(code, DOWN, now_s), KeyEvent(code, UP, now_s + 0.05)


def test_digits_of_either_block_are_keys_and_the_led_says_that_the_pad_asks(
    pad: RatingPad, source: MemoryKeySource, heard: Heard
) -> None:
    number = armed(pad, source)
    source.type(*tap(ROW_DIGITS["2"]))
    until(lambda: heard.answers == [("2", number)])
    source.type(*tap(PAD_DIGITS["4"]))
    until(lambda: heard.answers == [("2", number), ("4", number)])
    pad.thank("2")
    until(lambda: source.lit[1] is False)


def test_other_keys_are_nobody_s_business(pad: RatingPad, source: MemoryKeySource, heard: Heard) -> None:
    armed(pad, source)
    source.type(*tap(30), *tap(28), *tap(ROW_DIGITS["5"]), *tap(ROW_DIGITS["1"]))
    until(lambda: heard.keys == ["1"])


def test_a_press_that_nobody_asked_for_is_a_stray(
    pad: RatingPad, source: MemoryKeySource, heard: Heard
) -> None:
    source.type(*tap(2))
    until(lambda: heard.answers == [("1", 0)])


def test_a_key_held_across_the_arming_is_no_press_however_long_it_repeats(
    pad: RatingPad, source: MemoryKeySource, heard: Heard
) -> None:
    source.type(KeyEvent(2, DOWN, time.monotonic()))
    until(lambda: heard.answers == [("1", 0)])
    number = armed(pad, source)
    source.type(*(KeyEvent(2, REPEAT, time.monotonic()) for _ in range(20)))
    source.type(KeyEvent(2, UP, time.monotonic()))
    source.type(*tap(3))
    until(lambda: heard.answers == [("1", 0), ("2", number)])


def test_an_event_from_before_the_question_is_a_stray_even_if_it_is_read_later(
    pad: RatingPad, source: MemoryKeySource, heard: Heard
) -> None:
    before_s = time.monotonic()
    armed(pad, source)
    source.type(KeyEvent(2, DOWN, before_s))
    until(lambda: heard.answers == [("1", 0)])


def test_a_pad_that_is_pulled_is_told_once_and_comes_back(
    pad: RatingPad, source: MemoryKeySource, heard: Heard
) -> None:
    source.is_gone = True
    until(lambda: heard.states[-1] is DeviceState.ABSENT)
    source.is_gone = False
    until(lambda: heard.states[-1] is DeviceState.ONLINE)
    assert heard.states == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE]
    number = armed(pad, source)
    source.type(*tap(2))
    until(lambda: heard.answers == [("1", number)])


def test_a_key_that_nobody_lets_go_of_is_stuck_until_it_is_up() -> None:
    source, now = MemoryKeySource(), [100.0]
    ear = HidEar(source, ((2,), (3,)), None, clock=lambda: now[0])
    ear.open()
    source.type(KeyEvent(3, DOWN, 100.0))
    assert [heard.key for heard in ear.hear(0.0)] == ["2"]
    now[0] = 119.0
    assert ear.warning is None
    now[0] = 121.0
    assert ear.warning is not None and ear.warning.what_en == "a key of the rating pad is stuck (key 2)"
    source.type(KeyEvent(3, UP, 121.0))
    ear.hear(0.0)
    assert ear.warning is None


def test_after_dropped_events_no_key_is_believed_down() -> None:
    source = MemoryKeySource()
    ear = HidEar(source, ((2,), (3,)), None, clock=lambda: 1000.0)
    ear.open()
    source.type(KeyEvent(2, DOWN, 1.0), Dropped(2.0))
    ear.hear(0.0)
    assert ear.warning is None


def test_the_scancodes_are_those_of_the_kernel() -> None:
    ecodes = pytest.importorskip("evdev", reason="python-evdev is not installed here").ecodes
    for digit, code in ROW_DIGITS.items():
        assert getattr(ecodes, f"KEY_{digit}") == code
    for digit, code in PAD_DIGITS.items():
        assert getattr(ecodes, f"KEY_KP{digit}") == code

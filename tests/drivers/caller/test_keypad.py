"""A numeric keypad that types: scancodes to keys, lamps, losses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from halldrivers.caller.callers import Callers
from halldrivers.caller.keypad import (
    KEYS,
    LED_CAPSL,
    LED_NUML,
    LED_SCROLLL,
    KeypadCaller,
    KeypadDriver,
    keys_of,
)
from halldrivers.caller.keypadsim import KeypadSim
from halldrivers.caller.keys import Key
from halldrivers.keysource import DOWN, REPEAT, UP, Dropped, KeyEvent, MemoryKeySource
from halldrivers.worker import Retry

from .conftest import QUICK, Clerk  # type: ignore[import-not-found]

PATH = "/dev/input/by-id/usb-1a2c_Numeric_Keypad-event-kbd"
NUM_LOCK, KP_ENTER, KP1, KP2, KP3 = 69, 96, 79, 80, 81
NUMERIC = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73}
NAVIGATION = {"0": 110, "1": 107, "2": 108, "3": 109, "4": 105, "6": 106, "7": 102, "8": 103, "9": 104}
MAIN = {"0": 11, "1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9, "9": 10}


def stroke(*codes: int) -> tuple[KeyEvent, ...]:
    return tuple(KeyEvent(code, value, 1.0) for code in codes for value in (DOWN, UP))


def keys(*events: KeyEvent | Dropped) -> list[str]:
    return [key.value for key, _ in keys_of(events, KEYS)]


@pytest.mark.parametrize(
    "codes", [NUMERIC, NAVIGATION, MAIN], ids=["numeric", "firmware numlock off", "main"]
)
def test_a_digit_is_a_digit_on_every_keypad(codes: dict[str, int]) -> None:
    assert keys(*stroke(*codes.values())) == list(codes)


def test_numlock_is_no_key_and_changes_none() -> None:
    assert keys(*stroke(NUM_LOCK, KP1, NUM_LOCK, KP1)) == ["1", "1"]


def test_the_signs_of_a_numeric_keypad() -> None:
    assert keys(*stroke(78, 74, 55, 98, 83, 14, KP_ENTER, 28, 1)) == [
        "plus", "minus", "star", "slash", "dot", "backspace", "enter", "enter", "cancel",
    ]  # fmt: skip


def test_f_keys_are_those_of_the_window_console() -> None:
    assert keys(*stroke(59, 60, 61, 62, 63, 64, 65, 66, 67, 68)) == [
        "next", "recall", "pass", "hold", "resume", "transfer", "return", "call", "pause",
    ]  # fmt: skip


def test_a_programmable_keypad_reaches_every_verb() -> None:
    signs = {Key.PLUS, Key.MINUS, Key.STAR, Key.SLASH, Key.DOT, Key.BACKSPACE, Key.LOST}
    assert set(KEYS.values()) | signs == set(Key)


def test_a_key_that_repeats_is_one_press() -> None:
    held = [KeyEvent(KP1, DOWN, 1.0), *(KeyEvent(KP1, REPEAT, 1.0 + n / 30) for n in range(60))]
    assert keys(*held, KeyEvent(KP1, UP, 3.0)) == ["1"]


def test_two_keys_at_once_are_two_presses_in_their_order() -> None:
    events = [
        KeyEvent(KP2, DOWN, 1.0),
        KeyEvent(KP1, DOWN, 1.0),
        KeyEvent(KP2, UP, 1.1),
        KeyEvent(KP1, UP, 1.1),
    ]
    assert keys(*events) == ["2", "1"]


def test_keys_that_mean_nothing_are_nothing() -> None:
    assert keys(*stroke(42, 29, 125, 30, 113, 700)) == []


def test_lost_keys_are_told_where_they_were_lost() -> None:
    assert keys(*stroke(KP1), Dropped(1.5), *stroke(KP2)) == ["1", "lost", "2"]


@pytest.fixture
def source() -> MemoryKeySource:
    return MemoryKeySource()


@pytest.fixture
def keypad(source: MemoryKeySource, clerk: Clerk) -> Iterator[KeypadCaller]:
    made = KeypadCaller("keypad", source, on_key=clerk.pressed, on_trouble=clerk.told, retry=QUICK)
    clerk.until(lambda: clerk.states == ["online"])
    yield made
    made.close()


@pytest.mark.usefixtures("keypad")
def test_presses_reach_the_listener_in_the_keypad_s_thread(source: MemoryKeySource, clerk: Clerk) -> None:
    source.type(*stroke(KP1, KP2, KP_ENTER))
    clerk.until(lambda: [key.value for key in clerk.keys] == ["1", "2", "enter"])
    assert clerk.threads == {"device keypad"}


def test_presses_and_losses_are_counted(source: MemoryKeySource, clerk: Clerk, keypad: KeypadCaller) -> None:
    source.type(*stroke(KP1), Dropped(1.0))
    clerk.until(lambda: keypad.counters["dropped"] == 1)
    assert keypad.counters["presses"] == 1


@pytest.mark.usefixtures("keypad")
def test_a_number_half_typed_before_an_unplug_does_not_join_what_comes_after(
    source: MemoryKeySource, clerk: Clerk
) -> None:
    source.type(*stroke(KP1, KP2))
    clerk.until(lambda: len(clerk.keys) == 2)
    source.is_gone = True
    clerk.until(lambda: clerk.states == ["online", "absent"])
    source.is_gone = False
    clerk.until(lambda: clerk.states == ["online", "absent", "online"])
    source.type(*stroke(KP3))
    clerk.until(lambda: [key.value for key in clerk.keys] == ["1", "2", "lost", "3"])


@pytest.mark.usefixtures("keypad")
def test_an_unplug_after_a_finished_command_loses_nothing(source: MemoryKeySource, clerk: Clerk) -> None:
    source.type(*stroke(KP1, KP_ENTER))
    clerk.until(lambda: len(clerk.keys) == 2)
    source.is_gone = True
    clerk.until(lambda: clerk.states == ["online", "absent"])
    source.is_gone = False
    source.type(*stroke(KP3))
    clerk.until(lambda: [key.value for key in clerk.keys] == ["1", "enter", "3"])


def test_lamps_say_what_a_display_would(source: MemoryKeySource, clerk: Clerk, keypad: KeypadCaller) -> None:
    clerk.until(lambda: source.lit == {LED_NUML: True, LED_CAPSL: False, LED_SCROLLL: False})
    keypad.show("A012", 5)
    clerk.until(lambda: source.lit == {LED_NUML: True, LED_CAPSL: True, LED_SCROLLL: True})
    keypad.show("", 0)
    clerk.until(lambda: source.lit == {LED_NUML: True, LED_CAPSL: False, LED_SCROLLL: False})


def test_lamps_are_lit_again_on_a_keypad_that_is_plugged_in_again(
    source: MemoryKeySource, clerk: Clerk, keypad: KeypadCaller
) -> None:
    keypad.show("A012", 5)
    clerk.until(lambda: source.lit.get(LED_CAPSL) is True)
    source.is_gone = True
    clerk.until(lambda: clerk.states[-1] == "absent")
    source.lit.clear()
    source.is_gone = False
    clerk.until(lambda: source.lit == {LED_NUML: True, LED_CAPSL: True, LED_SCROLLL: True})


def test_a_beep_is_a_blink_of_the_lamp_that_every_keypad_has() -> None:
    source = MemoryKeySource()
    now = [10.0]
    driver = KeypadDriver(source, on_key=lambda key, at_s: None, now_s=lambda: now[0])
    driver.open()
    driver.turn()
    driver.blink()
    driver.turn()
    assert source.lit[LED_NUML] is False
    now[0] += 0.3
    assert driver.turn() > 0, "an idle keypad does not spin"
    assert source.lit[LED_NUML] is True
    driver.close()


def test_a_listener_that_fails_costs_nothing(source: MemoryKeySource, clerk: Clerk) -> None:
    def fails(*args: object) -> None:
        clerk.keys.append(Key.ENTER)
        raise ZeroDivisionError

    keypad = KeypadCaller("keypad", source, on_key=fails, on_trouble=fails, retry=Retry(0.01, 0.05))
    clerk.until(lambda: len(clerk.keys) == 1)
    source.type(*stroke(KP1, KP2))
    clerk.until(lambda: len(clerk.keys) == 3)
    assert keypad.status.state.value == "online"
    keypad.close()


def test_a_keypad_is_opened_from_its_url_and_closed_without_a_thread_left(
    source: MemoryKeySource, clerk: Clerk
) -> None:
    before = threading.active_count()
    opened: list[str] = []

    def key_source(path: str) -> MemoryKeySource:
        opened.append(path)
        return source

    callers = Callers(key_source=key_source, keypad_keys={KP1: Key.NEXT}, retry=QUICK)
    open_caller: Callable[..., object] = callers.opener(f"evdev://{PATH}")
    open_caller(on_key=clerk.pressed, on_trouble=clerk.told)
    source.type(*stroke(KP1))
    clerk.until(lambda: clerk.keys == [Key.NEXT])
    assert opened == [PATH]
    callers.close()
    assert threading.active_count() == before


def test_a_simulated_keypad_types_shows_its_lamps_and_is_unplugged_and_back(clerk: Clerk) -> None:
    sim = KeypadSim()
    callers = Callers(key_source=lambda path: sim, retry=QUICK)
    caller = callers.opener(f"evdev://{PATH}")(on_key=clerk.pressed, on_trouble=clerk.told)
    clerk.until(lambda: sim.lamps() == ("NumLock",))
    sim.press("0", "1", "2", "+")
    clerk.until(lambda: [key.value for key in clerk.keys] == ["0", "1", "2", "plus"])
    caller.show("A012", 3)
    clerk.until(lambda: sim.lamps() == ("NumLock", "CapsLock", "ScrollLock"))
    sim.unplug()
    clerk.until(lambda: clerk.states[-1] == "absent")
    sim.press("9")
    assert sim.lamps() == ()
    sim.plug()
    clerk.until(lambda: sim.lamps() == ("NumLock", "CapsLock", "ScrollLock"))
    sim.lose()
    sim.press("Enter")
    clerk.until(lambda: [key.value for key in clerk.keys[4:]] == ["lost", "enter"])
    callers.close()


def test_no_key_of_a_simulated_keypad_is_lost_between_its_hand_and_its_reader() -> None:
    sim = KeypadSim()
    sim.open()
    hand = threading.Thread(target=lambda: [sim.press("1") for _ in range(5000)])
    hand.start()
    heard = 0
    while hand.is_alive():
        heard += len(sim.read(0.0))
    hand.join()
    assert heard + len(sim.read(0.0)) == 10_000

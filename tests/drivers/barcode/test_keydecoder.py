"""Scanners that type: scancodes to codes by our own table, and everything that must not become one."""

from __future__ import annotations

import string
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.barcode.codes import ENDLESS, LONGEST, BadCode, BadReason, Code, Read
from halldrivers.barcode.keydecoder import KeyDecoder
from halldrivers.barcode.sim import typed
from halldrivers.keysource import DOWN, REPEAT, UP, Dropped, KeyEvent

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
ENTER, TAB, KP_ENTER, SHIFT, CTRL, ALT, ALT_GR, META, CAPS, NUM = 28, 15, 96, 42, 29, 56, 100, 125, 58, 69
A, B, N, F1, ESC, BACKSPACE, DOWN_ARROW, KEY_102ND = 30, 48, 49, 59, 1, 14, 108, 86
LATER_S = 1000.0


def fed(events: Iterable[KeyEvent | Dropped], decoder: KeyDecoder | None = None) -> list[Read]:
    decoder = decoder or KeyDecoder()
    return [read for event in events for read in decoder.feed(event)]


def texts(reads: Iterable[Read]) -> list[str]:
    return [read.text if isinstance(read, Code) else read.reason for read in reads]


def strokes(*codes: int | tuple[int, int], at_s: float = 0.0) -> list[KeyEvent]:
    """Keys pressed and let go one after the other; a pair is a code with its value."""
    events: list[KeyEvent] = []
    for code in codes:
        pairs = [code] if isinstance(code, tuple) else [(code, DOWN), (code, UP)]
        events += [KeyEvent(*pair, at_s + 0.004 * (len(events) + index)) for index, pair in enumerate(pairs)]
    return events


def test_a_code_is_what_was_typed_up_to_enter() -> None:
    (code,) = fed(typed("HALL-A012/x9k2", 5.0))
    assert isinstance(code, Code)
    assert code.text == "HALL-A012/x9k2" and code.at_s > 5.0


def test_every_printable_character_comes_through_our_own_table() -> None:
    assert texts(fed(typed(PRINTABLE))) == [PRINTABLE]


@pytest.mark.parametrize("end", [ENTER, TAB, KP_ENTER])
def test_enter_tab_and_the_enter_of_the_numeric_block_end_a_code(end: int) -> None:
    assert texts(fed(typed("A1", end=end))) == ["A1"]


def test_an_end_without_a_code_is_nothing() -> None:
    assert fed(strokes(ENTER, TAB, ENTER)) == []


def test_digits_of_the_numeric_block_are_digits_whatever_numlock_says() -> None:
    numeric = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]
    assert texts(fed(strokes(NUM, *numeric, NUM, ENTER))) == ["0123456789"]


def test_only_a_key_going_down_counts() -> None:
    events = strokes((A, DOWN), (A, REPEAT), (A, REPEAT), (A, UP), (B, UP), ENTER)
    assert texts(fed(events)) == ["a"]


def test_shift_holds_for_the_keys_pressed_while_it_is_down() -> None:
    assert texts(fed(strokes((SHIFT, DOWN), A, (SHIFT, UP), A, ENTER))) == ["Aa"]


def test_caps_lock_turns_letters_and_nothing_else_and_shift_turns_them_back() -> None:
    events = strokes(CAPS, A, 2, (SHIFT, DOWN), A, 2, (SHIFT, UP), CAPS, A, ENTER)
    assert texts(fed(events)) == ["A1a!a"]


def test_caps_lock_around_a_code_leaves_the_next_code_alone() -> None:
    around = [*strokes(CAPS, A, ENTER, CAPS), *strokes(A, ENTER, at_s=0.05)]
    assert texts(fed(around)) == ["A", "a"]


def test_caps_lock_that_was_left_on_is_forgotten_after_a_pause() -> None:
    assert texts(fed([*strokes(CAPS, A, ENTER), *strokes(A, ENTER, at_s=5.0)])) == ["A", "a"]


@pytest.mark.parametrize("modifier", [CTRL, 97, ALT, ALT_GR, META, 126])
def test_a_chord_never_passes_and_spoils_its_code(modifier: int) -> None:
    events = strokes(A, (modifier, DOWN), B, (modifier, UP), A, ENTER)
    assert texts(fed(events)) == [BadReason.CONTROL]


def test_ctrl_shift_n_gives_nothing_that_a_terminal_could_open() -> None:
    events = strokes((CTRL, DOWN), (SHIFT, DOWN), N, (SHIFT, UP), (CTRL, UP), ENTER)
    assert texts(fed(events)) == [BadReason.CONTROL]


def test_alt_codes_spoil_their_code() -> None:
    """Scanners send 中 as Alt with the digits 5 4 9 9 2 of the numeric block (facts, packages 4.1)."""
    events = strokes(A, (ALT, DOWN), 76, 75, 73, 73, 80, (ALT, UP), ENTER)
    assert texts(fed(events)) == [BadReason.CONTROL]
    assert texts(fed(typed("A中"))) == [BadReason.CONTROL]


def test_control_characters_typed_as_chords_spoil_their_code() -> None:
    """As a scanner types a line feed: Ctrl with J."""
    assert texts(fed(typed("01\x0a17"))) == [BadReason.CONTROL]


def test_an_enter_inside_of_a_chord_does_not_end_a_code() -> None:
    assert texts(fed(strokes(A, (CTRL, DOWN), ENTER, (CTRL, UP), B, ENTER))) == [BadReason.CONTROL]


@pytest.mark.parametrize("key", [F1, ESC, BACKSPACE, DOWN_ARROW, KEY_102ND, 700])
def test_a_key_that_stands_for_no_character_spoils_its_code(key: int) -> None:
    assert texts(fed(strokes(A, key, A, ENTER))) == [BadReason.UNKNOWN_KEY]


def test_after_a_spoiled_code_the_next_one_is_read() -> None:
    assert texts(fed(strokes(A, F1, ENTER, B, ENTER))) == [BadReason.UNKNOWN_KEY, "b"]


def test_the_first_reason_is_the_one_that_is_told() -> None:
    assert texts(fed(strokes(F1, (CTRL, DOWN), A, (CTRL, UP), ENTER))) == [BadReason.UNKNOWN_KEY]


def test_a_pause_ends_a_scan_that_broke_off_and_its_half_joins_nothing() -> None:
    reads = fed([*typed("HALF", end=0), *typed("WHOLE", 0.5)])
    assert texts(reads) == [BadReason.INCOMPLETE, "WHOLE"]


def test_keys_within_the_gap_belong_together() -> None:
    assert texts(fed(typed("SLOW", gap_s=0.09))) == ["SLOW"]
    assert "SLOW" not in texts(fed(typed("SLOW", gap_s=0.11)))


def test_the_tail_of_a_scan_that_broke_off_is_no_code_of_its_own() -> None:
    stumbled = [*typed("HALL-A0", end=0), *typed("12", 0.3), *typed("B7", 0.5)]
    assert texts(fed(stumbled)) == [BadReason.INCOMPLETE, BadReason.INCOMPLETE, "B7"]


def test_a_scanner_too_slow_for_its_gap_gives_no_codes_at_all() -> None:
    assert set(texts(fed(typed("A0123456", gap_s=0.15)))) == {BadReason.INCOMPLETE}


def test_an_end_that_comes_late_is_nothing_and_the_next_code_is_read() -> None:
    late = [*typed("HALF", end=0), *strokes(ENTER, at_s=0.2), *typed("NEXT", 0.25)]
    assert texts(fed(late)) == [BadReason.INCOMPLETE, "NEXT"]


def test_a_hand_that_scans_again_is_read() -> None:
    assert texts(fed([*typed("HALF", end=0), *typed("AGAIN", 0.46)])) == [BadReason.INCOMPLETE, "AGAIN"]


def test_a_scanner_that_was_plugged_in_again_has_no_rest() -> None:
    decoder = KeyDecoder()
    fed(typed("HALF", end=0), decoder)
    decoder.idle(0.2)
    decoder.reset()
    assert texts(fed(typed("WHOLE", 0.25), decoder)) == ["WHOLE"]


def test_repeating_does_not_prolong_a_code() -> None:
    held = [KeyEvent(A, DOWN, 0.0), *(KeyEvent(A, REPEAT, 0.03 * n) for n in range(1, 10))]
    assert texts(fed([*held, *strokes(B, ENTER, at_s=0.5)])) == [BadReason.INCOMPLETE, "b"]


def test_a_half_code_is_dropped_without_waiting_for_the_next_key() -> None:
    decoder = KeyDecoder()
    fed(typed("PERSONAL", end=0), decoder)
    assert decoder.buffered == 8
    (bad,) = decoder.idle(LATER_S)
    assert bad == BadCode(BadReason.INCOMPLETE, 8, LATER_S)
    assert decoder.buffered == 0 and decoder.idle(LATER_S) == []


def test_lost_keys_spoil_the_code_whose_rest_follows() -> None:
    rest = [*typed("AB", end=0), Dropped(0.02), *typed("CD", 0.03)]
    assert texts(fed(rest)) == [BadReason.LOST_KEYS]


def test_the_rest_of_a_code_whose_beginning_was_lost_is_no_code() -> None:
    assert texts(fed([Dropped(0.0), *typed("REST", 0.01), *typed("NEXT", 0.5)])) == [
        BadReason.LOST_KEYS,
        "NEXT",
    ]


def test_lost_keys_let_go_of_a_shift_whose_release_was_lost() -> None:
    events = [*strokes((SHIFT, DOWN)), Dropped(0.01), *typed("x", 0.02), *typed("ok", 0.5)]
    assert texts(fed(events)) == [BadReason.LOST_KEYS, "ok"]


def test_the_longest_code_passes_and_one_more_is_refused_whole() -> None:
    assert texts(fed(typed("7" * LONGEST))) == ["7" * LONGEST]
    decoder = KeyDecoder()
    (bad,) = fed(typed("7" * (LONGEST + 1)), decoder)
    assert bad == BadCode(BadReason.TOO_LONG, LONGEST + 1, bad.at_s)
    assert decoder.buffered == 0


def test_a_scanner_that_never_ends_is_told_while_it_goes_on_and_takes_no_memory() -> None:
    decoder = KeyDecoder()
    reads = fed(typed("9" * (3 * ENDLESS), end=0), decoder)
    assert reads == [BadCode(BadReason.TOO_LONG, ENDLESS, read.at_s) for read in reads] and len(reads) == 3
    assert decoder.buffered == 0


def test_a_device_that_went_away_leaves_nothing() -> None:
    decoder = KeyDecoder()
    fed([*strokes((CTRL, DOWN)), *typed("HALF", end=0)], decoder)
    decoder.reset()
    assert decoder.buffered == 0 and decoder.idle(LATER_S) == []
    assert texts(fed(typed("ok"), decoder)) == ["ok"]


def test_a_code_does_not_show_itself() -> None:
    assert repr(Code("ABCD-personal", 1.0)) == "<Code 'ABCD'… of 13>"


def test_every_reason_is_said_in_both_languages() -> None:
    assert all(reason.zh and reason.en.isascii() for reason in BadReason)


@settings(max_examples=200, deadline=None)
@given(st.text(string.printable[:95], min_size=1, max_size=60))
def test_any_text_that_is_typed_comes_back(text: str) -> None:
    assert texts(fed(typed(text))) == [text]


EVENTS = st.lists(
    st.one_of(
        st.builds(KeyEvent, st.integers(0, 767), st.integers(0, 2), st.just(0.0)),
        st.builds(Dropped, st.just(0.0)),
    ),
    max_size=200,
)


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.floats(0, 0.2))
def test_any_keys_give_codes_of_printable_ascii_and_nothing_else(
    events: list[KeyEvent | Dropped], step_s: float
) -> None:
    decoder = KeyDecoder()
    timed: list[KeyEvent | Dropped] = [
        KeyEvent(event.code, event.value, n * step_s) if isinstance(event, KeyEvent) else Dropped(n * step_s)
        for n, event in enumerate(events)
    ]
    for read in (*fed(timed, decoder), *decoder.idle(LATER_S)):
        if isinstance(read, Code):
            assert 1 <= len(read.text) <= LONGEST and set(read.text) <= set(PRINTABLE)
    assert decoder.buffered == 0

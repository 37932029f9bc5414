"""The keypad of one window as rules: the next step, what is typed, guards, and what the display shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.caller.keys import Key
from hallkiosk.caller.keymap import CallerKeys, Meaning
from hallkiosk.caller.states import DeskState
from hallkiosk.window.model import desk_of

M = Meaning

# --- the next step ---------------------------------------------------------------------------------------


def test_one_key_opens_calls_starts_and_finishes(bench: Any) -> None:
    bench.take()
    for _ in range(4):
        bench.step()
    assert bench.whats == [M.OPEN, M.CALL, M.START, M.FINISH]
    assert bench.ticket("A001").state == "done"


def test_the_window_is_opened_in_the_clerk_s_name(bench: Any) -> None:
    bench.step()
    assert bench.view.clerk == "李敏"


def test_the_next_step_is_the_console_s_in_every_state(bench: Any) -> None:
    seen = set()

    def compare() -> None:
        console = desk_of(bench.ask("snapshot"), 1)
        assert console is not None
        bench.rest()
        before = len(bench.sent)
        bench.press("=")
        seen.add(console.step.value)
        asked = bench.sent[before:]
        assert [(r.what.value, r.expect) for r in asked] == [(console.step.value, console.in_hand)]

    compare()  # closed
    bench.take()
    compare()  # open
    compare()  # called
    bench.do("hold", 1) if bench.view.current.state == "serving" else None
    bench.do("pause_window", 1)
    compare()  # paused
    bench.do("resume", 1, bench.view.held[0].ticket)
    compare()  # serving
    assert seen == {"open", "call", "start", "finish"}


def test_a_paused_window_goes_on_with_the_primary_key(at_work: Any) -> None:
    at_work.do("pause_window", 1)
    at_work.step()
    assert at_work.whats == [M.OPEN]


def test_who_is_in_hand_at_a_pause_is_served_on(at_work: Any) -> None:
    at_work.step()
    at_work.press("0=")
    at_work.step()
    assert at_work.whats == [M.CALL, M.PAUSE, M.START]


def test_nought_and_enter_toggle_the_pause(at_work: Any) -> None:
    for _ in range(2):
        at_work.press("0=")
    assert at_work.whats == [M.PAUSE, M.OPEN]
    at_work.do("close_window", 1)
    at_work.press("0=")
    assert at_work.whats[-1] is M.OPEN


def test_a_nought_that_was_held_too_long_pauses_and_does_not_close(at_work: Any) -> None:
    at_work.press("000=")
    assert at_work.whats == [M.PAUSE]


def test_nought_and_minus_close_the_window(at_work: Any) -> None:
    at_work.press("0-")
    assert at_work.view.state == "closed"


def test_keys_for_a_verb_do_that_verb(at_work: Any) -> None:
    for key in ("next", "recall", "start", "hold", "resume", "finish", "pause", "open", "close"):
        at_work.step(f"[{key}]")
    assert at_work.whats == [
        M.CALL, M.RECALL, M.START, M.HOLD, M.RESUME, M.FINISH, M.PAUSE, M.OPEN, M.CLOSE,
    ]  # fmt: skip
    assert at_work.refused == []


# --- guards ----------------------------------------------------------------------------------------------


def test_a_double_press_does_not_call_and_start(at_work: Any) -> None:
    at_work.press("==", gap_s=0.4)
    assert at_work.whats == [M.CALL]
    assert at_work.beeps == 1
    at_work.rest(0.5)
    at_work.press("=")
    assert at_work.whats == [M.CALL, M.START]


def test_the_primary_key_rests_when_somebody_else_changed_its_meaning(at_work: Any) -> None:
    at_work.do("call_next", 1)
    at_work.press("=", gap_s=0.7)
    assert at_work.whats == []


def test_the_key_that_calls_rests_too(at_work: Any) -> None:
    at_work.step()
    at_work.step()
    at_work.do("finish", 1)
    at_work.press("[next]", gap_s=0.5)
    assert at_work.whats == [M.CALL, M.START]
    at_work.press("[next]", gap_s=0.5)
    assert at_work.whats[-1] is M.CALL


def test_what_is_asked_carries_the_ticket_that_was_shown(at_work: Any) -> None:
    at_work.step()
    shown = at_work.view.current.ticket
    at_work.press("+")
    assert [r.expect for r in at_work.sent] == [0, shown]


def test_another_ticket_at_the_window_than_shown_is_left_alone(at_work: Any) -> None:
    at_work.step()
    at_work.is_prompt = False
    at_work.press("-")
    # Meanwhile, at the console of the same window:
    at_work.do("pass_ticket", 1)
    at_work.do("call_next", 1)
    at_work.is_prompt = True
    at_work.take_in([])
    assert at_work.refused == ["Q-16"]
    assert at_work.shown[0] == "E16"
    assert at_work.view.current.number == "A002"


def test_one_request_at_a_time(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("=+-*/.")
    assert len(at_work.waiting) == 1
    assert at_work.desk.state is DeskState.WORKING
    assert at_work.beeps == 5


def test_digits_typed_while_it_is_under_way_are_kept(at_work: Any) -> None:
    at_work.step()
    at_work.is_prompt = False
    at_work.press("-2")
    assert at_work.shown[0] == "2"
    at_work.press("=")
    assert at_work.beeps == 1
    at_work.answer()
    assert at_work.desk.state is DeskState.TYPING
    at_work.is_prompt = True
    at_work.press("=", gap_s=0.4)
    assert at_work.whats == [M.CALL, M.PASS, M.CALL_CERTAIN]
    assert at_work.view.current.number == "A002"


def test_digits_of_a_verb_that_came_too_early_are_not_for_another_verb(at_work: Any) -> None:
    at_work.step()
    at_work.is_prompt = False
    at_work.press("-2/")  # to window 2, while the pass is under way: it only beeps
    at_work.answer()
    at_work.is_prompt = True
    at_work.press("=", gap_s=0.9)  # never a call of ticket 2
    assert M.CALL_CERTAIN not in at_work.whats


def test_a_number_typed_anew_after_a_verb_that_came_too_early_stands_alone(at_work: Any) -> None:
    at_work.step()
    at_work.is_prompt = False
    at_work.press("-3/2")
    assert at_work.shown[0] == "2"


def test_digits_typed_while_it_is_under_way_run_out_too(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("=2")
    at_work.rest(5.1)
    at_work.answer()
    assert at_work.desk.state is DeskState.READY
    assert at_work.shown[0] == "A001"


def test_an_answer_to_something_else_changes_nothing(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("=")
    first = at_work.waiting[0]
    at_work.answer()
    at_work.step("+")
    assert at_work.desk.answered(first, None, at_work.ask("snapshot"), at_work.now_s) == []
    assert at_work.desk.found(first, (), at_work.now_s) == []
    assert at_work.desk.state is DeskState.WORKING


@pytest.mark.parametrize("key", ["=", "-", "+", "*", "[next]", "[pass]"])
def test_a_key_that_is_held_down_is_one_press(at_work: Any, key: str) -> None:
    at_work.press(key)
    at_work.press(key, gap_s=0.25)
    at_work.press(key * 200, gap_s=0.033)
    assert len(at_work.sent) == 1


def test_a_digit_that_is_held_down_is_no_number(at_work: Any) -> None:
    at_work.press("1" * 60, gap_s=0.033)
    at_work.press("=")
    assert at_work.sent == []
    assert at_work.shown[0] == "E03"


# --- what is typed ---------------------------------------------------------------------------------------


def test_typed_digits_are_shown(at_work: Any) -> None:
    at_work.press("12")
    assert at_work.pictures[-2:] == [("1", 3), ("12", 3)]


def test_backspace_forgets_what_was_typed(at_work: Any) -> None:
    at_work.press("2<")
    assert at_work.shown == ("", 3)
    at_work.press("=")
    assert at_work.whats == [M.CALL]


def test_a_number_and_enter_call_that_ticket(at_work: Any) -> None:
    at_work.press("002=")
    assert at_work.whats == [M.CALL_CERTAIN]
    assert at_work.shown == ("A002", 2)


def test_a_ticket_beyond_those_that_the_screens_list_is_called_too(at_work: Any) -> None:
    for _ in range(40):
        at_work.take()
    at_work.press("42=")
    assert at_work.shown[0] == "A042"


def test_a_number_that_nobody_has_is_no_call(at_work: Any) -> None:
    at_work.press("77=")
    assert at_work.sent == []
    assert at_work.pictures[-1] == ("E03", 3)


def test_typed_digits_run_out_after_five_seconds(at_work: Any) -> None:
    at_work.press("1")
    at_work.rest(4.5)
    at_work.press("2")
    at_work.rest(4.9)
    assert at_work.shown[0] == "12"
    at_work.rest(0.2)
    assert at_work.shown[0] == ""


@pytest.mark.parametrize("key", ["=", "-", "+", "[finish]", "[pass]"])
def test_the_key_that_comes_just_after_typed_digits_ran_out_does_nothing(at_work: Any, key: str) -> None:
    at_work.step()
    at_work.rest()
    at_work.press("2")
    at_work.rest(5.05)
    at_work.press(key)
    assert at_work.whats == [M.CALL]
    assert at_work.beeps == 1


def test_digits_that_ran_out_are_not_used_by_a_late_key_even_when_no_timer_came(at_work: Any) -> None:
    at_work.press("2")
    at_work.now_s += 6
    at_work.press("=")
    assert at_work.sent == []
    assert at_work.beeps == 1


def test_a_number_before_a_key_that_takes_none_does_nothing(at_work: Any) -> None:
    at_work.step()
    at_work.rest()
    for key in ("pass", "hold", "recall", "finish", "next", "pause", "close", "open", "start"):
        at_work.press(f"5[{key}]")
        assert at_work.shown[0] == "A001"
    assert at_work.whats == [M.CALL]
    assert at_work.beeps == 9


def test_a_number_that_was_used_is_gone(at_work: Any) -> None:
    at_work.press("2=")
    at_work.rest()
    at_work.press("=")
    assert at_work.whats == [M.CALL_CERTAIN, M.START]


def test_a_number_that_was_refused_is_gone(at_work: Any) -> None:
    at_work.press("77=")
    at_work.rest(3)
    at_work.press("=")
    assert at_work.whats == [M.CALL]


def test_lost_presses_lose_the_number_that_was_half_typed(at_work: Any) -> None:
    at_work.press("12")
    at_work.take_in(at_work.desk.pressed(Key.LOST, at_work.now_s))
    assert at_work.shown[0] == ""
    at_work.rest()
    at_work.press("2=")
    assert at_work.shown[0] == "A002"


def test_lost_presses_without_a_number_change_nothing(at_work: Any) -> None:
    assert at_work.desk.pressed(Key.LOST, at_work.now_s) == []


def test_a_hall_with_other_keys(make_bench: Callable[..., Any]) -> None:
    bench = make_bench(keys=CallerKeys.from_names({"dot": "pause", "n-enter": "return"}))
    bench.step()
    bench.press(".")
    assert bench.whats == [M.OPEN, M.PAUSE]


# --- what is shown ---------------------------------------------------------------------------------------


def test_the_number_in_hand_and_who_waits_are_shown(at_work: Any) -> None:
    assert at_work.shown == ("", 3)
    at_work.step()
    assert at_work.shown == ("A001", 2)
    at_work.take()
    assert at_work.shown == ("A001", 3)


def test_the_same_picture_is_shown_once(at_work: Any) -> None:
    before = len(at_work.pictures)
    at_work.hear()
    at_work.hear()
    assert len(at_work.pictures) == before


@pytest.mark.parametrize(
    ("key", "code"), [("[finish]", "E12"), ("+", "E12"), ("/", "E12"), ("0/", "E12"), ("9.", "E03")]
)
def test_what_is_refused_is_shown_by_its_code_and_heard(at_work: Any, key: str, code: str) -> None:
    at_work.press(key)
    assert at_work.shown[0] == code
    assert at_work.beeps == 1


def test_a_code_is_shown_for_two_seconds(at_work: Any) -> None:
    at_work.press("+")
    at_work.rest(1.9)
    assert at_work.shown[0] == "E12"
    at_work.rest(0.2)
    assert at_work.shown[0] == ""


def test_a_key_ends_the_code_at_once(at_work: Any) -> None:
    at_work.press("+")
    at_work.press("2")
    assert at_work.shown[0] == "2"


def test_an_empty_line_says_so(bench: Any) -> None:
    bench.step()
    bench.step()
    assert bench.shown == ("E10", 0)


def test_a_code_has_two_digits_and_a_ticket_three(at_work: Any) -> None:
    at_work.step()
    at_work.press("*")
    digits = [[c for c in number if c.isdigit()] for number, _ in at_work.pictures if number]
    assert [len(d) for d in digits] == [3, 2]


# --- keypad and hall away --------------------------------------------------------------------------------


def test_a_keypad_that_goes_away_loses_what_was_typed(at_work: Any) -> None:
    at_work.press("1")
    assert at_work.desk.lost(at_work.now_s) == []
    assert at_work.desk.state is DeskState.FAULTY
    at_work.take_in(at_work.desk.back(at_work.now_s))
    assert at_work.desk.state is DeskState.READY
    at_work.press("2=")
    assert at_work.shown[0] == "A002"


def test_a_keypad_that_comes_back_shows_the_hall_as_it_is(at_work: Any) -> None:
    at_work.desk.lost(at_work.now_s)
    at_work.do("call_next", 1)
    assert at_work.shown == ("", 3)
    at_work.take_in(at_work.desk.back(at_work.now_s))
    assert at_work.shown == ("A001", 2)


def test_the_request_under_way_survives_its_keypad(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("=")
    at_work.desk.lost(at_work.now_s)
    at_work.take_in(at_work.desk.back(at_work.now_s))
    assert at_work.desk.state is DeskState.WORKING
    at_work.press("=")
    assert len(at_work.waiting) == 1
    at_work.answer()
    assert at_work.desk.state is DeskState.READY


def test_an_answer_that_comes_while_the_keypad_is_away_is_taken(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("=")
    at_work.desk.lost(at_work.now_s)
    at_work.answer()
    at_work.take_in(at_work.desk.back(at_work.now_s))
    assert at_work.desk.state is DeskState.READY
    assert at_work.shown[0] == "A001"


def test_what_was_looked_for_is_not_called_once_the_keypad_is_away(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("2=")
    at_work.desk.lost(at_work.now_s)
    at_work.answer()
    assert at_work.waiting == [] and at_work.sent == []


def test_keys_without_a_hall_beep_and_say_so(at_work: Any) -> None:
    at_work.take_in(at_work.desk.unseen(at_work.now_s))
    assert at_work.desk.is_blind
    for key in ("=", "2", "-"):
        at_work.press(key)
        assert at_work.shown[0] == "F07"
    assert at_work.sent == [] and at_work.beeps == 3
    at_work.hear()
    assert at_work.desk.state is DeskState.READY


def test_what_was_typed_is_lost_with_the_hall(at_work: Any) -> None:
    at_work.press("2")
    at_work.take_in(at_work.desk.unseen(at_work.now_s))
    at_work.hear()
    at_work.press("=")
    assert at_work.sent == []
    at_work.step()
    assert at_work.whats == [M.CALL]


@pytest.mark.parametrize("key", ["-", "=", "*"])
def test_the_key_after_a_digit_that_was_refused_does_nothing(at_work: Any, key: str) -> None:
    at_work.step()
    at_work.rest()
    at_work.take_in(at_work.desk.unseen(at_work.now_s))
    at_work.press("2")
    at_work.hear()
    at_work.press(key, gap_s=0.6)
    assert at_work.whats == [M.CALL]


def test_the_key_after_a_number_that_nobody_has_does_nothing(at_work: Any) -> None:
    at_work.press("77=")
    at_work.press("=", gap_s=0.5)
    assert at_work.sent == []


def test_an_answer_without_a_sight_of_the_hall_leaves_the_desk_blind(at_work: Any) -> None:
    at_work.is_prompt = False
    at_work.press("=2")
    at_work.take_in(at_work.desk.answered(at_work.waiting[0], None, None, at_work.now_s))
    assert at_work.desk.state is DeskState.AWAY
    at_work.hear()
    assert at_work.desk.state is DeskState.READY


def test_an_older_picture_of_the_hall_is_not_believed(at_work: Any) -> None:
    old = at_work.ask("snapshot")
    at_work.step()
    at_work.take_in(at_work.desk.saw(old, at_work.now_s))
    assert at_work.shown[0] == "A001"


def test_a_hall_restored_to_an_older_state_is_believed(at_work: Any, make_bench: Callable[..., Any]) -> None:
    at_work.step()
    restored = make_bench()
    object.__setattr__(hall := restored.ask("snapshot"), "epoch", "restored")
    at_work.take_in(at_work.desk.saw(hall, at_work.now_s))
    assert at_work.shown == ("", 0)


def test_a_hall_without_the_window_is_a_hall_not_seen(at_work: Any, make_bench: Callable[..., Any]) -> None:
    hall = at_work.ask("snapshot")
    object.__setattr__(hall, "windows", hall.windows[1:])
    at_work.take_in(at_work.desk.saw(hall, at_work.now_s))
    assert at_work.desk.state is DeskState.AWAY

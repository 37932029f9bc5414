"""What a keypad asks back: choices one after the other, and doubts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallkiosk.caller.asked import Asked
from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.leads import numbered_services
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.question import Choice, No, Question
from hallkiosk.caller.states import DeskState
from hallqueue.states import PrintState

M = Meaning


@pytest.fixture
def two_ones(at_work: Any) -> Any:
    """A001 and B001 both have the digits 1."""
    at_work.press("1=")
    assert at_work.desk.state is DeskState.ASKING
    return at_work


# --- the rhythm of the choices -----------------------------------------------------------------------------


@given(st.integers(0, 10**7), st.integers(2, 6))
def test_at_the_very_moment_that_was_named_the_next_choice_is_shown(cents: int, choices: int) -> None:
    """(1025.58 - 1023.58) / 2.0 is a little less than 1: by division it would be due for ever."""
    question = Question(tuple(Choice(str(place), No()) for place in range(choices)))
    asked = Asked(question, CallerPace(), cents / 100)
    for turn in range(1, 2 * choices):
        due_s = asked.due_s
        asked.pass_time(due_s)
        assert asked.choice.text == str(turn % choices)
        assert asked.due_s > due_s


# --- the same digits under several letters ---------------------------------------------------------------


def test_the_letter_of_each_choice_stands_where_the_count_was(two_ones: Any) -> None:
    two_ones.rest(3)
    assert two_ones.pictures[-2:] == [("A001", 1), ("B001", 2)]


def test_choices_come_one_after_the_other_and_round(two_ones: Any) -> None:
    shown = []
    for _ in range(5):
        shown.append(two_ones.shown[0])
        two_ones.rest(2)
    assert shown == ["A001", "B001", "A001", "B001", "A001"]


def test_enter_takes_the_one_that_is_shown(two_ones: Any) -> None:
    two_ones.rest(2.6)
    two_ones.press("=")
    assert two_ones.view.current.number == "B001"
    assert two_ones.whats == [M.CALL_CERTAIN]


def test_one_that_has_only_just_come_up_is_not_taken(two_ones: Any) -> None:
    two_ones.rest(2.1)
    assert two_ones.shown[0] == "B001"
    two_ones.press("=")
    assert two_ones.sent == [] and two_ones.beeps == 1
    assert two_ones.desk.state is DeskState.ASKING


def test_backspace_takes_none(two_ones: Any) -> None:
    two_ones.press("<")
    assert two_ones.desk.state is DeskState.READY
    assert two_ones.shown == ("", 3)


def test_plus_and_minus_go_on_and_back_without_waiting(two_ones: Any) -> None:
    two_ones.press("+", gap_s=0.5)
    assert two_ones.shown[0] == "B001"
    two_ones.press("-", gap_s=0.5)
    assert two_ones.shown[0] == "A001"
    two_ones.press("-", gap_s=0.5)
    assert two_ones.shown[0] == "B001"
    assert two_ones.sent == [] and two_ones.beeps == 0


def test_a_question_that_nobody_answers_ends(two_ones: Any) -> None:
    two_ones.rest(9.9)
    assert two_ones.desk.state is DeskState.ASKING
    two_ones.rest(0.2)
    assert two_ones.desk.state is DeskState.READY


@pytest.mark.parametrize("key", ["=", "+", "-"])
def test_the_key_that_comes_just_after_a_question_ended_does_nothing(two_ones: Any, key: str) -> None:
    two_ones.rest(10.2)
    two_ones.press(key)
    assert two_ones.sent == [] and two_ones.beeps == 1


@pytest.mark.parametrize("key", ["*", "/", ".", "[finish]", "[void]"])
def test_other_verbs_do_nothing_in_a_question(two_ones: Any, key: str) -> None:
    two_ones.press(key)
    assert two_ones.desk.state is DeskState.ASKING
    assert two_ones.sent == [] and two_ones.beeps == 1


def test_only_tickets_that_fit_are_offered(at_work: Any) -> None:
    at_work.step()
    at_work.press("-")
    at_work.press("1+")
    assert at_work.whats == [M.CALL, M.PASS, M.RETURN]
    assert at_work.ticket("A001").state == "waiting"


def test_where_none_fits_the_hall_says_why_not(at_work: Any) -> None:
    at_work.press("2+")
    assert at_work.refused == ["Q-14"]
    assert at_work.shown[0] == "E14"


def test_a_ticket_of_another_window_s_matters_is_not_offered(at_work: Any) -> None:
    for number in ("C001", "C002"):
        assert at_work.take("marry") == number
    at_work.press("2=")
    assert at_work.view.current.number == "A002"


def test_a_number_typed_in_a_question_is_no_number_for_later(two_ones: Any) -> None:
    two_ones.press("2")
    two_ones.rest(5.1)
    assert two_ones.desk.state is DeskState.ASKING
    two_ones.press("<")
    two_ones.rest()
    two_ones.press("=")
    assert two_ones.whats == [M.CALL]


def test_a_question_has_its_whole_time_again_after_a_key(two_ones: Any) -> None:
    two_ones.rest(9)
    two_ones.press("+")
    two_ones.rest(9)
    assert two_ones.desk.state is DeskState.ASKING


# --- 转移, 办结并转 ----------------------------------------------------------------------------------------


@pytest.fixture
def serving(at_work: Any) -> Any:
    """A001 is served at window 1; all windows are open."""
    for window in (2, 3):
        at_work.do("open_window", window)
    at_work.step()
    at_work.step()
    at_work.rest()
    at_work.sent.clear()
    return at_work


def test_matters_are_numbered_as_in_the_configuration_without_those_of_several(plan: Any) -> None:
    assert [(n, s.id) for n, s in numbered_services(plan)] == [(1, "social"), (2, "tax"), (3, "marry")]


def test_a_window_s_number_and_slash_transfer_to_it(serving: Any) -> None:
    serving.press("2/")
    (request,) = serving.sent
    assert (request.service, request.to_window) == ("social", 2)
    assert serving.ticket("A001").state == "transferred"


def test_a_window_with_one_other_matter_needs_no_question(serving: Any) -> None:
    serving.press("3/")
    assert [(r.service, r.to_window) for r in serving.sent] == [("marry", 3)]


def test_a_window_with_several_other_matters_asks_which(make_bench: Callable[..., Any]) -> None:
    bench = make_bench(window=2)
    bench.do("open_window", 1)
    bench.do("open_window", 2)
    bench.take("marry")
    bench.step()
    bench.rest()
    bench.press("1/")
    assert bench.shown == ("n01", 0)
    bench.rest(2)
    assert bench.shown == ("n02", 0)
    bench.rest(0.6)
    bench.press("=")
    assert [(r.service, r.to_window) for r in bench.sent[1:]] == [("tax", 1)]


def test_to_the_own_window_another_matter_is_asked_for(serving: Any) -> None:
    serving.press("1/")
    assert [(r.service, r.to_window) for r in serving.sent] == [("tax", 1)]


def test_a_window_that_there_is_not(serving: Any) -> None:
    serving.press("9/")
    assert serving.sent == [] and serving.shown[0] == "E02"


def test_slash_alone_asks_for_a_matter_and_any_window(serving: Any) -> None:
    serving.press("/")
    assert serving.shown[0] == "n02"
    serving.rest(2)
    assert serving.shown[0] == "n03"
    serving.rest(0.6)
    serving.press("=")
    assert [(r.what, r.service, r.to_window) for r in serving.sent] == [(M.TRANSFER, "marry", 0)]


def test_a_matter_can_be_typed(serving: Any) -> None:
    serving.press("/03=")
    assert [r.service for r in serving.sent] == ["marry"]


@pytest.mark.parametrize("typed", ["1", "9", "0", "00", "12345"])
def test_a_matter_that_is_not_offered_is_not_taken(serving: Any, typed: str) -> None:
    serving.press(f"/{typed}=")
    assert serving.sent == [] and serving.beeps == 1
    assert serving.shown[0] == "E03"
    assert serving.desk.state is DeskState.ASKING


def test_a_single_wrong_slash_transfers_nobody(serving: Any) -> None:
    serving.press("/")
    serving.rest(60)
    assert serving.sent == []


def test_nought_and_slash_finish_and_go_on_with_another_matter(serving: Any) -> None:
    serving.press("0/2=")
    assert [(r.what, r.service) for r in serving.sent] == [(M.FINISH_THEN, "tax")]
    assert serving.view.current.service == "tax"


def test_a_matter_that_no_window_serves_is_not_offered(make_bench: Callable[..., Any], plan: Any) -> None:
    bench = make_bench(plan=replace(plan, windows=plan.windows[:1]))
    bench.take()
    for _ in range(3):
        bench.step()
    bench.press("/3=")
    assert bench.shown[0] == "E03"


def test_with_nothing_else_to_transfer_to_there_is_no_question(
    make_bench: Callable[..., Any], plan: Any
) -> None:
    only = replace(plan, services=plan.services[:1], windows=(replace(plan.windows[0], serves=("social",)),))
    bench = make_bench(plan=only)
    bench.take()
    for _ in range(3):
        bench.step()
    bench.press("/")
    assert bench.shown[0] == "E17"
    assert bench.desk.state is DeskState.READY


# --- 恢复办理, 过号恢复, 点名呼叫 without a number ---------------------------------------------------------


def test_the_only_held_ticket_is_resumed_at_once(serving: Any) -> None:
    serving.press("*.", gap_s=0.2)
    assert serving.whats == [M.HOLD, M.RESUME]
    assert serving.shown[0] == "A001"


def hold_two(serving: Any) -> None:
    serving.press("*")
    serving.step()
    serving.step()
    serving.press("*")
    serving.rest()
    serving.sent.clear()


def test_of_several_held_ones_it_is_asked_which(serving: Any) -> None:
    hold_two(serving)
    serving.press(".")
    serving.rest(2.6)
    assert serving.shown[0] == "A002"
    serving.press("=")
    assert serving.view.current.number == "A002"


def test_a_held_one_is_resumed_by_its_number(serving: Any) -> None:
    hold_two(serving)
    serving.press("2.")
    assert serving.view.current.number == "A002"


def test_nobody_held_is_said(serving: Any) -> None:
    serving.press(".")
    assert serving.shown[0] == "E03"


def test_the_key_for_who_was_passed_shows_them(at_work: Any) -> None:
    at_work.step()
    at_work.press("-")
    at_work.press("[return]")
    assert at_work.shown == ("A001", 1)
    at_work.rest(0.6)
    at_work.press("=")
    assert at_work.whats == [M.CALL, M.PASS, M.RETURN]


def test_nobody_passed_is_said(at_work: Any) -> None:
    at_work.press("[return]")
    assert at_work.shown[0] == "E03"


def test_the_key_for_one_certain_shows_who_waits_here(at_work: Any) -> None:
    at_work.take("marry")
    at_work.press("[call]")
    shown = []
    for _ in range(4):
        shown.append(at_work.shown[0])
        at_work.rest(2)
    assert shown == ["A001", "A002", "B001", "A001"]


def test_any_number_can_be_typed_to_the_question_who(at_work: Any) -> None:
    for _ in range(30):
        at_work.take()
    at_work.press("[call]30=")
    assert at_work.view.current.number == "A030"


def test_nobody_waiting_is_said(bench: Any) -> None:
    bench.step()
    bench.press("[call]")
    assert bench.shown[0] == "E10"


def test_question_keys_of_21_key_callers(at_work: Any) -> None:
    """Theirs send the digits and the verb in one breath, and 重呼 and 过号 turn the choices."""
    at_work.press("1[call]", gap_s=0.0)
    at_work.press("[recall]", gap_s=0.6)
    at_work.press("=", gap_s=0.6)
    assert at_work.view.current.number == "B001"


# --- 补打, 打印不明 ---------------------------------------------------------------------------------------


def test_a_paper_is_printed_again_by_its_number(at_work: Any) -> None:
    at_work.press("2*")
    assert at_work.whats == [M.REPRINT]
    assert at_work.ticket("A002").copies == 1


def test_the_key_for_a_paper_asks_which(serving: Any) -> None:
    serving.press("[reprint]")
    assert serving.shown[0] == "A001"
    assert serving.sent == []
    serving.press("<")


@pytest.fixture
def unknown_paper(at_work: Any) -> Any:
    job = at_work.ask("print_queue")[1].job
    at_work.do("print_begin", job, printer="p")
    at_work.do("print_end", job, state=PrintState.UNKNOWN)
    return at_work


@pytest.mark.parametrize(("answer", "state"), [("1=", "printed"), ("2=", "failed")])
def test_a_paper_of_which_nobody_knows_is_answered_for(unknown_paper: Any, answer: str, state: str) -> None:
    unknown_paper.press("0*")
    assert unknown_paper.shown == ("A002", 1)
    unknown_paper.press("=", gap_s=0.6)
    assert unknown_paper.shown == ("1", 3)
    unknown_paper.press(answer)
    assert unknown_paper.ticket("A002").print_state == state


def test_a_double_enter_answers_for_no_paper(unknown_paper: Any) -> None:
    unknown_paper.press("0*")
    unknown_paper.press("=", gap_s=0.6)
    unknown_paper.press("=", gap_s=0.4)
    assert unknown_paper.sent == []


def test_without_such_a_paper_nothing_is_asked(at_work: Any) -> None:
    at_work.press("0*")
    assert at_work.shown[0] == "E03"


# --- 作废 -------------------------------------------------------------------------------------------------


def test_a_ticket_is_void_when_it_was_asked_for_twice(at_work: Any) -> None:
    at_work.press("2-")
    assert at_work.sent == [] and at_work.beeps == 1
    assert at_work.shown == ("A002", 1)
    assert at_work.desk.state is DeskState.DOUBTING
    at_work.press("2-")
    assert at_work.whats == [M.VOID]
    assert at_work.ticket("A002").state == "void"


def test_the_second_time_must_be_the_same_number(at_work: Any) -> None:
    at_work.press("2-")
    at_work.press("1-")
    assert at_work.sent == []
    assert at_work.desk.state is DeskState.READY


@pytest.mark.parametrize("key", ["=", "-", "+", "2=", "2+", "0-"])
def test_anything_else_is_no_confirmation_and_nothing_else_either(at_work: Any, key: str) -> None:
    at_work.step()
    at_work.rest()
    at_work.press("2-")
    at_work.press(key, gap_s=0.4)
    assert at_work.whats == [M.CALL]
    assert at_work.ticket("A002").state == "waiting"


def test_backspace_ends_the_doubt(at_work: Any) -> None:
    at_work.press("2-<2-")
    assert at_work.sent == []


def test_a_doubt_ends_after_three_seconds(at_work: Any) -> None:
    at_work.press("2-")
    at_work.rest(3.1)
    assert at_work.desk.state is DeskState.READY
    at_work.press("2-")
    assert at_work.sent == []
    assert at_work.desk.state is DeskState.DOUBTING


def test_what_was_begun_in_time_may_be_ended(at_work: Any) -> None:
    at_work.press("2-")
    at_work.rest(2.8)
    at_work.press("2")
    at_work.rest(2)
    at_work.press("-")
    assert at_work.whats == [M.VOID]


def test_the_key_that_comes_just_after_a_doubt_ended_does_nothing(at_work: Any) -> None:
    at_work.step()
    at_work.rest()
    at_work.press("2-")
    at_work.rest(3.2)
    at_work.press("-")
    assert at_work.whats == [M.CALL]


def test_among_several_the_chosen_one_is_doubted_and_no_other(at_work: Any) -> None:
    at_work.press("1-")
    at_work.rest(2.6)
    at_work.press("=")
    assert at_work.shown == ("B001", 2)
    at_work.press("1-")
    assert at_work.ticket("B001").state == "void"
    assert at_work.ticket("A001").state == "waiting"


def test_the_key_for_it_asks_which_and_then_wants_itself_again(at_work: Any) -> None:
    at_work.press("[void]")
    assert at_work.shown[0] == "A001"
    at_work.press("002=")
    assert at_work.desk.state is DeskState.DOUBTING
    at_work.press("[void]", gap_s=1.0)
    assert at_work.whats == [M.VOID]


def test_the_key_for_it_pressed_twice_by_a_trembling_hand_voids_nothing(at_work: Any) -> None:
    at_work.press("2[void]")
    at_work.press("[void]", gap_s=0.4)
    assert at_work.sent == []
    assert at_work.desk.state is DeskState.READY


def test_a_ticket_in_another_window_s_hand_is_left_to_it(at_work: Any) -> None:
    at_work.do("open_window", 2)
    at_work.do("call_next", 2)
    at_work.press("1-")
    assert at_work.desk.state is DeskState.DOUBTING
    assert at_work.shown == ("B001", 2)


def test_a_doubt_goes_with_the_keypad(at_work: Any) -> None:
    at_work.press("2-")
    at_work.desk.lost(at_work.now_s)
    at_work.take_in(at_work.desk.back(at_work.now_s))
    at_work.press("2-")
    assert at_work.sent == []


def test_who_is_in_hand_and_changes_during_a_question_is_not_taken_for_the_other(serving: Any) -> None:
    serving.press("/")
    serving.do("finish", 1)
    serving.do("call_next", 1)
    serving.do("start", 1)
    serving.press("3=")
    assert serving.refused == ["Q-16"]
    assert serving.shown[0] == "E16"

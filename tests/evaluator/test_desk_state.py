"""The desk of one window as rules: no time, no pad, no keeper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallevaluator.desk_state import (
    TRANSITIONS,
    Act,
    Action,
    Answer,
    Asked,
    DeskState,
    Lamps,
    SendPress,
    SendTimeout,
    Signal,
    WindowDesk,
)

A, B = Asked(7, until_s=60.0), Asked(8, until_s=100.0)
ARM, DARKEN = Lamps(Act.ARM), Lamps(Act.DARKEN)


def desk_at_work() -> WindowDesk:
    desk = WindowDesk(thank_s=3.0, stray_gap_s=1.0)
    assert desk.pad_back(0.0) == [DARKEN]
    return desk


def asking() -> WindowDesk:
    desk = desk_at_work()
    assert desk.saw(A, 0.0) == [ARM]
    return desk


def taking() -> tuple[WindowDesk, SendPress]:
    desk = asking()
    sent = SendPress(7, "2")
    assert desk.pressed("2", 1.0) == [Lamps(Act.HEAR, "2"), sent]
    return desk, sent


def test_an_open_session_lights_the_pad_once() -> None:
    desk = asking()
    assert desk.saw(A, 1.0) == []
    assert desk.state is DeskState.ASKING
    assert desk.due_s == 60.0


def test_a_press_is_sent_and_not_thanked_before_the_keeper_has_it() -> None:
    desk, sent = taking()
    assert desk.state is DeskState.TAKING
    assert desk.answered(sent, Answer(7), 1.1) == [Lamps(Act.THANK, "2")]


def test_thanks_end_and_the_pad_goes_dark() -> None:
    desk, sent = taking()
    desk.answered(sent, Answer(7), 1.0)
    assert desk.due_s == 4.0
    assert desk.tick(3.9) == []
    assert desk.tick(4.0) == [DARKEN]
    assert desk.state is DeskState.IDLE


def test_further_presses_of_the_same_hand_are_dropped() -> None:
    desk, sent = taking()
    assert desk.pressed("1", 1.01) == []
    desk.answered(sent, Answer(7), 1.1)
    assert desk.pressed("4", 1.2) == []
    assert desk.pressed("4", 3.9) == []


def test_silence_is_told_once_and_never_becomes_a_rating() -> None:
    desk = asking()
    assert desk.tick(59.9) == []
    assert desk.tick(60.0) == [DARKEN, SendTimeout(7)]
    assert desk.tick(61.0) == []
    assert desk.saw(A, 61.0) == []
    assert desk.due_s is None


def test_a_session_that_the_keeper_ended_darkens_the_pad() -> None:
    desk = asking()
    assert desk.saw(None, 5.0) == [DARKEN]


def test_a_session_superseded_by_the_next_asks_for_the_next() -> None:
    desk = asking()
    assert desk.saw(B, 30.0) == [ARM]
    assert desk.pressed("1", 31.0)[-1] == SendPress(8, "1")


def test_a_picture_that_lags_behind_the_answer_does_not_ask_again() -> None:
    desk, sent = taking()
    desk.answered(sent, Answer(7), 1.0)
    desk.tick(4.0)
    assert desk.saw(A, 4.1) == []
    assert desk.state is DeskState.IDLE


def test_a_session_that_opens_during_thanks_is_asked_after_them() -> None:
    desk, sent = taking()
    desk.answered(sent, Answer(7), 1.0)
    assert desk.saw(B, 2.0) == []
    assert desk.pressed("1", 3.0) == []
    assert desk.tick(4.0) == [DARKEN, ARM]
    assert desk.pressed("1", 5.0)[-1] == SendPress(8, "1")


def test_a_press_while_nothing_is_asked_is_sent_as_stray() -> None:
    desk = desk_at_work()
    assert desk.pressed("3", 5.0) == [SendPress(0, "3")]
    assert desk.answered(SendPress(0, "3"), Answer(0), 5.1) == []
    assert desk.state is DeskState.IDLE


def test_a_press_from_before_the_question_is_a_stray_and_the_pad_goes_on_asking() -> None:
    desk = asking()
    assert desk.pressed("1", 1.0, is_answer=False) == [SendPress(0, "1")]
    assert desk.state is DeskState.ASKING
    assert desk.answered(SendPress(0, "1"), Answer(0), 1.1) == [], "asking again would make strays of answers"
    assert desk.pressed("4", 1.2) == [Lamps(Act.HEAR, "4"), SendPress(7, "4")]


def test_a_press_that_answers_nothing_is_dropped_while_a_hand_is_thanked() -> None:
    desk, sent = taking()
    assert desk.pressed("1", 1.0, is_answer=False) == []
    desk.answered(sent, Answer(7), 1.1)
    assert desk.pressed("1", 1.2, is_answer=False) == []


def test_a_child_that_hammers_is_one_stray_a_second() -> None:
    desk = desk_at_work()
    sent = [action for n in range(50) for action in desk.pressed("1", 10 + n * 0.1)]
    assert len(sent) == 5


def test_a_stray_press_that_the_keeper_took_as_a_rating_is_thanked_for_and_not_asked_again() -> None:
    desk = desk_at_work()
    desk.pressed("3", 5.0)
    assert desk.answered(SendPress(0, "3"), Answer(7), 5.1) == [Lamps(Act.THANK, "3")]
    assert desk.saw(A, 5.2) == []
    assert desk.tick(9.0) == [DARKEN]


def test_a_press_that_came_too_late_leaves_the_pad_dark_and_is_not_repeated() -> None:
    desk, sent = taking()
    assert desk.answered(sent, Answer(0), 1.1) == [DARKEN]
    assert desk.saw(A, 1.2) == []


def test_a_press_that_failed_lets_the_citizen_press_again() -> None:
    desk, sent = taking()
    assert desk.answered(sent, Answer(0, over=False), 2.0) == [DARKEN, ARM]
    assert desk.pressed("2", 3.0)[-1] == sent


def test_a_press_on_its_way_is_not_timed_out() -> None:
    desk, _ = taking()
    assert desk.tick(1000.0) == []
    assert desk.due_s is None


def test_a_desk_that_starts_with_a_session_open_asks_once_its_pad_is_there() -> None:
    desk = WindowDesk()
    assert desk.saw(A, 10.0) == []
    assert desk.pad_back(11.0) == [DARKEN, ARM]


def test_a_desk_that_starts_after_the_session_s_end_tells_the_silence() -> None:
    desk = desk_at_work()
    assert desk.saw(A, 60.5) == [SendTimeout(7)]
    assert desk.due_s is None


def test_a_pad_that_fails_asks_nothing_and_the_silence_is_told_all_the_same() -> None:
    desk = asking()
    assert desk.pad_lost(5.0) == []
    assert desk.state is DeskState.FAULTY
    assert desk.pressed("1", 6.0) == []
    assert desk.tick(60.0) == [SendTimeout(7)]


def test_a_pad_that_comes_back_in_time_asks_again() -> None:
    desk = asking()
    desk.pad_lost(5.0)
    assert desk.pad_back(8.0) == [DARKEN, ARM]


def test_a_press_on_its_way_survives_the_pad() -> None:
    desk, sent = taking()
    desk.pad_lost(1.5)
    assert desk.pad_back(2.0) == [DARKEN]
    assert desk.answered(sent, Answer(7), 2.5) == [Lamps(Act.THANK, "2")]
    assert desk.saw(A, 3.0) == []


def test_every_state_can_lose_its_pad_and_only_a_faulty_one_gets_it_back() -> None:
    for state, row in TRANSITIONS.items():
        assert (Signal.LOST in row) is (state is not DeskState.FAULTY)
        assert (Signal.BACK in row) is (state is DeskState.FAULTY)


@pytest.mark.parametrize("state", DeskState)
@pytest.mark.parametrize("signal", Signal)
def test_each_row_of_the_table_lights_thanks_only_for_a_rating(state: DeskState, signal: Signal) -> None:
    _, acts = TRANSITIONS[state].get(signal, (state, ()))
    assert (Act.THANK in acts) <= (signal is Signal.RATED)
    assert (Act.SEND in acts) <= (signal is Signal.PRESS and state is DeskState.ASKING)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "end", "press", "answer", "late", "fail", "tick", "lost", "back"]),
        st.floats(0.0, 40.0),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_a_matter_is_sent_once_unless_its_press_failed(
    steps: list[tuple[str, float]],
) -> None:
    desk, now, matter = WindowDesk(), 0.0, 0
    on_its_way: list[SendPress] = []
    settled: set[int] = set()

    def note(actions: list[Action]) -> None:
        for action in actions:
            if isinstance(action, SendPress):
                assert action.matter == 0 or action.matter not in settled
                assert action.matter == 0 or action not in on_its_way
                on_its_way.append(action)
            elif isinstance(action, SendTimeout):
                assert action.matter not in settled
                settled.add(action.matter)

    for what, pause in steps:
        now += pause
        match what:
            case "open":
                matter += 1
                note(desk.saw(Asked(matter, now + 30.0), now))
            case "end":
                note(desk.saw(None, now))
            case "press":
                note(desk.pressed("1", now))
            case "answer" | "late" | "fail" if on_its_way:
                sent = on_its_way.pop(0)
                if what == "answer":
                    answer = Answer(sent.matter)
                else:
                    answer = Answer(0, over=what == "late")
                if answer.over:
                    settled.add(sent.matter)
                note(desk.answered(sent, answer, now))
            case "tick":
                note(desk.tick(now))
            case "lost":
                note(desk.pad_lost(now))
            case "back":
                note(desk.pad_back(now))
        due = desk.due_s
        if due is not None and due <= now:
            note(desk.tick(now))
            assert desk.due_s is None or desk.due_s > now

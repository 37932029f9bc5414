"""The table of states: every row is walked by what people, devices and the hall really do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.caller.keys import Key
from hallkiosk.caller.states import TRANSITIONS, Act, DeskState, Signal
from hallqueue.states import PrintState

S, N = DeskState, Signal
ROWS = [(state, signal) for state, row in TRANSITIONS.items() for signal in row]

Walk = Callable[[Any], None]


def keys(text: str) -> Walk:
    return lambda bench: bench.press(text, gap_s=0.5)


def slowly(bench: Any) -> None:
    """The hall answers when it is told to."""
    bench.is_prompt = False


def answer(bench: Any) -> None:
    bench.answer()


def rest(seconds: float) -> Walk:
    return lambda bench: bench.rest(seconds)


def lose(bench: Any) -> None:
    bench.take_in(bench.desk.lost(bench.now_s))


def lose_keys(bench: Any) -> None:
    bench.take_in(bench.desk.pressed(Key.LOST, bench.now_s))


def plug(bench: Any) -> None:
    bench.take_in(bench.desk.back(bench.now_s))


def unsee(bench: Any) -> None:
    bench.take_in(bench.desk.unseen(bench.now_s))


def see(bench: Any) -> None:
    bench.hear()


def paper(bench: Any) -> None:
    """Of A002's paper nobody knows whether it came out."""
    job = bench.ask("print_queue")[1].job
    bench.do("print_begin", job, printer="p")
    bench.do("print_end", job, state=PrintState.UNKNOWN)


REACH: dict[DeskState, tuple[Walk, ...]] = {
    S.FAULTY: (lose,),
    S.AWAY: (unsee,),
    S.READY: (),
    S.TYPING: (keys("2"),),
    S.ASKING: (keys("1="),),
    S.DOUBTING: (keys("2-"),),
    S.WORKING: (slowly, keys("=")),
}
"""How each state is come to, from an open window with A001, A002 and B001 waiting."""

USUAL: dict[Signal, Walk] = {
    N.BACK: plug,
    N.LOST: lose,
    N.SEEN: see,
    N.UNSEEN: unsee,
    N.DIGIT: keys("2"),
    N.CANCEL: keys("<"),
    N.NO: keys("*"),
    N.DONE: answer,
    N.EXPIRED: rest(11),
}
SPECIAL: dict[tuple[DeskState, Signal], tuple[Walk, ...]] = {
    (S.AWAY, N.PENDING): (slowly, keys("="), lose, plug),
    (S.READY, N.SEND): (keys("="),),
    (S.READY, N.ASK): (keys("[call]"),),
    (S.READY, N.NO): (keys("/"),),
    (S.READY, N.STALE): (lose_keys,),
    (S.READY, N.KEPT): (slowly, keys("=2"), answer),
    (S.TYPING, N.SEND): (keys("2="),),
    (S.TYPING, N.ASK): (paper, keys("0*")),
    (S.TYPING, N.NO): (keys("2[pass]"),),
    (S.TYPING, N.STALE): (keys("2"), rest(5.1)),
    (S.ASKING, N.SEND): (keys("1=="),),
    (S.ASKING, N.ASK): (paper, keys("0*=")),
    (S.ASKING, N.DOUBT): (keys("[void]="),),
    (S.ASKING, N.STALE): (keys("1=2"), rest(5.1)),
    (S.DOUBTING, N.SEND): (keys("2-2-"),),
    (S.DOUBTING, N.STALE): (keys("2-2"), rest(5.1)),
    (S.WORKING, N.SEND): (slowly, keys("2="), answer),
    (S.WORKING, N.ASK): (slowly, keys("1="), answer),
    (S.WORKING, N.DOUBT): (slowly, keys("2-"), answer),
    (S.WORKING, N.REFUSED): (slowly, keys("+"), answer),
    (S.WORKING, N.STALE): (slowly, keys("=2"), rest(5.1)),
}


@pytest.mark.parametrize(("state", "signal"), ROWS)
def test_each_row_leads_where_the_table_says(
    at_work: Any, monkeypatch: pytest.MonkeyPatch, state: DeskState, signal: Signal
) -> None:
    walked: list[tuple[DeskState, Signal, DeskState]] = []
    original = at_work.desk._signal

    def note(fired: Signal, now_s: float) -> Any:
        before = at_work.desk.state
        actions = original(fired, now_s)
        walked.append((before, fired, at_work.desk.state))
        return actions

    monkeypatch.setattr(at_work.desk, "_signal", note)
    steps = SPECIAL.get((state, signal)) or (*REACH[state], USUAL[signal])
    for step in steps:
        step(at_work)
    target, _ = TRANSITIONS[state][signal]
    assert (state, signal, target) in walked


@pytest.mark.parametrize("state", DeskState)
def test_a_signal_that_is_not_listed_changes_nothing(at_work: Any, state: DeskState) -> None:
    for step in REACH[state]:
        step(at_work)
    assert at_work.desk.state is state
    for signal in set(Signal) - set(TRANSITIONS[state]):
        assert at_work.desk._signal(signal, at_work.now_s) == []
        assert at_work.desk.state is state


def test_every_state_can_lose_its_keypad_and_only_a_faulty_one_gets_it_back() -> None:
    for state, row in TRANSITIONS.items():
        assert (N.LOST in row) is (state is not S.FAULTY)
        assert (N.BACK in row) is (state is S.FAULTY)


@pytest.mark.parametrize(("state", "signal"), ROWS)
def test_digits_stay_only_where_digits_are_typed_on(state: DeskState, signal: Signal) -> None:
    """Rule 2: what was typed is used or forgotten with whatever ends it."""
    target, acts = TRANSITIONS[state][signal]
    typed_here = state in (S.TYPING, S.ASKING, S.DOUBTING, S.WORKING)
    keeps = signal in (N.DIGIT, N.EXPIRED)
    kept_under_way = state is S.WORKING and target in (S.WORKING, S.READY) and signal is not N.STALE
    if typed_here and not keeps and not kept_under_way:
        assert Act.FORGET in acts


@pytest.mark.parametrize(("state", "signal"), ROWS)
def test_nothing_is_sent_but_by_what_leads_to_a_request(state: DeskState, signal: Signal) -> None:
    target, acts = TRANSITIONS[state][signal]
    assert (Act.SEND in acts) is (signal is N.SEND)
    assert (signal is N.SEND) <= (target is S.WORKING)


@pytest.mark.parametrize(("state", "signal"), ROWS)
def test_time_that_ran_out_lets_every_verb_rest(state: DeskState, signal: Signal) -> None:
    _, acts = TRANSITIONS[state][signal]
    if signal in (N.STALE, N.EXPIRED):
        assert Act.REST in acts

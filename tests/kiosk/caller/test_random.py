"""Whatever is pressed, whenever: nothing happens that was not asked for, and the desk always comes back.

The oracle reads the keys that were pressed since the last request as one text and holds it against a pattern
for each verb; it knows nothing of states, tables or questions.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.request import SENDERS, Request
from hallkiosk.caller.states import DeskState
from hallqueue.errors import KeeperGone
from hallqueue.states import PrintState

M = Meaning
WINDOW = 2
ALONE = r"(^|[^0-9])"
"""No digit right before. Where digits were forgotten a comma stands after them; ``x`` is a key that was
pressed while a request was under way."""
SOUGHT = r"[0-9]{0}(.*=)?$"
"""A number and its key, and perhaps the choice among several."""

PATTERNS: dict[Meaning, str] = {
    M.OPEN: ALONE + r"=$|(^|[^0-9])0+=$",
    M.CALL: ALONE + r"=$",
    M.START: ALONE + r"=$",
    M.FINISH: ALONE + r"=$",
    M.PAUSE: r"(^|[^0-9])0+=$",
    M.CLOSE: r"(^|[^0-9])0+-$",
    M.RECALL: ALONE + r"\+$",
    M.PASS: ALONE + r"-$",
    M.HOLD: ALONE + r"\*$",
    M.CALL_CERTAIN: SOUGHT.format("="),
    M.RETURN: SOUGHT.format(r"\+"),
    M.REPRINT: SOUGHT.format(r"\*"),
    M.RESUME: r"\.(.*=)?$",
    M.TRANSFER: r"[1-9][0-9]*/$|/.*=$",
    M.FINISH_THEN: r"0/.*=$",
    M.PAPER: r"0\*.*=.*=$",
    M.VOID: r"[0-9]-.*[0-9]-$",
}
BARE = (M.CALL, M.START, M.FINISH, M.RECALL, M.PASS, M.HOLD)
PRIMARY = (M.CALL, M.START, M.FINISH)

USUAL = "= = + - * . / < == 0= 00= 0- 0* 0*== 0*=1= 0/3= /1= /= 1/ 3/".split()
GAPS = [0.02, 0.1, 0.35, 0.6, 0.9, 0.9, 0.9, 2.2, 6.0]
OTHERS = ["issue", "issue", "call_next", "start", "finish", "pass_ticket", "hold", "pause_window"]
SECONDS = [0.5, 0.9, 2.0, 3.5, 12.0]


class Day:
    """One window's keypad and its clerk, everybody else, and the oracle that looks on."""

    def __init__(self, bench: Any, takes: list[str]) -> None:
        self.bench = bench
        self.told = bench.ask("snapshot")
        """The hall as the desk was told last."""
        self.changed_s = self.typed_s = self.rest_until_s = float("-inf")
        self.keys = self.sought = ""
        """Since the last request, and at the last look for a ticket."""
        self.count = 0
        self.asked: Counter[Meaning] = Counter()
        for number in (1, WINDOW):
            bench.hall_do("open_window", number)
        for service in takes:
            bench.hall_do("issue", service)
        self.hear()

    # --- the clerk -------------------------------------------------------------------------------------

    def press(self, keys: str, gap_s: float, is_prompt: bool) -> None:
        """Some keys; timers come late, and the hall answers at once or later."""
        for key in keys:
            self._press(key, gap_s)
            while is_prompt and self.bench.waiting:
                self.answer("well")

    def _press(self, key: str, gap_s: float) -> None:
        bench, state = self.bench, self.bench.desk.state
        if state is DeskState.FAULTY:
            return
        before, in_hand = len(bench.waiting), self.in_hand
        is_working = state is DeskState.WORKING
        self._run_out(bench.now_s + gap_s)
        bench.press(key, gap_s=gap_s)
        self.keys += "x" if is_working and not key.isdigit() else key
        if key.isdigit():
            self.typed_s = bench.now_s
            if state is DeskState.AWAY:
                self._forget(bench.now_s)
        if key == "<":
            self.keys += ","
        assert len(bench.waiting) - before <= (0 if is_working else 1)
        self._look_at_new(in_hand, self.keys)

    def rest(self, seconds: float) -> None:
        """Time passes, and the timer comes when it is due."""
        self.bench.rest(seconds)
        if self.bench.now_s >= self.typed_s + 5:
            self._run_out(self.typed_s + 5)

    # --- the hall --------------------------------------------------------------------------------------

    def answer(self, how: str) -> None:
        """The keeper does it and answers; or its answer is lost; or it never came."""
        bench = self.bench
        send, in_hand = bench.waiting[0], self.in_hand
        if how == "well":
            bench.answer()
        else:
            if how == "lost" and isinstance(send.what, Request):
                bench.hall_send(send.what)
            del bench.waiting[0]
            bench.take_in(bench.desk.answered(send, KeeperGone(path="test"), None, bench.now_s))
            self._forget(bench.now_s)
        self._noticed()
        self._look_at_new(in_hand, self.sought)

    def others(self, operation: str, window: int, is_heard: bool) -> None:
        """At the terminal, at another window, or at this window's console; the push may be late."""
        self.bench.hall_do(operation, "social" if operation == "issue" else window)
        if is_heard:
            self.hear()

    def lose_paper(self, which: int) -> None:
        """Of a paper nobody knows whether it came out."""
        jobs = self.bench.ask("print_queue")
        if which < len(jobs) and jobs[which].state is PrintState.QUEUED:
            self.bench.hall_do("print_begin", jobs[which].job, printer="p")
            self.bench.hall_do("print_end", jobs[which].job, state=PrintState.UNKNOWN)
            self.hear()

    def hear(self) -> None:
        self.bench.hear()
        self._noticed()

    def go_away(self, what: str) -> None:
        desk = self.bench.desk
        away = desk.unseen if what == "hall" else desk.lost
        self.bench.take_in(away(self.bench.now_s))
        self._forget(self.bench.now_s)

    def come_back(self) -> None:
        self.bench.take_in(self.bench.desk.back(self.bench.now_s))
        self.hear()

    def end(self) -> None:
        """The desk comes back and shows the hall as it is."""
        bench = self.bench
        bench.is_prompt = True
        bench.take_in(bench.desk.back(bench.now_s))
        bench.hear()
        bench.rest(120)
        assert bench.desk.state is DeskState.READY
        current = bench.view.current
        assert bench.shown == (current.number if current else "", bench.view.waiting)
        assert not bench.desk.is_blind

    # --- the oracle ------------------------------------------------------------------------------------

    def check(self) -> None:
        """What holds after everything."""
        bench = self.bench
        assert len(bench.waiting) <= 1
        assert bool(bench.waiting) >= (bench.desk.state is DeskState.WORKING)
        bench.take_in(bench.desk.tick(bench.now_s))
        assert bench.desk.due_s is None or bench.desk.due_s > bench.now_s

    @property
    def in_hand(self) -> int:
        """What the desk was told to be in hand."""
        window = next(w for w in self.told.windows if w.number == WINDOW)
        return window.current.ticket if window.current else 0

    def _noticed(self) -> None:
        """The desk was told of the hall; note when the next step changed for it."""
        before = self._step()
        self.told = self.bench.desk._sight.hall
        if self._step() != before:
            self.changed_s = self.bench.now_s

    def _step(self) -> tuple[Any, ...]:
        window = next(w for w in self.told.windows if w.number == WINDOW)
        current = window.current
        return (current.ticket, current.state, current.matter) if current else (window.state,)

    def _run_out(self, now_s: float) -> None:
        if now_s >= self.typed_s + 5:
            self._forget(now_s)

    def _forget(self, now_s: float) -> None:
        """What was typed is forgotten: a verb must not take its key for itself in the next moment."""
        if self.keys[-1:].isdigit():
            self.keys += ","
            self.rest_until_s = now_s + self.bench.pace.guard_s

    def _look_at_new(self, in_hand: int, keys: str) -> None:
        """Whether what is asked of the hall now was asked for by these keys."""
        bench = self.bench
        if not bench.waiting or bench.waiting[-1].number <= self.count:
            return
        request, self.count = bench.waiting[-1].what, bench.waiting[-1].number
        if not isinstance(request, Request):
            self.sought = keys
            return
        self.asked[request.what] += 1
        assert re.search(PATTERNS[request.what], keys), (request.what, keys)
        if request.what is M.VOID:
            twice = re.findall(r"([0-9]+)-", keys)
            number = bench.ask("ticket", str(request.ticket)).number
            assert len(twice) > 1 and int(twice[-1]) == int(number[1:]), keys
        if request.what in BARE:
            assert request.expect == in_hand
            assert bench.now_s >= self.rest_until_s
        if request.what in PRIMARY:
            assert bench.now_s >= self.changed_s + bench.pace.guard_s
        # Digits that were typed while a ticket was looked for are kept for what comes next.
        self.keys = re.sub(r".*[^0-9]", "", self.keys)


NUMBERED = st.builds(
    lambda number, key, more: f"{number}{key}{more}",
    st.integers(1, 8),
    st.sampled_from("=+-*/."),
    st.sampled_from(["", "", "=", "+=", "<"]),
)
TWICE = st.builds(
    lambda a, b, more: f"{a}-{more}{b}-", *[st.sampled_from([1, 1, 2, 3])] * 2, st.sampled_from(["", "", "="])
)
SEQUENCES = st.sampled_from(USUAL) | NUMBERED | TWICE | st.text("=0123+-*/.<", min_size=1, max_size=6)


class KeypadMachine(RuleBasedStateMachine):
    """A day that hypothesis invents, and shortens when it went wrong."""

    make: Callable[..., Any]

    @initialize(takes=st.lists(st.sampled_from(["social", "tax", "marry"]), min_size=2, max_size=8))
    def begin(self, takes: list[str]) -> None:
        self.day = Day(self.make(is_prompt=False, window=WINDOW), takes)

    @rule(keys=SEQUENCES, gap_s=st.sampled_from(GAPS), is_prompt=st.booleans())
    def press(self, keys: str, gap_s: float, is_prompt: bool) -> None:
        self.day.press(keys, gap_s, is_prompt)

    @rule(seconds=st.sampled_from(SECONDS))
    def rest(self, seconds: float) -> None:
        self.day.rest(seconds)

    @precondition(lambda self: self.day.bench.waiting)
    @rule(how=st.sampled_from(["well", "well", "lost", "away"]))
    def answer(self, how: str) -> None:
        self.day.answer(how)

    @rule(operation=st.sampled_from(OTHERS), window=st.sampled_from([1, WINDOW]), is_heard=st.booleans())
    def others(self, operation: str, window: int, is_heard: bool) -> None:
        self.day.others(operation, window, is_heard)

    @rule(which=st.integers(0, 5))
    def lose_paper(self, which: int) -> None:
        self.day.lose_paper(which)

    @rule()
    def hear(self) -> None:
        self.day.hear()

    @rule(what=st.sampled_from(["hall", "keypad"]))
    def go_away(self, what: str) -> None:
        self.day.go_away(what)

    @precondition(lambda self: self.day.bench.desk.state in (DeskState.FAULTY, DeskState.AWAY))
    @rule()
    def come_back(self) -> None:
        self.day.come_back()

    @invariant()
    def check(self) -> None:
        if hasattr(self, "day"):
            self.day.check()

    def teardown(self) -> None:
        if hasattr(self, "day"):
            self.day.end()


def test_random_keys_do_nothing_but_what_they_say(make_bench: Callable[..., Any]) -> None:
    class Machine(KeypadMachine):
        make = staticmethod(make_bench)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def long_day(bench: Any, seed: int, steps: int) -> Counter[Meaning]:
    """A day of a hall that is rarely quiet; answers how often each verb was asked of the hall."""
    dice = random.Random(seed)
    day = Day(bench, ["social", "tax", "social", "marry", "tax"])
    for _ in range(steps):
        match dice.choices("prawlhog", (50, 10, 8, 10, 2, 4, 2, 3))[0]:
            case "p":
                kind = dice.randrange(4)
                number = dice.randint(1, 6)
                sequences = (
                    dice.choice(USUAL),
                    f"{number}{dice.choice('=+-*/.')}{dice.choice(['', '', '='])}",
                    f"{number}-{number}-",
                    "".join(dice.choices("=0123+-*/.<", k=dice.randint(1, 6))),
                )
                day.press(sequences[kind], dice.choice(GAPS), dice.random() < 0.8)
            case "r":
                day.rest(dice.choice(SECONDS))
            case "a" if bench.waiting:
                day.answer(dice.choice(["well", "well", "lost", "away"]))
            case "w":
                day.others(dice.choice(OTHERS), dice.choice([1, WINDOW]), dice.random() < 0.7)
            case "l":
                day.lose_paper(dice.randint(0, 5))
            case "h":
                day.hear()
            case "o":
                day.go_away(dice.choice(["hall", "keypad"]))
            case "g":
                day.come_back()
        day.check()
    day.end()
    return day.asked


def test_long_random_days_do_every_verb_and_nothing_else(make_bench: Callable[..., Any]) -> None:
    asked: Counter[Meaning] = Counter()
    for seed in range(8):
        asked += long_day(make_bench(is_prompt=False, window=WINDOW), seed, 600)
    assert set(asked) == set(SENDERS)


@pytest.mark.parametrize("what", list(PATTERNS))
def test_the_oracle_has_a_pattern_that_says_no(what: Meaning) -> None:
    assert not re.search(PATTERNS[what], "5<")

"""Whose turn it is, by virtual time: ten pads within 300 ms each, and no dead one slows the others."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbusline.plan import PollPlan, Rest, Turn
from halldrivers.modbusline.polled import AGAIN_S, DEAD_S, PATIENCE_S, Errand, Pace, PolledUnit
from halldrivers.ratingpad.address import ModbusPadAddress, parse_pad
from halldrivers.ratingpad.modbuspad import ModbusRatingPad


class _NoLines:
    """Takes a pad on, and never asks it."""

    def attach(self, unit: object) -> _NoLines:
        return self


def pace_of_a_pad(options: str = "") -> Pace:
    """What a real pad at 9600 baud wants of its line."""
    address = parse_pad(f"modbus:///dev/hall/pads?baud=9600&unit=1{options}")
    assert isinstance(address, ModbusPadAddress)
    lines = cast(ModbusLines, _NoLines())
    return ModbusRatingPad(address, lines, on_press=lambda _: None, on_trouble=lambda _: None).pace


PACE = pace_of_a_pad()
TIMEOUT_S = PACE.timeout_s
LOOK_S = 0.0236
"""A look at four keys at 9600 baud: 4 ms of silence, 14 bytes, 5 ms to think."""
PROMISE_S = 0.3 + 1e-9
"""A pad that asks is never left alone for longer."""
CALM_PROMISE_S = 1.2 + 1e-9
"""A pad that asks nothing may wait for so long."""


@dataclass
class Unit:
    """How a unit behaves: the seconds of an exchange at a time, or None for silence."""

    cost_s: float = LOOK_S
    kind: str = "alive"
    period_s: float = 1.0
    phase_s: float = 0.0
    keen: bool = True
    """Its pad asks for a rating."""
    lamp_every_s: float = 0.0

    @property
    def promise_s(self) -> float:
        """The longest that its pad may be left alone."""
        return PROMISE_S if self.keen else CALM_PROMISE_S

    @property
    def is_steady(self) -> bool:
        return self.kind == "alive"

    def answers(self, now_s: float) -> bool:
        match self.kind:
            case "dead":
                return False
            case "dies":
                return now_s < self.phase_s
            case "flaps":
                return int((now_s + self.phase_s) / self.period_s) % 2 == 0
        return True


@dataclass
class Line:
    """The plan at work on units, in virtual time."""

    units: list[Unit]
    plan: PollPlan = field(default_factory=PollPlan)
    now_s: float = 0.0
    turns: list[tuple[float, Turn, bool]] = field(default_factory=list)
    heard: dict[int, list[float]] = field(default_factory=dict)
    lamps: dict[int, list[float]] = field(default_factory=dict)
    busy_s: float = 0.0

    def __post_init__(self) -> None:
        for number in range(len(self.units)):
            self.plan.add(number, PACE)
            self.heard[number], self.lamps[number] = [], []

    def run(self, until_s: float) -> Line:
        pending: dict[int, float] = {}
        due = {n: unit.lamp_every_s or math.inf for n, unit in enumerate(self.units)}
        steps = 0
        while self.now_s < until_s:
            for number, unit in enumerate(self.units):
                if due[number] <= self.now_s:
                    pending.setdefault(number, due[number])
                self.plan.wants(number, keen=unit.keen, write=number in pending, now_s=self.now_s)
            step = self.plan.next(self.now_s)
            steps += 1
            assert steps < 200 * until_s + 1000, "it asks or rests, and does not spin"
            if isinstance(step, Rest):
                assert step.seconds > 0
                coming = [due_s for due_s in due.values() if due_s > self.now_s]
                self.now_s = min(self.now_s + step.seconds, until_s, *coming) + 1e-7
                continue
            began_s, unit = self.now_s, self.units[step.unit]
            answered = unit.answers(began_s) and unit.cost_s <= step.timeout_s
            self.now_s += unit.cost_s if answered else step.timeout_s
            self.busy_s += self.now_s - began_s
            if answered and step.errand is Errand.ASK:
                self.heard[step.unit].append(self.now_s)
            if answered and step.errand is Errand.WRITE:
                self.lamps[step.unit].append(self.now_s - pending.pop(step.unit))
                due[step.unit] = self.now_s + unit.lamp_every_s
            self.turns.append((began_s, step, answered))
            self.plan.done(step, began_s=began_s, now_s=self.now_s, answered=answered)
        return self

    def longest_wait_s(self, number: int, since_s: float = 1.0) -> float:
        """The longest time between two answers, the last one's silence included."""
        times = [at_s for at_s in self.heard[number] if at_s >= since_s] + [self.now_s]
        return max((b - a for a, b in pairwise(times)), default=math.inf)

    def worst_s(self) -> float:
        return max(self.longest_wait_s(n) for n, unit in enumerate(self.units) if unit.is_steady)

    def is_kept(self, number: int) -> bool:
        """Whether the line's promise to a unit is kept."""
        return self.longest_wait_s(number) <= self.units[number].promise_s


def ten(keen: bool = True, cost_s: float = LOOK_S, **kinds: Unit) -> list[Unit]:
    units = [Unit(keen=keen, cost_s=cost_s) for _ in range(10)]
    for name, unit in kinds.items():
        units[int(name[1:])] = unit
    return units


def test_ten_pads_that_ask_answer_within_300_ms_each() -> None:
    assert Line(ten()).run(20).worst_s() <= PROMISE_S


def test_ten_pads_that_ask_nothing_are_looked_at_within_1200_ms_each() -> None:
    line = Line([Unit(keen=False) for _ in range(10)]).run(20)
    assert 1.0 < line.worst_s() <= CALM_PROMISE_S


def test_ten_pads_that_ask_with_blinking_lamps_answer_within_300_ms_each() -> None:
    line = Line([Unit(lamp_every_s=1.0) for _ in range(10)]).run(20)
    assert line.worst_s() <= PROMISE_S
    assert all(line.lamps.values()), "lamps are written between the polls"


@pytest.mark.parametrize("number", range(10))
def test_one_dead_pad_slows_nobody(number: int) -> None:
    units = ten(**{f"u{number}": Unit(kind="dead")})
    assert Line(units).run(20).worst_s() <= PROMISE_S


def test_one_dead_pad_slows_nobody_while_all_others_blink() -> None:
    units = [Unit(lamp_every_s=1.0) for _ in range(10)]
    units[4].kind = "dead"
    line = Line(units).run(30)
    assert line.worst_s() <= PROMISE_S


def test_a_pad_that_dies_slows_nobody_in_the_round_in_which_it_dies() -> None:
    for moment in (5.0, 5.01, 5.07, 5.13, 5.2):
        assert Line(ten(u3=Unit(kind="dies", phase_s=moment))).run(20).worst_s() <= PROMISE_S


def test_a_dead_pad_is_asked_every_two_seconds_and_no_oftener() -> None:
    line = Line(ten(keen=False, u3=Unit(kind="dead"))).run(30)
    asked = [began_s for began_s, turn, _ in line.turns if turn.unit == 3]
    gaps = [b - a for a, b in pairwise(asked[3:])]
    assert min(gaps) >= DEAD_S
    assert max(gaps) < DEAD_S + 0.5


def test_a_dead_pad_is_asked_every_twelve_seconds_while_nine_that_ask_leave_no_time() -> None:
    line = Line(ten(u3=Unit(kind="dead"))).run(60)
    asked = [began_s for began_s, turn, _ in line.turns if turn.unit == 3]
    gaps = [b - a for a, b in pairwise(asked[3:])]
    assert max(gaps) < DEAD_S + PATIENCE_S["dead"] + 0.5
    assert line.worst_s() <= PROMISE_S


def test_a_unit_that_missed_is_tried_again_soon_until_it_is_dead() -> None:
    line = Line([Unit(kind="dead")]).run(1.5)
    asked = [began_s for began_s, _, _ in line.turns]
    assert len(asked) == 3
    assert asked[1] - asked[0] == pytest.approx(TIMEOUT_S + AGAIN_S, abs=1e-3)


def test_a_dead_unit_that_comes_back_is_heard_within_two_and_a_half_seconds() -> None:
    units = ten(keen=False, u3=Unit(kind="flaps", period_s=10.0, phase_s=10.0))
    line = Line(units).run(20)
    assert line.heard[3][0] - 10.0 < DEAD_S + 0.5


def test_a_dead_unit_is_never_waited_for_longer_than_there_is_time() -> None:
    line = Line(ten(cost_s=0.022, u3=Unit(kind="dead"))).run(30)
    later = [turn.timeout_s for began_s, turn, _ in line.turns if turn.unit == 3 and began_s > 10]
    assert max(later) < TIMEOUT_S, "nine living units leave less"


def test_a_line_of_one_dead_unit_gives_it_its_whole_time() -> None:
    line = Line([Unit(kind="dead")]).run(30)
    assert {turn.timeout_s for _, turn, _ in line.turns} == {TIMEOUT_S}


def test_a_slow_unit_among_quick_ones_is_heard_and_they_stay_within_their_bound() -> None:
    units = ten(u9=Unit(cost_s=0.045))
    line = Line(units).run(20)
    assert line.worst_s() <= PROMISE_S
    assert len(line.heard[9]) > 20


def test_five_pads_that_lose_their_power_together_cost_the_others_one_round() -> None:
    units = [Unit(kind="dies", phase_s=5.0) if n < 5 else Unit() for n in range(10)]
    line = Line(units).run(20)
    assert line.worst_s() <= PROMISE_S + 4 * 0.5 * LOOK_S
    assert max(line.longest_wait_s(n, since_s=5.5) for n in range(5, 10)) <= PROMISE_S


def test_an_armed_pad_alone_is_asked_oftener_than_a_finger_is_quick() -> None:
    units = [Unit(), *(Unit(keen=False) for _ in range(3))]
    line = Line(units).run(20)
    assert line.longest_wait_s(0) <= 0.12


def test_a_calm_line_is_mostly_at_rest() -> None:
    line = Line([Unit(keen=False), Unit(keen=False)]).run(20)
    assert line.busy_s / line.now_s < 0.05


def test_lamps_are_written_soon_on_a_line_that_has_time() -> None:
    line = Line([Unit(lamp_every_s=1.0), Unit(), Unit(), Unit()]).run(20)
    assert max(line.lamps[0]) < 0.1


def test_nothing_is_written_to_a_unit_that_does_not_answer() -> None:
    line = Line([Unit(kind="dead", lamp_every_s=1.0), Unit()]).run(20)
    assert not [turn for _, turn, _ in line.turns if turn.errand is Errand.WRITE]


def test_a_line_with_too_many_units_still_writes_lamps_and_finds_dead_units() -> None:
    units = [Unit(cost_s=0.03, lamp_every_s=1.0) for _ in range(14)]
    units[3] = Unit(kind="flaps", period_s=15.0, phase_s=15.0)
    line = Line(units).run(60)
    assert all(line.lamps[n] for n in range(14) if n != 3)
    assert line.heard[3], "it came back"


@pytest.mark.parametrize(("idle", "bound_s"), [("0.05", 0.29), ("0.1", 0.29), ("1", 1.2), ("5", 6.0)])
def test_a_pad_s_bound_follows_its_idle_pace_until_it_asks(idle: str, bound_s: float) -> None:
    pace = pace_of_a_pad(f"&idle={idle}")
    assert pace.calm_s == float(idle)
    assert PolledUnit(1, pace).bound_s == pytest.approx(bound_s)
    assert PolledUnit(1, pace, is_keen=True).bound_s == 0.29
    assert PolledUnit(1, pace, write_since_s=5.0).bound_s == 0.29


def test_a_line_without_units_rests() -> None:
    assert PollPlan().next(5.0) == Rest(math.inf)


def test_a_unit_that_was_removed_is_not_asked_and_its_late_turn_changes_nothing() -> None:
    plan = PollPlan()
    plan.add(1, PACE)
    turn = plan.next(0.0)
    assert turn == Turn(1, Errand.ASK, TIMEOUT_S)
    plan.remove(1)
    plan.done(Turn(1, Errand.ASK, TIMEOUT_S), began_s=0.0, now_s=0.1, answered=True)
    assert isinstance(plan.next(0.2), Rest)


@pytest.mark.parametrize(("keen", "within_s"), [(False, 0.6), (True, 1.0)])
def test_after_the_line_was_lost_every_unit_is_asked_at_once(keen: bool, within_s: float) -> None:
    units = [Unit(keen=keen) for _ in range(10)]
    units[3].kind = "dead"
    line = Line(units).run(5)
    line.plan.forget()
    before = len(line.turns)
    line.run(line.now_s + within_s)
    assert {turn.unit for _, turn, _ in line.turns[before:]} == set(range(10))


SLOWEST_S = 0.06
"""One that takes longer is too much for a line with nine others."""
STEADY = st.builds(
    Unit, cost_s=st.floats(0.0186, LOOK_S), keen=st.booleans(), lamp_every_s=st.sampled_from([0.0, 1.0])
)
ODD = st.one_of(
    st.builds(Unit, kind=st.just("dead")),
    st.builds(Unit, kind=st.just("dies"), phase_s=st.floats(2, 8)),
    st.builds(Unit, kind=st.just("flaps"), period_s=st.floats(0.1, 4), phase_s=st.floats(0, 4)),
    st.builds(Unit, kind=st.just("alive"), cost_s=st.floats(0.03, SLOWEST_S)),
)


@pytest.mark.parametrize("seed", range(16))
def test_pads_that_ask_nothing_take_no_time_from_those_that_ask_when_one_dies(seed: int) -> None:
    odd = Unit(kind="dies", phase_s=2.0)
    units = [*(Unit(keen=False) for _ in range(6)), Unit(), Unit(), Unit(lamp_every_s=1.0), odd]
    random.Random(seed).shuffle(units)
    line = Line(units).run(9)
    assert all(line.is_kept(number) for number, unit in enumerate(units) if unit is not odd)


@settings(max_examples=30, deadline=None)
@given(st.lists(STEADY, min_size=9, max_size=9), ODD, st.randoms(use_true_random=False))
def test_whatever_one_unit_does_the_nine_others_are_heard_within_300_ms(
    steady: list[Unit], odd: Unit, order: random.Random
) -> None:
    units = [*steady, odd]
    order.shuffle(units)
    line = Line(units).run(9)
    for number, unit in enumerate(units):
        assert unit is odd or line.is_kept(number), unit


@settings(max_examples=25, deadline=None)
@given(st.lists(STEADY, min_size=1, max_size=6), st.lists(ODD, min_size=1, max_size=4))
def test_each_further_unit_that_falls_silent_in_one_round_costs_the_others_half_an_exchange(
    steady: list[Unit], odd: list[Unit]
) -> None:
    odd = [unit for unit in odd if unit.kind != "alive"]
    line = Line([*steady, *odd]).run(10)
    late_s = max(line.longest_wait_s(number) - unit.promise_s for number, unit in enumerate(steady))
    assert late_s <= max(0, len(odd) - 1) * 0.5 * LOOK_S


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(STEADY, ODD), min_size=1, max_size=14))
def test_any_line_asks_every_unit_again_and_again(units: list[Unit]) -> None:
    line = Line(units).run(30)
    for number in range(len(units)):
        asked = [began_s for began_s, turn, _ in line.turns if turn.unit == number]
        assert max(b - a for a, b in zip([0.0, *asked], [*asked, 30.0], strict=True)) < 16

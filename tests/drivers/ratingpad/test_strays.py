"""Presses at a pad on a Modbus line that asks nothing, in virtual time: what is seen of them, and when."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.drivers.modbus.virtualline import VirtualLine

from halldrivers.ratingpad.address import CALM_S
from halldrivers.ratingpad.telling import RawPress

PRESSES = 40


def strays_of(line: VirtualLine, options: str = "") -> int:
    """A pad that never asks gets presses of 0.2 s at many moments of its round; how many it counted."""
    presses: list[RawPress] = []
    pad = line.pad(3, presses, options)
    line.run(2.0)
    for index in range(PRESSES):
        line.sim.press(3, "1234"[index % 4], hold_s=0.2)
        line.run(1.1 + 0.017 * index)
    assert {press.arming for press in presses} <= {0}, "nothing was asked"
    assert pad.counters["presses"] == 0
    return pad.counters["strays"]


def test_with_a_quick_idle_every_press_at_a_pad_that_asks_nothing_is_a_stray() -> None:
    line = VirtualLine()
    line.sim.add_pad(3)
    assert strays_of(line, "&idle=0.1") == PRESSES


def test_a_board_that_latches_shows_every_press_at_the_usual_pace() -> None:
    line = VirtualLine()
    line.sim.add_pad(3, latching=True)
    assert strays_of(line) == PRESSES


def test_a_board_that_does_not_latch_hides_most_presses_at_the_usual_pace() -> None:
    line = VirtualLine()
    line.sim.add_pad(3)
    assert strays_of(line) < PRESSES / 3


@pytest.mark.parametrize("idle_s", [0.05, 0.1, 1.0, 5.0])
def test_a_pad_that_asks_nothing_is_looked_at_as_often_as_its_address_says(idle_s: float) -> None:
    line = VirtualLine()
    line.sim.add_pad(3)
    line.pad(3, options=f"&lamps=none&idle={idle_s}")
    line.run(2.0)
    line.heard_s.clear()
    line.run(60.0)
    gaps = [b - a for a, b in pairwise(line.heard_s[3])]
    assert max(gaps) - min(gaps) < 1e-3
    assert idle_s <= min(gaps) <= idle_s + 0.03


def test_a_pad_that_asks_is_looked_at_as_often_whatever_its_idle_pace_is() -> None:
    line = VirtualLine()
    line.sim.add_pad(3)
    pad = line.pad(3, options="&lamps=none&idle=5")
    line.run(12.0)
    line.heard_s.clear()
    pad.arm()
    line.run(10.0)
    assert max(b - a for a, b in pairwise(line.heard_s[3])) < 0.1


def test_a_slow_idle_is_kept_on_a_full_line_too() -> None:
    line = VirtualLine()
    for number in range(1, 11):
        line.sim.add_pad(number)
        line.pad(number, options=f"&lamps=none&idle={5 if number == 3 else CALM_S}")
    line.run(5.0)
    line.heard_s.clear()
    line.run(60.0)
    waits = {number: max(b - a for a, b in pairwise(times)) for number, times in line.heard_s.items()}
    assert 4.0 <= waits.pop(3) <= 6.0, "with others it is looked at a little before its time"
    assert max(waits.values()) <= 1.2 * CALM_S

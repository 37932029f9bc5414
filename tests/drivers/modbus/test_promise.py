"""A line's promise, to the millisecond: ten real pads at 9600 baud in virtual time, one of them dead."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.drivers.modbus.virtualline import VirtualLine

from halldrivers.ratingpad.telling import RawPress

PROMISE_S = 0.3
THINK_S = 0.005
"""Small boards answer within so long (from memory). At 6 ms, ten pads with one dead wait for 300.2 ms."""


class Hall:
    """Ten pads that ask for a rating, their lamps blinking."""

    def __init__(self, dead: int | None) -> None:
        self.line = VirtualLine()
        self.presses: dict[int, list[RawPress]] = {number: [] for number in range(1, 11)}
        self.pads = {}
        for number, presses in self.presses.items():
            self.line.sim.add_pad(number).delay_s = THINK_S
            self.pads[number] = self.line.pad(number, presses)
        self.living = [number for number in self.pads if number != dead]
        if dead is not None:
            self.line.sim.kill(dead)
        self.line.run(10.0)
        for pad in self.pads.values():
            pad.arm()
        self.line.run(1.0)


@pytest.mark.parametrize("dead", [None, *range(1, 11)])
def test_a_living_pad_is_never_left_alone_for_300_ms(dead: int | None) -> None:
    hall = Hall(dead)
    hall.line.heard_s.clear()
    hall.line.run(15.0)
    waits = {number: max(b - a for a, b in pairwise(times)) for number, times in hall.line.heard_s.items()}
    assert sorted(waits) == hall.living
    assert max(waits.values()) <= PROMISE_S


def test_every_press_of_300_ms_is_told_within_300_ms_and_answers_its_question() -> None:
    hall = Hall(4)
    for turn in range(45):
        number = hall.living[turn % 9]
        arming = hall.pads[number].arm()
        hall.line.run(0.6 + 0.007 * turn)
        hall.presses[number].clear()
        pressed_s = hall.line.now_s
        hall.line.sim.press(number, "1234"[turn % 4], hold_s=PROMISE_S)
        hall.line.run(0.8)
        [press] = hall.presses[number]
        assert (press.key, press.arming) == ("1234"[turn % 4], arming)
        assert press.at_s - pressed_s <= PROMISE_S + 0.02, "its answer is on the wire for 6 bytes"

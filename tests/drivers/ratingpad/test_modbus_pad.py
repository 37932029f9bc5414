"""A pad on a Modbus line against the simulated one, over a real pseudo-terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.drivers.ratingpad.conftest import Heard, until

from halldrivers.errors import DeviceState
from halldrivers.modbusline.errors import UnitTaken
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbussim import ModbusLineSim, PadUnit, modbus_url
from halldrivers.ratingpad.address import ModbusPadAddress, parse_pad
from halldrivers.ratingpad.lamps import CALM_PATTERNS, PATTERNS, LampState, Lit
from halldrivers.ratingpad.modbuspad import ModbusRatingPad
from halldrivers.ratingpad.opening import PadParts, RatingPad, open_rating_pad
from halldrivers.sign.address import parse_sign
from halldrivers.sign.sign import open_sign
from halldrivers.simwire import SimServer, serve_pty
from halldrivers.worker import Retry

Server = SimServer[ModbusLineSim]
DARK, ALL = (False,) * 4, (True,) * 4


@pytest.fixture
def line() -> ModbusLineSim:
    return ModbusLineSim(clock=time.monotonic)


@pytest.fixture
def server(line: ModbusLineSim) -> Iterator[Server]:
    with serve_pty(line) as server:
        yield server


@pytest.fixture
def parts() -> PadParts:
    return PadParts(lines=ModbusLines(retry=Retry(0.01, 0.05)))


@pytest.fixture(autouse=True)
def the_dead_are_asked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often is shown in virtual time, in test_plan."""
    monkeypatch.setattr("halldrivers.modbusline.polled.DEAD_S", 0.2)


def opened(server: Server, unit: int, parts: PadParts, heard: Heard, options: str = "") -> RatingPad:
    address = parse_pad(modbus_url(server, unit, options))
    return open_rating_pad(address, parts, on_press=heard.presses.append, on_trouble=heard.troubles.append)


@pytest.fixture
def pad(line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard) -> Iterator[RatingPad]:
    line.add_pad(3)
    pad = opened(server, 3, parts, heard)
    until(lambda: heard.troubles == [None])
    yield pad
    pad.close()


def armed(pad: RatingPad, line: ModbusLineSim, unit: int = 3) -> int:
    number = pad.arm()
    until(lambda: line.lamps(unit) == ALL)
    return number


def test_a_press_answers_the_question_that_the_lamps_asked(
    pad: RatingPad, line: ModbusLineSim, heard: Heard
) -> None:
    number = armed(pad, line)
    line.press(3, "3")
    until(lambda: heard.answers == [("3", number)])


def test_the_pad_is_up_from_its_first_answer(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    pad = opened(server, 9, parts, heard)
    assert not pad.is_up
    until(lambda: heard.codes == ["M-02"])
    assert not pad.is_up
    line.add_pad(9)
    until(lambda: heard.codes == ["M-02", ""])
    assert pad.is_up
    pad.close()


def test_the_lamps_invite_thank_and_go_out(line: ModbusLineSim, server: Server, heard: Heard) -> None:
    ahead = [0.0]

    def clock() -> float:
        return time.monotonic() + ahead[0]

    line.add_pad(3)
    address = parse_pad(modbus_url(server, 3))
    assert isinstance(address, ModbusPadAddress)
    pad = ModbusRatingPad(
        address,
        ModbusLines(now_s=clock),
        on_press=heard.presses.append,
        on_trouble=heard.troubles.append,
        clock=clock,
    )
    armed(pad, line)
    ahead[0] += CALM_PATTERNS[LampState.ARMED][0].lasts_s
    until(lambda: line.lamps(3) == DARK)
    ahead[0] += CALM_PATTERNS[LampState.ARMED][1].lasts_s
    until(lambda: line.lamps(3) == ALL)
    pad.hear("2")
    until(lambda: line.lamps(3) == (False, True, False, False))
    pad.thank("2")
    until(lambda: line.lamps(3) == (False, True, False, False))
    pad.idle()
    until(lambda: line.lamps(3) == DARK)
    until(lambda: pad.counters["writes"] >= 5)
    pad.close()


def test_many_wishes_at_once_are_one_write_of_the_newest(pad: RatingPad, line: ModbusLineSim) -> None:
    until(lambda: pad.counters["writes"] == 1)
    for key in "1234123412341234":
        pad.thank(key)
    until(lambda: line.lamps(3) == (False, False, False, True))
    assert pad.counters["writes"] <= 4


def test_a_lamp_on_a_shared_line_flashes_half_as_often() -> None:
    assert set(CALM_PATTERNS) == set(PATTERNS)
    for state in LampState:
        assert sum(f.lasts_s for f in CALM_PATTERNS[state]) == 2 * sum(f.lasts_s for f in PATTERNS[state])
        assert [f.lit for f in CALM_PATTERNS[state]] == [f.lit for f in PATTERNS[state]]
    assert CALM_PATTERNS[LampState.ARMED][0].lit is Lit.ALL


def test_a_key_held_across_the_arming_is_no_press(pad: RatingPad, line: ModbusLineSim, heard: Heard) -> None:
    line.hold(3, "1")
    until(lambda: heard.answers == [("1", 0)])
    number = armed(pad, line)
    line.release(3, "1")
    line.press(3, "2", hold_s=1.6)
    until(lambda: len(heard.presses) == 2)
    assert heard.answers == [("1", 0), ("2", number)]


def test_a_press_that_the_board_kept_from_before_is_a_stray(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add_pad(3, latching=True)
    pad = opened(server, 3, parts, heard)
    until(lambda: heard.troubles == [None])
    line.press(3, "1", hold_s=0.0)
    number = armed(pad, line)
    line.press(3, "4", hold_s=0.0)
    until(lambda: len(heard.presses) == 2)
    assert heard.answers == [("1", 0), ("4", number)]
    assert pad.counters["strays"] == 1
    pad.close()


def test_presses_that_a_board_kept_while_it_was_away_belong_to_nobody(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add_pad(3, latching=True)
    pad = opened(server, 3, parts, heard)
    armed(pad, line)
    line.unplug_after(0)
    until(lambda: heard.states[-1] is DeviceState.ABSENT)
    line.press(3, "1", hold_s=0.0)
    line.plug()
    until(lambda: heard.states[-1] is DeviceState.ONLINE)
    until(lambda: pad.counters["strays"] == 1)
    assert heard.presses == []
    pad.close()


def test_an_armed_pad_that_was_away_asks_again_by_itself(
    pad: RatingPad, line: ModbusLineSim, heard: Heard
) -> None:
    number = armed(pad, line)
    line.kill(3)
    until(lambda: heard.states[-1] is DeviceState.OFFLINE)
    line.revive(3)
    until(lambda: heard.states[-1] is DeviceState.ONLINE)
    until(lambda: line.lamps(3) == ALL)
    line.press(3, "2", hold_s=1.6)
    until(lambda: heard.answers == [("2", number)])


def test_two_keys_in_one_look_are_no_press(pad: RatingPad, line: ModbusLineSim, heard: Heard) -> None:
    armed(pad, line)
    with line.lock:
        line.hold(3, "1")
        line.hold(3, "4")
    until(lambda: pad.counters["strays"] == 2)
    assert heard.presses == []


def test_a_stuck_key_is_told_and_the_others_work(line: ModbusLineSim, server: Server, heard: Heard) -> None:
    ahead = [0.0]
    line.add_pad(3)
    address = parse_pad(modbus_url(server, 3))
    assert isinstance(address, ModbusPadAddress)
    pad = ModbusRatingPad(
        address,
        ModbusLines(),
        on_press=heard.presses.append,
        on_trouble=heard.troubles.append,
        clock=lambda: time.monotonic() + ahead[0],
    )
    until(lambda: heard.troubles == [None])
    line.hold(3, "4")
    until(lambda: heard.keys == ["4"])
    ahead[0] = 30.0
    until(lambda: heard.codes == ["", "D-34"])
    trouble = heard.troubles[-1]
    assert trouble is not None and trouble.usable and trouble.heals
    line.press(3, "1", hold_s=1.6)
    until(lambda: heard.keys == ["4", "1"])
    line.release(3, "4")
    until(lambda: heard.codes == ["", "D-34", ""])
    pad.close()


def test_lamps_that_the_board_has_not_are_told_and_the_keys_work(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add(PadUnit(3, lamps=2))
    pad = opened(server, 3, parts, heard)
    until(lambda: heard.codes[-1:] == ["M-03"])
    trouble = heard.troubles[-1]
    assert trouble is not None and trouble.usable
    line.press(3, "1", hold_s=5.0)
    until(lambda: heard.keys == ["1"])
    pad.close()


def test_a_pad_without_lamps_is_not_written_to(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add(PadUnit(3, lamps=0))
    pad = opened(server, 3, parts, heard, "lamps=none")
    number = pad.arm()
    until(lambda: heard.troubles == [None])
    until(lambda: line.units[3].asked > 4)
    line.press(3, "1", hold_s=5.0)
    until(lambda: heard.answers == [("1", number)])
    assert pad.counters["writes"] == 0
    pad.close()


def test_keys_that_the_board_has_not_are_a_fault_of_the_configuration(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add_pad(3)
    pad = opened(server, 3, parts, heard, "count=8")
    until(lambda: heard.codes == ["M-03"])
    assert heard.states == [DeviceState.FAULT]
    assert not pad.is_up
    pad.close()


def test_closing_puts_the_lamps_out_and_the_number_is_free(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add_pad(3)
    pad = opened(server, 3, parts, heard)
    armed(pad, line)
    with pytest.raises(UnitTaken):
        opened(server, 3, parts, Heard())
    pad.close()
    pad.close()
    assert line.lamps(3) == DARK
    opened(server, 3, parts, Heard()).close()


def test_nothing_is_told_after_the_close(pad: RatingPad, line: ModbusLineSim, heard: Heard) -> None:
    pad.close()
    line.press(3, "1")
    line.unplug_after(0)
    assert heard.presses == [] and heard.troubles == [None]


def test_a_pad_that_hangs_does_not_delay_the_presses_of_the_others(
    line: ModbusLineSim, server: Server, parts: PadParts
) -> None:
    for unit in range(1, 5):
        line.add_pad(unit)
    line.units[4].delay_s = 3600.0
    heards = [Heard() for _ in range(4)]
    pads = [opened(server, unit, parts, heard) for unit, heard in enumerate(heards, 1)]
    until(lambda: heards[3].codes == ["M-02"])
    for pad in pads:
        pad.arm()
    for unit, key in ((1, "2"), (2, "3"), (3, "4")):
        until(lambda: line.lamps(unit) == ALL)  # noqa: B023
        line.press(unit, key, hold_s=5.0)
    until(lambda: [heard.keys for heard in heards] == [["2"], ["3"], ["4"], []])
    for pad in pads:
        pad.close()


def test_an_adapter_with_echo_makes_no_difference(parts: PadParts, heard: Heard) -> None:
    line = ModbusLineSim(clock=time.monotonic, echo=True)
    line.add_pad(3).no_functions = frozenset({15})
    with serve_pty(line) as server:
        pad = opened(server, 3, parts, heard)
        number = armed(pad, line)
        line.press(3, "1", hold_s=5.0)
        until(lambda: heard.answers == [("1", number)])
        pad.close()
        assert line.lamps(3) == DARK


def test_a_thank_you_of_the_last_moment_is_not_lit_after_the_close(
    line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    line.add_pad(3)
    for _ in range(10):
        pad = opened(server, 3, parts, heard)
        armed(pad, line)
        pad.thank("4")
        pad.close()
        assert line.lamps(3) == DARK


def test_lamps_whose_switching_was_not_answered_go_out_at_the_close(
    pad: RatingPad, line: ModbusLineSim
) -> None:
    until(lambda: pad.counters["writes"] == 1)
    line.units[3].corrupts = 1000
    pad.thank("1")
    until(lambda: line.lamps(3) == (True, False, False, False))
    line.units[3].corrupts = 0
    pad.close()
    assert line.lamps(3) == DARK


def test_a_sign_shares_the_line_of_the_pads(
    pad: RatingPad, line: ModbusLineSim, server: Server, parts: PadParts, heard: Heard
) -> None:
    shows = line.add_sign(11)
    sign = open_sign(parse_sign(modbus_url(server, 11)), parts.lines)
    number = armed(pad, line)
    sign.show("A012")
    until(lambda: shows.text == "012")
    line.press(3, "2", hold_s=5.0)
    until(lambda: heard.answers == [("2", number)])
    assert len(parts.lines.open) == 1
    sign.close()

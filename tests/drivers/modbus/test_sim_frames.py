"""The simulator's own Modbus: its parser, its units, its signs; nothing of the driver is used here."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.modbussim import DmUnit, Led485Unit, ModbusLineSim, PadUnit
from halldrivers.modbussim.frames import MOST_BYTES, RequestParser, crc, frame

# facts: queueing 3.7
READ_FOUR = bytes.fromhex("01 02 00 00 00 04 79 C9")
KEY_1 = bytes.fromhex("01 02 01 01 60 48")
KEY_4 = bytes.fromhex("01 02 01 08 A0 4E")
LAMP_ON = bytes.fromhex("01 05 00 00 FF 00 8C 3A")
ONE = bytes.fromhex("01 06 00 00 00 01 48 0A")
THREE = bytes.fromhex("03 06 00 00 00 03 C8 29")


class Clock:
    def __init__(self) -> None:
        self.now = 10.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> ModbusLineSim:
    return ModbusLineSim(clock=clock)


def asked(line: ModbusLineSim, request: bytes) -> bytes:
    line.receive(request)
    return line.take_output()


@pytest.mark.parametrize("vector", [READ_FOUR, KEY_1, KEY_4, LAMP_ON, ONE, THREE])
def test_the_check_bytes_are_those_of_the_vectors(vector: bytes) -> None:
    assert crc(vector[:-2]) == vector[-2:]
    assert frame(vector[0], vector[1:-2]) == vector


def test_a_pad_answers_the_vectors_of_its_keys(line: ModbusLineSim, clock: Clock) -> None:
    line.add_pad(1)
    assert asked(line, READ_FOUR) == bytes.fromhex("01 02 01 00 A1 88")
    line.press(1, "1")
    assert asked(line, READ_FOUR) == KEY_1
    clock.now += 1.0
    line.hold(1, "4")
    assert asked(line, READ_FOUR) == KEY_4
    line.release(1, "4")
    assert asked(line, READ_FOUR) == bytes.fromhex("01 02 01 00 A1 88")


def test_a_lamp_is_switched_by_the_vector_and_answered_with_the_same_bytes(line: ModbusLineSim) -> None:
    line.add_pad(1)
    assert asked(line, LAMP_ON) == LAMP_ON
    assert line.lamps(1) == (True, False, False, False)


def test_a_sign_shows_the_numbers_of_the_vectors(line: ModbusLineSim) -> None:
    one, three = line.add_sign(1), line.add_sign(3)
    assert asked(line, ONE) == ONE
    assert asked(line, THREE) == THREE
    assert (one.text, three.text) == ("  1", "  3")


def test_garbage_before_inside_and_after_a_frame_costs_that_frame_at_most(line: ModbusLineSim) -> None:
    line.add_pad(1)
    silence = bytes.fromhex("01 02 01 00 A1 88")
    assert asked(line, b"\xff\x00\x37" + READ_FOUR) == silence
    assert asked(line, READ_FOUR[:4] + b"\x55" + READ_FOUR[4:]) == b""
    assert asked(line, READ_FOUR + b"\xff\x81") == silence
    assert asked(line, READ_FOUR) == silence


def test_half_a_frame_is_forgotten_after_a_silence(line: ModbusLineSim, clock: Clock) -> None:
    line.add_pad(1)
    line.receive(READ_FOUR[:5])
    clock.now += 0.2
    assert asked(line, READ_FOUR) != b""
    assert line.garbage == 5


def test_another_unit_s_frames_are_none_of_its_business(line: ModbusLineSim) -> None:
    line.add_pad(2)
    assert asked(line, READ_FOUR) == b""


def test_a_broadcast_is_obeyed_and_not_answered(line: ModbusLineSim) -> None:
    line.add_pad(1)
    line.add_pad(2)
    assert asked(line, frame(0, bytes.fromhex("0F 00 00 00 04 01 0F"))) == b""
    assert line.lamps(1) == line.lamps(2) == (True,) * 4


def test_a_latching_pad_keeps_a_press_until_it_was_read(line: ModbusLineSim, clock: Clock) -> None:
    line.add_pad(1, latching=True)
    line.press(1, "1", hold_s=0.01)
    clock.now += 5.0
    assert asked(line, READ_FOUR) == KEY_1
    assert asked(line, READ_FOUR) != KEY_1


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("02 00 00 00 05", 2),
        ("02 00 00 00 00", 3),
        ("01 00 03 00 02", 2),
        ("05 00 04 FF 00", 2),
        ("05 00 00 12 34", 3),
        ("0F 00 02 00 04 01 0F", 2),
        ("0F 00 00 00 04 02 0F 00", 3),
        ("06 00 00 00 01", 2),
        ("10 00 80 00 01 02 00 00", 2),
        ("03 00 00 00 01", 2),
    ],
)
def test_what_a_pad_has_not_it_refuses(line: ModbusLineSim, request_: str, code: int) -> None:
    line.add_pad(1)
    request = bytes.fromhex(request_)
    assert asked(line, frame(1, request)) == frame(1, bytes((request[0] | 0x80, code)))


def test_a_board_without_a_function_says_so(line: ModbusLineSim) -> None:
    line.add_pad(1).no_functions = frozenset({15})
    request = frame(1, bytes.fromhex("0F 00 00 00 04 01 0F"))
    assert asked(line, request) == frame(1, bytes((0x8F, 1)))


def test_an_adapter_with_echo_sends_back_what_it_was_given(clock: Clock) -> None:
    line = ModbusLineSim(clock=clock, echo=True)
    line.add_pad(1)
    line.press(1, "1")
    assert asked(line, READ_FOUR) == READ_FOUR + KEY_1


def test_a_unit_that_thinks_for_long_does_not_hold_up_the_others(line: ModbusLineSim, clock: Clock) -> None:
    line.add_pad(1).delay_s = 5.0
    line.add_pad(2)
    assert asked(line, READ_FOUR) == b""
    assert asked(line, frame(2, READ_FOUR[1:-2]))[0] == 2
    clock.now += 5.0
    assert line.take_output()[0] == 1


def test_answers_take_their_time_on_the_wire(clock: Clock) -> None:
    line = ModbusLineSim(clock=clock, baud=9600)
    line.add_pad(1)
    assert asked(line, READ_FOUR) == b""
    clock.now += 0.0147
    assert line.take_output() != b""


def test_faults_of_a_unit_are_told_one_by_one(line: ModbusLineSim) -> None:
    pad = line.add_pad(1)
    pad.corrupts = 1
    assert asked(line, READ_FOUR)[-2:] != b"\xa1\x88"
    assert asked(line, READ_FOUR)[-2:] == b"\xa1\x88"
    pad.answers_as = 9
    assert asked(line, READ_FOUR)[0] == 9
    pad.answers_as, pad.refusal = None, 6
    assert asked(line, READ_FOUR) == frame(1, b"\x82\x06")
    line.kill(1)
    assert asked(line, READ_FOUR) == b""
    line.revive(1)
    pad.refusal = 0
    assert asked(line, READ_FOUR) != b""


def test_a_unit_that_loses_its_power_loses_its_lamps(line: ModbusLineSim) -> None:
    line.add_pad(1)
    asked(line, LAMP_ON)
    line.kill(1)
    assert line.lamps(1) == (False,) * 4


def test_two_units_with_one_number_are_a_mistake_of_the_test(line: ModbusLineSim) -> None:
    line.add_pad(1)
    with pytest.raises(ValueError, match="no room for unit 1"):
        line.add(PadUnit(1))
    with pytest.raises(TypeError, match="unit 2 is no pad"):
        line.add_sign(2)
        line.press(2, "1")


def write(address: int, *values: int, unit: int = 1) -> bytes:
    return frame(
        unit, struct.pack(f">BHHB{len(values)}H", 16, address, len(values), 2 * len(values), *values)
    )


def test_an_led485_shows_segments_two_a_register_the_left_one_high(line: ModbusLineSim) -> None:
    sign = line.add_sign(1, digits=4)
    assert asked(line, write(0x80, 0x773F, 0x065B))[:2] == b"\x01\x10"
    assert sign.text == "A012"


def test_an_led485_shows_a_number_with_its_point(line: ModbusLineSim) -> None:
    sign = line.add_sign(1)
    asked(line, frame(1, bytes.fromhex("06 00 00 FF F4")))
    assert sign.text == "-12"
    asked(line, frame(1, bytes.fromhex("06 00 04 00 01")))
    assert sign.text == "-1.2"
    asked(line, frame(1, bytes.fromhex("06 00 00 27 0F")))
    assert sign.text == "--.-", "9999 does not fit on three digits"


def test_a_sign_is_drawn_for_people(line: ModbusLineSim) -> None:
    sign = line.add_sign(1, digits=2)
    assert isinstance(sign, Led485Unit)
    asked(line, write(0x80, 0x4FFF))
    assert sign.draw().splitlines() == [
        " _   _",
        " _| |_|",
        " _| |_|.",
    ]


def test_a_dm36_shows_letters_and_numbers(line: ModbusLineSim) -> None:
    sign = line.add_sign(1, style="dm36", digits=4)
    assert isinstance(sign, DmUnit)
    asked(line, write(0, *b"A012"))
    assert sign.text == "A012"
    asked(line, frame(1, bytes.fromhex("06 00 07 00 2A")))
    assert sign.text == "  42"


def test_a_sign_refuses_registers_that_it_has_not(line: ModbusLineSim) -> None:
    line.add_sign(1)
    line.add_sign(2, style="dm36")
    assert asked(line, write(0x82, 0)) == frame(1, b"\x90\x02")
    assert asked(line, frame(1, bytes.fromhex("06 00 04 00 03"))) == frame(1, b"\x86\x03")
    assert asked(line, write(0, 7, unit=2)) == frame(2, b"\x90\x03")
    assert asked(line, write(8, 32, unit=2)) == frame(2, b"\x90\x02")


REQUESTS = st.one_of(
    st.builds(lambda unit, f, a, v: frame(unit, struct.pack(">BHH", f, a, v)),
              st.integers(0, 255), st.integers(1, 6), st.integers(0, 65535), st.integers(0, 65535)),
    st.builds(lambda unit, f, data: frame(unit, struct.pack(">BHHB", f, 0, 4, len(data)) + data),
              st.integers(0, 255), st.sampled_from([15, 16]), st.binary(max_size=20)),
)  # fmt: skip


@given(st.lists(REQUESTS, max_size=8), st.data())
def test_requests_are_found_however_they_are_cut(requests: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(requests)
    parser, found = RequestParser(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += parser.feed(stream[:size], 0.0)
        stream = stream[size:]
    assert found == [request[:-2] for request in requests]
    assert parser.garbage == 0


@given(st.binary(max_size=600))
def test_any_bytes_are_requests_or_garbage_and_never_pile_up(data: bytes) -> None:
    parser = RequestParser()
    found = parser.feed(data, 0.0)
    assert parser.buffered < MOST_BYTES
    assert parser.garbage + parser.buffered + sum(len(request) + 2 for request in found) == len(data)


@given(st.binary(min_size=4, max_size=60))
def test_any_well_formed_request_is_answered_or_refused(body: bytes) -> None:
    line = ModbusLineSim(clock=lambda: 0.0)
    line.add_pad(1)
    line.add_sign(2)
    line.add_sign(3, style="dm36")
    for unit in (1, 2, 3):
        asked(line, frame(unit, body))

"""Where a unit of a line is, and what it claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.deviceurl import split_url
from halldrivers.errors import BadUrl
from halldrivers.modbusline.address import UNIT_OPTIONS, Framing, LineAddress, UnitAddress, parse_unit


def read(url: str) -> UnitAddress:
    parts = split_url(url, "modbus")
    parts.only(*UNIT_OPTIONS)
    return parse_unit(parts)


def test_the_address_of_the_design_is_read() -> None:
    assert read("modbus:///dev/hall/pads?baud=9600&unit=3") == UnitAddress(
        LineAddress(path="/dev/hall/pads", baud=9600), 3
    )


def test_a_serial_line_is_9600_rtu_unless_it_says_otherwise() -> None:
    line = read("modbus:///dev/hall/pads?unit=1").line
    assert (line.baud, line.framing) == (9600, Framing.RTU)
    assert read("modbus:///dev/hall/pads?unit=1&baud=19200").line.baud == 19200


def test_a_gateway_speaks_modbus_tcp_unless_it_passes_frames_through() -> None:
    assert read("modbus://10.0.0.7:502?unit=3").line == LineAddress(
        host="10.0.0.7", port=502, framing=Framing.TCP
    )
    assert read("modbus://10.0.0.7:4001?unit=3&framing=rtu").line.framing is Framing.RTU


def test_the_time_to_think_is_longer_over_the_network_and_can_be_set() -> None:
    assert read("modbus:///dev/x?unit=1").think_s == 0.05
    assert read("modbus://10.0.0.7:502?unit=1").think_s == 0.06
    assert read("modbus:///dev/x?unit=1&timeout=200").think_s == 0.2


def test_units_of_one_line_claim_their_number_and_share_the_line() -> None:
    one, two = (read(f"modbus:///dev/hall/pads?unit={n}").claims for n in (1, 2))
    assert (one.own, one.line, one.line_kind) == (
        ("/dev/hall/pads#1",),
        "/dev/hall/pads",
        "modbus signs and pads 9600",
    )
    assert one.own != two.own
    assert (one.line, one.line_kind) == (two.line, two.line_kind)


def test_two_speeds_do_not_share_a_line() -> None:
    pads = read("modbus:///dev/hall/pads?unit=1").claims
    fast = read("modbus:///dev/hall/pads?unit=3&baud=19200").claims
    assert pads.line == fast.line
    assert pads.line_kind != fast.line_kind


def test_a_gateway_is_claimed_by_host_port_and_framing() -> None:
    claims = read("modbus://10.0.0.7:502?unit=3").claims
    assert (claims.own, claims.line, claims.line_kind) == (
        ("10.0.0.7:502#3",),
        "10.0.0.7:502",
        "modbus signs and pads tcp",
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("modbus:///dev/x", "the unit number is missing, write unit=3"),
        ("modbus:///dev/x?unit=0", "unit is a number from 1 to 247"),
        ("modbus:///dev/x?unit=248", "unit is a number from 1 to 247"),
        ("modbus:///dev/x?unit=x", "unit is a number from 1 to 247"),
        ("modbus:///dev/x?unit=1&baud=9601", "there is no baud rate 9601, write baud=9600"),
        ("modbus:///dev/x?unit=1&framing=tcp", "a serial line has framing=rtu only"),
        ("modbus:///dev/x?unit=1&timeout=5", "timeout is a number from 20 to 2000"),
        ("modbus://dev/x?unit=1", "the port is missing, write modbus://dev:502"),
        ("modbus://?unit=1", "the device path must be absolute, write modbus:///dev/… with three slashes"),
        ("modbus://10.0.0.7:502?unit=1&framing=ascii", "framing is one of: rtu, tcp"),
        (
            "modbus://10.0.0.7:502?unit=1&baud=9600",
            "a network address has no baud=: the speed is set at the gateway",
        ),
        (
            "modbus:///dev/x?unit=1&speed=9600",
            "unknown option speed (known here: baud, framing, timeout, unit)",
        ),
    ],
)
def test_a_wrong_address_says_what_is_wrong_in_both_languages(url: str, says: str) -> None:
    with pytest.raises(BadUrl) as caught:
        read(url)
    assert caught.value.why_en == says
    assert caught.value.why_zh != says and caught.value.why_zh


@given(st.text(alphabet="unitbadframgeos:/?&=0123456789.xcp", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        address = read("modbus://" + text)
    except BadUrl as error:
        assert error.why_zh and error.why_en
    else:
        assert 1 <= address.unit <= 247


def test_a_frame_is_preceded_by_the_silence_of_the_standard() -> None:
    assert LineAddress(path="/dev/x", baud=9600).gap_s == pytest.approx(0.00401, abs=1e-5)
    assert LineAddress(path="/dev/x", baud=115200).gap_s == 0.00175
    assert LineAddress(host="h", port=502, framing=Framing.TCP).gap_s == 0.0

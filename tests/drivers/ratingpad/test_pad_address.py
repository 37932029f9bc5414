"""The URL of every form of pad, what it claims, and what is wrong with one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.deviceurl import Claims
from halldrivers.errors import BadUrl
from halldrivers.modbusline.address import LineAddress, UnitAddress
from halldrivers.ratingpad.address import (
    BoxAddress,
    GpioAddress,
    HidAddress,
    ModbusPadAddress,
    PadAddress,
    parse_pad,
)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "gpio://?keys=5,6,13,19&lamps=16,20,21,26",
            GpioAddress((5, 6, 13, 19), (16, 20, 21, 26)),
        ),
        (
            "modbus:///dev/hall/pads?baud=9600&unit=3",
            ModbusPadAddress(UnitAddress(LineAddress(path="/dev/hall/pads", baud=9600), 3)),
        ),
        (
            "modbus:///dev/hall/pads?unit=3&keys=16&lamps=8&count=5",
            ModbusPadAddress(UnitAddress(LineAddress(path="/dev/hall/pads", baud=9600), 3), 16, 8, 5),
        ),
        (
            "modbus:///dev/hall/pads?unit=3&lamps=none",
            ModbusPadAddress(UnitAddress(LineAddress(path="/dev/hall/pads", baud=9600), 3), lamps=None),
        ),
        (
            "modbus:///dev/hall/pads?unit=3&idle=0.05",
            ModbusPadAddress(
                UnitAddress(LineAddress(path="/dev/hall/pads", baud=9600), 3), 0, 0, 4, idle_s=0.05
            ),
        ),
        (
            "modbus:///dev/hall/pads?unit=3&idle=5",
            ModbusPadAddress(UnitAddress(LineAddress(path="/dev/hall/pads", baud=9600), 3), idle_s=5.0),
        ),
        (
            "serial:///dev/hall/pad-3?baud=19200&table=hengda",
            BoxAddress("serial:///dev/hall/pad-3?baud=19200", table="hengda"),
        ),
        (
            "serial:///dev/hall/pad-3?line=plain",
            BoxAddress("serial:///dev/hall/pad-3?baud=9600", line="plain"),
        ),
        ("tcp://10.0.0.8:4001?table=hengda", BoxAddress("tcp://10.0.0.8:4001", table="hengda")),
        (
            "evdev:///dev/input/by-id/x?keys=2,3,4,5",
            HidAddress("/dev/input/by-id/x", ((2,), (3,), (4,), (5,))),
        ),
        (
            "evdev:///dev/input/by-id/x?digits=1234&led=1",
            HidAddress("/dev/input/by-id/x", ((2, 79), (3, 80), (4, 81), (5, 75)), 1),
        ),
    ],
)
def test_every_form_is_read(url: str, address: PadAddress) -> None:
    assert parse_pad(url) == address


@pytest.mark.parametrize(
    ("url", "claims"),
    [
        ("gpio://?keys=5,6&lamps=7,8", Claims(("GPIO5", "GPIO6", "GPIO7", "GPIO8"))),
        (
            "modbus:///dev/hall/pads?unit=3",
            Claims(("/dev/hall/pads#3",), "/dev/hall/pads", "modbus signs and pads 9600"),
        ),
        ("serial:///dev/hall/pad-3?table=x", Claims(("/dev/hall/pad-3",))),
        ("tcp://10.0.0.8:4001?line=x", Claims(("10.0.0.8:4001",))),
        ("evdev:///dev/input/by-id/x?digits=1234", Claims(("/dev/input/by-id/x",))),
    ],
)
def test_every_form_names_what_it_takes(url: str, claims: Claims) -> None:
    assert parse_pad(url).claims == claims


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("usb://1:2", "it must begin with gpio://, modbus://, serial://, tcp://, evdev://"),
        ("modbus:///dev/x?unit=1&keys=x", "keys is a number from 0 to 65532"),
        ("modbus:///dev/x?unit=1&lamps=70000", "lamps is a number from 0 to 65532"),
        ("modbus:///dev/x?unit=1&count=1", "count is a number from 2 to 8"),
        *(
            (f"modbus:///dev/x?unit=1&idle={text}", "idle is a number of seconds from 0.05 to 5")
            for text in ("0.049", "5.001", "0", "-1", "1e0", "nan", "", "0,5", ".5", "1.", "٣")
        ),
        ("modbus:///dev/x?keys=0", "the unit number is missing, write unit=3"),
        (
            "serial:///dev/x",
            "write either table= (a byte table) or line= (a line pattern) of hall.toml",
        ),
        (
            "serial:///dev/x?table=a&line=b",
            "write either table= (a byte table) or line= (a line pattern) of hall.toml",
        ),
        ("tcp://10.0.0.8:4001?table=a&baud=9600", "unknown option baud (known here: table, line)"),
        ("tcp://10.0.0.8?table=a", "the port is missing, write tcp://10.0.0.8:4001"),
        ("evdev:///dev/x", "write either keys= (scancodes) or digits="),
        ("evdev:///dev/x?keys=2,3&digits=12", "write either keys= (scancodes) or digits="),
        ("evdev:///dev/x?keys=2,2", "a scancode is named twice in keys="),
        ("evdev:///dev/x?keys=2", "keys= needs 2 to 8 of them, not 1"),
        ("evdev:///dev/x?keys=2,999", "keys= has '999', not a scancode 1-767"),
        ("evdev:///dev/x?digits=11", "digits= has 2 to 8 different digits"),
        ("evdev:///dev/x?digits=1a", "digits= has 2 to 8 different digits"),
        ("evdev:///dev/x?digits=1", "digits= has 2 to 8 different digits"),
        ("evdev:///dev/x?digits=12&led=99", "led is a number from 0 to 15"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_in_both_languages(url: str, says: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_pad(url)
    assert caught.value.why_en == says
    assert caught.value.why_zh and caught.value.why_zh != says


def test_a_wrong_idle_time_says_in_chinese_what_to_write() -> None:
    with pytest.raises(BadUrl) as caught:
        parse_pad("modbus:///dev/x?unit=1&idle=60")
    assert caught.value.why_zh == "idle 要写 0.05 到 5 的秒数"


@given(st.sampled_from(["gpio://", "modbus:///dev/x", "serial:///dev/x", "evdev:///dev/x", "tcp://h:1"]),
       st.text(alphabet="?&=,keysdigtlamponeubr01234567", max_size=40))  # fmt: skip
def test_any_text_is_read_or_refused_in_words(begin: str, text: str) -> None:
    try:
        address = parse_pad(begin + text)
    except BadUrl as error:
        assert error.why_zh and error.why_en
    else:
        assert address.claims.own

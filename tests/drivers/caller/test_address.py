"""A caller's URL: what is right, and what is said about each wrong one."""

from __future__ import annotations

import pytest

from halldrivers.caller.address import CallerKind, LineAddress, parse_caller
from halldrivers.errors import BadUrl
from halldrivers.serialport import SerialTransport
from halldrivers.tcpport import TcpTransport

BY_ID = "/dev/input/by-id/usb-1a2c_Numeric_Keypad-event-kbd"


def test_a_keypad_that_types() -> None:
    found = parse_caller(f"evdev://{BY_ID}")
    assert (found.kind, found.path, found.line) == (CallerKind.KEYPAD, BY_ID, None)
    assert found.claims.own == (BY_ID,) and found.claims.line == ""


def test_a_caller_on_a_serial_line_claims_its_unit_and_shares_the_line() -> None:
    found = parse_caller("caller:///dev/hall/callers?baud=19200&unit=2")
    assert found.line == LineAddress("/dev/hall/callers", 19_200)
    assert (found.unit, found.dialect) == (2, "lcd21")
    assert found.claims.own == ("/dev/hall/callers#2",)
    assert found.claims.line == "/dev/hall/callers"
    assert found.claims.line_kind == "callers in dialect lcd21 at 19200 baud"
    assert isinstance(found.line.transport(), SerialTransport)


def test_callers_on_one_line_must_agree_in_speed_and_dialect() -> None:
    one = parse_caller("caller:///dev/hall/callers?unit=1").claims
    same = parse_caller("caller:///dev/hall/callers?unit=2&baud=9600").claims
    other_speed = parse_caller("caller:///dev/hall/callers?unit=3&baud=4800").claims
    other_dialect = parse_caller("caller:///dev/hall/callers?unit=4&dialect=polled").claims
    assert one.line_kind == same.line_kind
    assert len({one.line_kind, other_speed.line_kind, other_dialect.line_kind}) == 3


def test_a_caller_behind_a_bridge() -> None:
    found = parse_caller("caller://10.0.0.7:4001?unit=0")
    assert found.line == LineAddress(host="10.0.0.7", port=4001)
    assert found.claims.own == ("10.0.0.7:4001#0",) and found.claims.line == "10.0.0.7:4001"
    assert isinstance(found.line.transport(), TcpTransport)


def test_a_dialect_of_the_configuration_can_be_named() -> None:
    assert parse_caller("caller:///dev/x?unit=1&dialect=mymake", ("lcd21", "mymake")).dialect == "mymake"


@pytest.mark.parametrize(
    ("url", "zh", "en"),
    [
        ("modbus:///dev/hall/callers?unit=1", "evdev://", "it must begin with evdev://, caller://"),
        ("caller:///dev/hall/callers", "缺少 unit=", "unit= is missing, write unit=2"),
        ("caller:///dev/hall/callers?unit=256", "0 到 255", "from 0 to 255"),
        ("caller:///dev/hall/callers?unit=-1", "0 到 255", "from 0 to 255"),
        ("caller:///dev/hall/callers?unit=1&baud=1", "波特率", "baud rate"),
        (
            "caller:///dev/hall/callers?unit=1&dialect=other",
            "dialect 可用",
            "dialect is one of: lcd21, polled",
        ),
        ("caller:///dev/hall/callers?unit=1&parity=even", "不认识的选项 parity", "unknown option parity"),
        ("caller://10.0.0.7?unit=1", "缺少端口号", "the port is missing"),
        ("caller://10.0.0.7:4001?unit=1&baud=9600", "不认识的选项 baud", "unknown option baud"),
        ("caller://10.0.0.7:4001/x?unit=1", "端口号后面", "nothing may follow the port"),
        (f"evdev://{BY_ID}?unit=1", "不认识的选项 unit", "unknown option unit"),
        ("evdev:///dev/input/event12", "插拔后会变", "changes with every replug"),
    ],
)
def test_a_wrong_url_says_what_to_write(url: str, zh: str, en: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_caller(url)
    assert zh in caught.value.why_zh and en in caught.value.why_en

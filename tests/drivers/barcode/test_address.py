"""A scanner's URL: what is right, and what is said about each wrong one."""

from __future__ import annotations

import pytest

from halldrivers.barcode.address import ReaderKind, parse_reader
from halldrivers.barcode.linedecoder import End, Framing
from halldrivers.errors import BadUrl
from halldrivers.serialport import SerialTransport
from halldrivers.tcpport import TcpTransport

BY_ID = "/dev/input/by-id/usb-ACME_Scanner-event-kbd"


def test_a_serial_scanner() -> None:
    found = parse_reader("serial:///dev/hall/barcode?baud=115200&end=cr")
    assert (found.kind, found.path, found.baud) == (ReaderKind.SERIAL, "/dev/hall/barcode", 115_200)
    assert found.framing == Framing(End.CR)
    assert found.claims.own == ("/dev/hall/barcode",)
    assert isinstance(found.transport(), SerialTransport)


def test_what_is_usual_need_not_be_written() -> None:
    found = parse_reader("serial:///dev/hall/barcode")
    assert (found.baud, found.framing) == (9600, Framing(End.LINE))


def test_what_stands_around_a_code_is_written_with_percent_signs() -> None:
    found = parse_reader("serial:///dev/hall/barcode?prefix=%02%5DQ&suffix=%03&aim=yes&end=etx")
    assert found.framing == Framing(End.ETX, b"\x02]Q", b"\x03", has_aim=True)


def test_a_scanner_behind_a_bridge() -> None:
    found = parse_reader("tcp://10.0.0.7:4002?end=crlf")
    assert (found.host, found.port, found.claims.own) == ("10.0.0.7", 4002, ("10.0.0.7:4002",))
    assert isinstance(found.transport(), TcpTransport)


def test_a_scanner_that_types() -> None:
    found = parse_reader(f"evdev://{BY_ID}?gap_ms=200")
    assert (found.kind, found.path, found.gap_s) == (ReaderKind.KEYS, BY_ID, 0.2)
    assert found.claims.own == (BY_ID,)


@pytest.mark.parametrize(
    ("url", "zh", "en"),
    [
        ("usb://1234:5678", "serial://", "it must begin with serial://, tcp://, evdev://"),
        ("serial://dev/hall/barcode", "三个斜杠", "three slashes"),
        ("serial:///dev/hall/barcode?end=enter", "end 可用", "end is one of"),
        ("serial:///dev/hall/barcode?baud=9601", "波特率", "baud rate"),
        ("serial:///dev/hall/barcode?prefix=123456789", "最多 8 个", "at most 8 ASCII characters"),
        ("serial:///dev/hall/barcode?suffix=%E5%8F%B7", "ASCII", "ASCII"),
        ("serial:///dev/hall/barcode?aim=1", "aim 可用", "aim is one of: no, yes"),
        ("serial:///dev/hall/barcode?gap_ms=50", "不认识的选项 gap_ms", "unknown option gap_ms"),
        ("tcp://10.0.0.7", "缺少端口号", "the port is missing"),
        ("tcp://10.0.0.7:4002?baud=9600", "不认识的选项 baud", "unknown option baud"),
        (f"evdev://{BY_ID}?gap_ms=5", "20 到 1000", "from 20 to 1000"),
        ("evdev:///dev/input/event3", "插拔后会变", "changes with every replug"),
        ("evdev://", "设备路径", "device path"),
    ],
)
def test_a_wrong_url_says_what_to_write(url: str, zh: str, en: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_reader(url)
    assert zh in caught.value.why_zh and en in caught.value.why_en

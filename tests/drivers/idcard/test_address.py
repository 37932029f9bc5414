"""Addresses of readers: what they mean, what they claim, and what is wrong with the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.deviceurl import Claims
from halldrivers.errors import Actor, BadUrl
from halldrivers.idcard.address import BAUDS, Frames, Link, parse_idcard
from halldrivers.idcard.samframe import BAUD_COMMANDS
from halldrivers.idcard.stxframe import Wanted


def test_a_serial_reader_with_its_speed() -> None:
    address = parse_idcard("serial:///dev/hall/idcard?baud=115200")
    assert (address.link, address.frames, address.path) == (Link.SERIAL, Frames.SAM, "/dev/hall/idcard")
    assert address.bauds == (115200,)
    assert address.claims == Claims(("/dev/hall/idcard",))
    assert repr(address.wire(115200)) == "<SerialTransport serial:///dev/hall/idcard?baud=115200 closed>"


@pytest.mark.parametrize("url", ["serial:///dev/hall/idcard", "serial:///dev/hall/idcard?baud=auto"])
def test_a_serial_reader_without_a_speed_is_searched_for(url: str) -> None:
    assert parse_idcard(url).bauds == BAUDS == (115200, 57600, 38400, 19200, 9600)


def test_the_speeds_are_those_of_the_baud_commands() -> None:
    assert tuple(BAUD_COMMANDS) == BAUDS


def test_a_bridge() -> None:
    address = parse_idcard("tcp://10.0.0.7:10001")
    assert (address.link, address.host, address.port, address.bauds) == (Link.TCP, "10.0.0.7", 10001, (0,))
    assert address.claims == Claims(("10.0.0.7:10001",))
    assert repr(address.wire(0)) == "<TcpTransport tcp://10.0.0.7:10001 closed>"


@pytest.mark.parametrize("url", ["usb://0400:c35a", "usb://0400:C35A?frames=sam"])
def test_the_module_s_own_usb(url: str) -> None:
    address = parse_idcard(url)
    assert address.usb is not None and address.usb.ids == "0400:c35a"
    assert address.claims == Claims(("USB 0400:c35a",))
    assert repr(address.wire(0)) == "<TwoPipeTransport usb://0400:c35a closed>"


def test_one_of_several_usb_readers() -> None:
    address = parse_idcard("usb://0400:c35a?port=1-1.4&frames=sam")
    assert address.claims == Claims(("USB 0400:c35a port 1-1.4",))
    assert repr(address.wire(0)) == "<TwoPipeTransport usb://0400:c35a?port=1-1.4 closed>"


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("", Wanted.TEXT),
        ("&read=text", Wanted.TEXT),
        ("&read=name", Wanted.NAME_AND_NUMBER),
        ("&read=number", Wanted.NUMBER),
    ],
)
def test_a_multi_function_reader_and_how_much_it_is_asked_for(read: str, wanted: Wanted) -> None:
    address = parse_idcard(f"serial:///dev/hall/idcard?frames=stx{read}")
    assert (address.frames, address.wanted) == (Frames.STX, wanted)


@pytest.mark.parametrize(
    ("url", "zh", "en"),
    [
        ("http://10.0.0.7", "要以 serial://, tcp://, usb:// 开头", "begin with serial://, tcp://, usb://"),
        ("", "要以", "it must begin with"),
        ("serial://dev/hall/idcard", "三个斜杠", "three slashes"),
        (
            "serial:///dev/x?baud=4800",
            "读卡器没有波特率 4800（可用：auto, 115200, 57600, 38400, 19200, 9600）",
            "readers have no baud rate 4800 (known here: auto, 115200, 57600, 38400, 19200, 9600)",
        ),
        ("serial:///dev/x?baud=１１５２００", "没有波特率", "no baud rate"),
        ("serial:///dev/x?frames=gat", "frames 可用：sam, stx", "frames is one of: sam, stx"),
        ("serial:///dev/x?speed=9600", "不认识的选项 speed", "unknown option speed"),
        ("serial:///dev/x?read=number", "只有 frames=stx 的读卡器能少读", "frames=stx can read less"),
        ("serial:///dev/x?frames=stx&read=photo", "read 可用", "read is one of: name, number, text"),
        ("tcp://10.0.0.7", "tcp://10.0.0.7:10001", "write tcp://10.0.0.7:10001"),
        ("tcp://10.0.0.7:10001?baud=9600", "不认识的选项 baud", "unknown option baud"),
        ("tcp://10.0.0.7:10001/x", "端口号后面", "nothing may follow the port"),
        ("usb://0400", "lsusb", "write the ids as lsusb prints them"),
        ("usb://0400:c35a?frames=stx", "去掉 frames=", "leave frames= out"),
        ("usb://0400:c35a?baud=9600", "去掉 baud=", "leave baud= out"),
        ("usb://0400:c35a?read=number", "去掉 read=", "leave read= out"),
        ("usb://0400:c35a?speed=1", "不认识的选项 speed", "unknown option speed"),
        ("usb://0400:c35a?out=0x02&in=0x82", "去掉 out= 和 in=", "leave out= and in= out"),
    ],
)  # fmt: skip
def test_a_wrong_address_says_what_is_wrong_in_both_languages(url: str, zh: str, en: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_idcard(url)
    assert zh in caught.value.why_zh and en in caught.value.why_en
    assert caught.value.who is Actor.TECHNICIAN
    assert url in caught.value.detail


@given(st.text(alphabet="serialtcpusb:/?&=.fmx0123456789ac%_ ", max_size=50))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        parse_idcard(text)
    except BadUrl:
        pass

"""USB URLs: the ids as lsusb prints them, and every wrong one with its fix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.errors import BadUrl
from halldrivers.transport import transport_claims, transport_for
from halldrivers.usbport import UsbAddress, parse_usb_url


def test_the_ids_are_hexadecimal() -> None:
    assert parse_usb_url("usb://04b8:0e15") == UsbAddress(0x04B8, 0x0E15)
    assert parse_usb_url("USB://04B8:0E15") == UsbAddress(0x04B8, 0x0E15)
    assert parse_usb_url("usb://0400:c35a") == UsbAddress(0x0400, 0xC35A)


def test_every_option_is_read() -> None:
    address = parse_usb_url("usb://04b8:0e15?serial=X5%2FZ&port=1-1.4&out=0x02&in=0x82")

    assert address == UsbAddress(0x04B8, 0x0E15, "X5/Z", "1-1.4", 0x02, 0x82)


def test_a_printer_that_never_answers_has_only_its_way_out() -> None:
    assert parse_usb_url("usb://0416:5011?out=0x03") == UsbAddress(0x0416, 0x5011, out_endpoint=3)


def test_what_is_claimed_is_named_as_a_technician_would_look_for_it() -> None:
    assert transport_claims("usb://04B8:0e15").own == ("USB 04b8:0e15",)
    assert transport_claims("usb://04b8:0e15?serial=X5&out=0x02").own == ("USB 04b8:0e15 serial X5",)
    assert transport_claims("usb://04b8:0e15?port=1-1").own == ("USB 04b8:0e15 port 1-1",)


def test_a_transport_is_made_without_pyusb() -> None:
    assert repr(transport_for("usb://04b8:0e15")) == "<BulkTransport usb://04b8:0e15 closed>"
    assert repr(transport_for("USB://04B8:0E15")) == "<BulkTransport usb://04b8:0e15 closed>"


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("usb://", "write the ids as lsusb prints them"),
        ("usb://04b8", "write the ids as lsusb prints them"),
        ("usb://4b8:e15", "write the ids as lsusb prints them"),
        ("usb://04b8:0e150", "write the ids as lsusb prints them"),
        ("usb:///dev/usb/lp0", "write the ids as lsusb prints them"),
        ("usb://epson:0e15", "write the ids as lsusb prints them"),
        ("usb://04b8:0e15/printer", "only ?options may follow"),
        ("usb://04b8:0e15?bus=1", "known here: serial, port, out, in"),
        ("usb://04b8:0e15?serial=", "serial= is followed by the serial number"),
        ("usb://04b8:0e15?serial=%00", "serial= is followed by the serial number"),
        ("usb://04b8:0e15?serial=a&serial=b", "serial is written twice"),
        ("usb://04b8:0e15?port=001", "port= is a socket such as 1-1.4"),
        ("usb://04b8:0e15?port=", "port= is a socket such as 1-1.4"),
        ("usb://04b8:0e15?out=2&in=0x82", "out= is an endpoint such as 0x02"),
        ("usb://04b8:0e15?out=0x82", "out= is an endpoint such as 0x02"),
        ("usb://04b8:0e15?out=0x02&in=0x02", "in= is an endpoint such as 0x82"),
        ("usb://04b8:0e15?out=0x00", "out= is an endpoint such as 0x02"),
        ("usb://04b8:0e15?in=0x82", "in= needs out= beside it"),
        ("usb://04b8:0e15?serial", "write name=value"),
        ("usb://04b8:0e15#1", "no # and no @"),
    ],
)
def test_a_wrong_url_names_the_fix_and_itself(url: str, fix: str) -> None:
    with pytest.raises(BadUrl) as caught:
        transport_for(url)

    assert fix in caught.value.why_en
    assert caught.value.why_zh != caught.value.why_en
    assert caught.value.detail.startswith(f"{url}: ")


@given(
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20).filter(str.isprintable),
    st.sampled_from(["", "1-1", "3-1.4.2"]),
    st.integers(0, 15),
    st.integers(0, 15),
)
def test_an_address_comes_back_from_its_url(
    vendor: int, product: int, serial: str, port: str, out: int, into: int
) -> None:
    address = UsbAddress(vendor, product, serial, port, out, 0x80 | into if out and into else 0)

    assert parse_usb_url(address.url) == address


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_bad_url(text: str) -> None:
    for url in (text, f"usb://04b8:0e15{text}"):
        try:
            parse_usb_url(url)
        except BadUrl as error:
            assert error.why_zh

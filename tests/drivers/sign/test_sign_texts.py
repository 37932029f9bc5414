"""Addresses of signs, and what is written so that they show a text."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.deviceurl import Claims
from halldrivers.errors import BadUrl
from halldrivers.modbusline.address import LineAddress, UnitAddress
from halldrivers.modbussim import DmUnit, Led485Unit
from halldrivers.sign.address import SignAddress, Style, parse_sign
from halldrivers.sign.segments import SEGMENTS
from halldrivers.sign.styles import Digit, SignWrite, laid_out, write_for


def seen(text: str, digits: int, style: Style = Style.LED485) -> str:
    """What a person reads on the simulated sign, whose table is its own."""
    sign = (Led485Unit if style is Style.LED485 else DmUnit)(1, digits=digits)
    write = write_for(style, text, digits)
    if write.is_single:
        sign.write_register(write.address, write.values[0])
    else:
        sign.write_registers(write.address, write.values)
    return sign.text


def test_the_address_of_a_sign_is_read() -> None:
    assert parse_sign("modbus:///dev/hall/signs?baud=9600&unit=11&digits=4&style=dm36") == SignAddress(
        UnitAddress(LineAddress(path="/dev/hall/signs", baud=9600), 11), 4, Style.DM36
    )


def test_a_sign_has_three_digits_of_segments_unless_it_says_otherwise() -> None:
    address = parse_sign("modbus:///dev/hall/signs?unit=11")
    assert (address.digits, address.style) == (3, Style.LED485)
    assert address.claims == Claims(("/dev/hall/signs#11",), "/dev/hall/signs", "modbus signs and pads 9600")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("serial:///dev/x?unit=1", "it must begin with modbus://"),
        ("modbus:///dev/x", "the unit number is missing, write unit=3"),
        ("modbus:///dev/x?unit=1&digits=0", "digits is a number from 1 to 6"),
        ("modbus:///dev/x?unit=1&digits=7", "digits is a number from 1 to 6"),
        ("modbus:///dev/x?unit=1&style=led", "style is one of: dm36, led485"),
        (
            "modbus:///dev/x?unit=1&keys=0",
            "unknown option keys (known here: baud, framing, timeout, unit, digits, style)",
        ),
    ],
)
def test_a_wrong_address_says_what_is_wrong_in_both_languages(url: str, says: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_sign(url)
    assert caught.value.why_en == says
    assert caught.value.why_zh and caught.value.why_zh != says


def test_a_plain_number_goes_to_register_0_as_in_the_vector_of_facts() -> None:
    assert write_for(Style.LED485, "3", 3) == SignWrite(0, (3,), is_single=True)
    assert write_for(Style.LED485, "-5", 3) == SignWrite(0, (0xFFFB,), is_single=True)


def test_a_ticket_goes_to_the_segments_two_digits_a_register() -> None:
    assert write_for(Style.LED485, "A012", 4) == SignWrite(0x80, (0x773F, 0x065B))
    assert write_for(Style.LED485, "A01", 3) == SignWrite(0x80, (0x773F, 0x0600))


def test_zeros_in_front_a_point_and_a_number_past_16_bits_are_drawn_in_segments() -> None:
    for text, digits in (("012", 3), ("1.5", 3), ("40000", 5)):
        assert write_for(Style.LED485, text, digits).address == 0x80
    assert seen("012", 3) == "012"
    assert seen("1.5", 3) == " 1.5"
    assert seen("40000", 5) == "40000"


def test_nothing_is_blank() -> None:
    assert write_for(Style.LED485, "", 3) == SignWrite(0x80, (0, 0))
    assert seen("", 3) == "   "
    assert seen("", 4, Style.DM36) == "    "


def test_of_a_longer_text_the_end_is_shown() -> None:
    assert seen("A012", 3) == "012"
    assert seen("A1000", 4, Style.DM36) == "1000"


def test_the_test_picture_lights_everything() -> None:
    assert write_for(Style.LED485, "8.8.8.", 3) == SignWrite(0x80, (0xFFFF, 0xFF00))
    assert seen("8.8.8.", 3) == "8.8.8."
    assert seen("8.8.8.", 3, Style.DM36) == "888"


def test_a_point_belongs_to_the_digit_before_it() -> None:
    assert laid_out("1.2", 3) == (Digit(" "), Digit("1", point=True), Digit("2"))
    assert laid_out("..", 2) == (Digit(" ", point=True), Digit(" ", point=True))


def test_letters_that_a_sign_has_not_are_blank() -> None:
    assert seen("号12", 3) == " 12"
    assert seen("A#1", 3) == "A 1"


LOOKS_LIKE = {"O": "0", "I": "1", "S": "5"}
"""Shapes that seven segments share; tickets have no I and no O (facts: queueing 3.2)."""


@pytest.mark.parametrize("letter", string.digits + string.ascii_uppercase + "-_ ")
def test_every_letter_is_read_as_itself(letter: str) -> None:
    assert seen(letter + "-", 2)[0].upper() == LOOKS_LIKE.get(letter, letter)


def test_no_two_letters_of_tickets_look_alike() -> None:
    shapes = [SEGMENTS[letter] for letter in SEGMENTS if letter not in LOOKS_LIKE]
    assert len(set(shapes)) == len(shapes)


@given(st.text(max_size=12), st.integers(1, 6), st.sampled_from(Style))
def test_any_text_is_one_write_that_the_sign_takes(text: str, digits: int, style: Style) -> None:
    write = write_for(style, text, digits)
    assert all(0 <= value <= 0xFFFF for value in write.values)
    seen(text, digits, style)


@given(st.integers(-99, 999))
def test_any_number_that_fits_is_shown_at_the_right(number: int) -> None:
    assert seen(str(number), 3) == str(number).rjust(3)
    assert seen(str(number), 3, Style.DM36) == str(number).rjust(3)

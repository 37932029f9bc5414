"""What is written to a sign so that it shows a text: pure code, one exchange for every text.

::

    led485   16 from 0x80   two digits a register, high byte left, seven segments each      any text
             6 to 0         a signed number                                                  plain numbers
    dm36     16 from 0      one register a digit, its ASCII code                              any text

Observed in a public set-up tool for the LED-485 series and in the public description of DM36 and DM56; not
tried. Beside these LED-485 has register 2 (its unit number) and 3 (its speed, 1 to 8 for 1200 to 115200), and
comes as unit 1 at 9600 8N1; it also takes ASCII lines ``$001,text#``, which are not used here because nothing
answers them. Plain numbers go to register 0, because that is what every such sign has; it shows them at the
right.
"""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.sign.address import Style
from halldrivers.sign.segments import POINT, SEGMENTS

SEGMENT_REGISTER = 0x80
NUMBER_REGISTER = 0


@dataclass(frozen=True, slots=True)
class SignWrite:
    """One write: a single register by function 6, several by function 16."""

    address: int
    values: tuple[int, ...]
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class Digit:
    """One place of a sign."""

    letter: str
    point: bool = False


def laid_out(text: str, digits: int) -> tuple[Digit, ...]:
    """The places of a sign that shows ``text`` at the right.

    A point belongs to the digit before it. Letters that a sign has not are blank. Of a longer text the end is
    shown: on three digits A012 is 012, which is what sets one ticket apart from the next.
    """
    places: list[Digit] = []
    for letter in text.upper():
        if letter == "." and places and not places[-1].point:
            places[-1] = Digit(places[-1].letter, point=True)
        elif letter == ".":
            places.append(Digit(" ", point=True))
        else:
            places.append(Digit(letter if letter in SEGMENTS else " "))
    blanks = [Digit(" ")] * max(0, digits - len(places))
    return tuple((blanks + places)[-digits:])


def write_for(style: Style, text: str, digits: int) -> SignWrite:
    """The write that makes a sign show a text."""
    places = laid_out(text, digits)
    if style is Style.DM36:
        # Whether this family has points is not known: a digit's code has no room for one.
        return SignWrite(0, tuple(ord(place.letter) for place in places))
    shown = "".join(place.letter for place in places)
    if not any(place.point for place in places) and _is_plain_number(shown.lstrip(" ")):
        return SignWrite(NUMBER_REGISTER, (int(shown) & 0xFFFF,), is_single=True)
    codes = [SEGMENTS[place.letter] | (POINT if place.point else 0) for place in places]
    if len(codes) % 2:
        codes.append(0)
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return SignWrite(SEGMENT_REGISTER, tuple(left << 8 | right for left, right in pairs))


def _is_plain_number(text: str) -> bool:
    """Whether a sign would write this number just so: no zeros in front, within 16 bits."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return False
    return str(int(text)) == text and -0x8000 <= int(text) <= 0x7FFF

"""What stands on a keypad's display.

A display has three places for the number and a count; some show digits only, and of ``A012`` then ``012``.
Where the letter matters (two tickets with the same digits) its place in the alphabet stands where the count
is: 1 for A, 2 for B. An error code has two digits, a ticket at least three, so that neither is taken for the
other.
"""

from __future__ import annotations

from dataclasses import dataclass

from hallqueue.errors import HallError, Refused

NOTHING = ""
"""No ticket: the display's own way to show that."""
MOST_DIGITS = 4
"""More digits than a ticket number can have (A1000) are no number."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a keypad's display shows."""

    number: str
    waiting: int


def error_code(error: HallError) -> str:
    """A code in three places: E for what the hall refuses (Q-10 is E10), F for what fails (S-07 is F07)."""
    return ("E" if isinstance(error, Refused) else "F") + error.code.rpartition("-")[2]


def letter_place(number: str) -> int:
    """The place in the alphabet of a ticket number's letter; 0 when it has none."""
    first = number[:1].upper()
    return ord(first) - ord("A") + 1 if first.isascii() and first.isalpha() else 0

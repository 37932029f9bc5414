"""The US keyboard layout: which character a scancode stands for.

Scanners type as a US keyboard unless they were set otherwise, whatever layout the system uses, so the layout
of the system must not touch what they type (lessons 22). Numbers are those of linux/input-event-codes.h.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEYS: Mapping[int, str] = MappingProxyType(
    {
        2: "1!", 3: "2@", 4: "3#", 5: "4$", 6: "5%", 7: "6^", 8: "7&", 9: "8*", 10: "9(", 11: "0)",
        12: "-_", 13: "=+",
        16: "qQ", 17: "wW", 18: "eE", 19: "rR", 20: "tT", 21: "yY", 22: "uU", 23: "iI", 24: "oO", 25: "pP",
        26: "[{", 27: "]}",
        30: "aA", 31: "sS", 32: "dD", 33: "fF", 34: "gG", 35: "hH", 36: "jJ", 37: "kK", 38: "lL",
        39: ";:", 40: "'\"", 41: "`~", 43: "\\|",
        44: "zZ", 45: "xX", 46: "cC", 47: "vV", 48: "bB", 49: "nN", 50: "mM",
        51: ",<", 52: ".>", 53: "/?", 57: "  ",
        # The numeric block: the same with Shift, and without any regard to NumLock.
        71: "77", 72: "88", 73: "99", 75: "44", 76: "55", 77: "66", 79: "11", 80: "22", 81: "33", 82: "00",
        55: "**", 74: "--", 78: "++", 83: "..", 98: "//", 117: "==", 121: ",,",
    }
)  # fmt: skip
"""Scancode to the character without and with Shift."""

ENDS = frozenset({28, 15, 96})
"""Enter, Tab and the Enter of the numeric block."""
SHIFTS = frozenset({42, 54})
CHORDS = frozenset({29, 97, 56, 100, 125, 126})
"""Ctrl, Alt (AltGr too) and the Windows key, left and right: with one of them down nothing is a character."""
CAPS_LOCK = 58
NUM_LOCK = 69
"""Scanners press it around digits of the numeric block; it changes nothing here."""


def character(code: int, *, shift: bool, caps: bool) -> str:
    """The character of a scancode; empty for a key that stands for none."""
    pair = KEYS.get(code)
    if pair is None:
        return ""
    return pair[shift != (caps and pair[0].isalpha())]

"""What a reader reads: a code, or the reason why what it sent is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST = 512
"""Characters of a code: tickets carry under 100, a QR code of version 15 holds 520 letters and is as dense as
a hall's scanner reads from paper; what is longer was not printed for us."""
ENDLESS = 4096
"""Characters without an end after which a refusal is told and counting begins anew, so that a scanner that
never ends a code is noticed while it does so."""
_SHOWN = 4


class BadReason(StrEnum):
    """Why something that was scanned is refused as a whole."""

    TOO_LONG = "too_long"
    CONTROL = "control"
    """A control character, or a chord with Ctrl, Alt or the Windows key."""
    NOT_ASCII = "not_ascii"
    UNKNOWN_KEY = "unknown_key"
    INCOMPLETE = "incomplete"
    """It broke off: no end came."""
    LOST_KEYS = "lost_keys"
    """The kernel dropped some of its keys."""

    @property
    def zh(self) -> str:
        """For a Chinese screen."""
        return _REASONS[self][0]

    @property
    def en(self) -> str:
        """For a technician."""
        return _REASONS[self][1]


_REASONS = {
    BadReason.TOO_LONG: (f"码太长（超过 {LONGEST} 个字符）", f"longer than {LONGEST} characters"),
    BadReason.CONTROL: ("码里有控制字符", "it holds control characters"),
    BadReason.NOT_ASCII: (
        "码里有中文或其他非 ASCII 字符，扫码枪传不准",
        "it holds Chinese or other characters beyond ASCII, which scanners mangle",
    ),
    BadReason.UNKNOWN_KEY: (
        "扫码枪发来了不认识的按键",
        "the scanner sent a key that stands for no character",
    ),
    BadReason.INCOMPLETE: ("码不完整，没有结束符", "it broke off without an end"),
    BadReason.LOST_KEYS: ("系统太忙，丢了一部分", "the system was too busy and lost a part of it"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """One code: 1 to 512 printable ASCII characters."""

    text: str
    at_s: float
    """When it was complete, on a monotonic clock."""

    @property
    def head(self) -> str:
        """Its first characters: all of it that may be shown or logged, since a code may be personal."""
        return self.text[:_SHOWN]

    def __repr__(self) -> str:
        return f"<Code {self.head!r}… of {len(self.text)}>"


@dataclass(frozen=True, slots=True)
class BadCode:
    """Something was scanned and is refused; nothing of it is kept."""

    reason: BadReason
    length: int
    """How many characters, bytes or keys had come."""
    at_s: float


Read = Code | BadCode

"""What the frames of a caller mean, as data: which commands, which key codes, which display.

``lcd21`` is the dialect of the 21-key callers, **observed** in two independent public hall programs that
agree with each other and with a public protocol description; nobody of us has tried it on hardware:

* A caller speaks without being asked, when a key of a verb is pressed: its data are the digits typed before
  and then the code of that key. The hall answers at once with the same frame (9600 baud, 8N1).
* ``ADDR 02 d d d d d d`` shows digits (0 to 9; 0A is blank), ``ADDR 03`` beeps.
* ``ADDR 11 v`` comes from a rating pad plugged into the caller; it is none of the caller's keys.
* One program takes 6, 0, 3 + 确认 as 过号, 挂起 and 恢复, the other 5 + 功能 as 过号; the other numbers
  with 确认 are ours, so that every verb of a window can be reached.

``polled`` is **assumed**: a line whose master asks each caller in turn. No public description of one was
found; its command words are placeholders to be replaced from the configuration with those of the vendor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from halldrivers.caller.frames import CallerFrame
from halldrivers.caller.keys import Key, digit_key

MOST_DIGITS = 8
"""Digits before a verb: a ticket number has at most four, a clerk's number a few more."""

DIGITS: Mapping[int, Key] = MappingProxyType({digit: digit_key(digit) for digit in range(10)})
_KEYS = MappingProxyType(
    {
        **DIGITS,
        0x0A: Key.START,
        0x0B: Key.FINISH,  # 评价: ends the service and asks for a rating; 等候 on some
        0x0C: Key.NEXT,
        0x0D: Key.RECALL,
        0x0E: Key.CANCEL,
        0x0F: Key.ENTER,  # 确认, 功能 on some
        0x12: Key.PAUSE,
        0x13: Key.TRANSFER,
    }
)
_AFTER_DIGITS = MappingProxyType({0x0C: Key.CALL, 0x0A: Key.TRANSFER})
_WHOLE = MappingProxyType(
    {
        b"\x00\x0f": Key.HOLD,
        b"\x01\x0f": Key.OPEN,
        b"\x02\x0f": Key.CLOSE,
        b"\x03\x0f": Key.RESUME,
        b"\x04\x0f": Key.RETURN,
        b"\x05\x0f": Key.PASS,
        b"\x06\x0f": Key.PASS,
        b"\x07\x0f": Key.REPRINT,
        b"\x08\x0f": Key.START,
        b"\x09\x0f": Key.VOID,
    }
)


@dataclass(frozen=True, slots=True)
class Show:
    """One frame that writes to the display."""

    command: int
    layout: str
    """One letter a place: ``n`` a digit of the number, ``w`` of the waiting count, ``_`` blank."""


@dataclass(frozen=True, slots=True)
class CallerDialect:
    """How one make of callers speaks."""

    name: str
    is_polled: bool = False
    """Whether callers speak only when asked."""
    poll: int = 0x10
    """The command that asks a caller for a key; polled only."""
    answer: int = 0x90
    """The command of its answer; polled only."""
    no_key: int = 0xFF
    """The data byte of an answer without a key; polled only."""
    is_numbered: bool = True
    """Whether an answer ends in a byte that counts presses, and the next question brings it back as the
    acknowledgement; polled only. Without it a key counts again only after an answer without one."""
    reply_s: float = 0.03
    """How long a caller takes to begin its answer; polled only."""
    repeat_s: float = 1.0
    """The same frame within this time is the same press: the caller has not heard our answer. Not polled."""
    keys: Mapping[int, Key] = field(default_factory=lambda: _KEYS)
    """The key that a code stands for, digits included."""
    after_digits: Mapping[int, Key] = field(default_factory=lambda: _AFTER_DIGITS)
    """The same where digits were typed before it; a code that is not named here is as in ``keys``."""
    whole: Mapping[bytes, Key] = field(default_factory=lambda: _WHOLE)
    """Data that as a whole stand for one key."""
    shows: tuple[Show, ...] = (Show(0x02, "nnn_ww"),)
    zero: int = 0x00
    """The display's code for 0; 1 to 9 follow."""
    blank: int = 0x0A
    """The display's code for an empty place."""
    beep: int | None = 0x03
    key_command: int | None = None
    """The command of a caller's keys (01 is likely); None takes any that is not another's, as the programs
    observed do. Not polled."""
    foreign: frozenset[int] = frozenset({0x11})
    """Commands of other devices behind the caller's address."""

    def is_key(self, command: int) -> bool:
        """Whether a frame that nobody asked for brings keys: what the hall sends itself is an echo of it."""
        if self.key_command is not None:
            return command == self.key_command
        return command not in self.foreign and command not in {self.beep, *(s.command for s in self.shows)}

    def keys_of(self, data: bytes) -> tuple[Key, ...]:
        """The presses in a caller's data, empty when they make no sense: digits, then at most one verb."""
        if data in self.whole:
            return (self.whole[data],)
        keys = [self.keys.get(code) for code in data]
        typed = [key for key in keys[:-1] if key is not None and key.digit is not None]
        if not keys or len(typed) != len(keys) - 1 or len(typed) > MOST_DIGITS:
            return ()
        last = self.after_digits.get(data[-1], keys[-1]) if typed else keys[-1]
        return (*typed, last) if last else ()

    def show(self, address: int, number: str, waiting: int) -> tuple[CallerFrame, ...]:
        """The frames that show a ticket's number and how many wait.

        Of the number its last digits (A012 is 012 on three places, as the programs observed do it), of the
        count nines when it has too many; an empty number is blank.
        """
        return tuple(
            CallerFrame(address, show.command, self._places(show.layout, number, waiting))
            for show in self.shows
        )

    def _places(self, layout: str, number: str, waiting: int) -> bytes:
        places = {"n": layout.count("n"), "w": layout.count("w")}
        digits = [int(digit) for digit in number if digit.isascii() and digit.isdigit()]
        digits = digits[-places["n"] :] if places["n"] else []
        count = min(max(0, waiting), 10 ** places["w"] - 1)
        rows = {
            "n": [self.blank] * (places["n"] - len(digits)) + [self.zero + digit for digit in digits],
            "w": [self.zero + int(digit) for digit in f"{count:0{places['w']}d}"],
        }
        return bytes(rows[place].pop(0) if place in rows else self.blank for place in layout)


LCD21 = CallerDialect("lcd21")
POLLED = CallerDialect("polled", is_polled=True, shows=(Show(0x20, "nnn"), Show(0x21, "www")), beep=0x22)
DIALECTS: Mapping[str, CallerDialect] = MappingProxyType({d.name: d for d in (LCD21, POLLED)})
"""What a URL can name without a configuration of its own."""

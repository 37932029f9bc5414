"""Frames of multi-function readers (多合一读卡器, many desktop units of banks), by a vendor's document.

::

    STX 02 | LEN 2 | data ...  | LRC | ETX 03

LEN is big-endian and counts data only; LRC is the XOR of data. A request's data begins with two command
bytes, an answer's with two status bytes. The largest answer is text and photo, 1292 bytes by the document.

A single 02 in the noise looks like the beginning of a frame and may announce up to a largest answer: the
decoder waits for it, and :meth:`StxDecoder.settle` finds what hid behind it once the wait is over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import reduce
from operator import xor

STX, ETX = 0x02, 0x03
AROUND_BYTES = 5
"""STX, LEN, LRC and ETX."""
HEAD_BYTES = 3
LEAST_LEN = 2
MOST_LEN = 1292 - AROUND_BYTES


class Command(Enum):
    """Commands that an ID card needs, of those that such readers know."""

    VERSION = b"\x31\x11"
    RESET = b"\x31\x12"
    BEEP = b"\x31\x13"
    READ_ID_CARD = b"\xca\x01"


class Wanted(IntEnum):
    """How much of a card is asked for: the less, the better."""

    ALL = 0
    """With the photo; never sent by the device of this package."""
    NUMBER = 1
    NAME_AND_NUMBER = 2
    TEXT = 3
    """All but the photo."""


@dataclass(frozen=True, slots=True)
class StxAnswer:
    """One whole answer."""

    high: int
    low: int
    data: bytes = field(repr=False)
    """May be a person's card: neither shown nor kept."""


@dataclass(frozen=True, slots=True)
class StxDamaged:
    """A frame with its ETX in place and a wrong LRC."""

    size: int


StxEvent = StxAnswer | StxDamaged


def encode(command: Command, parameters: bytes = b"") -> bytes:
    """The frame of a request."""
    data = command.value + parameters
    return bytes((STX,)) + len(data).to_bytes(2, "big") + data + bytes((reduce(xor, data), ETX))


def read_card(wanted: Wanted) -> bytes:
    """The request for a card, or for a part of it."""
    return encode(Command.READ_ID_CARD, bytes((wanted,)))


def beep(lasts_ms: int, times: int) -> bytes:
    """The request to beep: each beep of `lasts_ms` milliseconds, 1 to 255 times."""
    return encode(Command.BEEP, lasts_ms.to_bytes(2, "big") + times.to_bytes(1, "big"))


def version_text(data: bytes) -> str:
    """What a reader says of itself (maker's words, model, version, number), as far as it can be printed."""
    return " ".join("".join(chr(byte) if 0x20 < byte < 0x7F else " " for byte in data).split())


class StxDecoder:
    """Bytes in, events out; holds at most one largest answer beside the bytes that were just given."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.garbage = 0
        """How many bytes belonged to no frame."""

    @property
    def buffered(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[StxEvent]:
        """Take bytes as they come, in any cut, and return what they complete."""
        self._buffer += data
        events: list[StxEvent] = []
        while self._find_stx() and len(self._buffer) >= HEAD_BYTES:
            length = int.from_bytes(self._buffer[1:HEAD_BYTES], "big")
            if not LEAST_LEN <= length <= MOST_LEN:
                self._lose(1)
                continue
            size = length + AROUND_BYTES
            if len(self._buffer) < size:
                break
            if self._buffer[size - 1] != ETX:
                self._lose(1)
                continue
            events.append(self._frame(length, size))
        return events

    def settle(self) -> list[StxEvent]:
        """Nothing more will come: what is no whole frame is garbage; returns what hid behind it."""
        events: list[StxEvent] = []
        while self._buffer:
            self._lose(1)
            events += self.feed(b"")
        return events

    def _frame(self, length: int, size: int) -> StxEvent:
        data = bytes(self._buffer[HEAD_BYTES : HEAD_BYTES + length])
        if reduce(xor, data) != self._buffer[size - 2]:
            self._lose(1)
            return StxDamaged(size)
        del self._buffer[:size]
        return StxAnswer(data[0], data[1], data[2:])

    def _find_stx(self) -> bool:
        start = self._buffer.find(STX)
        self._lose(start if start >= 0 else len(self._buffer))
        return start >= 0

    def _lose(self, count: int) -> None:
        del self._buffer[:count]
        self.garbage += count

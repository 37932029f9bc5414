"""Frames between a terminal and the security module (SAM) of an ID-card reader: GA/T 467-2019.

::

    request   AA AA AA 96 69 | LEN 2 | CMD PARA | data ...      | CHK
    answer    AA AA AA 96 69 | LEN 2 | SW1 SW2 SW3 | data ...   | CHK

LEN is big-endian and counts what follows it; CHK is the XOR of all from LEN to before CHK. SW3 is the
module's own result and the only byte to judge by; SW1 and SW2 are what the card said, and may be anything.

Theory of operation: bytes before a preamble are garbage, but AA directly before it is a longer
synchronisation. A frame is as long as its LEN says; one whose LEN cannot be or whose CHK is wrong costs its
first byte only, and what is behind it is searched again, so that a cut answer does not take the next one with
it. The buffer never holds more than one largest answer beside the bytes that were just given.

One make sends `AA AA AA 96 69 00 05 05 05 05` when its own wait is over: two bytes short of a frame, it would
take the AA AA of the next answer for its end, with a fitting checksum. It is an event of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import xor

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
HEAD_BYTES = 7
"""Preamble and LEN."""
LEAST_LEN = 4
"""SW1 to SW3 and CHK."""
MOST_LEN = 0x090A
"""Text, photo and two fingerprints: the largest answer there is (2321 bytes in all)."""
RF_BYTES = range(24, 256)

_TIMEOUT_MARK = b"\x00\x05\x05\x05\x05"
_SYNC = 0xAA


class Command(Enum):
    """CMD and PARA of every command."""

    RESET = b"\x10\xff"
    STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ_BASE = b"\x30\x01"
    READ_ADDRESSES = b"\x30\x03"
    READ_CARD_ID = b"\x30\x05"
    READ_FINGERPRINTS = b"\x30\x10"
    """Never sent by the device of this package."""
    BAUD_115200 = b"\x60\x00"
    BAUD_57600 = b"\x60\x01"
    BAUD_38400 = b"\x60\x02"
    BAUD_19200 = b"\x60\x03"
    BAUD_9600 = b"\x60\x04"
    RF_FRAME_BYTES = b"\x61\xff"
    """One byte of data, of :data:`RF_BYTES`."""


BAUD_COMMANDS = {
    115_200: Command.BAUD_115200,
    57_600: Command.BAUD_57600,
    38_400: Command.BAUD_38400,
    19_200: Command.BAUD_19200,
    9600: Command.BAUD_9600,
}


@dataclass(frozen=True, slots=True)
class SamAnswer:
    """One whole answer."""

    sw1: int
    sw2: int
    sw3: int
    data: bytes = field(repr=False)
    """May be a person's card: neither shown nor kept."""


@dataclass(frozen=True, slots=True)
class SamDamaged:
    """A frame whose checksum is wrong."""

    size: int
    """Bytes of the whole frame."""


@dataclass(frozen=True, slots=True)
class SamTimeoutMark:
    """The reader says that its own wait is over."""


SamEvent = SamAnswer | SamDamaged | SamTimeoutMark


def encode(command: Command, data: bytes = b"") -> bytes:
    """The frame of a request."""
    rest = command.value + data
    body = (len(rest) + 1).to_bytes(2, "big") + rest
    return PREAMBLE + body + bytes((reduce(xor, body),))


def rf_frame_bytes(size: int) -> bytes:
    """The request that limits a radio frame to `size` bytes."""
    if size not in RF_BYTES:
        raise ValueError(f"{size} is not {RF_BYTES.start} to {RF_BYTES.stop - 1}")
    return encode(Command.RF_FRAME_BYTES, bytes((size,)))


def sam_id_text(data: bytes) -> str:
    """The module id as it is printed on stickers, for display only; its 16 bytes are what identifies it."""
    if len(data) != 16:
        return data.hex()
    numbers = [
        int.from_bytes(data[at:to], "little") for at, to in ((0, 2), (2, 4), (4, 8), (8, 12), (12, 16))
    ]
    return "{:02d}.{:02d}-{:08d}-{:010d}-{:010d}".format(*numbers)


class SamDecoder:
    """Bytes in, events out."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._sync = 0
        """AA bytes dropped directly before what the buffer begins with."""
        self.garbage = 0
        """How many bytes belonged to no frame."""

    @property
    def buffered(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[SamEvent]:
        """Take bytes as they come, in any cut, and return what they complete."""
        self._buffer += data
        events: list[SamEvent] = []
        while self._find_preamble() and len(self._buffer) >= HEAD_BYTES:
            if self._buffer.startswith(_TIMEOUT_MARK, len(PREAMBLE)):
                del self._buffer[: len(PREAMBLE) + len(_TIMEOUT_MARK)]
                events.append(SamTimeoutMark())
                continue
            length = int.from_bytes(self._buffer[len(PREAMBLE) : HEAD_BYTES], "big")
            if not LEAST_LEN <= length <= MOST_LEN:
                self._lose_one()
                continue
            if len(self._buffer) < HEAD_BYTES + length:
                break
            events.append(self._frame(HEAD_BYTES + length))
        return events

    def settle(self) -> list[SamEvent]:
        """Nothing more will come: what is no whole frame is garbage; returns what hid behind it."""
        events: list[SamEvent] = []
        while self._buffer:
            self._lose_one()
            events += self.feed(b"")
        return events

    def _frame(self, size: int) -> SamEvent:
        body = bytes(self._buffer[len(PREAMBLE) : size])
        if reduce(xor, body):
            self._lose_one()
            return SamDamaged(size)
        del self._buffer[:size]
        return SamAnswer(body[2], body[3], body[4], body[5:-1])

    def _find_preamble(self) -> bool:
        """Drop what stands before the next preamble; False when no whole one is there."""
        start = self._buffer.find(PREAMBLE)
        is_whole = start >= 0
        if not is_whole:
            start = len(self._buffer) - self._begun()
        dropped = bytes(self._buffer[:start])
        del self._buffer[:start]
        noise = dropped.rstrip(bytes((_SYNC,)))
        if noise:
            self.garbage += self._sync + len(noise)
            self._sync = 0
        self._sync = 0 if is_whole else self._sync + len(dropped) - len(noise)
        return is_whole

    def _begun(self) -> int:
        """How many bytes at the end may be the beginning of a preamble."""
        return next(
            (size for size in range(len(PREAMBLE) - 1, 0, -1) if self._buffer.endswith(PREAMBLE[:size])), 0
        )

    def _lose_one(self) -> None:
        del self._buffer[0]
        self.garbage += 1

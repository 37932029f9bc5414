"""What an ESC/POS printer sends back, told apart byte by byte without any I/O.

The printer mixes five kinds of answers on one line, and none says its length or which question it answers:

    real-time answer   0xx1xx10                      1 byte, to DLE EOT n; it does not say which n
    ASB group          0xx1xx00 0xx0xxxx x3          4 bytes, by itself on every change
    GS r answer        0xx0xxxx                      1 byte
    block              37 22 d1 d2 d3 d4 00          GS ( H: the job with this id has been printed
                       35|37|3B|3D|5F ... 00         other blocks, to NUL
    XON, XOFF          11, 13                        also between the bytes of the others

Sources: Epson, Citizen and Bixolon manuals for the bits; the masks are those of receiptio. Theory of
operation: a byte opens a group or a block or stands alone; a byte that cannot continue what is open closes it
as garbage and is then read anew. So noise costs at most the answer that it hit, never the ones behind it.
XON and XOFF can be part of nothing else, and printers send them at once, so they close nothing.
"""

from collections import deque
from dataclasses import dataclass
from enum import IntEnum

MOST_BLOCK_BYTES = 80
"""Longest block kept; the longest documented answers (GS I) stay below it."""

_BLOCK_STARTS = frozenset(b"\x35\x37\x3b\x3d\x5f")
_PROCESS_ID = b"\x37\x22"
_PROCESS_ID_BYTES = 7
_ASB_BYTES = 4
_XON, _XOFF = 0x11, 0x13


class Query(IntEnum):
    """The n of DLE EOT n."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


@dataclass(frozen=True, slots=True)
class RealTime:
    """An answer to DLE EOT."""

    value: int
    query: Query | None
    """Which question it answers, by order; None when nothing was outstanding (a stale byte)."""


@dataclass(frozen=True, slots=True)
class AsbGroup:
    """Automatic status back: the whole state in four bytes, and so never about the wrong question."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """The one-byte answer to GS r 1, sent after the data before it was processed."""

    value: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    """The answer to GS ( H: the data before it has been printed."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Block:
    """Another block answer (GS I, DLE DC4 8)."""

    data: bytes


@dataclass(frozen=True, slots=True)
class FlowControl:
    """XON (ready) or XOFF (buffer nearly full) of a serial line."""

    is_ready: bool


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that are no answer: noise, or the rest of a broken one."""

    data: bytes


Event = RealTime | AsbGroup | PaperAnswer | ProcessId | Block | FlowControl | Garbage


class StatusDecoder:
    """Bytes in, events out; remembers which real-time questions are unanswered.

    Holds at most `MOST_BLOCK_BYTES` bytes, whatever comes in.
    """

    def __init__(self) -> None:
        self._open = bytearray()
        self._expected: deque[Query] = deque()

    @property
    def outstanding(self) -> int:
        """How many real-time questions have no answer yet."""
        return len(self._expected)

    @property
    def buffered(self) -> int:
        """How many bytes wait for the rest of their answer."""
        return len(self._open)

    def expect(self, *queries: Query) -> None:
        """Say which real-time questions were just sent, in order."""
        self._expected.extend(queries)

    def forget(self) -> None:
        """Stop expecting: later real-time answers count as stale. Bytes of an open answer stay."""
        self._expected.clear()

    def reset(self) -> None:
        """Start as new, after the wire was opened again."""
        self._open.clear()
        self._expected.clear()

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes as they come, in any cut, and return what they complete."""
        events: list[Event] = []
        for byte in data:
            self._take(byte, events)
        return events

    def _take(self, byte: int, events: list[Event]) -> None:
        if byte in (_XON, _XOFF):
            events.append(FlowControl(byte == _XON))
            return
        if self._open:
            if self._continues(byte):
                self._open.append(byte)
                self._close_if_complete(events)
                return
            events.append(Garbage(bytes(self._open)))
            self._open.clear()
        self._begin(byte, events)

    def _begin(self, byte: int, events: list[Event]) -> None:
        if byte & 0x93 == 0x12:
            events.append(RealTime(byte, self._expected.popleft() if self._expected else None))
        elif byte & 0x93 == 0x10 or byte in _BLOCK_STARTS:
            self._open.append(byte)
        elif byte & 0x90 == 0:
            events.append(PaperAnswer(byte))
        else:
            events.append(Garbage(bytes((byte,))))

    def _continues(self, byte: int) -> bool:
        if self._open[0] not in _BLOCK_STARTS:
            return byte & 0x90 == 0
        if byte == 0:
            return not self._is_process_id() or len(self._open) == _PROCESS_ID_BYTES - 1
        if self._is_process_id() and len(self._open) == _PROCESS_ID_BYTES - 1:
            return False
        return 0x20 <= byte <= 0x7E and len(self._open) < MOST_BLOCK_BYTES - 1

    def _is_process_id(self) -> bool:
        return self._open.startswith(_PROCESS_ID)

    def _close_if_complete(self, events: list[Event]) -> None:
        data = bytes(self._open)
        if data[0] not in _BLOCK_STARTS:
            if len(data) < _ASB_BYTES:
                return
            events.append(AsbGroup(data))
        elif data[-1] != 0:
            return
        elif self._is_process_id():
            events.append(ProcessId(data[2:6].decode("ascii")))
        else:
            events.append(Block(data[:-1]))
        self._open.clear()

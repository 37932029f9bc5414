"""Sources: what a wait that brought nothing proves, and what it does not."""

from __future__ import annotations

from halldrivers.barcode.codes import BadCode, BadReason, Code
from halldrivers.barcode.keydecoder import KeyDecoder
from halldrivers.barcode.linedecoder import LineDecoder
from halldrivers.barcode.sim import typed
from halldrivers.barcode.sources import LineCodes, TypedCodes
from halldrivers.keysource import Dropped, KeyEvent


class HeldUp:
    """A port whose reader is held up for some seconds after each wait that brings nothing."""

    def __init__(self, now: list[float], held_up_s: float) -> None:
        self.now, self.held_up_s = now, held_up_s
        self.data: list[bytes] = []
        self.events: list[tuple[KeyEvent | Dropped, ...]] = []

    def open(self) -> None:
        """Nothing to take."""

    def close(self) -> None:
        """Nothing to give back."""

    def light(self, led: int, on: bool) -> None:
        """No lamps."""

    def wait(self, timeout_s: float) -> None:
        self.now[0] += timeout_s + self.held_up_s


class Bytes(HeldUp):
    """It brings bytes."""

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        if data := self.data.pop(0):
            return data
        self.wait(timeout_s)
        return b""


class Keys(HeldUp):
    """It brings keys."""

    def read(self, timeout_s: float) -> tuple[KeyEvent | Dropped, ...]:
        if events := self.events.pop(0):
            return events
        self.wait(timeout_s)
        return ()


def test_a_line_whose_reader_was_held_up_does_not_break_a_code_off() -> None:
    now = [10.0]
    port = Bytes(now, held_up_s=3.0)
    port.data = [b"HALL-", b"", b"A012\r"]
    source = LineCodes(port, LineDecoder(), lambda: now[0])
    assert [source.read(0.1) for _ in range(3)] == [[], [], [Code("HALL-A012", 13.1)]]


def test_a_line_that_is_silent_for_long_enough_breaks_a_code_off() -> None:
    now = [10.0]
    port = Bytes(now, held_up_s=0.0)
    port.data = [b"HALL-", *[b""] * 6]
    source = LineCodes(port, LineDecoder(), lambda: now[0])
    reads = [read for _ in range(7) for read in source.read(0.1)]
    assert [(read.reason, read.length) for read in reads if isinstance(read, BadCode)] == [
        (BadReason.INCOMPLETE, 5)
    ]


def test_keys_whose_reader_was_held_up_are_judged_by_the_times_at_which_they_were_pressed() -> None:
    now = [10.0]
    port = Keys(now, held_up_s=3.0)
    port.events = [tuple(typed("HALL-", 9.95, end=0)), (), tuple(typed("A012", 10.15))]
    source = TypedCodes(port, KeyDecoder(gap_s=0.3), lambda: now[0])
    reads = [read for _ in range(3) for read in source.read(0.1)]
    assert [read.text for read in reads if isinstance(read, Code)] == ["HALL-A012"]
    assert len(reads) == 1

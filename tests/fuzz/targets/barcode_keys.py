"""The keys of a scanner that types; three bytes an event: scancode, what happened, time in 10 ms."""

from halldrivers.barcode.codes import LONGEST, Code
from halldrivers.barcode.keydecoder import KeyDecoder
from halldrivers.keysource import Dropped, KeyEvent

_DROPPED = 3

MOST = 2400
"""Bytes of an input that are used: 800 keys, more than the longest code has."""

SEEDS = [
    bytes((30, 1, 0, 30, 0, 0, 28, 1, 0)),
    bytes((42, 1, 0, 30, 1, 0, 42, 0, 0, 96, 1, 0)),
    bytes((29, 1, 0, 49, 1, 0, 29, 0, 0, 15, 1, 0)),
    bytes((58, 1, 0, 2, 1, 0, 0, 3, 0, 3, 1, 50, 28, 1, 0)),
    bytes((2, 1, 0)) * 600 + bytes((28, 1, 0)),
]


def run(data: bytes) -> None:
    decoder = KeyDecoder()
    reads = []
    at_s = 0.0
    data = data[:MOST]
    for code, what, wait in zip(data[::3], data[1::3], data[2::3], strict=False):
        at_s += wait / 100
        happened = what % 4
        event = Dropped(at_s) if happened == _DROPPED else KeyEvent(code, happened, at_s)
        reads += decoder.feed(event)
        assert decoder.buffered <= LONGEST
    for read in (*reads, *decoder.idle(at_s + 9.0)):
        if isinstance(read, Code):
            assert 1 <= len(read.text) <= LONGEST
            assert all(" " <= character <= "~" for character in read.text)
    assert decoder.buffered == 0

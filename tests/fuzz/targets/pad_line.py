"""Boxes with text lines: up to the first zero a pattern that a technician wrote, then what the box sends."""

from halldrivers.ratingpad.errors import BadPadLine
from halldrivers.ratingpad.textline import MOST_LINE_BYTES, LineDecoder, PadLine

SEEDS = [
    b"K?([1-4])\x00K1\r\n2\r3\n",
    b"(?P<key>[1-4])\x001\r" + b"x" * 200 + b"\r4\n",
    b"(a|b|ab)+\x00ab\r",
    b".*.*([1-8])\x00" + b"a" * 120 + b"9\n",
    b"[^]x]+:(\\d)\x00ab:3\r",
    b"(\\d{2,60})(.*?)\x001234\r",
]


LONGEST = 500
"""Bytes of an input: a pattern and three of the longest lines."""


def run(data: bytes) -> None:
    data = data[:LONGEST]
    text, _, stream = data.partition(b"\x00")
    try:
        form = PadLine(text.decode("latin-1"))
    except BadPadLine as error:
        assert error.detail and error.detail_zh
        return
    whole, cut = LineDecoder(form), LineDecoder(form)
    heard = whole.feed(stream, 0.0)
    pieces = [key for byte in stream for key in cut.feed(bytes((byte,)), 0.0)]
    assert pieces == heard, "the cut of the bytes changes nothing"
    assert whole.buffered <= MOST_LINE_BYTES
    assert whole.garbage + whole.buffered <= len(stream)

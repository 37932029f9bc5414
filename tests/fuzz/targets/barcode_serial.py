"""The bytes of a scanner on a wire. The first byte chooses how its codes are framed."""

from halldrivers.barcode.codes import LONGEST, Code
from halldrivers.barcode.linedecoder import End, Framing, LineDecoder

MOST = 1200
"""Bytes of an input that are used: two codes of the longest kind."""

SEEDS = [
    b"\x00A012\r\n]Q1B7\r",
    b"\x03A\rB\r\nC\r\n",
    b"\x0d\x02]Q1A012\x03\r\n",
    b"\x01" + "号A012".encode() + b"\r\x1b[31m\r",
    b"\x02" + b"7" * 600 + b"\nA\n",
]


def run(data: bytes) -> None:
    chosen = data[0] if data else 0
    ends = list(End)
    around = (b"", b"\x02", b"<")[chosen // len(ends) % 3]
    framing = Framing(ends[chosen % len(ends)], around, around, has_aim=chosen & 0x40 != 0)
    whole, cut = LineDecoder(framing), LineDecoder(framing)
    data = data[1:MOST]
    reads = whole.feed(data, 1.0)
    assert whole.buffered <= LONGEST + 8
    pieces = [read for at in range(0, len(data), 3) for read in cut.feed(data[at : at + 3], 1.0)]
    assert pieces == reads, "the cut of the bytes changes nothing"
    for read in (*reads, *whole.idle(9.0)):
        if isinstance(read, Code):
            assert 1 <= len(read.text) <= LONGEST
            assert all(" " <= character <= "~" for character in read.text)
    assert whole.buffered == 0

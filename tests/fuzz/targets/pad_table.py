"""Boxes with byte frames: the first byte chooses a table, the rest is what the box sends."""

from halldrivers.ratingpad.table import PARTIAL_S, PadTable, TableDecoder

TABLES = [
    PadTable({str(key): f"AA 01 .. {key:02X} 55" for key in range(1, 5)}, other=("AA 02 .. 55",)),
    PadTable({"1": "AA BB CC DD", "2": "BB CC", "3": "CC AA", "4": ".. 00 FF"}),
    PadTable({"1": "31", "2": "32", "3": "33", "4": "34"}),
    PadTable({"1": ".. 10 FE", "2": ".. 11 FE", "3": ".. 12 .. .. FE", "4": ".. 13 FE"}),
]

SEEDS = [
    b"\x00\xaa\x01\x07\x01\x55",
    b"\x00\xaa\xaa\x01\x07\x04\x55\xaa\x02\x00\x55",
    b"\x01\xaa\xbb\xcc\xee\x05\x00\xff",
    b"\x0212345",
    b"\x03\x01\x10\xfe\x02\x12\x00\x00\xfe",
]


LONGEST = 120
"""Bytes of an input: twenty frames."""


def run(data: bytes) -> None:
    data = data[:LONGEST]
    if not data:
        return
    table, stream = TABLES[data[0] % len(TABLES)], data[1:]
    lengths = {key: len(pattern) for key, pattern in table.patterns if key}
    whole, cut, paused = TableDecoder(table), TableDecoder(table), TableDecoder(table)
    heard = whole.feed(stream, 0.0)
    pieces = [key for byte in stream for key in cut.feed(bytes((byte,)), 0.0)]
    assert pieces == heard, "the cut of the bytes changes nothing"
    assert whole.buffered < max(len(pattern) for _, pattern in table.patterns)
    framed = sum(lengths[key.key] for key in heard)
    assert framed + whole.garbage + whole.buffered <= len(stream)
    for index, byte in enumerate(stream[:20]):
        paused.feed(bytes((byte,)), index * 2 * PARTIAL_S)
        assert paused.buffered <= 1, "a frame that stands still is over"

"""The answers of an ESC/POS printer: real-time bytes, ASB groups, process ids, blocks."""

from halldrivers.printerline.answers import MOST_BLOCK_BYTES, Query, StatusDecoder

SEEDS = [
    b"\x12",
    b"\x16\x12\x12\x12",
    b"\x14\x00\x00\x00",
    b"\x37\x220001\x00",
    b"\x5fHALL\x00",
    b"\x0c\x11\x13",
]


def run(data: bytes) -> None:
    whole, cut = StatusDecoder(), StatusDecoder()
    for decoder in (whole, cut):
        decoder.expect(*Query)
    events = whole.feed(data)
    assert whole.buffered <= MOST_BLOCK_BYTES
    pieces = [event for byte in data for event in cut.feed(bytes((byte,)))]
    assert pieces == events, "the cut of the bytes changes nothing"

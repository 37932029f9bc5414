"""The bytes of a line of callers: frames, and the presses in their data."""

from halldrivers.caller.dialect import DIALECTS, MOST_DIGITS
from halldrivers.caller.frames import MOST_BYTES, FrameDecoder, encode

MOST = 400
"""Bytes of an input that are used: five frames of the longest kind."""

SEEDS = [
    bytes.fromhex("FF6803036802010C0F16"),
    bytes.fromhex("FF 68 05 05 68 01 01 01 02 0C 11 16"),
    bytes.fromhex("00 FF FF 68 02 02 68 07 03 0A 16 FF"),
    bytes.fromhex("FF 68 08 08 68 02 02 FF 68 02 02 68 16 ED 16"),
    bytes.fromhex("FF 68 40 40 68 FF 68 02 02 68 01 03 04 16"),
]


def run(data: bytes) -> None:
    data = data[:MOST]
    whole, cut = FrameDecoder(), FrameDecoder()
    frames = whole.feed(data)
    pieces = [frame for at in range(0, len(data), 3) for frame in cut.feed(data[at : at + 3])]
    assert pieces == frames, "the cut of the bytes changes nothing"
    assert whole.buffered < MOST_BYTES
    held = whole.buffered
    frames += whole.flush()
    assert whole.buffered == 0 and held < MOST_BYTES
    assert sum(len(encode(frame)) for frame in frames) + whole.garbage == len(data), "no byte is lost"
    for frame in frames:
        assert FrameDecoder().feed(encode(frame)) == [frame]
        for dialect in DIALECTS.values():
            keys = dialect.keys_of(frame.data)
            assert len(keys) <= MOST_DIGITS + 1
            assert all(key.digit is not None for key in keys[:-1])

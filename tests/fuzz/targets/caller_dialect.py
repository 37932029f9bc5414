"""What a caller's data mean, and what its display is sent; the first byte chooses the dialect."""

from halldrivers.caller.dialect import DIALECTS, MOST_DIGITS, CallerDialect
from halldrivers.caller.dialectconfig import dialect_from
from halldrivers.caller.frames import FrameDecoder, encode
from halldrivers.caller.keys import Key

MOST = 64
"""Bytes of an input that are used; a frame has fewer data."""

OURS = dialect_from(
    "ours",
    {
        "keys": {"00": "0", "31": "1", "32": "2", "F0": "next", "F1": "call"},
        "after_digits": {"F0": "call"},
        "whole": {"31 F1": "pass"},
    },
)
"""One from a configuration, whose digits are not their own codes."""
ALL: tuple[CallerDialect, ...] = (*DIALECTS.values(), OURS)

SEEDS = [
    bytes.fromhex("00 01 02 0C"),
    bytes.fromhex("00 06 0F"),
    bytes.fromhex("01 01 02 03 04 05 06 07 08 0A"),
    bytes.fromhex("01 01 02 03 04 05 06 07 08 09 0A"),
    bytes.fromhex("02 31 32 F0"),
    bytes.fromhex("02 31 F1"),
]


def run(data: bytes) -> None:
    dialect, data = ALL[(data[:1] or b"\0")[0] % len(ALL)], data[1:MOST]
    keys = dialect.keys_of(data)
    assert Key.LOST not in keys, "it says that presses were lost, and is on no caller"
    if data in dialect.whole:
        assert keys == (dialect.whole[data],)
    elif keys:
        assert len(keys) == len(data) <= MOST_DIGITS + 1, "each byte is a press, or none is"
        assert all(key.digit is not None for key in keys[:-1])
        assert all(dialect.keys[code] is key for code, key in zip(data[:-1], keys, strict=False))
        expected = dialect.keys.get(data[-1])
        if len(keys) > 1:
            expected = dialect.after_digits.get(data[-1], expected)
        assert keys[-1] is expected
    _show(dialect, data)


def _show(dialect: CallerDialect, data: bytes) -> None:
    """A ticket's number of any letters, and any count."""
    number, waiting = data.decode("latin-1"), int.from_bytes(data[:4], "big", signed=True)
    for show, frame in zip(dialect.shows, dialect.show(7, number, waiting), strict=True):
        assert (frame.address, frame.command, len(frame.data)) == (7, show.command, len(show.layout))
        assert set(frame.data) <= {dialect.blank, *range(dialect.zero, dialect.zero + 10)}
        assert FrameDecoder().feed(encode(frame)) == [frame]

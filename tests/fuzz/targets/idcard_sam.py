"""The answers of an ID-card reader's security module: frames, and what the driver makes of each."""

from halldrivers.idcard.dialect import Sam, Step
from halldrivers.idcard.samframe import HEAD_BYTES, MOST_LEN, PREAMBLE, SamDecoder, SamEvent
from halldrivers.idcard.sequence import SAM_TABLE, ReadSequence

LARGEST = HEAD_BYTES + MOST_LEN
SEEDS = [
    bytes.fromhex("AAAAAA9669 0004 000090 94"),
    bytes.fromhex("AAAAAA9669 0008 00009F 00000000 97"),
    bytes.fromhex("AAAAAA9669 000C 000090 0000000000000000 9C"),
    bytes.fromhex("AAAAAA9669 0004 698281 6E"),
    bytes.fromhex("AAAAAA9669 00 05050505 AAAAAA9669 0004 000090 94"),
    bytes.fromhex("AAAA AAAAAA9669 0004 000090 94 FF AAAA96"),
    bytes.fromhex("AAAAAA9669 090A 000090 010004000400"),
    bytes.fromhex("00 AAAAAA9669 0508 000090 01000400 AAAAAA9669 0004 000080 84"),
]


def run(data: bytes) -> None:
    whole, cut = SamDecoder(), SamDecoder()
    events = whole.feed(data)
    assert whole.buffered < LARGEST
    assert PREAMBLE in data or whole.buffered < len(PREAMBLE)
    step = 1 + len(data) % 13
    pieces = [event for at in range(0, len(data), step) for event in cut.feed(data[at : at + step])]
    assert pieces == events, "the cut of the bytes changes nothing"
    events += whole.settle()
    assert (pieces + cut.settle(), cut.garbage) == (events, whole.garbage)
    assert whole.buffered == 0 and whole.garbage <= len(data)
    walk(events)


def walk(events: list[SamEvent]) -> None:
    """A sequence takes whatever comes, and keeps nothing that its record does not have."""
    sequence = ReadSequence(Sam(), SAM_TABLE, Step.FIND)
    for event in events:
        if sequence.end is not None:
            break
        reply = Sam().reply(event)
        if sequence.ask.fits(reply):
            sequence.hear(reply)
    repr(sequence.record)

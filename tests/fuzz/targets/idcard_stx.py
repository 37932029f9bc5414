"""The answers of a multi-function ID-card reader: STX/LRC frames, and what the driver makes of each."""

from halldrivers.idcard.dialect import Step, Stx
from halldrivers.idcard.sequence import STX_TABLE, ReadSequence
from halldrivers.idcard.stxframe import AROUND_BYTES, MOST_LEN, StxDecoder, Wanted, version_text

LARGEST = AROUND_BYTES + MOST_LEN
SEEDS = [
    bytes.fromhex("02 0002 0000 00 03"),
    bytes.fromhex("02 0002 8000 80 03"),
    bytes.fromhex("02 02 0002 8000 80 03"),
    bytes.fromhex("02 0002 9000 90 03 FF 02 0002 8100 81 03"),
    bytes.fromhex("02 0506 9000 01000400"),
    bytes.fromhex("02 0002 00F3 F3 03"),
    bytes.fromhex("02 0026 9000 3100" + "00" * 34 + " A1 03"),
]


def run(data: bytes) -> None:
    whole, cut = StxDecoder(), StxDecoder()
    events = whole.feed(data)
    assert whole.buffered < LARGEST
    step = 1 + len(data) % 13
    pieces = [event for at in range(0, len(data), step) for event in cut.feed(data[at : at + step])]
    assert pieces == events, "the cut of the bytes changes nothing"
    events += whole.settle()
    assert (pieces + cut.settle(), cut.garbage) == (events, whole.garbage)
    assert whole.buffered == 0 and whole.garbage <= len(data)
    for wanted in (Wanted.TEXT, Wanted.NUMBER, Wanted.NAME_AND_NUMBER):
        dialect = Stx(wanted)
        sequence = ReadSequence(dialect, STX_TABLE, Step.READ)
        for event in events:
            if sequence.end is not None:
                break
            reply = dialect.reply(event)
            version_text(reply.data).encode("ascii")
            if sequence.ask.fits(reply):
                sequence.hear(reply)
        repr(sequence.record)

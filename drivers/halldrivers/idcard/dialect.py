"""The two languages that readers speak, brought to one: questions with their time-outs, and plain replies.

A dialect says which frame asks what, and turns its decoder's events into :class:`Reply`. It also tells an
answer from one that belongs to an earlier question: a late "selected" must not count as a card's text, nor a
late "no card" as a reader's health. An error may answer anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from halldrivers.idcard import samframe, stxframe
from halldrivers.idcard.cardtext import decode_base, decode_name_and_number, decode_number
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.swords import Said, sam_word, stx_word

QUICK_S = 1.0
"""For an answer to status, find and select: 0.1 to 1 s are in use."""
READ_S = 3.0
"""For the first byte of a card's text: 2 to 3 s are in use."""
ADDRESS_S = 1.5
MOST_ADDRESS_BYTES = 280
MOST_VERSION_BYTES = 128
"""54 by the document."""

_SPECIFIC = frozenset({Said.OK, Said.FOUND, Said.EMPTY, Said.NO_CARD, Said.NOT_SELECTED})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a question."""

    said: Said
    word: str = ""
    """The status word in hexadecimal, with the card's own after a slash: `81/6982`."""
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a reader."""

    name: str
    frame: bytes
    says: frozenset[Said]
    """The words of success and of an empty field that this question can have."""
    answer_s: float = QUICK_S
    """For the first byte; the rest follows at the speed of the line."""
    least: int = 0
    most: int = 0
    """Bytes of data in a success."""

    def fits(self, reply: Reply) -> bool:
        """Whether a reply can be one to this question."""
        if reply.said not in _SPECIFIC:
            return True
        if reply.said not in self.says:
            return False
        return reply.said is not Said.OK or self.least <= len(reply.data) <= self.most


class Step(Enum):
    """What a sequence asks; which frame that is, and what may follow, the dialects say."""

    LOOK = "is a card there"
    LOOK_AGAIN = "is a card there, second try"
    FIND = "find a card"
    FIND_AGAIN = "find a card, second try"
    REFIND = "find the card that is there once more"
    SELECT = "select it"
    READ = "read its text"
    READ_AGAIN = "read its text, second try"
    REREAD = "read the card that is there once more"
    ADDRESSES = "read its appended addresses"
    RESET = "reset the module"


class Decoder(Protocol):
    """What both frame decoders have."""

    garbage: int

    def feed(self, data: bytes) -> Sequence[object]:
        """Take bytes, and return what they complete."""
        ...

    def settle(self) -> Sequence[object]:
        """Nothing more will come; return what hid behind half a frame."""
        ...


class Dialect(Protocol):
    """A reader's language."""

    @property
    def hello(self) -> Ask:
        """Asks nothing but whether the reader is well."""
        ...

    @property
    def questions(self) -> Mapping[Step, Ask]:
        """What each step sends."""
        ...

    def decoder(self) -> Decoder:
        """A fresh decoder of its frames."""
        ...

    def reply(self, event: object) -> Reply:
        """What an event of the decoder comes to."""
        ...

    def record(self, body: bytes) -> CardRecord:
        """The record in the answer to READ."""
        ...


_OK = frozenset({Said.OK})
_FIND = frozenset({Said.FOUND, Said.NO_CARD})
_SELECT = frozenset({Said.OK, Said.NOT_SELECTED, Said.NO_CARD})
_READ = frozenset({Said.OK, Said.NO_CARD, Said.NOT_SELECTED, Said.EMPTY})
_ADDRESSES = frozenset({Said.OK, Said.EMPTY, Said.NO_CARD})


def _sam(
    command: samframe.Command,
    says: frozenset[Said] = _OK,
    *,
    answer_s: float = QUICK_S,
    least: int = 0,
    most: int = 0,
) -> Ask:
    return Ask(command.name, samframe.encode(command), says, answer_s, least, most)


class Sam:
    """GA/T 467: the card's security module itself, on a serial line, a bridge or USB."""

    hello = _sam(samframe.Command.STATUS)
    sam_id = _sam(samframe.Command.SAM_ID, least=16, most=16)
    questions: Mapping[Step, Ask] = {
        Step.LOOK: _sam(samframe.Command.FIND, _FIND),
        Step.LOOK_AGAIN: _sam(samframe.Command.FIND, _FIND),
        Step.FIND: _sam(samframe.Command.FIND, _FIND),
        Step.FIND_AGAIN: _sam(samframe.Command.FIND, _FIND),
        Step.REFIND: _sam(samframe.Command.FIND, _FIND),
        Step.SELECT: _sam(samframe.Command.SELECT, _SELECT, most=32),
        Step.READ: _sam(
            samframe.Command.READ_BASE, _READ, answer_s=READ_S, least=200, most=samframe.MOST_LEN
        ),
        Step.ADDRESSES: _sam(
            samframe.Command.READ_ADDRESSES, _ADDRESSES, answer_s=ADDRESS_S, most=MOST_ADDRESS_BYTES
        ),
        Step.RESET: _sam(samframe.Command.RESET, answer_s=READ_S),
    }

    def decoder(self) -> Decoder:
        """A fresh decoder of its frames."""
        return samframe.SamDecoder()

    def reply(self, event: object) -> Reply:
        """SW3 is judged; what the card said is only shown."""
        match event:
            case samframe.SamAnswer(sw1, sw2, sw3, data):
                card = f"/{sw1:02X}{sw2:02X}" if sw1 or sw2 else ""
                return Reply(sam_word(sw3).said, f"{sw3:02X}{card}", data)
            case samframe.SamDamaged():
                return Reply(Said.DAMAGED)
        return Reply(Said.SILENT)

    def set_baud(self, baud: int) -> Ask:
        """The question that changes the line speed, answered at the old one."""
        return _sam(samframe.BAUD_COMMANDS[baud])

    def record(self, body: bytes) -> CardRecord:
        """Text, and photo or fingerprints that are left alone."""
        return decode_base(body)


class Stx:
    """The frames of multi-function readers, which find, select and read in one command."""

    hello = Ask("VERSION", stxframe.encode(stxframe.Command.VERSION), _OK, most=MOST_VERSION_BYTES)

    def __init__(self, wanted: stxframe.Wanted = stxframe.Wanted.TEXT) -> None:
        self._wanted = wanted
        read = _stx_read(wanted)
        look = _stx_read(stxframe.Wanted.NUMBER)
        reset = Ask("RESET", stxframe.encode(stxframe.Command.RESET), _OK, READ_S)
        self.questions: Mapping[Step, Ask] = {
            Step.LOOK: look,
            Step.LOOK_AGAIN: look,
            Step.READ: read,
            Step.READ_AGAIN: read,
            Step.REREAD: read,
            Step.RESET: reset,
        }

    def decoder(self) -> Decoder:
        """A fresh decoder of its frames."""
        return stxframe.StxDecoder()

    def reply(self, event: object) -> Reply:
        """Both status bytes are judged."""
        match event:
            case stxframe.StxAnswer(high, low, data):
                return Reply(stx_word(high, low).said, f"{high:02X}{low:02X}", data)
        return Reply(Said.DAMAGED)

    def record(self, body: bytes) -> CardRecord:
        """As much as was asked for."""
        match self._wanted:
            case stxframe.Wanted.NUMBER:
                return decode_number(body)
            case stxframe.Wanted.NAME_AND_NUMBER:
                return decode_name_and_number(body)
        return decode_base(body)


def _stx_read(wanted: stxframe.Wanted) -> Ask:
    return Ask(
        f"READ {wanted.name}", stxframe.read_card(wanted), _READ, READ_S, least=2, most=stxframe.MOST_LEN
    )

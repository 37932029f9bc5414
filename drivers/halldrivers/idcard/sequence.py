"""The steps from an empty field to a card's record, as a table: no I/O, no time.

A security module wants find, select and read for every card; multi-function readers do all three in one
command. Both give up to the citizen (re-place the card) before they give up on the reader, and each cure is
tried once in a sequence: send again what arrived damaged, begin again where the order was wrong, reset the
module that is confused. What happens a second time is an event of its own (:class:`Again`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from halldrivers.idcard.cardtext import decode_addresses
from halldrivers.idcard.dialect import Ask, Dialect, Reply, Step
from halldrivers.idcard.errors import TextUnreadable
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.swords import Said


class End(Enum):
    """What a sequence came to."""

    NO_CARD = "no card answers"
    CARD_LIES = "a card lies there"
    CARD_READ = "a card was read"
    REPLACE = "the citizen re-places the card"
    NOT_ID_CARD = "the citizen has laid something else"
    REFUSED = "the card's data is not genuine"
    UNREADABLE = "the answer has no known form"
    SILENT = "the reader is silent"
    LINE = "the line damages frames"
    CONFUSED = "the reader refuses"
    SELF_TEST = "the module's self-test failed"
    UNLICENSED = "the module has no licence"
    RADIO = "the reader's radio failed"


class Again(Enum):
    """A cure that was tried and did not help."""

    BAD_SUM = Said.BAD_SUM
    DAMAGED = Said.DAMAGED
    BAD_ORDER = Said.BAD_ORDER
    CONFUSED = Said.CONFUSED
    NOT_SELECTED = Said.NOT_SELECTED


_AGAIN = {again.value: again for again in Again}

Event = Said | Again
Row = Mapping[Event, Step | End]

_ANY: dict[Event, End] = {
    Said.OK: End.CONFUSED,
    Said.FOUND: End.CONFUSED,
    Said.EMPTY: End.REPLACE,
    Said.NO_CARD: End.NO_CARD,
    Said.NOT_SELECTED: End.REPLACE,
    Again.NOT_SELECTED: End.REPLACE,
    Said.BAD_CONTACT: End.REPLACE,
    Said.REFUSED: End.REFUSED,
    Said.WRONG_CARD: End.NOT_ID_CARD,
    Again.BAD_SUM: End.LINE,
    Again.DAMAGED: End.LINE,
    Again.BAD_ORDER: End.CONFUSED,
    Again.CONFUSED: End.CONFUSED,
    Said.UNUSABLE: End.CONFUSED,
    Said.SELF_TEST: End.SELF_TEST,
    Said.UNLICENSED: End.UNLICENSED,
    Said.RADIO: End.RADIO,
    Said.SILENT: End.SILENT,
}
"""What an event means at any step that does not say otherwise."""


def _row(step: Step, again: Step | End, special: Mapping[Event, Step | End]) -> Row:
    """A row of what any step does, the cures that begin at `again`, and what this step does."""
    cures: dict[Event, Step | End] = {
        Said.BAD_SUM: step,
        Said.DAMAGED: step,
        Said.BAD_ORDER: again,
        Said.CONFUSED: Step.RESET,
    }
    return {**_ANY, **cures, **special}


_GONE: dict[Event, Step | End] = {Said.NO_CARD: End.REPLACE, Said.SILENT: End.REPLACE}
"""A card was there: the citizen is asked, whether it moved or the reader lost its words over it."""

_LOOK: dict[Event, Step | End] = {Said.BAD_ORDER: End.CONFUSED, Said.CONFUSED: End.CONFUSED}
"""Only looking: no cure is worth a read that nobody asked for."""

_AFTER_READ: dict[Event, Step | End] = {
    event: End.CARD_READ for event in (*Said, *Again) if event not in (Said.BAD_SUM, Said.DAMAGED)
}
"""The card has been read: what goes wrong here costs the appended addresses, not the card."""

SAM_TABLE: Mapping[Step, Row] = {
    Step.LOOK: _row(Step.LOOK, Step.LOOK, _LOOK | {Said.FOUND: End.CARD_LIES, Said.NO_CARD: Step.LOOK_AGAIN}),
    Step.LOOK_AGAIN: _row(Step.LOOK_AGAIN, Step.LOOK, _LOOK | {Said.FOUND: End.CARD_LIES}),
    Step.FIND: _row(Step.FIND, Step.FIND, {Said.FOUND: Step.SELECT, Said.NO_CARD: Step.FIND_AGAIN}),
    Step.FIND_AGAIN: _row(Step.FIND_AGAIN, Step.FIND, {Said.FOUND: Step.SELECT}),
    Step.REFIND: _row(Step.REFIND, Step.REFIND, _GONE | {Said.FOUND: Step.SELECT}),
    Step.SELECT: _row(Step.SELECT, Step.REFIND, _GONE | {Said.OK: Step.READ, Said.NOT_SELECTED: Step.REFIND}),
    Step.READ: _row(Step.READ, Step.REFIND, _GONE | {Said.OK: Step.ADDRESSES}),
    Step.ADDRESSES: _row(Step.ADDRESSES, End.CARD_READ, _AFTER_READ),
    Step.RESET: _row(Step.RESET, End.CONFUSED, {Said.OK: Step.REFIND}),
}

SAM_TABLE_TEXT_ONLY: Mapping[Step, Row] = {
    **SAM_TABLE,
    Step.READ: {**SAM_TABLE[Step.READ], Said.OK: End.CARD_READ},
}
"""Without the appended addresses."""

STX_TABLE: Mapping[Step, Row] = {
    Step.LOOK: _row(Step.LOOK, Step.LOOK, _LOOK | {Said.OK: End.CARD_LIES, Said.NO_CARD: Step.LOOK_AGAIN}),
    Step.LOOK_AGAIN: _row(Step.LOOK_AGAIN, Step.LOOK, _LOOK | {Said.OK: End.CARD_LIES}),
    Step.READ: _row(
        Step.READ,
        Step.REREAD,
        {Said.OK: End.CARD_READ, Said.NO_CARD: Step.READ_AGAIN, Said.NOT_SELECTED: Step.REREAD},
    ),
    Step.READ_AGAIN: _row(Step.READ_AGAIN, Step.REREAD, {Said.OK: End.CARD_READ}),
    Step.REREAD: _row(Step.REREAD, Step.REREAD, _GONE | {Said.OK: End.CARD_READ}),
    Step.RESET: _row(Step.RESET, End.CONFUSED, {Said.OK: Step.REREAD}),
}


_READS = (Step.READ, Step.READ_AGAIN, Step.REREAD)
_WITH_CARD = (Step.SELECT, Step.READ, Step.REREAD, Step.REFIND, Step.RESET)


class ReadSequence:
    """One walk through a table: ask :attr:`ask`, :meth:`hear` what came, until :attr:`end` says something."""

    def __init__(self, dialect: Dialect, table: Mapping[Step, Row], start: Step) -> None:
        self._dialect, self._table = dialect, table
        self._tried: set[Again] = set()
        self.step = start
        self.end: End | None = None
        self.last = Reply(Said.SILENT)
        """The reply that led here."""
        self.record: CardRecord | None = None
        """Set at `CARD_READ`."""
        self.problem: TextUnreadable | None = None
        """Why the card or its appended addresses could not be made out; holds sizes only."""

    @property
    def ask(self) -> Ask:
        """What is to be asked now."""
        return self._dialect.questions[self.step]

    @property
    def has_card(self) -> bool:
        """Whether a card had answered when the sequence came to where it is."""
        return self.step in _WITH_CARD

    def hear(self, reply: Reply) -> None:
        """Take what the question came to."""
        self.last = reply
        following = self._table[self.step][self._event(reply.said)]
        try:
            self._keep(reply)
        except TextUnreadable as error:
            self.problem = error
            following = End.UNREADABLE if self.record is None else End.CARD_READ
        if isinstance(following, End):
            self.end = following
        else:
            self.step = following

    def _event(self, said: Said) -> Event:
        again = _AGAIN.get(said)
        if again is None:
            return said
        if again in self._tried:
            return again
        self._tried.add(again)
        return said

    def _keep(self, reply: Reply) -> None:
        if self.step in _READS and reply.said is Said.OK:
            self.record = self._dialect.record(reply.data)
        elif self.step is Step.ADDRESSES and self.record is not None and reply.said in (Said.OK, Said.EMPTY):
            self.record = self.record.with_addresses(decode_addresses(reply.data))

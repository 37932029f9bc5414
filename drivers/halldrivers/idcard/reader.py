"""The ID-card reader as a device: armed it reads the card that is laid on it, disarmed it reads none.

Rules, before the code:

1. One turn asks one question, so that `disarm` and closing wait for no more than one answer.
2. A card is handed over once: after a read the reader only looks (find, never read) until the field is free,
   and the same number within the debounce time is no second card.
3. What a citizen must do is told once, as a :class:`~.trouble.CardTrouble`; what is wrong with the reader is
   raised, and told by its worker.
4. Photo and fingerprints are not asked for where that is possible, and end in the decoder where it is not.
   Nothing that a card says is logged, put into an error, or held longer than the call of `on_card`.

Callbacks come from the worker's thread and must not block. `disarm` does not wait for one that is on its way;
a card that is read afterwards is handed to nobody.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping

from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, Fault
from halldrivers.idcard.address import Frames, IdCardAddress
from halldrivers.idcard.arming import Arming, OnCard
from halldrivers.idcard.connect import OpenWire, fault_of
from halldrivers.idcard.dialect import Dialect, Sam, Step, Stx
from halldrivers.idcard.link import ReaderLink
from halldrivers.idcard.sequence import (
    SAM_TABLE,
    SAM_TABLE_TEXT_ONLY,
    STX_TABLE,
    End,
    ReadSequence,
    Row,
)
from halldrivers.idcard.swords import Said
from halldrivers.idcard.trouble import CardTrouble, OnTrouble
from halldrivers.idcard.visit import Pace, Visit, Want
from halldrivers.status import DeviceStatus
from halldrivers.worker import DeviceWorker, Retry

_LOOKS = (Step.LOOK, Step.LOOK_AGAIN)
_TROUBLES = {
    End.REPLACE: CardTrouble.REPLACE,
    End.NOT_ID_CARD: CardTrouble.NOT_ID_CARD,
    End.REFUSED: CardTrouble.REFUSED,
    End.UNREADABLE: CardTrouble.REPLACE,
}

log = logging.getLogger("hall.device")


class CardReader:
    """One reader, a driver for a :class:`~halldrivers.worker.DeviceWorker`: see :meth:`worker`.

    `open_wire` replaces the address's transport; `with_addresses` is whether appended addresses are read too;
    `sleep` is used only after a change of the line speed.
    """

    def __init__(
        self,
        address: IdCardAddress,
        *,
        on_card: OnCard,
        on_trouble: OnTrouble = lambda trouble: None,
        pace: Pace | None = None,
        with_addresses: bool = True,
        counters: Counters | None = None,
        open_wire: OpenWire | None = None,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.address = address
        self.counters = counters or Counters()
        self._pace = pace or Pace()
        self._arming = Arming(on_card, on_trouble)
        self._visit = Visit(self._arming, self.counters, self._pace, random_bytes)
        self._now_s = now_s
        self._dialect: Dialect
        self._table: Mapping[Step, Row]
        if address.frames is Frames.SAM:
            self._dialect, self._first = Sam(), Step.FIND
            self._table = SAM_TABLE if with_addresses else SAM_TABLE_TEXT_ONLY
        else:
            self._dialect, self._first, self._table = Stx(address.wanted), Step.READ, STX_TABLE
        self._link = ReaderLink(
            open_wire or address.wire, address.bauds, self._dialect, self.counters, now_s, sleep
        )
        self._wake: Callable[[], None] = lambda: None
        self._sequence: ReadSequence | None = None
        self._next_poll_s = self._next_health_s = 0.0

    def worker(
        self,
        name: str,
        *,
        on_status: Callable[[DeviceStatus], None] = lambda status: None,
        retry: Retry | None = None,
    ) -> DeviceWorker:
        """The worker that keeps this reader, not started; arming wakes it."""
        worker = DeviceWorker(name, self, on_status=on_status, counters=self.counters, retry=retry)
        self._wake = worker.wake
        return worker

    # --- from any thread ---------------------------------------------------------------------------

    @property
    def is_armed(self) -> bool:
        """Whether a card that is laid on it is read."""
        return self._arming.is_armed

    def arm(self) -> None:
        """Read the next card. To be called only after the citizen has agreed to it."""
        self._arming.arm()
        self._wake()

    def disarm(self) -> None:
        """Read no more."""
        self._arming.disarm()
        self._wake()

    def borrow(self, on_card: OnCard, on_trouble: OnTrouble) -> bool:
        """Read the next card for a check instead; False while it is armed. `arm` takes the reader back."""
        is_lent = self._arming.borrow(on_card, on_trouble)
        self._wake()
        return is_lent

    def give_back(self) -> None:
        """The check is done; harmless when the reader was taken back."""
        self._arming.give_back()
        self._wake()

    # --- in the worker's thread --------------------------------------------------------------------

    @property
    def warning(self) -> Fault | None:
        """None: what a lying card asks for is the citizen's, and told as such."""
        return None

    @property
    def baud(self) -> int:
        """The line speed at which it was found last; 0 on a wire without one."""
        return self._link.baud

    def open(self) -> None:
        """Find the line speed and hear that the reader is well; raise a DeviceError and hold nothing."""
        self._sequence = None
        self._link.open()
        self._next_health_s = self._now_s() + self._pace.health_s

    def close(self) -> None:
        """Give the wire back; harmless when it is closed."""
        self._sequence = None
        self._link.close()

    def turn(self) -> float:
        """Ask one question, or none; answers the seconds until the next."""
        try:
            return self._turn()
        except DeviceError:
            # The next turn must ask: one that asks nothing would pass for a reader that is well.
            self._next_poll_s = self._next_health_s = 0.0
            raise

    def health(self) -> None:
        """A technician's call, through the worker: hear from the reader that it is well, or raise."""
        self._link.health()

    def identity(self) -> str:
        """A technician's call, through the worker: the module's id, or what an STX reader says of itself."""
        return self._link.identity()

    def set_baud(self, baud: int) -> None:
        """A technician's call, through the worker: change the module's line speed, for good.

        The configuration must say the new speed (or `auto`) afterwards. Raises BaudNotChanged, or what
        opening the line at the new speed raises.
        """
        self._sequence = None
        self._link.set_baud(baud)

    def _turn(self) -> float:
        if not self._link.is_open:
            self.open()
        now_s = self._now_s()
        self._drop_unwanted(now_s)
        if self._sequence is None:
            want = self._visit.want(now_s)
            if want is Want.NOTHING:
                return self._health_turn(now_s)
            if now_s < self._next_poll_s:
                return self._next_poll_s - now_s
            first = Step.LOOK if want is Want.LOOK else self._first
            self._sequence = ReadSequence(self._dialect, self._table, first)
        return self._step(self._sequence)

    def _drop_unwanted(self, now_s: float) -> None:
        """End a read that nobody wants any more, or that was begun for somebody before."""
        is_unwanted = self._visit.is_new() or not self._arming.is_armed
        sequence = self._sequence
        if is_unwanted and sequence is not None and sequence.step not in _LOOKS:
            self._sequence = None
            if sequence.record is not None:
                # Read by the module, it is found again only once it was lifted.
                self._visit.card_lies(now_s)

    def _health_turn(self, now_s: float) -> float:
        if now_s >= self._next_health_s:
            self._link.health()
            self._next_health_s = now_s + self._pace.health_s
        return self._next_health_s - now_s

    def _step(self, sequence: ReadSequence) -> float:
        sequence.hear(self._link.ask(sequence.ask))
        if sequence.end is None:
            return 0.0
        self._sequence = None
        now_s = self._now_s()
        self._next_poll_s = now_s + self._pace.poll_s
        self._ended(sequence, sequence.end, now_s)
        return self._pace.poll_s

    def _ended(self, sequence: ReadSequence, end: End, now_s: float) -> None:
        log.debug("ID card: %s %s", end.name, sequence.last.word)
        if end is End.NO_CARD:
            self._visit.no_card(now_s)
        elif end is End.CARD_LIES:
            self._visit.card_lies(now_s)
        elif end is End.CARD_READ and sequence.record is not None:
            self._visit.card_read(sequence.record, now_s)
        elif end in _TROUBLES:
            if sequence.last.said is Said.SILENT:
                self.counters.add("timeouts")
            if self._visit.citizen_must(_TROUBLES[end], now_s):
                log.info("ID card: not read: %s", sequence.problem or sequence.last.word or end.name)
        else:
            if sequence.has_card and end in (End.CONFUSED, End.LINE):
                self._visit.citizen_must(CardTrouble.REPLACE, now_s)
            raise fault_of(sequence.last)

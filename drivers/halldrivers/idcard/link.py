"""The open way to a reader: asked, found again when it fell silent, and what a technician does with it."""

from __future__ import annotations

from collections.abc import Callable

from halldrivers.counters import Counters
from halldrivers.idcard.connect import OpenWire, connect, fault_of
from halldrivers.idcard.dialect import Ask, Dialect, Reply, Sam, Stx
from halldrivers.idcard.errors import BaudNotChanged
from halldrivers.idcard.exchange import Exchange
from halldrivers.idcard.samframe import BAUD_COMMANDS, sam_id_text
from halldrivers.idcard.stxframe import version_text
from halldrivers.idcard.swords import Said
from halldrivers.status import MISSES

AFTER_BAUD_CHANGE_S = 0.005


class ReaderLink:
    """One reader over one wire, in one thread; opens itself when it is asked something."""

    def __init__(
        self,
        open_wire: OpenWire,
        bauds: tuple[int, ...],
        dialect: Dialect,
        counters: Counters,
        now_s: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._open_wire, self._bauds, self._dialect = open_wire, bauds, dialect
        self._counters, self._now_s, self._sleep = counters, now_s, sleep
        self._exchange: Exchange | None = None
        self._silences = 0
        self._was_found = False

    @property
    def is_open(self) -> bool:
        """Whether the reader was found and not lost since."""
        return self._exchange is not None

    @property
    def baud(self) -> int:
        """The line speed at which it was found last; 0 on a wire without one."""
        return self._bauds[0]

    def open(self) -> None:
        """Find the line speed and hear that the reader is well; raise a DeviceError and hold nothing."""
        self.close()
        self._exchange, baud = connect(
            self._open_wire, self._order(), self._dialect, self._counters, self._now_s
        )
        self._prefer(baud)
        self._was_found = True

    def close(self) -> None:
        """Give the wire back; harmless when it is closed."""
        exchange, self._exchange = self._exchange, None
        self._silences = 0
        if exchange is not None:
            exchange.close()

    def ask(self, ask: Ask) -> Reply:
        """One question; silence is a reply. After three silences in a row the wire is closed."""
        if self._exchange is None:
            self.open()
        assert self._exchange is not None
        reply = self._exchange.ask(ask)
        self._silences = self._silences + 1 if reply.said is Said.SILENT else 0
        if self._silences >= MISSES:
            # Perhaps it has another line speed by now, or the bridge has lost this connection: begin anew.
            self.close()
        return reply

    def health(self) -> None:
        """Hear from the reader that it is well, or raise what is wrong."""
        self._ask_or_raise(self._dialect.hello)

    def identity(self) -> str:
        """The security module's id, or what a multi-function reader says of itself."""
        if isinstance(self._dialect, Sam):
            return sam_id_text(self._ask_or_raise(Sam.sam_id).data)
        return version_text(self._ask_or_raise(Stx.hello).data)

    def set_baud(self, baud: int) -> None:
        """Change the module's line speed for good, and go on at the new one.

        Raises :class:`BaudNotChanged`, or what opening the line at the new speed raises.
        """
        if not isinstance(self._dialect, Sam) or self._bauds == (0,):
            raise BaudNotChanged()
        if baud not in BAUD_COMMANDS:
            raise BaudNotChanged(str(baud))
        reply = self.ask(self._dialect.set_baud(baud))
        if reply.said is not Said.OK:
            raise BaudNotChanged(reply.word)
        self.close()
        self._sleep(AFTER_BAUD_CHANGE_S)
        self._prefer(baud)
        self.open()

    def _ask_or_raise(self, ask: Ask) -> Reply:
        reply = self.ask(ask)
        if reply.said is not Said.OK:
            raise fault_of(reply)
        return reply

    def _order(self) -> tuple[int, ...]:
        """The line speeds to try; the one that was found before comes back between the others.

        A reader that was just plugged in tests itself before it answers, and should not then have to wait
        until every other speed was tried.
        """
        if not self._was_found:
            return self._bauds
        known, *others = self._bauds
        return (known, *(baud for other in others for baud in (other, known)))

    def _prefer(self, baud: int) -> None:
        """The speed that works is the first to be tried from now on."""
        self._bauds = (baud, *(other for other in self._bauds if other != baud))

"""Health checks that a technician asked for, between two jobs of the spooler that holds the printer.

They come by the keeper's log and go back into it (``DeviceTestAsked``, ``DeviceTestTold``). One waits until
the step under way is over; one that comes while a ticket is being printed is told so at once.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from functools import partial

import msgspec

from halldrivers.check import CheckLevel, Finding
from halldrivers.errors import DeviceError
from hallprinter.spooler_check import BUSY, CRASHED, DONE, PrinterCheck
from hallprinter.spooler_ledger import PrintLedger
from hallprinter.spooler_state import IN_FLIGHT, Signal, SpoolerState
from hallqueue.events import DeviceTestAsked
from hallqueue.views import EventLine

_MOST_WAITING = 4
_CONNECTED = frozenset({SpoolerState.FLUSHING, SpoolerState.IDLE, SpoolerState.BLOCKED})
_asked = msgspec.json.Decoder(DeviceTestAsked)

log = logging.getLogger("hall.spooler")


@dataclass(frozen=True, slots=True)
class AskedTest:
    """A check that somebody waits for."""

    test: int
    """The number of the event that asked for it."""
    level: CheckLevel


class PrinterTests:
    """The checks of one printer."""

    def __init__(self, device: str, check: PrinterCheck, ledger: PrintLedger) -> None:
        self._device, self._check, self._ledger = device, check, ledger
        self._waiting: deque[AskedTest] = deque(maxlen=_MOST_WAITING)
        self._told = 0

    def hear(self, line: EventLine) -> None:
        """Take an event of the log."""
        if line.type == DeviceTestAsked.__name__:
            asked = _asked.decode(line.body)
            if asked.device == self._device:
                self._waiting.append(AskedTest(line.seq, CheckLevel(asked.level)))

    def work(self, state: SpoolerState) -> Signal | None:
        """Carry out the check that waits longest; the signal when the printer must be brought into step."""
        if not self._waiting or state is SpoolerState.STARTING:
            return None
        asked = self._waiting.popleft()
        log.info("%s: %s check, asked for", self._device, asked.level)
        tell, signal = partial(self._tell, asked), None
        try:
            signal = self._carry_out(asked.level, state, tell)
        except DeviceError as error:
            log.warning("%s: its check: %s", self._device, error)
            signal = Signal.LOST if state in _CONNECTED else None
        except Exception:  # border: whoever asked must hear of it
            log.exception("the check of %s failed", self._device)
            tell(CRASHED)
            signal = Signal.LOST if state in _CONNECTED else None
        self._tell(asked, DONE, is_last=True)
        return signal

    def _carry_out(self, level: CheckLevel, state: SpoolerState, tell: partial[None]) -> Signal | None:
        if level is CheckLevel.INTERNAL:
            self._check.internal(tell)
        elif state in IN_FLIGHT:
            tell(BUSY)
        elif level is CheckLevel.EXTERNAL or state is not SpoolerState.IDLE:
            self._check.external(tell, is_open=state in _CONNECTED)
        elif not self._check.interactive(tell):
            return Signal.LOST
        return None

    def _tell(self, asked: AskedTest, finding: Finding, *, is_last: bool = False) -> None:
        self._told += 1
        self._ledger.tell_test(asked.test, self._told, finding, is_last=is_last)

"""The printer as the spooler watches it: connected, looked at, brought into step, given up and found again.

A lost look or two is no outage (network printers vanish for seconds): a printer is gone after three. A
printer that never answered anything since the start is taken for one that cannot (a one-way line): it prints,
and every outcome is unknown. One that used to answer and is silent now is gone, and jobs wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from halldrivers.errors import DeviceError, DeviceState
from halldrivers.printerline import ConfirmBy, PrinterAbilities, PrinterLine, PrinterStatus
from halldrivers.printerline.enrol import still_answers
from halldrivers.printerline.faults import SILENT
from halldrivers.status import MISSES, DeviceStatus, status_of_error
from hallprinter.profile import MOST_BLOCK_BYTES
from hallprinter.spooler_report import Reporter, status_word

log = logging.getLogger("hall.spooler")

CUT_OFF = b"\x1b\x40\x1d\x56\x42\x00"
"""ESC @, GS V 66 0: cuts off whatever hangs in the printer."""


@dataclass(frozen=True, slots=True)
class LineTimes:
    """How long the printer is waited for, in seconds."""

    status_s: float = 0.5
    probe_s: float = 0.5
    flush_s: float = 1.0
    retry_first_s: float = 0.2
    retry_most_s: float = 1.0
    """Longest wait between two tries to connect: a printer that is back is found within 1.5 s."""


class Look(StrEnum):
    """What a look at the printer found."""

    WELL = "well"
    BLOCKED = "blocked"
    MISSED = "missed"
    """Silent this time."""
    GONE = "gone"


class WatchedLine:
    """One printer line with its health; `random` answers numbers in [0, 1)."""

    def __init__(
        self,
        line: PrinterLine,
        reporter: Reporter,
        random: Callable[[], float],
        times: LineTimes,
        enrolled: PrinterAbilities | None = None,
    ) -> None:
        self.line = line
        self._enrolled, self._is_strange = enrolled, False
        self._reporter = reporter
        self._random = random
        self._times = times
        self._misses = 0
        self._failures = 0
        self._has_answered = False
        self._is_mute = False
        self._is_unproved = True
        self._may_hang = False

    @property
    def rung(self) -> ConfirmBy:
        """The strongest proof that this printer can give."""
        abilities = self.line.abilities
        return abilities.best if abilities is not None else ConfirmBy.WRITE

    @property
    def is_mute(self) -> bool:
        """Whether it is taken for one that cannot answer."""
        return self._is_mute

    @property
    def missed(self) -> bool:
        """Whether the last look was not answered."""
        return self._misses > 0 and not self._is_mute

    def suspect(self, may_hang: bool = True) -> None:
        """Half a job may be inside; with `may_hang` half a slip as well, which must be cut off."""
        self._is_unproved = True
        self._may_hang = self._may_hang or may_hang

    def connect(self) -> bool:
        """Open the wire; False when nothing is there."""
        try:
            self.line.open()
        except DeviceError as error:
            self._failures += 1
            if self._failures >= MISSES:
                self._reporter.note(status_of_error(error))
            return False
        self._misses = 0
        return True

    def wait_s(self) -> float:
        """How long to wait before the next try to connect: doubling, with jitter."""
        times = self._times
        base = min(times.retry_most_s, times.retry_first_s * 2.0 ** min(self._failures, 16))
        return base * (0.5 + self._random())

    def look(self) -> Look:
        """Ask for the printer's state and report what is new in it."""
        try:
            status = self._status()
        except DeviceError:
            self._failures += 1
            return Look.GONE
        if status.is_silent:
            return self._missed()
        self._misses = 0
        self._has_answered, self._is_mute = True, False
        self._reporter.note(status_word(status))
        return Look.BLOCKED if status.blocks_printing else Look.WELL

    def saw(self, status: PrinterStatus) -> None:
        """Report a state that was heard in passing."""
        if not status.is_silent:
            self._reporter.note(status_word(status))

    def prepare(self) -> bool:
        """Bring a printer that is well into step and find out its abilities; False when it cannot be."""
        try:
            if self._is_unproved and not self._flush():
                return False
            if not self._probe():
                return False
        except DeviceError as error:
            log.debug("lost while preparing: %s", error)
            self._failures += 1
            return False
        self._is_unproved = self._may_hang = False
        self._failures = 0
        return True

    def close(self) -> None:
        """Close the wire; it may be opened again."""
        self.line.close()

    def _status(self) -> PrinterStatus:
        abilities, times = self.line.abilities, self._times
        if abilities is not None and not abilities.realtime:
            # It answers in order only.
            return self.line.last_asb if self.line.enable_asb(times.status_s) else PrinterStatus()
        return self.line.status(times.status_s)

    def _missed(self) -> Look:
        self._misses += 1
        if self._is_mute:
            return Look.WELL
        if self._misses < MISSES:
            return Look.MISSED
        self._reporter.note(DeviceStatus(DeviceState.UNKNOWN, SILENT))
        if self._has_answered:
            self._failures += 1
            return Look.GONE
        self._is_mute = True
        return Look.WELL

    def _flush(self) -> bool:
        """True when the printer is in step, or cannot say so and got the filling anyway."""
        if self.line.flush_half_job(self._times.flush_s, MOST_BLOCK_BYTES, cut=self._may_hang):
            return True
        abilities = self.line.abilities
        if abilities is not None and abilities.asb:
            self._reporter.note(DeviceStatus(DeviceState.UNKNOWN, SILENT))
            self._failures += 1
            return False
        if self._may_hang:
            self.line.send_job(CUT_OFF, "CUT0", ConfirmBy.WRITE, self._times.flush_s)
        return True

    def _probe(self) -> bool:
        """Ask again whenever a proof failed to come: another unit may stand at the same address."""
        if self.line.abilities is not None and not self._is_unproved:
            return True
        if self._is_enrolled_unit():
            return True
        found = self.line.probe(self._times.probe_s)
        if not found.best.can_prove and self._status().blocks_printing:
            self.line.abilities = None  # the paper ended meanwhile: what it did not answer says nothing
            return False
        if found.best is ConfirmBy.WRITE:
            self.line.abilities = None  # so that looks go on asking everything
        else:
            self._has_answered, self._is_mute = True, False
        log.info("the printer proves by rung %s", found.best)
        return True

    def _is_enrolled_unit(self) -> bool:
        """Whether the printer still answers what its enrolment found: then nothing is searched for."""
        known = self._enrolled
        if known is None or known.best is ConfirmBy.WRITE:
            return False
        if not still_answers(self.line, known, self._times.probe_s):
            if not self._is_strange:
                log.warning("the printer does not answer as enrolled: perhaps another one; enrol it again")
            self._is_strange = True
            return False
        self.line.abilities = known
        self._has_answered, self._is_mute, self._is_strange = True, False, False
        return True

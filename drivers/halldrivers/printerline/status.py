"""What the printer's answers mean: paper, cover, cutter, errors, and who must act.

The decoding of the answers themselves is in `answers`; this module reads the bits (facts: Epson TM-T88III,
TM-T81 and TM-U220 manuals, Citizen, Bixolon, HPRT, SPRT) and keeps "unknown" apart from every other value: a
printer that says nothing is neither fine nor empty.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from halldrivers.errors import DeviceState, Fault
from halldrivers.printerline import faults
from halldrivers.printerline.answers import AsbGroup, Query


class Online(StrEnum):
    """Whether the printer takes jobs."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"


class Cover(StrEnum):
    """The lid over the paper."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    OPEN = "open"


class Paper(StrEnum):
    """The roll. Without a near-end sensor (many 58 mm units) LOW never comes."""

    UNKNOWN = "unknown"
    FULL = "full"
    LOW = "low"
    OUT = "out"


class Cutter(StrEnum):
    """The auto-cutter; a printer without one always says OK."""

    UNKNOWN = "unknown"
    OK = "ok"
    JAMMED = "jammed"


class ErrorState(StrEnum):
    """The worst error apart from the cutter."""

    UNKNOWN = "unknown"
    NONE = "none"
    HEALING = "healing"
    """Recovers by itself: the head is too hot."""
    RECOVERABLE = "recoverable"
    FATAL = "fatal"
    """Needs a power cycle at least."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The state of a printer as far as it was told; every field begins unknown."""

    online: Online = Online.UNKNOWN
    cover: Cover = Cover.UNKNOWN
    paper: Paper = Paper.UNKNOWN
    cutter: Cutter = Cutter.UNKNOWN
    error: ErrorState = ErrorState.UNKNOWN

    @property
    def is_silent(self) -> bool:
        """True when the printer told nothing at all."""
        return self == SILENT

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, what must be dealt with first at the front."""
        return tuple(fault for holds, fault in self._checks() if holds)

    @property
    def fault(self) -> Fault | None:
        """The first fault that stops printing, or None; a silent printer gives the fault P-01."""
        return next((fault for fault in self.faults if fault.blocking), None)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What does not stop printing yet: paper low."""
        return tuple(fault for fault in self.faults if not fault.blocking)

    @property
    def blocks_printing(self) -> bool:
        """True when the printer itself says that it cannot print now; silence does not say so."""
        return not self.is_silent and self.fault is not None

    @property
    def state(self) -> DeviceState:
        """The state in the hall's vocabulary."""
        if self.is_silent:
            return DeviceState.UNKNOWN
        fault = self.fault
        if fault is None:
            return DeviceState.UNKNOWN if self.online is Online.UNKNOWN else DeviceState.ONLINE
        if fault is faults.OFFLINE:
            return DeviceState.OFFLINE
        return DeviceState.BUSY if fault is faults.HEAD_HOT else DeviceState.FAULT

    def _checks(self) -> tuple[tuple[bool, Fault], ...]:
        known = (
            (self.cover is Cover.OPEN, faults.COVER_OPEN),
            (self.paper is Paper.OUT, faults.PAPER_OUT),
            (self.cutter is Cutter.JAMMED, faults.CUTTER_JAMMED),
            (self.error is ErrorState.FATAL, faults.FATAL_ERROR),
            (self.error is ErrorState.RECOVERABLE, faults.RECOVERABLE_ERROR),
            (self.error is ErrorState.HEALING, faults.HEAD_HOT),
        )
        cause_known = any(holds for holds, _ in known)
        return (
            (self.is_silent, faults.SILENT),
            *known,
            (self.online is Online.OFFLINE and not cause_known, faults.OFFLINE),
            (self.paper is Paper.LOW, faults.PAPER_LOW),
        )


SILENT = PrinterStatus()
"""The status of a printer that did not answer."""


def from_realtime(answers: dict[Query, int]) -> PrinterStatus:
    """Read the answers to DLE EOT; a question without an answer leaves its fields unknown.

    With the cover open the paper-end bits may be stale (manuals), so paper is then unknown.
    """
    status = SILENT
    if (value := answers.get(Query.PRINTER)) is not None:
        status = replace(status, online=Online.OFFLINE if value & 0x08 else Online.ONLINE)
    if (value := answers.get(Query.OFFLINE_CAUSE)) is not None:
        status = replace(status, cover=Cover.OPEN if value & 0x04 else Cover.CLOSED)
        if value & 0x20:
            status = replace(status, paper=Paper.OUT)
    if (value := answers.get(Query.ERROR_CAUSE)) is not None:
        cutter = Cutter.JAMMED if value & 0x08 else Cutter.OK
        status = replace(status, cutter=cutter, error=_error(value & 0x20, value & 0x04, value & 0x40))
    if (value := answers.get(Query.PAPER)) is not None and status.paper is not Paper.OUT:
        status = replace(status, paper=_paper(value & 0x60, value & 0x0C))
    return replace(status, paper=Paper.UNKNOWN) if status.cover is Cover.OPEN else status


def from_asb(group: AsbGroup) -> PrinterStatus:
    """Read an automatic status group.

    With the cover open the paper-end bits may be stale (manuals), so paper is then unknown.
    """
    first, second, third, _ = group.data
    cover = Cover.OPEN if first & 0x20 else Cover.CLOSED
    return PrinterStatus(
        online=Online.OFFLINE if first & 0x08 else Online.ONLINE,
        cover=cover,
        paper=Paper.UNKNOWN if cover is Cover.OPEN else _paper(third & 0x0C, third & 0x03),
        cutter=Cutter.JAMMED if second & 0x08 else Cutter.OK,
        error=_error(second & 0x20, second & 0x04, second & 0x40),
    )


def _paper(end_bits: int, near_bits: int) -> Paper:
    if end_bits:
        return Paper.OUT
    return Paper.LOW if near_bits else Paper.FULL


def _error(fatal: int, recoverable: int, healing: int) -> ErrorState:
    if fatal:
        return ErrorState.FATAL
    if recoverable:
        return ErrorState.RECOVERABLE
    return ErrorState.HEALING if healing else ErrorState.NONE

"""What came of a scan: the pages, how it ended, and who must act.

Files are counted, never exit codes or the program's text: ``scanimage`` ends with 0 and says "1 page scanned"
for an empty feeder (observed). The exit status only says why no more pages came.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from halldrivers.errors import DeviceError, Fault, PortDenied
from halldrivers.scanner import errors


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One whole file. It belongs to whoever takes it: move it away, the scanner never touches it again."""

    path: Path
    sha256: str
    """Of this file, in hexadecimal: as it was delivered, or as it was taken out of a PDF or TIFF."""
    media_type: str
    """``image/jpeg``, ``image/png`` or ``image/tiff`` (of one sheet)."""
    size_bytes: int
    number: int
    """From 1, in the order of the paper."""
    turn_degrees: int = 0
    """Clockwise turn after which it stands as the machine meant it: 0, 90, 180 or 270. Only pages out of a
    PDF have one: their JPEG is kept as it is, and the PDF said how to show it."""


class Ended(StrEnum):
    """How a scan ended; with pages or without, as :attr:`ScanOutcome.pages` says."""

    DONE = "done"
    """The feeder is empty, the one page is there, or the person said that it is all."""
    LIMIT = "limit"
    """As many pages as were allowed; there may be more paper."""
    NO_PAPER = "no paper"
    CANCELLED = "cancelled"
    """We were asked to stop."""
    STOPPED_AT_DEVICE = "stopped at device"
    JAMMED = "jammed"
    COVER_OPEN = "cover open"
    BUSY = "busy"
    IO_ERROR = "io error"
    DENIED = "denied"
    ABSENT = "absent"
    REFUSED = "refused"
    """The device works, but not with these settings."""
    LOCKED = "locked"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    BAD_PAGE = "bad page"
    DOCUMENT_REFUSED = "document refused"
    """Watched folder: a PDF or TIFF could not be taken; pages of other files are kept."""
    LENGTH_UNKNOWN = "length unknown"
    DISK_FULL = "disk full"
    NOTHING_ARRIVED = "nothing arrived"
    PROGRAM_MISSING = "program missing"
    NOT_KEPT = "not kept"
    """Whoever takes the pages refused one; it lies in the folder still."""


ERROR_OF: dict[Ended, type[DeviceError] | None] = {
    Ended.DONE: None,
    Ended.LIMIT: None,
    Ended.CANCELLED: None,
    Ended.NOT_KEPT: None,  # its fault is that of the one who refused
    Ended.NO_PAPER: errors.FeederEmpty,
    Ended.STOPPED_AT_DEVICE: errors.ScanStoppedAtDevice,
    Ended.JAMMED: errors.FeederJammed,
    Ended.COVER_OPEN: errors.ScannerCoverOpen,
    Ended.BUSY: errors.ScannerBusy,
    Ended.IO_ERROR: errors.ScannerIoError,
    Ended.DENIED: errors.ScannerDenied,
    Ended.ABSENT: errors.ScannerAbsent,
    Ended.REFUSED: errors.ScanRefused,
    Ended.LOCKED: errors.ScannerLocked,
    Ended.TIMED_OUT: errors.ScanTimeout,
    Ended.CRASHED: errors.ScannerCrashed,
    Ended.BAD_PAGE: errors.PageBroken,
    Ended.DOCUMENT_REFUSED: errors.DocumentDamaged,  # or what else was wrong with it
    Ended.LENGTH_UNKNOWN: errors.PageLengthUnknown,
    Ended.DISK_FULL: errors.ScanDiskFull,
    Ended.NOTHING_ARRIVED: errors.NothingArrived,
    Ended.PROGRAM_MISSING: errors.ScannerProgramMissing,
}

ASKS_PERSON = frozenset({Ended.NO_PAPER, Ended.NOTHING_ARRIVED})
"""Nothing is broken: a person is to put paper in, and to try again."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Something that the device lacks, and what was done instead."""

    option: str
    asked: str
    used: str


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """One scan from beginning to end."""

    pages: tuple[ScannedPage, ...]
    """Every whole page, in order, those before a jam included; all of them were given to ``on_page``."""
    ended: Ended
    fault: Fault | None = None
    """Who must act and what to do; None when it ended as it should."""
    folder: Path | None = None
    """Where the pages lie; removed by itself once it is empty at the end of the scan."""
    adapted: tuple[Adaptation, ...] = ()
    detail: str = ""
    """The program's own last words, for a technician."""

    @property
    def asks_person(self) -> bool:
        """Whether this is a question ("put paper in") rather than an error."""
        return self.ended in ASKS_PERSON and not self.pages


def ended_of(error: DeviceError) -> Ended:
    """The ending that an error is; whatever else keeps us from the device is its absence."""
    if isinstance(error, TimeoutError):
        return Ended.TIMED_OUT
    if isinstance(error, PortDenied):
        return Ended.DENIED
    found = (ended for ended, kind in ERROR_OF.items() if kind is not None and isinstance(error, kind))
    return next(found, Ended.ABSENT)


def fault_of(ended: Ended) -> Fault | None:
    """The fault that an ending is; None when it is none. Without the program's words: people read it."""
    error = ERROR_OF[ended]
    return error().as_fault() if error else None

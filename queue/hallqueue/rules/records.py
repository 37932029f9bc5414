"""The rows that a day's state consists of; they change only when an event is applied."""

from __future__ import annotations

from dataclasses import dataclass, field

from hallqueue.rules.line import Place
from hallqueue.states import PrintState, RatingState, ScanState, TicketState, WindowState


@dataclass(slots=True)
class TicketRecord:
    """票."""

    id: int
    number: str
    chosen: str
    """The service chosen at the terminal."""
    service: str
    """Of the current matter."""
    matters: list[str]
    matter: int
    priority: str
    rank: int
    person: str
    masked_name: str
    reference: str
    channel: str
    day: str
    arrival_ms: int
    place_ms: int
    since_ms: int
    clock_ok: bool
    ahead: int
    estimate_s: int
    index: int = 0
    """Of the current matter among ``matters``."""
    state: TicketState = TicketState.WAITING
    window: int = 0
    clerk: str = ""
    to_window: int = 0
    """In line for this window only; 0 for any."""
    recalls: int = 0
    call_mark: int = 0
    """How many of its line had been called when it was."""
    passed_ms: int = 0
    worked_ms: int = 0
    """Work on the current matter before ``work_since_ms`` (it was held in between)."""
    work_since_ms: int = 0
    job: int = 0
    """The newest print job, or 0."""
    copies: int = 0

    @property
    def place(self) -> Place:
        """Where it stands in its line."""
        return (self.place_ms, self.id)


@dataclass(slots=True)
class WindowRecord:
    """窗口."""

    number: int
    state: WindowState = WindowState.CLOSED
    clerk: str = ""
    pause_reason: str = ""
    current: int = 0
    """The ticket in hand, or 0."""
    held: list[int] = field(default_factory=list)
    overtakes: int = 0
    """How many of its last calls in a row overtook a lower class."""
    rating: int = 0
    """The matter of its newest rating session today, or 0."""
    done: int = 0
    passed: int = 0
    stray: int = 0


ENDED, REPRINTED = "ended", "reprint"
NEEDLESS = frozenset({ENDED, REPRINTED})
"""Why a paper that was still to come is not needed any more: its ticket ended, or a 补打 replaces it."""


@dataclass(slots=True)
class JobRecord:
    """A print job."""

    id: int
    ticket: int
    copy: int
    queued_ms: int
    state: PrintState = PrintState.QUEUED
    printer: str = ""
    rung: str = ""
    reason: str = ""
    later_ms: int = 0
    """How far steps of the wall clock moved its expiry."""


@dataclass(slots=True)
class RatingRecord:
    """The question for a rating of one matter."""

    matter: int
    ticket: int
    service: str
    window: int
    clerk: str
    opened_ms: int
    until_ms: int
    state: RatingState = RatingState.OPEN
    level: str = ""
    reason: str = ""


@dataclass(slots=True)
class DeviceRecord:
    """A device as last reported."""

    device: str
    kind: str
    state: str
    code: str
    who: str
    what_zh: str
    remedy_zh: str
    since_ms: int
    what_en: str = ""
    remedy_en: str = ""
    counters: str = ""


@dataclass(slots=True)
class DeviceTestRecord:
    """A test of a device that somebody asked for today."""

    test: int
    device: str
    level: str
    asked_ms: int
    is_ended: bool = False


@dataclass(slots=True)
class ScanRecord:
    """A scanned material whose file is still here."""

    scan: int
    sha256: str
    ticket: int
    matter: int
    material: str
    pages: int
    size: int
    device: str
    sealed_for: str
    kept_ms: int
    is_interrupted: bool
    state: ScanState = ScanState.KEPT

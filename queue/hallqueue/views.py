"""What the hall looks like from outside: the records that answers and pushes carry.

Screens, the spooler and the rating desk see these and never the database. Times are milliseconds
since 1970 UTC; an empty string or 0 means "none" where the field says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from hallqueue.states import PrintState, RatingState, ScanState, TicketState, WindowState


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """等待时间, with the data it was computed from."""

    ahead: int
    """Tickets that would be called before one taken now."""
    wait_s: int
    """Estimated wait in seconds; -1 when no window that could serve it is open."""
    windows: int
    """Open windows that serve the service."""
    service_s: int
    """Handling time it reckons with."""
    samples: int
    """Measured service times behind ``service_s``; 0 means the configured usual time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """票 as staff and paper show it. No name in full, no number of a person."""

    ticket: int
    number: str
    state: TicketState
    service: str
    """Id of the current matter's service."""
    service_name: str
    chosen: str
    """Id of the service chosen at the terminal (differs within a 一件事 or after a transfer)."""
    matter: int
    matter_index: int
    """0-based place of the current matter among ``matters``."""
    matters: tuple[str, ...]
    """Names of all matters of the visit in order."""
    priority: str
    masked_name: str
    day: str
    arrival_ms: int
    since_ms: int
    """When it entered its present state."""
    window: int
    """The window that has it in hand or holds it; once passed or ended the last one; 0 in line."""
    recalls: int
    reference: str
    print_state: PrintState
    """The newest print job's state."""
    copies: int
    clock_ok: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """The waiting line of one service, and whether it gives out tickets now."""

    service: str
    waiting: int
    estimate: Estimate
    open: bool
    refusal_code: str
    """The code of the error that taking a ticket now would get, or empty."""
    refusal_zh: str
    refusal_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    """The question for a rating of one finished matter at one window."""

    matter: int
    ticket: int
    number: str
    service_name: str
    window: int
    state: RatingState
    opened_ms: int
    until_ms: int
    level: str
    """A hallqueue.states.Level, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """窗口 as its console, the hall screen and its pad need it."""

    number: int
    name: str
    kind: str
    state: WindowState
    clerk: str
    pause_reason: str
    current: TicketView | None
    """The ticket in hand (called or serving)."""
    held: tuple[TicketView, ...]
    next: TicketView | None
    """Whom 呼叫下一位 would call now."""
    waiting: int
    """Tickets in line that this window may call."""
    rating: RatingView | None
    """The open rating session, or the last one of today."""
    done_today: int
    """Matters finished here (a 一件事 counts each)."""
    passed_today: int
    stray_today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call as the hall screen and the voice show it."""

    seq: int
    """Event number: strictly rising, so a listener announces each call once."""
    at_ms: int
    ticket: int
    number: str
    window: int
    times: int
    """1 for the call, 2 and more for recalls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintView:
    """A print job with what is needed to print it."""

    job: int
    copy: int
    state: PrintState
    queued_ms: int
    printer: str
    rung: str
    reason: str
    ticket: TicketView
    ahead: int
    """At the time of issue."""
    estimate_s: int
    window_hint: str
    """Windows that serve it, such as ``1、2``; empty when every window does."""
    expires_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    """设备状态."""

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
    """What it has done, as ``name=count`` with spaces between; as old as its last report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanView:
    """A scanned material; what is on its pages is nowhere but in the sealed file."""

    scan: int
    sha256: str
    state: ScanState
    ticket: int
    matter: int
    material: str
    pages: int
    size: int
    """Bytes of the sealed file."""
    device: str
    sealed_for: str
    kept_ms: int
    is_interrupted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HallSnapshot:
    """The hall at one moment: all that a screen shows."""

    seq: int
    """Number of the last event in it: the cursor."""
    epoch: str
    at_ms: int
    day: str
    clock_ok: bool
    closed_reason: str
    """Not empty once the day was closed."""
    lines: tuple[LineView, ...]
    windows: tuple[WindowView, ...]
    calls: tuple[CallView, ...]
    """The last calls, newest first, at most 12."""
    waiting: tuple[TicketView, ...]
    """The first of those in line, in the order of their places (arrival, save for a returned one), at
    most 20."""
    passed: tuple[TicketView, ...]
    """过号 that may still return, newest first, at most 12."""
    print_troubles: tuple[PrintView, ...]
    """Today's jobs that are unknown, failed or expired, newest first, at most 12."""
    devices: tuple[DeviceView, ...]
    waiting_total: int
    issued_today: int
    done_today: int
    rated_today: int
    unrated_today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The answer to 取号."""

    ticket: TicketView
    estimate: Estimate
    job: int
    """The print job, or 0 when no paper was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The answer to 办结."""

    ticket: TicketView
    rating: RatingView


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What became of a press on a pad."""

    rated: bool
    """False is a stray press."""
    rating: RatingView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """An event as the log panel and the command line show it."""

    epoch: str
    seq: int
    at_ms: int
    day: str
    clock_ok: bool
    actor: str
    type: str
    body: str
    """The stored JSON text."""

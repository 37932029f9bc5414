"""Everything that can happen in a hall, as records that never change.

The log of these is the truth: the state of a day is the fold of its events, the tables are a
projection of them, and ``hall verify`` folds them again to prove the tables. Additive changes only:
a new field needs a default, or old logs cannot be read.

Times are milliseconds since 1970 UTC. Ids (``ticket``, ``matter``, ``job``) count up over the life
of a database; ``number`` is what people see.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened:
    """A business day began; ``day`` is its date YYYY-MM-DD and never runs backwards."""

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed:
    """The day was closed (解散) by staff; those in line were voided by events of their own before it."""

    day: str
    reason: str
    dissolved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReopened:
    """The closing of this same day was taken back: tickets are given out again; who was voided stays so."""

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped:
    """The wall clock was set while people were there: what is reckoned from it moves along.

    A step of half an hour would otherwise end every rating and every paper that is seconds old.
    """

    by_ms: int
    """Forward is positive."""
    matters: tuple[int, ...] = ()
    """Matters whose open rating session ends that much later."""
    jobs: tuple[int, ...] = ()
    """Waiting print jobs that expire that much later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIssued:
    """取号: a ticket exists and stands in line for its first matter."""

    ticket: int
    number: str
    prefix: str
    ordinal: int
    """The number within prefix and day, from its counter row."""
    service: str
    """What was chosen; a 一件事 names the whole."""
    matters: tuple[str, ...]
    """The services to visit in order, at least one."""
    matter: int
    """Id of the first matter."""
    priority: str
    person: str
    """Keyed hash of the person, or empty."""
    masked_name: str
    reference: str
    """Unguessable, for the QR code."""
    channel: str
    """``terminal``, ``staff`` or ``script``."""
    ahead: int
    """How many stood before it at that moment."""
    estimate_s: int
    """Estimated wait; -1 when nothing can be said."""
    estimate_basis: str
    """What it was computed from, as ``key=value`` words."""
    place_ms: int = 0
    """The time that its place in line is reckoned from; 0 is the event's own time. Later than that
    only while the wall time lies behind: a clock set back lets nobody overtake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled:
    """叫号 to a window."""

    ticket: int
    window: int
    clerk: str
    overtook: bool
    """An earlier ticket of a lower class that this window serves kept waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecalled:
    """重呼; ``times`` counts from 1 for the first recall."""

    ticket: int
    window: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStarted:
    """开始办理 of the current matter."""

    ticket: int
    matter: int
    window: int
    clerk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPassed:
    """过号: called and did not come."""

    ticket: int
    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReturned:
    """A passed ticket stands in line again."""

    ticket: int
    place_ms: int
    """The time that its place in line is reckoned from (its arrival is kept for the statistics)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketHeld:
    """挂起: the citizen fetches something; the window may serve another."""

    ticket: int
    window: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed:
    """恢复办理 of a held ticket at a window."""

    ticket: int
    window: int
    clerk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred:
    """转移 of the current matter to another service and perhaps one window; number and arrival stay."""

    ticket: int
    window: int
    service: str
    to_window: int
    """0 when any window of the service may call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFinished:
    """办结 of one matter; its rating session opens until ``rate_until_ms``."""

    ticket: int
    matter: int
    service: str
    window: int
    clerk: str
    verb: str
    """``finish``, ``advance`` or ``forward``: what the ticket does next (see hallqueue.states)."""
    next_matter: int
    """Id of the matter that follows, or 0."""
    next_service: str
    rate_until_ms: int
    skipped: int = 0
    """How many planned matters before ``next_service`` were left out, because no window serves them any
    more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketVoided:
    """作废: the citizen left, an operator's decision, or the closing of the day."""

    ticket: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened:
    """开窗 by a clerk, also after a pause."""

    window: int
    clerk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPaused:
    """暂停."""

    window: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed:
    """关窗."""

    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintQueued:
    """The intent to print a ticket; ``copy`` 0 is the original, n the n-th 补打."""

    job: int
    ticket: int
    copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintBegun:
    """From here on bytes may have left."""

    job: int
    printer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintEnded:
    """The outcome of a job: ``printed``, ``failed``, ``unknown`` or ``expired``."""

    job: int
    state: str
    rung: str
    """The rung of the confirmation ladder that was reached (A, B, C, D), ``person`` or empty."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven:
    """评价 from the citizen's hand."""

    matter: int
    window: int
    level: str
    raw_key: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingUnrated:
    """The question for a rating ended in silence; ``reason`` is timeout, superseded or closed."""

    matter: int
    window: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayPress:
    """A press that nobody asked for; it rates nothing."""

    window: int
    device: str
    raw_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChanged:
    """A device's state changed (XFS4IoT states); written once down and once up."""

    device: str
    kind: str
    state: str
    code: str
    who: str
    what_zh: str
    remedy_zh: str
    since_ms: int = 0
    """When this state began, if before the event (a new day carries its devices over); 0 is the
    event's own time."""


Body = (
    DayOpened
    | DayClosed
    | DayReopened
    | ClockStepped
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | TicketPassed
    | TicketReturned
    | TicketHeld
    | TicketResumed
    | TicketTransferred
    | MatterFinished
    | TicketVoided
    | WindowOpened
    | WindowPaused
    | WindowClosed
    | PrintQueued
    | PrintBegun
    | PrintEnded
    | RatingGiven
    | RatingUnrated
    | StrayPress
    | DeviceChanged
)

BODIES: dict[str, type[Body]] = {cls.__name__: cls for cls in Body.__args__}
"""Event type name, as stored, to its class."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log: who did what when, numbered without gaps within its epoch."""

    epoch: str
    seq: int
    at_ms: int
    day: str
    clock_ok: bool
    """False when the wall time was not to be trusted at that moment."""
    actor: str
    """The peer's role, and the clerk where there is one: ``window:2``, ``terminal``, ``keeper``."""
    body: Body

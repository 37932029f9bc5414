"""A ticket from 取号 to its end."""

from __future__ import annotations

from dataclasses import dataclass


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

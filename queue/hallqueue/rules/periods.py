"""Periods: the stretches of a visit that every statistic is made of.

A ticket has at most one open period: waiting, called, serving or held. Which one an event closes
and which it opens follows from the event alone, so the store needs no state to keep its rows: it
closes the ticket's open row at the event's time and opens the next with the matter and the service
that the ticket has *after* the event. ``PASSED`` is not a period: nobody waits and nobody works.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hallqueue.events import (
    Body,
    MatterFinished,
    ServiceStarted,
    TicketCalled,
    TicketHeld,
    TicketIssued,
    TicketPassed,
    TicketResumed,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
)
from hallqueue.states import Verb


class PeriodKind(StrEnum):
    """What goes on during a period."""

    WAITING = "waiting"
    """In a line (also after a transfer)."""
    CALLED = "called"
    """Called to a window, on the way."""
    SERVING = "serving"
    """At the window."""
    HELD = "held"
    """Fetching something; the window keeps the place."""


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """What an event does to the periods of one ticket."""

    ticket: int
    closes: bool
    """The ticket's open period, if any, ends at the event's time."""
    opens: PeriodKind | None
    """The period that begins at the event's time."""
    window: int = 0
    """Of the opened period; 0 while waiting for any window."""
    clerk: str = ""
    """Of the opened period, where the event says it; for a held one the store copies the row before."""


def period_change(body: Body) -> PeriodChange | None:
    """What ``body`` does to the periods of its ticket, or None when it does nothing to any."""
    match body:
        case TicketIssued():
            return PeriodChange(body.ticket, False, PeriodKind.WAITING)
        case TicketReturned():
            return PeriodChange(body.ticket, False, PeriodKind.WAITING)
        case TicketTransferred():
            return PeriodChange(body.ticket, True, PeriodKind.WAITING, body.to_window)
        case TicketCalled():
            return PeriodChange(body.ticket, True, PeriodKind.CALLED, body.window, body.clerk)
        case ServiceStarted() | TicketResumed():
            return PeriodChange(body.ticket, True, PeriodKind.SERVING, body.window, body.clerk)
        case TicketHeld():
            return PeriodChange(body.ticket, True, PeriodKind.HELD, body.window)
        case TicketPassed() | TicketVoided():
            return PeriodChange(body.ticket, True, None)
        case MatterFinished(verb=Verb.ADVANCE):
            return PeriodChange(body.ticket, True, PeriodKind.SERVING, body.window, body.clerk)
        case MatterFinished(verb=Verb.FORWARD):
            return PeriodChange(body.ticket, True, PeriodKind.WAITING)
        case MatterFinished():
            return PeriodChange(body.ticket, True, None)
        case _:
            return None

"""What the folds of a day share: the refusal of a log that cannot be, and the look-ups that refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hallqueue.events import Event
from hallqueue.rules.records import TicketRecord, WindowRecord
from hallqueue.states import IN_HAND, TRANSITIONS, TicketState, Verb

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState

Fold = Callable[["DayState", Event, Any], None]
"""Applies one type of event; the last argument is the body, of the type that the table names."""


class BrokenLog(ValueError):
    """An event that the state before it cannot explain: the log was altered or the program has a fault."""

    def __init__(self, event: Event, why: str) -> None:
        self.event = event
        self.why = why
        super().__init__(f"event {event.epoch}/{event.seq} {type(event.body).__name__}: {why}")


def ticket_of(state: DayState, event: Event, ticket: int) -> TicketRecord:
    """The ticket the event speaks of."""
    record = state.tickets.get(ticket)
    if record is None:
        raise BrokenLog(event, f"no ticket {ticket} on {state.day}")
    return record


def window_of(state: DayState, number: int) -> WindowRecord:
    """The window's record; one that the plan does not know (any more) gets its record here."""
    record = state.windows.get(number)
    if record is None:
        record = state.windows[number] = WindowRecord(number)
    return record


def moved(event: Event, ticket: TicketRecord, verb: Verb) -> TicketState:
    """The state that follows by the table."""
    after = TRANSITIONS[ticket.state].get(verb)
    if after is None:
        raise BrokenLog(event, f"{ticket.number} is {ticket.state}, cannot {verb}")
    return after


def take_in_hand(state: DayState, event: Event, ticket: TicketRecord, window: int, clerk: str) -> None:
    """The window has this ticket in hand from now on; it must have none."""
    record = window_of(state, window)
    if record.current not in (0, ticket.id):
        raise BrokenLog(event, f"window {window} still has ticket {record.current}")
    if ticket.state in IN_HAND and ticket.window != window:
        raise BrokenLog(event, f"{ticket.number} is at window {ticket.window}")
    record.current = ticket.id
    ticket.window = window
    ticket.clerk = clerk


def let_go(state: DayState, event: Event, ticket: TicketRecord, window: int) -> None:
    """The window, which has this ticket in hand, has nobody any more."""
    record = window_of(state, window)
    if record.current != ticket.id:
        raise BrokenLog(event, f"window {window} does not have {ticket.number}")
    record.current = 0


def stand_in_line(state: DayState, ticket: TicketRecord) -> None:
    """Into the line of its service, at its place."""
    state.lines.add(ticket.service, ticket.rank, ticket.to_window, ticket.place)
    state.work.line_changed(ticket.service, state.lines.waiting(ticket.service))


def leave_line(state: DayState, ticket: TicketRecord) -> None:
    """Out of the line it stands in."""
    state.lines.remove(ticket.service, ticket.rank, ticket.to_window, ticket.place)
    state.work.line_changed(ticket.service, state.lines.waiting(ticket.service))

"""The fold of a visit: what each ticket event does to the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallqueue.events import (
    Body,
    Event,
    MatterFinished,
    ServiceStarted,
    TicketCalled,
    TicketHeld,
    TicketIssued,
    TicketPassed,
    TicketRecalled,
    TicketResumed,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
)
from hallqueue.rules.day_fold import (
    BrokenLog,
    Fold,
    leave_line,
    let_go,
    moved,
    stand_in_line,
    take_in_hand,
    ticket_of,
    window_of,
)
from hallqueue.rules.records import RatingRecord, TicketRecord
from hallqueue.states import IN_HAND, IN_LINE, TicketState, Verb
from hallqueue.views import CallView

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState


def _issued(state: DayState, event: Event, body: TicketIssued) -> None:
    if body.ticket in state.tickets or body.number in state.by_number:
        raise BrokenLog(event, f"{body.number} was given out before")
    if not body.matters:
        raise BrokenLog(event, f"{body.number} has no matter")
    ticket = TicketRecord(
        id=body.ticket,
        number=body.number,
        chosen=body.service,
        service=body.matters[0],
        matters=list(body.matters),
        matter=body.matter,
        priority=body.priority,
        rank=state.plan.rank(body.priority) if body.priority else 0,
        person=body.person,
        masked_name=body.masked_name,
        reference=body.reference,
        channel=body.channel,
        day=event.day,
        arrival_ms=event.at_ms,
        place_ms=body.place_ms or event.at_ms,
        since_ms=event.at_ms,
        clock_ok=event.clock_ok,
        ahead=body.ahead,
        estimate_s=body.estimate_s,
    )
    state.tickets[ticket.id] = ticket
    state.by_number[ticket.number] = ticket.id
    state.by_reference[ticket.reference] = ticket.id
    state.active[ticket.id] = None
    state.taken[ticket.chosen] = state.taken.get(ticket.chosen, 0) + 1
    if ticket.person:
        who = (ticket.person, ticket.chosen)
        state.taken_by[who] = state.taken_by.get(who, 0) + 1
        state.active_of[who] = ticket.id
    state.last_place_ms = max(state.last_place_ms, ticket.place_ms)
    stand_in_line(state, ticket)


def _called(state: DayState, event: Event, body: TicketCalled) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.CALL)
    window = window_of(state, body.window)
    take_in_hand(state, event, ticket, body.window, body.clerk)
    leave_line(state, ticket)
    window.overtakes = window.overtakes + 1 if body.overtook else 0
    state.called[ticket.service] = ticket.call_mark = state.called.get(ticket.service, 0) + 1
    ticket.to_window = 0
    ticket.recalls = 0
    _enter(event, ticket, after)
    _show_call(state, event, ticket, 1)


def _recalled(state: DayState, event: Event, body: TicketRecalled) -> None:
    ticket = ticket_of(state, event, body.ticket)
    moved(event, ticket, Verb.RECALL)
    if ticket.window != body.window:
        raise BrokenLog(event, f"{ticket.number} is at window {ticket.window}")
    ticket.recalls = body.times
    _show_call(state, event, ticket, body.times + 1)


def _started(state: DayState, event: Event, body: ServiceStarted) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.START)
    take_in_hand(state, event, ticket, body.window, body.clerk)
    ticket.worked_ms, ticket.work_since_ms = 0, event.at_ms
    _enter(event, ticket, after)


def _passed(state: DayState, event: Event, body: TicketPassed) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.PASS)
    let_go(state, event, ticket, body.window)
    window_of(state, body.window).passed += 1
    ticket.passed_ms = event.at_ms
    state.passed[ticket.id] = None
    _forget_person(state, ticket)
    _enter(event, ticket, after)


def _returned(state: DayState, event: Event, body: TicketReturned) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.RETURN)
    del state.passed[ticket.id]
    if ticket.person:
        state.active_of[ticket.person, ticket.chosen] = ticket.id
    ticket.place_ms = body.place_ms
    ticket.window, ticket.recalls = 0, 0
    stand_in_line(state, ticket)
    _enter(event, ticket, after)


def _held(state: DayState, event: Event, body: TicketHeld) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.HOLD)
    let_go(state, event, ticket, body.window)
    window_of(state, body.window).held.append(ticket.id)
    ticket.worked_ms += max(0, event.at_ms - ticket.work_since_ms)
    _enter(event, ticket, after)


def _resumed(state: DayState, event: Event, body: TicketResumed) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.RESUME)
    _not_held(state, event, ticket)
    take_in_hand(state, event, ticket, body.window, body.clerk)
    ticket.work_since_ms = event.at_ms
    _enter(event, ticket, after)


def _transferred(state: DayState, event: Event, body: TicketTransferred) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.TRANSFER)
    let_go(state, event, ticket, body.window)
    ticket.service = ticket.matters[ticket.index] = body.service
    ticket.to_window = body.to_window
    ticket.window, ticket.recalls = 0, 0
    stand_in_line(state, ticket)
    _enter(event, ticket, after)


def _finished(state: DayState, event: Event, body: MatterFinished) -> None:
    ticket = ticket_of(state, event, body.ticket)
    verb = Verb(body.verb)
    after = moved(event, ticket, verb)
    if ticket.matter != body.matter or ticket.window != body.window:
        raise BrokenLog(event, f"{ticket.number} has matter {ticket.matter} at window {ticket.window}")
    _open_rating(state, event, body)
    window_of(state, body.window).done += 1
    worked_ms = ticket.worked_ms + event.at_ms - ticket.work_since_ms
    if event.clock_ok and worked_ms >= 0:
        state.work.measured(ticket.service, worked_ms)
    if verb is not Verb.ADVANCE:
        let_go(state, event, ticket, body.window)
    if verb is Verb.FINISH:
        state.done += 1
        _end(state, ticket)
    else:
        _next_matter(ticket, body)
    if verb is Verb.FORWARD:
        ticket.window, ticket.recalls = 0, 0
        stand_in_line(state, ticket)
    ticket.worked_ms, ticket.work_since_ms = 0, event.at_ms
    _enter(event, ticket, after)


def _next_matter(ticket: TicketRecord, body: MatterFinished) -> None:
    """The next one of the visit, or one that the clerk put in before it (``then``)."""
    ticket.index += 1
    del ticket.matters[ticket.index : ticket.index + body.skipped]
    if ticket.matters[ticket.index : ticket.index + 1] != [body.next_service]:
        ticket.matters.insert(ticket.index, body.next_service)
    ticket.matter = body.next_matter
    ticket.service = body.next_service


def _open_rating(state: DayState, event: Event, body: MatterFinished) -> None:
    if body.matter in state.ratings:
        raise BrokenLog(event, f"matter {body.matter} was finished before")
    if body.window in state.open_ratings:
        raise BrokenLog(event, f"window {body.window} still asks for a rating")
    state.ratings[body.matter] = RatingRecord(
        matter=body.matter,
        ticket=body.ticket,
        service=body.service,
        window=body.window,
        clerk=body.clerk,
        opened_ms=event.at_ms,
        until_ms=body.rate_until_ms,
    )
    state.open_ratings[body.window] = body.matter
    window_of(state, body.window).rating = body.matter


def _voided(state: DayState, event: Event, body: TicketVoided) -> None:
    ticket = ticket_of(state, event, body.ticket)
    after = moved(event, ticket, Verb.VOID)
    if ticket.state in IN_LINE:
        leave_line(state, ticket)
    elif ticket.state in IN_HAND:
        let_go(state, event, ticket, ticket.window)
    elif ticket.state is TicketState.HELD:
        _not_held(state, event, ticket)
    else:
        del state.passed[ticket.id]
    _end(state, ticket)
    _enter(event, ticket, after)


def _enter(event: Event, ticket: TicketRecord, after: TicketState) -> None:
    ticket.state = after
    ticket.since_ms = event.at_ms


def _end(state: DayState, ticket: TicketRecord) -> None:
    del state.active[ticket.id]
    _forget_person(state, ticket)


def _forget_person(state: DayState, ticket: TicketRecord) -> None:
    who = (ticket.person, ticket.chosen)
    if state.active_of.get(who) == ticket.id:
        del state.active_of[who]


def _not_held(state: DayState, event: Event, ticket: TicketRecord) -> None:
    held = window_of(state, ticket.window).held
    if ticket.id not in held:
        raise BrokenLog(event, f"window {ticket.window} does not hold {ticket.number}")
    held.remove(ticket.id)


def _show_call(state: DayState, event: Event, ticket: TicketRecord, times: int) -> None:
    """Newest first, each ticket once: a recall moves the row up instead of adding one."""
    old = next((c for c in state.calls if c.ticket == ticket.id), None)
    if old is not None:
        state.calls.remove(old)
    state.calls.appendleft(
        CallView(
            seq=event.seq,
            at_ms=event.at_ms,
            ticket=ticket.id,
            number=ticket.number,
            window=ticket.window,
            times=times,
        )
    )


VISIT_FOLDS: dict[type[Body], Fold] = {
    TicketIssued: _issued,
    TicketCalled: _called,
    TicketRecalled: _recalled,
    ServiceStarted: _started,
    TicketPassed: _passed,
    TicketReturned: _returned,
    TicketHeld: _held,
    TicketResumed: _resumed,
    TicketTransferred: _transferred,
    MatterFinished: _finished,
    TicketVoided: _voided,
}
"""Event type to its fold."""

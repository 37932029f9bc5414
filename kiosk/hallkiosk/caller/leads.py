"""What a key sequence leads to: a request at once, a look for tickets, a question, or nothing.

The rules of the hall are not repeated here. What the hall would refuse is sent all the same, and its own code
is shown; only what cannot even be said (a number that nobody has) is refused on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hallkiosk.caller.display import letter_place
from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.question import Choice, Doubt, Lead, No, Question, value_of
from hallkiosk.caller.request import Request, Seek
from hallkiosk.caller.sight import Sight, standing_of
from hallqueue.errors import HallError, NotServedHere, QueueEmpty, UnknownTicket, UnknownWindow, WindowIdle
from hallqueue.plan import Plan, Service
from hallqueue.states import ENDED, IN_HAND, IN_LINE, TRANSITIONS, PrintState, TicketState, Verb, WindowState
from hallqueue.views import PrintView, TicketView


def numbered_services(plan: Plan) -> tuple[tuple[int, Service], ...]:
    """The matters that a keypad can name, with the number to type: their place in hall.toml, from 1.

    A 一件事 of several matters is chosen at the terminal only, so it has no number.
    """
    single = (service for service in plan.services if service.matters in ((), (service.id,)))
    return tuple(enumerate(single, 1))


class Leads:
    """Makes them for one window."""

    def __init__(self, plan: Plan, number: int) -> None:
        self._plan, self._number = plan, number

    def of(self, meaning: Meaning, digits: str, sight: Sight) -> Lead:
        """What a meaning leads to, after digits that make a number (else empty)."""
        make = _MAKERS.get(meaning)
        return make(self, digits, sight) if make else _request(meaning, sight)

    def found(self, seek: Seek, tickets: tuple[TicketView, ...]) -> Lead:
        """What the tickets that were looked for lead to: the ones that fit, or the hall's own refusal."""
        if not tickets:
            return No(UnknownTicket(ticket=seek.digits))
        fits = [ticket for ticket in tickets if self._fits(seek.what, ticket)]
        choices = tuple(_choice(ticket, self._with(seek, ticket)) for ticket in fits or tickets)
        return choices[0].lead if len(choices) == 1 else Question(choices)

    # --- verbs that ask or look first ----------------------------------------------------------------

    def _step(self, digits: str, sight: Sight) -> Lead:
        return _request(sight.step, sight)

    def _pause(self, digits: str, sight: Sight) -> Lead:
        is_open = sight.window.state is WindowState.OPEN
        return _request(Meaning.PAUSE if is_open else Meaning.OPEN, sight)

    def _call_certain(self, digits: str, sight: Sight) -> Lead:
        waiting = (t for t in sight.hall.waiting if t.service in self._served(self._number))
        return self._one_of(Meaning.CALL_CERTAIN, digits, sight, waiting, QueueEmpty(window=self._number))

    def _return(self, digits: str, sight: Sight) -> Lead:
        return self._one_of(Meaning.RETURN, digits, sight, sight.hall.passed)

    def _void(self, digits: str, sight: Sight) -> Lead:
        known = (t for t in self._known(sight) if self._fits(Meaning.VOID, t))
        return self._one_of(Meaning.VOID, digits, sight, known)

    def _reprint(self, digits: str, sight: Sight) -> Lead:
        return self._one_of(Meaning.REPRINT, digits, sight, self._known(sight))

    def _resume(self, digits: str, sight: Sight) -> Lead:
        held = [t for t in sight.window.held if not digits or value_of(t) == int(digits)]
        choices = tuple(_choice(t, replace(_request(Meaning.RESUME, sight), ticket=t.ticket)) for t in held)
        if len(choices) == 1:
            return choices[0].lead
        return Question(choices) if choices else No(UnknownTicket(ticket=digits))

    def _transfer(self, digits: str, sight: Sight) -> Lead:
        current = sight.window.current
        if current is None:
            return No(WindowIdle(window=self._number))
        request = _request(Meaning.TRANSFER, sight)
        if not digits:
            return self._services(request, lambda s: s.id != current.service)
        window = int(digits)
        if self._plan.window(window) is None:
            return No(UnknownWindow(window=window))
        request, served = replace(request, to_window=window), self._served(window)
        if current.service in served and window != self._number:
            return replace(request, service=current.service)
        lead = self._services(request, lambda s: s.id in served and s.id != current.service)
        return lead.choices[0].lead if isinstance(lead, Question) and len(lead.choices) == 1 else lead

    def _finish_then(self, digits: str, sight: Sight) -> Lead:
        if sight.window.current is None:
            return No(WindowIdle(window=self._number))
        return self._services(_request(Meaning.FINISH_THEN, sight), lambda s: True)

    def _paper(self, digits: str, sight: Sight) -> Lead:
        unknown = [
            job
            for job in sight.hall.print_troubles
            if job.state is PrintState.UNKNOWN and job.ticket.state not in ENDED
        ]
        if not unknown:
            return No(UnknownTicket(ticket=""))
        return Question(tuple(_choice(job.ticket, _came_out(job, sight)) for job in unknown))

    # --- small things --------------------------------------------------------------------------------

    def _one_of(
        self,
        what: Meaning,
        digits: str,
        sight: Sight,
        known: Iterable[TicketView],
        nobody: HallError | None = None,
    ) -> Lead:
        """A look for the digits; without any a question about the tickets that are known here."""
        seek = Seek(what=what, digits=digits, standing=sight.standing, expect=sight.in_hand)
        if digits:
            return seek
        choices = tuple(_choice(ticket, self._with(seek, ticket)) for ticket in known)
        if not choices:
            return No(nobody or UnknownTicket(ticket=""))
        return Question(choices, seek)

    def _with(self, seek: Seek, ticket: TicketView) -> Lead:
        """What was looked for, done with that ticket."""
        needs_window = seek.what is Meaning.CALL_CERTAIN
        request = Request(
            what=seek.what,
            standing=seek.standing,
            expect=seek.expect,
            ticket=ticket.ticket,
            ticket_standing=None if needs_window else standing_of(ticket),
        )
        return Doubt(ticket, request) if seek.what is Meaning.VOID else request

    def _fits(self, what: Meaning, ticket: TicketView) -> bool:
        match what:
            case Meaning.CALL_CERTAIN:
                return ticket.state in IN_LINE and ticket.service in self._served(self._number)
            case Meaning.RETURN:
                return ticket.state is TicketState.PASSED
            case Meaning.VOID:
                is_at_window = ticket.state in IN_HAND or ticket.state is TicketState.HELD
                may_be_voided = Verb.VOID in TRANSITIONS[ticket.state]
                return may_be_voided and (not is_at_window or ticket.window == self._number)
            case _:
                return ticket.state is not TicketState.VOID

    def _known(self, sight: Sight) -> tuple[TicketView, ...]:
        """Tickets that this window can name, its own first, each once."""
        window = sight.window
        seen = (
            *((window.current,) if window.current else ()),
            *window.held,
            *(job.ticket for job in sight.hall.print_troubles),
            *sight.hall.waiting,
            *sight.hall.passed,
        )
        return tuple({ticket.ticket: ticket for ticket in seen}.values())

    def _services(self, request: Request, is_wanted: Callable[[Service], bool]) -> Lead:
        """The question which matter, among those that a window serves."""
        everywhere = {service for window in self._plan.windows for service in self._served(window.number)}
        choices = tuple(
            Choice(f"n{place:02d}", replace(request, service=service.id), value=place)
            for place, service in numbered_services(self._plan)
            if service.id in everywhere and is_wanted(service)
        )
        return Question(choices) if choices else No(NotServedHere(window=request.to_window, service=""))

    def _served(self, window: int) -> tuple[str, ...]:
        plan = self._plan.window(window)
        return (*plan.serves, *plan.overflow) if plan else ()


def _request(what: Meaning, sight: Sight) -> Request:
    return Request(what=what, standing=sight.standing, expect=sight.in_hand)


def _choice(ticket: TicketView, lead: Lead) -> Choice:
    return Choice(ticket.number, lead, letter_place(ticket.number))


def _came_out(job: PrintView, sight: Sight) -> Question:
    """出来了没有？ 1 is yes, 2 is no."""
    request = replace(
        _request(Meaning.PAPER, sight),
        job=job.job,
        ticket=job.ticket.ticket,
        ticket_standing=standing_of(job.ticket),
    )
    yes, no = replace(request, came_out=True), replace(request, came_out=False)
    return Question((Choice("1", yes, value=1), Choice("2", no, value=2)))


_MAKERS: dict[Meaning, Callable[[Leads, str, Sight], Lead]] = {
    Meaning.STEP: Leads._step,
    Meaning.PAUSE: Leads._pause,
    Meaning.CALL_CERTAIN: Leads._call_certain,
    Meaning.RETURN: Leads._return,
    Meaning.VOID: Leads._void,
    Meaning.REPRINT: Leads._reprint,
    Meaning.RESUME: Leads._resume,
    Meaning.TRANSFER: Leads._transfer,
    Meaning.FINISH_THEN: Leads._finish_then,
    Meaning.PAPER: Leads._paper,
}
"""Verbs that look or ask first; the others are requests at once."""

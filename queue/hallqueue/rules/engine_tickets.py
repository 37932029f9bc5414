"""取号, 作废, 过号恢复: operations on a ticket that no window has in hand."""

from __future__ import annotations

from hallqueue.errors import BadRequest, NotAllowed, ReturnTooLate
from hallqueue.events import PrintQueued, TicketIssued, TicketReturned, TicketVoided
from hallqueue.plan import Service
from hallqueue.rules.admission import full_refusal, matters_of, other_ticket, person_refusal, refusal
from hallqueue.rules.engine_base import EngineBase, checked_text
from hallqueue.rules.estimate import basis
from hallqueue.rules.moves import move
from hallqueue.rules.records import ENDED, TicketRecord
from hallqueue.states import IN_HAND, TicketState, Verb
from hallqueue.unit import Moment
from hallqueue.views import Issued, TicketView

CHANNELS = frozenset({"terminal", "staff", "script"})
_AT_WINDOW = IN_HAND | {TicketState.HELD}


class TicketOps(EngineBase):
    """Operations on tickets."""

    def issue(
        self,
        moment: Moment,
        service: str,
        *,
        priority: str = "",
        person: str = "",
        masked_name: str = "",
        channel: str = "terminal",
        paper: bool = True,
    ) -> Issued:
        """取号. Raises HallClosed, DayLimit, DayFull, PersonLimit, AlreadyWaiting or NoWindow."""
        chosen = self._service(service)
        if priority and priority not in self._priorities:
            raise BadRequest(why=f"priority {priority}")
        if channel not in CHANNELS:
            raise BadRequest(why=f"channel {channel}")
        no = refusal(self.state, self.hours, chosen, moment, channel)
        no = no or person_refusal(self.state, chosen, person)
        matters = matters_of(chosen)
        estimate = self._look.estimate(matters[0], self._priorities.get(priority, 0), moment.now_ms)
        no = no or full_refusal(self.state.plan, self.hours, chosen, moment, estimate, channel)
        if no is not None:
            raise no
        name = checked_text(masked_name, "masked_name")
        ordinal = self._counters.take(f"number/{self.state.day}/{chosen.prefix}")
        ticket = self._counters.take("ticket")
        issued = TicketIssued(
            ticket=ticket,
            number=ticket_number(chosen, ordinal),
            prefix=chosen.prefix,
            ordinal=ordinal,
            service=service,
            matters=matters,
            matter=self._counters.take("matter"),
            priority=priority,
            person=person,
            masked_name=name,
            reference=self._reference(),
            channel=channel,
            ahead=estimate.ahead,
            estimate_s=estimate.wait_s,
            estimate_basis=basis(estimate),
            place_ms=self._place(moment),
        )
        self._record(moment, issued)
        job = 0
        if paper:
            job = self._counters.take("job")
            self._record(moment, PrintQueued(job=job, ticket=ticket, copy=0))
        return Issued(ticket=self._look.ticket_of(ticket), estimate=estimate, job=job)

    def void(self, moment: Moment, ticket: int, *, reason: str) -> TicketView:
        """作废. Raises UnknownTicket, or WrongState once it ended.

        Raises NotAllowed when a window session asks for one that another window has in hand or holds.
        """
        record = self._ticket(ticket)
        move(record.state, Verb.VOID, record.number)
        asking = window_of_actor(moment.actor)
        if asking and asking != record.window and record.state in _AT_WINDOW:
            raise NotAllowed(
                role=f"{asking}号窗口",
                verb=f"作废{record.number}（在{record.window}号窗口）",
                role_en=f"window {asking}",
                verb_en=f"void {record.number}, which is at window {record.window}",
            )
        voided = TicketVoided(ticket=ticket, reason=checked_text(reason, "reason"))
        self._record(moment, voided, *self._needless(ENDED, ticket))
        return self._look.ticket(record)

    def return_passed(self, moment: Moment, ticket: int) -> TicketView:
        """过号恢复. Raises ReturnTooLate past the plan's limits, AlreadyWaiting with a newer ticket."""
        record = self._ticket(ticket)
        move(record.state, Verb.RETURN, record.number)
        if not self._look.may_return(record, moment.now_ms):
            raise ReturnTooLate(number=record.number)
        other = other_ticket(self.state, record.person, record.chosen)
        if other is not None:
            raise other
        self._record(moment, TicketReturned(ticket=ticket, place_ms=self._return_place(record)))
        return self._look.ticket(record)

    def _place(self, moment: Moment) -> int:
        """0 (the event's time) unless the wall time lies before a place given out already."""
        last = self.state.last_place_ms
        return last if moment.now_ms < last else 0

    def _return_place(self, ticket: TicketRecord) -> int:
        """Behind the plan's number of those in its line, and never before its own old place."""
        line = self.state.lines.shared(ticket.service, ticket.rank)
        behind = min(self._plan.limits.return_behind, len(line))
        if not behind:
            return ticket.place_ms
        place_ms, last = line.at(behind - 1)
        return max(ticket.place_ms, place_ms if last < ticket.id else place_ms + 1)


def window_of_actor(actor: str) -> int:
    """The window that acts (``window:2``, ``window:2/李敏``); 0 for any other actor."""
    role, _, rest = actor.partition(":")
    number = rest.partition("/")[0]
    return int(number) if role == "window" and number.isdecimal() else 0


def ticket_number(service: Service, ordinal: int) -> str:
    """What people see: the prefix and at least three digits (A001 … A999, A1000)."""
    return f"{service.prefix}{ordinal:03d}"

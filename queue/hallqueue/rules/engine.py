"""The engine: every operation of :class:`~hallqueue.service.HallService`, decided by the rules.

Synchronous and without I/O of its own: the keeper calls it inside a unit of the store,
:mod:`hallqueue.memory` in plain memory. Each operation has the name and the parameters of the
service's, without ``key`` (idempotency is the caller's business) and with the moment in front.

Decide first, record afterwards: an operation that raises a :class:`~hallqueue.errors.HallError` has
recorded nothing and taken no number. What was recorded is in the state before the answer is made.
"""

from __future__ import annotations

from hallqueue.errors import BadRequest, UnknownTicket
from hallqueue.plan import Plan
from hallqueue.rules.engine_calls import CallOps
from hallqueue.rules.engine_desk import DeskOps
from hallqueue.rules.engine_devices import DeviceOps
from hallqueue.rules.engine_finish import FinishOps
from hallqueue.rules.engine_restored import RestoredOps
from hallqueue.rules.engine_scans import ScanOps
from hallqueue.rules.engine_tickets import TicketOps
from hallqueue.states import TicketState
from hallqueue.unit import Moment
from hallqueue.views import Estimate, HallSnapshot, PrintView, RatingView, TicketView

MAX_LISTED = 1000
"""Tickets in one answer."""


class HallEngine(TicketOps, CallOps, FinishOps, RestoredOps, DeskOps, DeviceOps, ScanOps):
    """All operations. ``reference`` gives the unguessable text of a ticket's QR code."""

    def plan(self, moment: Moment) -> Plan:
        """The hall as configured."""
        return self._plan

    def snapshot(self, moment: Moment) -> HallSnapshot:
        """The hall now."""
        return self._look.snapshot(moment)

    def estimate(self, moment: Moment, service: str) -> Estimate:
        """等待时间 for an ordinary ticket taken now."""
        chosen = self._service(service)
        first = chosen.matters[0] if chosen.matters else chosen.id
        return self._look.estimate(first, 0, moment.now_ms)

    def print_queue(self, moment: Moment) -> tuple[PrintView, ...]:
        """The jobs that are queued, sending or failed and not expired, oldest first."""
        return self._look.print_queue(moment.now_ms)

    def ratings_open(self, moment: Moment) -> tuple[RatingView, ...]:
        """The rating sessions that are open now, by window."""
        return self._look.ratings_open()

    def ticket(self, moment: Moment, which: str) -> TicketView:
        """A ticket of today by number, reference or id. Raises UnknownTicket for any other."""
        text = which.strip()
        state = self.state
        known = state.by_number.get(text.upper(), state.by_reference.get(text))
        if known is None and text.isascii() and text.isdigit():
            known = int(text)
        if known is None or known not in state.tickets:
            raise UnknownTicket(ticket=which)
        return self._look.ticket_of(known)

    def tickets(
        self, moment: Moment, *, day: str = "", state: str = "", after: int = 0, limit: int = 100
    ) -> tuple[TicketView, ...]:
        """Today's tickets by rising id. Past days are the store's: none of them are here."""
        if state and state not in list(TicketState):
            raise BadRequest(why=f"state {state}")
        if not 1 <= limit <= MAX_LISTED:
            raise BadRequest(why=f"limit 1…{MAX_LISTED}")
        found: list[TicketView] = []
        if day in ("", self.state.day):
            for record in self.state.tickets.values():
                if record.id > after and (not state or record.state == state):
                    found.append(self._look.ticket(record))
                    if len(found) == limit:
                        break
        return tuple(found)

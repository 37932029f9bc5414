"""办结 and 转移: how a matter leaves a window."""

from __future__ import annotations

from hallqueue.errors import BadRequest, NotServedHere, NoWindow, WindowNotOpen
from hallqueue.events import MatterFinished, TicketTransferred
from hallqueue.plan import Service
from hallqueue.rules.engine_base import EngineBase
from hallqueue.rules.moves import move
from hallqueue.rules.records import ENDED, TicketRecord
from hallqueue.service import NO_CHECK
from hallqueue.states import Verb, WindowState
from hallqueue.unit import Moment
from hallqueue.views import Finished, TicketView


class FinishOps(EngineBase):
    """Operations that end a window's work on a matter."""

    def finish(self, moment: Moment, window: int, *, then: str = "", expect: int = NO_CHECK) -> Finished:
        """办结; opens the rating session of the finished matter and ends an older one there.

        With a further matter (of the visit, or ``then``) the person stays when this window serves it,
        else waits in its line at the old place. ``then`` goes before the matters still to come; naming
        the very next one adds nothing. Matters to come that no window serves any more (the plan changed
        while the person was here) are left out.
        """
        record, ticket = self._in_hand(window, expect)
        move(ticket.state, Verb.FINISH, ticket.number)
        following, skipped = self._following(ticket, then)
        verb = Verb.FINISH
        if following:
            verb = Verb.ADVANCE if following in self._callable[window] else Verb.FORWARD
        move(ticket.state, verb, ticket.number)
        matter = ticket.matter
        finished = MatterFinished(
            ticket=ticket.id,
            matter=matter,
            service=ticket.service,
            window=window,
            clerk=record.clerk,
            verb=verb.value,
            next_matter=self._counters.take("matter") if following else 0,
            next_service=following,
            rate_until_ms=moment.now_ms + round(self._plan.rating.timeout_s * 1000),
            skipped=skipped,
        )
        self._record(moment, *self._superseded(window), finished)
        if verb is Verb.FINISH:
            self._record(moment, *self._needless(ENDED, ticket.id))
        rating = self._look.rating(self.state.ratings[matter])
        return Finished(ticket=self._look.ticket(ticket), rating=rating)

    def transfer(
        self, moment: Moment, window: int, service: str, *, to_window: int = 0, expect: int = NO_CHECK
    ) -> TicketView:
        """转移 to another service, or within its own to another window. Number and place stay.

        Raises NotServedHere or WindowNotOpen for a window that could not call it.
        """
        _, ticket = self._in_hand(window, expect)
        move(ticket.state, Verb.TRANSFER, ticket.number)
        target = self._single(service)
        if to_window:
            _, there = self._window(to_window)
            if service not in self._callable[to_window]:
                raise NotServedHere(window=to_window, service=target.name)
            if there.state is WindowState.CLOSED:
                raise WindowNotOpen(window=to_window)
        else:
            self._check_served(target)
        if service == ticket.service and to_window in (0, window):
            raise BadRequest(why="转移到本事项时须选另一个窗口 / the same service needs another window")
        transferred = TicketTransferred(ticket=ticket.id, window=window, service=service, to_window=to_window)
        self._record(moment, transferred)
        return self._look.ticket(ticket)

    def _following(self, ticket: TicketRecord, then: str) -> tuple[str, int]:
        """The service of the matter that comes after the current one, or empty; and how many it skips."""
        if then:
            following = self._single(then)
            self._check_served(following)
            return following.id, 0
        for skipped, service in enumerate(ticket.matters[ticket.index + 1 :]):
            if service in self._services and self._is_served(service):
                return service, skipped
        return "", 0

    def _single(self, service: str) -> Service:
        """A service that is a matter itself, not a 一件事 of several."""
        known = self._service(service)
        if known.matters and known.matters != (known.id,):
            raise BadRequest(why=f"{known.name}是一件事，请选其中一项 / {service} is several matters")
        return known

    def _check_served(self, service: Service) -> None:
        if not self._is_served(service.id):
            raise NoWindow(service=service.name)

    def _is_served(self, service: str) -> bool:
        return any(service in served for served in self._callable.values())

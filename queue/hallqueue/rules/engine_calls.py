"""叫号 to 过号: what a window does with the person it calls."""

from __future__ import annotations

from hallqueue.errors import (
    HeldLimit,
    NotServedHere,
    QueueEmpty,
    RecallLimit,
    WaitsElsewhere,
    WindowBusy,
    WindowNotOpen,
    WrongState,
)
from hallqueue.events import (
    ServiceStarted,
    TicketCalled,
    TicketHeld,
    TicketPassed,
    TicketRecalled,
    TicketResumed,
)
from hallqueue.plan import Window
from hallqueue.rules.choice import choose, is_orphaned, overtakes
from hallqueue.rules.engine_base import EngineBase, checked_text
from hallqueue.rules.moves import STATE_ZH, VERB_ZH, move
from hallqueue.rules.records import TicketRecord, WindowRecord
from hallqueue.service import NO_CHECK
from hallqueue.states import TicketState, Verb, WindowState
from hallqueue.unit import Moment
from hallqueue.views import TicketView


class CallOps(EngineBase):
    """Operations of a window on the ticket it calls, serves or holds."""

    def call_next(self, moment: Moment, window: int, *, expect: int = NO_CHECK) -> TicketView:
        """呼叫下一位. Raises WindowNotOpen, WindowBusy, StaleView or QueueEmpty."""
        plan, record = self._ready(window, expect)
        choice = choose(self.state, plan)
        if choice is None:
            raise QueueEmpty(window=window)
        return self._call(moment, record, self.state.tickets[choice.ticket], choice.overtook)

    def call_ticket(self, moment: Moment, window: int, ticket: int, *, expect: int = NO_CHECK) -> TicketView:
        """点名呼叫. Raises as ``call_next``, and NotServedHere, WrongState or WaitsElsewhere."""
        plan, record = self._ready(window, expect)
        called = self._ticket(ticket)
        move(called.state, Verb.CALL, called.number)
        if called.service not in self._callable[window]:
            raise NotServedHere(window=window, service=self._service_name(called.service))
        bound_to = called.to_window
        if bound_to not in (0, window) and not is_orphaned(self.state, called.service, bound_to):
            raise WaitsElsewhere(number=called.number, window=bound_to)
        return self._call(moment, record, called, overtakes(self.state, plan, called))

    def recall(self, moment: Moment, window: int, *, expect: int = NO_CHECK) -> TicketView:
        """重呼. Raises RecallLimit when it was recalled as often as the plan allows."""
        _, ticket = self._in_hand(window, expect)
        move(ticket.state, Verb.RECALL, ticket.number)
        limit = self._plan.limits.max_recalls
        if ticket.recalls >= limit:
            raise RecallLimit(number=ticket.number, limit=limit)
        self._record(moment, TicketRecalled(ticket=ticket.id, window=window, times=ticket.recalls + 1))
        return self._look.ticket(ticket)

    def start(self, moment: Moment, window: int, *, expect: int = NO_CHECK) -> TicketView:
        """开始办理; the pad of the person before goes dark."""
        record, ticket = self._in_hand(window, expect)
        move(ticket.state, Verb.START, ticket.number)
        started = ServiceStarted(ticket=ticket.id, matter=ticket.matter, window=window, clerk=record.clerk)
        self._record(moment, *self._superseded(window), started)
        return self._look.ticket(ticket)

    def pass_ticket(self, moment: Moment, window: int, *, expect: int = NO_CHECK) -> TicketView:
        """过号."""
        _, ticket = self._in_hand(window, expect)
        move(ticket.state, Verb.PASS, ticket.number)
        self._record(moment, TicketPassed(ticket=ticket.id, window=window))
        return self._look.ticket(ticket)

    def hold(self, moment: Moment, window: int, *, reason: str = "", expect: int = NO_CHECK) -> TicketView:
        """挂起. Raises HeldLimit when the window holds as many as the plan allows."""
        record, ticket = self._in_hand(window, expect)
        move(ticket.state, Verb.HOLD, ticket.number)
        limit = self._plan.limits.max_held
        if len(record.held) >= limit:
            raise HeldLimit(window=window, limit=limit)
        held = TicketHeld(ticket=ticket.id, window=window, reason=checked_text(reason, "reason"))
        self._record(moment, held)
        return self._look.ticket(ticket)

    def resume(self, moment: Moment, window: int, ticket: int, *, expect: int = NO_CHECK) -> TicketView:
        """恢复办理; also while paused, for a held one is not a new one. The pad goes dark as at a start."""
        _, record = self._window(window)
        held = self._ticket(ticket)
        move(held.state, Verb.RESUME, held.number)
        if held.window != window:
            raise WrongState(
                number=held.number,
                state=f"{STATE_ZH[TicketState.HELD]}于{held.window}号窗口",
                verb=VERB_ZH[Verb.RESUME],
                state_en=f"held at window {held.window}",
                verb_en=Verb.RESUME.value,
            )
        self._check_free(record)
        self._check_expected(record, expect)
        resumed = TicketResumed(ticket=ticket, window=window, clerk=record.clerk)
        self._record(moment, *self._superseded(window), resumed)
        return self._look.ticket(held)

    def _ready(self, window: int, expect: int) -> tuple[Window, WindowRecord]:
        """A window that may take someone new."""
        plan, record = self._window(window)
        if record.state is not WindowState.OPEN:
            raise WindowNotOpen(window=window)
        self._check_free(record)
        self._check_expected(record, expect)
        return plan, record

    def _check_free(self, record: WindowRecord) -> None:
        if record.current:
            raise WindowBusy(window=record.number, number=self.state.tickets[record.current].number)

    def _call(self, moment: Moment, record: WindowRecord, ticket: TicketRecord, overtook: bool) -> TicketView:
        called = TicketCalled(ticket=ticket.id, window=record.number, clerk=record.clerk, overtook=overtook)
        self._record(moment, called)
        return self._look.ticket(ticket)

    def _service_name(self, service: str) -> str:
        known = self._services.get(service)
        return known.name if known else service

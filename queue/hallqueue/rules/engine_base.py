"""What every operation of the engine stands on: look up, check, record, apply."""

from __future__ import annotations

from collections.abc import Callable

from hallqueue.errors import (
    BadRequest,
    StaleView,
    UnknownService,
    UnknownTicket,
    UnknownWindow,
    WindowIdle,
)
from hallqueue.events import Body, Event, PrintEnded, RatingUnrated
from hallqueue.plan import Plan, Service, Window
from hallqueue.rules.calendar import Hours
from hallqueue.rules.clockwatch import StepWatch
from hallqueue.rules.day import DayState
from hallqueue.rules.look import Look
from hallqueue.rules.records import TicketRecord, WindowRecord
from hallqueue.states import PrintState
from hallqueue.unit import Counters, Log, Moment

MAX_TEXT = 200
"""Characters of a reason, a name, a device's text: longer ones are not something a person wrote."""

KEEPER = "keeper"
"""The actor of what nobody asked for: timeouts, expiry, the change of the day."""


class EngineBase:
    """The parts that the operations share. An operation checks everything first and records afterwards."""

    def __init__(
        self, plan: Plan, state: DayState, counters: Counters, log: Log, reference: Callable[[], str]
    ) -> None:
        self._plan = plan
        self.state = state
        self._counters = counters
        self._log = log
        self._reference = reference
        self.hours = Hours(plan.calendar)
        self._steps = StepWatch()
        self._services = {s.id: s for s in plan.services}
        self._windows = {w.number: w for w in plan.windows}
        self._callable = {w.number: frozenset(w.serves + w.overflow) for w in plan.windows}
        self._priorities = {p.id: p.rank for p in plan.priorities}
        self._look = Look(plan, state, self.hours)

    def _record(self, moment: Moment, *bodies: Body) -> None:
        """Append the events and take them in. Raises ``ValueError`` when the moment is of another day."""
        if moment.day != self.state.day:
            raise ValueError(f"moment of {moment.day} while the hall is on {self.state.day}")
        for body in bodies:
            self.state.apply(self._log.record(body, moment))

    def _record_event(self, moment: Moment, body: Body) -> Event:
        event = self._log.record(body, moment)
        self.state.apply(event)
        return event

    def _service(self, service: str) -> Service:
        known = self._services.get(service)
        if known is None:
            raise UnknownService(service=service)
        return known

    def _window(self, number: int) -> tuple[Window, WindowRecord]:
        known = self._windows.get(number)
        if known is None:
            raise UnknownWindow(window=number)
        return known, self.state.windows[number]

    def _ticket(self, ticket: int) -> TicketRecord:
        known = self.state.tickets.get(ticket)
        if known is None:
            raise UnknownTicket(ticket=ticket)
        return known

    def _in_hand(self, window: int, expect: int) -> tuple[WindowRecord, TicketRecord]:
        """The window and its ticket. Raises StaleView when the caller's screen showed another one."""
        _, record = self._window(window)
        self._check_expected(record, expect)
        if not record.current:
            raise WindowIdle(window=window)
        return record, self.state.tickets[record.current]

    def _check_expected(self, record: WindowRecord, expect: int) -> None:
        if expect >= 0 and expect != record.current:
            # A screen that showed nobody while nobody is there is right; it merely gets WindowIdle.
            current = self.state.tickets.get(record.current)
            raise StaleView(number=current.number if current else "空闲")

    def _needless(self, reason: str, *tickets: int) -> list[Body]:
        """The end of these tickets' papers that were not begun, or failed and would be tried again."""
        jobs, asked = self.state.jobs, frozenset(tickets)
        return [
            PrintEnded(job=number, state=PrintState.EXPIRED.value, rung="", reason=reason)
            for number in self.state.pending_jobs
            if jobs[number].ticket in asked and jobs[number].state is not PrintState.SENDING
        ]

    def _superseded(self, window: int) -> tuple[Body, ...]:
        """The end of a rating session still open at a window: another person sits there now."""
        matter = self.state.open_ratings.get(window)
        return () if matter is None else (RatingUnrated(matter=matter, window=window, reason="superseded"),)


def checked_text(text: str, name: str) -> str:
    """The text, stripped. Raises BadRequest, which names the parameter, when it is too long."""
    if len(text) > MAX_TEXT:
        raise BadRequest(why=f"{name} > {MAX_TEXT}")
    return text.strip()

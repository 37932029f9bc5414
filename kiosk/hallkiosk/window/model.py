"""What a window's console makes of a snapshot: the natural next step and what is possible at all.

No rule lives here. Which move a ticket allows is the queue's own table; the console only asks it in order
not to offer what would be refused. What it offers may still be refused (limits, another console): then the
error's words are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from hallkiosk.naturalstep import NaturalStep, natural_step, step_identity
from hallkiosk.window.keys import Action
from hallqueue.plan import Plan
from hallqueue.states import ENDED, TRANSITIONS, PrintState, TicketState, Verb, WindowState
from hallqueue.views import HallSnapshot, PrintView, TicketView, WindowView

_VERBS: dict[Action, Verb] = {
    Action.START: Verb.START,
    Action.FINISH: Verb.FINISH,
    Action.RECALL: Verb.RECALL,
    Action.PASS: Verb.PASS,
    Action.HOLD: Verb.HOLD,
    Action.TRANSFER: Verb.TRANSFER,
    Action.FINISH_THEN: Verb.FINISH,
}
"""Operations on the ticket in hand and the move that each is."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One window within a snapshot of the hall."""

    hall: HallSnapshot
    window: WindowView

    @property
    def in_hand(self) -> int:
        """The ticket that the screen shows in hand, 0 for none: what every operation claims to see."""
        return self.window.current.ticket if self.window.current else 0

    @property
    def step(self) -> Action:
        """What comes next by nature: the meaning of the primary key."""
        return Action[natural_step(self.window).name]

    @property
    def step_identity(self) -> tuple[NaturalStep, int, int]:
        """Changes whenever the primary key comes to mean something else."""
        return step_identity(self.window)

    def meaning(self, action: Action) -> Action:
        """What the key does now: 暂停 is 恢复 while the window is paused."""
        is_paused = self.window.state is WindowState.PAUSED
        return Action.OPEN if action is Action.PAUSE and is_paused else action

    @property
    def unknown_papers(self) -> tuple[PrintView, ...]:
        """Papers of which nobody knows whether they came out."""
        return self._papers(PrintState.UNKNOWN)

    @property
    def failed_papers(self) -> tuple[PrintView, ...]:
        """Papers that certainly did not come out and whose ticket has none since."""
        return tuple(
            job for job in self._papers(PrintState.FAILED) if job.ticket.print_state is PrintState.FAILED
        )

    def _papers(self, state: PrintState) -> tuple[PrintView, ...]:
        return tuple(
            job for job in self.hall.print_troubles if job.state is state and job.ticket.state not in ENDED
        )

    @property
    def known_tickets(self) -> tuple[TicketView, ...]:
        """Tickets that this screen can name, those at this window first, each once."""
        window = self.window
        seen = (
            *((window.current,) if window.current else ()),
            *window.held,
            *(job.ticket for job in self.hall.print_troubles),
            *self.hall.waiting,
            *self.hall.passed,
        )
        return tuple({ticket.ticket: ticket for ticket in seen}.values())

    def callable_waiting(self, plan: Plan) -> tuple[TicketView, ...]:
        """Those in line whose service stands in this window's plan, as far as the snapshot lists them."""
        window = plan.window(self.window.number)
        served = (*window.serves, *window.overflow) if window else ()
        return tuple(ticket for ticket in self.hall.waiting if ticket.service in served)

    @property
    def voidable(self) -> tuple[TicketView, ...]:
        """Those of the known tickets that the table lets be voided; not one in hand at another window."""
        return tuple(
            ticket
            for ticket in self.known_tickets
            if Verb.VOID in TRANSITIONS[ticket.state] and self._is_ours_to_void(ticket)
        )

    @property
    def possible(self) -> frozenset[Action]:
        """The operations that the states allow now."""
        return frozenset(action for action in Action if self.is_possible(action))

    def is_possible(self, action: Action) -> bool:
        """Whether the states allow this operation now."""
        window, current = self.window, self.window.current
        if action in _VERBS:
            return current is not None and _VERBS[action] in TRANSITIONS[current.state]
        free = current is None
        is_open = window.state is WindowState.OPEN
        answers = {
            Action.OPEN: not is_open,
            Action.CALL: free and is_open and window.next is not None,
            Action.CALL_CERTAIN: free and is_open and window.waiting > 0,
            Action.RESUME: free and bool(window.held),
            Action.RETURN: bool(self.hall.passed),
            Action.PAUSE: window.state is not WindowState.CLOSED,
            Action.REPRINT: bool(self.known_tickets),
            Action.PAPER: bool(self.unknown_papers),
            Action.VOID: bool(self.voidable),
            Action.CLOSE: free and not window.held and window.state is not WindowState.CLOSED,
            Action.CLOSE_DAY: not self.hall.closed_reason,
        }
        return answers[action]

    def _is_ours_to_void(self, ticket: TicketView) -> bool:
        is_at_a_window = ticket.state in (TicketState.CALLED, TicketState.SERVING, TicketState.HELD)
        return not is_at_a_window or ticket.window == self.window.number


def desk_of(hall: HallSnapshot, number: int) -> Desk | None:
    """The desk of that window; None when the hall has no such window."""
    window = next((window for window in hall.windows if window.number == number), None)
    return Desk(hall, window) if window else None

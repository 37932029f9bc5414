"""What a window's keypad makes of a snapshot of the hall. No rule lives here: the hall itself refuses."""

from __future__ import annotations

from dataclasses import dataclass

from hallkiosk.caller.keymap import Meaning
from hallkiosk.naturalstep import NaturalStep, natural_step, step_identity
from hallqueue.states import PrintState, TicketState, WindowState
from hallqueue.views import HallSnapshot, TicketView, WindowView


@dataclass(frozen=True, slots=True)
class Standing:
    """How a window stands, as far as its verbs change it: whoever asks again looks whether it still does."""

    window: WindowState
    ticket: int
    state: TicketState | None
    matter: int
    recalls: int


@dataclass(frozen=True, slots=True)
class TicketStanding:
    """How a ticket stands, as far as the verbs that need no window change it."""

    state: TicketState
    copies: int
    print_state: PrintState


@dataclass(frozen=True, slots=True)
class Sight:
    """One window within a snapshot of the hall."""

    hall: HallSnapshot
    window: WindowView

    @property
    def in_hand(self) -> int:
        """The ticket in hand, 0 for none: what every verb claims to see."""
        return self.window.current.ticket if self.window.current else 0

    @property
    def step(self) -> Meaning:
        """What comes next by nature, as on the console."""
        return Meaning[natural_step(self.window).name]

    @property
    def step_identity(self) -> tuple[NaturalStep, int, int]:
        """Changes whenever the primary key comes to mean something else."""
        return step_identity(self.window)

    @property
    def standing(self) -> Standing:
        """How the window stands."""
        window, current = self.window, self.window.current
        if current is None:
            return Standing(window.state, 0, None, 0, 0)
        return Standing(window.state, current.ticket, current.state, current.matter, current.recalls)


def sight_of(hall: HallSnapshot, number: int) -> Sight | None:
    """The window of that number; None when the hall has none."""
    window = next((window for window in hall.windows if window.number == number), None)
    return Sight(hall, window) if window else None


def standing_of(ticket: TicketView) -> TicketStanding:
    """How a ticket stands."""
    return TicketStanding(ticket.state, ticket.copies, ticket.print_state)

"""What a key sequence can lead to, as data: a request, a look for tickets, a question, a doubt, nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hallkiosk.caller.request import Request, Seek
from hallqueue.errors import HallError, UnknownTicket
from hallqueue.views import TicketView


@dataclass(frozen=True, slots=True)
class No:
    """It leads to nothing."""

    error: HallError | None = None
    """Why, with a code to show; None is a beep alone."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """It cannot be taken back: the same is to be pressed again."""

    ticket: TicketView
    request: Request

    @property
    def value(self) -> int:
        """The ticket's number without its letter."""
        return value_of(self.ticket)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question."""

    text: str
    lead: Lead
    mark: int | None = None
    """Shown where the waiting count is; None leaves that."""
    value: int = -1
    """The number that picks it when it is typed; -1 is none."""


@dataclass(frozen=True, slots=True)
class Question:
    """Choices that the display shows one after the other."""

    choices: tuple[Choice, ...]
    seek: Seek | None = None
    """Typed digits look for any ticket that has them, whether it is among the choices or not."""

    def typed(self, digits: str) -> Lead:
        """What typed digits pick."""
        if self.seek is not None:
            return replace(self.seek, digits=digits)
        found = next((choice for choice in self.choices if choice.value == int(digits)), None)
        return found.lead if found else No(UnknownTicket(ticket=digits))


Lead = Request | Seek | Question | Doubt | No


def value_of(ticket: TicketView) -> int:
    """A ticket's number without its letter: 12 of A012."""
    digits = "".join(c for c in ticket.number if c.isdecimal())
    return int(digits) if digits else 0

"""Lists to pick from: what the operations that need a choice ask, as plain data.

A choice leads to a request, to a further list, or back. Where a choice cannot be undone or lets one person go
before another, the first line is 返回, so that a second Enter does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hallkiosk.window.keys import Action
from hallkiosk.window.model import Desk
from hallkiosk.window.request import Request
from hallkiosk.wording import Text, Words
from hallkiosk.wording.window import HOLD_REASONS, NO_REASON, PAUSE_REASONS, VOID_REASONS
from hallqueue.plan import Plan, Service
from hallqueue.views import TicketView


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list."""

    text: Text
    leads: Request | Menu | None
    """What follows when it is chosen; None goes back."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A question and its answers."""

    title: Text
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Menus:
    """Makes the lists of one window from what its screen shows."""

    plan: Plan
    words: Words

    def of(self, action: Action, desk: Desk) -> Request | Menu:
        """What pressing the operation leads to: the request at once, or a question first."""
        make = _MAKERS.get(action)
        return make(self, desk) if make else Request(action, expect=desk.in_hand)

    def force_close(self, why: str, why_en: str) -> Menu:
        """The question after a refused closing: whether to void those being served too."""
        reason = self.words.zh("window.close-reason")
        yes = Request(Action.CLOSE_DAY, reason=reason, is_forced=True)
        title = Text(
            self.words.zh("window.ask-force", why=why), self.words.en("window.ask-force", why=why_en)
        )
        return Menu(title, (self._back, Choice(self.words.text("window.yes-force"), yes)))

    @property
    def _back(self) -> Choice:
        return Choice(self.words.text("window.back"), None)

    def _hold(self, desk: Desk) -> Menu:
        def request(reason: str) -> Request:
            return Request(Action.HOLD, expect=desk.in_hand, reason=reason)

        title = self.words.text("window.ask-hold", number=_number(desk.window.current))
        return Menu(title, _reasons(HOLD_REASONS, request))

    def _pause(self, desk: Desk) -> Menu:
        def request(reason: str) -> Request:
            return Request(Action.PAUSE, reason=reason)

        return Menu(self.words.text("window.ask-pause"), _reasons(PAUSE_REASONS, request))

    def _resume(self, desk: Desk) -> Request | Menu:
        def request(ticket: TicketView) -> Request:
            return Request(Action.RESUME, expect=desk.in_hand, ticket=ticket.ticket)

        if len(desk.window.held) == 1:
            return request(desk.window.held[0])
        return self._tickets("window.ask-resume", desk, desk.window.held, request)

    def _return(self, desk: Desk) -> Menu:
        return self._tickets(
            "window.ask-return", desk, desk.hall.passed, lambda t: Request(Action.RETURN, ticket=t.ticket)
        )

    def _transfer(self, desk: Desk) -> Menu:
        current = desk.window.current
        title = self.words.text("window.ask-transfer", number=_number(current))
        menus = ((s, self._windows(desk, s)) for s in _single(self.plan))
        return Menu(title, tuple(Choice(_named(s), menu) for s, menu in menus if menu.choices))

    def _windows(self, desk: Desk, service: Service) -> Menu:
        """Where the ticket may go; its own service needs another window."""
        current, own = desk.window.current, desk.window.number
        is_same = current is not None and current.service == service.id
        number = _number(current)

        def request(window: int) -> Request:
            return Request(Action.TRANSFER, expect=desk.in_hand, service=service.id, to_window=window)

        serving = [w for w in self.plan.windows if service.id in w.serves or service.id in w.overflow]
        choices = [
            Choice(self.words.text("window.one-window", number=w.number, name=w.name), request(w.number))
            for w in serving
            if not (is_same and w.number == own)
        ]
        if serving and not is_same:
            choices.insert(0, Choice(self.words.text("window.any-window"), request(0)))
        title = self.words.text("window.ask-window", number=number, service=service.name)
        return Menu(title, tuple(choices))

    def _finish_then(self, desk: Desk) -> Menu:
        title = self.words.text("window.ask-then", number=_number(desk.window.current))
        return Menu(
            title,
            tuple(
                Choice(_named(s), Request(Action.FINISH_THEN, expect=desk.in_hand, service=s.id))
                for s in _single(self.plan)
            ),
        )

    def _call_certain(self, desk: Desk) -> Menu:
        here = desk.callable_waiting(self.plan)
        return self._tickets("window.ask-certain", desk, here, lambda t: self._confirm_call(desk, t))

    def _confirm_call(self, desk: Desk, ticket: TicketView) -> Menu:
        following = desk.window.next
        request = Request(Action.CALL_CERTAIN, expect=desk.in_hand, ticket=ticket.ticket)
        yes = Choice(self.words.text("window.yes-certain", number=ticket.number), request)
        if following is None or following.ticket == ticket.ticket:
            return Menu(self.words.text("window.ask-certain-next", number=ticket.number), (self._back, yes))
        title = self.words.text("window.ask-order", number=ticket.number, next=following.number)
        return Menu(title, (self._back, yes))

    def _reprint(self, desk: Desk) -> Menu:
        return self._tickets(
            "window.ask-reprint",
            desk,
            desk.known_tickets,
            lambda t: Request(Action.REPRINT, ticket=t.ticket),
        )

    def _paper(self, desk: Desk) -> Menu:
        asked = tuple((job.ticket, self._came_out(job.job, job.ticket)) for job in desk.unknown_papers)
        if len(asked) == 1:
            return asked[0][1]
        choices = tuple(Choice(self._line(desk, ticket), menu) for ticket, menu in asked)
        return Menu(self.words.text("window.ask-paper"), choices)

    def _came_out(self, job: int, ticket: TicketView) -> Menu:
        answers = (("window.came-out", True), ("window.came-not", False))
        return Menu(
            self.words.text("window.ask-came-out", number=ticket.number),
            (
                self._back,
                *(
                    Choice(self.words.text(word), Request(Action.PAPER, job=job, came_out=came_out))
                    for word, came_out in answers
                ),
            ),
        )

    def _void(self, desk: Desk) -> Menu:
        return self._tickets("window.ask-void", desk, desk.voidable, self._confirm_void)

    def _confirm_void(self, ticket: TicketView) -> Menu:
        reasons = tuple(
            Choice(reason, Request(Action.VOID, ticket=ticket.ticket, reason=reason.zh))
            for reason in VOID_REASONS
        )
        title = self.words.text("window.ask-void-why", number=ticket.number)
        return Menu(title, (self._back, *reasons))

    def _close_day(self, desk: Desk) -> Menu:
        waiting = desk.hall.waiting_total
        yes = Request(Action.CLOSE_DAY, reason=self.words.zh("window.close-reason"))
        return Menu(
            self.words.text("window.ask-close-day", waiting=waiting),
            (self._back, Choice(self.words.text("window.yes-close-day", waiting=waiting), yes)),
        )

    def _tickets(
        self,
        title: str,
        desk: Desk,
        tickets: Sequence[TicketView],
        leads: Callable[[TicketView], Request | Menu],
    ) -> Menu:
        choices = tuple(Choice(self._line(desk, ticket), leads(ticket)) for ticket in tickets)
        return Menu(self.words.text(title), choices or (self._back,))

    def _line(self, desk: Desk, ticket: TicketView) -> Text:
        minutes = max(0, desk.hall.at_ms - ticket.arrival_ms) // 60_000
        priority = next((p.name for p in self.plan.priorities if p.id == ticket.priority), "")
        parts = (
            ticket.number,
            ticket.service_name,
            ticket.masked_name,
            priority,
            self.words.zh("window.line-waited", minutes=minutes),
        )
        return Text("  ".join(part for part in parts if part))


def _reasons(reasons: tuple[Text, ...], request: Callable[[str], Request]) -> tuple[Choice, ...]:
    return (Choice(NO_REASON, request("")), *(Choice(reason, request(reason.zh)) for reason in reasons))


def _single(plan: Plan) -> tuple[Service, ...]:
    """Services that are a matter themselves; a 一件事 is chosen at the terminal."""
    return tuple(s for s in plan.services if s.matters in ((), (s.id,)))


def _named(service: Service) -> Text:
    return Text(service.name, service.name_en)


def _number(ticket: TicketView | None) -> str:
    return ticket.number if ticket else ""


_MAKERS: dict[Action, Callable[[Menus, Desk], Request | Menu]] = {
    Action.HOLD: Menus._hold,
    Action.PAUSE: Menus._pause,
    Action.RESUME: Menus._resume,
    Action.RETURN: Menus._return,
    Action.TRANSFER: Menus._transfer,
    Action.FINISH_THEN: Menus._finish_then,
    Action.CALL_CERTAIN: Menus._call_certain,
    Action.REPRINT: Menus._reprint,
    Action.PAPER: Menus._paper,
    Action.VOID: Menus._void,
    Action.CLOSE_DAY: Menus._close_day,
}
"""Operations that ask first."""

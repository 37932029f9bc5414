"""The steps of a visit to the terminal, as one table: what may follow what. Knows no screen and no service.

Rules, before the code:

1. A touch that the table does not list for the step changes nothing. A second tap on 取号 finds the step
   ISSUING, which knows no GO: one touch, one key, one ticket (facts, lessons 6 (2)).
2. The key is made when 取号 is pressed and stays with the visit until its answer; an answer under another
   key belongs to somebody who has left.
3. Home has nothing of anybody: it is the same value every time.
4. A step with only one possible answer is not asked (one group, or a group with one service).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from hallkiosk.wording import Text
from hallqueue.plan import Group, Plan, Service
from hallqueue.views import Estimate, TicketView

MAX_CHOICES = 6
"""Choices on one screen (facts: queueing 3.8)."""


class Step(Enum):
    """Where a person stands."""

    GROUPS = "groups"
    """选业务类别; home."""
    SERVICES = "services"
    """选事项."""
    CONFIRM = "confirm"
    """核对."""
    ISSUING = "issuing"
    """正在取号: asked, not answered."""
    REFUSED = "refused"
    """没有取到号, with the reason."""
    TAKE = "take"
    """您的号码, and what becomes of the paper."""


class Act(Enum):
    """What a person, the service or the clock does."""

    GROUP = "group"
    SERVICE = "service"
    PRIORITY = "priority"
    """Choose a priority class, or take the choice back."""
    GO = "go"
    """取号."""
    BACK = "back"
    HOME = "home"
    """Done, or nobody is there any more."""
    AWAY = "away"
    """The keeper cannot be reached; the same request is repeated."""
    ISSUED = "issued"
    REFUSED = "refused"
    SEEN = "seen"
    """News of the ticket that is shown."""


TRANSITIONS: dict[Step, dict[Act, Step]] = {
    Step.GROUPS: {Act.GROUP: Step.SERVICES},
    Step.SERVICES: {Act.SERVICE: Step.CONFIRM, Act.BACK: Step.GROUPS, Act.HOME: Step.GROUPS},
    Step.CONFIRM: {
        Act.PRIORITY: Step.CONFIRM,
        Act.GO: Step.ISSUING,
        Act.BACK: Step.SERVICES,
        Act.HOME: Step.GROUPS,
    },
    Step.ISSUING: {
        Act.AWAY: Step.ISSUING,
        Act.ISSUED: Step.TAKE,
        Act.REFUSED: Step.REFUSED,
        Act.HOME: Step.GROUPS,
    },
    Step.REFUSED: {Act.BACK: Step.SERVICES, Act.HOME: Step.GROUPS},
    Step.TAKE: {Act.SEEN: Step.TAKE, Act.HOME: Step.GROUPS},
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at the terminal: what was chosen and what came of it."""

    step: Step = Step.GROUPS
    group: str = ""
    service: str = ""
    priority: str = ""
    key: str = ""
    """The issue key of this touch; empty before 取号."""
    is_away: bool = False
    """The keeper did not answer; the request is being repeated."""
    ticket: TicketView | None = None
    """As last seen."""
    estimate: Estimate | None = None
    """As it was answered with the ticket."""
    has_paper: bool = True
    refusal: tuple[Text, ...] = ()
    """Why there is no ticket, and what to do."""


class Journey:
    """Leads visits through one hall's plan."""

    def __init__(self, plan: Plan) -> None:
        self._services = {
            group.id: tuple(s for s in plan.services if s.group == group.id)[:MAX_CHOICES]
            for group in plan.groups
        }
        self.groups: tuple[Group, ...] = tuple(g for g in plan.groups if self._services[g.id])[:MAX_CHOICES]
        """Those that have services."""
        self.priorities = plan.priorities[: MAX_CHOICES - 2]
        """Offered beside 返回 and 取号: six choices in all."""
        alone = len(self.groups) == 1
        self.home = Visit(Step.SERVICES, group=self.groups[0].id) if alone else Visit()
        """The first screen."""

    def services(self, group: str) -> tuple[Service, ...]:
        """What a group offers."""
        return self._services.get(group, ())

    def may(self, visit: Visit, act: Act) -> bool:
        """Whether the act leads anywhere from here."""
        if act in (Act.BACK, Act.HOME) and visit == self.home:
            return False
        if act is Act.BACK and visit.step is Step.SERVICES and self.home.step is Step.SERVICES:
            return False
        return act in TRANSITIONS[visit.step]

    def pick_group(self, visit: Visit, group: str) -> Visit:
        """A group was touched; with a single service in it that one is chosen, too."""
        if not self.may(visit, Act.GROUP) or not self.services(group):
            return visit
        chosen = replace(visit, step=TRANSITIONS[visit.step][Act.GROUP], group=group)
        only = self.services(group)
        return self.pick_service(chosen, only[0].id) if len(only) == 1 else chosen

    def pick_service(self, visit: Visit, service: str) -> Visit:
        """A service of the visit's group was touched."""
        known = service in {s.id for s in self.services(visit.group)}
        if not known or not self.may(visit, Act.SERVICE):
            return visit
        return replace(visit, step=TRANSITIONS[visit.step][Act.SERVICE], service=service)

    def toggle_priority(self, visit: Visit, priority: str) -> Visit:
        """A class was touched: chosen, or given back when it was."""
        known = priority in {p.id for p in self.priorities}
        if not known or not self.may(visit, Act.PRIORITY):
            return visit
        return replace(visit, priority="" if visit.priority == priority else priority)

    def go(self, visit: Visit, key: str) -> Visit:
        """取号 was pressed; `key` is used when this begins a request."""
        if not self.may(visit, Act.GO):
            return visit
        return replace(visit, step=TRANSITIONS[visit.step][Act.GO], key=key)

    def back(self, visit: Visit) -> Visit:
        """返回: one question back; what was chosen there is forgotten."""
        if not self.may(visit, Act.BACK):
            return visit
        before = TRANSITIONS[visit.step][Act.BACK]
        if before is Step.SERVICES and len(self.services(visit.group)) > 1:
            return Visit(Step.SERVICES, group=visit.group)
        return self.home

    def leave(self, visit: Visit) -> Visit:
        """完成, or nobody is there: everything is forgotten."""
        return self.home if self.may(visit, Act.HOME) else visit

    def away(self, visit: Visit, key: str) -> Visit:
        """The keeper did not answer the request of that key."""
        return replace(visit, is_away=True) if self._is_asked(visit, key, Act.AWAY) else visit

    def issued(
        self, visit: Visit, key: str, ticket: TicketView, estimate: Estimate, has_paper: bool
    ) -> Visit:
        """The request of that key was answered with a ticket."""
        if not self._is_asked(visit, key, Act.ISSUED):
            return visit
        return replace(
            visit,
            step=TRANSITIONS[visit.step][Act.ISSUED],
            is_away=False,
            ticket=ticket,
            estimate=estimate,
            has_paper=has_paper,
        )

    def refused(self, visit: Visit, key: str, reasons: tuple[Text, ...]) -> Visit:
        """The request of that key was answered with a no."""
        if not self._is_asked(visit, key, Act.REFUSED):
            return visit
        return replace(
            visit, step=TRANSITIONS[visit.step][Act.REFUSED], key="", is_away=False, refusal=reasons
        )

    def seen(self, visit: Visit, ticket: TicketView) -> Visit:
        """News of a ticket; only that of the visit counts."""
        known = visit.ticket is not None and visit.ticket.ticket == ticket.ticket
        return replace(visit, ticket=ticket) if known and self.may(visit, Act.SEEN) else visit

    def _is_asked(self, visit: Visit, key: str, act: Act) -> bool:
        return self.may(visit, act) and visit.key == key

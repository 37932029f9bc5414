"""Whether a ticket may be given out now: hours, limits, windows, and what the person holds already.

Hours bind only while the clock is trusted. A machine that woke up in another year cannot know the
hour, and a hall that turns people away because its own clock is wrong would be worse than one that
gives out a number early. ``staff`` may always issue outside the hours, never on a closed day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallqueue.errors import AlreadyWaiting, DayFull, DayLimit, HallClosed, NoWindow, PersonLimit, Refused
from hallqueue.plan import Plan, Service
from hallqueue.rules.calendar import Hours, Opening
from hallqueue.unit import Moment
from hallqueue.views import Estimate

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState

STAFF = "staff"
"""The channel that may issue outside the hours."""


def matters_of(service: Service) -> tuple[str, ...]:
    """The services that a ticket for this one visits, in order."""
    return service.matters or (service.id,)


def refusal(
    state: DayState, hours: Hours, service: Service, moment: Moment, channel: str = "terminal"
) -> Refused | None:
    """The error that anyone asking for this service now would get, or None."""
    if state.closed:
        why, why_en = f"今天已结束（{state.closed_reason}）", f"the day is closed ({state.closed_reason})"
        return _closed(why, why_en, hours.next_opening(moment.now_ms, service.last_ticket, skip_today=True))
    if channel != STAFF and moment.clock_ok:
        closed = _out_of_hours(hours, service, moment.now_ms)
        if closed is not None:
            return closed
    if service.day_limit and state.taken.get(service.id, 0) >= service.day_limit:
        return DayLimit(service=service.name, limit=service.day_limit)
    if state.plan.limits.issue_needs_window and not state.work.open_windows(matters_of(service)[0]):
        return NoWindow(service=service.name)
    return None


def full_refusal(
    plan: Plan, hours: Hours, service: Service, moment: Moment, estimate: Estimate, channel: str = "terminal"
) -> DayFull | None:
    """The error where one more matter would not be finished within today's hours (the plan's choice).

    ``estimate`` is that of a newcomer. Nobody is turned away for a guess: not while no window is open, nor
    by a clock that is not trusted.
    """
    if not plan.limits.issue_until_full or channel == STAFF or not moment.clock_ok or estimate.wait_s < 0:
        return None
    if estimate.wait_s + estimate.service_s <= hours.left_s(moment.now_ms):
        return None
    opening = hours.next_opening(moment.now_ms, service.last_ticket, skip_today=True)
    return DayFull(service=service.name, hours=opening.zh, hours_en=opening.en)


def person_refusal(state: DayState, service: Service, person: str) -> Refused | None:
    """The error that this person would get beside the general ones; ``person`` is a hash or empty."""
    if not person:
        return None
    holds = other_ticket(state, person, service.id)
    if holds is not None:
        return holds
    if service.person_limit and state.taken_by.get((person, service.id), 0) >= service.person_limit:
        return PersonLimit(service=service.name, limit=service.person_limit)
    return None


def other_ticket(state: DayState, person: str, service: str) -> AlreadyWaiting | None:
    """One active ticket per person and service: the refusal that names the one there is."""
    known = state.active_of.get((person, service)) if person else None
    return None if known is None else AlreadyWaiting(number=state.tickets[known].number)


def _out_of_hours(hours: Hours, service: Service, now_ms: int) -> HallClosed | None:
    if not hours.is_open(now_ms):
        opening = hours.next_opening(now_ms, service.last_ticket)
        if hours.is_working_day(now_ms):
            return _closed("不在服务时间", "outside service hours", opening)
        return _closed("今天休息", "no service today", opening)
    if service.last_ticket and hours.is_past(now_ms, service.last_ticket):
        return _closed(
            f"{service.name}今天{service.last_ticket}停止取号",
            f"the last ticket for {service.name_en or service.name} was at {service.last_ticket}",
            hours.next_opening(now_ms, service.last_ticket, skip_today=True),
        )
    return None


def _closed(why: str, why_en: str, opening: Opening) -> HallClosed:
    return HallClosed(why=why, why_en=why_en, hours=opening.zh, hours_en=opening.en)

"""Checks of the calendar: hours that are hours, days that do not contradict each other."""

from __future__ import annotations

import re
from collections import defaultdict

from hall.config import catalogue as cat
from hall.config.draft import Draft
from hall.config.shape import SessionRow

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DAYS = ("", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
MIDNIGHT = "24:00"
"""The end of a day; only an end may be this."""


def check_times(draft: Draft) -> None:
    """Report everything wrong with hours, holidays and last tickets."""
    calendar = draft.shape.calendar
    if calendar is None:
        return
    good = [(place, row) for place, row in draft.sessions() if _stretch(draft, place, row)]
    if not calendar.sessions:
        draft.problems.add(cat.NO_HOURS, "calendar", "sessions")
    for place, row in draft.sessions():
        if not row.weekdays:
            draft.problems.add(cat.NO_HOURS, "calendar", "sessions", place, "weekdays")
    _overlaps(draft, good)
    _special_days(draft, any(1 in row.weekdays for _, row in draft.sessions()))
    _last_tickets(draft, [row for _, row in good])


def _stretch(draft: Draft, place: int, row: SessionRow) -> bool:
    where = ("calendar", "sessions", place)
    good = True
    for key, value in (("start", row.start), ("end", row.end)):
        if not _TIME.fullmatch(value) and not (key == "end" and value == MIDNIGHT):
            draft.problems.add(cat.BAD_TIME, *where, key, key=key, value=value)
            good = False
    # Times of one length compare as text.
    if good and row.start >= row.end:
        draft.problems.add(cat.ENDS_EARLY, *where, "end", start=row.start, end=row.end)
        good = False
    return good


def _overlaps(draft: Draft, sessions: list[tuple[int, SessionRow]]) -> None:
    by_day: dict[int, list[tuple[int, SessionRow]]] = defaultdict(list)
    told: set[int] = set()
    for place, row in sessions:
        for day in sorted(set(row.weekdays)):
            for other, earlier in by_day[day]:
                if row.start < earlier.end and earlier.start < row.end and place not in told:
                    told.add(place)
                    draft.problems.add(
                        cat.OVERLAP,
                        "calendar",
                        "sessions",
                        place,
                        day=_DAYS[day],
                        number=day,
                        start=row.start,
                        end=row.end,
                        first=draft.problems.line_of("calendar", "sessions", other),
                    )
            by_day[day].append((place, row))


def _special_days(draft: Draft, has_monday: bool) -> None:
    calendar = draft.shape.calendar
    assert calendar is not None
    for spot, day in enumerate(calendar.workdays):
        where = ("calendar", "workdays", spot)
        if day in calendar.holidays:
            draft.problems.add(cat.BOTH_DAYS, *where, date=day.isoformat())
        if not has_monday:
            draft.problems.add(cat.NO_MONDAY, *where, date=day.isoformat())


def _last_tickets(draft: Draft, sessions: list[SessionRow]) -> None:
    opening = min((row.start for row in sessions), default="")
    for place, service in draft.services():
        last = service.last_ticket
        where = ("service", place, "last_ticket")
        if last and not _TIME.fullmatch(last):
            draft.problems.add(cat.BAD_TIME, *where, key="last_ticket", value=last)
        elif last and opening and last <= opening:
            draft.problems.add(cat.NEVER_TICKETS, *where, service=service.id, value=last, opening=opening)

"""When the hall gives out tickets, and which business day it is on.

Hours are asked of the wall time in the plan's offset. The business day is stricter than the wall
time: it never runs backwards, and it does not follow a leap of months that an empty clock made.
A machine without a clock battery boots in some other year; the hall then goes on with the day it
had and says ``clock_ok = False`` instead of numbering a second 2026-03-02.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hallqueue.plan import Calendar

MAX_LEAP_DAYS = 60
"""A longer leap forward from a known day is taken for a wrong clock."""
MAX_LEAP_DAYS_UNVOUCHED = 1
"""The same while nothing vouches for the clock."""
BACKWARDS_MS = 120_000
"""The wall time may lie this far behind the last event before it counts as wrong (NTP steps less)."""
ROLL_HOUR = 4
"""From this hour the day changes even with people still in it: nobody is served through the night."""
FIRST_DAY = "2026-01-01"
"""Days before this program existed come from a clock that was never set; they bind nobody."""

_DAY_MINUTES = 1440
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_SEARCH_DAYS = 400
_WEEK_ZH = "一二三四五六日"
_WEEK_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Opening:
    """The next stretch of hours, in words."""

    zh: str
    en: str


NO_OPENING = Opening("暂无安排，请看公告", "none planned: see the notice")
"""The answer when the calendar has no session within a year."""


def minutes(text: str) -> int:
    """HH:MM as minutes after midnight; 24:00 is 1440. Raises ``ValueError`` on anything else."""
    hour, _, minute = text.partition(":")
    value = int(hour) * 60 + int(minute)
    if not (0 <= int(minute) < 60 and 0 <= value <= _DAY_MINUTES):
        raise ValueError(f"not a time of day: {text}")
    return value


def clock_text(minute: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def local_date(calendar: Calendar, now_ms: int) -> str:
    """The wall date YYYY-MM-DD in the plan's offset."""
    return _iso_date(_local(calendar, now_ms)[0])


def _local(calendar: Calendar, now_ms: int) -> tuple[int, int]:
    """Days since 1970-01-01 and minutes after midnight, in the plan's offset."""
    return divmod(now_ms // 60_000 + calendar.utc_offset_minutes, _DAY_MINUTES)


def _date_of(day_number: int) -> date:
    return date.fromordinal(_EPOCH_ORDINAL + day_number)


@lru_cache(maxsize=8)
def _iso_date(day_number: int) -> str:
    """Asked at every touch, for the same day nearly always."""
    return _date_of(day_number).isoformat()


class Hours:
    """The service hours of a calendar, ready to be asked for every touch."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._week: dict[int, tuple[tuple[int, int], ...]] = {
            weekday: tuple(
                sorted((minutes(s.start), minutes(s.end)) for s in calendar.sessions if weekday in s.weekdays)
            )
            for weekday in range(1, 8)
        }
        self._days: dict[int, tuple[tuple[int, int], ...]] = {}
        self._minute, self._is_open = -1, False
        """The minute that was asked for last, and the answer: it holds for the whole minute."""

    def is_open(self, now_ms: int) -> bool:
        """Whether a session holds at this moment."""
        if now_ms // 60_000 != self._minute:
            day, minute = _local(self._calendar, now_ms)
            self._is_open = any(start <= minute < end for start, end in self._sessions(day))
            self._minute = now_ms // 60_000
        return self._is_open

    def is_working_day(self, now_ms: int) -> bool:
        """Whether the wall date has any session."""
        return bool(self._sessions(_local(self._calendar, now_ms)[0]))

    def left_s(self, now_ms: int) -> int:
        """Seconds of service that are left of the wall date, breaks not counted."""
        day, minute = _local(self._calendar, now_ms)
        whole = sum(max(0, end - max(start, minute)) for start, end in self._sessions(day)) * 60
        return whole - now_ms // 1000 % 60 if self.is_open(now_ms) else whole

    def is_past(self, now_ms: int, time_of_day: str) -> bool:
        """Whether the wall time of the day has reached HH:MM."""
        return _local(self._calendar, now_ms)[1] >= minutes(time_of_day)

    def next_opening(self, now_ms: int, last_ticket: str = "", skip_today: bool = False) -> Opening:
        """The next session that begins after this moment, before ``last_ticket`` of its day."""
        today, minute = _local(self._calendar, now_ms)
        last = minutes(last_ticket) if last_ticket else _DAY_MINUTES
        for day in range(today + 1 if skip_today else today, today + _SEARCH_DAYS):
            for start, end in self._sessions(day):
                if (day > today or start > minute) and start < last:
                    return _opening(day, day - today, start, min(end, last))
        return NO_OPENING

    def _sessions(self, day: int) -> tuple[tuple[int, int], ...]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) > 2 * _SEARCH_DAYS:
                self._days.clear()
            known = self._days[day] = self._of_date(_date_of(day))
        return known

    def _of_date(self, when: date) -> tuple[tuple[int, int], ...]:
        text = when.isoformat()
        if text in self._calendar.holidays:
            return ()
        return self._week[1 if text in self._calendar.workdays else when.isoweekday()]


def _opening(day: int, distance: int, start: int, end: int) -> Opening:
    hours = f"{clock_text(start)}–{clock_text(end)}"
    when = _date_of(day)
    if distance == 0:
        return Opening(f"今天 {hours}", f"today {hours}")
    if distance == 1:
        return Opening(f"明天 {hours}", f"tomorrow {hours}")
    week = when.isoweekday() - 1
    return Opening(
        f"{when.month}月{when.day}日（周{_WEEK_ZH[week]}）{hours}",
        f"{_WEEK_EN[week]} {when.isoformat()} {hours}",
    )


def business_day(
    calendar: Calendar,
    now_ms: int,
    last_day: str,
    clock_ok: bool,
    *,
    last_ms: int = 0,
    believed: bool = False,
) -> tuple[str, bool]:
    """The business day that the wall time asks for, and whether that time is to be trusted.

    ``last_day`` is the day the hall is on ("" when it never had one), ``last_ms`` the time of the
    last event, ``clock_ok`` whether the machine vouches for its clock. The answer is never earlier
    than ``last_day``. A leap of more than ``MAX_LEAP_DAYS`` (one day while nothing vouches for the
    clock) is not followed unless ``believed``: a technician looked at the clock (a hall that was shut
    for a season).
    """
    today = local_date(calendar, now_ms)
    if not last_day:
        return today, clock_ok
    if today <= last_day:
        return last_day, today == last_day and clock_ok and now_ms >= last_ms - BACKWARDS_MS
    leap = date.fromisoformat(today) - date.fromisoformat(last_day)
    most = MAX_LEAP_DAYS if clock_ok else MAX_LEAP_DAYS_UNVOUCHED
    if leap > timedelta(days=most) and last_day >= FIRST_DAY and not believed:
        return last_day, False
    return today, clock_ok and now_ms >= last_ms - BACKWARDS_MS


def should_roll(calendar: Calendar, day: str, last_day: str, now_ms: int, occupied: bool) -> bool:
    """Whether the hall goes over to ``day``, the answer of :func:`business_day`.

    ``occupied`` is whether anyone is in line, called, serving or held. People who are still there at
    midnight finish under their numbers; at 04:00, or when that hour has passed in between, the day
    changes anyway.
    """
    if day <= last_day:
        return False
    if not last_day or not occupied:
        return True
    later_than_next = date.fromisoformat(day) - date.fromisoformat(last_day) > timedelta(days=1)
    return later_than_next or _local(calendar, now_ms)[1] >= ROLL_HOUR * 60

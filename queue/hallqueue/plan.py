"""What a hall is: its services, windows, limits and hours, as the rules need it.

The configuration file becomes a :class:`Plan`; the rules, the keeper and the screens only ever see
this. All of it is frozen: a changed plan is a new keeper start.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Group:
    """业务类别: what a citizen chooses first (社保医保, 户籍治安, 一件事 …)."""

    id: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """事项: what a ticket is for."""

    id: str
    name: str
    group: str
    prefix: str
    """The letter(s) before the number (A, B, …); several services may share one, and with it one
    daily sequence. I and O are not used."""
    name_en: str = ""
    minutes: int = 10
    """Usual handling time (doTime), for the estimate until there are measurements."""
    day_limit: int = 0
    """Tickets a day; 0 is no limit."""
    person_limit: int = 0
    """Tickets a day for one person; 0 is no limit. Needs a person with the ticket."""
    last_ticket: str = ""
    """HH:MM after which no more tickets; empty is closing time."""
    hint: str = ""
    """Shown under the button (quhaoTip)."""
    matters: tuple[str, ...] = ()
    """一件事: the service ids that one ticket visits in this order; empty is the service itself."""


@dataclass(frozen=True, slots=True)
class Window:
    """窗口: who serves what."""

    number: int
    name: str
    serves: tuple[str, ...]
    """Service ids, 专业 or 综合; all are one shared choice by class and arrival."""
    overflow: tuple[str, ...] = ()
    """Service ids taken only when nobody waits for ``serves``."""
    kind: str = "general"
    """``general`` 综合窗口 or ``special`` 专业窗口."""


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """A class that goes first (老年人, 残疾人, 孕妇, 军人…)."""

    id: str
    name: str
    rank: int
    """Higher goes first; ordinary tickets have rank 0."""


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of service hours on the given weekdays."""

    weekdays: tuple[int, ...]
    """1 Monday … 7 Sunday (ISO 8601)."""
    start: str
    """HH:MM"""
    end: str
    """HH:MM, exclusive; 24:00 is midnight."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the hall gives out tickets."""

    sessions: tuple[Session, ...]
    utc_offset_minutes: int = 480
    """China has one time and no summer time: UTC+08:00."""
    holidays: tuple[str, ...] = ()
    """YYYY-MM-DD on which the hall is closed."""
    workdays: tuple[str, ...] = ()
    """YYYY-MM-DD on which Monday's sessions hold in spite of the weekday (调休)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers that the rules keep."""

    max_recalls: int = 2
    """重呼 at most this often for one call; then pass."""
    max_overtakes: int = 3
    """Of the calls of one window, at most this many in a row may overtake an earlier, lower class."""
    max_held: int = 5
    """挂起 at most this many a window."""
    return_within_tickets: int = 10
    """A passed ticket may return while fewer than this many were called after it in its line."""
    return_within_minutes: int = 60
    return_behind: int = 2
    """A returned ticket stands behind this many of those who wait now."""
    issue_needs_window: bool = False
    """Refuse a ticket while no open window serves the service."""
    issue_until_full: bool = False
    """Refuse a ticket once those who wait already take what is left of the day; staff may still give one."""
    estimate_samples: int = 20
    """Recent service times that the estimate looks at."""


@dataclass(frozen=True, slots=True)
class RatingRules:
    """How long and how a rating is asked for."""

    timeout_s: float = 60.0
    profile: str = "four-button"


@dataclass(frozen=True, slots=True)
class PrintRules:
    """What the ledger of print jobs keeps to."""

    expire_s: float = 600.0
    """A job older than this is not sent any more (lessons 26: morning flood)."""
    max_copies: int = 3
    """补打 at most this often a ticket."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole hall as configured. Checked by :mod:`hall.config`; the rules trust it."""

    hall_id: str
    hall_name: str
    groups: tuple[Group, ...]
    services: tuple[Service, ...]
    windows: tuple[Window, ...]
    calendar: Calendar
    priorities: tuple[PriorityClass, ...] = ()
    limits: Limits = field(default_factory=Limits)
    rating: RatingRules = field(default_factory=RatingRules)
    printing: PrintRules = field(default_factory=PrintRules)

    def service(self, service_id: str) -> Service | None:
        """The service of that id, or None."""
        return next((s for s in self.services if s.id == service_id), None)

    def window(self, number: int) -> Window | None:
        """The window of that number, or None."""
        return next((w for w in self.windows if w.number == number), None)

    def rank(self, priority: str) -> int:
        """The rank of a priority class id; 0 for ordinary or unknown."""
        return next((p.rank for p in self.priorities if p.id == priority), 0)

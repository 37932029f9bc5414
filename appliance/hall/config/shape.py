"""The shape of ``hall.toml``: one struct for each section, with types, ranges and defaults.

What a single value may be is said here; what must hold between values is in the ``check_*`` modules.
The defaults of ``[limits]``, ``[rating]`` and ``[printing]`` are those of :mod:`hallqueue.plan`
(a test holds them together), so a left-out line means the same as the plan's own default.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from hall.config.shape_devices import (
    DeviceSection,
    Dialect,
    PadLineRow,
    PadTableRow,
    PrintingSection,
    ScansSection,
    Url,
)

Count = Annotated[int, Meta(ge=0, le=100_000)]
Minutes = Annotated[int, Meta(ge=1, le=480)]
Text = Annotated[str, Meta(min_length=1, max_length=80)]
Weekday = Annotated[int, Meta(ge=1, le=7)]


class _Section(Struct, frozen=True, kw_only=True):
    """A table of the file."""


class HallSection(_Section, frozen=True):
    """``[hall]``: who we are."""

    id: str
    name: Text


class GroupRow(_Section, frozen=True):
    """``[[group]]``: 业务类别, the first choice at the terminal."""

    id: str
    name: Text
    name_en: str = ""


class ServiceRow(_Section, frozen=True):
    """``[[service]]``: 事项, the second choice; with ``matters`` a 一件事."""

    id: str
    name: Text
    group: str
    prefix: str
    name_en: str = ""
    minutes: Minutes = 10
    day_limit: Count = 0
    person_limit: Count = 0
    last_ticket: str = ""
    hint: str = ""
    matters: tuple[str, ...] = ()


class WindowRow(_Section, frozen=True):
    """``[[window]]``: 窗口."""

    number: Annotated[int, Meta(ge=1, le=99)]
    name: Text
    serves: tuple[str, ...]
    overflow: tuple[str, ...] = ()
    kind: Literal["general", "special"] = "general"


class PriorityRow(_Section, frozen=True):
    """``[[priority]]``: who goes first; the higher rank before the lower."""

    id: str
    name: Text
    rank: Annotated[int, Meta(le=100)]


class SessionRow(_Section, frozen=True):
    """One stretch of hours, an element of ``[calendar] sessions``."""

    weekdays: tuple[Weekday, ...]
    start: str
    end: str


class CalendarSection(_Section, frozen=True):
    """``[calendar]``: when tickets are given out."""

    sessions: tuple[SessionRow | None, ...]
    holidays: tuple[datetime.date, ...] = ()
    workdays: tuple[datetime.date, ...] = ()
    utc_offset_minutes: Annotated[int, Meta(ge=-720, le=840)] = 480


class LimitsSection(_Section, frozen=True):
    """``[limits]``: the numbers that the rules keep (see :class:`hallqueue.plan.Limits`)."""

    max_recalls: Annotated[int, Meta(ge=0, le=20)] = 2
    max_overtakes: Annotated[int, Meta(ge=1, le=100)] = 3
    max_held: Annotated[int, Meta(ge=0, le=50)] = 5
    return_within_tickets: Count = 10
    return_within_minutes: Annotated[int, Meta(ge=0, le=1440)] = 60
    return_behind: Annotated[int, Meta(ge=0, le=1000)] = 2
    issue_needs_window: bool = False
    issue_until_full: bool = False
    estimate_samples: Annotated[int, Meta(ge=1, le=1000)] = 20


class RatingSection(_Section, frozen=True):
    """``[rating]``: how a rating is asked for; ``keys`` is the pad's keys and their levels."""

    timeout_s: Annotated[float, Meta(ge=5, le=3600)] = 60.0
    profile: Literal["four-button"] = "four-button"
    keys: dict[str, str] = {}


class ScreenSection(_Section, frozen=True):
    """``[screen]``: what the citizen terminal and the hall screen need."""

    idle_s: Annotated[float, Meta(ge=15, le=600)] = 30.0
    """Seconds without a touch after which the terminal goes back to its first picture."""
    notice: str = ""
    """One line at the foot of the hall screen."""


class FileShape(_Section, frozen=True):
    """The whole file; every key of it is the name of a section.

    Nothing is required here, so that a file that lacks a section is still checked in the rest;
    :data:`REQUIRED` names what must be there. A row that did not fit is None in its place.
    """

    hall: HallSection | None = None
    group: tuple[GroupRow | None, ...] = ()
    service: tuple[ServiceRow | None, ...] = ()
    window: tuple[WindowRow | None, ...] = ()
    calendar: CalendarSection | None = None
    priority: tuple[PriorityRow | None, ...] = ()
    limits: LimitsSection | None = LimitsSection()
    rating: RatingSection | None = RatingSection()
    printing: PrintingSection | None = PrintingSection()
    idcard: DeviceSection | None = None
    barcode: DeviceSection | None = None
    camera: DeviceSection | None = None
    scanner: DeviceSection | None = None
    scans: ScansSection | None = ScansSection()
    pads: dict[str, Url] = {}
    """Window number to device URL; so are callers and signs."""
    pad_tables: dict[str, PadTableRow | None] = {}
    pad_lines: dict[str, PadLineRow | None] = {}
    callers: dict[str, Url] = {}
    caller_dialects: dict[str, Dialect] = {}
    caller_keys: dict[str, str] = {}
    """Key of a caller to what it means, where that is not the usual."""
    signs: dict[str, Url] = {}
    screen: ScreenSection | None = ScreenSection()
    access: dict[str, tuple[str, ...]] = {}
    """Role to the names of the users and ``@groups`` that may take it."""
    wording: dict[str, str] = {}
    """Text key to the words that replace the built-in ones."""


REQUIRED = {
    "hall": "[hall]",
    "group": "[[group]]",
    "service": "[[service]]",
    "window": "[[window]]",
    "calendar": "[calendar]",
}
"""The sections a hall cannot be without, and how each begins."""

"""Turns a checked draft into the configuration that the roles use."""

from __future__ import annotations

from typing import Any

import msgspec

from hall.config.build_devices import callers, pad_lines, pad_tables, printer, scans, url_of, window_devices
from hall.config.draft import Draft
from hall.config.model import DEFAULT_KEYS, HallConfig, ScreenSettings
from hall.config.shape import CalendarSection, LimitsSection, RatingSection, ScreenSection
from hall.config.shape_devices import PrintingSection
from hallqueue.plan import (
    Calendar,
    Group,
    Limits,
    Plan,
    PrintRules,
    PriorityClass,
    RatingRules,
    Service,
    Session,
    Window,
)
from hallqueue.states import Level


def build(draft: Draft, source: str) -> HallConfig:
    """The configuration of a draft without problems."""
    shape = draft.shape
    rating = shape.rating or RatingSection()
    printing = shape.printing or PrintingSection()
    screen = shape.screen or ScreenSection()
    return HallConfig(
        source=source,
        plan=_plan(draft, rating, printing),
        printer=printer(printing, source),
        idcard=url_of(shape.idcard),
        barcode=url_of(shape.barcode),
        camera=url_of(shape.camera),
        scanner=url_of(shape.scanner),
        scans=scans(shape, source),
        pads=window_devices(shape.pads),
        pad_tables=pad_tables(shape),
        pad_lines=pad_lines(shape),
        callers=window_devices(shape.callers),
        caller_words=callers(shape),
        signs=window_devices(shape.signs),
        keys={key: Level(level) for key, level in rating.keys.items()} or DEFAULT_KEYS,
        screen=ScreenSettings(idle_s=screen.idle_s, notice=screen.notice),
        access=shape.access,
        wording=shape.wording,
    )


def _plan(draft: Draft, rating: RatingSection, printing: PrintingSection) -> Plan:
    shape = draft.shape
    assert shape.hall is not None and shape.calendar is not None  # required, and the draft has no problems
    return Plan(
        hall_id=shape.hall.id,
        hall_name=shape.hall.name,
        groups=tuple(Group(**_fields(row)) for _, row in draft.groups()),
        services=tuple(Service(**_fields(row)) for _, row in draft.services()),
        windows=tuple(Window(**_fields(row)) for _, row in draft.windows()),
        calendar=_calendar(draft, shape.calendar),
        priorities=tuple(PriorityClass(**_fields(row)) for _, row in draft.priorities()),
        limits=Limits(**_fields(shape.limits or LimitsSection())),
        rating=RatingRules(timeout_s=rating.timeout_s, profile=rating.profile),
        printing=PrintRules(expire_s=printing.expire_s, max_copies=printing.max_copies),
    )


def _fields(row: msgspec.Struct) -> dict[str, Any]:
    """The rows of the file carry the plan's own field names; a test holds the two together."""
    return msgspec.structs.asdict(row)


def _calendar(draft: Draft, section: CalendarSection) -> Calendar:
    return Calendar(
        sessions=tuple(
            Session(weekdays=tuple(sorted(set(row.weekdays))), start=row.start, end=row.end)
            for _, row in draft.sessions()
        ),
        utc_offset_minutes=section.utc_offset_minutes,
        holidays=tuple(day.isoformat() for day in section.holidays),
        workdays=tuple(day.isoformat() for day in section.workdays),
    )

"""Checks of windows and priorities: whoever takes a ticket can be called by somebody."""

from __future__ import annotations

from hall.config import catalogue as cat
from hall.config.draft import Draft
from hall.config.fit import guess
from hall.config.shape import WindowRow


def check_windows(draft: Draft) -> None:
    """Report everything wrong between windows, services and priorities."""
    problems = draft.problems
    first: dict[int, int] = {}
    for place, window in draft.windows():
        if window.number in first:
            free = next(number for number in range(1, 200) if number not in draft.named("window", "number"))
            problems.add(
                cat.DOUBLE_WINDOW,
                "window",
                place,
                "number",
                number=window.number,
                first=first[window.number],
                free=free,
            )
        first.setdefault(window.number, problems.line_of("window", place, "number"))
        if not window.serves and not window.overflow:
            problems.add(cat.IDLE_WINDOW, "window", place, "serves", number=window.number)
        _served(draft, place, window)
    _unserved(draft)
    for place, priority in draft.priorities():
        if priority.rank < 1:
            problems.add(cat.LOW_RANK, "priority", place, "rank", id=priority.id, rank=priority.rank)


def _served(draft: Draft, place: int, window: WindowRow) -> None:
    problems, known, bundles = draft.problems, draft.named("service"), draft.bundles()
    for key, services in (("serves", window.serves), ("overflow", window.overflow)):
        seen: set[str] = set()
        for spot, service in enumerate(services):
            where = ("window", place, key, spot)
            if service not in known:
                problems.add(cat.UNKNOWN_SERVICE, *where, service=service, **guess(service, known))
            elif service in bundles:
                problems.add(cat.SERVES_BUNDLE, *where, service=service, flat=draft.flat(service) or "-")
            elif service in seen:
                problems.add(cat.DOUBLE_MATTER, *where, service=service)
            elif key == "overflow" and service in window.serves:
                problems.add(cat.SERVES_TWICE, *where, service=service)
            seen.add(service)


def _unserved(draft: Draft) -> None:
    """A 一件事 is served through its matters, so only plain services need a window of their own.

    Reads the windows as written: one with another mistake in it still serves what it names.
    """
    served: set[object] = set()
    for key in ("serves", "overflow"):
        rows = draft.raw.get("window")
        for row in rows if isinstance(rows, list) else ():
            named = row.get(key) if isinstance(row, dict) else None
            served |= {name for name in named if isinstance(name, str)} if isinstance(named, list) else set()
    for place, service in draft.services():
        if not service.matters and service.id not in served:
            draft.problems.add(cat.UNSERVED, "service", place, service=service.id)

"""Checks of groups, services and 一件事: what the terminal shows and what a number looks like.

Prefixes: services may share one, and with it one daily sequence, only within one group. The letter on
the paper then tells people and staff the group (户籍 A, 社保 B …), and a prefix can be moved to other
windows as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict

from hall.config import catalogue as cat
from hall.config.draft import Draft
from hall.config.fit import guess

MAX_GROUPS = 6
MAX_SERVICES = 6
"""The terminal asks one question a screen with at most six large choices and never scrolls."""

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PREFIX = re.compile(r"[A-HJ-NP-Z]{1,2}")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def check_services(draft: Draft) -> None:
    """Report everything wrong between groups and services."""
    _ids(draft)
    _choices(draft)
    _prefixes(draft)
    _matters(draft)


def _ids(draft: Draft) -> None:
    problems = draft.problems
    if draft.shape.hall is not None and not _ID.fullmatch(draft.shape.hall.id):
        problems.add(cat.BAD_ID, "hall", "id", id=draft.shape.hall.id)
    for section, rows in (
        ("group", draft.groups()),
        ("service", draft.services()),
        ("priority", draft.priorities()),
    ):
        first: dict[str, int] = {}
        for place, row in rows:
            if not _ID.fullmatch(row.id):
                problems.add(cat.BAD_ID, section, place, "id", id=row.id)
            elif row.id in first:
                problems.add(cat.DOUBLE_ID, section, place, "id", id=row.id, first=first[row.id])
            first.setdefault(row.id, problems.line_of(section, place, "id"))


def _choices(draft: Draft) -> None:
    problems = draft.problems
    if len(draft.shape.group) > MAX_GROUPS:
        problems.add(cat.TOO_MANY_GROUPS, "group", MAX_GROUPS, count=len(draft.shape.group), limit=MAX_GROUPS)
    members: dict[str, list[int]] = defaultdict(list)
    known = draft.named("group")
    for place, service in draft.services():
        members[service.group].append(place)
        if service.group not in known:
            problems.add(
                cat.UNKNOWN_GROUP,
                "service",
                place,
                "group",
                group=service.group,
                **guess(service.group, known),
            )
    used = draft.named("service", "group")
    for place, group in draft.groups():
        places = members[group.id]
        if group.id not in used:
            problems.add(cat.EMPTY_GROUP, "group", place, group=group.id)
        elif len(places) > MAX_SERVICES:
            spot = places[MAX_SERVICES]
            problems.add(
                cat.TOO_MANY_SERVICES, "service", spot, group=group.id, count=len(places), limit=MAX_SERVICES
            )


def _prefixes(draft: Draft) -> None:
    problems = draft.problems
    taken = {service.prefix for _, service in draft.services()}
    free = next((letter for letter in _LETTERS if letter not in taken), "AA")
    owner: dict[str, tuple[str, int]] = {}
    for place, service in draft.services():
        prefix = service.prefix
        if not _PREFIX.fullmatch(prefix):
            upper = prefix.upper()
            example = upper if _PREFIX.fullmatch(upper) and upper not in taken else free
            problems.add(cat.BAD_PREFIX, "service", place, "prefix", prefix=prefix, example=example)
            continue
        group, line = owner.setdefault(prefix, (service.group, problems.line_of("service", place, "prefix")))
        if group != service.group:
            problems.add(
                cat.SHARED_PREFIX,
                "service",
                place,
                "prefix",
                prefix=prefix,
                group=group,
                first=line,
                example=free,
            )


def _matters(draft: Draft) -> None:
    problems, known, bundles = draft.problems, draft.named("service"), draft.bundles()
    for place, service in draft.services():
        seen: set[str] = set()
        if len(service.matters) == 1:
            problems.add(cat.THIN_MATTERS, "service", place, "matters", bundle=service.id)
        for spot, matter in enumerate(service.matters):
            where = ("service", place, "matters", spot)
            if matter not in known:
                problems.add(
                    cat.UNKNOWN_SERVICE, *where, service=matter, **guess(matter, known - {service.id})
                )
            elif matter in bundles:
                problems.add(
                    cat.NESTED_MATTERS,
                    *where,
                    bundle=service.id,
                    service=matter,
                    flat=draft.flat(service.id) or "-",
                )
            elif matter in seen:
                problems.add(cat.DOUBLE_MATTER, *where, service=matter)
            seen.add(matter)

"""Checks of printer, pads, rating keys and access: every device has a port of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from hall.config import catalogue_devices as cat
from hall.config.device_url import PAD_EXAMPLE, PRINTER_EXAMPLE, Port, UrlWrong, pad_port, printer_port
from hall.config.draft import Draft
from hall.config.model import DEFAULT_KEYS, ROLES
from hallprinter.profile import PROFILES, TextEncoding
from hallqueue.states import Level

_ACCOUNT = re.compile(r"@?(?:[A-Za-z_][A-Za-z0-9_-]*|[0-9]+)")
_LEVELS = tuple(level for level in Level if level is not Level.VERY_DISSATISFIED)
"""What a four-button pad can mean: nothing turns 不满意 into the fifth level."""


def check_devices(draft: Draft) -> None:
    """Report everything wrong with devices, rating keys and access."""
    _printer(draft)
    _ports(draft)
    _rating_keys(draft)
    _access(draft)


def _printer(draft: Draft) -> None:
    printing = draft.shape.printing
    if printing is None:
        return
    if printing.profile not in PROFILES:
        known = ", ".join(PROFILES)
        draft.problems.add(cat.UNKNOWN_PROFILE, "printing", "profile", profile=printing.profile, known=known)
    encodings = [encoding.value for encoding in TextEncoding]
    if printing.encoding and printing.encoding not in encodings:
        draft.problems.add(
            cat.UNKNOWN_ENCODING,
            "printing",
            "encoding",
            encoding=printing.encoding,
            known=", ".join(encodings),
        )


def _ports(draft: Draft) -> None:
    owner: dict[str, tuple[str, int]] = {}
    if draft.shape.printing is not None and draft.shape.printing.device:
        where = ("printing", "device")
        _claim(
            draft, owner, "打印机 printer", draft.shape.printing.device, where, printer_port, PRINTER_EXAMPLE
        )
    numbers = {str(number) for number in draft.named("window", "number")}
    for window, url in draft.shape.pads.items():
        if window not in numbers:
            listed = ", ".join(sorted(numbers, key=lambda text: (len(text), text))) or "-"
            draft.problems.add(cat.PAD_WITHOUT_WINDOW, "pads", window, window=window, windows=listed)
        _claim(draft, owner, f"评价器 pad {window}", url, ("pads", window), pad_port, PAD_EXAMPLE)


def _claim(
    draft: Draft,
    owner: dict[str, tuple[str, int]],
    name: str,
    url: str,
    where: tuple[str, str],
    read: Callable[[str], Port],
    example: str,
) -> None:
    try:
        port = read(url)
    except UrlWrong as error:
        draft.problems.add(cat.BAD_URL, *where, url=url, why_zh=error.zh, why_en=error.en, example=example)
        return
    for claim in port.claims:
        if claim in owner:
            other, first = owner[claim]
            draft.problems.add(cat.SHARED_PORT, *where, port=claim, other=other, first=first)
        else:
            owner[claim] = (name, draft.problems.line_of(*where))


def _rating_keys(draft: Draft) -> None:
    keys: Mapping[str, str] = draft.shape.rating.keys if draft.shape.rating is not None else {}
    known = ", ".join(_LEVELS)
    seen: set[str] = set()
    for key, level in keys.items():
        where = ("rating", "keys", key)
        if key not in DEFAULT_KEYS:
            draft.problems.add(cat.BAD_RATING_KEY, *where, key=key)
        elif level not in _LEVELS:
            draft.problems.add(cat.BAD_LEVEL, *where, key=key, level=level, known=known)
        elif level in seen:
            draft.problems.add(cat.DOUBLE_LEVEL, *where, level=level)
        seen.add(level)
    for key in DEFAULT_KEYS if keys else ():
        if key not in keys:
            draft.problems.add(cat.MISSING_RATING_KEY, "rating", "keys", key=key)


def _access(draft: Draft) -> None:
    for role, names in draft.shape.access.items():
        if role not in ROLES:
            draft.problems.add(cat.UNKNOWN_ROLE, "access", role, role=role, known=", ".join(ROLES))
        for spot, name in enumerate(names):
            if not _ACCOUNT.fullmatch(name):
                draft.problems.add(cat.BAD_ACCOUNT, "access", role, spot, name=name)

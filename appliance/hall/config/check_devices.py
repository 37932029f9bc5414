"""Checks of devices, rating keys and access."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hall.config import catalogue_devices as cat
from hall.config.accounts import ACCOUNT
from hall.config.build_devices import enrolled_folder
from hall.config.draft import Draft
from hall.config.forms import check_forms
from hall.config.model import DEFAULT_KEYS, ROLES
from hall.config.ports import check_ports
from hallprinter.profile import PROFILES, TextEncoding
from hallqueue.states import Level

_LEVELS = tuple(level for level in Level if level is not Level.VERY_DISSATISFIED)
"""What a four-button pad can mean: nothing turns 不满意 into the fifth level."""


def check_devices(draft: Draft) -> None:
    """Report everything wrong with devices, rating keys and access."""
    _printer(draft)
    check_ports(draft)
    check_forms(draft)
    _rating_keys(draft)
    _access(draft)


def _printer(draft: Draft) -> None:
    printing = draft.shape.printing
    if printing is None:
        return
    if printing.profile not in PROFILES:
        _enrolled(draft, printing.profile)
    encodings = [encoding.value for encoding in TextEncoding]
    if printing.encoding and printing.encoding not in encodings:
        draft.problems.add(
            cat.UNKNOWN_ENCODING,
            "printing",
            "encoding",
            encoding=printing.encoding,
            known=", ".join(encodings),
        )


def _enrolled(draft: Draft, name: str) -> None:
    """A profile that is not ready-made is that of an enrolled printer, whose file must be there and whole."""
    from halldrivers.errors import DeviceError
    from hallprinter.enrolment_errors import ProfileMissing
    from hallprinter.profilefile import is_enrolled_name, load_printer

    folder = enrolled_folder(draft.problems.file)
    try:
        if is_enrolled_name(name):
            load_printer(folder, name)
            return
    except ProfileMissing:
        pass
    except DeviceError as error:
        draft.problems.add(
            cat.BAD_ENROLLED, "printing", "profile", profile=name, why_zh=error.detail_zh,
            why_en=error.detail, fix_zh=error.remedy_zh, fix_en=error.remedy_en,
        )  # fmt: skip
        return
    file = str(Path(folder.name) / f"{name}.toml")
    draft.problems.add(
        cat.UNKNOWN_PROFILE, "printing", "profile", profile=name, known=", ".join(PROFILES), file=file
    )


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
            if not ACCOUNT.fullmatch(name):
                draft.problems.add(cat.BAD_ACCOUNT, "access", role, spot, name=name)

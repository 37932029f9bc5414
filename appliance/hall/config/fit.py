"""Fits the parsed file to its shape, field by field, so that one mistake does not hide the next.

``msgspec.convert`` on a whole document stops at the first error. Here every field is converted by
itself; a bad one is reported and takes its default, and a row that lacks something it cannot do
without is left out, so that the checks between values still run on the rest.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from hall.config import catalogue as cat
from hall.config.expected import describe
from hall.config.problems import Problems

S = TypeVar("S", bound=msgspec.Struct)

_INNER_PLACE = re.compile(r"\$\[(\d+)\]")

EXAMPLES: Mapping[str, str] = {
    "id": 'id = "qingshui"',
    "name": 'name = "清水镇民生服务中心"',
    "group": 'group = "shebao"',
    "prefix": 'prefix = "A"',
    "serves": 'serves = ["shebao-cx"]',
    "number": "number = 1",
    "rank": "rank = 1",
    "weekdays": "weekdays = [1, 2, 3, 4, 5]",
    "device": 'device = "serial:///dev/hall/…"，写法见 docs/wiring.md',
    "pattern": "pattern = 'K([1-4])'",
    "keys": 'keys = { "1" = "AA 01 55", "2" = "AA 02 55" }',
    "start": 'start = "08:30"',
    "end": 'end = "12:00"',
    "sessions": 'sessions = [{ weekdays = [1, 2, 3, 4, 5], start = "08:30", end = "12:00" }]',
}
"""What a missing required key may look like."""

_BAD: Any = object()


def guess(word: str, known: Iterable[str]) -> dict[str, str | int]:
    """The fix of an unknown word: the nearest known one, or the list of them all."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return {"guess_zh": f"是不是“{near[0]}”？", "guess_en": f"did you mean {near[0]!r}?"}
    listed = ", ".join(names) or "-"
    return {"guess_zh": f"可用：{listed}", "guess_en": f"one of: {listed}"}


def fit(shape: type[S], raw: object, problems: Problems, path: tuple[str | int, ...] = ()) -> S | None:
    """The struct, with bad optional fields at their default; None when something required is not there."""
    if not isinstance(raw, Mapping):
        _wrong(problems, path, raw, ("一个表", "a table"))
        return None
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    for key in raw:
        if key not in fields:
            problems.add(cat.UNKNOWN_KEY, *path, key, key=key, **guess(key, fields))
    values: dict[str, Any] = {}
    complete = True
    for name, field in fields.items():
        if name in raw:
            value = _value(field.type, raw[name], problems, (*path, name))
            if value is not _BAD:
                values[name] = value
            elif field.required:
                complete = False
        elif field.required:
            problems.add(cat.MISSING, *path, key=name, example=EXAMPLES.get(name, name))
            complete = False
    return shape(**values) if complete else None


def _value(wanted: Any, raw: object, problems: Problems, path: tuple[str | int, ...]) -> Any:
    """The converted value, or ``_BAD`` when it was reported and the default must do."""
    section = _struct_in(wanted)
    if section is not None:
        return fit(section, raw, problems, path)
    origin = get_origin(wanted)
    row = _struct_in(get_args(wanted)[0]) if origin is tuple else None
    if row is not None and isinstance(raw, list):
        # None keeps the place of a row that did not fit.
        return tuple(fit(row, item, problems, (*path, place)) for place, item in enumerate(raw))
    if origin is dict and isinstance(raw, Mapping):
        of_value = get_args(wanted)[1]
        items = {key: _value(of_value, item, problems, (*path, key)) for key, item in raw.items()}
        return {key: item for key, item in items.items() if item is not _BAD}
    try:
        return msgspec.convert(raw, wanted)
    except msgspec.ValidationError as error:
        place = _INNER_PLACE.search(str(error))
        if place is not None and isinstance(raw, list):
            inner = int(place.group(1))
            _wrong(problems, (*path, inner), raw[inner], describe(get_args(wanted)[0]))
        else:
            _wrong(problems, path, raw, describe(wanted))
        return _BAD


def _wrong(problems: Problems, path: tuple[str | int, ...], raw: object, want: tuple[str, str]) -> None:
    problems.add(cat.WRONG_TYPE, *path, key=_name(path), value=_show(raw), want_zh=want[0], want_en=want[1])


def _struct_in(wanted: Any) -> type[msgspec.Struct] | None:
    """The struct of ``Struct`` or ``Struct | None``; None for any other type."""
    for choice in (wanted, *get_args(wanted)) if get_origin(wanted) is not tuple else ():
        if isinstance(choice, type) and issubclass(choice, msgspec.Struct):
            return choice
    return None


def _name(path: tuple[str | int, ...]) -> str:
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "hall.toml")


def _show(raw: object) -> str:
    text = raw.isoformat() if hasattr(raw, "isoformat") else repr(raw)
    return text if len(text) <= 60 else text[:57] + "…"

"""What devices without a standard say, as the configuration writes it down: tables, lines, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hall.config import catalogue_devices as cat
from hall.config.draft import Draft
from hall.config.shape_devices import PadLineRow, PadTableRow
from halldrivers.errors import BadUrl, DeviceError
from hallqueue.errors import HallError

_SPARE_KEYS = ("void", "reprint", "open")

if TYPE_CHECKING:
    from halldrivers.ratingpad.table import PadTable
    from halldrivers.ratingpad.textline import PadLine


def check_forms(draft: Draft) -> None:
    """Report tables, patterns, dialects and keys that cannot be used, and URLs that name none of them."""
    _pad_forms(draft)
    _named_forms(draft)
    _callers(draft)


def pad_table(row: PadTableRow) -> PadTable:
    """The byte table of a row; raises BadPadTable."""
    from halldrivers.ratingpad.table import PadTable

    return PadTable(row.keys, row.arm, row.thank, row.idle, row.other)


def pad_line(row: PadLineRow) -> PadLine:
    """The line pattern of a row; raises BadPadLine."""
    from halldrivers.ratingpad.textline import PadLine

    return PadLine(row.pattern, row.keys, row.arm, row.thank, row.idle, row.end, row.silence_ms)


def _pad_forms(draft: Draft) -> None:
    for name, table in draft.shape.pad_tables.items():
        if table is not None:
            try:
                pad_table(table)
            except DeviceError as error:
                _bad_form(draft, "pad_tables", name, error)
    for name, line in draft.shape.pad_lines.items():
        if line is not None:
            try:
                pad_line(line)
            except DeviceError as error:
                _bad_form(draft, "pad_lines", name, error)


def _named_forms(draft: Draft) -> None:
    if not draft.shape.pads:
        return
    from halldrivers.ratingpad.address import BoxAddress, parse_pad

    for window, url in draft.shape.pads.items():
        try:
            address = parse_pad(url)
        except BadUrl:
            continue  # told where the ports are checked
        if not isinstance(address, BoxAddress):
            continue
        section, name = ("pad_tables", address.table) if address.table else ("pad_lines", address.line)
        known = draft.raw.get(section)
        if name not in (known if isinstance(known, dict) else {}):
            draft.problems.add(cat.UNKNOWN_FORM, "pads", window, section=section, name=name)


def _callers(draft: Draft) -> None:
    if draft.shape.caller_dialects:
        from halldrivers.caller.dialectconfig import dialect_from

        for name, settings in draft.shape.caller_dialects.items():
            try:
                dialect_from(name, settings)
            except DeviceError as error:
                _bad_form(draft, "caller_dialects", name, error)
    if draft.shape.caller_keys:
        _caller_keys(draft, draft.shape.caller_keys)


def _caller_keys(draft: Draft, keys: Mapping[str, str]) -> None:
    """Each wrong key with its own line; what only the whole table can lack, with the section's."""
    from hallkiosk.caller.keymap import CallerKeys

    right = dict(keys)
    for name, meaning in keys.items():
        # The others may have what a table needs beside this key, so it is tried in a table that has all.
        spare = [key for key in _SPARE_KEYS if key != name]
        try:
            CallerKeys.from_names({spare[0]: "step", spare[1]: "cancel", name: meaning})
        except HallError as error:
            del right[name]
            _bad_keys(draft, error, name)
    try:
        CallerKeys.from_names(right)
    except HallError as error:
        _bad_keys(draft, error)


def _bad_keys(draft: Draft, error: HallError, *name: str) -> None:
    draft.problems.add(
        cat.BAD_FORM, "caller_keys", *name, section="caller_keys", why_zh=error.what_zh,
        why_en=error.what_en, fix_zh=error.remedy_zh, fix_en=error.remedy_en,
    )  # fmt: skip


def _bad_form(draft: Draft, section: str, name: str, error: DeviceError) -> None:
    draft.problems.add(
        cat.BAD_FORM, section, name, section=f"{section}.{name}", why_zh=error.detail_zh, why_en=error.detail,
        fix_zh=error.remedy_zh, fix_en=error.remedy_en,
    )  # fmt: skip

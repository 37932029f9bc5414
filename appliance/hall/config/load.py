"""Reads ``hall.toml``: one call, a configuration or every problem of the file at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hall.config import catalogue as cat
from hall.config.accounts import check_accounts
from hall.config.build import build
from hall.config.check_devices import check_devices
from hall.config.check_services import check_services
from hall.config.check_times import check_times
from hall.config.check_windows import check_windows
from hall.config.check_wording import check_wording
from hall.config.draft import Draft
from hall.config.fit import fit
from hall.config.lines import Lines, locate
from hall.config.model import HallConfig
from hall.config.problems import Problems
from hall.config.shape import REQUIRED, FileShape

DEFAULT_FILE = Path("/etc/hall/hall.toml")
FILE_VARIABLE = "HALL_CONFIG"

_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def find(named: Path | None, environ: Mapping[str, str] = os.environ, *, state: Path | None = None) -> Path:
    """The file to use: the one named, ``$HALL_CONFIG``, the state folder's own, ``/etc/hall/hall.toml``.

    A state folder has one of its own when a demo made it.
    """
    if named is not None:
        return named
    if not environ.get(FILE_VARIABLE) and state is not None and (state / DEFAULT_FILE.name).is_file():
        return state / DEFAULT_FILE.name
    return Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else DEFAULT_FILE


def load(file: Path, *, with_accounts: bool = False) -> HallConfig:
    """The configuration in a file; raises :class:`~hall.config.problems.ConfigInvalid` with all problems.

    ``with_accounts`` looks for the users and groups of ``[access]`` on this machine too (see
    :mod:`hall.config.accounts`).
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        problems = Problems(str(file), Lines({}))
        problems.add_at(0, cat.NO_FILE, why=error.strerror or str(error))
        problems.check()
        raise
    return parse(data, str(file), with_accounts=with_accounts)


def parse(data: bytes, source: str, *, with_accounts: bool = False) -> HallConfig:
    """The configuration in the bytes of a file; ``source`` is the name that problems carry."""
    raw, problems = _read(data, source)
    wording = raw.get("wording")
    if isinstance(wording, dict):
        raw = {**raw, "wording": _dotted(wording)}
    shape = fit(FileShape, raw, problems) or FileShape()
    for section, header in REQUIRED.items():
        if section not in raw:
            problems.add(cat.MISSING, key=section, example=header)
    draft = Draft(shape=shape, raw=raw, problems=problems)
    for check in (check_services, check_windows, check_times, check_devices, check_wording):
        check(draft)
    if with_accounts:
        check_accounts(draft)
    problems.check()
    return build(draft, source)


def _read(data: bytes, source: str) -> tuple[dict[str, Any], Problems]:
    try:
        # A byte order mark is what Windows editors write before UTF-8.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems = Problems(source, Lines({}))
        problems.add_at(data.count(b"\n", 0, error.start) + 1, cat.NOT_UTF8)
        problems.check()
        raise
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems = Problems(source, Lines({}))
        at = _SYNTAX_LINE.search(str(error))
        # Without a line tomllib means the end of the document.
        line = int(at.group(1)) if at else text.rstrip().count("\n") + 1
        problems.add_at(line, cat.SYNTAX, why=str(error))
        problems.check()
        raise
    return raw, Problems(source, locate(text))


def _dotted(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Text keys have dots in them; written bare, TOML makes tables of them."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _dotted(value, f"{before}{key}.")
        else:
            found[before + key] = value
    return found

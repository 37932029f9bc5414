"""An enrolled printer as a file: what it is, what it answers, and the profile that follows.

One TOML file a printer, ``enrolled.toml`` by default, in a folder of the caller's. It is written whole or not
at all, so that a power cut leaves the old one. A file that a newer version wrote, or that is damaged, is
refused: a wrong profile prints wrong tickets all day.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from halldrivers.printerline import PrinterAbilities
from halldrivers.printerline.answers import Query
from halldrivers.printerline.enrolabout import Identity
from hallprinter.enrolment_errors import ProfileBroken, ProfileMissing, ProfileNewer, ProfileNotSaved
from hallprinter.profile import PROFILES, PrinterProfile

FORMAT = 1
ENROLLED = "enrolled"
"""The name of a hall's only printer in ``[printing] profile``."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_HEAD = "# Written when this printer was enrolled; enrol it again rather than change it by hand.\n"


@dataclass(frozen=True, slots=True)
class EnrolledPrinter:
    """Everything that the enrolment found out about one unit."""

    profile: PrinterProfile
    abilities: PrinterAbilities
    identity: Identity
    url: str
    """Where it stood when it was enrolled."""
    date: str
    """As the caller wrote it."""
    proof_s: float = 0.0
    """From the first byte of the slip to its proof; 0 without one."""
    answers: tuple[tuple[str, str], ...] = ()
    """What the person said about the slip, by question."""


class _Abilities(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    realtime: tuple[Query, ...]
    asb: bool
    paper_answer: bool
    process_id: bool


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    date: str
    url: str
    proof_s: float
    unit: Identity
    abilities: _Abilities
    profile: PrinterProfile
    slip: dict[str, str]


def is_enrolled_name(name: str) -> bool:
    """Whether a profile's name is that of an enrolled printer and not of a ready-made one."""
    return _NAME.fullmatch(name) is not None and name not in PROFILES


def check_name(name: str) -> None:
    """ValueError for what cannot be the name of an enrolled printer."""
    if not is_enrolled_name(name):
        raise ValueError(
            f"{name!r} cannot be the name of an enrolled printer: a-z, 0-9 and -, not ready-made"
        )


def profile_path(folder: Path, name: str = ENROLLED) -> Path:
    """Where the file of a printer is; ValueError for a name that is none."""
    check_name(name)
    return folder / f"{name}.toml"


def save_printer(folder: Path, printer: EnrolledPrinter) -> Path:
    """Write a printer's file, by the name of its profile; raises ProfileNotSaved."""
    path = profile_path(folder, printer.profile.name)
    data = (_HEAD + tomli_w.dumps(_as_table(printer))).encode()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync(folder)
    except OSError as error:
        raise ProfileNotSaved(f"{path}: {error.strerror or error}") from error
    return path


def load_printer(folder: Path, name: str = ENROLLED) -> EnrolledPrinter:
    """Read a printer's file; raises ProfileMissing, ProfileBroken, ProfileNewer or ProfileNotSaved."""
    path = profile_path(folder, name)
    try:
        raw = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError as error:
        raise ProfileMissing(str(path)) from error
    except OSError as error:
        raise ProfileNotSaved(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ProfileBroken(f"{path}: {error}") from error
    version = raw.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise ProfileNewer(f"{path}: format {version}")
    try:
        shape = msgspec.convert(raw, _Shape)
    except msgspec.ValidationError as error:
        raise ProfileBroken(f"{path}: {error}") from error
    if shape.profile.name != name:
        raise ProfileBroken(f"{path}: it is the file of {shape.profile.name!r}")
    if shape.format != FORMAT:
        raise ProfileBroken(f"{path}: format {shape.format}")
    return _printer(shape)


def _as_table(printer: EnrolledPrinter) -> dict[str, Any]:
    abilities = printer.abilities
    told = {name: value for name, value in asdict(printer.identity).items() if value not in ("", None)}
    profile = {name: _plain(value) for name, value in asdict(printer.profile).items()}
    return {
        "format": FORMAT,
        "date": printer.date,
        "url": printer.url,
        "proof_s": round(printer.proof_s, 3),
        "unit": told,
        "abilities": {
            "realtime": sorted(int(query) for query in abilities.realtime),
            "asb": abilities.asb,
            "paper_answer": abilities.paper_answer,
            "process_id": abilities.process_id,
        },
        "profile": profile,
        "slip": dict(printer.answers),
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _printer(shape: _Shape) -> EnrolledPrinter:
    abilities = PrinterAbilities(
        frozenset(shape.abilities.realtime),
        shape.abilities.asb,
        shape.abilities.paper_answer,
        shape.abilities.process_id,
    )
    return EnrolledPrinter(
        shape.profile,
        abilities,
        shape.unit,
        shape.url,
        shape.date,
        shape.proof_s,
        tuple(shape.slip.items()),
    )


def _sync(folder: Path) -> None:
    """The new name itself must reach the disk, not the file's content alone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The devices of a draft without problems, as the roles use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hall.config.forms import pad_line, pad_table
from hall.config.model import CallerWords, PrinterSettings, ScanSettings, WindowDevice
from hall.config.shape import FileShape
from hall.config.shape_devices import DeviceSection, PrintingSection, ScansSection
from hallprinter.profile import PROFILES, ConfirmRung, PrinterProfile, TextEncoding

if TYPE_CHECKING:
    from halldrivers.printerline import PrinterAbilities
    from halldrivers.ratingpad.table import PadTable
    from halldrivers.ratingpad.textline import PadLine

CERTIFICATE = "county.crt"


def enrolled_folder(source: str) -> Path:
    """Where the files of enrolled printers are: ``printers`` beside ``hall.toml``."""
    return Path(source).parent / "printers"


def url_of(section: DeviceSection | None) -> str:
    """The URL of a device, or empty."""
    return section.device if section else ""


def window_devices(urls: Mapping[str, str]) -> tuple[WindowDevice, ...]:
    """The devices of windows."""
    return tuple(WindowDevice(window=int(number), url=url) for number, url in urls.items())


def scans(shape: FileShape, source: str) -> ScanSettings:
    """What is kept of scans, and where."""
    section = shape.scans or ScansSection()
    return ScanSettings(
        certificate=Path(section.certificate) if section.certificate else Path(source).parent / CERTIFICATE,
        folder=Path(section.folder) if section.folder else None,
        keep_originals=section.keep_originals,
        budget_mib=section.budget_mib,
        floor_mib=section.floor_mib,
        stale_s=section.stale_minutes * 60.0,
    )


def pad_tables(shape: FileShape) -> dict[str, PadTable]:
    """The byte tables of rating boxes."""
    return {name: pad_table(row) for name, row in shape.pad_tables.items() if row is not None}


def pad_lines(shape: FileShape) -> dict[str, PadLine]:
    """The line patterns of rating boxes."""
    return {name: pad_line(row) for name, row in shape.pad_lines.items() if row is not None}


def callers(shape: FileShape) -> CallerWords:
    """Dialects and keys of the clerks' keypads."""
    return CallerWords(dialects=shape.caller_dialects, keys=shape.caller_keys)


def printer(section: PrintingSection, source: str) -> PrinterSettings | None:
    """The ticket printer, with what an enrolment learned and what the file says otherwise."""
    if not section.device:
        return None
    profile, abilities = _profile(section.profile, source)
    if section.encoding:
        profile = replace(profile, encoding=TextEncoding(section.encoding))
    if section.confirm:
        profile = replace(profile, confirm=ConfirmRung(section.confirm))
    if section.native_qr is not None:
        profile = replace(profile, native_qr=section.native_qr)
    if section.has_cutter is not None:
        profile = replace(profile, has_cutter=section.has_cutter)
    return PrinterSettings(url=section.device, profile=profile, abilities=abilities)


def _profile(name: str, source: str) -> tuple[PrinterProfile, PrinterAbilities | None]:
    if name in PROFILES:
        return PROFILES[name], None
    from hallprinter.profilefile import load_printer

    enrolled = load_printer(enrolled_folder(source), name)
    return enrolled.profile, enrolled.abilities

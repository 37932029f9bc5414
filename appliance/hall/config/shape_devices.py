"""The shape of the device sections of ``hall.toml``. What their URLs may be is the drivers' business."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Url = Annotated[str, Meta(min_length=1, max_length=300)]
Mebibytes = Annotated[int, Meta(ge=64, le=1_000_000)]


class _Section(Struct, frozen=True, kw_only=True):
    """A table of the file."""


class PrintingSection(_Section, frozen=True):
    """``[printing]``: the ticket printer; without ``device`` the hall prints no paper."""

    device: str = ""
    profile: str = "generic-80"
    """A ready-made one, or the name under which ``hall print enrol`` stored what it learned."""
    encoding: str = ""
    """Empty is the profile's; so for the next three when left out."""
    confirm: Literal["", "A", "B", "C", "D"] = ""
    native_qr: bool | None = None
    has_cutter: bool | None = None
    expire_s: Annotated[float, Meta(ge=30, le=86_400)] = 600.0
    max_copies: Annotated[int, Meta(ge=0, le=20)] = 3


class DeviceSection(_Section, frozen=True):
    """``[idcard]``, ``[barcode]``, ``[camera]``, ``[scanner]``: one device of the terminal each."""

    device: Url


class ScansSection(_Section, frozen=True):
    """``[scans]``: what is kept of scanned material until the county has acknowledged it."""

    certificate: str = ""
    """The county's, to which every scan is sealed; empty is ``county.crt`` beside ``hall.toml``."""
    folder: str = ""
    """Empty is ``scans`` in the state folder."""
    keep_originals: bool = False
    budget_mib: Mebibytes = 4096
    floor_mib: Mebibytes = 512
    stale_minutes: Annotated[int, Meta(ge=1, le=1440)] = 30


class PadTableRow(_Section, frozen=True):
    """``[pad_tables.NAME]``: the byte frames of a rating box."""

    keys: dict[str, str]
    arm: str = ""
    thank: str = ""
    idle: str = ""
    other: tuple[str, ...] = ()


class PadLineRow(_Section, frozen=True):
    """``[pad_lines.NAME]``: the text lines of a rating box."""

    pattern: str
    keys: dict[str, str] = {}
    arm: str = ""
    thank: str = ""
    idle: str = ""
    end: str = "\r\n"
    silence_ms: Annotated[int, Meta(ge=0, le=2000)] = 0


Dialect = dict[str, Any]
"""``[caller_dialects.NAME]``: :mod:`halldrivers.caller.dialectconfig` reads it."""

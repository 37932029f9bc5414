"""What a checked ``hall.toml`` becomes: everything the roles need, frozen.

The rules get the :class:`~hallqueue.plan.Plan`; devices, screens and access are for the processes
that own them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hallprinter.profile import PrinterProfile
from hallqueue.keeper.access import Role
from hallqueue.plan import Plan
from hallqueue.states import Level

if TYPE_CHECKING:
    from halldrivers.printerline import PrinterAbilities
    from halldrivers.ratingpad.table import PadTable
    from halldrivers.ratingpad.textline import PadLine

ROLES = tuple(Role)
"""Who may speak to the keeper, as it knows them."""

DEFAULT_KEYS: Mapping[str, Level] = MappingProxyType(
    {
        "1": Level.VERY_SATISFIED,
        "2": Level.SATISFIED,
        "3": Level.BASICALLY_SATISFIED,
        "4": Level.DISSATISFIED,
    }
)
"""The usual order of a four-button pad (facts: ratings 2.6)."""


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """The ticket printer."""

    url: str
    profile: PrinterProfile
    abilities: PrinterAbilities | None = None
    """What an enrolled printer answers; None where it is found out at each start."""


@dataclass(frozen=True, slots=True)
class WindowDevice:
    """A device of one window: a pad, a keypad, a sign."""

    window: int
    url: str


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What is kept of scanned material until the county has acknowledged it."""

    certificate: Path
    folder: Path | None
    """None is ``scans`` in the state folder."""
    keep_originals: bool
    budget_mib: int
    floor_mib: int
    stale_s: float


@dataclass(frozen=True, slots=True)
class CallerWords:
    """What the clerks' keypads say and mean, where that is not the usual."""

    dialects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Name to the table that :mod:`halldrivers.caller.dialectconfig` reads; checked."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Key to meaning, for :meth:`hallkiosk.caller.keymap.CallerKeys.from_names`."""


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """What the screens need beside the hall itself."""

    idle_s: float
    """Seconds without a touch until the terminal forgets what was chosen."""
    notice: str
    """One line at the foot of the hall screen; may be empty."""


@dataclass(frozen=True, slots=True)
class HallConfig:
    """The whole configuration of one hall, checked."""

    source: str
    """The file it came from."""
    plan: Plan
    printer: PrinterSettings | None
    """None: the hall prints no paper."""
    idcard: str
    """The URL of the ID-card reader; empty where there is none. So are the next three."""
    barcode: str
    camera: str
    scanner: str
    scans: ScanSettings
    pads: tuple[WindowDevice, ...]
    pad_tables: Mapping[str, PadTable]
    pad_lines: Mapping[str, PadLine]
    callers: tuple[WindowDevice, ...]
    caller_words: CallerWords
    signs: tuple[WindowDevice, ...]
    keys: Mapping[str, Level]
    """Raw key of a pad to the level it means."""
    screen: ScreenSettings
    access: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role to the users, ``@groups`` or uids that may take it; a role left out keeps the default."""
    wording: Mapping[str, str] = field(default_factory=dict)
    """Text key to the words that replace the built-in ones."""

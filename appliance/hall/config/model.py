"""What a checked ``hall.toml`` becomes: everything the roles need, frozen.

The rules get the :class:`~hallqueue.plan.Plan`; devices, screens and access are for the processes
that own them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hallprinter.profile import PrinterProfile
from hallqueue.keeper.access import Role
from hallqueue.plan import Plan
from hallqueue.states import Level

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


@dataclass(frozen=True, slots=True)
class PadSettings:
    """One window's rating pad."""

    window: int
    url: str


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
    pads: tuple[PadSettings, ...]
    keys: Mapping[str, Level]
    """Raw key of a pad to the level it means."""
    screen: ScreenSettings
    access: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role to the users, ``@groups`` or uids that may take it; a role left out keeps the default."""
    wording: Mapping[str, str] = field(default_factory=dict)
    """Text key to the words that replace the built-in ones."""

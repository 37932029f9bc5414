"""What a terminal screen shows, without a widget: pure values between the steps and the panes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hallkiosk.wording import Text
from hallqueue.views import HallSnapshot


class Scene(Enum):
    """Which picture is shown; a step, or something that stands before it."""

    GROUPS = "groups"
    SERVICES = "services"
    CONFIRM = "confirm"
    ISSUING = "issuing"
    REFUSED = "refused"
    TAKE = "take"
    ASKING = "asking"
    """您还在吗: the last seconds before everything is forgotten."""
    RECOVERING = "recovering"
    """The keeper cannot be reached."""
    CLOSED = "closed"
    """Nothing gives out tickets now."""


class Tone(Enum):
    """How a line is meant; the colour never says it alone."""

    PLAIN = "plain"
    NAME = "name"
    """What it is about, where there is no room to draw it big."""
    STRONG = "strong"
    HINT = "hint"
    WARN = "warn"
    GOOD = "good"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a notice."""

    text: str
    tone: Tone = Tone.PLAIN
    rank: int = 0
    """0 is always shown; where there is no room the highest rank is left out first."""


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on a button."""

    text: Text
    status: str = ""
    """A line below: how many wait, or why it cannot be pressed."""
    note: str = ""
    """A further line that is shown where there is room."""
    shortcut: str = ""
    """The key that presses it, written before the text; empty shows none."""
    is_enabled: bool = True
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole screen: a question, a notice above, choices below, and the foot."""

    scene: Scene
    question: Text
    big: str = ""
    """Drawn as large as there is room."""
    lines: tuple[Line, ...] = ()
    faces: tuple[Face, ...] = ()
    back: Face | None = None
    note: str = ""
    """Between the foot's buttons."""
    go: Face | None = None

    @property
    def has_notice(self) -> bool:
        """Whether there is anything to read above the choices."""
        return bool(self.big or self.lines)


@dataclass(frozen=True, slots=True)
class World:
    """What a picture needs to know beside the visit."""

    snapshot: HallSnapshot | None = None
    """The hall as last seen; None before the first time."""
    is_reachable: bool = True
    """Whether the keeper answers."""
    is_asking: bool = False
    """The person has not touched anything for long."""
    is_slow: bool = False
    """What is awaited (the ticket, or its paper) takes longer than usual."""
    remaining_s: int | None = None
    """Until the first screen returns; None when it does not by itself."""


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """The keys of a terminal; the keys of the choices stand on the buttons."""

    choices: tuple[str, ...] = ("1", "2", "3", "4", "5", "6")
    names_keys: bool = False
    """Whether 取号 and 返回 say their keys (Enter, Esc): for a keyboard, not for a touch panel."""

    def place(self, character: str | None) -> int | None:
        """The 0-based choice that a typed character means."""
        wanted = (character or "").upper()
        return self.choices.index(wanted) if wanted and wanted in self.choices else None


DIGITS = Shortcuts()
"""For a terminal that stands alone."""
LETTERS = Shortcuts(("A", "B", "C", "D", "E", "F"), names_keys=True)
"""For the demo deck, where number keys change panels."""

"""What the rules of a keypad tell its worker to do."""

from __future__ import annotations

from dataclasses import dataclass

from hallkiosk.caller.display import Picture
from hallkiosk.caller.request import Request, Seek
from hallqueue.errors import HallError


@dataclass(frozen=True, slots=True)
class Show:
    """Show this on the display."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Beep:
    """Make a sound: it was not done, or it is asked back."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The code of this is shown: count it."""

    error: HallError


@dataclass(frozen=True, slots=True)
class Send:
    """Ask the hall, and say what came of it."""

    number: int
    """Rises with each, so that an answer finds what it answers."""
    what: Request | Seek


Action = Show | Beep | Failed | Send

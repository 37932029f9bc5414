"""What the desk needs of a clerk's keypad, whatever it is wired to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from halldrivers.caller.keys import Key
from halldrivers.status import DeviceStatus

OnKey = Callable[[Key, float], None]
"""Called with each press and its time, from any thread."""
OnTrouble = Callable[[DeviceStatus], None]
"""Called with every word worth telling (once down, once up, a warning), from any thread."""


class Caller(Protocol):
    """A keypad that is open; it finds its device again by itself and says so."""

    def show(self, number: str, waiting: int) -> None:
        """Show a number (empty: none) and how many wait."""
        ...

    def beep(self) -> None:
        """Make a short sound."""
        ...

    def close(self) -> None:
        """Give it back; again is harmless. Nothing is called after it."""
        ...


class OpenCaller(Protocol):
    """Opens a keypad, or raises a DeviceError and holds nothing; it is called again then."""

    def __call__(self, *, on_key: OnKey, on_trouble: OnTrouble) -> Caller:
        """The keypad, at work."""
        ...

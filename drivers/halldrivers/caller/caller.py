"""What every caller is to those who use it, whatever its wire."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from halldrivers.caller.keys import Key
from halldrivers.counters import Counters
from halldrivers.status import DeviceStatus

OnKey = Callable[[Key, float], None]
"""Called in the caller's thread with each press and its time on a monotonic clock; must not block."""
OnTrouble = Callable[[DeviceStatus], None]
"""Called in the caller's thread with each word worth telling (down, up, a warning); must not block."""


Show = Callable[[str, int], None]
"""Shows a number and how many wait."""


class Caller(Protocol):
    """A clerk's keypad with its display. Every method may be called from any thread and waits for nothing."""

    @property
    def status(self) -> DeviceStatus:
        """The last thing worth telling; unknown until something was heard of it."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether it was given back."""
        ...

    @property
    def counters(self) -> Counters:
        """``presses``, ``strays`` (frames that make no sense), ``dropped`` (held back), ``writes``."""
        ...

    def show(self, number: str, waiting: int) -> None:
        """Show the ticket at the window (empty: none) and how many wait; the newest wins over those before,
        and is written again when the device comes back."""
        ...

    def beep(self) -> None:
        """Make a short sound (or light), for instance when the first person comes into an empty line."""
        ...

    def borrowed(self, on_key: OnKey) -> AbstractContextManager[Show]:
        """For as long as this lasts a check hears the keys and has the display, and nobody else."""
        ...

    def close(self) -> None:
        """Give the caller back; again is harmless. Nothing is called after it. Not from within a callback."""
        ...


class OpenCaller(Protocol):
    """Opens one caller; a device that is not there yet is no error, it is told and waited for."""

    def __call__(self, *, on_key: OnKey, on_trouble: OnTrouble) -> Caller:
        """The caller, working."""
        ...

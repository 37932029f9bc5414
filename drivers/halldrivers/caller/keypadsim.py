"""A simulated numeric keypad that types, for a caller in this process; it shares no table with the driver."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from halldrivers.keysource import DOWN, UP, Dropped, KeyEvent, MemoryKeySource

CAPS = {
    "0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73,
    "Enter": 96, "+": 78, "-": 74, "*": 55, "/": 98, ".": 83, "Backspace": 14, "Esc": 1, "NumLock": 69,
    "F1": 59, "F2": 60, "F3": 61, "F4": 62, "F5": 63, "F6": 64, "F7": 65, "F8": 66, "F9": 67, "F10": 68,
    "F11": 87, "F12": 88,
}  # fmt: skip
"""What is written on the keys, and the scancode of each (linux/input-event-codes.h)."""
_LAMPS = {"NumLock": 0, "CapsLock": 1, "ScrollLock": 2}


class KeypadSim(MemoryKeySource):
    """One keypad, as a hand and an eye find it. From any thread."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now_s, self._lock = now_s, threading.Lock()

    def press(self, *caps: str) -> None:
        """Press keys one after the other: ``press("0", "1", "2", "Enter")``; nothing comes of it while it is
        unplugged."""
        at_s = self._now_s()
        self.type(*(KeyEvent(CAPS[cap], value, at_s) for cap in caps for value in (DOWN, UP)))

    def lose(self) -> None:
        """The kernel drops keys, as on a machine that is too busy."""
        self.type(Dropped(self._now_s()))

    def lamps(self) -> tuple[str, ...]:
        """The lamps that are lit."""
        return tuple(name for name, led in _LAMPS.items() if self.lit.get(led))

    def type(self, *events: KeyEvent | Dropped) -> None:
        """Any keys."""
        with self._lock:
            if not self.is_gone:
                super().type(*events)

    def read(self, timeout_s: float) -> tuple[KeyEvent | Dropped, ...]:
        """Everything typed so far."""
        with self._lock:
            return super().read(timeout_s)

    def unplug(self) -> None:
        """Pull its cable: what was typed and not read is gone, and its lamps are dark."""
        with self._lock:
            self._events.clear()
            self.lit.clear()
            self.is_gone = True

    def plug(self) -> None:
        """It is back."""
        self.is_gone = False

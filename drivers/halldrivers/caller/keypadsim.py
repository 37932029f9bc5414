"""A simulated numeric keypad that types, for a caller in this process; it shares no table with the driver."""

from __future__ import annotations

from halldrivers.keysource import DOWN, UP, Dropped, KeyEvent, PluggedKeySource

CAPS = {
    "0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73,
    "Enter": 96, "+": 78, "-": 74, "*": 55, "/": 98, ".": 83, "Backspace": 14, "Esc": 1, "NumLock": 69,
    "F1": 59, "F2": 60, "F3": 61, "F4": 62, "F5": 63, "F6": 64, "F7": 65, "F8": 66, "F9": 67, "F10": 68,
    "F11": 87, "F12": 88,
}  # fmt: skip
"""What is written on the keys, and the scancode of each (linux/input-event-codes.h)."""
_LAMPS = {"NumLock": 0, "CapsLock": 1, "ScrollLock": 2}


class KeypadSim(PluggedKeySource):
    """One keypad, as a hand and an eye find it. From any thread."""

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

"""The eight panels of the deck, and the numbers that show them."""

from __future__ import annotations

from enum import Enum


class Panel(Enum):
    """A panel; its value is the key that shows it."""

    TERMINAL = 1
    """取票机"""
    WINDOW_A = 2
    """The first window."""
    WINDOW_B = 3
    """The second window."""
    SCREEN = 4
    """大屏"""
    PAPER = 5
    """小票: what came out of the printer."""
    PADS = 6
    """评价器"""
    LOG = 7
    """日志: the events as they are recorded."""
    DEVICES = 8
    """设备: every device with its state, what it read and what a hand can do at it."""

    @property
    def key(self) -> str:
        """What to press."""
        return str(self.value)


OVERVIEW_KEY = "0"
"""全景: several panels at once, where there is room."""

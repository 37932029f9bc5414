"""The citizen's self-service terminal: choose, check, take a number, take the paper."""

from hallkiosk.terminal.app import TerminalApp, run_terminal, touch_key
from hallkiosk.terminal.model import DIGITS, LETTERS, Shortcuts
from hallkiosk.terminal.pace import Pace
from hallkiosk.terminal.widget import CitizenTerminal

__all__ = [
    "DIGITS",
    "LETTERS",
    "CitizenTerminal",
    "Pace",
    "Shortcuts",
    "TerminalApp",
    "run_terminal",
    "touch_key",
]

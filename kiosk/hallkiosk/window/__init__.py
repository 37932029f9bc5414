"""The window console: one key calls, starts and finishes; every other operation has its key and button."""

from hallkiosk.window.app import WindowApp, press_key, run_window
from hallkiosk.window.keys import BUTTONS, KEYS, PRIMARY_KEYS, Action
from hallkiosk.window.pace import ConsolePace
from hallkiosk.window.widget import WindowConsole

__all__ = [
    "BUTTONS",
    "KEYS",
    "PRIMARY_KEYS",
    "Action",
    "ConsolePace",
    "WindowApp",
    "WindowConsole",
    "press_key",
    "run_window",
]

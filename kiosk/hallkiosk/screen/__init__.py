"""The hall screen: who is called to which window, and how many wait."""

from hallkiosk.screen.app import ScreenApp, run_screen
from hallkiosk.screen.widget import HallScreen

__all__ = ["HallScreen", "ScreenApp", "run_screen"]

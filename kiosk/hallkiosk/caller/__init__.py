"""The clerk's hardware keypad: what its keys do and what its display shows.

:mod:`.keymap` says what keys mean, :mod:`.desk` holds the rules of one keypad, :mod:`.work` is the role,
:mod:`.fitting` gives it the hall's drivers.
"""

from hallkiosk.caller.keymap import CallerKeys, Meaning
from hallkiosk.caller.leads import numbered_services
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.states import DeskState
from hallkiosk.caller.work import CallerDesk

__all__ = ["CallerDesk", "CallerKeys", "CallerPace", "DeskState", "Meaning", "numbered_services"]

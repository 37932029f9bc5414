"""What stands on a keypad's display now: an error code, typed digits, a question, or the ticket in hand."""

from __future__ import annotations

from hallkiosk.caller.asked import Asked, Typed
from hallkiosk.caller.display import NOTHING, Picture, error_code
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.sight import Sight
from hallqueue.errors import HallError


class Face:
    """The display of one keypad, and what it was last told to show."""

    def __init__(self, pace: CallerPace) -> None:
        self._pace = pace
        self._error, self._until_s = "", 0.0
        self._shown: Picture | None = None

    @property
    def error_until_s(self) -> float | None:
        """When the error code goes, if there is one."""
        return self._until_s if self._error else None

    def tell(self, error: HallError, now_s: float) -> None:
        """Show its code for a while."""
        self._error, self._until_s = error_code(error), now_s + self._pace.error_s

    def clear_error(self) -> None:
        """The code has been seen, or its time is over."""
        self._error = ""

    def pass_time(self, now_s: float) -> None:
        """Take the code away when its time has come."""
        if now_s >= self._until_s:
            self.clear_error()

    def is_unknown(self) -> None:
        """The display was away, and may show anything."""
        self._shown = None

    def news(self, sight: Sight | None, typed: Typed, asked: Asked | None) -> Picture | None:
        """The picture to show, or None when it is shown already."""
        picture = self._picture(sight, typed, asked)
        if picture == self._shown:
            return None
        self._shown = picture
        return picture

    def _picture(self, sight: Sight | None, typed: Typed, asked: Asked | None) -> Picture:
        waiting = sight.window.waiting if sight is not None else 0
        if self._error:
            return Picture(self._error, waiting)
        if typed:
            return Picture(typed.digits, waiting)
        if asked is not None:
            return asked.picture(waiting)
        current = sight.window.current if sight is not None else None
        return Picture(current.number if current is not None else NOTHING, waiting)

"""The window signs: at each window the ticket in hand, nothing while it is open, ``--`` while it is not.

They stand here because they may share an RS-485 line with the pads, and a line has one owner. Opening and
closing them is the role's business; this only follows the hall and says what each sign shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from hallevaluator.delivery import Sleep
from hallevaluator.following import follow_hall
from hallqueue.service import HallService
from hallqueue.states import WindowState
from hallqueue.views import HallSnapshot, WindowView

RESTS = "--"
"""On the sign of a window that is paused or closed and has no ticket in hand."""

log = logging.getLogger(__name__)


class ShowsText(Protocol):
    """An open sign; may be told the same again and again, and returns at once."""

    def show(self, text: str) -> None:
        """Show a text from now on; an empty one leaves it dark."""
        ...


def sign_text(window: WindowView) -> str:
    """The ticket while it is called and served; else nothing, or ``--`` when the window is not open."""
    if window.current is not None:
        return window.current.number
    return "" if window.state is WindowState.OPEN else RESTS


class WindowSigns:
    """What the signs of the windows show, by the windows' numbers."""

    def __init__(
        self, service: HallService, signs: Mapping[int, ShowsText], *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._service, self._signs, self._sleep = service, signs, sleep

    async def run(self) -> None:
        """Follow the hall until cancelled. Raises a Refused when the keeper will not have this peer.

        While the keeper is away the texts stay: the citizens are still at their windows, and the keeper is
        back within seconds.
        """
        await follow_hall(self._service, self._saw, "the window signs", sleep=self._sleep)

    def _saw(self, hall: HallSnapshot) -> None:
        for window in hall.windows:
            sign = self._signs.get(window.number)
            if sign is not None:
                sign.show(sign_text(window))

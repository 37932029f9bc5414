"""A clerk's hand on a caller: one key calls the next person; the hall screen tells whether it did."""

from __future__ import annotations

import asyncio

from halldrivers.caller.sim import CallerLineSim
from hallqueue.service import HallService
from hallqueue.views import TicketView, WindowView

LOOK_S = 0.02
AGAIN_S = 2.0
"""A key that nothing came of is pressed again: the line may have been out, or the keeper away."""
CALL = "呼叫"


class CallerHand:
    """The caller of one window, and somebody's eyes."""

    def __init__(self, callers: CallerLineSim, hall: HallService, window: int) -> None:
        self._callers, self._hall, self._window = callers, hall, window

    async def call_next(self) -> TicketView | None:
        """Press 呼叫 when somebody waits; the ticket that is called then, or None."""
        if (await self._look()).waiting == 0:
            return None
        self._callers.press(self._window, CALL)
        for _ in range(round(AGAIN_S / LOOK_S)):
            await asyncio.sleep(LOOK_S)
            if (called := (await self._look()).current) is not None:
                return called
        return None

    async def _look(self) -> WindowView:
        snapshot = await self._hall.snapshot()
        return next(window for window in snapshot.windows if window.number == self._window)

"""The console's worker: sends a press until it is answered, and brings the hall back with the answer.

It never touches a widget; it posts messages, and the console's handlers own the state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from hallkiosk.window.request import Press, Sender
from hallqueue.errors import HallError
from hallqueue.views import HallSnapshot


@dataclass
class PressDone(Message):
    """The hall did what was asked; `snapshot` is the hall right after, None when it could not be asked."""

    press: Press
    snapshot: HallSnapshot | None


@dataclass
class PressRefused(Message):
    """The hall said no and nothing changed; `snapshot` is how it stands."""

    press: Press
    error: HallError
    snapshot: HallSnapshot | None


@dataclass
class PressUnanswered(Message):
    """The keeper does not answer; the press is being repeated under its key."""

    press: Press


class PressWorker:
    """Sends presses; `retry_s` passes between two tries."""

    def __init__(self, sender: Sender, post: Callable[[Message], object], *, retry_s: float) -> None:
        self._sender, self._post, self._retry_s = sender, post, retry_s

    async def send(self, press: Press) -> None:
        """Repeat until there is an answer, always under the one key of the press."""
        while True:
            try:
                await self._sender.send(press)
            except HallError as error:
                if not isinstance(error, ConnectionError):
                    self._post(PressRefused(press, error, await self._hall()))
                    return
                self._post(PressUnanswered(press))
                await asyncio.sleep(self._retry_s)
            else:
                self._post(PressDone(press, await self._hall()))
                return

    async def _hall(self) -> HallSnapshot | None:
        """The hall as it is now, so that the next press sees the effect of this one."""
        try:
            return await self._sender.service.snapshot()
        except HallError:
            return None

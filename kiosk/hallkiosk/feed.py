"""What every screen hears from the hall: workers that ask and post messages, and never touch a widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from hallqueue.client import ClientState, HallClient
from hallqueue.errors import HallError
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot


@dataclass
class HallSeen(Message):
    """The hall as it is now."""

    snapshot: HallSnapshot

    def can_replace(self, message: Message) -> bool:
        """A newer hall stands for an older one that was not shown yet."""
        return isinstance(message, HallSeen)


@dataclass
class HallLost(Message):
    """The keeper does not answer."""


Post = Callable[[Message], object]
"""Gives a message to the screen."""


def reach_of(service: HallService) -> Callable[[], bool]:
    """Whether the keeper is there, for services that know; others are taken to be."""
    if isinstance(service, HallClient):
        client = service
        return lambda: client.state is ClientState.CONNECTED
    return lambda: True


class Feed:
    """Asks one service for one screen. `retry_s` passes between two tries.

    `refresh_s`: the hall is looked at again after that time even when nothing happened, because opening hours
    and estimates change by themselves.
    """

    def __init__(self, service: HallService, post: Post, *, retry_s: float, refresh_s: float) -> None:
        self._service, self._post = service, post
        self._retry_s, self._refresh_s = retry_s, refresh_s

    async def hear(self) -> None:
        """Follow the hall for ever, through every restart of the keeper."""
        while True:
            try:
                async for snapshot in self._service.watch():
                    self._post(HallSeen(snapshot))
                    await self.look()
            except HallError:
                self._post(HallLost())
            await asyncio.sleep(self._retry_s)

    async def refresh(self) -> None:
        """Look at the hall once in a while, for what the clock alone changes."""
        while True:
            await asyncio.sleep(self._refresh_s)
            try:
                self._post(HallSeen(await self._service.snapshot()))
            except HallError:
                continue  # `hear` tells about a keeper that is gone

    async def look(self) -> None:
        """Called after every change of the hall, for a screen that wants to know more."""

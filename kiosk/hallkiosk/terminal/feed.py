"""What the terminal hears from the hall: workers that ask and post messages, and never touch a widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from hallqueue.client import ClientState, HallClient
from hallqueue.errors import HallError, KeeperGone
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot, Issued, TicketView


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


@dataclass
class TicketSeen(Message):
    """News of the ticket that is shown."""

    ticket: TicketView


@dataclass
class TicketGiven(Message):
    """The request of that key was answered."""

    key: str
    issued: Issued


@dataclass
class TicketRefused(Message):
    """The request of that key was answered with a no; nothing was recorded."""

    key: str
    error: HallError


@dataclass
class KeeperAway(Message):
    """The request of that key is not answered; it is being repeated."""

    key: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for with one touch."""

    key: str
    service: str
    priority: str


Post = Callable[[Message], object]
"""Gives a message to the terminal."""


def reach_of(service: HallService) -> Callable[[], bool]:
    """Whether the keeper is there, for services that know; others are taken to be."""
    if isinstance(service, HallClient):
        client = service
        return lambda: client.state is ClientState.CONNECTED
    return lambda: True


class Feed:
    """Asks one service for one terminal. `retry_s` passes between two tries.

    `refresh_s`: the hall is looked at again after that time even when nothing happened, because opening hours
    and estimates change by themselves.
    """

    def __init__(self, service: HallService, post: Post, *, retry_s: float, refresh_s: float) -> None:
        self._service, self._post = service, post
        self._retry_s, self._refresh_s = retry_s, refresh_s
        self._ticket = 0

    def track(self, ticket: int) -> None:
        """From now on report this ticket at every change of the hall; 0 is none."""
        self._ticket = ticket

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
        """Report the tracked ticket as it is now."""
        wanted = self._ticket
        if not wanted:
            return
        try:
            self._post(TicketSeen(await self._service.ticket(str(wanted))))
        except KeeperGone:
            self._post(HallLost())
        except HallError:
            return  # a ticket of yesterday, a device day rolled over: the last news stand

    async def issue(self, request: Request) -> None:
        """Ask for the ticket until there is an answer, always under the one key of the touch."""
        while True:
            try:
                issued = await self._service.issue(
                    request.service, key=request.key, priority=request.priority, channel="terminal"
                )
            except HallError as error:
                if not isinstance(error, ConnectionError):
                    self._post(TicketRefused(request.key, error))
                    return
                self._post(KeeperAway(request.key))
                await asyncio.sleep(self._retry_s)
            else:
                self._post(TicketGiven(request.key, issued))
                return

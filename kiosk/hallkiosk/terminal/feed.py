"""What the terminal hears beside the hall: news of its ticket, and the answer to its request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from textual.message import Message

from hallkiosk.feed import Feed, HallLost, Post
from hallqueue.errors import HallError, KeeperGone
from hallqueue.service import HallService
from hallqueue.views import Issued, TicketView


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


class TerminalFeed(Feed):
    """The hall's feed, with the ticket that is shown and the request that is under way."""

    def __init__(self, service: HallService, post: Post, *, retry_s: float, refresh_s: float) -> None:
        super().__init__(service, post, retry_s=retry_s, refresh_s=refresh_s)
        self._ticket = 0

    def track(self, ticket: int) -> None:
        """From now on report this ticket at every change of the hall; 0 is none."""
        self._ticket = ticket

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

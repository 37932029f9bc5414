"""How a keypad's requests reach the hall while the keeper comes and goes.

A request is repeated under its one key, so it is done once however often it is sent. Between two tries the
desk looks at the hall: where the window (or the ticket) stands otherwise by now, the request was done or has
lost its sense, and is not sent again. What nobody answered in time is given up, so nothing is done late.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from itertools import count

from hallkiosk.caller.errors import CallerUnanswered
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.request import Request, Seek, Sender
from hallkiosk.caller.sight import sight_of, standing_of
from hallqueue.errors import HallError, UnknownTicket
from hallqueue.plan import Plan
from hallqueue.views import HallSnapshot, TicketView

Sleep = Callable[[float], Awaitable[None]]

log = logging.getLogger(__name__)


def waits() -> Iterator[float]:
    """Seconds between tries: soon at first, then every second."""
    for n in count():
        yield min(1.0, 0.1 * 2.0**n) if n < 5 else 1.0


class Delivery:
    """Sends for one window. ``new_key`` answers an idempotency key that nobody else has."""

    def __init__(
        self,
        sender: Sender,
        plan: Plan,
        pace: CallerPace,
        *,
        new_key: Callable[[], str],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._sender, self._pace, self._new_key, self._sleep = sender, pace, new_key, sleep
        self._service = sender.service
        self._prefixes = tuple(dict.fromkeys(service.prefix for service in plan.services))

    async def send(self, request: Request) -> HallError | None:
        """Ask until there is an answer: None when it was done, else why not."""
        try:
            async with asyncio.timeout(self._pace.give_up_s):
                await self._send(request, self._new_key())
        except HallError as error:
            return error
        except TimeoutError:
            return self._given_up()
        return None

    async def seek(self, seek: Seek) -> tuple[TicketView, ...] | HallError:
        """Today's tickets with these digits, one a letter at most; or why they could not be looked for."""
        found = []
        pauses = waits()
        try:
            async with asyncio.timeout(self._pace.give_up_s):
                for prefix in self._prefixes:
                    ticket = await self._ticket(f"{prefix}{int(seek.digits):03d}", pauses)
                    if ticket is not None:
                        found.append(ticket)
        except HallError as error:
            return error
        except TimeoutError:
            return self._given_up()
        return tuple(found)

    async def look(self) -> HallSnapshot | None:
        """The hall now, or None when it cannot be seen soon."""
        try:
            async with asyncio.timeout(self._pace.look_s):
                return await self._service.snapshot()
        except (HallError, TimeoutError):
            return None

    async def _send(self, request: Request, key: str) -> None:
        pauses, loudness = waits(), logging.WARNING
        while True:
            try:
                await self._sender.send(request, key)
                return
            except ConnectionError as away:
                log.log(loudness, "keypad %d: %s is not done yet: %s", self._window, request.what, away)
                loudness = logging.DEBUG
            await self._sleep(next(pauses))
            if await self._has_moved_on(request, pauses):
                log.warning("keypad %d: the hall went on before %s was answered", self._window, request.what)
                return

    async def _has_moved_on(self, request: Request, pauses: Iterator[float]) -> bool:
        """Whether the window or the ticket stands otherwise than it did for this request."""
        while True:
            try:
                sight = sight_of(await self._service.snapshot(), self._window)
                if sight is None or sight.standing != request.standing:
                    return True
                if request.ticket_standing is None:
                    return False
                ticket = await self._service.ticket(str(request.ticket))
                return standing_of(ticket) != request.ticket_standing
            except ConnectionError:
                await self._sleep(next(pauses))

    async def _ticket(self, number: str, pauses: Iterator[float]) -> TicketView | None:
        while True:
            try:
                return await self._service.ticket(number)
            except UnknownTicket:
                return None
            except ConnectionError:
                await self._sleep(next(pauses))

    def _given_up(self) -> CallerUnanswered:
        error = CallerUnanswered(seconds=round(self._pace.give_up_s))
        log.warning("keypad %d: %s", self._window, error)
        return error

    @property
    def _window(self) -> int:
        return self._sender.window

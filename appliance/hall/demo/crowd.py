"""Simulated citizens: they touch, wait, hear the call, walk, and press the pad or do not.

They know what a citizen knows: the answer of the terminal, the paper, the call, the lamps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from hall.demo.measure import Witness
from hall.demo.people import Visitor
from hall.demo.terminaldesk import NOBODY, TerminalDesk
from hallqueue.errors import Refused
from hallqueue.service import HallService
from hallqueue.views import Issued

THANKS_WITHIN_S = 2.0
"""How long somebody looks at the pad for its thanks."""
LOOK_EVERY_S = 0.01
"""How often somebody looks at the lamps of a pad."""


@dataclass(slots=True)
class Presence:
    """Who is in the hall and what they have heard; clerks look here for the person at the desk."""

    visitors: dict[int, Visitor] = field(default_factory=dict)
    """Ticket to its citizen."""
    heard: dict[int, int] = field(default_factory=dict)
    """Ticket to how many calls and recalls have been made for it."""
    at_desk: dict[int, asyncio.Event] = field(default_factory=dict)
    """Ticket to the moment its citizen stands at the window."""


class Pad(Protocol):
    """The rating pads, as a hand and an eye find them."""

    def press(self, window: int, key: str) -> None:
        """A finger on a key; takes as long as a finger does."""
        ...

    def asks(self, window: int) -> bool:
        """Whether it asks for a rating."""
        ...

    def thanks(self, window: int, key: str) -> bool:
        """Whether it thanks for that key."""
        ...


class Crowd:
    """All visitors of a day."""

    def __init__(
        self,
        terminal: HallService,
        witness: Witness,
        *,
        pad: Pad,
        desk: TerminalDesk,
        clock: Callable[[], float],
        speed: float,
        rating_wait_s: float,
        thanks_s: float,
        touch_keys: Iterator[str],
    ) -> None:
        self.presence = Presence()
        self._terminal, self._witness = terminal, witness
        self._pad, self._desk = pad, desk
        self._clock, self._speed, self._rating_wait_s = clock, speed, rating_wait_s
        self._keys, self._thanks_s = touch_keys, thanks_s

    async def arrive(self, visitor: Visitor) -> None:
        """Come in, take a ticket, then wait; everything later is started by calls."""
        await self._pass_time(visitor.arrives_s)
        shown = await self._desk.show_card(visitor.card) if visitor.card else NOBODY
        priority = shown.priority or visitor.priority
        key = next(self._keys)
        began = self._clock()

        def touch() -> Awaitable[Issued]:
            return self._terminal.issue(
                visitor.service, key=key, priority=priority, person=shown.person, masked_name=shown.name
            )

        try:
            if visitor.double_tap:
                first, second = await asyncio.gather(touch(), touch())
                self._witness.double_taps.append((first.ticket.ticket, second.ticket.ticket))
            else:
                first = await touch()
        except Refused as refusal:
            self._witness.ended[f"refused {refusal.code}"] += 1
            return
        self._witness.touch_to_ticket.append(self._clock() - began)
        ticket = first.ticket
        self._witness.tickets[ticket.ticket] = ticket.number
        self._witness.touches[ticket.number] = began
        self.presence.visitors[ticket.ticket] = visitor
        self.presence.at_desk.setdefault(ticket.ticket, asyncio.Event())
        if visitor.shows_code:
            await self._desk.show_code(f"HALL:{ticket.reference}")
        if visitor.page:
            await self._desk.scan(ticket.ticket, visitor.page)

    async def hear(self, ticket: int) -> None:
        """A call or recall of a ticket sounds through the hall."""
        self.presence.heard[ticket] = calls = self.presence.heard.get(ticket, 0) + 1
        visitor = self.presence.visitors.get(ticket)
        if visitor is None or calls <= visitor.misses_calls:
            return
        await self._pass_time(visitor.walks_s)
        self.presence.at_desk[ticket].set()

    async def rate(self, ticket: int, matter: int, window: int) -> None:
        """The pad asks; press what this person presses, or let it go out."""
        visitor = self.presence.visitors.get(ticket)
        if visitor is None or not visitor.key:
            self._witness.silent.add(matter)
            return
        if not await self._lit(window):
            self._witness.silent.add(matter)
            return
        await asyncio.sleep(min(visitor.thinks_s / self._speed, self._rating_wait_s / 3))
        self._witness.pressed[matter] = visitor.key
        self._witness.press_began[window] = self._clock()
        await asyncio.to_thread(self._pad.press, window, visitor.key)
        if await self._thanked(window, visitor.key):
            self._witness.thanked.add(matter)
        else:
            # Whoever is not thanked presses once more.
            await asyncio.to_thread(self._pad.press, window, visitor.key)
            if await self._thanked(window, visitor.key):
                self._witness.thanked.add(matter)
        if visitor.presses_twice:
            self._witness.strays += 1
            await asyncio.to_thread(self._pad.press, window, "4" if visitor.key == "1" else "1")

    async def _thanked(self, window: int, key: str) -> bool:
        """Whether the lamp of the key stays lit: one that flashes says that the press is on its way."""
        until = self._clock() + THANKS_WITHIN_S
        lit_since: float | None = None
        while True:
            now = self._clock()
            if not self._pad.thanks(window, key):
                lit_since = None
            elif lit_since is None:
                lit_since = now
            if lit_since is not None and now - lit_since >= self._thanks_s:
                return True
            if now > until:
                return False
            await asyncio.sleep(LOOK_EVERY_S)

    async def _lit(self, window: int) -> bool:
        until = self._clock() + self._rating_wait_s
        while not self._pad.asks(window):
            if self._clock() > until:
                return False
            await asyncio.sleep(LOOK_EVERY_S)
        return True

    async def _pass_time(self, simulated_s: float) -> None:
        await asyncio.sleep(simulated_s / self._speed)

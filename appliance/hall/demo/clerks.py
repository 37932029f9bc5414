"""Simulated window staff: they call, wait, recall, pass, serve, hold, transfer and finish."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from hall.demo.callerhand import CallerHand
from hall.demo.crowd import Crowd
from hall.demo.measure import Witness
from hall.demo.people import child_plays, draw_work
from hallqueue.errors import QueueEmpty, RecallLimit, Refused
from hallqueue.plan import Plan, Window
from hallqueue.service import HallService
from hallqueue.views import TicketView

PATIENCE_S = 25.0
"""Simulated seconds between a call and a recall."""
IDLE_S = 0.02
"""Real seconds between two looks at an empty line."""


class Clerk:
    """One window's clerk, until told to go home."""

    def __init__(
        self,
        window: Window,
        plan: Plan,
        service: HallService,
        crowd: Crowd,
        witness: Witness,
        *,
        run: str,
        seed: int,
        speed: float,
        clock: Callable[[], float],
        play_with_pad: Callable[[int], None],
        caller: CallerHand | None = None,
    ) -> None:
        self._window, self._plan, self._service = window, plan, service
        self._crowd, self._witness = crowd, witness
        self._run, self._seed, self._speed, self._clock = run, seed, speed, clock
        self._play, self._caller = play_with_pad, caller
        self._step = 0
        self._held: dict[int, float] = {}
        """Held ticket to when its citizen is back."""
        self._going_home = asyncio.Event()
        self._transferred: set[int] = set()

    def go_home(self) -> None:
        """Finish what is in hand and held, then stop."""
        self._going_home.set()

    @property
    def is_free(self) -> bool:
        """Nothing held any more."""
        return not self._held

    async def work(self) -> None:
        """Open the window and serve until told to go home."""
        number = self._window.number
        await self._service.open_window(number, key=self._key(), clerk=f"{number}号办事员")
        if child_plays(self._seed, number):
            self._witness.strays += 1
            await asyncio.to_thread(self._play, number)
        while not (self._going_home.is_set() and self.is_free):
            if await self._take_back():
                continue
            began = self._clock()
            ticket = await self._call(number)
            if ticket is None:
                await asyncio.sleep(IDLE_S)
                continue
            self._witness.calls.append((ticket.ticket, number))
            self._witness.call_began[(ticket.ticket, number)] = began
            await self._receive(ticket)
        with contextlib.suppress(Refused):
            await self._service.close_window(number, key=self._key())

    async def _call(self, number: int) -> TicketView | None:
        """呼叫下一位, by the caller's key where there is one; None when nobody waits."""
        if self._caller is not None:
            return await self._caller.call_next()
        try:
            return await self._service.call_next(number, key=self._key(), expect=0)
        except QueueEmpty:
            return None

    async def _receive(self, ticket: TicketView) -> None:
        number = self._window.number
        there = self._crowd.presence.at_desk.setdefault(ticket.ticket, asyncio.Event())
        try:
            while not await self._within(there, PATIENCE_S):
                await self._service.recall(number, key=self._key(), expect=ticket.ticket)
        except RecallLimit:
            await self._pass(ticket)
            return
        view = await self._service.start(number, key=self._key(), expect=ticket.ticket)
        await self._serve(view)

    async def _pass(self, ticket: TicketView) -> None:
        await self._service.pass_ticket(self._window.number, key=self._key(), expect=ticket.ticket)
        visitor = self._crowd.presence.visitors.get(ticket.ticket)
        if visitor is None or not visitor.comes_back or visitor.misses_calls == 9:
            self._witness.ended["passed"] += 1
            return
        try:
            await self._service.return_passed(ticket.ticket, key=self._key())
        except Refused:
            self._witness.ended["passed"] += 1

    async def _serve(self, ticket: TicketView) -> None:
        """One matter after the other, as long as the ticket stays at this window."""
        number = self._window.number
        while True:
            work = draw_work(self._seed, ticket.ticket, ticket.matter)
            await asyncio.sleep(work.takes_s / 2 / self._speed)
            if await self._send_on(ticket, transfers=work.transfers):
                return
            if work.holds_s and ticket.ticket not in self._held:
                await self._service.hold(number, key=self._key(), reason="复印材料", expect=ticket.ticket)
                self._held[ticket.ticket] = self._clock() + work.holds_s / self._speed
                return
            await asyncio.sleep(work.takes_s / 2 / self._speed)
            goes_on = await self._finish(ticket)
            if goes_on is None:
                return
            ticket = goes_on

    async def _finish(self, ticket: TicketView) -> TicketView | None:
        """办结; answers the ticket when its next matter is served here at once."""
        number = self._window.number
        done = await self._service.finish(number, key=self._key(), expect=ticket.ticket)
        self._witness.finished.append((done.rating.matter, number))
        await self._crowd.rate(ticket.ticket, done.rating.matter, number)
        if done.ticket.state == "done":
            self._witness.ended["done"] += 1
            return None
        if done.ticket.state == "serving":
            return done.ticket
        self._crowd.presence.at_desk[ticket.ticket].clear()
        return None

    async def _send_on(self, ticket: TicketView, *, transfers: bool) -> bool:
        if not transfers or ticket.ticket in self._transferred:
            return False
        others = [
            w for w in self._plan.windows if w.number != self._window.number and ticket.service in w.serves
        ]
        if not others:
            return False
        self._transferred.add(ticket.ticket)
        self._crowd.presence.at_desk[ticket.ticket].clear()
        await self._service.transfer(
            self._window.number,
            ticket.service,
            to_window=others[0].number,
            key=self._key(),
            expect=ticket.ticket,
        )
        return True

    async def _take_back(self) -> bool:
        """恢复办理 the first held ticket whose citizen is back."""
        back = [ticket for ticket, at in self._held.items() if at <= self._clock()]
        if not back:
            return False
        view = await self._service.resume(self._window.number, back[0], key=self._key(), expect=0)
        # It stays in the dict until it is served, so that it is not held a second time.
        self._held[back[0]] = float("inf")
        await self._serve(view)
        del self._held[back[0]]
        return True

    async def _within(self, event: asyncio.Event, simulated_s: float) -> bool:
        try:
            await asyncio.wait_for(event.wait(), simulated_s / self._speed)
        except TimeoutError:
            return False
        return True

    def _key(self) -> str:
        self._step += 1
        return f"{self._run}-window-{self._window.number}-{self._step}"

"""The whole hall in plain memory: a complete :class:`~hallqueue.service.HallService` without a disk.

The fake of the screens' tests, but the rules in it are the real engine: what it answers and refuses is
what the keeper answers and refuses. Only durability, the socket and the access rules are missing.
Time passes when an operation or :meth:`MemoryHall.tick` looks at the clock, never by itself.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

from hallqueue.clock import Clock
from hallqueue.errors import KeyReused, StorageFailed, UnknownTicket
from hallqueue.events import Body, Event
from hallqueue.memory_ops import MemoryOps
from hallqueue.plan import Plan
from hallqueue.rules.day import DayState
from hallqueue.rules.engine import HallEngine
from hallqueue.rules.engine_base import KEEPER
from hallqueue.rules.engine_scans import view_of
from hallqueue.rules.look import Look
from hallqueue.store.codec import encode_body
from hallqueue.unit import Moment
from hallqueue.views import (
    Estimate,
    EventLine,
    HallSnapshot,
    PrintView,
    RatingView,
    ScanView,
    TicketView,
)

T = TypeVar("T")

MAX_EVENTS = 1000
"""Events in one answer."""


class MemoryLog:
    """Events in a list, numbered without gaps."""

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self.events: list[Event] = []

    def record(self, body: Body, moment: Moment) -> Event:
        """Append one event."""
        event = Event(
            self._epoch, len(self.events) + 1, moment.now_ms, moment.day, moment.clock_ok, moment.actor, body
        )
        self.events.append(event)
        return event


class MemoryCounters:
    """Counters in a dictionary."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}

    def take(self, name: str) -> int:
        """The next number, from 1."""
        self._values[name] = value = self._values.get(name, 0) + 1
        return value


class MemoryHall(MemoryOps):
    """A hall that lives as long as the object. ``actor`` is what its events name as who acted."""

    def __init__(
        self, plan: Plan, clock: Clock, *, epoch: str = "memory", actor: str = "test", seed: int = 0
    ) -> None:
        self._clock = clock
        self._plan = plan
        self._actor = actor
        self._random = random.Random(seed)
        self.log = MemoryLog(epoch)
        self.state = DayState(plan)
        self.engine = HallEngine(plan, self.state, MemoryCounters(), self.log, self._reference)
        self._answers: dict[str, tuple[tuple[object, ...], object]] = {}
        self._changed = asyncio.Event()
        self.tick()

    def tick(self) -> None:
        """What the keeper does once a second: the day, old papers, forgotten rating sessions."""
        before = len(self.log.events)
        now_ms, ok = self._clock.now_ms(), self._clock.synchronised()
        self.engine.roll_if_due(now_ms, ok)
        self.engine.tick(self.engine.moment(now_ms, ok, KEEPER))
        self._push(before)

    def _moment(self) -> Moment:
        self.tick()
        return self.engine.moment(self._clock.now_ms(), self._clock.synchronised(), self._actor)

    async def _unit(self, key: str, request: tuple[object, ...], run: Callable[[Moment], T]) -> T:
        """One operation under its key. What is refused is not remembered: the same key may try again."""
        known = self._answers.get(key)
        if known is not None:
            asked, answer = known
            if asked != request:
                raise KeyReused()
            return answer  # type: ignore[return-value]
        moment = self._moment()
        before = len(self.log.events)
        result = run(moment)
        self._answers[key] = (request, result)
        self._push(before)
        return result

    async def plan(self) -> Plan:
        """The hall as configured."""
        return self._plan

    async def snapshot(self) -> HallSnapshot:
        """The hall now."""
        return self.engine.snapshot(self._moment())

    async def attend_device(self, device: str, *, state: str, code: str = "") -> bool:
        """Whether the record says so too."""
        return self.engine.attend_device(self._moment(), device, state=state, code=code)

    async def estimate(self, service: str) -> Estimate:
        """等待时间 for a ticket taken now."""
        return self.engine.estimate(self._moment(), service)

    async def print_queue(self) -> tuple[PrintView, ...]:
        """The jobs to print, oldest first."""
        return self.engine.print_queue(self._moment())

    async def ratings_open(self) -> tuple[RatingView, ...]:
        """The open rating sessions."""
        return self.engine.ratings_open(self._moment())

    async def ticket(self, which: str) -> TicketView:
        """A ticket by today's number, its reference or its id, of any day."""
        try:
            return self.engine.ticket(self._moment(), which)
        except UnknownTicket:
            for day in self._past_days():
                for view in self._tickets_of(day):
                    if which in (view.reference, str(view.ticket)):
                        return view
            raise

    async def tickets(
        self, *, day: str = "", state: str = "", after: int = 0, limit: int = 100
    ) -> tuple[TicketView, ...]:
        """Tickets by rising id, of a day and a state, after a ticket id."""
        today = self.engine.tickets(self._moment(), day=day, state=state, after=after, limit=limit)
        if day in ("", self.state.day):
            return today
        views = (v for v in self._tickets_of(day) if v.ticket > after and (not state or v.state == state))
        return tuple(views)[:limit]

    async def scans(self, *, state: str = "", after: int = 0, limit: int = 100) -> tuple[ScanView, ...]:
        """Scans by rising id whose files are here; wiped ones are forgotten, for there is no database."""
        views = (view_of(record) for scan, record in sorted(self.state.scans.items()) if scan > after)
        return tuple(view for view in views if not state or view.state == state)[:limit]

    async def events(self, *, after: int = 0, limit: int = 200) -> tuple[EventLine, ...]:
        """Events by number, after one; ``after=-1`` gives the last ``limit``."""
        count = max(0, min(limit, MAX_EVENTS))
        start = max(0, len(self.log.events) - count) if after < 0 else after
        return tuple(_line(event) for event in self.log.events[start : start + count])

    async def backup(self, path: str) -> int:
        """The log as lines of JSON at ``path``, for there is no database; answers its bytes."""
        text = b"".join(encode_body(event.body) + b"\n" for event in self.log.events)
        try:
            return await asyncio.to_thread(Path(path).write_bytes, text)
        except OSError as error:
            raise StorageFailed(why=error.strerror or "") from error

    async def watch(self) -> AsyncIterator[HallSnapshot]:
        """The hall now and again whenever it changed; may skip in-between ones, never the last."""
        seen = -1
        while True:
            changed = self._changed
            if self.state.seq != seen:
                shown = self.engine.snapshot(self._moment())
                seen = shown.seq
                yield shown
            else:
                await changed.wait()

    async def follow(self, after: int) -> AsyncIterator[EventLine]:
        """Every event after the cursor, in order, without gaps, then as they happen."""
        cursor = len(self.log.events) if after < 0 else after
        while True:
            changed = self._changed
            while cursor < len(self.log.events):
                cursor += 1
                yield _line(self.log.events[cursor - 1])
            await changed.wait()

    def _push(self, before: int) -> None:
        """Wake the watchers when something was recorded."""
        if len(self.log.events) > before:
            self._changed.set()
            self._changed = asyncio.Event()

    def _reference(self) -> str:
        return f"{self._random.getrandbits(80):020x}"

    def _past_days(self) -> list[str]:
        return [d for d in dict.fromkeys(e.day for e in reversed(self.log.events)) if d != self.state.day]

    def _tickets_of(self, day: str) -> tuple[TicketView, ...]:
        """A past day, folded again from the log."""
        state = DayState(self._plan)
        for event in self.log.events:
            if event.day == day:
                state.apply(event)
        look = Look(self._plan, state, self.engine.hours)
        return tuple(look.ticket(record) for record in state.tickets.values())


def _line(event: Event) -> EventLine:
    return EventLine(
        epoch=event.epoch,
        seq=event.seq,
        at_ms=event.at_ms,
        day=event.day,
        clock_ok=event.clock_ok,
        actor=event.actor,
        type=type(event.body).__name__,
        body=encode_body(event.body).decode(),
    )

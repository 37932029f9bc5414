"""A real past: days, tickets, calls, papers and ratings of years, written by the store itself.

Every event goes through ``Store.record``, so it is numbered, chained and projected as the keeper would;
only the transactions are larger (a day each) and the high-water mark is written at the end. `hall
verify` passes on the result. 500 tickets a day, one in ten a whole visit with paper and rating, the
others dissolved at the end of the day; a small hall's busiest days, for as many years as it takes.
"""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from random import Random

from hallqueue import events as ev
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan, Service, Window
from hallqueue.store.highwater import HighWater, Marks
from hallqueue.store.lock import KeeperLock
from hallqueue.store.numbers import StoredCounters
from hallqueue.store.store import Store
from hallqueue.unit import Moment

TICKETS_A_DAY = 500
WHOLE_VISIT_EVERY = 10
KEYS_DAYS = 7
"""The keeper keeps the keys of touches for a week."""
ANSWER_BYTES = 450
"""Half of the bytes of an answer to 取号, as it is kept for a week for repeated touches."""
CLOSED = "下班"
HOUR_MS = 3_600_000
LEVELS = ("very_satisfied", "very_satisfied", "satisfied", "basically_satisfied", "dissatisfied")


class _Unreserved(HighWater):
    """Reserves nothing while the past is written: nobody can have seen a number of it."""

    def covers(self, name: str, value: int) -> bool:
        return True


@dataclass
class _PastClock:
    day: date

    def now_ms(self) -> int:
        return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp()) * 1000

    def synchronised(self) -> bool:
        return True


@dataclass
class Writer:
    """What the days of one past share."""

    store: Store
    plan: Plan
    random: Random
    """For the references on the papers: unguessable ones fall anywhere in their index."""
    pairs: tuple[tuple[Window, Service], ...]
    """Windows and services that a visit may have."""


def write_past(folder: StateFolder, plan: Plan, last_day: date, tickets: int) -> None:
    """Fill a new state folder with ``tickets`` (a multiple of 500) on the days up to ``last_day``."""
    days = tickets // TICKETS_A_DAY
    gc.disable()
    with KeeperLock(folder):
        store = Store.open(folder, _PastClock(date(2000, 1, 1)), lambda: "past")
        unreserved = _Unreserved(folder.numbers, Marks())
        counters = store.counters = StoredCounters(store.connection, unreserved, lambda: ("", 0))
        # A checkpoint a day would write the same pages over and over.
        store.connection.execute("PRAGMA wal_autocheckpoint = 100000")
        store.connection.execute("PRAGMA cache_size = -400000")
        store.begin()
        store.keep_plan(plan)
        store.commit()
        writer = Writer(store, plan, Random(1), _pairs(plan))
        for n in range(days, 0, -1):
            _Day(writer, last_day - timedelta(days=n - 1), keeps_keys=n <= KEYS_DAYS).write()
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        head = store.head
        marks = {name: counters.value(name) for name in ("ticket", "matter", "job")}
        HighWater(folder.numbers, Marks()).reserve("ticket", marks, head.epoch, head.seq)
        store.close()
    gc.enable()


def _pairs(plan: Plan) -> tuple[tuple[Window, Service], ...]:
    return tuple(
        (window, service)
        for window in plan.windows[:5]
        for service in plan.services
        if service.id in window.serves and not service.matters and not service.day_limit
    )


class _Day:
    """One business day, in one transaction."""

    def __init__(self, writer: Writer, day: date, *, keeps_keys: bool) -> None:
        self._writer, self._store, self._plan = writer, writer.store, writer.plan
        self._day, self._keeps_keys = day.isoformat(), keeps_keys
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        self._now_ms = int(midnight) * 1000 - writer.plan.calendar.utc_offset_minutes * 60_000 + 8 * HOUR_MS
        self._take = writer.store.counters.take

    def write(self) -> None:
        store = self._store
        store.begin()
        self._record(ev.DayOpened(day=self._day))
        for window in self._plan.windows:
            self._record(ev.WindowOpened(window=window.number, clerk=f"{window.number}号办事员"), "staff")
        left: list[int] = []
        for n in range(TICKETS_A_DAY):
            window, service = self._writer.pairs[n % len(self._writer.pairs)]
            if n % WHOLE_VISIT_EVERY:
                left.append(self._issue(service, len(left))[0])
            else:
                self._visit(window, service, len(left))
        for ticket in left:
            self._record(ev.TicketVoided(ticket=ticket, reason=CLOSED), "staff")
        self._record(ev.DayClosed(day=self._day, reason=CLOSED, dissolved=len(left)), "staff")
        store.commit()

    def _issue(self, service: Service, ahead: int) -> tuple[int, int]:
        ordinal = self._take(f"number/{self._day}/{service.prefix}")
        ticket, matter = self._take("ticket"), self._take("matter")
        self._record(
            ev.TicketIssued(
                ticket=ticket,
                number=f"{service.prefix}{ordinal:03d}",
                prefix=service.prefix,
                ordinal=ordinal,
                service=service.id,
                matters=(service.id,),
                matter=matter,
                priority="",
                person="",
                masked_name="",
                reference=f"{self._writer.random.getrandbits(80):020x}",
                channel="terminal",
                ahead=ahead,
                estimate_s=ahead * 60,
                estimate_basis=f"ahead={ahead} windows=6 service_s=600 samples=20",
            )
        )
        if self._keeps_keys:
            digest = blake2b(str(ticket).encode(), digest_size=16)
            answer = b"{}" * ANSWER_BYTES
            self._store.request_put(digest.hexdigest(), "issue", digest.digest(), answer, self._now_ms)
        return ticket, matter

    def _visit(self, window: Window, service: Service, ahead: int) -> None:
        ticket, matter = self._issue(service, ahead)
        job, at, clerk = self._take("job"), window.number, f"{window.number}号办事员"
        actor = f"window:{at}"
        self._record(ev.PrintQueued(job=job, ticket=ticket, copy=0))
        self._record(ev.PrintBegun(job=job, printer="printer"), "printer")
        self._record(ev.PrintEnded(job=job, state="printed", rung="A", reason=""), "printer")
        self._record(ev.TicketCalled(ticket=ticket, window=at, clerk=clerk, overtook=False), actor)
        self._record(ev.ServiceStarted(ticket=ticket, matter=matter, window=at, clerk=clerk), actor)
        self._record(
            ev.MatterFinished(
                ticket=ticket,
                matter=matter,
                service=service.id,
                window=at,
                clerk=clerk,
                verb="finish",
                next_matter=0,
                next_service="",
                rate_until_ms=self._now_ms + 60_000,
            ),
            actor,
        )
        level = LEVELS[matter % len(LEVELS)]
        given = ev.RatingGiven(matter=matter, window=at, level=level, raw_key="1", device=f"pad-{at}")
        self._record(given, "evaluator")

    def _record(self, body: ev.Body, actor: str = "terminal") -> None:
        self._now_ms += 7_000
        self._store.record(body, Moment(self._now_ms, self._day, True, actor))


def settle_disk() -> None:
    """Let what was written reach the disk, so that it does not slow down what is measured."""
    os.sync()

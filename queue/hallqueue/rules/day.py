"""The state of one business day: the fold of its events.

``DayState(plan)`` and then :meth:`DayState.apply` for each event of the day, in order, gives the same
state again, exactly: the keeper does that at its start, and ``hall verify`` to prove the tables. The
fold decides nothing. It follows what the events say and refuses only what the state before cannot
explain (:class:`BrokenLog`), for instance a ticket called to two windows. A rule that changed since
cannot change how an old day is read.

``DayOpened`` begins an empty hall: no tickets, all windows closed, no devices (the new day carries
those over by events of its own).
"""

from __future__ import annotations

from collections import deque

from hallqueue.events import Body, ClockStepped, DayClosed, DayOpened, DayReopened, Event
from hallqueue.plan import Plan
from hallqueue.rules.day_desk import DESK_FOLDS
from hallqueue.rules.day_devices import DEVICE_FOLDS
from hallqueue.rules.day_fold import BrokenLog, Fold
from hallqueue.rules.day_visit import VISIT_FOLDS
from hallqueue.rules.estimate import Workload
from hallqueue.rules.line import Lines
from hallqueue.rules.records import (
    DeviceRecord,
    DeviceTestRecord,
    JobRecord,
    RatingRecord,
    ScanRecord,
    TicketRecord,
    WindowRecord,
)
from hallqueue.states import RatingState
from hallqueue.views import CallView

__all__ = ["MAX_CALLS", "BrokenLog", "DayState"]

MAX_CALLS = 12
"""Calls kept for the hall screen."""


class DayState:
    """One day of a hall, as its events left it. Read it freely; change it only by :meth:`apply`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.epoch = ""
        self.seq = 0
        """Number of the last event applied: the cursor."""
        self.last_ms = 0
        """Time of the last event applied."""
        self.scans: dict[int, ScanRecord] = {}
        """Scans whose files are here, of any day that was folded; the keeper adds those of earlier days."""
        self.begin("")

    def begin(self, day: str) -> None:
        """An empty hall on that day."""
        self.day = day
        self.closed = False
        self.closed_reason = ""
        self.tickets: dict[int, TicketRecord] = {}
        self.by_number: dict[str, int] = {}
        self.by_reference: dict[str, int] = {}
        self.active: dict[int, None] = {}
        """Tickets that have not ended, by rising id."""
        self.passed: dict[int, None] = {}
        """Those of them that are passed, oldest first."""
        self.active_of: dict[tuple[str, str], int] = {}
        """The ticket that a person has in line, in hand or held for a chosen service."""
        self.taken_by: dict[tuple[str, str], int] = {}
        """How many tickets a person took today for a chosen service."""
        self.taken: dict[str, int] = {}
        """How many were taken today for a chosen service."""
        self.called: dict[str, int] = {}
        """How many were called today from the line of a service."""
        self.lines = Lines()
        self.work = Workload(self.plan)
        self.last_place_ms = 0
        self.windows: dict[int, WindowRecord] = {w.number: WindowRecord(w.number) for w in self.plan.windows}
        self.jobs: dict[int, JobRecord] = {}
        self.pending_jobs: dict[int, None] = {}
        """Jobs that are queued, sending or failed, oldest first."""
        self.trouble_jobs: dict[int, None] = {}
        """Jobs that are unknown, failed or expired, in the order they became so."""
        self.ratings: dict[int, RatingRecord] = {}
        self.open_ratings: dict[int, int] = {}
        """Window to the matter whose rating session is open there."""
        self.devices: dict[str, DeviceRecord] = {}
        self.tests: dict[int, DeviceTestRecord] = {}
        self.calls: deque[CallView] = deque(maxlen=MAX_CALLS)
        """Newest first, each ticket once."""
        self.done = 0
        self.rated = 0
        self.unrated = 0

    @property
    def occupied(self) -> bool:
        """Whether anyone is in line, called, serving or held."""
        return len(self.active) > len(self.passed)

    def apply(self, event: Event) -> None:
        """Take one event in. Raises BrokenLog when the state before it cannot explain it."""
        body = event.body
        fold = _FOLDS.get(type(body))
        if fold is None:
            raise BrokenLog(event, "no fold for this type")
        fold(self, event, body)
        self.epoch = event.epoch
        self.seq = event.seq
        self.last_ms = event.at_ms

    def dump(self) -> dict[str, object]:
        """Everything, in plain comparable form: two states are the same when their dumps are equal."""
        return {
            "day": (self.day, self.closed, self.closed_reason),
            "cursor": (self.epoch, self.seq, self.last_ms, self.last_place_ms),
            "tickets": [repr(t) for t in self.tickets.values()],
            "numbers": (self.by_number, self.by_reference),
            "active": (list(self.active), list(self.passed), self.active_of),
            "taken": (self.taken, self.taken_by, self.called),
            "lines": (self.lines.total, self.lines.dump()),
            "work": self.work.dump(),
            "windows": [repr(w) for _, w in sorted(self.windows.items())],
            "jobs": ([repr(j) for j in self.jobs.values()], list(self.pending_jobs), list(self.trouble_jobs)),
            "ratings": ([repr(r) for r in self.ratings.values()], self.open_ratings),
            "devices": [repr(d) for _, d in sorted(self.devices.items())],
            "tests": [repr(t) for t in self.tests.values()],
            "scans": [repr(s) for _, s in sorted(self.scans.items())],
            "calls": [repr(c) for c in self.calls],
            "totals": (self.done, self.rated, self.unrated),
        }


def _day_opened(state: DayState, event: Event, body: DayOpened) -> None:
    if state.day and body.day <= state.day:
        raise BrokenLog(event, f"day {body.day} after {state.day}")
    state.begin(body.day)


def _day_closed(state: DayState, event: Event, body: DayClosed) -> None:
    if body.day != state.day or state.closed:
        raise BrokenLog(event, "this day is not open")
    state.closed = True
    state.closed_reason = body.reason


def _day_reopened(state: DayState, event: Event, body: DayReopened) -> None:
    if body.day != state.day or not state.closed:
        raise BrokenLog(event, "this day is not closed")
    state.closed = False
    state.closed_reason = ""


def _clock_stepped(state: DayState, event: Event, body: ClockStepped) -> None:
    for matter in body.matters:
        rating = state.ratings.get(matter)
        if rating is None or rating.state is not RatingState.OPEN:
            raise BrokenLog(event, f"matter {matter} is not asked for a rating")
        rating.until_ms += body.by_ms
    for number in body.jobs:
        if number not in state.pending_jobs:
            raise BrokenLog(event, f"job {number} does not wait")
        state.jobs[number].later_ms += body.by_ms


_FOLDS: dict[type[Body], Fold] = {
    DayOpened: _day_opened,
    DayClosed: _day_closed,
    DayReopened: _day_reopened,
    ClockStepped: _clock_stepped,
    **VISIT_FOLDS,
    **DESK_FOLDS,
    **DEVICE_FOLDS,
}

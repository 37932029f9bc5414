"""What the keeper pushes to the spooler: the news that jobs wait, and the queue read because of it."""

from __future__ import annotations

from collections.abc import Callable

from hallprinter.spooler_jobs import WaitingJobs
from hallprinter.spooler_ledger import PrintHall
from hallqueue.errors import Trouble
from hallqueue.events import DayOpened, PrintEnded, PrintQueued, TicketVoided
from hallqueue.plan import Plan
from hallqueue.views import EventLine, HallSnapshot

NEWS = frozenset(body.__name__ for body in (PrintQueued, PrintEnded, TicketVoided, DayOpened))
"""Events that may change which jobs wait."""
REREAD_S = 60.0
"""The queue and the plan are read again this often even without news: a keeper may have restarted."""
FAILED_READ_S = 0.5


class Inbox:
    """The waiting jobs, kept up to date by the keeper's events, which ``hear`` gets as well.

    ``now_s`` is a rising clock.
    """

    def __init__(
        self, hall: PrintHall, now_s: Callable[[], float], hear: Callable[[EventLine], None]
    ) -> None:
        self._hall, self._now_s, self._hear = hall, now_s, hear
        self._reread_s = 0.0
        self._not_before_s = 0.0
        self.jobs = WaitingJobs()
        self.epoch = ""
        self.is_stale = True
        """Whether the queue must be read before it is used."""

    def begin(self, hall: HallSnapshot) -> None:
        """Follow the events from this moment of the hall on."""
        self.epoch = hall.epoch
        self._hall.start_follow(hall.seq, hall.epoch)
        self.is_stale = True

    def wait(self, timeout_s: float) -> bool:
        """Take the next pushes in; False when none came in time."""
        push = self._hall.next_push(timeout_s)
        if push is None:
            return False
        while push is not None:
            self._take(push)
            push = self._hall.next_push(0.0)
        return True

    def refresh(self) -> Plan | None:
        """Read the queue if it changed; answers the plan when that was read again too.

        A keeper that is not there leaves everything as it was, to be read soon.
        """
        now_s = self._now_s()
        is_old = now_s >= self._reread_s
        if not (self.is_stale or is_old) or now_s < self._not_before_s:
            return None
        try:
            plan = self._hall.plan() if is_old else None
            self.jobs.take(self._hall.print_queue())
        except Trouble:
            self._not_before_s = self._now_s() + FAILED_READ_S
            return None
        self.is_stale = False
        if is_old:
            self._reread_s = now_s + REREAD_S
        return plan

    def _take(self, push: EventLine | HallSnapshot) -> None:
        if isinstance(push, HallSnapshot):
            return
        if push.epoch != self.epoch:
            self.epoch = push.epoch
            self.is_stale = True
        self.is_stale = self.is_stale or push.type in NEWS
        self._hear(push)

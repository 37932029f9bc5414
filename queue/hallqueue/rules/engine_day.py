"""Windows open and close, the day ends and the next begins, and time passes."""

from __future__ import annotations

from dataclasses import replace

from hallqueue.errors import StillServing, WindowBusy, WindowNotOpen
from hallqueue.events import (
    Body,
    DayClosed,
    DayOpened,
    DayReopened,
    DeviceChanged,
    PrintEnded,
    RatingUnrated,
    TicketVoided,
    WindowClosed,
    WindowOpened,
    WindowPaused,
)
from hallqueue.rules.calendar import business_day, local_date, should_roll
from hallqueue.rules.clockwatch import clock_report, clock_step
from hallqueue.rules.engine_base import KEEPER, EngineBase, checked_text
from hallqueue.rules.records import ENDED
from hallqueue.states import PrintState, TicketState, WindowState
from hallqueue.unit import Moment
from hallqueue.views import WindowView

DAY_END = "日终"
"""The reason of what the change of the day ends."""
DISSOLVED = "解散"
"""The reason of a closing that gave none."""
RATING_GRACE_MS = 5_000
"""A rating session that the desk forgot is ended this long after its deadline."""


class DayOps(EngineBase):
    """Operations on windows and on the day."""

    def open_window(self, moment: Moment, window: int, *, clerk: str = "") -> WindowView:
        """开窗, or back from a pause; nothing is recorded when it is open with that clerk."""
        _, record = self._window(window)
        name = checked_text(clerk, "clerk")
        if record.state is not WindowState.OPEN or (name and name != record.clerk):
            self._record(moment, WindowOpened(window=window, clerk=name or record.clerk))
        return self._look.window(record)

    def pause_window(self, moment: Moment, window: int, *, reason: str = "") -> WindowView:
        """暂停. Raises WindowNotOpen for a closed one."""
        _, record = self._window(window)
        if record.state is WindowState.CLOSED:
            raise WindowNotOpen(window=window)
        why = checked_text(reason, "reason")
        if record.state is not WindowState.PAUSED or why != record.pause_reason:
            self._record(moment, WindowPaused(window=window, reason=why))
        return self._look.window(record)

    def close_window(self, moment: Moment, window: int) -> WindowView:
        """关窗. Raises WindowBusy while it has a ticket in hand or holds one."""
        _, record = self._window(window)
        for ticket in (record.current, *record.held):
            if ticket:
                raise WindowBusy(window=window, number=self.state.tickets[ticket].number)
        if record.state is not WindowState.CLOSED:
            self._record(moment, WindowClosed(window=window))
        return self._look.window(record)

    def close_day(self, moment: Moment, *, reason: str, force: bool = False) -> int:
        """解散. A day that is closed already answers 0. Raises StillServing unless ``force``."""
        if self.state.closed:
            return 0
        serving = sorted(
            t.window for t in map(self._ticket, self.state.active) if t.state is TicketState.SERVING
        )
        if serving and not force:
            raise StillServing(windows="、".join(map(str, serving)))
        why = checked_text(reason, "reason") or DISSOLVED
        voided = self._void_all(moment, why)
        self._record(moment, DayClosed(day=self.state.day, reason=why, dissolved=voided))
        return voided

    def reopen_day(self, moment: Moment) -> str:
        """Take a closing of this day back. A day that is not closed answers as it is."""
        if self.state.closed:
            self._record(moment, DayReopened(day=self.state.day))
        return self.state.day

    def confirm_clock(self, moment: Moment) -> str:
        """The clock is right: follow a leap that was held back. Answers the day the hall is on then."""
        self.roll_if_due(moment.now_ms, True, believed=True, actor=moment.actor)
        return self.state.day

    def moment(self, now_ms: int, synchronised: bool, actor: str) -> Moment:
        """The moment of an operation at this wall time: on the day the hall is on."""
        _, clock_ok = self._wanted_day(now_ms, synchronised)
        return Moment(now_ms, self.state.day, clock_ok, actor)

    def roll_if_due(
        self, now_ms: int, synchronised: bool, *, believed: bool = False, actor: str = KEEPER
    ) -> bool:
        """Go over to the next business day if it is time to; tells whether it did.

        ``believed``: a technician looked at the clock, so that a leap of months is followed too. A leap
        that is held back is a fault of the device ``clock``, said once down and once up.
        """
        day, clock_ok = self._wanted_day(now_ms, synchronised, believed)
        state = self.state
        rolled = should_roll(self._plan.calendar, day, state.day, now_ms, state.occupied)
        if rolled:
            self.roll_day(Moment(now_ms, day, clock_ok, actor))
        held_back = local_date(self._plan.calendar, now_ms) > day
        self._record(Moment(now_ms, state.day, clock_ok, actor), *clock_report(state, held_back))
        return rolled

    def roll_day(self, moment: Moment) -> None:
        """End the day the hall is on and begin ``moment.day``.

        The ending is recorded under the old day: everyone left is voided, open ratings end in
        silence, waiting papers expire, windows close. Devices go over with the time their state began.
        """
        state = self.state
        if state.day:
            old = replace(moment, day=state.day)
            voided = self._void_all(old, DAY_END)
            self._record(old, *self._day_leftovers())
            if not state.closed:
                self._record(old, DayClosed(day=state.day, reason=DAY_END, dissolved=voided))
        devices = [state.devices[name] for name in sorted(state.devices)]
        self._record_event(moment, DayOpened(day=moment.day))
        for d in devices:
            self._record(
                moment,
                DeviceChanged(
                    device=d.device,
                    kind=d.kind,
                    state=d.state,
                    code=d.code,
                    who=d.who,
                    what_zh=d.what_zh,
                    remedy_zh=d.remedy_zh,
                    since_ms=d.since_ms,
                    what_en=d.what_en,
                    remedy_en=d.remedy_en,
                    counters=d.counters,
                ),
            )

    def tick(self, moment: Moment, steady_ms: int | None = None) -> int:
        """What time itself does: old papers expire, forgotten rating sessions end. Answers how many.

        ``steady_ms`` is a clock that nobody sets (any zero): it shows a step of the wall clock, which
        must not age what is seconds old. None where time is made up and never steps.
        """
        step_ms = self._steps.step_ms(moment.now_ms, steady_ms)
        if step_ms:
            self._record(moment, clock_step(self.state, step_ms))
        expired = self.expire_jobs(moment)
        late = [
            RatingUnrated(matter=matter, window=window, reason="timeout")
            for window, matter in sorted(self.state.open_ratings.items())
            if moment.now_ms >= self.state.ratings[matter].until_ms + RATING_GRACE_MS
        ]
        self._record(moment, *late)
        return expired + len(late)

    def expire_jobs(self, moment: Moment) -> int:
        """Record the expiry of jobs that are too old to be worth printing. Answers how many."""
        late: list[Body] = []
        for number in self.state.pending_jobs:
            job = self.state.jobs[number]
            if job.state is not PrintState.SENDING and self._look.expires_ms(job) <= moment.now_ms:
                late.append(_ended(number, PrintState.EXPIRED, "expired"))
        self._record(moment, *late)
        return len(late)

    def _wanted_day(self, now_ms: int, synchronised: bool, believed: bool = False) -> tuple[str, bool]:
        state = self.state
        return business_day(
            self._plan.calendar, now_ms, state.day, synchronised, last_ms=state.last_ms, believed=believed
        )

    def _void_all(self, moment: Moment, reason: str) -> int:
        left = list(self.state.active)
        self._record(moment, *(TicketVoided(ticket=ticket, reason=reason) for ticket in left))
        self._record(moment, *self._needless(ENDED, *left))
        return len(left)

    def _day_leftovers(self) -> list[Body]:
        state = self.state
        ratings: list[Body] = [
            RatingUnrated(matter=matter, window=window, reason="closed")
            for window, matter in sorted(state.open_ratings.items())
        ]
        papers: list[Body] = [
            _ended(number, PrintState.UNKNOWN, DAY_END)
            if state.jobs[number].state is PrintState.SENDING
            else _ended(number, PrintState.EXPIRED, DAY_END)
            for number in state.pending_jobs
        ]
        windows: list[Body] = [
            WindowClosed(window=number)
            for number, record in sorted(state.windows.items())
            if record.state is not WindowState.CLOSED
        ]
        return ratings + papers + windows


def _ended(job: int, state: PrintState, reason: str) -> PrintEnded:
    return PrintEnded(job=job, state=state.value, rung="", reason=reason)

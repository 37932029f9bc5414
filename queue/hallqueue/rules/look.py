"""Views of a day's state: what screens, the spooler and the rating desk are shown."""

from __future__ import annotations

from functools import partial
from itertools import islice

from hallqueue.plan import Plan, Service
from hallqueue.rules.admission import full_refusal, refusal
from hallqueue.rules.calendar import Hours
from hallqueue.rules.choice import choose, is_orphaned
from hallqueue.rules.day import DayState
from hallqueue.rules.records import DeviceRecord, JobRecord, RatingRecord, TicketRecord, WindowRecord
from hallqueue.states import PrintState, TicketState
from hallqueue.unit import Moment
from hallqueue.views import (
    DeviceView,
    Estimate,
    HallSnapshot,
    LineView,
    PrintView,
    RatingView,
    TicketView,
    WindowView,
)

MAX_WAITING = 20
"""Of those in line, a snapshot shows this many."""
MAX_LISTED = 12
"""Of the passed and of print troubles, a snapshot shows this many."""
_PASSED_SEARCH = 200
"""The newest passed ones that are looked at for those who may still return."""


class Look:
    """Looks at one state through its plan. Reads only."""

    def __init__(self, plan: Plan, state: DayState, hours: Hours) -> None:
        self._plan = plan
        self._state = state
        self._hours = hours
        self._names = {s.id: s.name for s in plan.services}
        self._windows = {w.number: w for w in plan.windows}
        self._callable = {w.number: w.serves + w.overflow for w in plan.windows}
        self._hints = {s.id: self._hint(s) for s in plan.services}

    def ticket(self, t: TicketRecord) -> TicketView:
        """票."""
        job = self._state.jobs.get(t.job)
        return TicketView(
            ticket=t.id,
            number=t.number,
            state=t.state,
            service=t.service,
            service_name=self._names.get(t.service, t.service),
            chosen=t.chosen,
            matter=t.matter,
            matter_index=t.index,
            matters=tuple([self._names.get(m, m) for m in t.matters]),
            priority=t.priority,
            masked_name=t.masked_name,
            day=t.day,
            arrival_ms=t.arrival_ms,
            since_ms=t.since_ms,
            window=t.window,
            recalls=t.recalls,
            reference=t.reference,
            print_state=job.state if job else PrintState.EXPIRED,
            copies=t.copies,
            clock_ok=t.clock_ok,
        )

    def ticket_of(self, number: int) -> TicketView:
        """The ticket of that id; it must be of today."""
        return self.ticket(self._state.tickets[number])

    def window(self, record: WindowRecord) -> WindowView:
        """窗口."""
        number = record.number
        window = self._windows[number]
        chosen = choose(self._state, window)
        rating = self._state.ratings.get(self._state.open_ratings.get(number, record.rating))
        return WindowView(
            number=number,
            name=window.name,
            kind=window.kind,
            state=record.state,
            clerk=record.clerk,
            pause_reason=record.pause_reason,
            current=self.ticket_of(record.current) if record.current else None,
            held=tuple(self.ticket_of(t) for t in record.held),
            next=self.ticket_of(chosen.ticket) if chosen else None,
            waiting=self._state.lines.callable_by(
                self._callable[number], number, partial(is_orphaned, self._state)
            ),
            rating=self.rating(rating) if rating else None,
            done_today=record.done,
            passed_today=record.passed,
            stray_today=record.stray,
        )

    def rating(self, r: RatingRecord) -> RatingView:
        """评价会话."""
        return RatingView(
            matter=r.matter,
            ticket=r.ticket,
            number=self._state.tickets[r.ticket].number,
            service_name=self._names.get(r.service, r.service),
            window=r.window,
            state=r.state,
            opened_ms=r.opened_ms,
            until_ms=r.until_ms,
            level=r.level,
        )

    def job(self, j: JobRecord) -> PrintView:
        """打印任务."""
        ticket = self._state.tickets[j.ticket]
        return PrintView(
            job=j.id,
            copy=j.copy,
            state=j.state,
            queued_ms=j.queued_ms,
            printer=j.printer,
            rung=j.rung,
            reason=j.reason,
            ticket=self.ticket(ticket),
            ahead=ticket.ahead,
            estimate_s=ticket.estimate_s,
            window_hint=self._hints.get(ticket.service, ""),
            expires_ms=self.expires_ms(j),
        )

    def expires_ms(self, j: JobRecord) -> int:
        """When the job is too old to be printed."""
        return j.queued_ms + j.later_ms + round(self._plan.printing.expire_s * 1000)

    def device(self, d: DeviceRecord) -> DeviceView:
        """设备状态."""
        return DeviceView(
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
        )

    def estimate(self, service: str, rank: int, now_ms: int) -> Estimate:
        """等待时间 of a ticket of that rank taken now."""
        ahead = self._state.lines.waiting_before(service, rank)
        return self._state.work.estimate(service, ahead, lambda window: self._rest_ms(window, now_ms))

    def may_return(self, t: TicketRecord, now_ms: int) -> bool:
        """Whether a passed ticket is within the plan's limits of tickets and minutes."""
        limits = self._plan.limits
        called_since = self._state.called.get(t.service, 0) - t.call_mark
        since_ms = now_ms - t.passed_ms
        return (
            called_since < limits.return_within_tickets and since_ms <= limits.return_within_minutes * 60_000
        )

    def print_queue(self, now_ms: int) -> tuple[PrintView, ...]:
        """Queued, sending and failed jobs that are not too old, oldest first."""
        jobs = (self._state.jobs[number] for number in self._state.pending_jobs)
        return tuple(
            self.job(j) for j in jobs if j.state is PrintState.SENDING or self.expires_ms(j) > now_ms
        )

    def ratings_open(self) -> tuple[RatingView, ...]:
        """The open rating sessions, by window."""
        return tuple(
            self.rating(self._state.ratings[matter]) for _, matter in sorted(self._state.open_ratings.items())
        )

    def snapshot(self, moment: Moment) -> HallSnapshot:
        """The hall at this moment."""
        state = self._state
        now_ms = moment.now_ms
        passed = (state.tickets[t] for t in islice(reversed(state.passed), _PASSED_SEARCH))
        return HallSnapshot(
            seq=state.seq,
            epoch=state.epoch,
            at_ms=now_ms,
            day=state.day,
            clock_ok=moment.clock_ok,
            closed_reason=state.closed_reason,
            lines=tuple(self._line(s, moment) for s in self._plan.services),
            windows=tuple(self.window(state.windows[w.number]) for w in self._plan.windows),
            calls=tuple(state.calls),
            waiting=tuple(self.ticket_of(t) for _, t in islice(state.lines.in_order(), MAX_WAITING)),
            passed=tuple(
                self.ticket(t) for t in islice((t for t in passed if self.may_return(t, now_ms)), MAX_LISTED)
            ),
            print_troubles=tuple(
                self.job(state.jobs[j]) for j in islice(reversed(state.trouble_jobs), MAX_LISTED)
            ),
            devices=tuple(self.device(d) for _, d in sorted(state.devices.items())),
            waiting_total=state.lines.total,
            issued_today=len(state.tickets),
            done_today=state.done,
            rated_today=state.rated,
            unrated_today=state.unrated,
        )

    def _line(self, service: Service, moment: Moment) -> LineView:
        first = service.matters[0] if service.matters else service.id
        estimate = self.estimate(first, 0, moment.now_ms)
        error = refusal(self._state, self._hours, service, moment)
        error = error or full_refusal(self._state.plan, self._hours, service, moment, estimate)
        return LineView(
            service=service.id,
            waiting=self._state.lines.waiting(first),
            estimate=estimate,
            open=error is None,
            refusal_code=error.code if error else "",
            refusal_zh=f"{error.what_zh}。{error.remedy_zh}" if error else "",
            refusal_en=f"{error.what_en}; {error.remedy_en}" if error else "",
        )

    def _rest_ms(self, window: int, now_ms: int) -> int:
        """What the window still needs for the person it has."""
        current = self._state.windows[window].current
        if not current:
            return 0
        ticket = self._state.tickets[current]
        usual_ms = self._state.work.handling_ms(ticket.service)
        if ticket.state is not TicketState.SERVING:
            return usual_ms
        return max(0, usual_ms - ticket.worked_ms - max(0, now_ms - ticket.work_since_ms))

    def _hint(self, service: Service) -> str:
        first = service.matters[0] if service.matters else service.id
        serving = [str(w.number) for w in self._plan.windows if first in w.serves]
        return "" if len(serving) == len(self._plan.windows) else "、".join(serving)

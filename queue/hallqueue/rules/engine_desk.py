"""Paper and ratings: what the spooler and the rating desk report."""

from __future__ import annotations

from hallqueue.errors import BadRequest, UnknownJob, UnknownTicket, WrongState
from hallqueue.events import (
    PrintBegun,
    PrintEnded,
    PrintQueued,
    RatingGiven,
    RatingUnrated,
    StrayPress,
)
from hallqueue.rules.engine_base import EngineBase, checked_text
from hallqueue.rules.moves import STATE_ZH
from hallqueue.rules.records import ENDED, REPRINTED, JobRecord
from hallqueue.service import NO_CHECK
from hallqueue.states import PRINT_MOVES, Level, PrintState, RatingState, TicketState
from hallqueue.unit import Moment
from hallqueue.views import Pressed, PrintView, RatingView

PRESS_GRACE_MS = 1_000
"""A press this long after the deadline still counts: the lamp was lit when the finger moved."""

EARLY_MS = 1_000
"""A desk may say this long before the deadline that it passed: its clock is another one."""

PERSON = "person"
"""The rung of what somebody who looked has said."""

_LEVELS = frozenset(level.value for level in Level)


class DeskOps(EngineBase):
    """Operations of the spooler and the rating desk."""

    def reprint(self, moment: Moment, ticket: int) -> PrintView:
        """补打. Raises BadRequest once the ticket has as many copies as the plan allows.

        A paper of the ticket that is still to come ends with it: one paper, not two.
        """
        record = self._ticket(ticket)
        if record.state is TicketState.VOID:
            raise WrongState(
                number=record.number,
                state=STATE_ZH[record.state],
                verb="补打",
                state_en=record.state.value,
                verb_en="reprint",
            )
        limit = self._plan.printing.max_copies
        if record.copies >= limit:
            raise BadRequest(why=f"{record.number}已补打{limit}次 / reprinted {limit} times")
        job = self._counters.take("job")
        again = PrintQueued(job=job, ticket=ticket, copy=record.copies + 1)
        self._record(moment, *self._needless(REPRINTED, ticket), again)
        return self._look.job(self.state.jobs[job])

    def print_begin(self, moment: Moment, job: int, *, printer: str) -> PrintView:
        """The next byte may leave. Raises UnknownJob unless it is queued or failed and not too old.

        What a person said did not come out is not tried again: whoever looked asks for a 补打.
        """
        record = self._job(job, PrintState.SENDING)
        if record.rung == PERSON:
            raise UnknownJob(job=job)
        if self._look.expires_ms(record) <= moment.now_ms:
            raise UnknownJob(job=job)
        self._record(moment, PrintBegun(job=job, printer=checked_text(printer, "printer")))
        return self._look.job(record)

    def print_end(
        self, moment: Moment, job: int, *, state: PrintState, rung: str = "", reason: str = ""
    ) -> PrintView:
        """The outcome. An unknown job is beyond the spooler's word: a person answers for it."""
        record = self._job(job, state)
        if record.state is PrintState.UNKNOWN or state is PrintState.SENDING:
            raise UnknownJob(job=job)
        if rung == PERSON:
            raise BadRequest(why=f"rung {rung}")
        self._end_job(moment, job, state, checked_text(rung, "rung"), checked_text(reason, "reason"))
        if state is PrintState.FAILED:
            self._give_up(moment, record)
        return self._look.job(record)

    def print_answer(self, moment: Moment, job: int, *, came_out: bool) -> PrintView:
        """出来了没有？ Either answer ends the job. Raises UnknownJob unless the job is unknown."""
        state = PrintState.PRINTED if came_out else PrintState.FAILED
        record = self._job(job, state)
        if record.state is not PrintState.UNKNOWN:
            raise UnknownJob(job=job)
        self._end_job(moment, job, state, PERSON, "")
        return self._look.job(record)

    def press(
        self,
        moment: Moment,
        window: int,
        *,
        level: str,
        raw_key: str,
        device: str,
        matter: int = NO_CHECK,
    ) -> Pressed:
        """A press: rates the open session that it was asked for while that lasts, else it is stray."""
        self._window(window)
        if level not in _LEVELS:
            raise BadRequest(why=f"level {level}")
        key, pad = checked_text(raw_key, "raw_key"), checked_text(device, "device")
        rating = self.state.ratings.get(self.state.open_ratings.get(window, 0))
        if (
            rating is None
            or matter not in (NO_CHECK, rating.matter)
            or moment.now_ms > rating.until_ms + PRESS_GRACE_MS
        ):
            self._record(moment, StrayPress(window=window, device=pad, raw_key=key))
            return Pressed(rated=False, rating=self._look.rating(rating) if rating else None)
        given = RatingGiven(matter=rating.matter, window=window, level=level, raw_key=key, device=pad)
        self._record(moment, given)
        return Pressed(rated=True, rating=self._look.rating(rating))

    def rating_timeout(self, moment: Moment, matter: int) -> RatingView:
        """Silence. Raises UnknownTicket for a matter that was not finished today, BadRequest too early.

        A wall clock that lies before the session's beginning was set back: it proves nothing.
        """
        rating = self.state.ratings.get(matter)
        if rating is None:
            raise UnknownTicket(ticket=f"matter {matter}")
        if rating.state is RatingState.OPEN:
            if rating.opened_ms <= moment.now_ms < rating.until_ms - EARLY_MS:
                raise BadRequest(why=f"matter {matter}: {rating.until_ms - moment.now_ms} ms left")
            self._record(moment, RatingUnrated(matter=matter, window=rating.window, reason="timeout"))
        return self._look.rating(rating)

    def _job(self, job: int, after: PrintState) -> JobRecord:
        """A job of today that may become ``after``."""
        record = self.state.jobs.get(job)
        if record is None or after not in PRINT_MOVES[record.state]:
            raise UnknownJob(job=job)
        return record

    def _give_up(self, moment: Moment, job: JobRecord) -> None:
        """No further try for a paper that became needless while it was being sent."""
        ticket = self._ticket(job.ticket)
        if ticket.job != job.id:
            self._end_job(moment, job.id, PrintState.EXPIRED, "", REPRINTED)
        elif ticket.state is TicketState.VOID or (ticket.state is TicketState.DONE and not job.copy):
            self._end_job(moment, job.id, PrintState.EXPIRED, "", ENDED)

    def _end_job(self, moment: Moment, job: int, state: PrintState, rung: str, reason: str) -> None:
        self._record(moment, PrintEnded(job=job, state=state.value, rung=rung, reason=reason))

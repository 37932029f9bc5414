"""From the keeper's print job to the face of the ticket: which facts stand on paper, and in what words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hallprinter import wording
from hallprinter.face import TicketFace
from hallqueue.clock import Clock
from hallqueue.plan import Plan
from hallqueue.views import PrintView

MINUTE_MS = 60_000
_LOW, _HIGH = 0.75, 1.25
"""The estimate is one number of minutes; the paper promises a range around it (facts: queueing 3.1)."""


def face_of(job: PrintView, plan: Plan, clock: Clock) -> TicketFace:
    """What a citizen reads on this job's paper.

    A reprint carries the number and the mark 补打 but neither the people ahead nor the estimate: both were
    counted at the time of issue and would be wrong by now. Raises ValueError for content that may not be
    printed.
    """
    ticket = job.ticket
    low, high = _minutes(job.estimate_s) if not job.copy else (None, None)
    return TicketFace(
        hall_name=plan.hall_name,
        number=ticket.number,
        service_name=_service_name(job, plan),
        issued_at=local_text(ticket.arrival_ms, plan),
        business_day=ticket.day,
        reference=ticket.reference,
        window_hint=wording.WINDOW_HINT.format(windows=job.window_hint) if job.window_hint else "",
        ahead=None if job.copy else job.ahead,
        minutes_low=low,
        minutes_high=high,
        priority_name=next((p.name for p in plan.priorities if p.id == ticket.priority), ""),
        # An unmasked name must not keep a person from having a number: it is left out.
        masked_name=ticket.masked_name if "*" in ticket.masked_name else "",
        matters=ticket.matters if len(ticket.matters) > 1 else (),
        notes=_notes(job, plan, clock),
        copy=job.copy,
        clock_suspect=not ticket.clock_ok,
    )


def local_text(at_ms: int, plan: Plan) -> str:
    """A moment in the hall's own time, whatever the machine's time zone is: ``2026-03-02 09:14``."""
    utc = datetime.fromtimestamp(at_ms / 1000, UTC)
    return (utc + timedelta(minutes=plan.calendar.utc_offset_minutes)).strftime("%Y-%m-%d %H:%M")


def _service_name(job: PrintView, plan: Plan) -> str:
    """The 一件事 by its own name; after a transfer the service that the ticket is for now."""
    ticket = job.ticket
    whole = plan.service(ticket.chosen) if len(ticket.matters) > 1 else None
    return whole.name if whole is not None else ticket.service_name


def _minutes(estimate_s: int) -> tuple[int | None, int | None]:
    """The range to print; (None, None) when nothing can be said."""
    if estimate_s < 0:
        return None, None
    return int(estimate_s * _LOW) // 60, -(-int(estimate_s * _HIGH) // 60)


def _notes(job: PrintView, plan: Plan, clock: Clock) -> tuple[str, ...]:
    limits = plan.limits
    if limits.return_within_minutes > 0 and limits.return_within_tickets > 0:
        passed = wording.NOTE_PASSED_RETURNS.format(minutes=limits.return_within_minutes)
    else:
        passed = wording.NOTE_PASSED_ENDS
    if not job.copy:
        return (passed,)
    return (passed, wording.NOTE_REPRINTED_AT.format(time=local_text(clock.now_ms(), plan)))

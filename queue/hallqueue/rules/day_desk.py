"""The fold of windows, paper and ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallqueue.events import (
    Body,
    Event,
    PrintBegun,
    PrintEnded,
    PrintQueued,
    RatingGiven,
    RatingUnrated,
    StrayPress,
    WindowClosed,
    WindowOpened,
    WindowPaused,
)
from hallqueue.rules.day_fold import BrokenLog, Fold, ticket_of, window_of
from hallqueue.rules.records import NEEDLESS, JobRecord, RatingRecord
from hallqueue.states import PRINT_MOVES, PrintState, RatingState, WindowState

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState

_PENDING = frozenset({PrintState.QUEUED, PrintState.SENDING, PrintState.FAILED})
_TROUBLE = frozenset({PrintState.UNKNOWN, PrintState.FAILED, PrintState.EXPIRED})


def _window_opened(state: DayState, event: Event, body: WindowOpened) -> None:
    window = window_of(state, body.window)
    window.state, window.clerk, window.pause_reason = WindowState.OPEN, body.clerk, ""
    state.work.window_changed(body.window, True)


def _window_paused(state: DayState, event: Event, body: WindowPaused) -> None:
    window = window_of(state, body.window)
    if window.state is WindowState.CLOSED:
        raise BrokenLog(event, f"window {body.window} is closed")
    window.state, window.pause_reason = WindowState.PAUSED, body.reason
    state.work.window_changed(body.window, False)


def _window_closed(state: DayState, event: Event, body: WindowClosed) -> None:
    window = window_of(state, body.window)
    if window.current or window.held:
        raise BrokenLog(event, f"window {body.window} still has people")
    window.state, window.clerk, window.pause_reason = WindowState.CLOSED, "", ""
    state.work.window_changed(body.window, False)


def _print_queued(state: DayState, event: Event, body: PrintQueued) -> None:
    ticket = ticket_of(state, event, body.ticket)
    if body.job in state.jobs:
        raise BrokenLog(event, f"job {body.job} exists")
    state.jobs[body.job] = JobRecord(body.job, body.ticket, body.copy, event.at_ms)
    state.pending_jobs[body.job] = None
    ticket.job = body.job
    ticket.copies = max(ticket.copies, body.copy)


def _print_begun(state: DayState, event: Event, body: PrintBegun) -> None:
    job = _print_moved(state, event, body.job, PrintState.SENDING)
    job.printer, job.rung, job.reason = body.printer, "", ""


def _print_ended(state: DayState, event: Event, body: PrintEnded) -> None:
    job = _print_moved(state, event, body.job, PrintState(body.state))
    job.rung, job.reason = body.rung, body.reason
    if body.reason in NEEDLESS:
        state.trouble_jobs.pop(body.job, None)


def _print_moved(state: DayState, event: Event, number: int, after: PrintState) -> JobRecord:
    job = state.jobs.get(number)
    if job is None:
        raise BrokenLog(event, f"no job {number} on {state.day}")
    if after not in PRINT_MOVES[job.state]:
        raise BrokenLog(event, f"job {number} is {job.state}, cannot become {after}")
    job.state = after
    if after not in _PENDING:
        state.pending_jobs.pop(number, None)
    state.trouble_jobs.pop(number, None)
    if after in _TROUBLE:
        state.trouble_jobs[number] = None
    return job


def _rating_given(state: DayState, event: Event, body: RatingGiven) -> None:
    rating = _rating_closed(state, event, body.matter, body.window)
    rating.state, rating.level = RatingState.RATED, body.level
    state.rated += 1


def _rating_unrated(state: DayState, event: Event, body: RatingUnrated) -> None:
    rating = _rating_closed(state, event, body.matter, body.window)
    rating.state, rating.reason = RatingState.UNRATED, body.reason
    state.unrated += 1


def _rating_closed(state: DayState, event: Event, matter: int, window: int) -> RatingRecord:
    if state.open_ratings.get(window) != matter:
        raise BrokenLog(event, f"window {window} does not ask for a rating of matter {matter}")
    del state.open_ratings[window]
    return state.ratings[matter]


def _stray(state: DayState, event: Event, body: StrayPress) -> None:
    window_of(state, body.window).stray += 1


DESK_FOLDS: dict[type[Body], Fold] = {
    WindowOpened: _window_opened,
    WindowPaused: _window_paused,
    WindowClosed: _window_closed,
    PrintQueued: _print_queued,
    PrintBegun: _print_begun,
    PrintEnded: _print_ended,
    RatingGiven: _rating_given,
    RatingUnrated: _rating_unrated,
    StrayPress: _stray,
}
"""Event type to its fold."""

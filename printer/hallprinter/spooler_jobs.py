"""The jobs that wait: which is due, which must wait after a failure, which are not worth trying again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hallqueue.states import PrintState, TicketState
from hallqueue.views import PrintView

RETRY_FIRST_S = 1.0
RETRY_MOST_S = 30.0
"""A failed job (certainly nothing came out) is tried again after a wait that doubles."""

WAITING = frozenset({PrintState.QUEUED, PrintState.FAILED})


@dataclass(slots=True)
class _Tries:
    count: int = 0
    not_before_s: float = 0.0


class WaitingJobs:
    """The keeper's print queue as this spooler knows it, oldest first. Pure: times are passed in."""

    def __init__(self) -> None:
        self._views: dict[int, PrintView] = {}
        self._tries: dict[int, _Tries] = {}
        self._hopeless: set[int] = set()

    def __len__(self) -> int:
        return len(self._views)

    def take(self, views: Iterable[PrintView]) -> None:
        """The queue as the keeper has it now; what is known of tries is kept for the jobs still in it."""
        self._views = {view.job: view for view in views if view.state in WAITING}
        self._tries = {job: tries for job, tries in self._tries.items() if job in self._views}
        self._hopeless &= self._views.keys()

    def attempt(self, job: int) -> int:
        """The number of the coming try, from 1: part of its keys."""
        return self._tries.get(job, _Tries()).count + 1

    def expired(self, now_ms: int) -> tuple[PrintView, ...]:
        """Those that are too old to be worth printing."""
        return tuple(view for view in self._views.values() if view.expires_ms <= now_ms)

    def void(self) -> tuple[PrintView, ...]:
        """Those never tried whose ticket ended as void: their paper would only mislead."""
        return tuple(
            view
            for view in self._views.values()
            if view.ticket.state is TicketState.VOID and view.state is PrintState.QUEUED
        )

    def due(self, now_s: float) -> PrintView | None:
        """The oldest that may be sent now."""
        return next((view for view in self._candidates() if self._not_before(view) <= now_s), None)

    def next_due_s(self) -> float | None:
        """When the next one may be sent; None when none waits."""
        return min((self._not_before(view) for view in self._candidates()), default=None)

    def failed(self, job: int, now_s: float) -> None:
        """A try failed; certainly nothing came out, so it is tried again later."""
        tries = self._tries.setdefault(job, _Tries())
        tries.not_before_s = now_s + min(RETRY_MOST_S, RETRY_FIRST_S * 2.0 ** min(tries.count, 10))
        tries.count += 1

    def give_up(self, job: int) -> None:
        """Trying again would fail the same way: bad content."""
        self._hopeless.add(job)

    def drop(self, job: int) -> None:
        """The job has an end."""
        self._views.pop(job, None)
        self._tries.pop(job, None)
        self._hopeless.discard(job)

    def _candidates(self) -> Iterable[PrintView]:
        return (
            view
            for view in self._views.values()
            if view.job not in self._hopeless and view.ticket.state is not TicketState.VOID
        )

    def _not_before(self, view: PrintView) -> float:
        tries = self._tries.get(view.job)
        return tries.not_before_s if tries is not None else 0.0

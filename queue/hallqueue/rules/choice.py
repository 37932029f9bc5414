"""Who is called next, and the bound that keeps ordinary tickets from starving.

Highest class first, then place. But of the calls of one window at most ``max_overtakes`` in a row may
overtake an earlier ticket of a lower class that this window could have called; then the earliest of
those overtaken goes. What a window takes only as overflow is looked at when nobody waits for what it
serves. A ticket transferred to one certain window is seen by that window alone, also while it is merely
paused; once that window closed (or the plan has it no more) by every window of its service.

A call by name (``call_ticket``) is a clerk's decision and never refused by the bound, but it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hallqueue.plan import Window
from hallqueue.rules.line import Place
from hallqueue.rules.records import TicketRecord
from hallqueue.states import WindowState

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a window calls next."""

    ticket: int
    overtook: bool
    """An earlier ticket of a lower class keeps waiting."""


def is_orphaned(state: DayState, service: str, window: int) -> bool:
    """Whether whoever waits for that window would wait in vain: it is closed, gone, or serves it no more."""
    plan = state.plan.window(window)
    if plan is None or service not in plan.serves + plan.overflow:
        return True
    return state.windows[window].state is WindowState.CLOSED


def choose(state: DayState, window: Window) -> Choice | None:
    """Whom this window calls next, or None when nobody waits that it may call."""
    orphaned = partial(is_orphaned, state)
    heads = state.lines.heads(window.serves, window.number, orphaned)
    if not heads:
        heads = state.lines.heads(window.overflow, window.number, orphaned)
        if not heads:
            return None
    top = max(heads)
    first = heads[top]
    earlier = _overtaken(heads, top, first)
    if earlier is None:
        return Choice(first[1], False)
    record = state.windows[window.number]
    if record.overtakes >= state.plan.limits.max_overtakes:
        return Choice(earlier[1], False)
    return Choice(first[1], True)


def overtakes(state: DayState, window: Window, ticket: TicketRecord) -> bool:
    """Whether calling this ticket to this window overtakes an earlier one of a lower class there."""
    services = window.serves
    if ticket.service not in services:
        services = services + window.overflow
    heads = state.lines.heads(services, window.number, partial(is_orphaned, state))
    return _overtaken(heads, ticket.rank, ticket.place) is not None


def _overtaken(heads: dict[int, Place], rank: int, place: Place) -> Place | None:
    """The earliest head of a lower rank that stands before ``place``."""
    return min((p for r, p in heads.items() if r < rank and p < place), default=None)

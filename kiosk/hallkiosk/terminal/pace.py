"""How long the terminal waits, and when it returns to its first screen by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hallkiosk.idle import IdleTimer
from hallkiosk.terminal.steps import Step, Visit
from hallqueue.states import PrintState


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the terminal waits, in seconds."""

    idle_s: float = 30.0
    """Without a touch, until the choice is forgotten (`[screen] idle_s`)."""
    warning_s: float = 10.0
    """Its last part, in which it asks whether somebody is there."""
    take_s: float = 20.0
    """The number stays this long after the last news of it or touch."""
    trouble_s: float = 60.0
    """The same while the paper is not certain: the number must be remembered."""
    give_up_s: float = 120.0
    """A request that nobody answers is given up after this time without a touch."""
    slow_s: float = 2.0
    """Taking a number longer than this gets the calm picture."""
    paper_slow_s: float = 12.0
    """A paper that takes longer than this makes us ask to remember the number."""
    settle_s: float = 0.3
    """Touches this soon after a new picture are the second half of a double tap and are not taken."""
    retry_s: float = 0.5
    """Between two tries to reach the keeper."""
    refresh_s: float = 20.0
    """The hall is looked at again after this time, for opening hours."""
    look_s: float = 0.5
    """Between two looks at the clock."""


def timer_for(visit: Visit, home: Visit, pace: Pace, clock: Callable[[], float]) -> IdleTimer:
    """The timer, already running, after which this step is left by itself; home never is."""
    if visit.step is Step.TAKE:
        is_sure = paper_of(visit) is PrintState.PRINTED
        timer = IdleTimer(pace.take_s if is_sure else pace.trouble_s, 0, clock)
    elif visit.step is Step.ISSUING:
        timer = IdleTimer(pace.give_up_s, 0, clock)
    else:
        timer = IdleTimer(pace.idle_s, min(pace.warning_s, pace.idle_s / 2), clock)
    if visit != home:
        timer.start()
    return timer


def paper_of(visit: Visit) -> PrintState | None:
    """What is known of the paper; None before there is a ticket."""
    return visit.ticket.print_state if visit.ticket else None

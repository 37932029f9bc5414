"""What comes next at a window by nature: the meaning of the one key that a clerk presses all day.

The console's primary key and the keypad's 回车 are the same key to a clerk, so they share this table.
"""

from __future__ import annotations

from enum import StrEnum

from hallqueue.states import TicketState, WindowState
from hallqueue.views import WindowView


class NaturalStep(StrEnum):
    """The four steps of a window's day; consoles and keypads have actions of the same names."""

    OPEN = "open"
    CALL = "call"
    START = "start"
    FINISH = "finish"


_IN_HAND = {TicketState.CALLED: NaturalStep.START, TicketState.SERVING: NaturalStep.FINISH}
_IDLE = {
    WindowState.CLOSED: NaturalStep.OPEN,
    WindowState.PAUSED: NaturalStep.OPEN,
    WindowState.OPEN: NaturalStep.CALL,
}


def natural_step(window: WindowView) -> NaturalStep:
    """What the key does now."""
    current = window.current
    return _IN_HAND[current.state] if current else _IDLE[window.state]


def step_identity(window: WindowView) -> tuple[NaturalStep, int, int]:
    """Changes whenever the key comes to mean something else: step, ticket and matter in hand."""
    current = window.current
    step = natural_step(window)
    return (step, current.ticket, current.matter) if current else (step, 0, 0)

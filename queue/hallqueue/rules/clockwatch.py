"""A clock that leaps or is set: what the hall says of it, and what moves along.

A Pi has no clock battery. It may start in another season, which is held back until someone says that
the clock is right, and it may be set by the network minutes after people have come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallqueue.errors import Actor
from hallqueue.events import ClockStepped, DeviceChanged
from hallqueue.states import PrintState

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState

CLOCK = "clock"
"""The device, and its kind, that a leap which was held back is a fault of. The keeper's own."""
MIN_STEP_MS = 5_000
"""A smaller difference between the clocks is a busy machine or NTP at its daily work."""


class StepWatch:
    """Compares the wall clock with one that nobody sets, from one look to the next."""

    def __init__(self) -> None:
        self._offset_ms: int | None = None

    def step_ms(self, now_ms: int, steady_ms: int | None) -> int:
        """How far the wall clock was set since the look before; 0 for nothing worth saying."""
        if steady_ms is None:
            return 0
        offset_ms = now_ms - steady_ms
        before_ms, self._offset_ms = self._offset_ms, offset_ms
        if before_ms is None or abs(offset_ms - before_ms) <= MIN_STEP_MS:
            return 0
        return offset_ms - before_ms


def clock_step(state: DayState, by_ms: int) -> ClockStepped:
    """The step, with every deadline that is reckoned in wall time."""
    return ClockStepped(
        by_ms=by_ms,
        matters=tuple(sorted(state.open_ratings.values())),
        jobs=tuple(j for j in state.pending_jobs if state.jobs[j].state is not PrintState.SENDING),
    )


def clock_report(state: DayState, held_back: bool) -> tuple[DeviceChanged, ...]:
    """What to record of a leap that is (no longer) held back: once down, once up, else nothing."""
    known = state.devices.get(CLOCK)
    if held_back == (known is not None and known.state == "fault"):
        return ()
    if not held_back:
        return (_clock("online"),)
    return (
        _clock(
            "fault",
            code="T-06",
            who=Actor.TECHNICIAN.value,
            what_zh=f"系统时间跳到很久以后，大厅仍停在{state.day}",
            remedy_zh="请核对系统时间：有误则校时；无误则运行 hall day confirm-clock",
            what_en=f"the clock leapt far ahead; the hall stays on {state.day}",
            remedy_en="look at the clock: set it if it is wrong, else run hall day confirm-clock",
        ),
    )


def _clock(
    state: str,
    *,
    code: str = "",
    who: str = "",
    what_zh: str = "",
    remedy_zh: str = "",
    what_en: str = "",
    remedy_en: str = "",
) -> DeviceChanged:
    return DeviceChanged(
        device=CLOCK,
        kind=CLOCK,
        state=state,
        code=code,
        who=who,
        what_zh=what_zh,
        remedy_zh=remedy_zh,
        what_en=what_en,
        remedy_en=remedy_en,
    )

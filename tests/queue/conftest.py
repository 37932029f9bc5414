"""A small hall on the real engine, with a clock that moves only when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from hallqueue.memory import MemoryCounters, MemoryLog
from hallqueue.plan import (
    Calendar,
    Group,
    Limits,
    Plan,
    PriorityClass,
    Service,
    Session,
    Window,
)
from hallqueue.rules.day import DayState
from hallqueue.rules.engine import HallEngine

CHINA = timedelta(hours=8)

PLAN = Plan(
    hall_id="tx",
    hall_name="同心县测试镇民生服务中心",
    groups=(Group("g", "综合"),),
    services=(
        Service("social", "社保", "g", "A", minutes=10),
        Service("tax", "税务", "g", "B", minutes=5),
        Service("marry", "婚姻登记", "g", "C", minutes=20),
        Service("birth", "生育登记", "g", "D", minutes=15),
        Service("family", "婚育户", "g", "E", matters=("marry", "birth")),
    ),
    windows=(
        Window(1, "社保", ("social",), kind="special"),
        Window(2, "综合一", ("social", "tax"), overflow=("marry",)),
        Window(3, "婚姻", ("marry",)),
        Window(4, "生育", ("birth", "marry")),
    ),
    calendar=Calendar(
        sessions=(Session((1, 2, 3, 4, 5), "09:00", "12:00"), Session((1, 2, 3, 4, 5), "14:00", "17:30")),
        holidays=("2026-05-01",),
        workdays=("2026-03-07",),
    ),
    priorities=(PriorityClass("old", "老年人", 1), PriorityClass("army", "军人", 2)),
)


def china_ms(text: str) -> int:
    """``2026-03-02 09:00`` in China as milliseconds since 1970 UTC."""
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC) - CHINA).timestamp() * 1000)


class Bench:
    """Every operation of the engine without its moment: ``bench.issue("social")``."""

    def __init__(self, plan: Plan, now: str = "2026-03-02 09:00") -> None:
        self.plan = plan
        self.now_ms = china_ms(now)
        self.synchronised = True
        self.log = MemoryLog("e1")
        self.state = DayState(plan)
        references = count(1)
        self.engine = HallEngine(
            plan, self.state, MemoryCounters(), self.log, lambda: f"ref-{next(references)}"
        )
        self.engine.roll_if_due(self.now_ms, True)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(getattr(self.engine, name), self.moment)

    @property
    def moment(self) -> Any:
        return self.engine.moment(self.now_ms, self.synchronised, "test")

    def at(self, text: str) -> None:
        self.now_ms = china_ms(text)

    def later(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self.now_ms += round((minutes * 60 + seconds) * 1000)

    def roll(self) -> bool:
        return self.engine.roll_if_due(self.now_ms, self.synchronised)

    def bodies(self) -> list[Any]:
        return [event.body for event in self.log.events]

    def names(self) -> list[str]:
        return [type(body).__name__ for body in self.bodies()]

    def refolded(self) -> DayState:
        """A state folded from the log of the hall's day alone."""
        state = DayState(self.plan)
        for event in self.log.events:
            if event.day == self.state.day:
                state.apply(event)
        return state

    def open_all(self) -> None:
        for window in self.plan.windows:
            self.open_window(window.number, clerk=f"员{window.number}")

    def take(self, service: str = "social", **more: Any) -> int:
        """A ticket's id, taken a second after the one before."""
        self.later(seconds=1)
        ticket: int = self.issue(service, **more).ticket.ticket
        return ticket

    def serve(self, window: int) -> int:
        """Call the next person to the window and start."""
        ticket: int = self.call_next(window).ticket
        self.start(window)
        return ticket

    def call(self, window: int) -> int:
        ticket: int = self.call_next(window).ticket
        return ticket


@pytest.fixture
def bench() -> Bench:
    made = Bench(PLAN)
    made.open_all()
    return made


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    """A bench with other limits (``max_held=1``) or services' fields (``social={"day_limit": 2}``)."""

    def make(
        plan: Plan = PLAN, *, closed: bool = False, now: str = "2026-03-02 09:00", **changes: Any
    ) -> Bench:
        services = tuple(replace(s, **changes.pop(s.id, {})) for s in plan.services)
        plan = replace(plan, services=services, limits=replace(Limits(), **changes))
        made = Bench(plan, now)
        if not closed:
            made.open_all()
        return made

    return make


@pytest.fixture
def at_ms() -> Callable[[str], int]:
    return china_ms

"""Any mix of clients against a slow, obvious model of the hall.

The model keeps a flat list of tickets as dictionaries and decides who is next by sorting all of them:
it shares no line, table or fold with what it checks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hallqueue.errors import HallError, KeyReused
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Limits, Plan, PriorityClass, Service, Session, Window
from hallqueue.rules.day import DayState

PLAN = Plan(
    hall_id="h",
    hall_name="厅",
    groups=(Group("g", "g"),),
    services=(
        Service("a", "甲", "g", "A", minutes=10),
        Service("b", "乙", "g", "B", minutes=5),
        Service("c", "丙", "g", "B", minutes=5),
        Service("ab", "一件事", "g", "C", matters=("a", "b")),
    ),
    windows=(
        Window(1, "一", ("a",)),
        Window(2, "二", ("b", "a"), overflow=("c",)),
        Window(3, "三", ("c", "b")),
    ),
    calendar=Calendar((Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
    priorities=(PriorityClass("old", "老", 1), PriorityClass("army", "军", 2)),
    limits=Limits(max_recalls=1, max_overtakes=2, max_held=2, return_within_tickets=3, return_behind=1),
)
RANKS = {"": 0, "old": 1, "army": 2}
SERVES = {1: (("a",), ()), 2: (("b", "a"), ("c",)), 3: (("c", "b"), ())}
IN_LINE = ("waiting", "transferred")

windows = st.sampled_from([1, 2, 3])
picks = st.integers(0, 999)
keys = st.sampled_from([f"touch-{n}" for n in range(6)])


class HandClock:
    def __init__(self) -> None:
        self.ms = 1_772_413_200_000  # 2026-03-02 09:00 in China

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


class HallMachine(RuleBasedStateMachine):
    @initialize(open_windows=st.sets(windows, min_size=1))
    def begin(self, open_windows: set[int]) -> None:
        self.clock = HandClock()
        self.hall = MemoryHall(PLAN, self.clock)
        self.tickets: list[dict[str, Any]] = []
        self.open = set(open_windows)
        self.streak = dict.fromkeys((1, 2, 3), 0)
        self.calls: list[dict[str, Any]] = []
        self.used: dict[str, tuple[Any, ...]] = {}
        self.count = 0
        for window in sorted(open_windows):
            self.do("open_window", window, clerk=f"c{window}")

    # --- the machine's hands ------------------------------------------------------------------------

    def do(self, operation: str, *args: Any, **more: Any) -> Any:
        """Run under a fresh key; sometimes the client did not hear the answer and asks again."""
        self.count += 1
        more["key"] = f"k{self.count}"

        async def twice() -> Any:
            first = await getattr(self.hall, operation)(*args, **more)
            recorded = len(self.hall.log.events)
            again = await getattr(self.hall, operation)(*args, **more)
            assert again == first and len(self.hall.log.events) == recorded
            return first

        return asyncio.run(twice())

    def refused(self, operation: str, *args: Any, **more: Any) -> None:
        """The operation must be refused and record nothing."""
        recorded, before = len(self.hall.log.events), self.hall.state.dump()
        try:
            self.do(operation, *args, **more)
        except HallError:
            assert len(self.hall.log.events) == recorded and self.hall.state.dump() == before
        else:
            raise AssertionError(f"{operation}{args} {more} was not refused")

    def attempt(self, allowed: bool, operation: str, *args: Any, **more: Any) -> Any:
        return self.do(operation, *args, **more) if allowed else self.refused(operation, *args, **more)

    # --- the model ------------------------------------------------------------------------------------

    def hand(self, window: int) -> dict[str, Any] | None:
        return next((t for t in self.tickets if t["at"] == window and t["in"] in ("called", "serving")), None)

    def held(self, window: int) -> list[dict[str, Any]]:
        return [t for t in self.tickets if t["at"] == window and t["in"] == "held"]

    def callable(self, window: int, services: tuple[str, ...]) -> list[dict[str, Any]]:
        line = [t for t in self.tickets if t["in"] in IN_LINE and t["service"] in services]
        mine = (t for t in line if t["only"] in (0, window) or t["only"] not in self.open)
        return sorted(mine, key=lambda t: t["place"])

    def next(self, window: int) -> tuple[dict[str, Any], bool] | None:
        serves, overflow = SERVES[window]
        line = self.callable(window, serves) or self.callable(window, overflow)
        if not line:
            return None
        best = min(line, key=lambda t: (-t["rank"], t["place"]))
        before = [t for t in line if t["rank"] < best["rank"] and t["place"] < best["place"]]
        if before and self.streak[window] >= PLAN.limits.max_overtakes:
            return before[0], False
        return best, bool(before)

    def called(self, window: int, ticket: dict[str, Any], overtook: bool) -> None:
        ticket.update({"in": "called", "at": window, "only": 0, "recalls": 0})
        self.streak[window] = self.streak[window] + 1 if overtook else 0
        self.calls.append({"ticket": ticket["id"], "service": ticket["service"]})
        ticket["mark"] = len([c for c in self.calls if c["service"] == ticket["service"]])

    # --- what people do -----------------------------------------------------------------------------

    @rule(seconds=st.integers(0, 120))
    def time_passes(self, seconds: int) -> None:
        self.clock.ms += seconds * 1000
        self.hall.tick()

    @rule(service=st.sampled_from(["a", "b", "c", "ab"]), priority=st.sampled_from(list(RANKS)), key=keys)
    def touch(self, service: str, priority: str, key: str) -> None:
        request = (service, priority)
        known = self.used.get(key)
        if known is not None and known[0] != request:
            try:
                asyncio.run(self.hall.issue(service, key=key, priority=priority))
            except KeyReused:
                return
            raise AssertionError("another request under a used key was answered")
        issued = asyncio.run(self.hall.issue(service, key=key, priority=priority))
        if known is not None:
            assert issued == known[1]
            return
        self.used[key] = (request, issued)
        self.note(issued, service, priority)

    @rule(service=st.sampled_from(["a", "b", "c", "ab"]), priority=st.sampled_from(list(RANKS)))
    def take(self, service: str, priority: str) -> None:
        self.note(self.do("issue", service, priority=priority), service, priority)

    def note(self, issued: Any, service: str, priority: str) -> None:
        view = issued.ticket
        self.tickets.append(
            {
                "id": view.ticket,
                "number": view.number,
                "matters": ["a", "b"] if service == "ab" else [service],
                "service": "a" if service == "ab" else service,
                "rank": RANKS[priority],
                "place": (self.clock.ms, view.ticket),
                "in": "waiting",
                "at": 0,
                "only": 0,
            }
        )

    @rule(window=windows)
    def call_next(self, window: int) -> None:
        expected = self.next(window)
        allowed = window in self.open and not self.hand(window) and expected is not None
        view = self.attempt(allowed, "call_next", window)
        if allowed and expected is not None:
            ticket, overtook = expected
            assert view.ticket == ticket["id"]
            self.called(window, ticket, overtook)

    @precondition(lambda self: self.tickets)
    @rule(window=windows, pick=picks)
    def call_by_name(self, window: int, pick: int) -> None:
        ticket = self.tickets[pick % len(self.tickets)]
        serves, overflow = SERVES[window]
        line = self.callable(window, serves if ticket["service"] in serves else serves + overflow)
        allowed = window in self.open and not self.hand(window) and ticket in line
        overtook = any(t["rank"] < ticket["rank"] and t["place"] < ticket["place"] for t in line)
        self.attempt(allowed, "call_ticket", window, ticket["id"])
        if allowed:
            self.called(window, ticket, overtook)

    @rule(
        service=st.sampled_from(["a", "b"]),
        crowd=st.lists(st.sampled_from(list(RANKS)), min_size=3, max_size=9),
    )
    def a_bus_arrives(self, service: str, crowd: list[str]) -> None:
        for priority in crowd:
            self.clock.ms += 1
            self.take(service, priority)

    @rule(window=windows, people=st.integers(1, 5))
    def work_for_a_while(self, window: int, people: int) -> None:
        if window not in self.open:
            self.open_or_close(window)
        for _ in range(people):
            self.call_next(window)
            self.start(window)
            self.finish(window, "")

    @rule(window=windows, service=st.sampled_from(["a", "b", "c"]), to=windows, missed=st.booleans())
    def send_to_a_colleague(self, window: int, service: str, to: int, missed: bool) -> None:
        self.call_next(window)
        self.transfer(window, service, to)
        self.call_next(to)
        if missed:
            self.pass_ticket(to)

    @rule(window=windows, people=st.integers(1, 4))
    def nobody_comes(self, window: int, people: int) -> None:
        for _ in range(people):
            self.call_next(window)
            self.pass_ticket(window)

    @rule(window=windows)
    def recall(self, window: int) -> None:
        ticket = self.hand(window)
        allowed = ticket is not None and ticket["in"] == "called" and ticket["recalls"] < 1
        self.attempt(allowed, "recall", window)
        if allowed and ticket is not None:
            ticket["recalls"] += 1

    @rule(window=windows)
    def start(self, window: int) -> None:
        ticket = self.hand(window)
        allowed = ticket is not None and ticket["in"] == "called"
        self.attempt(allowed, "start", window)
        if allowed and ticket is not None:
            ticket["in"] = "serving"

    @rule(window=windows)
    def pass_ticket(self, window: int) -> None:
        ticket = self.hand(window)
        allowed = ticket is not None and ticket["in"] == "called"
        self.attempt(allowed, "pass_ticket", window)
        if allowed and ticket is not None:
            ticket.update({"in": "passed", "passed": self.clock.ms})

    @precondition(lambda self: any(t["in"] == "passed" for t in self.tickets))
    @rule(pick=picks)
    def return_passed(self, pick: int) -> None:
        pool = [t for t in self.tickets if t["in"] == "passed"]
        ticket = pool[pick % len(pool)]
        calls = len([c for c in self.calls if c["service"] == ticket["service"]])
        allowed = calls - ticket["mark"] < 3 and self.clock.ms - ticket["passed"] <= 3_600_000
        self.attempt(allowed, "return_passed", ticket["id"])
        if allowed:
            same = [t for t in self.tickets if t["in"] in IN_LINE and t["rank"] == ticket["rank"]]
            line = sorted(t["place"] for t in same if t["service"] == ticket["service"] and not t["only"])
            place = ticket["place"][0]
            if line:
                ms, other = line[0]
                place = max(place, ms if other < ticket["id"] else ms + 1)
            ticket.update({"in": "waiting", "at": 0, "place": (place, ticket["id"])})

    @rule(window=windows)
    def hold(self, window: int) -> None:
        ticket = self.hand(window)
        allowed = ticket is not None and ticket["in"] == "serving" and len(self.held(window)) < 2
        self.attempt(allowed, "hold", window)
        if allowed and ticket is not None:
            ticket["in"] = "held"

    @precondition(lambda self: any(t["in"] == "held" for t in self.tickets))
    @rule(window=windows, pick=picks)
    def resume(self, window: int, pick: int) -> None:
        pool = [t for t in self.tickets if t["in"] == "held"]
        ticket = pool[pick % len(pool)]
        allowed = ticket["at"] == window and not self.hand(window)
        self.attempt(allowed, "resume", window, ticket["id"])
        if allowed:
            ticket["in"] = "serving"

    @rule(window=windows, service=st.sampled_from(["a", "b", "c"]), to=st.sampled_from([0, 1, 2, 3]))
    def transfer(self, window: int, service: str, to: int) -> None:
        ticket = self.hand(window)
        served = not to or (to in self.open and service in SERVES[to][0] + SERVES[to][1])
        allowed = ticket is not None and served and not (service == ticket["service"] and to in (0, window))
        self.attempt(allowed, "transfer", window, service, to_window=to)
        if allowed and ticket is not None:
            ticket["matters"][0] = service
            ticket.update({"in": "transferred", "at": 0, "only": to, "service": service})

    @rule(window=windows, then=st.sampled_from(["", "", "a", "c"]))
    def finish(self, window: int, then: str) -> None:
        ticket = self.hand(window)
        allowed = ticket is not None and ticket["in"] == "serving"
        self.attempt(allowed, "finish", window, then=then)
        if not allowed or ticket is None:
            return
        rest = ticket["matters"][1:]
        if then and rest[:1] != [then]:
            rest = [then, *rest]
        ticket["matters"] = rest
        if not rest:
            ticket["in"] = "done"
        else:
            ticket["service"] = rest[0]
            if rest[0] not in SERVES[window][0] + SERVES[window][1]:
                ticket.update({"in": "waiting", "at": 0})

    @precondition(lambda self: self.tickets)
    @rule(pick=picks)
    def void(self, pick: int) -> None:
        ticket = self.tickets[pick % len(self.tickets)]
        allowed = ticket["in"] not in ("done", "void")
        self.attempt(allowed, "void", ticket["id"], reason="走了")
        if allowed:
            ticket["in"] = "void"

    @rule(window=windows)
    def open_or_close(self, window: int) -> None:
        if window in self.open:
            allowed = not self.hand(window) and not self.held(window)
            self.attempt(allowed, "close_window", window)
            if allowed:
                self.open.discard(window)
        else:
            self.do("open_window", window, clerk="x")
            self.open.add(window)

    # --- what always holds --------------------------------------------------------------------------

    @invariant()
    def every_ticket_is_where_the_model_says(self) -> None:
        if not hasattr(self, "hall"):
            return
        state = self.hall.state
        assert len(state.tickets) == len(self.tickets)
        for ticket in self.tickets:
            record = state.tickets[ticket["id"]]
            assert (record.state, record.service) == (ticket["in"], ticket["service"])
            assert record.place == ticket["place"]

    @invariant()
    def every_ticket_is_in_exactly_one_place(self) -> None:
        if not hasattr(self, "hall"):
            return
        state = self.hall.state
        places = [ticket for _, ticket in state.lines.in_order()]
        for window in state.windows.values():
            places += [window.current] if window.current else []
            places += window.held
        places += list(state.passed)
        ended = [t.id for t in state.tickets.values() if t.id not in state.active]
        assert sorted(places + ended) == sorted(state.tickets)

    @invariant()
    def no_number_is_given_twice(self) -> None:
        if hasattr(self, "hall"):
            numbers = [t["number"] for t in self.tickets]
            assert len(set(numbers)) == len(numbers)

    @invariant()
    def consoles_show_whom_they_would_call(self) -> None:
        if not hasattr(self, "hall"):
            return
        for view in asyncio.run(self.hall.snapshot()).windows:
            expected = self.next(view.number)
            assert (view.next.ticket if view.next else None) == (expected[0]["id"] if expected else None)
            serves, overflow = SERVES[view.number]
            assert view.waiting == len(self.callable(view.number, serves + overflow))

    def teardown(self) -> None:
        """A replay of the log gives the same state, to the last field."""
        if hasattr(self, "hall"):
            state = DayState(PLAN)
            for event in self.hall.log.events:
                state.apply(event)
            assert state.dump() == self.hall.state.dump()
            assert replace(asyncio.run(self.hall.snapshot()), at_ms=0) == replace(
                self.hall.engine.snapshot(self.hall.engine.moment(self.clock.ms, True, "x")), at_ms=0
            )


WALK: dict[str, tuple[int, Callable[[Random], tuple[Any, ...]]]] = {
    "time_passes": (3, lambda r: (r.choice([0, 1, 60, 600]),)),
    "take": (6, lambda r: (r.choice(["a", "b", "c", "ab"]), r.choice(list(RANKS)))),
    "a_bus_arrives": (2, lambda r: (r.choice(["a", "b"]), r.choices(list(RANKS), k=6))),
    "call_next": (10, lambda r: (r.randint(1, 3),)),
    "call_by_name": (3, lambda r: (r.randint(1, 3), r.randrange(1000))),
    "recall": (2, lambda r: (r.randint(1, 3),)),
    "start": (6, lambda r: (r.randint(1, 3),)),
    "pass_ticket": (4, lambda r: (r.randint(1, 3),)),
    "return_passed": (4, lambda r: (r.randrange(1000),)),
    "hold": (5, lambda r: (r.randint(1, 3),)),
    "resume": (3, lambda r: (r.randint(1, 3), r.randrange(1000))),
    "transfer": (4, lambda r: (r.randint(1, 3), r.choice("abc"), r.randint(0, 3))),
    "send_to_a_colleague": (2, lambda r: (r.randint(1, 3), r.choice("abc"), r.randint(1, 3), True)),
    "finish": (6, lambda r: (r.randint(1, 3), r.choice(["", "", "a", "c"]))),
    "void": (1, lambda r: (r.randrange(1000),)),
    "open_or_close": (1, lambda r: (r.randint(1, 3),)),
}
"""Operation, how often, and its arguments: long walks reach what short examples rarely do."""


@pytest.mark.parametrize("seed", range(12))
def test_a_long_day_of_anything_agrees_with_the_model(seed: int) -> None:
    random = Random(seed)
    hall = HallMachine()
    hall.begin({1, 2, 3})
    names = list(WALK)
    needs = {"call_by_name": None, "void": None, "return_passed": "passed", "resume": "held"}
    for name in random.choices(names, [WALK[n][0] for n in names], k=250):
        arguments = WALK[name][1](random)
        if name in needs and not any(needs[name] in (None, t["in"]) for t in hall.tickets):
            continue
        getattr(hall, name)(*arguments)
        hall.every_ticket_is_where_the_model_says()
        hall.every_ticket_is_in_exactly_one_place()
        hall.no_number_is_given_twice()
        hall.consoles_show_whom_they_would_call()
    hall.teardown()


TestHall = HallMachine.TestCase
TestHall.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

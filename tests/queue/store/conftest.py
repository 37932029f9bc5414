"""The rules on the real store, driven like a keeper does, with a clock that tests move."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import Refused
from hallqueue.paths import StateFolder
from hallqueue.plan import Calendar, Group, Plan, PriorityClass, Service, Session, Window
from hallqueue.rules.chain import genesis, link
from hallqueue.rules.day import DayState
from hallqueue.rules.engine import HallEngine
from hallqueue.states import PrintState
from hallqueue.store.lookup import Lookup
from hallqueue.store.store import Store
from hallqueue.unit import Moment

PLAN = Plan(
    hall_id="tx",
    hall_name="同心县测试镇民生服务中心",
    groups=(Group("g", "综合"),),
    services=(
        Service("social", "社保", "g", "A"),
        Service("tax", "税务", "g", "B"),
        Service("marry", "婚姻登记", "g", "C"),
        Service("family", "婚育户", "g", "E", matters=("marry", "social")),
    ),
    windows=(
        Window(1, "社保", ("social",)),
        Window(2, "综合", ("social", "tax", "marry")),
        Window(3, "婚姻", ("marry", "tax")),
    ),
    calendar=Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
    priorities=(PriorityClass("old", "老年人", 1),),
)


class TestClock:
    """Stands still until told."""

    __test__ = False

    def __init__(self) -> None:
        self.ms = int(datetime(2026, 3, 2, 1, 0, tzinfo=UTC).timestamp() * 1000)

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


class StoreHall:
    """One keeper's life on a state folder: ``hall.do("issue", "social")`` is one durable unit."""

    epochs = count(1)

    def __init__(self, path: Path, clock: TestClock, boot: str = "boot-1") -> None:
        self.clock = clock
        self.folder = StateFolder(path)
        self.store = Store.open(self.folder, clock, lambda: f"epoch-{next(self.epochs)}", boot=lambda: boot)
        self.start_rules()

    def start_rules(self) -> None:
        """Replay the day, as a keeper does at its start."""
        self.state = DayState(PLAN)
        for event in self.store.events_of_day(self.store.last_day):
            self.state.apply(event)
        self.state.scans = Lookup(self.store.connection, self.folder, PLAN).scans_here()
        numbers = iter(lambda: f"R{random.getrandbits(64):016x}", "")
        self.engine = HallEngine(PLAN, self.state, self.store.counters, self.store, lambda: next(numbers))
        self.unit(lambda: self.store.keep_plan(PLAN))
        self.unit(lambda: self.engine.roll_if_due(self.clock.ms, True))

    def unit(self, act: Callable[[], Any]) -> Any:
        self.store.begin()
        self.store.savepoint()
        try:
            answer = act()
        except Refused:
            self.store.rollback_to()
            self.store.commit()
            raise
        except BaseException:
            self.store.rollback()
            raise
        self.store.release()
        self.store.commit()
        return answer

    def do(self, name: str, *values: Any, **named: Any) -> Any:
        moment = self.engine.moment(self.clock.ms, True, "test")
        return self.unit(lambda: getattr(self.engine, name)(moment, *values, **named))

    def record(self, body: Any) -> None:
        moment = Moment(self.clock.ms, self.state.day, True, "test")
        self.unit(lambda: self.store.record(body, moment))

    def open_all(self) -> None:
        for window in PLAN.windows:
            self.do("open_window", window.number, clerk=f"员{window.number}")

    def next_day(self) -> None:
        self.clock.ms += 86_400_000
        self.unit(lambda: self.engine.roll_if_due(self.clock.ms, True))

    def busy(self, seed: int, steps: int) -> None:
        """People do this and that; what the rules refuse is refused."""
        dice = random.Random(seed)
        for _ in range(steps):
            self.clock.ms += dice.randrange(500, 90_000)
            try:
                self._step(dice)
            except Refused:
                continue

    def _step(self, dice: random.Random) -> None:
        window = dice.choice((1, 2, 3))
        tickets = list(self.state.tickets) or [0]
        match dice.randrange(16):
            case 0 | 1 | 2 | 3:
                service = dice.choice(("social", "tax", "marry", "family"))
                priority = dice.choice(("", "", "old"))
                self.do("issue", service, priority=priority, paper=dice.random() < 0.7)
            case 4 | 5:
                self.do("call_next", window)
            case 6 | 7:
                self.do("start", window)
            case 8 | 9:
                self.do("finish", window, then=dice.choice(("", "", "tax")))
            case 10:
                self.do(dice.choice(("recall", "pass_ticket", "hold")), window)
            case 11:
                held = self.state.windows[window].held
                self.do("resume", window, held[0] if held else 0)
            case 12:
                self.do("transfer", window, dice.choice(("social", "tax", "marry")))
            case 13:
                ticket = dice.choice(tickets)
                chosen = dice.choice(("void", "return_passed", "reprint"))
                self.do(chosen, ticket, **({"reason": "离开"} if chosen == "void" else {}))
            case 14:
                self.do("press", window, level="satisfied", raw_key="2", device="pad")
            case _:
                self._desk(dice, window)

    def _desk(self, dice: random.Random, window: int) -> None:
        jobs = list(self.state.pending_jobs)
        if jobs and dice.random() < 0.8:
            self.do("print_begin", jobs[0], printer="p1")
            outcome = dice.choice((PrintState.PRINTED, PrintState.FAILED, PrintState.UNKNOWN))
            self.do("print_end", jobs[0], state=outcome, rung="B")
            return
        state = dice.choice(("online", "offline"))
        counters = f"jobs={len(self.state.jobs)}"
        self.do("report_device", "p1", kind="printer", state=state, counters=counters)
        self._scanner(dice)
        self.do("pause_window", window, reason="午休")
        self.do("open_window", window, clerk="替班")

    def _scanner(self, dice: random.Random) -> None:
        """A material scanned, acknowledged or wiped; a test of the scanner now and then."""
        here = list(self.state.scans.values())
        if here and dice.random() < 0.5:
            scan = dice.choice(here)
            if scan.state == "kept":
                self.do("acknowledge_scan", scan.scan)
            else:
                self.do("wipe_scan", scan.scan, reason="acknowledged")
        elif self.state.tickets:
            ticket = self.state.tickets[dice.choice(list(self.state.tickets))]
            self.do(
                "keep_scan",
                ticket.id,
                matter=ticket.matter,
                material="id-copy",
                sha256=f"{dice.getrandbits(256):064x}",
                page_hashes=f"{dice.getrandbits(256):064x}",
                size=1000,
                device="camera",
                sealed_for="county",
                scanned_ms=self.clock.ms,
            )
        if dice.random() < 0.3 and not any(not test.is_ended for test in self.state.tests.values()):
            test = self.do("ask_test", "camera", level="internal")
            self.do("tell_test", test, verdict="passed", zh="好", en="well", is_last=True)

    def close(self) -> None:
        self.store.close()


class Intruder:
    """Someone with the file and SQLite, and, if asked, with the way the chain is made."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def run(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount != 0, statement

    def value(self, query: str) -> Any:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchone()[0]

    def rechain(self) -> None:
        """Renumber the newest epoch's events without holes and forge every link and the counter."""
        with closing(sqlite3.connect(self.database)) as connection:
            order, epoch, base = connection.execute(
                "SELECT ord, epoch, base FROM epoch ORDER BY ord DESC LIMIT 1"
            ).fetchone()
            rows = connection.execute(
                "SELECT type, body, at_ms, day, clock_ok, actor FROM event WHERE epoch = ? ORDER BY id",
                (order,),
            ).fetchall()
            connection.execute("DELETE FROM event WHERE epoch = ?", (order,))
            chain = genesis(epoch)
            for seq, (kind, body, at_ms, day, clock_ok, actor) in enumerate(rows, 1):
                chain = link(chain, epoch, seq, kind, body.encode(), at_ms, day, bool(clock_ok), actor)
                connection.execute(
                    "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)",
                    (base + seq, order, seq, at_ms, day, clock_ok, actor, kind, body, chain),
                )
            connection.execute("UPDATE counter SET value = ? WHERE name = 'event'", (len(rows),))
            connection.commit()

    def append(self, kind: str, body: str) -> None:
        """A forged event at the end, chained and counted."""
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute(
                "INSERT INTO event SELECT id + 1, epoch, seq + 1, at_ms + 1000, day, 1, 'window:2', ?, ?,"
                " zeroblob(32) FROM event ORDER BY id DESC LIMIT 1",
                (kind, body),
            )
            connection.commit()
        self.rechain()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def open_hall(tmp_path: Path, clock: TestClock) -> Iterator[Callable[..., StoreHall]]:
    """Opens a keeper's life on this test's state folder; may be called again for the next life."""
    lives: list[StoreHall] = []

    def start(boot: str = "boot-1", path: Path = tmp_path / "state") -> StoreHall:
        lives.append(StoreHall(path, clock, boot))
        return lives[-1]

    yield start
    for life in lives:
        life.close()


@pytest.fixture
def hall(open_hall: Callable[..., StoreHall]) -> StoreHall:
    made = open_hall()
    made.open_all()
    return made


@pytest.fixture
def intruder() -> type[Intruder]:
    return Intruder


@pytest.fixture
def plan() -> Plan:
    return PLAN

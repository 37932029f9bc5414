"""A stage for the spooler: the real rules in memory, the simulated printer on TCP, the spooler in a thread.

The paper is read by its words alone; nothing here knows the encoder or the driver's verdicts.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from halldrivers.printerline import PrinterAbilities, PrinterLine
from halldrivers.printersim import CHINESE_80, EPSON, PrinterServer, PrinterSim, SimAbilities, Slip, serve_tcp
from halldrivers.tcpport import TcpTransport
from hallprinter.profile import GENERIC_80, PrinterProfile
from hallprinter.spooler import LineTimes, Patience, Spooler
from hallqueue.errors import KeeperGone
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, PrintRules, Service, Session, Window
from hallqueue.states import PrintState
from hallqueue.views import DeviceView, EventLine, PrintView

MORNING_MS = 1_772_413_200_000
"""2026-03-02 09:00 in China."""
WITHIN_S = 15.0

QUICK = Patience(
    idle_look_s=0.05,
    mute_look_s=5.0,
    missed_look_s=0.05,
    blocked_look_s=0.02,
    slice_s=0.1,
    proof_s=0.5,
    proof_bytes_a_s=5000.0,
    stalled_s=10.0,
    grace_s=0.2,
)
TIMES = LineTimes(status_s=0.1, probe_s=0.1, flush_s=0.15, retry_first_s=0.02, retry_most_s=0.1)

PLAN = Plan(
    hall_id="tx",
    hall_name="同心县测试镇民生服务中心",
    groups=(Group("g", "综合"),),
    services=(
        Service("social", "社保", "g", "A"),
        Service("marry", "婚姻登记", "g", "C"),
        Service("birth", "生育登记", "g", "D"),
        Service("family", "婚育户", "g", "E", matters=("marry", "birth")),
    ),
    windows=(Window(1, "社保", ("social",)), Window(2, "综合", ("marry", "birth"))),
    calendar=Calendar(sessions=(Session((1, 2, 3, 4, 5), "08:30", "17:30"),)),
    printing=PrintRules(expire_s=600.0, max_copies=3),
)


class Crash(BaseException):
    """The process dies here."""


class HandClock:
    """Wall time that a test sets."""

    def __init__(self) -> None:
        self.ms = MORNING_MS

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """A coroutine that never really waits, run to its end."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("the hall in memory waits")


class SyncHall:
    """The hall in memory as SyncHallClient shows one; can be away, and can kill its caller."""

    def __init__(self, hall: MemoryHall) -> None:
        self._hall = hall
        self._changed = threading.Condition(threading.RLock())
        self._cursor: int | None = None
        self.away = False
        self.crash: tuple[str, str] | None = None
        """``("before" | "after", method)``: raise Crash there once."""
        self.lose_answers: set[str] = set()
        """Methods whose next answer is lost after the keeper acted."""
        self.reports: list[tuple[str, str]] = []
        self.keys: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._hall, name)

        def ask(*args: Any, **kwargs: Any) -> Any:
            self._die("before", name)
            with self._changed:
                if self.away:
                    raise KeeperGone(path="hall.sock")
                answer = _run(method(*args, **kwargs))
                if name == "report_device":
                    self.reports.append((kwargs["state"], kwargs["code"]))
                self.keys[kwargs.get("key", "")] += 1
                self._changed.notify_all()
            self._die("after", name)
            if name in self.lose_answers:
                self.lose_answers.discard(name)
                raise KeeperGone(path="hall.sock")
            return answer

        return ask

    def _die(self, when: str, name: str) -> None:
        if self.crash == (when, name):
            self.crash = None
            raise Crash

    def start_follow(self, after: int, epoch: str = "") -> None:
        self._cursor = after

    def next_push(self, timeout_s: float) -> EventLine | None:
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while self._cursor is not None:
                found = () if self.away else _run(self._hall.events(after=self._cursor, limit=1))
                if found:
                    self._cursor = found[0].seq
                    return found[0]  # type: ignore[no-any-return]
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    return None
                self._changed.wait(left_s)
        return None

    def close(self) -> None:
        pass


class MortalTransport(TcpTransport):
    """A wire whose process dies at the n-th write, before or after it."""

    crash_at: int | None = None
    crash_after = False

    def write(self, data: bytes, timeout_s: float) -> int:
        if self.crash_at is not None:
            self.crash_at -= 1
            if self.crash_at < 0:
                self.crash_at = None
                if self.crash_after:
                    super().write(data[: len(data) // 2], timeout_s)
                raise Crash
        return super().write(data, timeout_s)


@dataclass
class Stage:
    """Everything on it, and what a test does with it."""

    hall: MemoryHall
    keeper: SyncHall
    clock: HandClock
    sim: PrinterSim
    server: PrinterServer
    profile: PrinterProfile
    patience: Patience
    stop: threading.Event = field(default_factory=threading.Event)
    spooler: Spooler | None = None
    transport: MortalTransport | None = None
    crashes: int = 0
    enrolled: PrinterAbilities | None = None
    _thread: threading.Thread | None = None
    _boots: Iterator[int] = field(default_factory=count)
    _keys: Iterator[int] = field(default_factory=count)

    def start(self) -> None:
        """A new spooler, as systemd would start one."""
        assert self._thread is None
        self.stop = threading.Event()
        self.transport = MortalTransport("127.0.0.1", self.server.port)
        self.spooler = Spooler(
            self.keeper,
            PrinterLine(self.transport, time.monotonic),
            self.profile,
            clock=self.clock,
            now_s=time.monotonic,
            random=random.Random(7).random,
            boot=f"boot{next(self._boots)}",
            url=self.server.url,
            stop=self.stop,
            patience=self.patience,
            times=TIMES,
            enrolled=self.enrolled,
        )
        self._thread = threading.Thread(target=self._life, name="spooler")
        self._thread.start()

    def _life(self) -> None:
        assert self.spooler is not None
        try:
            self.spooler.run()
        except Crash:
            self.crashes += 1

    def end(self) -> None:
        """Stop the spooler, or find it dead."""
        self.stop.set()
        if self._thread is not None:
            self._thread.join(WITHIN_S)
            assert not self._thread.is_alive(), "the spooler does not stop"
            self._thread = None

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait for a condition; fail at the deadline."""
        deadline = time.monotonic() + WITHIN_S
        pause = threading.Event()
        while not holds():
            assert time.monotonic() < deadline, f"not in time: {what or holds}; {self.facts()}"
            pause.wait(0.005)

    def until_crash(self, n: int = 1) -> None:
        self.until(lambda: self.crashes >= n, "crash")
        self.end()

    def take(self, service: str = "social") -> int:
        """A citizen takes a number; answers the job."""
        job = self.keeper.issue(service, key=f"touch{next(self._keys)}").job
        assert isinstance(job, int)
        return job

    def reprint(self, job: int) -> int:
        again = self.keeper.reprint(self.job(job).ticket.ticket, key=f"again{next(self._keys)}").job
        assert isinstance(again, int)
        return again

    def job(self, job: int) -> PrintView:
        with self.keeper._changed:
            return self.hall.engine._look.job(self.hall.state.jobs[job])

    def state(self, job: int) -> PrintState:
        return self.job(job).state

    def ended(self, job: int) -> bool:
        return self.state(job) in (PrintState.PRINTED, PrintState.UNKNOWN, PrintState.EXPIRED)

    def printer(self) -> DeviceView | None:
        with self.keeper._changed:
            return next((d for d in self.hall.engine.snapshot(self.hall._moment()).devices), None)

    def is_reported(self, code: str) -> bool:
        seen = self.printer()
        return seen is not None and seen.code == code

    def is_online(self) -> bool:
        seen = self.printer()
        return seen is not None and seen.state == "online"

    def facts(self) -> str:
        with self.keeper._changed:
            jobs = [(j.id, j.state.value, j.rung, j.reason) for j in self.hall.state.jobs.values()]
        state = self.spooler.state if self.spooler else None
        return f"{jobs} {state} {self.printer()} slips={[s.text()[:90] for s in self.paper()]}"

    # --- the paper -------------------------------------------------------------------------------

    def paper(self) -> list[Slip]:
        """Every piece with print on it, what hangs included."""
        return [slip for slip in (*self.sim.slips, self.sim.hanging) if not slip.is_blank]

    def slips_of(self, job: int) -> list[Slip]:
        """The pieces that carry the job's number and copy mark."""
        view = self.job(job)
        mark = f"补打票（第{view.copy}次）" if view.copy else ""
        return [
            slip
            for slip in self.paper()
            if view.ticket.number in slip.text().split()
            and (mark in slip.text() if mark else "补打" not in slip.text())
        ]

    def is_whole(self, slip: Slip, job: int) -> bool:
        """From the hall's name to the last line, with its QR code, cut off."""
        text = slip.text()
        view = self.job(job)
        has_all = f"HALL:{view.ticket.reference}" in text and "当日有效" in text and "同心县" in text
        return slip.cut and has_all and not self.sim.is_inside_picture

    def check(self) -> None:
        """The ledger agrees with the paper."""
        self.until(lambda: not self.sim.is_busy or self.sim.body.is_offline, "printer at rest")
        with self.keeper._changed:
            jobs = list(self.hall.state.jobs)
        numbers = {self.job(job).ticket.number for job in jobs}
        for slip in self.paper():
            on_it = numbers & set(slip.text().split())
            assert len(on_it) <= 1, f"two tickets on one slip: {on_it} {self.facts()}"
        for job in jobs:
            slips = self.slips_of(job)
            match self.state(job):
                case PrintState.PRINTED:
                    assert len(slips) == 1 and self.is_whole(slips[0], job), (job, self.facts())
                case PrintState.UNKNOWN:
                    assert len(slips) <= 1, (job, self.facts())
                case _:
                    assert not slips, (job, self.facts())


@pytest.fixture
def make_stage() -> Iterator[Callable[..., Stage]]:
    """Builds stages; ends their spoolers and printers afterwards."""
    made: list[Stage] = []

    def make(
        abilities: SimAbilities = EPSON,
        *,
        start: bool = True,
        profile: PrinterProfile = GENERIC_80,
        expire_s: float = 600.0,
        sim: dict[str, Any] | None = None,
        **patience: float,
    ) -> Stage:
        clock = HandClock()
        plan = replace(PLAN, printing=PrintRules(expire_s=expire_s))
        hall = MemoryHall(plan, clock)
        printer = PrinterSim(profile.width_mm, abilities, clock=time.monotonic, **(sim or {}))
        stage = Stage(
            hall, SyncHall(hall), clock, printer, serve_tcp(printer), profile, replace(QUICK, **patience)
        )
        made.append(stage)
        if start:
            stage.start()
        return stage

    yield make
    for stage in made:
        stage.keeper.away = False
        with suppress(AssertionError):
            stage.sim.speak()
        stage.end()
        stage.server.close()


@pytest.fixture(params=[EPSON, CHINESE_80], ids=["rung-A", "rung-B"])
def stage(request: pytest.FixtureRequest, make_stage: Callable[..., Stage]) -> Stage:
    """A running spooler whose printer is idle and well; once for each rung that proves."""
    made = make_stage(request.param)
    made.until(made.is_online, "online")
    return made

"""The spooler as a process beside the real keeper: over the real socket, killed and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.printersim import PrinterServer, PrinterSim, serve_tcp
from hallqueue.errors import KeeperGone
from hallqueue.states import PrintState
from hallqueue.syncclient import SyncHallClient
from hallqueue.views import PrintView

KEEPER = """
import asyncio, sys
from pathlib import Path
from hallqueue.clock import SystemClock
from hallqueue.paths import StateFolder
from hallqueue.plan import Calendar, Group, Plan, Service, Session, Window
from hallqueue.keeper.run import run_keeper

plan = Plan(
    hall_id="tx", hall_name="同心县测试镇民生服务中心", groups=(Group("g", "综合"),),
    services=(Service("social", "社保", "g", "A"),), windows=(Window(1, "社保", ("social",)),),
    calendar=Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
)
asyncio.run(run_keeper(plan, StateFolder(Path(sys.argv[1])), SystemClock()))
"""
SPOOLER = """
import sys
from pathlib import Path
from hallprinter.profile import GENERIC_80
from hallprinter.spooler import run_spooler

run_spooler(Path(sys.argv[1]), sys.argv[2], GENERIC_80)
"""
WITHIN_S = 20.0


class Hall:
    """A keeper and a spooler as processes, a printer here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sim = PrinterSim(80, clock=time.monotonic, dots_per_s=20_000.0)
        self.server: PrinterServer = serve_tcp(self.sim)
        self.socket = folder / "hall.sock"
        self.keeper = self.spawn_keeper()
        self.spooler = self.spawn_spooler()
        self.terminal = SyncHallClient(self.socket, "terminal", give_up_s=WITHIN_S)
        self.desk = SyncHallClient(self.socket, "staff", give_up_s=WITHIN_S)

    def spawn_keeper(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-P", "-c", KEEPER, str(self.folder)])

    def spawn_spooler(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-P", "-c", SPOOLER, str(self.socket), self.server.url])

    def close(self) -> None:
        for client in (self.terminal, self.desk):
            client.close()
        for process in (self.spooler, self.keeper):
            process.kill()
            process.wait()
        self.server.close()

    def take(self, key: str) -> tuple[int, str]:
        issued = self.terminal.issue("social", key=key)
        return issued.job, issued.ticket.number

    def state(self, number: str) -> PrintState:
        state = self.desk.ticket(number).print_state
        assert isinstance(state, PrintState)
        return state

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        pause = threading.Event()
        while not holds():
            assert time.monotonic() < deadline, [slip.text()[:60] for slip in self.sim.slips]
            pause.wait(0.02)

    def slips(self, number: str) -> int:
        return sum(number in slip.text().split() and "当日有效" in slip.text() for slip in self.sim.slips)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.close()


ENDS = (PrintState.PRINTED, PrintState.UNKNOWN)


def test_a_touch_at_the_real_keeper_becomes_a_slip_and_the_role_ends_on_sigterm(hall: Hall) -> None:
    _, number = hall.take("touch-1")
    hall.until(lambda: hall.state(number) is PrintState.PRINTED)
    assert hall.slips(number) == 1
    hall.spooler.send_signal(signal.SIGTERM)
    assert hall.spooler.wait(WITHIN_S) == 0


def test_kill_9_of_spooler_and_keeper_between_touches_never_prints_a_number_twice(hall: Hall) -> None:
    numbers: list[str] = []
    for n in range(8):
        _, number = hall.take(f"touch-{n}")
        numbers.append(number)
        if n % 2:
            hall.until(lambda: hall.sim.is_busy or hall.state(numbers[-1]) in ENDS)
            hall.spooler.kill()
            hall.spooler.wait()
            hall.spooler = hall.spawn_spooler()
        elif n % 4 == 2:
            hall.keeper.kill()
            hall.keeper.wait()
            hall.keeper = hall.spawn_keeper()
    hall.until(lambda: all(hall.state(number) in ENDS for number in numbers))
    hall.until(lambda: not hall.sim.is_busy)
    for number in numbers:
        assert hall.slips(number) <= 1
        assert hall.state(number) is PrintState.UNKNOWN or hall.slips(number) == 1


def test_an_unknown_job_waits_for_a_persons_answer_and_then_for_a_reprint(hall: Hall) -> None:
    hall.sim.unplug_after(600)
    _, number = hall.take("touch-1")
    hall.until(lambda: hall.state(number) is PrintState.UNKNOWN)
    hall.sim.plug()
    (trouble,) = hall.desk.snapshot().print_troubles
    assert isinstance(trouble, PrintView)
    hall.desk.print_answer(trouble.job, key="no", came_out=False)
    hall.desk.reprint(trouble.ticket.ticket, key="again")
    hall.until(lambda: hall.state(number) is PrintState.PRINTED)
    (slip,) = (slip for slip in hall.sim.slips if "补打" in slip.text())
    assert number in slip.text().split()


def test_without_a_keeper_a_client_is_told_and_the_spooler_lives_on(hall: Hall) -> None:
    hall.take("touch-1")
    hall.keeper.kill()
    hall.keeper.wait()
    with pytest.raises(KeeperGone), SyncHallClient(hall.socket, "terminal", give_up_s=0.1) as early:
        early.plan()
    assert hall.spooler.poll() is None
    hall.keeper = hall.spawn_keeper()
    _, number = hall.take("touch-2")
    hall.until(lambda: hall.state(number) is PrintState.PRINTED)

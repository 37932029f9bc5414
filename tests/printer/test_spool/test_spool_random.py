"""A long day with random mishaps: at its end the ledger still agrees with every piece of paper."""

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.printersim import CHINESE_80, EPSON
from hallqueue.states import PrintState

JOBS = 60


class Mishaps:
    """Draws mishaps and puts each right after a moment."""

    def __init__(self, stage: Any, seed: int) -> None:
        self.stage, self.random = stage, random.Random(seed)
        self.kinds: list[Callable[[], None]] = [
            self.paper,
            self.cover,
            self.jam,
            self.cable,
            self.power,
            self.silence,
            self.keeper,
            self.crash,
            self.wire_crash,
            self.restart,
        ]

    def one(self) -> None:
        self.random.choice(self.kinds)()

    def moment(self) -> None:
        threading.Event().wait(self.random.uniform(0.0, 0.12))

    def paper(self) -> None:
        self.stage.sim.leave_paper(self.random.randrange(1, 2500))
        self.stage.take()
        self.moment()
        self.stage.sim.load_paper()

    def cover(self) -> None:
        self.stage.sim.open_cover()
        self.moment()
        self.stage.sim.close_cover()

    def jam(self) -> None:
        self.stage.sim.jam_at_next_cut()
        self.stage.take()
        self.moment()
        self.stage.sim.clear_jam()

    def cable(self) -> None:
        self.stage.sim.unplug_after(self.random.randrange(0, 2500))
        self.stage.take()
        self.moment()
        self.stage.sim.plug()

    def power(self) -> None:
        self.stage.take()
        self.moment()
        self.stage.sim.power_cycle()

    def silence(self) -> None:
        self.stage.sim.go_silent()
        self.stage.take()
        self.moment()
        self.stage.sim.speak()

    def keeper(self) -> None:
        self.stage.keeper.away = True
        self.moment()
        self.stage.keeper.away = False

    def crash(self) -> None:
        when = self.random.choice(["before", "after"])
        method = self.random.choice(["print_begin", "print_end", "print_queue", "report_device"])
        before = self.stage.crashes
        self.stage.keeper.crash = (when, method)
        self.stage.take()
        self.moment()
        self.stage.keeper.crash = None
        self.revive(before)

    def wire_crash(self) -> None:
        before = self.stage.crashes
        self.stage.transport.crash_after = self.random.random() < 0.5
        self.stage.transport.crash_at = self.random.randrange(0, 6)
        self.stage.take()
        self.stage.until(lambda: self.stage.crashes > before, "crash at a write")
        self.revive(before)

    def restart(self) -> None:
        self.stage.end()
        self.stage.start()

    def revive(self, before: int) -> None:
        if self.stage.crashes > before:
            self.stage.end()
            self.stage.start()


@pytest.mark.parametrize(("make", "seed"), [(EPSON, 1), (CHINESE_80, 2)], ids=["rung-A", "rung-B"])
def test_after_a_day_of_mishaps_the_ledger_agrees_with_the_paper(
    make_stage: Callable[..., Any], make: Any, seed: int
) -> None:
    stage = make_stage(make, sim={"dots_per_s": 30000.0, "seed": seed})
    mishaps = Mishaps(stage, seed)
    while len(stage.hall.state.jobs) < JOBS:
        stage.take()
        if mishaps.random.random() < 0.6:
            mishaps.one()
    if stage._thread is None or not stage._thread.is_alive():
        stage.end()
        stage.start()
    jobs = list(stage.hall.state.jobs)
    stage.until(lambda: all(stage.ended(job) for job in jobs), "every job has an end")
    stage.check()
    printed = sum(stage.state(job) is PrintState.PRINTED for job in jobs)
    assert printed >= JOBS // 3, f"only {printed} printed"

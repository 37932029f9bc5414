"""A device worker opens, loses and finds its device, tells each once, and never outlives its close."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import (
    Actor,
    DeviceState,
    DeviceTimeout,
    Fault,
    PortAbsent,
    PortDenied,
    PortGone,
)
from halldrivers.memoryport import memory_pair
from halldrivers.status import DeviceStatus, Health, status_of_error
from halldrivers.worker import DeviceWorker, Retry

QUICK = Retry(first_s=0.002, most_s=0.01)
WITHIN_S = 10.0
STUCK = Fault("X-1", "卡住", "stuck", Actor.CLERK, "松开", "let go", blocking=False)


class Plan:
    """A driver that does what its test says, and notes what it was asked for."""

    def __init__(self) -> None:
        self.open_error: Exception | None = None
        self.turn_error: Exception | None = None
        self.warning: Fault | None = None
        self.wait_s = 0.001
        self.opens = self.turns = self.closes = 0
        self.threads: set[str] = set()

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.opens += 1
        if self.open_error:
            raise self.open_error

    def turn(self) -> float:
        self.turns += 1
        if self.turn_error:
            raise self.turn_error
        return self.wait_s

    def close(self) -> None:
        self.closes += 1


class Listener:
    def __init__(self) -> None:
        self.words: list[DeviceStatus] = []
        self._changed = threading.Condition()

    def __call__(self, word: DeviceStatus) -> None:
        with self._changed:
            self.words.append(word)
            self._changed.notify_all()

    def until(self, *states: DeviceState) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.states == list(states), WITHIN_S), self.states

    @property
    def states(self) -> list[DeviceState]:
        return [word.state for word in self.words]


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def heard() -> Listener:
    return Listener()


@pytest.fixture
def worker(plan: Plan, heard: Listener) -> Iterator[DeviceWorker]:
    made = DeviceWorker("pad-1", plan, on_status=heard, retry=QUICK)
    yield made
    made.close()


def test_a_device_that_works_is_told_online_once(worker: DeviceWorker, plan: Plan, heard: Listener) -> None:
    worker.start()
    heard.until(DeviceState.ONLINE)
    before = plan.turns
    while plan.turns < before + 5:
        worker.wake()
    assert heard.states == [DeviceState.ONLINE]
    assert plan.opens == 1


def test_a_device_is_gone_after_three_misses_and_back_once(
    worker: DeviceWorker, plan: Plan, heard: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hall.device")
    plan.open_error = PortAbsent("/dev/x")
    worker.start()
    heard.until(DeviceState.ABSENT)
    assert plan.opens >= 3
    plan.open_error = None
    heard.until(DeviceState.ABSENT, DeviceState.ONLINE)
    worker.close()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "pad-1: absent D-02" in caplog.messages[0] and "找不到设备" in caplog.messages[0]


class VirtualTime(threading.Condition):
    """A worker's clock and its waiting: it passes at once, until ``end_s``, and then as everywhere."""

    def __init__(self, end_s: float) -> None:
        super().__init__()
        self.now_s, self.end_s = 0.0, end_s
        self.is_over = threading.Event()

    def __call__(self) -> float:
        return self.now_s

    def wait(self, timeout: float | None = None) -> bool:
        if self.now_s >= self.end_s or timeout is None:
            self.is_over.set()
            return super().wait(timeout)
        self.now_s += timeout
        return False


def test_a_device_that_is_away_for_a_minute_is_looked_for_every_second(plan: Plan) -> None:
    time = VirtualTime(end_s=70.0)
    tries_s: list[float] = []

    def open_at_last() -> None:
        tries_s.append(time.now_s)
        if time.now_s < 60.0:
            raise PortAbsent("/dev/x")

    plan.open = open_at_last  # type: ignore[method-assign]
    plan.wait_s = 3600.0
    worker = DeviceWorker("pad-1", plan, now_s=time)
    worker._wake = time  # its own condition waits for real
    with worker:
        assert time.is_over.wait(WITHIN_S)
        assert worker.is_open and worker.status.state is DeviceState.ONLINE
    waits_s = [after - before for before, after in pairwise(tries_s)]
    assert waits_s[:4] == pytest.approx([0.1, 0.2, 0.4, 0.8])
    assert waits_s[4:] == pytest.approx([1.0] * len(waits_s[4:]))
    assert 60.0 <= tries_s[-1] <= 61.0


def test_two_misses_are_no_news(heard: Listener, plan: Plan, worker: DeviceWorker) -> None:
    worker.start()
    heard.until(DeviceState.ONLINE)
    failures = iter([PortGone("x"), DeviceTimeout("x")])

    def turn() -> float:
        error = next(failures, None)
        if error:
            raise error
        plan.turns += 1
        return 0.0

    plan.turn = turn  # type: ignore[method-assign]
    before = plan.turns
    worker.wake()
    while plan.turns < before + 3:
        pass
    assert heard.states == [DeviceState.ONLINE]


def test_a_silent_device_keeps_its_port_and_a_broken_wire_is_opened_again(
    worker: DeviceWorker, plan: Plan, heard: Listener
) -> None:
    plan.turn_error = DeviceTimeout("no answer")
    worker.start()
    heard.until(DeviceState.OFFLINE)
    assert (plan.opens, plan.closes) == (1, 0)
    assert worker.counters["timeouts"] >= 3 and worker.counters["losses"] == 1
    plan.turn_error = PortGone("pulled")
    heard.until(DeviceState.OFFLINE, DeviceState.ABSENT)
    plan.turn_error = None
    heard.until(DeviceState.OFFLINE, DeviceState.ABSENT, DeviceState.ONLINE)
    assert plan.opens > 1 and plan.closes >= 1


def test_what_trying_again_cannot_mend_is_told_at_once(
    worker: DeviceWorker, plan: Plan, heard: Listener
) -> None:
    plan.open_error = PortDenied("/dev/x")
    worker.start()
    heard.until(DeviceState.FAULT)
    assert heard.words[0].code == "D-03"


def test_a_program_error_of_a_driver_is_a_fault_and_heals(
    worker: DeviceWorker, plan: Plan, heard: Listener
) -> None:
    plan.turn_error = ZeroDivisionError()
    worker.start()
    heard.until(DeviceState.FAULT)
    assert heard.words[0].code == "D-99"
    plan.turn_error = None
    heard.until(DeviceState.FAULT, DeviceState.ONLINE)


def test_a_warning_leaves_the_device_online_and_is_told_when_it_comes_and_goes(
    worker: DeviceWorker, plan: Plan, heard: Listener
) -> None:
    worker.start()
    heard.until(DeviceState.ONLINE)
    plan.warning = STUCK
    heard.until(DeviceState.ONLINE, DeviceState.ONLINE)
    plan.warning = None
    heard.until(*[DeviceState.ONLINE] * 3)
    assert [word.code for word in heard.words] == ["", "X-1", ""]


def test_a_call_runs_in_the_device_s_own_thread(worker: DeviceWorker, plan: Plan, heard: Listener) -> None:
    plan.wait_s = 3600.0
    worker.start()
    heard.until(DeviceState.ONLINE)
    assert worker.call(lambda: threading.current_thread().name, WITHIN_S) in plan.threads


def test_a_call_to_a_device_that_is_not_there_says_so(
    worker: DeviceWorker, plan: Plan, heard: Listener
) -> None:
    plan.open_error = PortAbsent("/dev/x")
    worker.start()
    heard.until(DeviceState.ABSENT)
    with pytest.raises(PortAbsent, match="the device is not there"):
        worker.call(lambda: None, WITHIN_S)


def test_a_call_s_own_error_comes_back(worker: DeviceWorker, heard: Listener) -> None:
    worker.start()
    heard.until(DeviceState.ONLINE)
    with pytest.raises(ZeroDivisionError):
        worker.call(lambda: 1 / 0, WITHIN_S)


def test_close_ends_the_thread_gives_the_device_back_and_may_be_repeated(
    worker: DeviceWorker, plan: Plan, heard: Listener
) -> None:
    plan.wait_s = 3600.0
    before = threading.active_count()
    worker.start()
    heard.until(DeviceState.ONLINE)
    worker.close()
    worker.close()
    assert threading.active_count() == before
    assert plan.closes == 1
    with pytest.raises(PortAbsent):
        worker.call(lambda: None, WITHIN_S)


def test_errors_become_the_states_of_the_hall() -> None:
    states = {
        PortAbsent(): DeviceState.ABSENT,
        PortGone(): DeviceState.ABSENT,
        DeviceTimeout(): DeviceState.OFFLINE,
        PortDenied(): DeviceState.FAULT,
    }
    assert {error: status_of_error(error).state for error in states} == states


def test_health_begins_unknown_and_unknown_is_not_down() -> None:
    health = Health()
    assert health.status.state is DeviceState.UNKNOWN and not health.is_down
    assert health.failed(PortAbsent()) is None
    assert health.failed(PortAbsent()) is None
    word = health.failed(PortAbsent())
    assert word is not None and word.state is DeviceState.ABSENT and health.is_down
    assert health.failed(PortAbsent()) is None, "said once"


def test_a_counted_wire_counts_what_crosses_it() -> None:
    near, far = memory_pair()
    counters = Counters()
    wire = CountedTransport(near, counters)
    far.open()
    wire.open()
    wire.write(b"ask", 1.0)
    far.write(b"answer", 1.0)
    assert wire.read(99, 1.0) == b"answer"
    assert counters.text() == "bytes_in=6 bytes_out=3"
    wire.close()
    far.close()

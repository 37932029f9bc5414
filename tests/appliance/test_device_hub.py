"""A role's devices: reported when the keeper hears, counted, checked on request, given back together."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest

from hall.devices.attended import Attended, OnStatus, Started
from hall.devices.hub import DeviceHub
from hall.devices.reports import DeviceReports
from halldrivers.check import CheckLevel, Finding, Tell, ask, failed, passed
from halldrivers.counters import Counters
from halldrivers.errors import DeviceState, PortAbsent
from halldrivers.status import DeviceStatus, status_of_error
from hallqueue.clock import SystemClock
from hallqueue.errors import KeeperGone
from hallqueue.events import DeviceChanged, DeviceCounted, DeviceTestTold
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, Service, Session, Window
from hallqueue.views import DeviceView, EventLine

ONLINE = DeviceStatus(DeviceState.ONLINE)
GONE = status_of_error(PortAbsent("/dev/hall/idcard"))


class AwayHall(MemoryHall):
    """A hall whose keeper can be away, and that knows when it is listened to."""

    is_away = False
    is_followed = False

    def follow(self, after: int = 0) -> AsyncIterator[EventLine]:
        self.is_followed = True
        return super().follow(after)

    async def report_device(self, device: str, *, key: str, **what: str) -> DeviceView:  # type: ignore[override]
        if self.is_away:
            raise KeeperGone(path="test")
        return await super().report_device(device, key=key, **what)  # type: ignore[arg-type]

    def logged(self, kind: type) -> list[object]:
        return [event.body for event in self.log.events if isinstance(event.body, kind)]


class HandDevice:
    """A device that does what the test says, and what was done to it."""

    def __init__(self, name: str, *, on_close: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.counters = Counters()
        self.findings: list[Finding] = [passed("好", "well")]
        self.asked: list[CheckLevel] = []
        self.is_closed = False
        self._on_close = on_close
        self.tell: OnStatus = lambda status: None

    @property
    def attended(self) -> Attended:
        return Attended(self.name, "hand", self._start)

    def _start(self, on_status: OnStatus) -> Started:
        self.tell = on_status
        return Started(self.check, self._close, self.counters)

    def check(self, level: CheckLevel, tell: Tell) -> None:
        self.asked.append(level)
        for finding in self.findings:
            tell(finding)

    def _close(self) -> None:
        self._on_close()
        self.is_closed = True


@pytest.fixture
def hall() -> AwayHall:
    plan = Plan(
        hall_id="t",
        hall_name="测试大厅",
        groups=(Group("g", "社保"),),
        services=(Service("a", "参保", "g", "A"),),
        windows=(Window(1, "一号", ("a",)),),
        calendar=Calendar((Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
    )
    return AwayHall(plan, SystemClock())


async def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not condition():
        assert loop.time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def running(hall: AwayHall, hub: DeviceHub) -> AsyncIterator[None]:
    hub.start()
    task = asyncio.create_task(hub.run())
    await until(lambda: hall.is_followed)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_device_is_reported_down_and_up_with_who_must_act(hall: AwayHall) -> None:
    device = HandDevice("idcard")
    async with running(hall, DeviceHub(hall, [device.attended])):
        device.tell(GONE)
        await until(lambda: len(hall.logged(DeviceChanged)) == 1)
        device.tell(ONLINE)
        await until(lambda: len(hall.logged(DeviceChanged)) == 2)
    down, up = hall.logged(DeviceChanged)
    assert isinstance(down, DeviceChanged)
    assert isinstance(up, DeviceChanged)
    assert (down.device, down.kind, down.state, down.code) == ("idcard", "hand", "absent", "D-02")
    assert down.who
    assert down.remedy_zh
    assert down.what_en
    assert (up.state, up.code, up.who) == ("online", "", "")


async def test_while_the_keeper_is_away_only_the_newest_word_waits(hall: AwayHall) -> None:
    hall.is_away = True
    device = HandDevice("idcard")
    async with running(hall, DeviceHub(hall, [device.attended])):
        device.tell(GONE)
        device.tell(ONLINE)
        device.tell(GONE)
        await asyncio.sleep(0.02)
        hall.is_away = False
        await until(lambda: len(hall.logged(DeviceChanged)) == 1)
    (told,) = hall.logged(DeviceChanged)
    assert isinstance(told, DeviceChanged)
    assert told.state == "absent"


async def test_what_the_record_has_wrong_is_told_again(hall: AwayHall) -> None:
    reports = DeviceReports(hall, {"idcard": "hand"}, boot="b", attend_every_s=0.02)
    reports.note("idcard", ONLINE, "good_reads=1")
    task = asyncio.create_task(reports.run())
    try:
        await until(lambda: len(hall.logged(DeviceChanged)) == 1)
        hall.engine.lose_devices(hall._moment(), ["idcard"])
        await until(lambda: len(hall.logged(DeviceChanged)) == 3)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    states = [(told.state, told.counters) for told in hall.logged(DeviceChanged)]  # type: ignore[attr-defined]
    assert states == [("online", "good_reads=1"), ("unknown", "good_reads=1"), ("online", "good_reads=1")]


async def test_counts_are_put_on_record_now_and_then(hall: AwayHall) -> None:
    device = HandDevice("idcard")
    device.counters.add("good_reads", 3)
    async with running(hall, DeviceHub(hall, [device.attended], count_every_s=0.05)):
        device.tell(ONLINE)
        await until(lambda: len(hall.logged(DeviceChanged)) == 1)
        device.counters.add("good_reads", 4)
        await until(lambda: len(hall.logged(DeviceCounted)) == 1)
    (counted,) = hall.logged(DeviceCounted)
    assert isinstance(counted, DeviceCounted)
    assert "good_reads=7" in counted.counters


async def _test_of(hall: AwayHall, device: str, level: str, key: str) -> list[DeviceTestTold]:
    """Ask for a test, as the command does, and wait for its last word."""
    asked = await hall.ask_test(device, key=key, level=level)

    def told() -> list[DeviceTestTold]:
        return [t for t in hall.logged(DeviceTestTold) if isinstance(t, DeviceTestTold) and t.test == asked]

    await until(lambda: bool(told()) and told()[-1].is_last)
    return told()


async def test_a_check_that_was_asked_for_is_carried_out_and_every_finding_told(hall: AwayHall) -> None:
    device, other = HandDevice("idcard"), HandDevice("camera")
    device.findings = [ask("请放证", "lay the card"), failed(PortAbsent("/dev/x")), passed("好", "well")]
    async with running(hall, DeviceHub(hall, [device.attended, other.attended])):
        told = await _test_of(hall, "idcard", "interactive", "k1")
    assert device.asked == [CheckLevel.INTERACTIVE]
    assert other.asked == []
    assert [t.verdict for t in told] == ["ask", "failed", "passed", "passed"]
    assert told[1].code == "D-02"
    assert told[1].remedy_zh
    assert [t.is_last for t in told] == [False, False, False, True]


async def test_a_device_in_a_technician_s_hands_is_busy_and_then_what_it_has_become(hall: AwayHall) -> None:
    release, device = threading.Event(), HandDevice("pad-1")

    def wait_for_a_finger(level: CheckLevel, tell: Tell) -> None:
        release.wait(30)

    device.check = wait_for_a_finger  # type: ignore[method-assign]

    def states() -> list[tuple[str, str]]:
        return [(told.state, told.code) for told in hall.logged(DeviceChanged)]  # type: ignore[attr-defined]

    try:
        async with running(hall, DeviceHub(hall, [device.attended])):
            device.tell(ONLINE)
            await until(lambda: states() == [("online", "")])
            await hall.ask_test("pad-1", key="k1", level="interactive")
            await until(lambda: states()[1:] == [("busy", "T-08")])
            device.tell(GONE)  # meanwhile it is its checker's affair
            release.set()
            await until(lambda: states()[2:] == [("absent", "D-02")])
    finally:
        release.set()


async def test_a_check_without_a_person_takes_the_device_from_nobody(hall: AwayHall) -> None:
    device = HandDevice("pad-1")
    async with running(hall, DeviceHub(hall, [device.attended])):
        device.tell(ONLINE)
        await until(lambda: len(hall.logged(DeviceChanged)) == 1)
        await _test_of(hall, "pad-1", "external", "k1")
        device.tell(GONE)
        await until(lambda: len(hall.logged(DeviceChanged)) == 2)
    assert [told.state for told in hall.logged(DeviceChanged)] == ["online", "absent"]  # type: ignore[attr-defined]


async def test_a_program_error_in_a_check_is_told_and_the_next_check_works(hall: AwayHall) -> None:
    device = HandDevice("idcard")
    is_broken = True

    def break_once(level: CheckLevel, tell: Tell) -> None:
        if is_broken:
            raise ZeroDivisionError
        tell(passed("好", "well"))

    device.check = break_once  # type: ignore[method-assign]
    async with running(hall, DeviceHub(hall, [device.attended])):
        first = await _test_of(hall, "idcard", "external", "k1")
        is_broken = False
        second = await _test_of(hall, "idcard", "external", "k2")
    assert [t.verdict for t in first] == ["unknown", "passed"]
    assert [t.verdict for t in second] == ["passed", "passed"]


async def test_a_check_that_hangs_delays_no_report_and_no_other_check(hall: AwayHall) -> None:
    release = threading.Event()
    stuck, well = HandDevice("scanner"), HandDevice("idcard")

    def hang(level: CheckLevel, tell: Tell) -> None:
        release.wait(30)

    stuck.check = hang  # type: ignore[method-assign]
    try:
        async with running(hall, DeviceHub(hall, [stuck.attended, well.attended])):
            await hall.ask_test("scanner", key="k0", level="internal")
            told = await _test_of(hall, "idcard", "internal", "k1")
            well.tell(ONLINE)
            await until(lambda: len(hall.logged(DeviceChanged)) == 1)
            release.set()
    finally:
        release.set()
    assert [t.verdict for t in told] == ["passed", "passed"]


async def test_devices_are_given_back_all_at_once(hall: AwayHall) -> None:
    together = threading.Barrier(3)
    devices = [HandDevice(f"d{n}", on_close=lambda: together.wait(10) and None) for n in range(3)]
    async with running(hall, DeviceHub(hall, [device.attended for device in devices])):
        pass
    # Had they been closed one after another, the barrier would have broken and closed none.
    assert all(device.is_closed for device in devices)


async def test_many_words_from_many_threads_reach_the_record_in_their_order(hall: AwayHall) -> None:
    devices = [HandDevice(f"d{n}") for n in range(4)]
    numbers = count()
    async with running(hall, DeviceHub(hall, [device.attended for device in devices])):

        def chatter(device: HandDevice) -> None:
            for _ in range(50):
                device.tell(GONE if next(numbers) % 2 else ONLINE)
            device.tell(ONLINE)

        threads = [threading.Thread(target=chatter, args=(device,)) for device in devices]
        for thread in threads:
            thread.start()
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])
        views: dict[str, str] = {}
        started = time.monotonic()
        while set(views.values()) != {"online"} or len(views) < len(devices):
            assert time.monotonic() - started < 10
            await asyncio.sleep(0.005)
            views = {d.device: d.state for d in (await hall.snapshot()).devices if d.device != "clock"}
    assert views == {device.name: "online" for device in devices}

"""The rating desk with pads on one Modbus line: they come and go by themselves, and only answers rate."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest

from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbussim import ModbusLineSim, modbus_url
from halldrivers.ratingpad.address import parse_pad
from halldrivers.ratingpad.check import PadChecker
from halldrivers.ratingpad.errors import PadFormMissing
from halldrivers.ratingpad.opening import PadParts
from halldrivers.simwire import SimServer, serve_pty
from halldrivers.worker import Retry
from hallevaluator.desk import RatingDesk
from hallevaluator.desk_state import DeskState
from hallevaluator.pads import open_pad
from hallevaluator.window import DeskTimes
from hallqueue.clock import SystemClock
from hallqueue.events import RatingGiven, StrayPress
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, RatingRules, Service, Session, Window
from hallqueue.views import DeviceView

QUICK = DeskTimes(thank_s=0.05, stray_gap_s=0.0, count_s=0.05)
ALL = (True,) * 4

PLAN = Plan(
    hall_id="t",
    hall_name="测试大厅",
    groups=(Group("g", "社保"),),
    services=(Service("a", "参保", "g", "A"),),
    windows=(Window(1, "一号", ("a",)), Window(2, "二号", ("a",))),
    calendar=Calendar((Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
    rating=RatingRules(timeout_s=120.0),
)


class Visit:
    """A hall with two windows, whose pads are the units 1 and 2 of a line."""

    def __init__(self, line: ModbusLineSim, server: SimServer[ModbusLineSim]) -> None:
        self.line, self.hall = line, MemoryHall(PLAN, SystemClock())
        self.parts = PadParts(lines=ModbusLines(retry=Retry(0.01, 0.05)))
        self.addresses = {window: parse_pad(modbus_url(server, window)) for window in (1, 2)}
        pads = {window: open_pad(address, self.parts) for window, address in self.addresses.items()}
        self.desk = RatingDesk(self.hall, pads, clock=SystemClock(), times=QUICK)
        self._keys = count()

    def key(self) -> str:
        return f"k{next(self._keys)}"

    async def finish_a_matter(self, window: int) -> None:
        await self.hall.open_window(window, key=self.key())
        await self.hall.issue("a", key=self.key())
        await self.hall.call_next(window, key=self.key())
        await self.hall.start(window, key=self.key())
        await self.hall.finish(window, key=self.key(), then="")

    async def in_state(self, window: int, state: DeskState) -> None:
        await until(lambda: self.desk.state(window) is state)

    async def device(self, window: int) -> DeviceView | None:
        hall = await self.hall.snapshot()
        return next((device for device in hall.devices if device.device == f"pad-{window}"), None)

    async def reported(self, window: int, state: str, code: str = "") -> None:
        deadline = time.monotonic() + 15
        while (found := await self.device(window)) is None or (found.state, found.code) != (state, code):
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.005)

    def logged(self, kind: type) -> list[object]:
        return [event.body for event in self.hall.log.events if isinstance(event.body, kind)]


async def until(condition: Callable[[], bool], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    line = ModbusLineSim(clock=time.monotonic)
    line.add_pad(1)
    line.add_pad(2, latching=True)
    with serve_pty(line) as server:
        visit = Visit(line, server)
        task = asyncio.create_task(visit.desk.run())
        try:
            await visit.in_state(1, DeskState.IDLE)
            await visit.in_state(2, DeskState.IDLE)
            yield visit
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("device ")]


async def test_one_press_is_the_rating_and_is_thanked_for(visit: Visit) -> None:
    await visit.finish_a_matter(1)
    await until(lambda: visit.line.lamps(1) == ALL)
    visit.line.press(1, "4", hold_s=1.6)
    await until(lambda: len(visit.logged(RatingGiven)) == 1)
    assert visit.logged(StrayPress) == []
    await visit.in_state(1, DeskState.IDLE)
    await until(lambda: visit.line.lamps(1) == (False,) * 4)


async def test_a_press_that_the_board_kept_from_before_is_a_stray_and_never_the_rating(visit: Visit) -> None:
    # The poll that arms the pad finds it: the desk is asking when it hears of it.
    visit.line.units[2].delay_s = 0.03
    visit.line.press(2, "1", hold_s=0.0)
    await visit.finish_a_matter(2)
    await until(lambda: visit.line.lamps(2) == ALL)
    await until(lambda: len(visit.logged(StrayPress)) == 1)
    assert visit.logged(RatingGiven) == []
    assert visit.desk.state(2) is DeskState.ASKING
    visit.line.press(2, "3", hold_s=0.0)
    await until(lambda: len(visit.logged(RatingGiven)) == 1)


async def test_a_key_held_since_before_the_question_rates_nothing(visit: Visit) -> None:
    visit.line.hold(1, "1")
    await until(lambda: len(visit.logged(StrayPress)) == 1)
    await visit.finish_a_matter(1)
    await until(lambda: visit.line.lamps(1) == ALL)
    visit.line.release(1, "1")
    visit.line.press(1, "2", hold_s=1.6)
    await until(lambda: len(visit.logged(RatingGiven)) == 1)
    assert len(visit.logged(StrayPress)) == 1


async def test_a_pad_that_is_not_there_is_reported_once_and_asks_when_it_is_back(visit: Visit) -> None:
    await visit.reported(1, "online")
    visit.line.kill(1)
    await visit.reported(1, "offline", "M-02")
    assert visit.desk.state(1) is DeskState.FAULTY
    assert visit.desk.state(2) is DeskState.IDLE
    await visit.finish_a_matter(1)
    visit.line.revive(1)
    await visit.in_state(1, DeskState.ASKING)
    await visit.reported(1, "online")
    await until(lambda: visit.line.lamps(1) == ALL)
    visit.line.press(1, "2", hold_s=1.6)
    await until(lambda: len(visit.logged(RatingGiven)) == 1)


async def test_a_lost_adapter_takes_both_windows_down_and_brings_both_back(visit: Visit) -> None:
    visit.line.unplug_after(0)
    for window in (1, 2):
        await visit.reported(window, "absent", "M-01")
    visit.line.plug()
    for window in (1, 2):
        await visit.reported(window, "online")
        assert visit.desk.state(window) is DeskState.IDLE


async def test_what_a_pad_counts_is_reported_now_and_then(visit: Visit) -> None:
    visit.line.press(1, "1", hold_s=1.6)
    deadline = time.monotonic() + 15
    while "strays=1" not in ((await visit.device(1)) or pytest.fail("no such device")).counters:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_health_check_borrows_the_pad_and_gives_it_back(visit: Visit) -> None:
    found: list[Finding] = []
    check = visit.desk.checker(1, PadChecker(visit.addresses[1], visit.parts))
    checking = asyncio.create_task(asyncio.to_thread(check, CheckLevel.INTERACTIVE, found.append))
    await until(lambda: visit.line.lamps(1) == ALL)
    assert visit.desk.state(1) is DeskState.FAULTY
    visit.line.press(1, "2", hold_s=1.6)
    await checking
    assert [finding.verdict for finding in found][-2:] == [Verdict.ASK, Verdict.PASSED]
    assert visit.logged(RatingGiven) == [] and visit.logged(StrayPress) == []
    await visit.in_state(1, DeskState.IDLE)


async def test_an_internal_check_leaves_the_pad_at_work(visit: Visit) -> None:
    found: list[Finding] = []
    check = visit.desk.checker(1, PadChecker(visit.addresses[1], visit.parts))
    await asyncio.to_thread(check, CheckLevel.INTERNAL, found.append)
    assert [finding.verdict for finding in found] == [Verdict.PASSED]
    assert visit.desk.state(1) is DeskState.IDLE


def test_a_pad_whose_table_is_missing_is_an_error_of_the_configuration() -> None:
    with pytest.raises(PadFormMissing):
        open_pad(parse_pad("serial:///dev/x?table=x"), PadParts())

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from hallkiosk.bigtext import BigText
from hallkiosk.screen import HallScreen, ScreenApp
from hallkiosk.screen.panes import EntryList, WideLine
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, Service, Session, Window

PLAN = Plan(
    hall_id="t",
    hall_name="测试镇民生服务中心",
    groups=(*(Group(f"g{i}", f"业务类别{i}") for i in range(6)), Group("one", "一件事")),
    services=(
        *(Service(f"s{i}", f"事项{i}", f"g{i}", "ABCDEF"[i]) for i in range(6)),
        Service("family", "婚育户", "one", "K", matters=("s0", "s1")),
    ),
    windows=tuple(Window(n, f"综合{n}", tuple(f"s{i}" for i in range(6))) for n in range(1, 7)),
    calendar=Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
)
SIZES = [(60, 18), (78, 20), (80, 24), (120, 40), (160, 45), (213, 60)]


@dataclass
class Hall:
    ms: int = 1_800_000_000_000
    now: float = 50.0
    reachable: bool = True
    plan: Plan = PLAN
    count: int = field(default=0)

    def __post_init__(self) -> None:
        self.hall = MemoryHall(self.plan, self)

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True

    def later(self, seconds: int) -> None:
        self.ms += seconds * 1000
        self.now += seconds

    @property
    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    async def called(self, window: int, service: str = "s0") -> Any:
        await self.hall.open_window(window, key=self.key, clerk="甲")
        await self.hall.issue(service, key=self.key, paper=False)
        return await self.hall.call_next(window, key=self.key)


@dataclass
class Watcher:
    pilot: Pilot[None]
    screen: HallScreen

    async def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not true():
            assert time.monotonic() < deadline, f"never came; it shows {self.screen.picture}"
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    def big(self, selector: str) -> str:
        return self.screen.query_one(selector, BigText).text

    @property
    def label(self) -> str:
        return str(self.screen.query_one("#now-label", Static).render())

    def entries(self, selector: str) -> list[str]:
        return [line.strip() for line in str(self.screen.query_one(selector, EntryList).render()).split("\n")]

    def line(self, selector: str) -> str:
        return self.screen.query_one(selector, WideLine).text


@asynccontextmanager
async def watching(hall: Hall, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Watcher]:
    app = ScreenApp(hall.hall, hall.plan, clock=lambda: hall.now, is_reachable=lambda: hall.reachable)
    async with app.run_test(size=size) as pilot:
        watcher = Watcher(pilot, app.hall_screen)
        await watcher.until(lambda: bool(watcher.screen.picture and watcher.screen.picture.time))
        yield watcher


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def test_before_any_call_it_says_so(hall: Hall) -> None:
    async with watching(hall) as watcher:
        assert (watcher.label, watcher.big("#now-number")) == ("等候叫号", "")


async def test_a_call_is_shown_big_with_its_window(hall: Hall) -> None:
    async with watching(hall) as watcher:
        await hall.called(3)
        await watcher.until(lambda: watcher.big("#now-number") == "A001")
        assert watcher.big("#now-window") == "3号窗口"
        assert "正在叫号" in watcher.label


async def test_a_new_call_is_marked_by_more_than_colour_and_comes_to_rest(hall: Hall) -> None:
    async with watching(hall) as watcher:
        await hall.called(3)
        await watcher.until(lambda: watcher.label.startswith("▶▶"))
        assert watcher.screen.has_class("-lit")
        hall.now += 0.5
        await watcher.until(lambda: not watcher.screen.has_class("-lit"))
        assert watcher.label.startswith("▶▶")
        hall.later(9)
        await watcher.until(lambda: watcher.label == "正在叫号")


async def test_a_recall_counts_and_is_one_line(hall: Hall) -> None:
    await hall.called(1)
    async with watching(hall) as watcher:
        await hall.hall.recall(1, key=hall.key)
        await watcher.until(lambda: "正在叫号（第2次）" in watcher.label)
        await hall.called(2, "s1")
        await watcher.until(lambda: watcher.big("#now-number") == "B001")
        calls = watcher.entries("#calls")
        assert [line for line in calls if "A001" in line] == [calls[1]]
        assert calls[1].startswith("▶A001 1号窗口") and calls[1].endswith("2次")


async def test_once_served_the_last_call_is_no_longer_being_called(hall: Hall) -> None:
    await hall.called(1)
    async with watching(hall) as watcher:
        await hall.hall.start(1, key=hall.key)
        await watcher.until(lambda: "最近叫号" in watcher.label)
        assert watcher.big("#now-number") == "A001"


async def test_a_screen_started_later_shows_the_same_and_announces_nothing(hall: Hall) -> None:
    await hall.called(1)
    hall.later(60)
    async with watching(hall) as watcher:
        assert (watcher.label, watcher.big("#now-number")) == ("正在叫号", "A001")
        assert not watcher.screen.has_class("-fresh")


async def test_people_are_counted_in_the_group_where_they_wait_now(hall: Hall) -> None:
    for service in ("s0", "s0", "s2", "family"):
        await hall.hall.issue(service, key=hall.key, paper=False)
    async with watching(hall) as watcher:
        lines = watcher.entries("#groups")
        assert [line.split() for line in lines[1:4]] == [
            ["业务类别0", "等3人"],
            ["业务类别1", "等0人"],
            ["业务类别2", "等1人"],
        ]
        assert not any("一件事" in line for line in lines)


async def test_groups_without_room_are_counted_together(hall: Hall) -> None:
    for i in range(6):
        await hall.hall.issue(f"s{i}", key=hall.key, paper=False)
    async with watching(hall, (60, 12)) as watcher:
        lines = watcher.entries("#groups")
        shown = sum(int(line.rsplit("等", 1)[1].removesuffix("人")) for line in lines[1:] if line)
        assert lines[-1].startswith("其他")
        assert shown == 6


async def test_paused_and_closed_windows_are_named(hall: Hall) -> None:
    await hall.called(1)
    await hall.hall.open_window(2, key=hall.key)
    await hall.hall.pause_window(2, key=hall.key, reason="午休")
    async with watching(hall) as watcher:
        assert watcher.line("#windows") == "2号窗口暂停（午休）  未开窗：3、4、5、6号"


async def test_the_time_goes_on_by_itself(hall: Hall) -> None:
    async with watching(hall) as watcher:
        before = watcher.line("#hall-time")
        hall.now += 60
        await watcher.until(lambda: watcher.line("#hall-time") != before)


async def test_without_the_keeper_the_last_known_state_stays_and_says_so(hall: Hall) -> None:
    await hall.called(4)
    async with watching(hall) as watcher:
        hall.reachable = False
        await watcher.until(lambda: watcher.line("#screen-notice") == "正在重新连接")
        assert watcher.big("#now-number") == "A001" and watcher.screen.has_class("-warning")
        hall.reachable = True
        await watcher.until(lambda: "请留意叫号" in watcher.line("#screen-notice"))


async def test_a_closed_day_says_so(hall: Hall) -> None:
    await hall.hall.close_day(key=hall.key, reason="停电")
    async with watching(hall) as watcher:
        assert watcher.line("#screen-notice") == "今天办理已结束：停电"


@pytest.mark.parametrize("size", SIZES)
async def test_six_windows_and_many_calls_have_room_and_nothing_is_cut(
    hall: Hall, size: tuple[int, int]
) -> None:
    for window in (1, 2, 3, 4, 5, 6):
        await hall.called(window, f"s{window - 1}")
        await hall.hall.start(window, key=hall.key)
        await hall.hall.finish(window, key=hall.key)
        await hall.called(window, f"s{window - 1}")
    async with watching(hall, size) as watcher:
        assert watcher.big("#now-number") == "F002"
        area = watcher.screen.region
        parts = [w for w in watcher.screen.query("Static, BigText, EntryList, WideLine") if w.display]
        for one in parts:
            assert one.region and area.contains_region(one.region), f"{one} at {one.region} of {area}"
            assert all(one is other or not one.region.overlaps(other.region) for other in parts)
        for widget in watcher.screen.query(EntryList):
            rows = str(widget.render()).rstrip("\n").split("\n")
            assert 4 <= len(rows) <= widget.content_size.height


# Real terminals.

PROGRAM = """
import asyncio, sys, time
from hallkiosk.screen import ScreenApp
from hallkiosk.window import WindowApp
from hallqueue.clock import SystemClock
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, Service, Session, Window

plan = Plan("t", "测试镇民生服务中心", (Group("g", "社保医保"),), (Service("card", "社会保障卡", "g", "A"),),
    (Window(1, "综合一", ("card",)),),
    Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)))
hall = MemoryHall(plan, SystemClock())

async def fill():
    await hall.open_window(1, key="o", clerk="王芳")
    for i in range(3):
        await hall.issue("card", key=f"i{i}", paper=False)
    await hall.call_next(1, key="c")

asyncio.run(fill())
(WindowApp(hall, plan, 1, "王芳") if sys.argv[1] == "window" else ScreenApp(hall, plan)).run()
"""


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    place = Path(__file__).parents[2] / "tools" / "picture.py"
    spec = importlib.util.spec_from_file_location("hall_tools_picture_staff", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_window_in_a_real_terminal_starts_the_called_person(picture: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    steps = [picture.WaitFor("叫号中"), picture.Send("\r"), picture.WaitFor("办结A001")]
    grid = picture.screen_of([sys.executable, str(program), "window"], (60, 18), steps)
    assert "办理中" in grid.text and "F10/Z 暂停" in grid.text and "下一位A002" in grid.text


def test_the_hall_screen_in_a_real_terminal_names_the_window(picture: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    steps = [picture.WaitFor("正在叫号")]
    grid = picture.screen_of([sys.executable, str(program), "screen"], (80, 24), steps)
    assert "测试镇民生服务中心" in grid.text and "等2人" in grid.text

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import combinations, count
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import MouseDown
from textual.pilot import Pilot
from textual.widgets import Input

from hall.config.load import load
from hallkiosk.chrome import HallApp
from hallkiosk.terminal import LETTERS, CitizenTerminal, Pace, TerminalApp
from hallkiosk.terminal.fitting import face_rows
from hallkiosk.terminal.model import Scene
from hallkiosk.terminal.panes import NoticePane, TouchButton
from hallkiosk.terminal.steps import Step, Visit
from hallprinter.cells import text_width
from hallqueue.errors import HallError, KeeperGone, StorageFull
from hallqueue.memory import MemoryHall
from hallqueue.plan import Plan
from hallqueue.states import PrintState
from hallqueue.views import HallSnapshot, Issued

TUESDAY_0906 = 1_772_500_000_000
PANELS = [(80, 15), (60, 40)]
ALL_SIZES = [*PANELS, (80, 24), (120, 40), (66, 20), (60, 18)]
QUICK = Pace(settle_s=0, retry_s=0.02, refresh_s=60)
"""Looks at the clock are asked for by `Rig.until`, so that the screens are quiet in between."""


class WallClock:
    def __init__(self) -> None:
        self.ms = TUESDAY_0906

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


class HandClock:
    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


class Hall(MemoryHall):
    """The real rules, with a keeper that can be away and that counts what it is asked."""

    def __init__(self, plan: Plan, clock: WallClock) -> None:
        super().__init__(plan, clock)
        self.wall = clock
        self.trouble: HallError | None = None
        self.is_holding = asyncio.Event()
        self.is_holding.set()
        self.keys: list[str] = []
        self.is_watchable = True

    async def issue(self, service: str, *, key: str, **more: object) -> Issued:  # type: ignore[override]
        self.keys.append(key)
        await self.is_holding.wait()
        if self.trouble is not None:
            raise self.trouble
        return await super().issue(service, key=key, **more)  # type: ignore[arg-type]

    async def watch(self) -> AsyncIterator[HallSnapshot]:
        if not self.is_watchable:
            raise KeeperGone(path="hall.sock")
        async for snapshot in super().watch():
            yield snapshot
            if not self.is_watchable:
                raise KeeperGone(path="hall.sock")

    async def snapshot(self) -> HallSnapshot:
        if not self.is_watchable:
            raise KeeperGone(path="hall.sock")
        return await super().snapshot()

    async def paper(self, outcome: PrintState | None) -> None:
        """What the spooler would report of the newest job; None: bytes have begun to leave."""
        job = (await self.print_queue())[-1].job
        await self.print_begin(job, key=f"begin-{job}", printer="test")
        if outcome is not None:
            await self.print_end(job, key=f"end-{job}", state=outcome)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load(Path(__file__).parents[2] / "examples" / "township.toml").plan


@pytest.fixture
async def hall(plan: Plan) -> Hall:
    hall = Hall(plan, WallClock())
    for number in (1, 2):
        await hall.open_window(number, key=f"open-{number}", clerk="李敏")
    return hall


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


class Rig:
    """A terminal on a panel, and what a person sees of it."""

    def __init__(self, terminal: CitizenTerminal, pilot: Pilot[None]) -> None:
        self.app, self.pilot, self.terminal = terminal.app, pilot, terminal

    @property
    def scene(self) -> Scene | None:
        return self.terminal.picture.scene if self.terminal.picture else None

    @property
    def rows(self) -> list[str]:
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    async def until(self, is_so: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 10
        while not is_so():
            assert loop.time() < deadline, self.text
            self.terminal.look()
            await asyncio.sleep(0.01)
        await self.pilot.pause()

    async def until_scene(self, scene: Scene) -> None:
        await self.until(lambda: self.scene is scene)

    async def until_text(self, text: str) -> None:
        await self.until(lambda: text in self.text)

    async def until_it_fits(self) -> None:
        """Layout follows a change within a few turns of the loop; then nothing may be clipped."""
        deadline = asyncio.get_running_loop().time() + 5
        while wrong := clipped(self):
            assert asyncio.get_running_loop().time() < deadline, (wrong, self.text)
            await asyncio.sleep(0.01)

    async def click(self, selector: str) -> None:
        assert await self.pilot.click(selector) is True

    async def to_confirm(self, group: int = 1, service: int = 1) -> None:
        await self.click(f"#choice-{group}")
        await self.click(f"#choice-{service}")
        assert self.scene is Scene.CONFIRM

    async def to_take(self) -> None:
        await self.to_confirm()
        await self.click("#go")
        await self.until_scene(Scene.TAKE)


@asynccontextmanager
async def panel(
    hall: Hall,
    plan: Plan,
    clock: HandClock,
    size: tuple[int, int] = (80, 15),
    pace: Pace = QUICK,
    is_reachable: Callable[[], bool] | None = None,
) -> AsyncIterator[Rig]:
    keys: Iterator[int] = count(1)
    app = TerminalApp(
        hall, plan, clock=clock, new_key=lambda: f"touch-{next(keys)}", pace=pace, is_reachable=is_reachable
    )
    async with app.run_test(size=size) as pilot:
        rig = Rig(app.terminal, pilot)
        await rig.until_scene(Scene.GROUPS)
        yield rig


# A visit, step by step.


@pytest.mark.parametrize("size", [*PANELS, (60, 18)])
async def test_a_visit_by_touch_leads_to_a_number_and_back_to_the_start(
    hall: Hall, plan: Plan, clock: HandClock, size: tuple[int, int]
) -> None:
    async with panel(hall, plan, clock, size) as rig:
        await rig.click("#choice-1")
        assert rig.scene is Scene.SERVICES and "居民身份证" in rig.text
        await rig.click("#choice-2")
        assert rig.scene is Scene.CONFIRM
        await rig.click("#choice-1")
        await rig.until_text("已选：老年人")
        await rig.click("#go")
        await rig.until_scene(Scene.TAKE)
        await hall.paper(PrintState.PRINTED)
        await rig.until_text("请取票")
        (ticket,) = await hall.tickets()
        assert (ticket.number, ticket.chosen, ticket.priority) == ("A001", "shenfenzheng", "laonian")
        await rig.click("#go")
        assert rig.scene is Scene.GROUPS


async def test_a_visit_by_digits_and_enter_leads_to_a_number(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.pilot.press("3", "2", "enter")
        await rig.until_scene(Scene.TAKE)
        assert (await hall.tickets())[0].chosen == "yanglao-renzheng"


async def test_escape_goes_one_question_back(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.pilot.press("1", "1", "escape")
        assert rig.scene is Scene.SERVICES
        await rig.pilot.press("escape")
        assert rig.scene is Scene.GROUPS


async def test_the_back_button_goes_one_question_back(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        await rig.click("#back")
        assert rig.scene is Scene.SERVICES
        await rig.click("#back")
        assert rig.scene is Scene.GROUPS


async def test_a_group_of_one_service_goes_straight_to_the_check_and_shows_its_matters(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.click("#choice-6")
        assert rig.scene is Scene.CONFIRM
        await rig.until_text("一张票依次办：婚姻登记、卫健、户口登记")
        await rig.click("#back")
        assert rig.scene is Scene.GROUPS


async def test_a_priority_can_be_taken_back(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        await rig.click("#choice-2")
        await rig.click("#choice-2")
        assert "已选" not in rig.text
        await rig.click("#go")
        await rig.until_scene(Scene.TAKE)
        assert (await hall.tickets())[0].priority == ""


async def test_the_waiting_and_the_estimate_follow_the_hall_while_they_are_read(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        await rig.until_text("前面没有人，马上可以办")
        await hall.issue("hukou-dengji", key="other-1")
        await hall.issue("hukou-dengji", key="other-2")
        await rig.until_text("前面2人，约等30分钟")
        await rig.until_text("按1个窗口、平常的用时估算")


async def test_a_service_without_an_open_window_says_so_instead_of_a_wait(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.click("#choice-4")
        assert "暂无窗口" in rig.text and "分钟" not in rig.text


# One touch, one ticket.


async def test_a_double_tap_makes_one_ticket(hall: Hall, plan: Plan, clock: HandClock) -> None:
    hall.is_holding.clear()
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        go = rig.app.query_one("#go", TouchButton)
        rig.terminal.post_message(TouchButton.Pressed(go))
        rig.terminal.post_message(TouchButton.Pressed(go))
        await rig.until_scene(Scene.ISSUING)
        hall.is_holding.set()
        await rig.until_scene(Scene.TAKE)
        assert hall.keys == ["touch-1"]
        assert len(await hall.tickets()) == 1


async def test_the_second_half_of_a_double_tap_does_not_press_what_comes_next(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    pace = Pace(settle_s=0.3)
    async with panel(hall, plan, clock, pace=pace) as rig:
        clock.s += 1
        assert await rig.pilot.double_click("#choice-1") is True
        assert rig.scene is Scene.SERVICES
        clock.s += 0.31
        await rig.click("#choice-1")
        assert rig.scene is Scene.CONFIRM


async def test_a_second_enter_does_not_take_the_number_off_the_screen(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock, pace=Pace(settle_s=0.3)) as rig:
        await rig.pilot.press("1", "1", "enter")
        await rig.until_scene(Scene.TAKE)
        await rig.pilot.press("enter")
        assert rig.scene is Scene.TAKE
        clock.s += 0.31
        await rig.pilot.press("enter")
        assert rig.scene is Scene.GROUPS


async def test_the_next_person_gets_a_ticket_under_another_key(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        await rig.click("#go")
        await rig.to_take()
        assert hall.keys == ["touch-1", "touch-2"]
        assert [ticket.number for ticket in await hall.tickets()] == ["A001", "A002"]


# The keeper is away.


async def test_while_the_keeper_is_away_the_same_key_is_repeated_under_a_calm_picture(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        hall.trouble = KeeperGone(path="hall.sock")
        await rig.click("#go")
        await rig.until_text("系统正在恢复，请稍候")
        await rig.until(lambda: len(hall.keys) >= 3)
        hall.trouble = None
        await rig.until_scene(Scene.TAKE)
        assert set(hall.keys) == {"touch-1"}
        assert len(await hall.tickets()) == 1


async def test_a_keeper_that_only_takes_long_gets_the_calm_picture_too(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    hall.is_holding.clear()
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        await rig.click("#go")
        await rig.until_text("正在取号")
        clock.s += 3
        await rig.until_text("系统正在恢复")
        hall.is_holding.set()
        await rig.until_scene(Scene.TAKE)


async def test_who_leaves_while_the_keeper_is_away_stops_the_request(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        hall.trouble = KeeperGone(path="hall.sock")
        await rig.click("#go")
        await rig.until_text("系统正在恢复")
        await rig.click("#back")
        assert rig.scene is Scene.GROUPS
        hall.trouble = None
        asked = len(hall.keys)
        await rig.to_take()
        assert hall.keys[asked:] == ["touch-2"]
        assert len(await hall.tickets()) == 1


async def test_a_request_nobody_waits_for_any_more_is_given_up(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        hall.trouble = KeeperGone(path="hall.sock")
        await rig.click("#go")
        await rig.until_text("系统正在恢复")
        clock.s += QUICK.give_up_s + 1
        await rig.until_scene(Scene.GROUPS)


async def test_a_keeper_gone_while_nobody_asks_shows_the_calm_picture_and_comes_back(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.click("#choice-1")
        hall.is_watchable = False
        await hall.issue("manbing", key="wakes-the-watchers")
        await rig.until_scene(Scene.RECOVERING)
        await rig.until_text("系统正在恢复，请稍候")
        hall.is_watchable = True
        await rig.until_scene(Scene.SERVICES)


async def test_a_client_that_says_it_is_not_connected_shows_the_calm_picture(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    connected = [True]
    async with panel(hall, plan, clock, is_reachable=lambda: connected[0]) as rig:
        connected[0] = False
        await rig.until_scene(Scene.RECOVERING)
        connected[0] = True
        await rig.until_scene(Scene.GROUPS)


# Refusals.


async def test_a_refusal_is_shown_in_the_services_own_words(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        hall.trouble = StorageFull()
        await rig.click("#go")
        await rig.until_scene(Scene.REFUSED)
        for words in ("没有取到号", "磁盘已满，未保存", "the disk is full", "请找工作人员（S-01）"):
            assert words in rig.text
        await rig.click("#go")
        assert rig.scene is Scene.GROUPS


async def test_a_service_whose_tickets_are_gone_is_off_and_says_why(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    for place in range(20):
        await hall.issue("hunyin-dengji", key=f"early-{place}")
    async with panel(hall, plan, clock) as rig:
        await rig.click("#choice-2")
        await rig.until_text("婚姻登记今天的20个号已取完")
        assert rig.app.query_one("#choice-1", TouchButton).disabled
        await rig.pilot.click("#choice-1")
        await rig.pilot.press("1")
        assert rig.scene is Scene.SERVICES


async def test_a_service_that_closes_while_it_is_checked_cannot_be_taken(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm(group=2)
        for place in range(20):
            await hall.issue("hunyin-dengji", key=f"faster-{place}")
        await rig.until_text("婚姻登记今天的20个号已取完")
        assert not rig.app.query_one("#go").display
        await rig.pilot.press("enter")
        assert rig.scene is Scene.CONFIRM


async def test_a_closed_hall_shows_its_hours_and_opens_by_the_clock_alone(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock, pace=Pace(refresh_s=0.05)) as rig:
        hall.wall.ms += 4 * 3_600_000
        await rig.until_scene(Scene.CLOSED)
        await rig.until_text("取号时间：今天 14:00–18:00")
        await rig.until_text("服务时间：周一至周五08:30-12:00、14:00-18:00")
        hall.wall.ms += 3_600_000
        await rig.until_scene(Scene.GROUPS)


async def test_a_day_that_was_ended_shows_the_reason(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        await hall.close_day(key="end", reason="停电")
        await rig.until_scene(Scene.CLOSED)
        await rig.until_text("今天已结束（停电）")


# The paper.


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (None, "正在打印小票，请稍候"),
        (PrintState.PRINTED, "请取票，听到叫号后到窗口办理"),
        (PrintState.FAILED, "打印机故障：请记住号码A001，找工作人员补打"),
        (PrintState.UNKNOWN, "请看出票口"),
    ],
)
async def test_the_paper_is_told_as_it_is(
    hall: Hall, plan: Plan, clock: HandClock, outcome: PrintState | None, words: str
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        assert "请取票" not in rig.text
        await hall.paper(outcome)
        await rig.until_text(words)
        assert ("请取票" in rig.text) is (outcome is PrintState.PRINTED)


async def test_a_printer_that_does_not_answer_makes_us_ask_to_remember_the_number(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        clock.s += QUICK.paper_slow_s
        await rig.until_text("打印机还没有回应，请先记住号码A001")


async def test_a_failed_paper_that_is_printed_after_all_is_told(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        await hall.paper(PrintState.FAILED)
        await rig.until_text("打印机故障")
        (job,) = await hall.print_queue()
        await hall.print_begin(job.job, key="again", printer="test")
        await hall.print_end(job.job, key="done", state=PrintState.PRINTED)
        await rig.until_text("请取票")


async def test_who_is_called_while_still_at_the_terminal_is_told_the_window(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        await hall.call_next(1, key="call")
        await rig.until_text("正在叫您：请到1号窗口")


async def test_the_number_goes_by_itself_and_later_when_the_paper_is_not_certain(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        clock.s += QUICK.take_s + 1
        rig.terminal.look()
        assert rig.scene is Scene.TAKE
        await hall.paper(PrintState.PRINTED)
        await rig.until_text("20秒后返回")
        clock.s += QUICK.take_s + 1
        await rig.until_scene(Scene.GROUPS)
        assert "A001" not in rig.text


async def test_who_needs_longer_can_keep_the_number_on_the_screen(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_take()
        await hall.paper(PrintState.PRINTED)
        await rig.until_text("20秒后返回")
        clock.s += 15
        await rig.until_text("5秒后返回")
        await rig.click("#back")
        await rig.until_text("20秒后返回")


# Nobody is there.


async def test_an_idle_terminal_asks_first_then_wipes_everything(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        await rig.click("#choice-3")
        clock.s += 21
        await rig.until_text("9秒后清除您的选择并返回首页")
        assert "户口登记" not in rig.text and "孕妇" not in rig.text
        clock.s += 10
        await rig.until_scene(Scene.GROUPS)
        assert rig.terminal.visit.service == "" and rig.terminal.visit.priority == ""
        await rig.to_confirm(group=2)
        assert "已选" not in rig.text


@pytest.mark.parametrize("answer", ["#go", "#notice", "key"])
async def test_a_touch_or_a_key_answers_that_somebody_is_there(
    hall: Hall, plan: Plan, clock: HandClock, answer: str
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        clock.s += 25
        await rig.until_scene(Scene.ASKING)
        if answer == "key":
            await rig.pilot.press("x")
        else:
            await rig.pilot.click(answer)
        await rig.until_scene(Scene.CONFIRM)
        clock.s += 15
        rig.terminal.look()
        assert rig.scene is Scene.CONFIRM


async def test_a_choice_key_while_the_question_is_asked_only_answers_it(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        clock.s += 25
        await rig.until_scene(Scene.ASKING)
        await rig.pilot.press("1")
        await rig.until_scene(Scene.CONFIRM)
        assert "已选" not in rig.text


async def test_who_says_no_to_the_question_starts_over(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        clock.s += 25
        await rig.until_scene(Scene.ASKING)
        await rig.click("#back")
        assert rig.scene is Scene.GROUPS


async def test_a_finger_on_the_panel_counts_before_it_is_lifted(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock) as rig:
        await rig.to_confirm()
        clock.s += 15
        rig.app.post_message(MouseDown(None, 2, 3, 0, 0, 1, False, False, False))
        await rig.pilot.pause()
        clock.s += 15
        rig.terminal.look()
        assert rig.scene is Scene.CONFIRM


async def test_the_first_screen_stays_for_ever(hall: Hall, plan: Plan, clock: HandClock) -> None:
    async with panel(hall, plan, clock) as rig:
        clock.s += 3600
        rig.terminal.look()
        assert rig.scene is Scene.GROUPS


# Room.


def clipped(rig: Rig) -> list[object]:
    """Everything that should be read on the panel and cannot be."""
    picture, screen, rows = rig.terminal.picture, rig.app.screen, rig.rows
    assert picture is not None
    wrong: list[object] = [text for text in (picture.question.zh, picture.note) if text not in rig.text]
    for button in rig.app.query(TouchButton):
        if button.display and button.face is not None:
            if button.region not in screen.region or button.region.height < 3:
                wrong.append((button.id, button.region))
                continue
            drawn = face_rows(button.face, button.content_size.width, button.content_size.height)
            together = "".join(row.text for row in drawn).replace(" ", "")
            wrong += [
                t for t in (button.face.text.zh, button.face.status) if t.replace(" ", "") not in together
            ]
            left, right = button.content_region.x, button.content_region.right
            shown = [cut(rows[y], left, right) for y in range(button.region.y, button.region.bottom)]
            wrong += [row for row in drawn if not any(row.text in line for line in shown)]
    shown_buttons = [b for b in rig.app.query(TouchButton) if b.region.area]
    for one, other in combinations(shown_buttons, 2):
        wrong += [(one.id, other.id, "touch")] * one.region.grow((1, 1, 1, 1)).overlaps(other.region)
    notice = rig.app.query_one(NoticePane)
    if notice.display:
        lines = rig.app.query_one("#lines").region
        read = "".join(rows[y].replace(" ", "") for y in range(lines.y, min(lines.bottom, len(rows))))
        wrong += [lines] * (lines not in notice.region)
        wrong += [line for line in picture.lines if line.rank == 0 and line.text.replace(" ", "") not in read]
    return wrong


def cut(row: str, left: int, right: int) -> str:
    """The part of a row between two columns of cells."""
    shown, column = "", 0
    for char in row:
        if left <= column < right:
            shown += char
        column += 2 if ord(char) >= 0x2E80 and text_width(char) == 2 else 1
    return shown


@pytest.mark.parametrize("size", ALL_SIZES)
async def test_every_group_and_service_fits_its_panel(
    hall: Hall, plan: Plan, clock: HandClock, size: tuple[int, int]
) -> None:
    for place, service in enumerate(plan.services):
        await hall.issue(service.id, key=f"seed-{place}", paper=False)
    async with panel(hall, plan, clock, size) as rig:
        await rig.until_it_fits()
        for group in plan.groups:
            of_group = [service for service in plan.services if service.group == group.id]
            visits = [Visit(Step.SERVICES, group=group.id)] * (len(of_group) > 1)
            visits.append(Visit(Step.CONFIRM, group=group.id, service=of_group[-1].id))
            for visit in visits:
                rig.terminal._enter(visit)
                await rig.until_it_fits()


@pytest.mark.parametrize("size", ALL_SIZES)
async def test_every_outcome_of_the_paper_fits_its_panel_under_a_big_number(
    hall: Hall, plan: Plan, clock: HandClock, size: tuple[int, int]
) -> None:
    issued = await hall.issue("hukou-dengji", key="mine")
    visit = Visit(Step.TAKE, "gongan", "hukou-dengji", estimate=issued.estimate)
    async with panel(hall, plan, clock, size) as rig:
        for state in PrintState:
            rig.terminal._enter(replace(visit, ticket=replace(issued.ticket, print_state=state)))
            await rig.until_it_fits()
            await rig.until(lambda: any("\U0001fb00" <= char <= "\U0001fb3b" for char in rig.text))


@pytest.mark.parametrize("size", ALL_SIZES)
async def test_the_calm_pictures_fit_their_panel(
    hall: Hall, plan: Plan, clock: HandClock, size: tuple[int, int]
) -> None:
    async with panel(hall, plan, clock, size) as rig:
        await rig.to_confirm()
        clock.s += 25
        await rig.until_scene(Scene.ASKING)
        await rig.until_it_fits()
        await rig.click("#go")
        hall.trouble = KeeperGone(path="hall.sock")
        await rig.click("#go")
        await rig.until_text("系统正在恢复")
        await rig.until_it_fits()
        hall.trouble = StorageFull()
        await rig.until_scene(Scene.REFUSED)
        await rig.until_it_fits()
        await rig.click("#go")
        await hall.close_day(key="end", reason="停电")
        await rig.until_scene(Scene.CLOSED)
        await rig.until_it_fits()


async def test_a_panel_that_changes_its_size_is_laid_out_anew(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    async with panel(hall, plan, clock, (80, 15)) as rig:
        await rig.to_confirm()
        for size in ((60, 40), (60, 18), (120, 40)):
            await rig.pilot.resize_terminal(*size)
            await rig.pilot.pause()
            await rig.until_it_fits()


# Beside other panels.


class Deck(HallApp[None]):
    CSS = "Input { width: 20; }"

    def __init__(self, hall: Hall, plan: Plan, clock: HandClock) -> None:
        super().__init__()
        self.left = CitizenTerminal(
            hall, plan, clock, lambda: "key", shortcuts=LETTERS, pace=QUICK, id="left"
        )

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self.left
            yield Input(id="other")


async def test_in_a_deck_keys_act_only_on_the_terminal_that_has_the_focus(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    app = Deck(hall, plan, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await Rig(app.left, pilot).until_scene(Scene.GROUPS)
        app.query_one("#other").focus()
        await pilot.press("a")
        assert app.left.picture is not None and app.left.picture.scene is Scene.GROUPS
        assert app.query_one("#other", Input).value == "a"
        app.left.focus()
        await pilot.press("1")
        assert app.left.picture.scene is Scene.GROUPS
        await pilot.press("a")
        assert app.left.picture.scene is Scene.SERVICES


async def test_touching_a_button_gives_the_focus_to_the_terminal_and_keeps_it_there(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    app = Deck(hall, plan, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await Rig(app.left, pilot).until_scene(Scene.GROUPS)
        app.query_one("#other").focus()
        for step in ("#choice-1", "#choice-1", "#go"):
            assert await pilot.click(step) is True
            assert app.focused is app.left


async def test_in_a_deck_the_buttons_name_their_keys(hall: Hall, plan: Plan, clock: HandClock) -> None:
    app = Deck(hall, plan, clock)
    async with app.run_test(size=(160, 40)) as pilot:
        await Rig(app.left, pilot).until_scene(Scene.GROUPS)
        app.left.focus()
        await pilot.press("a", "b")
        picture = app.left.picture
        assert picture is not None and picture.go is not None and picture.back is not None
        assert picture.go.text.zh == "取号（回车键）"
        assert picture.back.text.en == "Back (Esc)"
        assert [face.shortcut for face in picture.faces] == ["A", "B", "C", "D"]


async def test_a_key_of_the_deck_passes_through_the_terminal(
    hall: Hall, plan: Plan, clock: HandClock
) -> None:
    class Counting(Deck):
        heard = ""

        def on_key(self, event: object) -> None:
            self.heard += getattr(event, "character", None) or ""

    app = Counting(hall, plan, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await Rig(app.left, pilot).until_scene(Scene.GROUPS)
        app.left.focus()
        await pilot.press("3", "a")
        assert app.heard == "3"

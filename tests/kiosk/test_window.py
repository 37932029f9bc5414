from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from hallkiosk.bigtext import BigText
from hallkiosk.window import BUTTONS, KEYS, PRIMARY_KEYS, Action, ConsolePace, WindowApp, WindowConsole
from hallkiosk.window.keys import action_of, key_label
from hallkiosk.window.layout import BUTTON_COUNT
from hallkiosk.window.panes import OpButton, PickPane, PrimaryButton
from hallqueue.errors import KeeperGone
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Limits, Plan, PriorityClass, Service, Session, Window
from hallqueue.states import PrintState, TicketState, WindowState

EVERY_DAY = Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),))
PLAN = Plan(
    hall_id="t",
    hall_name="测试镇民生服务中心",
    groups=(Group("g", "综合"),),
    services=(
        Service("card", "社会保障卡", "g", "A"),
        Service("land", "农村土地承包经营权流转登记", "g", "B"),
        Service("wed", "婚姻登记", "g", "C"),
        Service("family", "婚育户", "g", "E", matters=("wed", "card")),
    ),
    windows=(
        Window(1, "综合一", ("card", "land", "wed")),
        Window(2, "综合二", ("card", "land", "wed")),
    ),
    calendar=EVERY_DAY,
    priorities=(PriorityClass("old", "老年人", 1),),
    limits=Limits(max_recalls=1),
)
SIZES = [(60, 18), (78, 20), (80, 24), (120, 40)]


@dataclass
class HallTime:
    ms: int = 1_800_000_000_000

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


class Line:
    """A service whose keeper can be away, or slow; notes the keys that came."""

    def __init__(self, hall: MemoryHall) -> None:
        self.hall = hall
        self.seen: list[tuple[str, str]] = []
        self.away_before = 0
        self.away_after = 0
        self.slow: asyncio.Event | None = None

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self.hall, name)
        if name in ("watch", "snapshot"):
            return operation

        async def noted(*args: Any, **named: Any) -> Any:
            self.seen.append((name, named.get("key", "")))
            if self.slow is not None:
                await self.slow.wait()
            if self.away_before:
                self.away_before -= 1
                raise KeeperGone(path="s")
            answer = await operation(*args, **named)
            if self.away_after:
                self.away_after -= 1
                raise KeeperGone(path="s")
            return answer

        return noted


@dataclass
class House:
    """A hall, and a clock for the guard that stands still unless told."""

    plan: Plan = PLAN
    now: float = 100.0
    time: HallTime = field(default_factory=HallTime)
    reachable: bool = True

    def __post_init__(self) -> None:
        self.hall = MemoryHall(self.plan, self.time)
        self.line = Line(self.hall)
        self._key = 0

    def key(self) -> str:
        self._key += 1
        return f"house{self._key}"

    async def take(self, service: str = "card", **named: Any) -> int:
        return (await self.hall.issue(service, key=self.key(), paper=False, **named)).ticket.ticket

    async def state(self, ticket: int) -> TicketState:
        return (await self.hall.ticket(str(ticket))).state

    async def opened(self, *services: str) -> list[int]:
        await self.hall.open_window(1, key=self.key(), clerk="王芳")
        return [await self.take(service) for service in services]


@dataclass
class Clerk:
    """Hands at one console."""

    house: House
    pilot: Pilot[None]
    console: WindowConsole

    async def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not true():
            assert time.monotonic() < deadline, f"never came; the console says {self.message!r}"
            await self.pilot.pause(0.01)

    async def settled(self) -> None:
        await self.until(lambda: self.console.press is None)
        await self.pilot.pause()

    def rest(self) -> None:
        self.house.now += 1.0
        self.console.look()

    async def press(self, *keys: str) -> None:
        """Unhurried: every key after the guard."""
        for key in keys:
            self.rest()
            await self.pilot.press(key)
            await self.settled()

    async def click(self, selector: str) -> None:
        self.rest()
        await self.pilot.pause()
        assert await self.pilot.click(selector) is True
        await self.settled()

    async def pick(self, text: str) -> None:
        """Move to the line with that text, and choose it."""
        pane = self.pick_pane
        assert pane.menu is not None
        place = next(i for i, choice in enumerate(pane.menu.choices) if text in choice.text.zh)
        for _ in range(place):
            await self.pilot.press("down")
        await self.press("enter")

    @property
    def pick_pane(self) -> PickPane:
        return self.console.query_one(PickPane)

    @property
    def question(self) -> str:
        menu = self.pick_pane.menu
        return menu.title.zh if menu else ""

    @property
    def answers(self) -> list[str]:
        menu = self.pick_pane.menu
        return [choice.text.zh for choice in menu.choices] if menu else []

    def text(self, selector: str) -> str:
        return str(self.console.query_one(selector, Static).render())

    @property
    def message(self) -> str:
        return self.text("#message")

    @property
    def big(self) -> str:
        return self.console.query_one("#number", BigText).text

    @property
    def primary(self) -> str:
        return str(self.console.query_one(PrimaryButton).render())

    @property
    def in_hand(self) -> int:
        desk = self.console.desk
        assert desk is not None
        return desk.in_hand

    def is_on(self, action: Action) -> bool:
        return not self.console.query_one(f"#op-{action.value}", OpButton).disabled


@asynccontextmanager
async def clerk_at(house: House, size: tuple[int, int] = (80, 24), seat: str = "a") -> AsyncIterator[Clerk]:
    keys = iter(range(10_000))
    app = WindowApp(
        house.line,
        house.plan,
        1,
        "王芳",
        clock=lambda: house.now,
        new_key=lambda: f"{seat}{next(keys)}",
        is_reachable=lambda: house.reachable,
        pace=ConsolePace(retry_s=0.01, refresh_s=60.0, look_s=0.25),
    )
    async with app.run_test(size=size) as pilot:
        clerk = Clerk(house, pilot, app.console_widget)
        await clerk.until(lambda: clerk.console.desk is not None)
        await pilot.pause()
        yield clerk


@pytest.fixture
def house() -> House:
    return House()


# The table of keys.


def test_no_key_means_two_things_and_none_is_a_number() -> None:
    keys = [key for keys in KEYS.values() for key in keys]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(PRIMARY_KEYS)
    assert not [key for key in keys if key.isdigit()]


def test_every_operation_has_a_button_or_is_what_the_primary_key_does() -> None:
    primary = {Action.OPEN, Action.CALL, Action.START, Action.FINISH}
    assert set(BUTTONS) | primary == set(Action)
    assert len(BUTTONS) == BUTTON_COUNT
    assert all(key_label(action) for action in BUTTONS)


def test_a_capital_letter_is_the_same_key() -> None:
    assert action_of("R", "R") is action_of("r", "r") is Action.RECALL


# One key all day.


async def test_the_primary_key_alone_opens_calls_starts_and_finishes(house: House) -> None:
    ticket = await house.take()
    async with clerk_at(house) as clerk:
        assert clerk.big == "未开窗"
        await clerk.press("enter")
        assert clerk.console.desk and clerk.console.desk.window.clerk == "王芳"
        assert "呼叫下一位A001" in clerk.primary
        await clerk.press("enter")
        assert (await house.state(ticket), clerk.big) == (TicketState.CALLED, "A001")
        await clerk.press("space")
        assert await house.state(ticket) is TicketState.SERVING
        await clerk.press("enter")
        assert await house.state(ticket) is TicketState.DONE


async def test_the_primary_button_does_the_same_by_mouse(house: House) -> None:
    ticket = await house.take()
    async with clerk_at(house) as clerk:
        for expected in (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.DONE):
            await clerk.click("#primary")
            assert await house.state(ticket) is expected


async def test_f1_calls_and_never_starts(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("f1")
        assert await house.state(ticket) is TicketState.CALLED
        await clerk.press("f1")
        assert await house.state(ticket) is TicketState.CALLED
        assert "现在不能“呼叫下一位”" in clerk.message


async def test_with_nobody_waiting_there_is_nothing_to_call(house: House) -> None:
    await house.opened()
    async with clerk_at(house) as clerk:
        clerk.rest()
        assert "暂无排队" in clerk.primary
        assert clerk.console.query_one(PrimaryButton).disabled
        await clerk.press("enter")
        assert house.line.seen == []


async def test_a_visit_of_two_matters_says_which_one_is_finished(house: House) -> None:
    await house.opened("family")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter")
        assert "办结E001第1项，还有1项" in clerk.primary
        assert "婚姻登记（1/2）" in clerk.text("#facts")
        await clerk.press("enter")
        assert "社会保障卡（2/2）" in clerk.text("#facts")


async def test_the_rating_is_shown_as_it_comes(house: House) -> None:
    await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter", "enter")
        assert "A001：请群众评价…60秒" in clerk.text("#info")
        await house.hall.press(1, key="pad", level="satisfied", raw_key="2", device="pad1")
        await clerk.until(lambda: "A001：已评价 满意" in clerk.text("#info"))
        await clerk.press("enter", "enter", "enter")
        desk = clerk.console.desk
        assert desk and desk.window.rating
        house.time.ms += 60_000
        await house.hall.rating_timeout(desk.window.rating.matter, key="silence")
        await clerk.until(lambda: "A002：未评价" in clerk.text("#info"))


# Every other operation by its key, and by mouse.


@pytest.mark.parametrize("key", KEYS[Action.RECALL])
async def test_recall_counts(house: House, key: str) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", key)
        assert "已重呼1次" in clerk.text("#facts")


@pytest.mark.parametrize("by_mouse", [False, True])
async def test_pass_and_return(house: House, by_mouse: bool) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter")
        await (clerk.click("#op-pass") if by_mouse else clerk.press("f3"))
        assert await house.state(ticket) is TicketState.PASSED
        await (clerk.click("#op-return") if by_mouse else clerk.press("f8"))
        assert clerk.question == "恢复哪个过号"
        if by_mouse:
            clerk.rest()
            assert await clerk.pilot.click(PickPane, offset=(5, 1)) is True
            await clerk.settled()
        else:
            await clerk.pick("A001")
        assert await house.state(ticket) is TicketState.WAITING


async def test_hold_takes_a_reason_or_none_and_the_only_held_one_resumes_at_once(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter", "h")
        await clerk.pick("去复印")
        assert await house.state(ticket) is TicketState.HELD
        assert any("去复印" in line.body for line in await house.hall.events())
        await clerk.press("u")
        assert await house.state(ticket) is TicketState.SERVING
        await clerk.press("h", "enter")
        assert await house.state(ticket) is TicketState.HELD


async def test_of_several_held_ones_the_clerk_picks(house: House) -> None:
    first, second = await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        await clerk.press(*("enter", "enter", "h", "enter") * 2)
        await clerk.click("#op-resume")
        assert clerk.question == "恢复办理哪一位"
        await clerk.pick("A002")
        assert await house.state(second) is TicketState.SERVING
        assert await house.state(first) is TicketState.HELD


async def test_transfer_to_a_service_and_to_a_window(house: House) -> None:
    first, second = await house.opened("card", "card")
    await house.hall.open_window(2, key="open-2", clerk="王芳")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "f6")
        await clerk.pick("婚姻登记")
        assert clerk.answers == ["不限窗口", "1号窗口 综合一", "2号窗口 综合二"]
        await clerk.press("enter")
        moved = await house.hall.ticket(str(first))
        assert (moved.state, moved.service) == (TicketState.TRANSFERRED, "wed")
        await clerk.click("#primary")
        assert clerk.in_hand == first
        await clerk.press("f3", "enter")
        await clerk.click("#op-transfer")
        await clerk.pick("社会保障卡")
        assert clerk.answers == ["2号窗口 综合二"]
        await clerk.press("enter")
        assert await house.state(second) is TicketState.TRANSFERRED


async def test_finish_then_sends_the_ticket_on(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter", "n")
        await clerk.pick("婚姻登记")
        view = await house.hall.ticket(str(ticket))
        assert (view.service, view.matter_index) == ("wed", 1)


async def test_calling_out_of_order_is_confirmed_and_a_second_enter_cancels(house: House) -> None:
    first, second = await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        await clerk.press("c")
        await clerk.pick("A002")
        assert clerk.question == "A002不是下一位，确定越过A001？"
        await clerk.press("enter")
        assert (await house.state(second), clerk.answers) == (TicketState.WAITING, [])
        await clerk.press("f9")
        await clerk.pick("A002")
        await clerk.pick("呼叫A002")
        assert await house.state(second) is TicketState.CALLED
        assert await house.state(first) is TicketState.WAITING


async def test_reprint_of_the_ticket_in_hand(house: House) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "d", "enter")
        assert [job.ticket.number for job in await house.hall.print_queue()] == ["A001"]


async def test_an_unknown_paper_asks_until_it_is_answered(house: House) -> None:
    await house.opened()
    issued = await house.hall.issue("card", key="i")
    await house.hall.print_begin(issued.job, key="b", printer="p")
    await house.hall.print_end(issued.job, key="e", state=PrintState.UNKNOWN)
    async with clerk_at(house) as clerk:
        assert "A001的小票出来了没有" in clerk.message
        await clerk.press("e")
        assert clerk.answers == ["返回", "出来了", "没出来"]
        await clerk.pick("没出来")
        assert (await house.hall.ticket("A001")).print_state is PrintState.FAILED
        assert "没有打出，可按D补打" in clerk.message
        assert not clerk.is_on(Action.PAPER)


async def test_void_needs_a_reason_and_its_first_answer_goes_back(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("v", "enter")
        assert clerk.question == "作废A001，不能恢复：原因"
        await clerk.press("enter")
        assert await house.state(ticket) is TicketState.WAITING
        await clerk.click("#op-void")
        await clerk.pick("A001")
        await clerk.pick("群众放弃")
        assert await house.state(ticket) is TicketState.VOID


async def test_pause_and_go_on_with_the_same_key(house: House) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("z")
        await clerk.pick("午休")
        desk = clerk.console.desk
        assert desk and (desk.window.state, desk.window.pause_reason) == (WindowState.PAUSED, "午休")
        assert "恢复叫号" in clerk.primary
        await clerk.press("f10")
        desk = clerk.console.desk
        assert desk and desk.window.state is WindowState.OPEN


async def test_close_and_open_again(house: House) -> None:
    await house.opened()
    async with clerk_at(house) as clerk:
        await clerk.click("#op-close")
        assert clerk.big == "未开窗"
        await clerk.press("enter")
        assert clerk.big == "空闲"


async def test_closing_the_day_says_how_many_wait(house: House) -> None:
    await house.opened("card", "card", "land")
    async with clerk_at(house) as clerk:
        await clerk.press("k")
        assert "还有3人等候" in clerk.question
        await clerk.press("enter")
        assert not (await house.hall.snapshot()).closed_reason
        await clerk.press("k")
        await clerk.pick("解散3人")
        assert (await house.hall.snapshot()).waiting_total == 0
        assert "今天已结束" in clerk.text("#facts")


async def test_closing_the_day_over_people_being_served_asks_once_more(house: House) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter", "k")
        await clerk.pick("关闭当天")
        assert clerk.question == "窗口1还在办理，强制关闭？"
        await clerk.pick("强制关闭")
        assert (await house.hall.snapshot()).closed_reason


async def test_escape_leaves_a_list_and_changes_nothing(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "t", "escape")
        assert clerk.answers == []
        assert await house.state(ticket) is TicketState.CALLED


async def test_only_what_the_state_allows_is_on(house: House) -> None:
    await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        at_hand = (Action.RECALL, Action.PASS, Action.HOLD, Action.TRANSFER, Action.FINISH_THEN)
        assert [a for a in at_hand if clerk.is_on(a)] == []
        assert clerk.is_on(Action.CALL_CERTAIN) and clerk.is_on(Action.CLOSE)
        await clerk.press("enter")
        assert [a for a in at_hand if clerk.is_on(a)] == [Action.RECALL, Action.PASS, Action.TRANSFER]
        await clerk.press("enter")
        assert [a for a in at_hand if clerk.is_on(a)] == [Action.HOLD, Action.TRANSFER, Action.FINISH_THEN]
        assert not clerk.is_on(Action.CALL_CERTAIN) and not clerk.is_on(Action.CLOSE)
        hold = str(clerk.console.query_one("#op-recall", OpButton).render())
        assert "F2/R 重呼" in hold


# Guards.


async def test_a_double_press_calls_and_does_not_start(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        clerk.rest()
        await clerk.pilot.press("enter", "enter")
        await clerk.settled()
        await clerk.pilot.press("enter")
        await clerk.settled()
        assert await house.state(ticket) is TicketState.CALLED
        await clerk.press("enter")
        assert await house.state(ticket) is TicketState.SERVING


async def test_a_double_click_finishes_and_does_not_call(house: House) -> None:
    first, second = await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter")
        clerk.rest()
        await clerk.pilot.pause()
        assert await clerk.pilot.click("#primary", times=2) is True
        await clerk.settled()
        assert await house.state(first) is TicketState.DONE
        assert await house.state(second) is TicketState.WAITING


async def test_a_list_takes_no_click_in_the_moment_it_comes_up(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "enter", "h")
        assert await clerk.pilot.click(PickPane, offset=(5, 1)) is True
        await clerk.settled()
        assert await house.state(ticket) is TicketState.SERVING
        clerk.rest()
        assert await clerk.pilot.click(PickPane, offset=(5, 1)) is True
        await clerk.settled()
        assert await house.state(ticket) is TicketState.HELD


async def test_while_one_press_is_under_way_others_are_ignored_visibly(house: House) -> None:
    await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        house.line.slow = asyncio.Event()
        clerk.rest()
        await clerk.pilot.press("enter")
        await clerk.until(lambda: len(house.line.seen) == 1)
        assert "…" in clerk.message
        clerk.rest()
        await clerk.pilot.press("enter", "z", "f1")
        assert len(house.line.seen) == 1
        house.line.slow.set()
        await clerk.settled()
        assert clerk.big == "A001"


async def test_a_stale_screen_acts_on_nobody_and_shows_who_is_there(house: House) -> None:
    _, second = await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "f6")
        await house.hall.pass_ticket(1, key="other1")
        await house.hall.call_next(1, key="other2")
        await clerk.until(lambda: clerk.in_hand == second)
        await clerk.pick("婚姻登记")
        await clerk.press("enter")
        assert "Q-16" in clerk.message and "看清后再按一次" in clerk.message
        assert await house.state(second) is TicketState.CALLED
        assert clerk.big == "A002"


async def test_a_change_from_elsewhere_lets_the_primary_key_rest(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        clerk.rest()
        await house.hall.call_next(1, key="other")
        await clerk.until(lambda: clerk.in_hand == ticket)
        await clerk.pilot.press("enter")
        await clerk.settled()
        assert await house.state(ticket) is TicketState.CALLED


async def test_two_consoles_of_one_window_never_call_two_people(house: House) -> None:
    first, second = await house.opened("card", "card")
    async with clerk_at(house) as one, clerk_at(house, seat="b") as other:
        await one.press("enter")
        await other.until(lambda: other.in_hand == first)
        await other.press("enter")
        assert await house.state(first) is TicketState.SERVING
        await one.until(lambda: "办理中" in one.text("#facts"))
        assert await house.state(second) is TicketState.WAITING


# Refusals and a keeper that is gone.


async def test_a_refusal_is_shown_in_its_own_words(house: House) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "r", "r")
        assert "Q-15 A001已重呼1次：请按过号，叫下一位" in clerk.message
        assert "A001 was recalled 1 times: pass it and call the next" in clerk.message
        await clerk.press("p")
        assert "Q-15" not in clerk.message


@pytest.mark.parametrize("where", ["away_before", "away_after"])
async def test_a_press_without_an_answer_is_repeated_under_its_key(house: House, where: str) -> None:
    first, second = await house.opened("card", "card")
    async with clerk_at(house) as clerk:
        setattr(house.line, where, 3)
        await clerk.press("enter")
        calls = [key for name, key in house.line.seen if name == "call_next"]
        assert len(calls) == 4 and len(set(calls)) == 1
        assert await house.state(first) is TicketState.CALLED
        assert await house.state(second) is TicketState.WAITING


async def test_each_press_has_its_own_key(house: House) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter", "r", "enter", "enter")
        keys = [key for _, key in house.line.seen]
        assert len(keys) == len(set(keys)) == 4


async def test_escape_gives_up_a_press_that_nobody_answers(house: House) -> None:
    (ticket,) = await house.opened("card")
    async with clerk_at(house) as clerk:
        house.line.away_before = 10_000
        clerk.rest()
        await clerk.pilot.press("enter")
        await clerk.until(lambda: "正在重试" in clerk.message)
        await clerk.pilot.press("escape")
        await clerk.settled()
        assert "已放弃“呼叫下一位”" in clerk.message
        assert await house.state(ticket) is TicketState.WAITING


async def test_without_the_keeper_the_last_known_state_stays_and_nothing_can_be_pressed(house: House) -> None:
    await house.opened("card")
    async with clerk_at(house) as clerk:
        await clerk.press("enter")
        house.reachable = False
        await clerk.until(lambda: "正在重新连接" in clerk.message)
        assert clerk.big == "A001"
        assert not any(clerk.is_on(action) for action in BUTTONS)
        before = list(house.line.seen)
        await clerk.press("enter", "r")
        assert house.line.seen == before
        house.reachable = True
        await clerk.until(lambda: "正在重新连接" not in clerk.message)
        await clerk.press("r")
        assert "已重呼1次" in clerk.text("#facts")


async def test_a_window_that_the_hall_does_not_have_is_said(house: House) -> None:
    app = WindowApp(house.hall, PLAN, 9, "王芳", clock=lambda: house.now)
    async with app.run_test(size=(80, 24)) as pilot:
        deadline = time.monotonic() + 5
        number = app.console_widget.query_one("#number", BigText)
        while number.text != "没有这个窗口":
            assert time.monotonic() < deadline
            await pilot.pause(0.01)
        await pilot.press("enter", "r")
        assert app.console_widget.press is None


# Sizes.


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_picking", [False, True])
async def test_every_part_has_its_place_and_nothing_is_cut(
    house: House, size: tuple[int, int], is_picking: bool
) -> None:
    await house.opened("card", "family", "card", "card")
    async with clerk_at(house, size) as clerk:
        await clerk.press("enter", "enter", "h", "enter", "enter", "r")
        if is_picking:
            await clerk.press("t")
        await clerk.pilot.pause()
        parts = [
            widget
            for widget in clerk.console.query("Static, BigText, OpButton, PickPane")
            if widget.region and widget.visible and all(w.display for w in widget.ancestors_with_self)
        ]
        area = clerk.console.region
        for widget in parts:
            assert area.contains_region(widget.region), f"{widget} at {widget.region} of {area}"
        for widget in clerk.console.query(OpButton):
            if not is_picking:
                assert "…" not in str(widget.render()) and widget.region.height >= 1
        for one in parts:
            for other in parts:
                assert one is other or not one.region.overlaps(other.region), f"{one} over {other}"


@pytest.mark.parametrize("size", SIZES)
async def test_long_names_end_in_an_ellipsis_and_a_long_list_turns_its_pages(
    size: tuple[int, int],
) -> None:
    house = House()
    await house.opened(*["land"] * 30)
    async with clerk_at(house, size) as clerk:
        await clerk.press("c", "end")
        pane = clerk.pick_pane
        lines = str(pane.render()).split("\n")
        assert any(line.startswith("▶ B020") for line in lines)
        assert len(lines) == pane.content_size.height
        assert all(len(line) <= size[0] for line in lines)
        await clerk.press("home", "up")
        assert pane.place == 0

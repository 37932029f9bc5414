"""The window signs: the ticket in hand at each window, dark while it is open, ``--`` while it rests."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any

import pytest

from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbussim import ModbusLineSim, modbus_url
from halldrivers.sign.address import parse_sign
from halldrivers.sign.sign import open_sign
from halldrivers.simwire import serve_pty
from halldrivers.status import DeviceStatus
from halldrivers.worker import Retry
from hallevaluator.signs import ShowsText, WindowSigns
from hallqueue.clock import SystemClock
from hallqueue.errors import KeeperGone, NotAllowed
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, Service, Session, Window
from hallqueue.views import HallSnapshot

PLAN = Plan(
    hall_id="t",
    hall_name="测试大厅",
    groups=(Group("g", "社保"),),
    services=(Service("a", "参保", "g", "A"),),
    windows=(Window(1, "一号", ("a",)), Window(2, "二号", ("a",)), Window(3, "三号", ("a",))),
    calendar=Calendar((Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
)


class NotedSign:
    """A sign that notes each new text."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def show(self, text: str) -> None:
        if self.texts[-1:] != [text]:
            self.texts.append(text)


class FrailHall:
    """The hall behind a keeper that goes away and comes back as a test says."""

    def __init__(self, hall: MemoryHall) -> None:
        self._hall = hall
        self.is_away = False
        self.refusals = 0
        """How often somebody was told that it is away."""

    async def watch(self) -> AsyncIterator[HallSnapshot]:
        if not self.is_away:
            yield await self._hall.snapshot()
            while not self.is_away:
                await asyncio.sleep(0)
        self.refusals += 1
        raise KeeperGone(path="/run/hall/keeper.sock")


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


async def shows(sign: NotedSign, texts: list[str]) -> None:
    deadline = time.monotonic() + 15
    while sign.texts != texts:
        assert time.monotonic() < deadline, sign.texts
        await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def following(service: Any, signs: dict[int, ShowsText]) -> AsyncIterator[None]:
    """Signs that follow a hall for the length of a block, without rests between tries."""

    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    task = asyncio.create_task(WindowSigns(service, signs, sleep=at_once).run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def hall() -> MemoryHall:
    return MemoryHall(PLAN, SystemClock())


@pytest.fixture
def do(hall: MemoryHall) -> Callable[..., Any]:
    """Does something in the hall, under a key of its own."""
    keys = count()

    async def act(operation: str, *args: Any, **more: Any) -> Any:
        return await getattr(hall, operation)(*args, key=f"k{next(keys)}", **more)

    return act


@pytest.fixture
async def signs(hall: MemoryHall) -> AsyncIterator[dict[int, NotedSign]]:
    signs = {1: NotedSign(), 2: NotedSign()}
    async with following(hall, dict(signs)):
        yield signs


async def test_a_sign_shows_the_ticket_from_its_call_to_its_end(do: Any, signs: dict[int, NotedSign]) -> None:
    await shows(signs[1], ["--"])
    await do("open_window", 1)
    await shows(signs[1], ["--", ""])
    number = (await do("issue", "a")).ticket.number
    await do("call_next", 1)
    await shows(signs[1], ["--", "", number])
    await do("start", 1)
    await do("finish", 1, then="")
    await shows(signs[1], ["--", "", number, ""])
    assert signs[2].texts == ["--"], "the other window has nobody"


async def test_a_ticket_that_is_served_stays_on_the_sign(
    do: Any, hall: MemoryHall, signs: dict[int, NotedSign]
) -> None:
    await do("open_window", 1)
    await do("issue", "a")
    await do("call_next", 1)
    await do("start", 1)
    # A change elsewhere tells that the sign has seen the start.
    await do("open_window", 2)
    await until(lambda: signs[2].texts[-1:] == [""])
    assert signs[1].texts[-1] == "A001"
    current = (await hall.snapshot()).windows[0].current
    assert current is not None and current.state == "serving"


@pytest.mark.parametrize("operation", ["pause_window", "close_window"])
async def test_a_window_that_is_paused_or_closed_shows_two_bars_until_it_opens(
    do: Any, signs: dict[int, NotedSign], operation: str
) -> None:
    await do("open_window", 1)
    await until(lambda: signs[1].texts[-1:] == [""])
    await do(operation, 1)
    await until(lambda: signs[1].texts[-1] == "--")
    await do("open_window", 1)
    await until(lambda: signs[1].texts[-1] == "")


async def test_the_ticket_in_hand_stands_before_a_pause(do: Any, signs: dict[int, NotedSign]) -> None:
    await do("open_window", 1)
    await do("issue", "a")
    await do("call_next", 1)
    await until(lambda: signs[1].texts[-1:] == ["A001"])
    await do("pause_window", 1)
    await do("open_window", 2)
    await until(lambda: signs[2].texts[-1:] == [""])
    assert signs[1].texts[-1] == "A001"
    await do("start", 1)
    await do("finish", 1, then="")
    await until(lambda: signs[1].texts[-1] == "--")


async def test_a_keeper_that_is_away_leaves_the_last_text_and_is_followed_again(
    do: Any, hall: MemoryHall
) -> None:
    frail, sign = FrailHall(hall), NotedSign()
    await do("open_window", 1)
    await do("issue", "a")
    await do("call_next", 1)
    async with following(frail, {1: sign}):
        await shows(sign, ["A001"])
        frail.is_away = True
        await do("start", 1)
        await do("finish", 1, then="")
        await until(lambda: frail.refusals >= 3)
        assert sign.texts == ["A001"]
        frail.is_away = False
        await shows(sign, ["A001", ""])


async def test_a_keeper_that_refuses_this_peer_ends_the_work() -> None:
    class Strict:
        async def watch(self) -> AsyncIterator[HallSnapshot]:
            raise NotAllowed(role="大屏", verb="订阅大厅", role_en="screen", verb_en="watch")
            yield

    with pytest.raises(NotAllowed):
        await WindowSigns(Strict(), {}).run()  # type: ignore[arg-type]


@pytest.mark.parametrize("away", ["unit", "adapter"])
async def test_a_sign_that_comes_back_shows_the_text_of_now(
    do: Any, hall: MemoryHall, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    """Also what it was told while it was away; the hall says nothing new when it is back."""
    monkeypatch.setattr("halldrivers.modbusline.polled.DEAD_S", 0.2)
    monkeypatch.setattr("halldrivers.sign.sign.AGAIN_S", 0.3)
    words: list[DeviceStatus] = []
    line = ModbusLineSim(clock=time.monotonic)
    lamps = line.add_sign(11, digits=4)
    with serve_pty(line) as server:
        address = parse_sign(modbus_url(server, 11, "digits=4"))
        sign = open_sign(address, ModbusLines(retry=Retry(0.01, 0.05)), words.append)
        try:
            async with following(hall, {1: sign}):
                await until(lambda: lamps.text == "  --")
                if away == "unit":
                    line.kill(11)
                else:
                    line.unplug_after(0)
                await until(lambda: bool(words) and words[-1].fault is not None)
                await do("open_window", 1)
                await do("issue", "a")
                await do("call_next", 1)
                if away == "unit":
                    line.revive(11)
                else:
                    line.plug()
                await until(lambda: lamps.text == "A001")
        finally:
            sign.close()

"""A whole hall in memory for the deck: real rules, real printer bytes on the simulated printer, real pads."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.pilot import Pilot

from halldrivers.printersim import PrinterSim
from halldrivers.ratingpad.sim import PadSim
from hallevaluator.desk import RatingDesk
from hallevaluator.pads import gpio_pad
from hallkiosk.deck import DeckApp, DeckDevice, DeckParts, SimHands
from hallkiosk.deck.bars import GuideBar
from hallkiosk.window import WindowConsole
from hallkiosk.window.panes import PrimaryButton
from hallprinter.facefrom import face_of
from hallprinter.profile import GENERIC_80
from hallprinter.ticket import render_ticket
from hallqueue.clock import SystemClock
from hallqueue.errors import KeeperGone
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Limits, Plan, PriorityClass, RatingRules, Service, Session, Window
from hallqueue.service import HallService
from hallqueue.states import PrintState

PAD_URL = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"
DEADLINE_S = 10.0
SIZES = [(80, 24), (120, 40), (200, 50)]


class HallClock(SystemClock):
    """The machine's clock, which a test may set forward."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


class HandClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def make_plan() -> Plan:
    services = (
        Service("hukou", "户口登记", "gongan", "A", name_en="Household registration", minutes=15),
        Service("shenfenzheng", "居民身份证", "gongan", "A", name_en="ID card"),
        Service("yanglao", "城乡居民养老保险", "renshe", "C", name_en="Residents' pension"),
        Service("yibao", "医保参保登记", "yibao", "D", name_en="Medical insurance"),
        Service("weijian", "卫健", "zonghe", "E", name_en="Health"),
    )
    served = tuple(service.id for service in services)
    return Plan(
        hall_id="test",
        hall_name="同心县清水镇民生服务中心（示例）",
        groups=(
            Group("gongan", "公安户籍", "Household & ID"),
            Group("renshe", "人社", "Pension & work"),
            Group("yibao", "医保", "Medical insurance"),
            Group("zonghe", "综合业务", "Other matters"),
        ),
        services=services,
        windows=(Window(1, "综合窗口", served), Window(2, "综合窗口", served)),
        calendar=Calendar((Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
        priorities=(PriorityClass("laonian", "老年人", 1), PriorityClass("junren", "军人、退役军人", 1)),
        limits=Limits(),
        rating=RatingRules(timeout_s=60.0),
    )


@dataclass
class Rig:
    """A hall, its devices, and the deck on them."""

    hall: MemoryHall
    wall: HallClock
    plan: Plan
    printer: PrinterSim
    pads: dict[int, PadSim]
    clock: HandClock = field(default_factory=HandClock)
    there: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether the keeper answers."""
    devices: tuple[DeckDevice, ...] = ()
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def kill_keeper(self) -> None:
        self.there.clear()
        self.gone.set()

    def start_keeper(self) -> None:
        self.gone.clear()
        self.there.set()

    def parts(self) -> DeckParts:
        return DeckParts(
            service_for=self.service_for,
            plan=self.plan,
            printer=SimHands(self.printer),
            press=lambda window, key: self.pads[window].press(key, hold_s=0.05),
            lamps=lambda window: self.pads[window].lamps(),
            clock=self.clock,
            clerks={1: "李敏", 2: "王芳"},
            last_picture=lambda: Path("/var/lib/hall/slips/slip-0001.png"),
            state_text="/var/lib/hall",
            devices=self.devices,
        )

    def service_for(self, role: str, window: int) -> HallService:
        return Line(self)

    @asynccontextmanager
    async def deck(self, size: tuple[int, int]) -> AsyncIterator["Hand"]:
        app = DeckApp(self.parts())
        async with app.run_test(size=size) as pilot:
            hand = Hand(app, pilot, self)
            await hand.until(lambda: len([w for w in self.windows() if w == "open"]) == 2)
            await pilot.pause()
            yield hand

    def windows(self) -> list[str]:
        return [window.state for window in self.hall.state.windows.values()]

    async def spool(self) -> None:
        """What the spooler does, without its doubts."""
        async for _ in self.hall.watch():
            for job in await self.hall.print_queue():
                key = f"spool-{job.job}"
                begun = await self.hall.print_begin(job.job, key=f"{key}-begin", printer="sim")
                count = len(self.printer.slips)
                payload = render_ticket(face_of(begun, self.plan, SystemClock()), GENERIC_80).payload
                self.printer.receive(payload)
                while len(self.printer.slips) == count:
                    await asyncio.sleep(0.02)
                await self.hall.print_end(job.job, key=f"{key}-end", state=PrintState.PRINTED, rung="A")


class Line:
    """The way to a keeper that may be gone: calls and subscriptions then end as a client's do."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def __getattr__(self, name):
        method = getattr(self._rig.hall, name)

        async def call(*args, **kwargs):
            if not self._rig.there.is_set():
                raise KeeperGone(path="hall.sock")
            return await method(*args, **kwargs)

        return call

    def watch(self):
        return self._until_gone(self._rig.hall.watch())

    def follow(self, after):
        return self._until_gone(self._rig.hall.follow(after))

    async def _until_gone(self, source):
        while True:
            following = asyncio.ensure_future(anext(source))
            ending = asyncio.ensure_future(self._rig.gone.wait())
            try:
                await asyncio.wait((following, ending), return_when=asyncio.FIRST_COMPLETED)
                if self._rig.gone.is_set():
                    raise KeeperGone(path="hall.sock")
                yield following.result()
            finally:
                for task in (following, ending):
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task


class Hand:
    """Somebody at the deck."""

    def __init__(self, app: DeckApp, pilot: Pilot[None], rig: Rig) -> None:
        self.app, self.pilot, self.rig = app, pilot, rig

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.pause()
            self.rig.clock.now += 1.0
            await self.pilot.press(key)
            await self.pilot.pause()

    async def click(self, selector: str) -> None:
        await self.pilot.pause()
        self.rig.clock.now += 1.0
        assert await self.pilot.click(selector) is True
        await self.pilot.pause()

    async def until(self, holds) -> None:
        end = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < end, f"in vain; the deck shows:\n{self.text()}"
            self.rig.clock.now += 0.05
            await self.pilot.pause(0.02)

    async def until_guide(self, words: str) -> None:
        await self.until(lambda: words in self.guide)

    async def until_ready(self, words: str, window: int = 1) -> None:
        """The console's own line to the hall may be slower than the guide's, and its key rests a while."""
        console = self.app.query_one(f"#window-{window}", WindowConsole)
        primary = console.query_one(PrimaryButton)
        await self.until(
            lambda: words in self.text() and not (console.is_resting or console.press or primary.disabled)
        )

    @property
    def guide(self) -> str:
        return self.app.query_one(GuideBar).text.zh

    def rows(self) -> list[str]:
        return [
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        ]

    def text(self) -> str:
        return "\n".join(self.rows())


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    plan = make_plan()
    wall = HallClock()
    hall = MemoryHall(plan, wall)
    rig = Rig(hall, wall, plan, PrinterSim(width_mm=80, clock=time.monotonic), {1: PadSim(), 2: PadSim()})
    rig.start_keeper()
    async with AsyncExitStack() as stack:
        pads = {number: gpio_pad(PAD_URL, pin_factory=pad.factory) for number, pad in rig.pads.items()}
        tasks = [
            asyncio.create_task(RatingDesk(hall, pads, clock=SystemClock()).run()),
            asyncio.create_task(rig.spool()),
        ]

        async def end() -> None:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

        stack.push_async_callback(end)
        yield rig

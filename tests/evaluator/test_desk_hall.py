"""The rating desk in a whole hall in memory: the real rules, simulated pads, real finishing of matters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest

from halldrivers.ratingpad.pad import GpioRatingPad
from halldrivers.ratingpad.sim import PadSim
from halldrivers.ratingpad.telling import OnPress, OnTrouble
from hallevaluator import desk as desk_module
from hallevaluator.desk import RatingDesk
from hallevaluator.desk_state import DeskState
from hallevaluator.pads import OpenPad, Pad, gpio_pad
from hallevaluator.window import DeskTimes
from hallqueue.clock import SystemClock
from hallqueue.events import DeviceChanged, RatingGiven, RatingUnrated, StrayPress
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Plan, RatingRules, Service, Session, Window
from hallqueue.states import RatingState
from hallqueue.views import RatingView

URL = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"
QUICK = DeskTimes(thank_s=0.05, stray_gap_s=600.0)


def plan(timeout_s: float) -> Plan:
    return Plan(
        hall_id="t",
        hall_name="测试大厅",
        groups=(Group("g", "社保"),),
        services=(Service("a", "参保", "g", "A"), Service("b", "缴费", "g", "A")),
        windows=(Window(1, "一号", ("a", "b")), Window(2, "二号", ("a", "b"))),
        calendar=Calendar((Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
        rating=RatingRules(timeout_s=timeout_s),
    )


class Visit:
    """A hall with two windows, each with a pad, and what clerks and citizens do in it."""

    def __init__(self, timeout_s: float = 120.0) -> None:
        self.hall = MemoryHall(plan(timeout_s), SystemClock())
        self.sims = {1: PadSim(), 2: PadSim()}
        self.pads: dict[int, GpioRatingPad] = {}
        self.keys = count()
        self.desk = self.new_desk()

    def new_desk(self) -> RatingDesk:
        pads = {window: self._opener(window) for window in self.sims}
        self.desk = RatingDesk(self.hall, pads, clock=SystemClock(), times=QUICK)
        return self.desk

    def _opener(self, window: int) -> OpenPad:
        open_pad = gpio_pad(URL, pin_factory=self.sims[window].factory)

        def remembered(*, on_press: OnPress, on_trouble: OnTrouble) -> Pad:
            pad = open_pad(on_press=on_press, on_trouble=on_trouble)
            assert isinstance(pad, GpioRatingPad)
            self.pads[window] = pad
            return pad

        return remembered

    def key(self) -> str:
        return f"k{next(self.keys)}"

    async def serve(self, window: int) -> None:
        """Someone takes a ticket, is called and sits down."""
        await self.hall.open_window(window, key=self.key())
        await self.hall.issue("a", key=self.key())
        await self.hall.call_next(window, key=self.key())
        await self.hall.start(window, key=self.key())

    async def finish(self, window: int, then: str = "") -> RatingView:
        return (await self.hall.finish(window, key=self.key(), then=then)).rating

    async def press(self, window: int, key: str) -> None:
        await asyncio.to_thread(self.sims[window].press, key, hold_s=0.03)
        await until(lambda: self.pads[window].quiet)

    async def in_state(self, window: int, state: DeskState) -> None:
        await until(lambda: self.desk.state(window) is state)

    async def rating(self, window: int) -> RatingView | None:
        hall = await self.hall.snapshot()
        return next(w.rating for w in hall.windows if w.number == window)

    def logged(self, kind: type) -> list[object]:
        return [event.body for event in self.hall.log.events if isinstance(event.body, kind)]


async def until(condition: Callable[[], bool], within_s: float = 8.0) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not condition():
        assert loop.time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def running(desk: RatingDesk) -> AsyncIterator[None]:
    task = asyncio.create_task(desk.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    visit = Visit()
    async with running(visit.desk):
        yield visit


async def test_a_finished_matter_is_rated_from_the_citizen_s_hand(visit: Visit) -> None:
    await visit.serve(1)
    session = await visit.finish(1)
    await visit.in_state(1, DeskState.ASKING)
    await visit.press(1, "2")
    await until(lambda: visit.logged(RatingGiven) != [])
    assert visit.logged(RatingGiven) == [
        RatingGiven(matter=session.matter, window=1, level="satisfied", raw_key="2", device="pad-1")
    ]
    await visit.in_state(1, DeskState.IDLE)
    assert visit.logged(StrayPress) == []


async def test_silence_is_recorded_as_a_timeout_and_as_nothing_else() -> None:
    visit = Visit(timeout_s=0.3)
    async with running(visit.desk):
        await visit.serve(1)
        session = await visit.finish(1)
        await until(lambda: visit.logged(RatingUnrated) != [])
    assert visit.logged(RatingUnrated) == [RatingUnrated(matter=session.matter, window=1, reason="timeout")]
    assert visit.logged(RatingGiven) == []


async def test_a_press_before_the_matter_is_finished_is_stray(visit: Visit) -> None:
    await visit.serve(1)
    await visit.in_state(1, DeskState.IDLE)
    await visit.press(1, "1")
    await until(lambda: visit.logged(StrayPress) != [])
    hall = await visit.hall.snapshot()
    assert [window.stray_today for window in hall.windows] == [1, 0]
    await visit.finish(1)
    await visit.in_state(1, DeskState.ASKING)
    assert visit.logged(RatingGiven) == []


async def test_the_next_citizen_s_start_puts_the_last_one_s_question_out(visit: Visit) -> None:
    await visit.serve(1)
    await visit.finish(1)
    await visit.in_state(1, DeskState.ASKING)
    await visit.serve(1)
    await visit.in_state(1, DeskState.IDLE)
    rating = await visit.rating(1)
    assert rating is not None and rating.state is RatingState.UNRATED
    assert [body.reason for body in visit.logged(RatingUnrated)] == ["superseded"]  # type: ignore[attr-defined]


async def test_each_matter_of_a_visit_has_its_own_rating(visit: Visit) -> None:
    await visit.serve(1)
    for key, then in (("1", "b"), ("4", "")):
        await visit.finish(1, then)
        await visit.in_state(1, DeskState.ASKING)
        await visit.press(1, key)
        await visit.in_state(1, DeskState.IDLE)
    given = visit.logged(RatingGiven)
    assert [body.level for body in given] == ["very_satisfied", "dissatisfied"]  # type: ignore[attr-defined]
    assert len({body.matter for body in given}) == 2  # type: ignore[attr-defined]


async def test_two_windows_are_rated_at_the_same_time_each_by_its_own_pad(visit: Visit) -> None:
    for window in (1, 2):
        await visit.serve(window)
        await visit.finish(window)
        await visit.in_state(window, DeskState.ASKING)
    await asyncio.gather(visit.press(1, "1"), visit.press(2, "3"))
    await until(lambda: len(visit.logged(RatingGiven)) == 2)
    levels = {body.window: body.level for body in visit.logged(RatingGiven)}  # type: ignore[attr-defined]
    assert levels == {1: "very_satisfied", 2: "basically_satisfied"}


async def test_a_desk_started_anew_in_the_middle_of_a_session_takes_its_rating() -> None:
    visit = Visit()
    async with running(visit.desk):
        await visit.serve(1)
        await visit.finish(1)
        await visit.in_state(1, DeskState.ASKING)
    async with running(visit.new_desk()):
        await visit.in_state(1, DeskState.ASKING)
        await visit.press(1, "3")
        await until(lambda: visit.logged(RatingGiven) != [])
    assert len(visit.logged(RatingGiven)) == 1


async def test_pads_are_devices_of_the_hall(visit: Visit) -> None:
    await until(lambda: len(visit.hall.state.devices) == 2)
    hall = await visit.hall.snapshot()
    assert [(d.device, d.kind, d.state) for d in hall.devices] == [
        ("pad-1", "rating-pad", "online"),
        ("pad-2", "rating-pad", "online"),
    ]


async def test_a_broken_pad_says_who_must_act_and_what_to_do() -> None:
    visit = Visit()
    stranger = GpioRatingPad(
        on_press=lambda _: None, on_trouble=lambda _: None, pin_factory=visit.sims[1].factory
    )
    async with running(visit.desk):
        await until(lambda: len(visit.hall.state.devices) == 2)
        hall = await visit.hall.snapshot()
    stranger.close()
    found = next(d for d in hall.devices if d.device == "pad-1")
    assert (found.state, found.code, found.who) == ("fault", "D-32", "technician")
    assert "被占用" in found.what_zh and "GPIO16" in found.what_zh
    assert found.remedy_zh


async def test_a_pad_of_which_the_record_is_wrong_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "ATTEND_EVERY_S", 0.02)
    visit = Visit()

    def told() -> list[str]:
        return [body.state for body in visit.logged(DeviceChanged) if body.device == "pad-1"]  # type: ignore[attr-defined]

    async with running(visit.desk):
        await until(lambda: told() == ["online"])
        visit.hall.engine.lose_devices(visit.hall._moment(), ["pad-1"])
        await until(lambda: told() == ["online", "unknown", "online"])

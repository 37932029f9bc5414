"""The rating desk on simulated pads, against a keeper that can go away at any moment."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import cast

import pytest

from halldrivers.ratingpad.lamps import LampState
from halldrivers.ratingpad.pad import GpioRatingPad
from halldrivers.ratingpad.sim import PadSim
from halldrivers.ratingpad.telling import OnPress, OnTrouble
from hallevaluator.desk import RatingDesk
from hallevaluator.desk_state import DeskState
from hallevaluator.pads import Pad, gpio_pad
from hallevaluator.window import DeskTimes
from hallqueue.clock import SystemClock
from hallqueue.errors import KeeperGone, KeyReused, NotAllowed
from hallqueue.service import HallService
from hallqueue.states import RatingState, WindowState
from hallqueue.views import DeviceView, HallSnapshot, Pressed, RatingView, WindowView

URL = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"
CALM = DeskTimes(thank_s=600.0, stray_gap_s=600.0, reopen_s=0.02)
"""Thanks and the pause between strays outlast every test, however slow the machine is."""
QUICK = DeskTimes(thank_s=0.1, stray_gap_s=600.0, reopen_s=0.02)


class Keeper:
    """As much of a keeper as a desk meets, with its rules written down once more and the wire's faults."""

    def __init__(self, windows: int = 2) -> None:
        self.clock = SystemClock()
        self.ratings: dict[int, RatingView | None] = dict.fromkeys(range(1, windows + 1))
        self.strays: list[tuple[int, str]] = []
        self.pressed: list[tuple[str, str, str]] = []
        self.timeouts: list[int] = []
        self.devices: list[tuple[str, str, str]] = []
        self.answers: dict[str, Pressed] = {}
        self.tries = 0
        self.gone = False
        self.lose_answers = 0
        self.refuse = False
        self.matters = 0
        self.changed = asyncio.Condition()

    async def open(self, window: int, timeout_s: float = 30.0) -> int:
        self.matters += 1
        now = self.clock.now_ms()
        await self._set(
            RatingView(
                matter=self.matters,
                ticket=self.matters,
                number=f"A{self.matters:03}",
                service_name="社保",
                window=window,
                state=RatingState.OPEN,
                opened_ms=now,
                until_ms=now + int(timeout_s * 1000),
                level="",
            )
        )
        return self.matters

    async def end(self, window: int) -> None:
        rating = self.ratings[window]
        assert rating is not None
        await self._set(replace(rating, state=RatingState.UNRATED))

    async def _set(self, rating: RatingView) -> None:
        self.ratings[rating.window] = rating
        await self.push()

    async def push(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def rating(self, window: int) -> RatingView:
        rating = self.ratings[window]
        assert rating is not None
        return rating

    async def snapshot(self) -> HallSnapshot:
        await asyncio.sleep(0)
        self._check()
        return HallSnapshot(
            seq=0, epoch="e", at_ms=self.clock.now_ms(), day="2026-11-23", clock_ok=True, closed_reason="",
            lines=(), windows=tuple(self._window(number) for number in self.ratings), calls=(), waiting=(),
            passed=(), print_troubles=(), devices=(), waiting_total=0, issued_today=0, done_today=0,
            rated_today=0, unrated_today=0,
        )  # fmt: skip

    def _window(self, number: int) -> WindowView:
        return WindowView(
            number=number, name="", kind="general", state=WindowState.OPEN, clerk="", pause_reason="",
            current=None, held=(), next=None, waiting=0, rating=self.ratings[number], done_today=0,
            passed_today=0, stray_today=0,
        )  # fmt: skip

    def _check(self) -> None:
        if self.gone:
            raise KeeperGone(path="hall.sock")

    async def watch(self) -> AsyncIterator[HallSnapshot]:
        if self.refuse:
            raise NotAllowed(role="评价服务", verb="订阅大厅", role_en="evaluator", verb_en="watch")
        while True:
            async with self.changed:
                yield await self.snapshot()
                await self.changed.wait()

    async def press(
        self, window: int, *, key: str, level: str, raw_key: str, device: str, matter: int = -1
    ) -> Pressed:
        await asyncio.sleep(0)
        self.tries += 1
        if self.refuse:
            raise KeyReused()
        self._check()
        if key not in self.answers:
            self.pressed.append((key, level, raw_key))
            self.answers[key] = await self._press(window, level, raw_key)
        if self.lose_answers:
            self.lose_answers -= 1
            raise KeeperGone(path="hall.sock")
        return self.answers[key]

    async def _press(self, window: int, level: str, raw_key: str) -> Pressed:
        rating = self.ratings[window]
        if rating is None or rating.state is not RatingState.OPEN:
            self.strays.append((window, raw_key))
            return Pressed(rated=False, rating=None)
        await self._set(replace(rating, state=RatingState.RATED, level=level))
        return Pressed(rated=True, rating=self.ratings[window])

    async def rating_timeout(self, matter: int, *, key: str) -> RatingView:
        await asyncio.sleep(0)
        self._check()
        self.timeouts.append(matter)
        rating = next(r for r in self.ratings.values() if r is not None and r.matter == matter)
        if rating.state is RatingState.OPEN:
            rating = replace(rating, state=RatingState.UNRATED)
            await self._set(rating)
        return rating

    async def report_device(
        self, device: str, *, key: str, kind: str, state: str, code: str = "", who: str = "", **texts: str
    ) -> DeviceView:
        await asyncio.sleep(0)
        self._check()
        self.devices.append((device, state, code))
        return DeviceView(device=device, kind=kind, state=state, code=code, who=who, since_ms=0, **texts)


class House:
    """A keeper, two windows with simulated pads, and the desk between them."""

    def __init__(self, times: DeskTimes = CALM) -> None:
        self.keeper = Keeper()
        self.times = times
        self.sims = {window: PadSim() for window in (1, 2)}
        self.pads: dict[int, Pad] = {}
        self.desk = self.new_desk()

    def new_desk(self) -> RatingDesk:
        def opener(window: int) -> Callable[..., Pad]:
            open_pad = gpio_pad(URL, pin_factory=self.sims[window].factory)

            def remembered(*, on_press: OnPress, on_trouble: OnTrouble) -> Pad:
                self.pads[window] = open_pad(on_press=on_press, on_trouble=on_trouble)
                return self.pads[window]

            return remembered

        self.desk = RatingDesk(
            cast(HallService, self.keeper),
            {window: opener(window) for window in self.sims},
            clock=self.keeper.clock,
            times=self.times,
            sleep=lambda seconds: asyncio.sleep(seconds / 20),
        )
        return self.desk

    def pad(self, window: int) -> GpioRatingPad:
        return cast(GpioRatingPad, self.pads[window])

    async def press(self, window: int, key: str) -> None:
        """A finger, from its own thread, on and off again."""
        await asyncio.to_thread(self.sims[window].press, key, hold_s=0.03)
        await until(lambda: self.pad(window).quiet)

    async def in_state(self, window: int, state: DeskState) -> None:
        await until(lambda: self.desk.state(window) is state)


async def until(condition: Callable[[], bool], within_s: float = 8.0) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not condition():
        assert loop.time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def running(desk: RatingDesk) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(desk.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    async with running(house.desk):
        await house.in_state(1, DeskState.IDLE)
        await house.in_state(2, DeskState.IDLE)
        yield house


async def test_finishing_a_matter_lights_the_pad_of_that_window_alone(house: House) -> None:
    await house.keeper.open(2)
    await house.in_state(2, DeskState.ASKING)
    await until(lambda: house.sims[2].lamps() == (True,) * 4)
    assert house.sims[1].lamps() == (False,) * 4


async def test_one_press_is_the_rating_with_its_raw_key_and_is_thanked_for(house: House) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    await house.press(1, "4")
    await house.in_state(1, DeskState.THANKING)
    assert house.keeper.rating(1).level == "dissatisfied"
    assert [(level, raw) for _, level, raw in house.keeper.pressed] == [("dissatisfied", "4")]
    await until(lambda: house.sims[1].lamps() == (False, False, False, True))


async def test_after_the_thanks_the_pad_is_dark_and_the_next_matter_is_asked() -> None:
    house = House(QUICK)
    async with running(house.desk):
        for key in "12":
            await house.keeper.open(1)
            await house.in_state(1, DeskState.ASKING)
            await house.press(1, key)
            await house.in_state(1, DeskState.IDLE)
            await until(lambda: house.sims[1].lamps() == (False,) * 4)
    assert [raw for _, _, raw in house.keeper.pressed] == ["1", "2"]
    assert len({key for key, _, _ in house.keeper.pressed}) == 2


async def test_one_rating_a_matter_however_often_the_hand_presses(house: House) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    for key in "14":
        await house.press(1, key)
    assert house.keeper.rating(1).level == "very_satisfied"
    assert house.keeper.strays == []


async def test_silence_is_unrated(house: House) -> None:
    matter = await house.keeper.open(1, timeout_s=0.1)
    await until(lambda: house.keeper.timeouts == [matter])
    assert house.keeper.rating(1).state is RatingState.UNRATED
    assert house.keeper.rating(1).level == ""
    await house.in_state(1, DeskState.IDLE)
    assert house.keeper.pressed == []


async def test_a_press_that_nobody_asked_for_is_counted_as_stray_and_rates_nothing(house: House) -> None:
    await house.press(2, "1")
    await until(lambda: house.keeper.strays == [(2, "1")])
    assert house.desk.state(2) is DeskState.IDLE


async def test_hammering_is_one_stray_in_the_time_for_one(house: House) -> None:
    for _ in range(4):
        await house.press(2, "1")
    assert len(house.keeper.strays) == 1


async def test_a_superseded_session_takes_its_light_with_it(house: House) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    await house.keeper.end(1)
    await house.in_state(1, DeskState.IDLE)
    await house.press(1, "1")
    assert house.keeper.rating(1).level == ""
    assert len(house.keeper.strays) == 1


async def test_a_desk_started_in_the_middle_of_a_session_asks_again() -> None:
    house = House()
    await house.keeper.open(1)
    async with running(house.desk):
        await house.in_state(1, DeskState.ASKING)
    assert house.sims[1].lamps() == (False,) * 4
    async with running(house.new_desk()):
        await house.in_state(1, DeskState.ASKING)
        await house.press(1, "2")
        await until(lambda: house.keeper.rating(1).level == "satisfied")


async def test_two_starts_of_the_desk_never_use_one_key_twice() -> None:
    house = House()
    for _ in range(2):
        async with running(house.new_desk()):
            await house.in_state(1, DeskState.IDLE)
            await house.press(1, "1")
            await until(lambda: len(house.keeper.answers) == len(house.keeper.pressed) > 0)
    assert len({key for key, _, _ in house.keeper.pressed}) == 2


async def test_a_desk_started_after_the_session_s_end_tells_the_silence() -> None:
    house = House()
    matter = await house.keeper.open(1, timeout_s=-1.0)
    async with running(house.desk):
        await until(lambda: house.keeper.timeouts == [matter])


async def test_a_press_while_the_keeper_is_gone_is_shown_as_heard_and_recorded_later(house: House) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    house.keeper.gone = True
    await house.press(1, "3")
    await until(lambda: house.keeper.tries > 0)
    assert house.desk.state(1) is DeskState.TAKING
    assert house.pad(1).showing is LampState.HEARD
    house.keeper.gone = False
    await until(lambda: house.keeper.rating(1).level == "basically_satisfied")
    await house.in_state(1, DeskState.THANKING)


async def test_a_press_whose_answer_was_lost_rates_once_and_is_thanked_for(house: House) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    house.keeper.lose_answers = 1
    await house.press(1, "2")
    await until(lambda: house.keeper.rating(1).level == "satisfied")
    await house.in_state(1, DeskState.THANKING)
    assert len(house.keeper.pressed) == 1
    assert house.keeper.strays == []


async def test_a_press_kept_too_long_never_rates_the_next_citizen_s_matter(house: House) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    house.keeper.gone = True
    await house.press(1, "4")
    await until(lambda: house.keeper.tries > 0)
    house.keeper.ratings[1] = replace(house.keeper.rating(1), matter=99)
    house.keeper.gone = False
    await house.keeper.push()
    await house.in_state(1, DeskState.ASKING)
    assert house.keeper.pressed == []
    assert house.keeper.rating(1).state is RatingState.OPEN


async def test_a_stray_press_is_never_sent_twice(house: House) -> None:
    house.keeper.gone = True
    await house.press(1, "1")
    await until(lambda: house.keeper.tries == 1)
    house.keeper.gone = False
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    assert (house.keeper.tries, house.keeper.pressed) == (1, [])


async def test_a_refused_press_lets_the_citizen_press_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.keeper.open(1)
    await house.in_state(1, DeskState.ASKING)
    house.keeper.refuse = True
    await house.press(1, "2")
    await house.in_state(1, DeskState.ASKING)
    house.keeper.refuse = False
    await house.press(1, "2")
    await until(lambda: house.keeper.rating(1).level == "satisfied")
    assert caplog.text.count("a press was refused: Q-31") == 1


async def test_a_timeout_waits_for_the_keeper(house: House) -> None:
    matter = await house.keeper.open(1, timeout_s=1.0)
    await house.in_state(1, DeskState.ASKING)
    house.keeper.gone = True
    await house.in_state(1, DeskState.IDLE)
    house.keeper.gone = False
    await until(lambda: house.keeper.timeouts == [matter])


async def test_a_pad_that_works_is_reported_online_once(house: House) -> None:
    await until(lambda: len(house.keeper.devices) == 2)
    assert sorted(house.keeper.devices) == [("pad-1", "online", ""), ("pad-2", "online", "")]


async def test_a_pad_that_fails_is_reported_once_down_and_once_up_and_works_again(house: House) -> None:
    await until(lambda: len(house.keeper.devices) == 2)
    house.keeper.devices.clear()
    house.sims[1].break_lamps()
    await house.keeper.open(1)
    await house.in_state(1, DeskState.FAULTY)
    await until(lambda: len(house.keeper.devices) > 0)
    house.sims[1].mend_lamps()
    await house.in_state(1, DeskState.ASKING)
    await until(lambda: house.keeper.devices[-1] == ("pad-1", "online", ""))
    assert house.keeper.devices == [("pad-1", "fault", "D-33"), ("pad-1", "online", "")]
    await house.press(1, "1")
    await until(lambda: house.keeper.rating(1).level == "very_satisfied")


async def test_a_pad_whose_pin_is_taken_is_reported_once_however_often_it_is_tried() -> None:
    house = House()
    stranger = GpioRatingPad(
        on_press=lambda _: None, on_trouble=lambda _: None, pin_factory=house.sims[1].factory
    )
    async with running(house.desk):
        await until(lambda: ("pad-1", "fault", "D-32") in house.keeper.devices)
        await house.in_state(2, DeskState.IDLE)
        await asyncio.to_thread(stranger.close)
        await house.in_state(1, DeskState.IDLE)
        await until(lambda: house.keeper.devices[-1] == ("pad-1", "online", ""))
    assert [report[1:] for report in house.keeper.devices if report[0] == "pad-1"] == [
        ("fault", "D-32"),
        ("online", ""),
    ]


async def test_while_the_keeper_is_gone_only_the_newest_state_of_a_pad_waits(house: House) -> None:
    await until(lambda: len(house.keeper.devices) == 2)
    house.keeper.devices.clear()
    house.keeper.gone = True
    house.sims[1].break_lamps()
    house.pad(1).arm()
    await house.in_state(1, DeskState.FAULTY)
    house.sims[1].mend_lamps()
    await house.in_state(1, DeskState.IDLE)
    house.keeper.gone = False
    await until(lambda: len(house.keeper.devices) > 0)
    assert house.keeper.devices == [("pad-1", "online", "")]


async def test_a_keeper_that_refuses_the_desk_ends_it_with_that_refusal() -> None:
    house = House()
    house.keeper.refuse = True
    with pytest.raises(NotAllowed):
        await house.desk.run()
    assert house.desk.state(1) is DeskState.FAULTY


async def test_stopping_the_desk_darkens_the_pads_and_gives_their_pins_back() -> None:
    house = House()
    await house.keeper.open(1)
    async with running(house.desk):
        await until(lambda: any(house.sims[1].lamps()))
    assert house.sims[1].lamps() == (False,) * 4
    gpio_pad(URL, pin_factory=house.sims[1].factory)(
        on_press=lambda _: None, on_trouble=lambda _: None
    ).close()

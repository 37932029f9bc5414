import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import ComposeResult
from textual.events import MouseDown, MouseMove
from textual.widgets import Button

from hallkiosk.chrome import HallApp
from hallkiosk.idle import IdleMixin, IdleState, IdleTimer


class HandClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def timer(clock: HandClock) -> IdleTimer:
    return IdleTimer(60, 15, clock)


def test_a_new_timer_is_off(timer: IdleTimer) -> None:
    assert (timer.state, timer.remaining_s) == (IdleState.OFF, None)


@pytest.mark.parametrize(
    ("after_s", "state", "remaining_s"),
    [
        (0, IdleState.ACTIVE, 60),
        (44.9, IdleState.ACTIVE, 15.1),
        (45, IdleState.WARNING, 15),
        (59.9, IdleState.WARNING, 0.1),
        (60, IdleState.EXPIRED, 0),
        (600, IdleState.EXPIRED, 0),
    ],
)
def test_the_state_follows_the_clock(
    timer: IdleTimer, clock: HandClock, after_s: float, state: IdleState, remaining_s: float
) -> None:
    timer.start()
    clock.now += after_s
    assert timer.state is state
    assert timer.remaining_s == pytest.approx(remaining_s)


def test_a_touch_gives_the_whole_time_again(timer: IdleTimer, clock: HandClock) -> None:
    timer.start()
    clock.now += 50
    timer.reset()
    assert timer.remaining_s == 60


def test_a_touch_after_the_end_does_not_bring_the_screen_back(timer: IdleTimer, clock: HandClock) -> None:
    timer.start()
    clock.now += 60
    timer.reset()
    assert timer.is_expired


def test_a_touch_does_not_start_a_stopped_timer(timer: IdleTimer) -> None:
    timer.start()
    timer.stop()
    timer.reset()
    assert timer.state is IdleState.OFF


def test_extending_adds_to_what_remains(timer: IdleTimer, clock: HandClock) -> None:
    timer.start()
    clock.now += 50
    timer.extend(30)
    assert timer.remaining_s == 40


def test_extending_after_the_end_does_nothing(timer: IdleTimer, clock: HandClock) -> None:
    timer.start()
    clock.now += 61
    timer.extend(30)
    assert timer.is_expired


def test_a_negative_extension_is_an_error(timer: IdleTimer) -> None:
    with pytest.raises(ValueError, match="shorten"):
        timer.extend(-1)


@pytest.mark.parametrize(("timeout_s", "warning_s"), [(10, 10), (10, -1), (0, 0)])
def test_a_warning_must_lie_within_the_time(timeout_s: float, warning_s: float, clock: HandClock) -> None:
    with pytest.raises(ValueError, match="within"):
        IdleTimer(timeout_s, warning_s, clock)


@given(
    steps=st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["reset", "look", "extend"])), max_size=20)
)
def test_a_timer_once_expired_stays_so_until_started(steps: list[tuple[float, str]]) -> None:
    clock = HandClock()
    timer = IdleTimer(60, 15, clock)
    timer.start()
    gone = False
    for passed_s, act in steps:
        clock.now += passed_s
        gone = gone or timer.is_expired
        if act == "reset":
            timer.reset()
        elif act == "extend":
            timer.extend(5)
        assert timer.is_expired is gone
        assert timer.remaining_s is not None and timer.remaining_s >= 0


class Terminal(IdleMixin, HallApp[None]):
    def __init__(self, timer: IdleTimer) -> None:
        super().__init__(kiosk=True)
        self.timer = timer
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield Button("取号", id="take", classes="big-button", compact=True)

    def on_mount(self) -> None:
        self.timer.start()
        self.watch_idle(self.timer, every_s=3600)

    def idle_warned(self, remaining_s: float) -> None:
        self.told.append(f"warned {remaining_s:.0f}")

    def idle_returned(self) -> None:
        self.told.append("returned")

    def idle_expired(self) -> None:
        self.told.append("expired")


class CountingTimer(IdleTimer):
    resets = 0

    def reset(self) -> None:
        self.resets += 1
        super().reset()


async def test_one_key_and_one_touch_are_each_counted_once(clock: HandClock) -> None:
    timer = CountingTimer(60, 15, clock)
    app = Terminal(timer)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.pause()
        await pilot.press("1")
        assert timer.resets == 1
        # Pilot's own click goes around App.on_event; a driver's touch comes this way.
        app.post_message(MouseDown(None, 2, 1, 0, 0, 1, False, False, False))
        await pilot.pause()
        assert timer.resets == 2


async def test_moving_a_mouse_is_not_a_touch(clock: HandClock) -> None:
    timer = CountingTimer(60, 15, clock)
    app = Terminal(timer)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.pause()
        app.post_message(MouseMove(None, 2, 1, 1, 0, 0, False, False, False))
        await pilot.pause()
        assert timer.resets == 0


async def test_the_app_is_warned_at_every_look_and_told_once_of_the_end(
    timer: IdleTimer, clock: HandClock
) -> None:
    app = Terminal(timer)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.pause()
        for passed_s in (10, 40, 5, 6, 10):
            clock.now += passed_s
            app.check_idle_timer()
        assert app.told == ["warned 10", "warned 5", "expired"]


async def test_a_touch_during_the_warning_takes_the_question_away(timer: IdleTimer, clock: HandClock) -> None:
    app = Terminal(timer)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.pause()
        clock.now += 50
        app.check_idle_timer()
        await pilot.press("1")
        app.check_idle_timer()
        assert app.told == ["warned 10", "returned"]


async def test_the_base_apps_keys_stay_guarded_behind_the_mixin(timer: IdleTimer) -> None:
    app = Terminal(timer)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert app.is_running and app._exit is False


async def test_the_timer_is_looked_at_by_itself(timer: IdleTimer, clock: HandClock) -> None:
    class Quick(Terminal):
        def on_mount(self) -> None:
            self.timer.start()
            self.watch_idle(self.timer, every_s=0.01)

    app = Quick(timer)
    async with app.run_test(size=(80, 15)) as pilot:
        clock.now += 61
        for _ in range(500):
            if app.told:
                break
            await pilot.pause(0.01)
        assert app.told == ["expired"]

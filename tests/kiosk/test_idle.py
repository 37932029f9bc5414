import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallkiosk.idle import IdleState, IdleTimer


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

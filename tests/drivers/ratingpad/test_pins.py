"""What gpiozero and its back-end lgpio raise, in words: at the opening, and while the pad works."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory, MockPin

from halldrivers.ratingpad.errors import GpioAbsent, PadGone, PinTaken
from halldrivers.ratingpad.pins import GpioPins

KEYS, LAMPS = (5, 6), (16, 20)
Make = Callable[[str], Exception]


@pytest.fixture
def lgpio_error(monkeypatch: pytest.MonkeyPatch) -> Make:
    """The one error of the lgpio module, which this machine need not have."""

    class error(Exception):
        def __init__(self, value: str) -> None:
            super().__init__(value)
            self.value = value

        def __str__(self) -> str:
            return repr(self.value)

    module = ModuleType("lgpio")
    module.error = error  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lgpio", module)
    assert not issubclass(error, gpiozero.GPIOZeroError | OSError)
    return error


class Board(MockFactory):  # type: ignore[misc]
    """A board whose pins fail as they are told."""

    def __init__(self) -> None:
        self.claims: dict[int, Exception] = {}
        """What taking a pin raises."""
        self.access: Exception | None = None
        """What reading or writing any pin raises."""
        board = self

        class Pin(MockPin):  # type: ignore[misc]
            def close(self) -> None:
                self.when_changed, self._function = None, "input"

            def _set_function(self, value: str) -> None:
                if problem := board.claims.get(int(self.info.name.removeprefix("GPIO"))):
                    raise problem
                super()._set_function(value)

            def _get_state(self) -> float:
                if board.access:
                    raise board.access
                return super()._get_state()  # type: ignore[no-any-return]

            def _set_state(self, value: float) -> None:
                if board.access:
                    raise board.access
                super()._set_state(value)

        super().__init__(pin_class=Pin)


@pytest.fixture
def board() -> Board:
    return Board()


def pins_of(board: Board | None) -> GpioPins:
    return GpioPins(KEYS, LAMPS, board, lambda key, pressed: None)


@pytest.mark.parametrize("pin", [LAMPS[0], LAMPS[1], KEYS[0], KEYS[1]])
def test_a_pin_that_lgpio_calls_busy_is_taken_and_nothing_is_held(
    board: Board, lgpio_error: Make, pin: int
) -> None:
    board.claims[pin] = lgpio_error("GPIO busy")
    with pytest.raises(PinTaken, match="GPIO busy") as kept:
        pins_of(board)
    board.claims.clear()
    pins_of(board).close()
    assert kept.value.code == "D-32", "the error lives on and holds no pin"


def test_another_error_of_lgpio_at_the_opening_is_a_pad_that_does_not_work(
    board: Board, lgpio_error: Make
) -> None:
    board.claims[KEYS[1]] = lgpio_error("GPIO not allocated")
    with pytest.raises(PadGone, match="GPIO not allocated"):
        pins_of(board)
    board.claims.clear()
    pins_of(board).close()


@pytest.mark.parametrize(
    "problem",
    [
        PermissionError(errno.EACCES, "Permission denied"),
        FileNotFoundError(errno.ENOENT, "No such file or directory"),
        gpiozero.PinUnknownPi("unable to locate Pi revision"),
        gpiozero.BadPinFactory("Unable to load any default pin factory!"),
    ],
)
def test_a_machine_whose_pins_may_not_be_used_has_no_gpio(board: Board, problem: Exception) -> None:
    board.claims[KEYS[0]] = problem
    with pytest.raises(GpioAbsent, match=str(problem).replace("[", r"\[").replace("]", r"\]")):
        pins_of(board)


@pytest.mark.parametrize(
    "make",
    [
        lambda error: error("can not open gpiochip"),
        lambda error: PermissionError(errno.EACCES, "Permission denied"),
        lambda error: gpiozero.PinUnknownPi("unable to locate Pi revision"),
    ],
)
def test_a_back_end_that_does_not_start_means_that_there_is_no_gpio(
    monkeypatch: pytest.MonkeyPatch, lgpio_error: Make, make: Callable[[Make], Exception]
) -> None:
    def start() -> Any:
        raise make(lgpio_error)

    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    monkeypatch.setattr(gpiozero.Device, "_default_pin_factory", staticmethod(start))
    with pytest.raises(GpioAbsent) as caught:
        pins_of(None)
    assert "gpio" in caught.value.remedy_zh


def test_lgpio_s_error_while_the_pad_works_is_a_pad_that_is_gone(board: Board, lgpio_error: Make) -> None:
    pins = pins_of(board)
    board.access = lgpio_error("bad GPIO write")
    with pytest.raises(PadGone, match="bad GPIO write"):
        pins.light((True, False))
    with pytest.raises(PadGone, match="bad GPIO write"):
        pins.is_pressed(0)
    pins.close()
    pins.close()
    board.access = None
    pins_of(board).close()


def test_an_error_of_ours_is_passed_on_and_nothing_is_held(board: Board) -> None:
    board.claims[KEYS[1]] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        pins_of(board)
    board.claims.clear()
    pins_of(board).close()


def test_keys_are_pulled_up_and_gpiozero_does_not_debounce_them(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    class Spy(gpiozero.DigitalInputDevice):  # type: ignore[misc]
        def __init__(self, pin: int, *, pull_up: bool, bounce_time: float | None, **more: Any) -> None:
            asked.append((pin, pull_up, bounce_time))
            super().__init__(pin, pull_up=pull_up, bounce_time=bounce_time, **more)

    monkeypatch.setattr(gpiozero, "DigitalInputDevice", Spy)
    pins_of(board).close()
    assert asked == [(5, True, None), (6, True, None)]

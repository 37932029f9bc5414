"""The pins of a pad on gpiozero; the only module that imports it, and only when pins are wanted.

gpiozero's import costs a tenth of a second and its default factory fails on machines without GPIO, so
nothing of it happens while this module is imported. lgpio, its back-end on current systems, leaves a
named pipe in the current directory: a systemd unit sets ``LG_WD`` to its RuntimeDirectory (upstream 1106).
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any, Protocol

from halldrivers.errors import DeviceError
from halldrivers.ratingpad.errors import GpioAbsent, PadGone, PinTaken

OnEdge = Callable[[int, bool], None]
"""Called with the key's index and True for pressed, from gpiozero's thread."""


class PinFactory(Protocol):
    """Where pins come from: a gpiozero factory, real or mock."""

    def close(self) -> None:
        """Give back every pin."""
        ...


class GpioPins:
    """Keys (pulled up, pressed is low) and lamps (lit is high) of one pad, taken together or not at all."""

    def __init__(
        self, keys: Sequence[int], lamps: Sequence[int], factory: PinFactory | None, on_edge: OnEdge
    ) -> None:
        self._keys: list[Any] = []
        self._lamps: list[Any] = []
        try:
            self._take(keys, lamps, factory, on_edge)
        except BaseException as error:
            # A lamp that failed is left half made, and holds its pin for as long as somebody keeps the error.
            traceback.clear_frames(error.__traceback__)
            self.close()
            if isinstance(error, _gpio_errors()):
                raise _opening_error(error) from error
            raise

    def _take(
        self, keys: Sequence[int], lamps: Sequence[int], factory: PinFactory | None, on_edge: OnEdge
    ) -> None:
        import gpiozero

        with warnings.catch_warnings():
            # Trying one back-end after the other warns for each that is not installed.
            warnings.simplefilter("ignore")
            if factory is None:
                gpiozero.Device.ensure_pin_factory()
        for pin in lamps:
            self._lamps.append(gpiozero.DigitalOutputDevice(pin, initial_value=False, pin_factory=factory))
        for index, pin in enumerate(keys):
            # No bounce_time: mock pins ignore it, and real ones lose edges with it.
            key = gpiozero.DigitalInputDevice(pin, pull_up=True, bounce_time=None, pin_factory=factory)
            self._keys.append(key)
            key.when_activated = partial(on_edge, index, True)
            key.when_deactivated = partial(on_edge, index, False)

    def is_pressed(self, key: int) -> bool:
        """The level of a key's pin at this moment. PadGone when it cannot be read."""
        try:
            return bool(self._keys[key].is_active)
        except _gpio_errors() as error:
            raise PadGone(str(error)) from error

    def light(self, lit: Sequence[bool]) -> None:
        """Switch the lamps. PadGone when they cannot be written."""
        try:
            for lamp, on in zip(self._lamps, lit, strict=True):
                lamp.value = on
        except _gpio_errors() as error:
            raise PadGone(str(error)) from error

    def close(self) -> None:
        """Lamps off, pins given back; again is harmless."""
        for lamp in self._lamps:
            with suppress(*_gpio_errors()):
                lamp.off()
        for device in self._keys + self._lamps:
            with suppress(*_gpio_errors()):
                device.close()
        self._keys, self._lamps = [], []


def _gpio_errors() -> tuple[type[BaseException], ...]:
    """What gpiozero and its back-ends raise; ``lgpio.error`` is neither a GPIOZeroError nor an OSError."""
    found: list[type[BaseException]] = [OSError, ImportError]
    for module, name in (("gpiozero", "GPIOZeroError"), ("lgpio", "error")):
        error = getattr(sys.modules.get(module), name, None)
        if isinstance(error, type) and issubclass(error, Exception):
            found.append(error)
    return tuple(found)


def _opening_error(error: BaseException) -> DeviceError:
    import gpiozero

    text = str(error).split(" by <")[0]  # gpiozero goes on with the repr of the device that has the pin
    # lgpio has one error for everything, told apart by its words alone.
    if isinstance(error, gpiozero.GPIOPinInUse) or "busy" in text.lower():
        return PinTaken(text)
    is_absent = isinstance(error, (ImportError, gpiozero.PinUnknownPi, PermissionError, FileNotFoundError))
    if (
        is_absent or "gpiochip" in text.lower()
    ):  # without the right to /dev/gpiochip4 it says no more than this
        return GpioAbsent(text)
    return PadGone(text)


class SimPin(Protocol):
    """A pin of the simulated board, as its far end sees it."""

    finger: bool
    """Whether something outside connects the pin to ground."""
    broken: bool
    """Whether writing to it fails from now on."""

    @property
    def state(self) -> bool:
        """The level of the pin."""
        ...

    def touch(self, closed: bool) -> None:
        """Close or open the contact to ground."""
        ...


class SimBoard(PinFactory, Protocol):
    """A mock factory whose pins are :class:`SimPin`."""

    def pin(self, name: int) -> SimPin:
        """The pin of that GPIO number."""
        ...


def sim_board() -> SimBoard:
    """A board of mock pins of its own: two pads on two boards never meet, and nothing global changes."""
    from gpiozero.pins.mock import MockFactory

    board: SimBoard = MockFactory(pin_class=_sim_pin_class())
    return board


@cache
def _sim_pin_class() -> type:
    from gpiozero.pins.mock import MockPin

    class _SimPin(MockPin):  # type: ignore[misc]
        """A mock pin that knows the contact outside: MockPin's pull-up would open a closed contact."""

        finger = False
        broken = False

        def touch(self, closed: bool) -> None:
            self.finger = closed
            if self.function == "input":
                (self.drive_low if closed else self.drive_high)()

        def _set_pull(self, value: str) -> None:
            super()._set_pull(value)
            if self.finger:
                self.drive_low()

        def _set_state(self, value: float) -> None:
            if self.broken:
                raise OSError(5, "GPIO line does not answer")
            super()._set_state(value)

    return _SimPin

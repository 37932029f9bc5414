"""What the desk needs of a pad, whatever it is wired to, and how one on GPIO is opened."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from halldrivers.ratingpad.address import parse_address
from halldrivers.ratingpad.pad import GpioRatingPad, OnPress, OnTrouble
from halldrivers.ratingpad.pins import PinFactory


class Pad(Protocol):
    """A pad that is open. Its methods return at once and may be called from any thread."""

    def arm(self) -> None:
        """请评价."""
        ...

    def hear(self, key: str) -> None:
        """The press of that raw key is on its way."""
        ...

    def thank(self, key: str = "") -> None:
        """谢谢."""
        ...

    def idle(self) -> None:
        """Dark."""
        ...

    def close(self) -> None:
        """Give back what it holds; again is harmless. Nothing is called after it."""
        ...


class OpenPad(Protocol):
    """Opens a pad, or raises a DeviceError and holds nothing.

    The desk calls it again after a fault, so a pad that was unplugged comes back by itself. The pad may
    call both callbacks from any thread.
    """

    def __call__(self, *, on_press: OnPress, on_trouble: OnTrouble) -> Pad:
        """The pad, open and dark."""
        ...


def gpio_pad(url: str, *, pin_factory: PinFactory | None = None) -> OpenPad:
    """How to open the pad at a ``gpio://`` URL; BadPadUrl at once when the URL is wrong.

    ``pin_factory`` is a simulator's board; None is the machine's own GPIO.
    """
    return partial(GpioRatingPad.at, parse_address(url), pin_factory=pin_factory)

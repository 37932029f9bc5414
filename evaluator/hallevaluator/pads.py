"""What the desk needs of a pad, whatever it is wired to, and how one at an address is opened."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from halldrivers.ratingpad.address import PadAddress, parse_gpio
from halldrivers.ratingpad.opening import PadParts, check_forms, open_rating_pad
from halldrivers.ratingpad.opening import RatingPad as Pad
from halldrivers.ratingpad.pins import PinFactory
from halldrivers.ratingpad.telling import OnPress, OnTrouble

__all__ = ["OpenPad", "Pad", "gpio_pad", "open_pad"]


class OpenPad(Protocol):
    """Opens a pad, or raises a DeviceError and holds nothing. Returns at once.

    A pad that heals its troubles itself may be open before its device was found: it is ``is_up`` from its
    first word on. The desk calls this again after a trouble that does not heal. The pad may call both
    callbacks from any thread.
    """

    def __call__(self, *, on_press: OnPress, on_trouble: OnTrouble) -> Pad:
        """The pad, open and dark."""
        ...


def open_pad(address: PadAddress, parts: PadParts) -> OpenPad:
    """How to open the pad at an address; PadFormMissing at once when its table or pattern is not there.

    All pads of a process get the same ``parts``: its lines are shared.
    """
    check_forms(address, parts.forms)
    return partial(open_rating_pad, address, parts)


def gpio_pad(url: str, *, pin_factory: PinFactory | None = None) -> OpenPad:
    """How to open the pad at a ``gpio://`` URL; BadUrl at once when the URL is wrong.

    ``pin_factory`` is a simulator's board; None is the machine's own GPIO.
    """
    return open_pad(parse_gpio(url), PadParts(pin_factory=pin_factory))

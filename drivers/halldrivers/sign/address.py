"""A sign's address: ``modbus:///dev/hall/signs?baud=9600&unit=11&digits=3&style=led485``.

``digits`` is how many it has (1 to 6, usually 3); ``style`` is its family of registers, see :mod:`.styles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from halldrivers.deviceurl import Claims, split_url
from halldrivers.modbusline.address import UNIT_OPTIONS, UnitAddress, parse_unit

MOST_DIGITS = 6


class Style(StrEnum):
    """The register families of signs."""

    LED485 = "led485"
    """Seven segments, bit by bit."""
    DM36 = "dm36"
    """One ASCII code a digit (DM36, DM56)."""


@dataclass(frozen=True, slots=True)
class SignAddress:
    """One sign on a line."""

    unit: UnitAddress
    digits: int = 3
    style: Style = Style.LED485

    @property
    def claims(self) -> Claims:
        """The unit number is its own; the line is shared with other signs and with pads."""
        return self.unit.claims


def parse_sign(text: str) -> SignAddress:
    """The address in a URL; BadUrl says what is wrong with it and how it is written."""
    url = split_url(text, "modbus")
    url.only(*UNIT_OPTIONS, "digits", "style")
    digits = url.number("digits", 3, 1, MOST_DIGITS)
    style = Style(url.choice("style", Style.LED485, tuple(Style)))
    return SignAddress(parse_unit(url), digits, style)

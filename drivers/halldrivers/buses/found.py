"""One thing that was found on a bus, and the line of the configuration that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from halldrivers.buses.usbtree import UsbDevice


class Kind(StrEnum):
    """What a thing most likely is; a guess, whose reason stands beside it."""

    ID_READER = "id-reader"
    PRINTER = "printer"
    BARCODE = "barcode"
    KEYPAD = "keypad"
    CAMERA = "camera"
    SCANNER = "scanner"
    SERIAL = "serial"
    """A serial line: what is behind it cannot be told from here."""
    TYPING = "typing"
    """It types; whether people, cards or codes make it type cannot be told."""
    GPIO = "gpio"
    """Pins: nothing tells whether anything is wired to them."""
    KEYBOARD = "keyboard"
    """A keyboard for people: nothing to add."""
    OFFICE_PRINTER = "office-printer"
    """A page printer: it cannot print tickets."""


LINES: Mapping[Kind, str] = {
    Kind.ID_READER: '[idcard]\ndevice = "{url}"',
    Kind.PRINTER: '[printing]\ndevice = "{url}"',
    Kind.BARCODE: '[barcode]\ndevice = "{url}"',
    Kind.KEYPAD: '[callers]\n1 = "{url}"',
    Kind.CAMERA: '[camera]\ndevice = "{url}"',
    Kind.SCANNER: '[scanner]\ndevice = "{url}"',
    Kind.SERIAL: 'device = "{url}"',
    Kind.TYPING: 'device = "{url}"',
    Kind.GPIO: '[pads]\n1 = "{url}"',
}
"""The line of ``hall.toml`` for each kind; ``{url}`` is put in. Kinds without one are nothing to add."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing on a bus."""

    kind: Kind
    says: str
    """What it says of itself."""
    url: str
    """How the configuration would name it, by the steadiest name there is; empty when it is of no use."""
    why_zh: str
    why_en: str
    """Why it is taken for that kind."""
    node: str = ""
    """The kernel's name, which a replug may change: ``/dev/ttyUSB0``; empty where it has none."""
    usb: UsbDevice | None = None
    note_zh: str = ""
    note_en: str = ""
    """What must be known before it is used."""

    def line(self, lines: Mapping[Kind, str] = LINES) -> str:
        """The line to add to ``hall.toml``; empty when there is none."""
        template = lines.get(self.kind, "") if self.url else ""
        return template.replace("{url}", self.url)

    @property
    def is_for_the_hall(self) -> bool:
        """Whether it is worth telling as unconfigured."""
        return bool(self.url) and self.kind not in (Kind.KEYBOARD, Kind.OFFICE_PRINTER, Kind.GPIO)

"""Guessing what a device is from the words that it uses for itself, and from who made it."""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.buses.found import Kind
from halldrivers.buses.usbtree import UsbDevice

WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.ID_READER, ("idcard", "id card", "id-card", "idr210", "二代证", "身份证")),
    (Kind.BARCODE, ("barcode", "bar code", "bar-code", "scanner", "qr ", "2d imager", "扫码", "扫描")),
    (Kind.PRINTER, ("printer", "receipt", "esc/pos", "pos58", "pos80", "打印")),
    (Kind.KEYPAD, ("keypad", "numpad", "numeric", "number pad", "小键盘")),
    (Kind.KEYBOARD, ("keyboard", "键盘")),
)
"""What is looked for in maker and name, in this order: a "barcode scanner keyboard" is a scanner."""

SCANNER_MAKERS = {
    0x05E0: "Symbol/Zebra",
    0x05F9: "Datalogic",
    0x080C: "Datalogic",
    0x0536: "Hand Held/Honeywell",
    0x0C2E: "Honeywell",
    0x1EAB: "Newland",
}
"""USB vendors that make barcode scanners and little else (from memory)."""

KEYBOARD_MAKERS = {
    0x03F0: "HP",
    0x045E: "Microsoft",
    0x046D: "Logitech",
    0x04D9: "Holtek",
    0x04F2: "Chicony",
    0x05AC: "Apple",
    0x17EF: "Lenovo",
    0x1A2C: "Semico",
    0x413C: "Dell",
}
"""USB vendors whose "keyboard" is one for people (from memory). Of others it may be a scanner: cheap ones
call themselves ``HIDKEYBOARD`` or worse."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind, and why."""

    kind: Kind
    why_zh: str
    why_en: str


def guess_by_words(device: UsbDevice, name: str = "") -> Guess | None:
    """What a device most likely is by the words for itself, else by its maker; None when nothing tells."""
    text = f" {device.maker} {device.name} {name} ".lower()
    for kind, words in WORDS:
        word = next((word for word in words if word in text), "").strip()
        if word and (kind is not Kind.KEYBOARD or device.vendor in KEYBOARD_MAKERS):
            return Guess(kind, f"自称“{word}”", f"it calls itself {word!r}")
    maker = SCANNER_MAKERS.get(device.vendor)
    return Guess(Kind.BARCODE, f"扫码器厂家 {maker}", f"it is made by {maker}") if maker else None

"""Serial lines: USB adapters, devices that show themselves as a modem, and the board's own.

An adapter tells its own name and not what is behind it, so most stay a guess for the technician; devices with
a USB of their own (CDC-ACM) mostly say what they are.
"""

from __future__ import annotations

import re
from pathlib import Path

from halldrivers.buses.found import Found, Kind
from halldrivers.buses.links import Links, is_unique
from halldrivers.buses.roots import Roots, attribute, entries
from halldrivers.buses.usbtree import UsbDevice, usb_device_of
from halldrivers.buses.words import Guess, guess_by_words

_PORT = re.compile(r"tty(USB|ACM|AMA|S)\d+")
ADAPTERS = {
    (0x1A86, 0x7523): "CH340",
    (0x1A86, 0x5523): "CH341",
    (0x1A86, 0x55D4): "CH9102",
    (0x10C4, 0xEA60): "CP210x",
    (0x10C4, 0xEA70): "CP2105",
    (0x0403, 0x6001): "FT232R",
    (0x0403, 0x6010): "FT2232",
    (0x0403, 0x6011): "FT4232",
    (0x0403, 0x6015): "FT-X",
    (0x067B, 0x2303): "PL2303",
    (0x067B, 0x23A3): "PL2303G",
}
"""USB-serial converters by their ids (from memory; the kernel's drivers list them)."""

_UNKNOWN = Guess(
    Kind.SERIAL, "USB 串口设备，没有说明用途", "a serial device on USB that does not say what it is for"
)


def tty_lines(roots: Roots, devices: tuple[UsbDevice, ...]) -> list[Found]:
    """The serial lines of this machine."""
    links = Links(roots, "serial")
    consoles = attribute(roots.sys / "class/tty/console", "active").split()
    found = (_line(roots, entry, links, devices, consoles) for entry in entries(roots.sys / "class/tty"))
    return [one for one in found if one is not None]


def _line(
    roots: Roots, entry: Path, links: Links, devices: tuple[UsbDevice, ...], consoles: list[str]
) -> Found | None:
    node = f"/dev/{entry.name}"
    if not _PORT.fullmatch(entry.name) or not roots.path(node).exists():
        return None
    device = usb_device_of(roots, entry)
    if device is None:
        return _of_the_board(entry, node, consoles)
    url = f"serial://{links.steady(node, is_unique(device, devices))}"
    adapter = ADAPTERS.get((device.vendor, device.product))
    if adapter is not None:
        guess: Guess | None = Guess(
            Kind.SERIAL,
            f"USB 转串口（{adapter}），后面接的是什么看不出来",
            f"a USB-serial converter ({adapter}); what is behind it cannot be told",
        )
    else:
        guess = guess_by_words(device)
    guess = guess or _UNKNOWN
    return Found(guess.kind, device.says, url, guess.why_zh, guess.why_en, node, device)


def _of_the_board(entry: Path, node: str, consoles: list[str]) -> Found | None:
    """A port of the board itself; a PC's placeholders for ports that it does not have are left out."""
    if attribute(entry, "type") in ("", "0") and not entry.name.startswith("ttyAMA"):
        return None
    if entry.name in consoles:
        return Found(
            Kind.SERIAL,
            entry.name,
            "",
            "主板串口，被系统控制台占用",
            "the board's serial port, taken by the system console",
            node,
            note_zh="先关掉串口登录（树莓派用 raspi-config）",
            note_en="switch the serial login off first (raspi-config on a Pi)",
        )
    return Found(Kind.SERIAL, entry.name, f"serial://{node}", "主板串口", "the board's serial port", node)

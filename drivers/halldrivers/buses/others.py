"""What is neither a serial line nor a printer, keyboard or camera: card readers, pins, scanners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import quote

from halldrivers.buses.found import Found, Kind
from halldrivers.buses.printers import usb_url
from halldrivers.buses.roots import Roots, attribute, entries
from halldrivers.buses.usbtree import UsbDevice

ID_READERS = {(0x0400, 0xC35A): "SAM"}
"""Card readers with the security module's own USB (facts: id-card 1.2)."""
PI_PINS = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")
"""Labels of the chip behind the 40-pin header, up to the Pi 3, of the Pi 4, and of the Pi 5 (from memory)."""
GPIO_EXAMPLE = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"


class SaneDevice(Protocol):
    """One scanner that SANE lists."""

    @property
    def name(self) -> str:
        """What ``scanimage -d`` takes."""

    @property
    def title(self) -> str:
        """Maker and model."""


def id_readers(devices: tuple[UsbDevice, ...]) -> list[Found]:
    """Card readers by vendor and product."""
    return [
        Found(
            Kind.ID_READER,
            device.says,
            usb_url(device, devices),
            f"{device.ids} 是身份证阅读器的安全模块",
            f"{device.ids} is the security module of an ID-card reader",
            "",
            device,
        )
        for device in devices
        if (device.vendor, device.product) in ID_READERS
    ]


def pin_chips(roots: Roots) -> list[Found]:
    """The chip behind the Pi's 40-pin header, once; other chips have no pins that people can reach."""
    for entry in entries(roots.sys / "bus/gpio/devices"):
        label = _label(roots, entry.name)
        node = f"/dev/{entry.name}"
        if label in PI_PINS and roots.path(node).exists():
            return [
                Found(
                    Kind.GPIO,
                    label,
                    GPIO_EXAMPLE,
                    "树莓派的 40 针排针，可接评价器",
                    "the Pi's 40-pin header, where rating pads can be wired",
                    node,
                    note_zh="引脚号按实际接线改",
                    note_en="change the pin numbers to those that are wired",
                )
            ]
    return []


def sane_scanners(listed: Iterable[SaneDevice]) -> list[Found]:
    """What SANE lists; cameras that it lists as well (v4l) are left to the cameras."""
    return [
        Found(
            Kind.SCANNER,
            one.title,
            "sane:" + quote(one.name, safe=":/@,+=-_.~!$&'()*; "),
            "SANE 认得的扫描仪",
            "a scanner that SANE knows",
        )
        for one in listed
        if not one.name.startswith("v4l:")
    ]


def _label(roots: Roots, chip: str) -> str:
    """A chip's label: of the chip itself, or of the older interface that numbers pins (class/gpio)."""
    own = attribute(roots.sys / "bus/gpio/devices" / chip, "label")
    if own:
        return own
    for entry in entries(roots.sys / "class/gpio"):
        if (entry / "device" / chip).exists():
            return attribute(entry, "label")
    return ""

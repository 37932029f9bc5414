"""The USB devices as the kernel shows them in ``/sys/bus/usb/devices``.

1-1.4           a device; its name is where it is plugged in
1-1.4:1.0       its interface 0 in configuration 1, with the driver that has it
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from halldrivers.buses.roots import Roots, attribute, entries

_DEEPEST = 24
"""Folders from a class device up to its USB device: a keyboard behind three hubs has twelve."""


@dataclass(frozen=True, slots=True)
class UsbInterface:
    """One interface of a device, in the setting that is active."""

    number: int
    kind: int
    """bInterfaceClass."""
    protocol: int
    driver: str
    """Empty when the kernel has none for it."""


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """One device on the bus; texts are its own, empty where it tells none."""

    socket: str
    """Where it is plugged in, ``1-1.4``."""
    vendor: int
    product: int
    maker: str
    name: str
    serial: str
    node: str
    """``/dev/bus/usb/001/005``; changes at every replug."""
    interfaces: tuple[UsbInterface, ...] = ()

    @property
    def ids(self) -> str:
        """``04b8:0e15``."""
        return f"{self.vendor:04x}:{self.product:04x}"

    @property
    def says(self) -> str:
        """What it says of itself: ids, maker, name."""
        return " ".join(text for text in (self.ids, self.maker, self.name) if text)

    def is_twin(self, other: UsbDevice) -> bool:
        """Whether nothing but the socket tells the two apart; links by-id then lead to one of them only."""
        same = (self.vendor, self.product, self.serial) == (other.vendor, other.product, other.serial)
        return same and self.socket != other.socket


def usb_devices(roots: Roots) -> tuple[UsbDevice, ...]:
    """Everything on the USB, hubs included, in the order of the sockets."""
    folders = entries(roots.sys / "bus/usb/devices")
    found = (_device(folder) for folder in folders if ":" not in folder.name)
    return tuple(device for device in found if device is not None)


def usb_device_of(roots: Roots, entry: Path) -> UsbDevice | None:
    """The USB device behind a class device (``/sys/class/tty/ttyUSB0``); None for others."""
    try:
        folder = entry.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    top = roots.sys.resolve()
    for _ in range(_DEEPEST):
        if not folder.is_relative_to(top) or folder == top:
            return None
        device = _device(folder)
        if device is not None:
            return device
        folder = folder.parent
    return None


def _device(folder: Path) -> UsbDevice | None:
    vendor, product = (_hexadecimal(folder, name) for name in ("idVendor", "idProduct"))
    if vendor is None or product is None:
        return None
    bus, number = (attribute(folder, name) for name in ("busnum", "devnum"))
    node = f"/dev/bus/usb/{int(bus):03d}/{int(number):03d}" if bus.isdigit() and number.isdigit() else ""
    interfaces = (_interface(one) for one in entries(folder) if one.name.startswith(f"{folder.name}:"))
    return UsbDevice(
        folder.name,
        vendor,
        product,
        attribute(folder, "manufacturer"),
        attribute(folder, "product"),
        attribute(folder, "serial"),
        node,
        tuple(one for one in interfaces if one is not None),
    )


def _interface(folder: Path) -> UsbInterface | None:
    number, kind = _hexadecimal(folder, "bInterfaceNumber"), _hexadecimal(folder, "bInterfaceClass")
    if number is None or kind is None:
        return None
    driver = folder / "driver"
    protocol = _hexadecimal(folder, "bInterfaceProtocol") or 0
    return UsbInterface(number, kind, protocol, driver.resolve().name if driver.exists() else "")


def _hexadecimal(folder: Path, name: str) -> int | None:
    try:
        return int(attribute(folder, name), 16)
    except ValueError:
        return None

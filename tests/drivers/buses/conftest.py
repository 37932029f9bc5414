"""A machine in a folder: nodes, links of udev and attributes of sysfs, laid out as on a Pi."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from halldrivers.buses import Roots

HOST = "platform-fd500000.pcie-pci-0000:01:00.0-usb-0"
"""The beginning of a Pi 4's names by-path."""


@dataclass
class Plugged:
    """One USB device of the machine."""

    folder: Path
    socket: str
    name_id: str
    """Maker, model and serial number as udev joins them."""

    @property
    def path_id(self) -> str:
        return f"{HOST}:{self.socket.partition('-')[2]}"


@dataclass
class Machine:
    """Roots in a temporary folder, and the hands that plug things in."""

    base: Path
    next_number: int = 2
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def roots(self) -> Roots:
        return Roots(self.base / "dev", self.base / "sys", self.base / "proc")

    def write(self, folder: Path, **attributes: object) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in attributes.items():
            data = value if isinstance(value, bytes) else f"{value}\n".encode()
            (folder / name).write_bytes(data)
        return folder

    def node(self, name: str) -> Path:
        path = self.base / "dev" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return path

    def link(self, name: str, node: str) -> None:
        """A link of udev, relative as udev makes them; the later of two with one name wins."""
        path = self.base / "dev" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(os.path.relpath(self.base / "dev" / node, path.parent))

    def class_entry(self, kind: str, name: str, folder: Path) -> None:
        entry = self.base / "sys/class" / kind / name
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.symlink_to(os.path.relpath(folder, entry.parent))

    def usb(
        self,
        socket: str,
        ids: str,
        maker: str = "",
        name: str = "",
        serial: str = "",
        interfaces: tuple[tuple[int, int, str], ...] = ((0xFF, 0, ""),),
    ) -> Plugged:
        """A device in a socket; interfaces are class, protocol, driver."""
        folder = self.base / "sys/devices/platform/scb/fd500000.pcie/pci0000:00/0000:01:00.0/usb1" / socket
        vendor, product = ids.split(":")
        self.write(folder, idVendor=vendor, idProduct=product, busnum=1, devnum=self.next_number)
        for attribute, text in (("manufacturer", maker), ("product", name), ("serial", serial)):
            if text:
                self.write(folder, **{attribute: text})
        for number, (kind, protocol, driver) in enumerate(interfaces):
            one = self.write(
                folder / f"{socket}:1.{number}",
                bInterfaceNumber=f"{number:02x}",
                bInterfaceClass=f"{kind:02x}",
                bInterfaceProtocol=f"{protocol:02x}",
            )
            if driver:
                home = self.write(self.base / "sys/bus/usb/drivers" / driver)
                (one / "driver").symlink_to(os.path.relpath(home, one))
        listed = self.base / "sys/bus/usb/devices" / socket
        listed.parent.mkdir(parents=True, exist_ok=True)
        listed.symlink_to(os.path.relpath(folder, listed.parent))
        self.node(f"bus/usb/001/{self.next_number:03d}")
        self.next_number += 1
        words = (maker.replace(" ", "_") or vendor, name.replace(" ", "_") or product, serial)
        return Plugged(folder, socket, "_".join(word for word in words if word))

    def number(self, kind: str) -> int:
        self.counts[kind] = self.counts.get(kind, -1) + 1
        return self.counts[kind]

    def serial(self, device: Plugged, kind: str = "ttyUSB") -> str:
        """A serial line on a device's interface 0."""
        name = f"{kind}{self.number(kind)}"
        inner = device.folder / f"{device.socket}:1.0" / (f"{name}/tty" if kind == "ttyUSB" else "tty") / name
        self.write(inner)
        self.class_entry("tty", name, inner)
        self.node(name)
        ending = "-if00-port0" if kind == "ttyUSB" else "-if00"
        self.link(f"serial/by-id/usb-{device.name_id}{ending}", name)
        self.link(f"serial/by-path/{device.path_id}:1.0{'-port0' if kind == 'ttyUSB' else ''}", name)
        self.link(f"serial/by-path/{device.path_id.replace('-usb-', '-usbv2-')}:1.0", name)
        return name

    def typing(self, device: Plugged, name: str, keys: str, ending: str = "-event-kbd") -> str:
        """An input device that types."""
        number = self.number("event")
        inner = device.folder / f"{device.socket}:1.0/0003:0000:0000.0001/input/input{number}"
        self.write(inner / "capabilities", key=keys)
        self.write(inner, name=name)
        event = self.write(inner / f"event{number}")
        (event / "device").symlink_to("..")
        self.class_entry("input", f"event{number}", event)
        self.node(f"input/event{number}")
        self.link(f"input/by-id/usb-{device.name_id}{ending}", f"input/event{number}")
        self.link(f"input/by-path/{device.path_id}:1.0{ending}", f"input/event{number}")
        return f"input/event{number}"

    def camera(self, device: Plugged, name: str) -> list[str]:
        """A UVC camera: pictures on its first node, metadata on its second."""
        nodes = []
        for index in (0, 1):
            node = f"video{self.number('video')}"
            inner = self.write(
                device.folder / f"{device.socket}:1.0/video4linux" / node, index=index, name=name
            )
            self.class_entry("video4linux", node, inner)
            self.node(node)
            self.link(f"v4l/by-id/usb-{device.name_id}-video-index{index}", node)
            self.link(f"v4l/by-path/{device.path_id}:1.0-video-index{index}", node)
            nodes.append(node)
        return nodes

    def usblp(self, device: Plugged, device_id: bytes) -> str:
        """The kernel's node of a printer."""
        name = f"lp{self.number('lp')}"
        interface = device.folder / f"{device.socket}:1.0"
        self.write(interface, ieee1284_id=device_id)
        inner = self.write(interface / "usbmisc" / name)
        (inner / "device").symlink_to("../..")
        self.class_entry("usbmisc", name, inner)
        self.node(f"usb/{name}")
        return f"usb/{name}"

    def board_port(self, name: str, kind: int) -> None:
        inner = self.write(self.base / "sys/devices/platform/soc" / name, type=kind)
        self.class_entry("tty", name, inner)
        self.node(name)

    def pins(self, number: int, label: str) -> None:
        self.write(self.base / f"sys/bus/gpio/devices/gpiochip{number}", label=label)
        self.node(f"gpiochip{number}")

    # -- things as they are sold

    def ch340(self, socket: str) -> Plugged:
        return self.usb(socket, "1a86:7523", name="USB Serial", interfaces=((0xFF, 1, "ch341"),))

    def reader(self, socket: str, serial: str = "") -> Plugged:
        return self.usb(socket, "0400:c35a", serial=serial)

    def epson(self, socket: str, serial: str = "X5ZK000001") -> Plugged:
        return self.usb(socket, "04b8:0e15", "EPSON", "TM-T82III", serial, ((7, 2, "usblp"),))


FULL_KEYS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
"""Every key, as a keyboard for people and a scanner both show."""
_PAD_CODES = (14, 28, 55, 69, *range(71, 84), 96, 98)
"""Backspace, Enter and the numeric block of linux/input-event-codes.h; no letters."""
_PAD_BITS = sum(1 << code for code in _PAD_CODES)
PAD_KEYS = f"{_PAD_BITS >> 64:x} {_PAD_BITS & 2**64 - 1:x}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "dev").mkdir()
    (tmp_path / "sys").mkdir()
    return Machine(tmp_path)


@pytest.fixture
def keys() -> dict[str, str]:
    return {"full": FULL_KEYS, "pad": PAD_KEYS}


@pytest.fixture
def hall(machine: Machine) -> Any:
    """A Pi with everything plugged in."""
    hub = machine.usb("1-1", "2109:3431", "VIA Labs", "USB2.0 Hub", interfaces=((9, 1, "hub"),))
    assert hub.socket == "1-1"
    machine.serial(machine.ch340("1-1.1"))
    machine.reader("1-1.2")
    machine.usblp(
        machine.epson("1-1.3"), b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;CLS:PRINTER;DES:EPSON TM-T82III;"
    )
    scanner = machine.usb(
        "1-1.4", "1eab:0022", "Newland Auto-ID", "NLS-HR22 Scanner", "N1", ((3, 1, "usbhid"),)
    )
    machine.typing(scanner, "Newland Auto-ID NLS-HR22 Scanner", FULL_KEYS)
    keyboard = machine.usb("1-2", "046d:c31c", "Logitech", "USB Keyboard", interfaces=((3, 1, "usbhid"),))
    machine.typing(keyboard, "Logitech USB Keyboard", FULL_KEYS)
    camera = machine.usb("1-3", "0ac8:3420", "Vimicro", "HD Camera", "C1", ((14, 0, "uvcvideo"),))
    machine.camera(camera, "HD Camera: HD Camera")
    machine.pins(0, "pinctrl-bcm2711")
    machine.pins(1, "raspberrypi-exp-gpio")
    machine.board_port("ttyAMA0", 32)
    return machine

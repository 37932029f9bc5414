"""A USB bus in memory, beneath pyusb: everything above the backend is the code that runs in a hall.

It is as strict as Linux and libusb: an interface must be claimed and free of the kernel's driver, a buffer
that is too small for a packet loses it, a transfer without time-out is refused (libusb would wait for ever),
and a reset is a failure of the test.
"""

import errno
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

import pytest
import usb.backend
import usb.core

from halldrivers.printersim import EPSON, PrinterSim, SimAbilities

BULK, INTERRUPT = 2, 3


def usb_error(number: int, text: str) -> usb.core.USBError:
    return usb.core.USBError(text, -1, number)


@dataclass
class Setting:
    """One alternate setting of one interface; endpoints by address: (kind, packet size)."""

    endpoints: dict[int, tuple[int, int]]
    kind: int = 7
    protocol: int = 2
    alternate: int = 0


class Far(Protocol):
    """What is in the device behind its endpoints."""

    def is_there(self) -> bool: ...

    def take(self, endpoint: int, packet: bytes) -> int: ...

    def give(self, endpoint: int, most: int) -> bytes | None: ...


class PrinterFar:
    """The simulated printer behind its endpoints; a packet is taken whole or not at all (NAK)."""

    def __init__(self, sim: PrinterSim) -> None:
        self.sim = sim
        self.zero_length: int = 0
        """So many empty packets come before the next answer."""
        self.taken = 0
        self._waiting = b""

    def is_there(self) -> bool:
        return self.sim.is_connected

    def take(self, endpoint: int, packet: bytes) -> int:
        taken = self.sim.receive(packet) if self.sim.room() >= len(packet) else 0
        self.taken += taken
        return taken

    def give(self, endpoint: int, most: int) -> bytes | None:
        if self.zero_length:
            self.zero_length -= 1
            return b""
        self._waiting += self.sim.take_output()
        given, self._waiting = self._waiting[:most], self._waiting[most:]
        return given or None


class ReaderFar:
    """A card reader's two pipes, from the other end: heads and bodies, and what a reader may do wrong."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.frames: list[bytes] = []
        self.answer = answer
        self.given: dict[int, deque[bytes]] = {0x81: deque(), 0x85: deque()}
        self.takes_bodies = True
        self._head = b""
        self._body = b""

    def is_there(self) -> bool:
        return True

    def take(self, endpoint: int, packet: bytes) -> int:
        if endpoint == 0x02:
            assert len(packet) == 7, "the head goes alone on its pipe"
            self._head, self._body = packet, b""
            return len(packet)
        assert endpoint == 0x06
        if not self.takes_bodies:
            return 0
        self._body += packet
        if len(self._body) == int.from_bytes(self._head[5:7], "big"):
            self.frames.append(self._head + self._body)
            self.send(self.answer(self.frames[-1]))
        return len(packet)

    def send(self, frame: bytes) -> None:
        self.given[0x81].append(frame[:7])
        body = frame[7:]
        self.given[0x85].extend(body[at : at + 64] for at in range(0, len(body), 64))

    def give(self, endpoint: int, most: int) -> bytes | None:
        waiting = self.given[endpoint]
        return waiting.popleft() if waiting else None


@dataclass(eq=False)
class Device:
    """One thing that can be plugged in."""

    vendor: int
    product: int
    interfaces: list[list[Setting]]
    far: Far
    serial: str | None = None
    ports: tuple[int, ...] = (1, 4)
    bus: int = 1
    address: int = 5
    is_denied: bool = False
    is_configured: bool = True
    held: set[int] = field(default_factory=set)
    """Interfaces that another program has claimed."""
    kernel: set[int] = field(default_factory=set)
    """Interfaces that a driver of the kernel has."""
    halted: set[int] = field(default_factory=set)
    halt_after: dict[int, int] = field(default_factory=dict)
    """Endpoint to the bytes after which it halts."""
    halts_always: bool = False
    alternates: dict[int, int] = field(default_factory=dict)
    cleared: list[int] = field(default_factory=list)
    transfers: list[tuple[int, int]] = field(default_factory=list)
    """Endpoint and milliseconds of each transfer that was asked for."""
    opened: int = 0

    def settings(self) -> list[Setting]:
        return [setting for settings in self.interfaces for setting in settings]

    def packet(self, endpoint: int) -> int:
        return next(one.endpoints[endpoint][1] for one in self.settings() if endpoint in one.endpoints)


@dataclass(eq=False)
class Handle:
    device: Device
    claimed: set[int] = field(default_factory=set)


class Bus(usb.backend.IBackend):
    """The backend: devices may be plugged and unplugged at any time."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self.handles: list[Handle] = []
        self.resets = 0
        self.configured = 0

    # -- hands

    def plug(self, device: Device, address: int | None = None) -> Device:
        device.address = device.address if address is None else address
        self.devices.append(device)
        return device

    def unplug(self, device: Device) -> None:
        self.devices.remove(device)

    def printer(self, abilities: SimAbilities = EPSON, **more: Any) -> Device:
        """A printer as most are: class 7, two-way, with the kernel's usblp on it."""
        sim = more.pop("sim", None) or PrinterSim(80, abilities, clock=time.monotonic)
        endpoints = {0x02: (BULK, 64), 0x82: (BULK, 64)}
        settings = more.pop("interfaces", [[Setting(endpoints)]])
        kernel = {0} if more.pop("usblp", True) else set()
        return self.plug(
            Device(0x04B8, 0x0E15, settings, more.pop("far", PrinterFar(sim)), kernel=kernel, **more)
        )

    def reader(self, answer: Callable[[bytes], bytes], **more: Any) -> Device:
        """A reader with the SAM's own two pipes."""
        pipes = {0x02: (BULK, 64), 0x06: (BULK, 64), 0x81: (BULK, 64), 0x85: (BULK, 64)}
        return self.plug(Device(0x0400, 0xC35A, [[Setting(pipes, kind=0xFF)]], ReaderFar(answer), **more))

    @property
    def nothing_is_held(self) -> bool:
        return not self.handles

    # -- what pyusb asks

    def enumerate_devices(self) -> list[Device]:
        return list(self.devices)

    def get_device_descriptor(self, dev: Device) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=dev.vendor, idProduct=dev.product,
            bcdDevice=0x0100, iManufacturer=0, iProduct=0,
            iSerialNumber=3 if dev.serial is not None else 0, bNumConfigurations=1,
            address=dev.address, bus=dev.bus, port_number=dev.ports[-1], port_numbers=dev.ports, speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Device, config: int) -> SimpleNamespace:
        if config:
            raise IndexError("one configuration")
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=len(dev.interfaces),
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Device, intf: int, alt: int, config: int) -> SimpleNamespace:
        setting = dev.interfaces[intf][alt]
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=setting.alternate,
            bNumEndpoints=len(setting.endpoints), bInterfaceClass=setting.kind, bInterfaceSubClass=1,
            bInterfaceProtocol=setting.protocol, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Device, ep: int, intf: int, alt: int, config: int) -> Any:
        number, (kind, packet) = list(dev.interfaces[intf][alt].endpoints.items())[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=number, bmAttributes=kind, wMaxPacketSize=packet,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Device) -> Handle:
        self._there(dev)
        if dev.is_denied:
            raise usb_error(errno.EACCES, "Access denied (insufficient permissions)")
        handle = Handle(dev)
        dev.opened += 1
        self.handles.append(handle)
        return handle

    def close_device(self, dev_handle: Handle) -> None:
        self.handles.remove(dev_handle)

    def get_configuration(self, dev_handle: Handle) -> int:
        self._there(dev_handle.device)
        return int(dev_handle.device.is_configured)

    def set_configuration(self, dev_handle: Handle, config_value: int) -> None:
        self.configured += 1
        dev_handle.device.is_configured = True

    def set_interface_altsetting(self, dev_handle: Handle, intf: int, altsetting: int) -> None:
        assert intf in dev_handle.claimed
        if len(dev_handle.device.interfaces[intf]) == 1:
            raise usb_error(errno.EPIPE, "Pipe error")
        dev_handle.device.alternates[intf] = altsetting

    def claim_interface(self, dev_handle: Handle, intf: int) -> None:
        device = dev_handle.device
        self._there(device)
        if intf in device.kernel | device.held or any(
            intf in one.claimed for one in self._others(dev_handle)
        ):
            raise usb_error(errno.EBUSY, "Resource busy")
        dev_handle.claimed.add(intf)

    def release_interface(self, dev_handle: Handle, intf: int) -> None:
        self._there(dev_handle.device)
        dev_handle.claimed.remove(intf)

    def is_kernel_driver_active(self, dev_handle: Handle, intf: int) -> bool:
        self._there(dev_handle.device)
        return intf in dev_handle.device.kernel

    def detach_kernel_driver(self, dev_handle: Handle, intf: int) -> None:
        dev_handle.device.kernel.remove(intf)

    def attach_kernel_driver(self, dev_handle: Handle, intf: int) -> None:
        self._there(dev_handle.device)
        assert intf not in dev_handle.claimed, "released before the kernel's driver gets it back"
        dev_handle.device.kernel.add(intf)

    def clear_halt(self, dev_handle: Handle, ep: int) -> None:
        device = dev_handle.device
        device.cleared.append(ep)
        if not device.halts_always:
            device.halted.discard(ep)

    def reset_device(self, dev_handle: Handle) -> None:
        self.resets += 1

    def ctrl_transfer(
        self, dev_handle: Handle, request: int, number: int, value: int, index: int, data: Any, timeout: int
    ) -> int:
        self._there(dev_handle.device)
        assert (request, number, value >> 8) == (0x80, 6, 3), "only strings are asked for"
        text = "\u0409" if value & 0xFF == 0 else (dev_handle.device.serial or "")
        body = text.encode("utf-16-le")
        descriptor = bytes((2 + len(body), 3)) + body
        data[: len(descriptor)] = array("B", descriptor)
        return len(descriptor)

    def bulk_write(self, dev_handle: Handle, ep: int, intf: int, data: Any, timeout: int) -> int:
        device, sent, whole = dev_handle.device, 0, bytes(data)
        deadline = self._begin(dev_handle, ep, intf, timeout)
        while sent < len(whole):
            self._check(device, ep)
            packet = whole[sent : sent + device.packet(ep)]
            taken = device.far.take(ep, packet)
            sent += taken
            self._count(device, ep, taken)
            if taken < len(packet):
                self._there(device)
                if time.monotonic() >= deadline:
                    if sent:
                        return sent
                    raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
                threading.Event().wait(0.001)
        return sent

    def bulk_read(self, dev_handle: Handle, ep: int, intf: int, buff: Any, timeout: int) -> int:
        device, got = dev_handle.device, b""
        deadline = self._begin(dev_handle, ep, intf, timeout)
        while len(got) < len(buff):
            self._check(device, ep)
            packet = device.far.give(ep, device.packet(ep))
            if packet is None:
                if time.monotonic() >= deadline:
                    if not got:
                        raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
                    break
                threading.Event().wait(0.001)
                continue
            if len(packet) > len(buff) - len(got):
                raise usb_error(errno.EOVERFLOW, "Overflow")
            got += packet
            self._count(device, ep, len(packet))
            if len(packet) < device.packet(ep):
                break
        buff[: len(got)] = array("B", got)
        return len(got)

    intr_write, intr_read = bulk_write, bulk_read

    def _begin(self, handle: Handle, endpoint: int, number: int, timeout: int) -> float:
        assert timeout > 0, "0 would wait for ever"
        assert number in handle.claimed
        assert number not in handle.device.kernel
        handle.device.transfers.append((endpoint, timeout))
        return time.monotonic() + timeout / 1000

    def _check(self, device: Device, endpoint: int) -> None:
        self._there(device)
        if endpoint in device.halted:
            raise usb_error(errno.EPIPE, "Pipe error")

    def _count(self, device: Device, endpoint: int, moved: int) -> None:
        left = device.halt_after.get(endpoint)
        if left is None:
            return
        device.halt_after[endpoint] = left - moved
        if left - moved <= 0:
            device.halted.add(endpoint)
            del device.halt_after[endpoint]

    def _others(self, handle: Handle) -> Iterator[Handle]:
        return (one for one in self.handles if one is not handle and one.device is handle.device)

    def _there(self, device: Device) -> None:
        if device not in self.devices or not device.far.is_there():
            if device in self.devices:
                self.devices.remove(device)
            raise usb_error(errno.ENODEV, "No such device (it may have been disconnected)")


@pytest.fixture
def bus() -> Iterator[Bus]:
    """The bus; at the end nothing may be held and nothing may have been reset."""
    the_bus = Bus()
    yield the_bus
    assert the_bus.resets == 0, "a reset takes the printer from everybody"
    assert the_bus.nothing_is_held


@pytest.fixture
def setting() -> type[Setting]:
    """One alternate setting, for printers of unusual shape."""
    return Setting

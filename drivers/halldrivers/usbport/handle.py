"""One USB device opened through pyusb; the only module that imports it.

What python-escpos' Usb class does wrong (facts: printing 1.2), and what happens here instead:

* It resets the device on every open ("usblp0 removed"): never here, and a configuration is set only where the
  device has none.
* It waits for ever (pyusb takes a time-out of 0 for that): here every transfer has at least `_LEAST_MS`.
* It ignores how much was written and raises on silence: here the count is answered, and silence is None.
* It keeps the device object, and so does not find a printer that was switched off and on: here it is looked
  for anew at every open, by vendor, product and what else the address says, under any bus address.
* It takes the kernel's driver away for good: here only from the interfaces that are claimed, and it is put
  back when they are released.
"""

from __future__ import annotations

import errno
import logging
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import usb.backend.libusb1
import usb.core
import usb.util

from halldrivers.errors import DeviceError, PortAbsent, PortBusy, PortDenied, PortGone
from halldrivers.usbport.address import UsbAddress
from halldrivers.usbport.errors import UsbAmbiguous, UsbLibraryMissing, UsbNoPipes, UsbStalled
from halldrivers.usbport.pipes import Endpoint, Interface, Pipe

_LEAST_MS = 4
"""Time-out of a transfer that shall not wait: some frames of full speed, so that what is there arrives."""
_UNREADABLE = (usb.core.USBError, ValueError, IndexError)
"""What pyusb raises for a string that it does not get: without rights, or from a broken descriptor."""

T = TypeVar("T")

log = logging.getLogger("hall.usb")


def usb_backend() -> Any:
    """The backend of libusb 1.0; raises UsbLibraryMissing."""
    backend = usb.backend.libusb1.get_backend()
    if backend is None:
        raise UsbLibraryMissing
    return backend


def find_device(address: UsbAddress, backend: Any, group: str = "lp") -> Any:
    """The one device that the address means; raises PortAbsent, PortDenied or UsbAmbiguous."""
    name = address.url
    try:
        found = list(
            usb.core.find(find_all=True, backend=backend, idVendor=address.vendor, idProduct=address.product)
        )
        if address.port:
            found = [device for device in found if socket_of(device) == address.port]
        if address.serial:
            found = [device for device in found if _has_serial(device, address.serial)]
    except usb.core.USBError as error:
        raise open_failure(error, address, group) from error
    if not found:
        raise PortAbsent(f"{name}: not on the USB bus", f"{name}：USB 总线上没有")
    if len(found) > 1:
        listed = ", ".join(sorted(socket_of(device) for device in found))
        raise UsbAmbiguous(f"{name}: port={listed}", f"{name}：插口 {listed}")
    return found[0]


def socket_of(device: Any) -> str:
    """Where it is plugged in, as the kernel names it: ``1-1.4``."""
    return f"{device.bus}-" + ".".join(str(number) for number in device.port_numbers or (0,))


def open_failure(error: OSError, address: UsbAddress, group: str = "lp") -> DeviceError:
    """The error that tells a person why a device could not be taken."""
    name, why = address.url, error.strerror or str(error)
    if error.errno in (errno.EACCES, errno.EPERM):
        rule = address.udev_rule(group)
        return PortDenied(f"{name}: udev rule: {rule}", f"{name}：udev 规则 {rule}")
    if error.errno == errno.EBUSY:
        return PortBusy(f"{name}: {why}")
    return PortAbsent(f"{name}: {why}")


class UsbHandle:
    """One opened device with the interfaces that its pipes need; `close` gives everything back.

    `choose` picks the pipes from the descriptors. An open that fails holds nothing.
    """

    def __init__(
        self,
        address: UsbAddress,
        choose: Callable[[tuple[Interface, ...]], Iterable[Pipe]],
        backend: Any = None,
        group: str = "lp",
    ) -> None:
        self.name = address.url
        self._device = find_device(address, backend if backend is not None else usb_backend(), group)
        self._claimed: list[int] = []
        self._detached: list[int] = []
        self._halted: set[int] = set()
        try:
            self._take(choose)
        except usb.core.USBError as error:
            self.close()
            raise open_failure(error, address, group) from error
        except BaseException:
            self.close()
            raise

    def write(self, endpoint: Endpoint, data: bytes, timeout_s: float) -> int:
        """One transfer; how many bytes the device took, 0 when none in time.

        A pipe found halted is cleared and the transfer made once again. That is right only when nothing of it
        can have arrived, so it is done for a transfer of one packet; a halt in a longer one is UsbStalled.
        """

        def transfer() -> int:
            return int(self._device.write(endpoint.address, data, _milliseconds(timeout_s)))

        may_repeat = len(data) <= endpoint.packet_bytes
        return self._transfer(endpoint, transfer, may_repeat, len(data)) or 0

    def read(self, endpoint: Endpoint, size: int, timeout_s: float) -> bytes | None:
        """One transfer; None after silence, and b"" for an empty packet, which says nothing either.

        `size` must be a multiple of the packet size: a device that sends more than there is room for would
        lose all of it.
        """

        def transfer() -> bytes:
            return bytes(self._device.read(endpoint.address, size, _milliseconds(timeout_s)))

        return self._transfer(endpoint, transfer, True, 0)

    def close(self) -> None:
        """Release the interfaces, give them back to the kernel's driver, close the device; idempotent."""
        claimed, self._claimed = self._claimed, []
        detached, self._detached = self._detached, []
        for number in claimed:
            self._quietly(usb.util.release_interface, self._device, number)
        for number in detached:
            self._quietly(self._device.attach_kernel_driver, number)
        self._quietly(usb.util.dispose_resources, self._device)

    def _take(self, choose: Callable[[tuple[Interface, ...]], Iterable[Pipe]]) -> None:
        configuration = self._configuration()
        interfaces = tuple(_interface(one) for one in configuration)
        wanted: dict[int, Interface] = {}
        for pipe in choose(interfaces):
            one = wanted.setdefault(pipe.interface.number, pipe.interface)
            if one is not pipe.interface:
                raise UsbNoPipes("the endpoints exclude each other", "这两个通道不能同时使用")
        for number, interface in wanted.items():
            self._detach(number)
            usb.util.claim_interface(self._device, number)
            self._claimed.append(number)
            if interface.alternate or sum(one.number == number for one in interfaces) > 1:
                # Only where there is a choice: a device without may halt at the question (USB 2.0, 9.4.10).
                self._device.set_interface_altsetting(number, interface.alternate)

    def _configuration(self) -> Any:
        try:
            return self._device.get_active_configuration()
        except usb.core.USBError as error:
            if error.errno is not None:
                raise
            # pyusb's own error without a number: the device has no configuration yet.
            self._device.set_configuration()
            return self._device.get_active_configuration()

    def _detach(self, number: int) -> None:
        try:
            if self._device.is_kernel_driver_active(number):
                self._device.detach_kernel_driver(number)
                self._detached.append(number)
        except NotImplementedError:
            pass  # a system whose kernel has no driver to take away
        except usb.core.USBError as error:
            if error.errno != errno.ENOENT:  # it went by itself meanwhile
                raise

    def _transfer(
        self, endpoint: Endpoint, transfer: Callable[[], T], may_repeat: bool, at_stake: int
    ) -> T | None:
        try:
            try:
                done = transfer()
            except usb.core.USBError as error:
                if error.errno != errno.EPIPE or not may_repeat or endpoint.address in self._halted:
                    raise
                self._halted.add(endpoint.address)
                self._device.clear_halt(endpoint.address)
                done = transfer()
        except usb.core.USBTimeoutError:
            return None
        except usb.core.USBError as error:
            kind = UsbStalled if error.errno == errno.EPIPE else PortGone
            # pyusb does not say how much of a broken transfer had left: all of it may have.
            raise kind(f"{self.name}: {error.strerror or error}", at_stake) from error
        self._halted.discard(endpoint.address)
        return done

    def _quietly(self, call: Callable[..., object], *arguments: object) -> None:
        try:
            call(*arguments)
        except (usb.core.USBError, NotImplementedError) as error:
            log.debug("%s: while closing: %s", self.name, error)  # it is unplugged, most likely


def _milliseconds(timeout_s: float) -> int:
    return max(_LEAST_MS, math.ceil(timeout_s * 1000))


def _has_serial(device: Any, serial: str) -> bool:
    try:
        return str(device.serial_number or "").strip("\0 ") == serial
    except _UNREADABLE:
        # Without rights pyusb says "no langid": opening says what is really the matter.
        device.is_kernel_driver_active(0)
        return False
    finally:
        usb.util.dispose_resources(device)


def _interface(one: Any) -> Interface:
    endpoints = (
        Endpoint(int(end.bEndpointAddress), int(end.bmAttributes) & 3, int(end.wMaxPacketSize) & 0x7FF or 64)
        for end in one
    )
    return Interface(
        int(one.bInterfaceNumber),
        int(one.bAlternateSetting),
        int(one.bInterfaceClass),
        int(one.bInterfaceProtocol),
        tuple(endpoints),
    )

"""What both forms of USB transport share: opening, closing, waiting, and the bytes that were read ahead."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from halldrivers.errors import PortClosed, PortGone
from halldrivers.usbport.address import UsbAddress
from halldrivers.usbport.pipes import Endpoint, Interface, Pipe

if TYPE_CHECKING:
    from halldrivers.usbport.handle import UsbHandle

CHUNK_BYTES = 4096
"""One transfer: a multiple of every packet size, within one request to the kernel (16 KiB)."""
_READ_BYTES = 512
_EMPTY_PAUSE_S = 0.01
"""Some printers answer every poll with an empty packet: without a pause a wait would burn the processor."""


class UsbTransport(ABC):
    """A transport on one USB device; subclasses choose its pipes and know its framing.

    `backend` is pyusb's, None for libusb 1.0; `group` stands in the udev rule that is shown without rights.
    """

    _group = "lp"

    def __init__(self, address: UsbAddress, backend: Any = None) -> None:
        self.name = address.url
        self._address = address
        self._backend = backend
        self._handle: UsbHandle | None = None
        self._inbox = bytearray()

    def __repr__(self) -> str:
        state = "closed" if self._handle is None else "open"
        return f"<{type(self).__name__} {self.name} {state}>"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Find the device on the bus and take its pipes; nothing to do when it is open.

        Raises PortAbsent, PortBusy, PortDenied, UsbAmbiguous, UsbNoPipes or UsbLibraryMissing.
        """
        if self._handle is None:
            from halldrivers.usbport.handle import UsbHandle

            self._begin()
            self._handle = UsbHandle(self._address, self._choose, self._backend, self._group)

    def close(self) -> None:
        """Give the device back; nothing to do when it is closed."""
        handle, self._handle = self._handle, None
        self._inbox.clear()
        if handle is not None:
            handle.close()

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """Return what is there, or `b""` after `timeout_s`; raise `PortGone` when the device is gone."""
        handle = self._open_or_raise()
        deadline = time.monotonic() + timeout_s
        while not self._inbox:
            left_s = deadline - time.monotonic()
            try:
                data = self._read_ahead(handle, max(0.0, left_s))
            except PortGone:
                self.close()
                raise
            if data is None or (not data and left_s <= 0):
                break
            if not data:
                time.sleep(min(_EMPTY_PAUSE_S, max(0.0, deadline - time.monotonic())))
            self._inbox += data
        taken = bytes(self._inbox[:max_bytes])
        del self._inbox[:max_bytes]
        return taken

    def write(self, data: bytes, timeout_s: float) -> int:
        """Return how many bytes were accepted within `timeout_s`.

        Raises `PortGone` when the device goes away; its `accepted` counts the transfer in which that happened
        whole, since a part of it may have arrived.
        """
        handle = self._open_or_raise()
        try:
            return self._write(handle, data, time.monotonic() + timeout_s)
        except PortGone:
            self.close()
            raise

    @abstractmethod
    def _choose(self, interfaces: tuple[Interface, ...]) -> tuple[Pipe, ...]:
        """Pick the pipes from the descriptors, and remember them."""

    @abstractmethod
    def _read_ahead(self, handle: UsbHandle, timeout_s: float) -> bytes | None:
        """One transfer from the device; None after silence."""

    @abstractmethod
    def _write(self, handle: UsbHandle, data: bytes, deadline: float) -> int:
        """Write until the deadline of `time.monotonic`."""

    def _begin(self) -> None:  # noqa: B027 - a form that keeps nothing between two openings needs none
        """Forget what belonged to the device before."""

    def _open_or_raise(self) -> UsbHandle:
        if self._handle is None:
            raise PortClosed(self.name)
        return self._handle


def read_size(endpoint: Endpoint) -> int:
    """Room for one transfer in: a whole number of packets, or the device's longer packet would be lost."""
    packet = endpoint.packet_bytes
    return max(packet, _READ_BYTES // packet * packet)


def send(handle: UsbHandle, endpoint: Endpoint, data: bytes, deadline: float) -> int:
    """Send bytes on one pipe; how many were accepted by the deadline.

    The first transfer is one packet: if the pipe was left halted, it is certain that nothing had arrived.
    """
    accepted = 0
    while accepted < len(data):
        size = CHUNK_BYTES if accepted else endpoint.packet_bytes
        piece = data[accepted : accepted + size]
        try:
            sent = handle.write(endpoint, piece, deadline - time.monotonic())
        except PortGone as error:
            error.accepted += accepted
            raise
        accepted += sent
        if sent < len(piece):
            break
    return accepted

"""A raw USB printer: one pipe out, and mostly one in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from halldrivers.usbport.pipes import Interface, Pair, Pipe, bulk_pair
from halldrivers.usbport.port import UsbTransport, read_size, send

if TYPE_CHECKING:
    from halldrivers.usbport.handle import UsbHandle


class BulkTransport(UsbTransport):
    """Bytes out on one bulk endpoint and in on another; a printer without the second is silent."""

    _pair: Pair

    def _choose(self, interfaces: tuple[Interface, ...]) -> tuple[Pipe, ...]:
        self._pair = bulk_pair(interfaces, self._address.out_endpoint, self._address.in_endpoint)
        return (self._pair.out, self._pair.into) if self._pair.into else (self._pair.out,)

    def _read_ahead(self, handle: UsbHandle, timeout_s: float) -> bytes | None:
        if self._pair.into is None:
            time.sleep(timeout_s)
            return None
        endpoint = self._pair.into.endpoint
        return handle.read(endpoint, read_size(endpoint), timeout_s)

    def _write(self, handle: UsbHandle, data: bytes, deadline: float) -> int:
        return send(handle, self._pair.out.endpoint, data, deadline)

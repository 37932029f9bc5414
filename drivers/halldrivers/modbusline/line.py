"""RS-485 lines: one worker for each, opened with its first unit and closed with its last.

A process makes one :class:`ModbusLines` and gives it to everything that it opens on Modbus; two processes
cannot share a line, because an adapter has one owner.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import DeviceError, DeviceState
from halldrivers.modbusline.address import LineAddress
from halldrivers.modbusline.driver import LineDriver
from halldrivers.modbusline.errors import UnitTaken
from halldrivers.modbusline.unit import LineUnit
from halldrivers.status import DeviceStatus
from halldrivers.transport import Transport
from halldrivers.worker import DeviceWorker, Retry

CONNECT_S = 1.0
"""For a gateway, which stands in the same building; closing a line may have to wait for it."""
FAREWELL_S = 1.0
"""How long giving up a unit waits for its last exchange, which may have to wait for a turn under way."""

OpenWire = Callable[[LineAddress], Transport]


def wire_for(address: LineAddress) -> Transport:
    """The transport of a line, not opened yet."""
    if address.host:
        from halldrivers.tcpport import TcpTransport

        return TcpTransport(address.host, address.port, CONNECT_S)
    from halldrivers.serialport import SerialTransport

    return SerialTransport(address.path, address.baud)


class ModbusLine:
    """One line and the thread that keeps it. Made and closed by :class:`ModbusLines`."""

    def __init__(
        self, address: LineAddress, wire: Transport, retry: Retry | None, now_s: Callable[[], float]
    ) -> None:
        self.address, self.counters = address, Counters()
        self._driver = LineDriver(address, CountedTransport(wire, self.counters), self.counters, now_s)
        self._worker = DeviceWorker(
            f"modbus {address.name}",
            self._driver,
            on_status=self._adapter_told,
            counters=self.counters,
            retry=retry,
            now_s=now_s,
        ).start()

    @property
    def status(self) -> DeviceStatus:
        """The last word about the adapter."""
        return self._worker.status

    @property
    def is_empty(self) -> bool:
        """Whether no unit is left."""
        return self._driver.is_empty

    def wake(self) -> None:
        """A unit wants something."""
        self._worker.wake()

    def attach(self, unit: LineUnit) -> None:
        """Begin to speak to a unit; UnitTaken when somebody has its number."""
        self._driver.add(unit)
        self._worker.wake()
        if self.status.state not in (DeviceState.ONLINE, DeviceState.UNKNOWN):
            self._driver.tell(self.status, unit)

    def detach(self, unit: LineUnit) -> None:
        """Let a unit that may hear it say farewell, and speak to it no more; again is harmless."""
        if self._worker.is_open and self._driver.may_hear(unit):
            with suppress(DeviceError, TimeoutError):
                self._worker.call(lambda: self._driver.farewell(unit), FAREWELL_S)
        self._driver.remove(unit)

    def close(self) -> None:
        """Give the adapter back and end the thread."""
        self._worker.close()

    def _adapter_told(self, status: DeviceStatus) -> None:
        # When it is back, each unit answers for itself.
        if status.state is not DeviceState.ONLINE:
            self._driver.tell(status)


class ModbusLines:
    """The lines of one process. Attach and detach from any thread but a line's own."""

    def __init__(
        self,
        *,
        open_wire: OpenWire = wire_for,
        retry: Retry | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_wire, self._retry, self._now_s = open_wire, retry, now_s
        self._lock = threading.Lock()
        self._lines: dict[str, ModbusLine] = {}

    def attach(self, unit: LineUnit) -> ModbusLine:
        """The unit's line, which is opened if it is its first one.

        Raises UnitTaken when its number is taken, or its line is open at another speed.
        """
        address = unit.address.line
        with self._lock:
            line = self._lines.get(address.name)
            if line is None:
                line = ModbusLine(address, self._open_wire(address), self._retry, self._now_s)
                self._lines[address.name] = line
            elif line.address != address:
                raise UnitTaken(f"{address.name}: {line.address} and {address}")
            line.attach(unit)
            return line

    def detach(self, unit: LineUnit) -> None:
        """Give a unit up; its line is closed with its last one. Again is harmless."""
        with self._lock:
            line = self._lines.get(unit.address.line.name)
            if line is None:
                return
            line.detach(unit)
            if line.is_empty:
                del self._lines[line.address.name]
                line.close()

    @property
    def open(self) -> tuple[ModbusLine, ...]:
        """The lines that have units."""
        with self._lock:
            return tuple(self._lines.values())

"""One sign on a Modbus line: what it is to show, written once and again whenever it may have lost it.

The line's thread writes; :meth:`ModbusSign.show` returns at once and only the newest text counts. A sign that
nobody changes is written again every few seconds: that is how its loss is noticed, and how one that was
without power for a moment shows its number again.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from typing import Protocol

from halldrivers.counters import Counters
from halldrivers.errors import DeviceState
from halldrivers.modbusline.address import UnitAddress
from halldrivers.modbusline.errors import UnitRefused
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbusline.polled import Pace
from halldrivers.modbusline.unit import LineUnit, UnitWire
from halldrivers.sign.address import SignAddress
from halldrivers.sign.errors import SignRefused
from halldrivers.sign.styles import SignWrite, write_for
from halldrivers.status import DeviceStatus

AGAIN_S = 3.0
"""A sign is written again after so long."""
USUAL_THINK_S = 0.01

log = logging.getLogger("hall.device")

OnStatus = Callable[[DeviceStatus], None]


class Sign(Protocol):
    """An open sign. Its methods may be called from any thread."""

    address: UnitAddress
    counters: Counters
    status: DeviceStatus
    """The last word about it."""

    def show(self, text: str) -> None:
        """Show a text from now on; returns at once. An empty one leaves the sign dark."""
        ...

    def light_all(self, on: bool) -> None:
        """Light everything instead of the text, for a test."""
        ...

    def close(self) -> None:
        """Dark, and given up; again is harmless. Nothing is called after it."""
        ...


class ModbusSign(LineUnit):
    """A sign as a unit of its line. Making one returns at once; its first word comes by ``on_status``.

    Raises UnitTaken when its unit number is taken.
    """

    def __init__(self, address: SignAddress, lines: ModbusLines, on_status: OnStatus) -> None:
        self.address, line = address.unit, address.unit.line
        self.counters = Counters()
        frame_s = line.wire_s + line.gap_s
        self.pace = Pace(
            calm_s=AGAIN_S,
            keen_s=AGAIN_S,
            bound_s=math.inf,
            timeout_s=frame_s + address.unit.think_s,
            cost_s=frame_s + USUAL_THINK_S,
        )
        self.status = DeviceStatus(DeviceState.UNKNOWN)
        self._sign, self._lines, self._on_status = address, lines, on_status
        self._lock = threading.RLock()
        self._text, self._is_test, self._is_closed = "", False, False
        self._shown: str | None = None
        """What it shows; None is not known."""
        self._line = lines.attach(self)

    def show(self, text: str) -> None:
        """Show a text from now on."""
        self._text = text
        self._line.wake()

    def light_all(self, on: bool) -> None:
        """Light everything instead of the text."""
        self._is_test = on
        self._line.wake()

    def close(self) -> None:
        """Leave it dark and give it up. Not from within a callback."""
        with self._lock:
            self._is_closed = True
        self._lines.detach(self)

    # --- in the line's thread --------------------------------------------------------------------

    def ask(self, wire: UnitWire) -> None:
        """Write the newest text, whether it is new or not."""
        text, self._shown = self._wanted, None
        self._send(wire, text)
        self._shown = text

    write = ask

    def wants_write(self, now_s: float) -> bool:
        """It shows something else."""
        return self._shown != self._wanted

    def forget(self) -> None:
        """It was away, and may show anything."""
        self._shown = None

    def farewell(self, wire: UnitWire) -> None:
        """Dark: a number that nobody calls any more would send people to the window."""
        self._send(wire, "")

    def told(self, status: DeviceStatus) -> None:
        """A word about this sign or its line."""
        with self._lock:
            if self._is_closed:
                return
            self.status = status
            name = f"sign {self.address.line.name}#{self.address.unit}"
            if status.fault is None:
                log.info("%s: %s", name, status.state)
            else:
                log.warning("%s: %s %s %s", name, status.state, status.code, status.fault.what_en)
            self._on_status(status)

    @property
    def _wanted(self) -> str:
        return "8." * self._sign.digits if self._is_test else self._text

    def _send(self, wire: UnitWire, text: str) -> None:
        write: SignWrite = write_for(self._sign.style, text, self._sign.digits)
        try:
            if write.is_single:
                wire.write_register(write.address, write.values[0])
            else:
                wire.write_registers(write.address, write.values)
        except UnitRefused as refused:
            raise SignRefused(refused.detail, refused.exception) from refused


def open_sign(address: SignAddress, lines: ModbusLines, on_status: OnStatus = lambda status: None) -> Sign:
    """The sign at an address, dark; it comes and goes by itself until it is closed."""
    return ModbusSign(address, lines, on_status)

"""A whole line in virtual time: real pads, plan, client and frames, with simulated units at 9600 baud."""

from __future__ import annotations

from types import TracebackType
from typing import Self, cast

from halldrivers.counters import Counters
from halldrivers.modbusline.address import LineAddress
from halldrivers.modbusline.driver import LineDriver
from halldrivers.modbusline.line import ModbusLine, ModbusLines
from halldrivers.modbusline.unit import LineUnit
from halldrivers.modbussim import ModbusLineSim
from halldrivers.ratingpad.address import ModbusPadAddress, parse_pad
from halldrivers.ratingpad.modbuspad import ModbusRatingPad
from halldrivers.ratingpad.telling import RawPress

PATH = "/dev/hall/pads"
BAUD = 9600


class VirtualLine:
    """Stands for :class:`ModbusLines` and its one line, without a thread: :meth:`run` lets time pass."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.sim = ModbusLineSim(clock=self.clock, baud=BAUD)
        self.heard_s: dict[int, list[float]] = {}
        """When each unit's keys were looked at."""
        self._driver = LineDriver(LineAddress(path=PATH, baud=BAUD), _Wire(self), Counters(), self.clock)
        self._driver.open()

    def clock(self) -> float:
        return self.now_s

    def pad(self, number: int, presses: list[RawPress] | None = None, options: str = "") -> ModbusRatingPad:
        """A pad of this line; the unit itself is the test's to put on :attr:`sim`."""
        address = parse_pad(f"modbus://{PATH}?baud={BAUD}&unit={number}{options}")
        assert isinstance(address, ModbusPadAddress)
        return ModbusRatingPad(
            address,
            cast(ModbusLines, self),
            on_press=(presses if presses is not None else []).append,
            on_trouble=lambda trouble: None,
            clock=self.clock,
        )

    def run(self, seconds: float) -> None:
        """Work for so long, and until the exchange under way is over."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            asked = {number: unit.asked for number, unit in self.sim.units.items()}
            rest_s = self._driver.turn()
            for number, unit in self.sim.units.items():
                if unit.asked > asked[number]:
                    self.heard_s.setdefault(number, []).append(self.now_s)
            # A rest that is too short for a float to grow by would last for ever.
            self.now_s += min(rest_s + 1e-7, max(0.0, until_s - self.now_s))

    # --- what a pad wants of ModbusLines and ModbusLine ------------------------------------------------

    def attach(self, unit: LineUnit) -> ModbusLine:
        self._driver.add(unit)
        return cast(ModbusLine, self)

    def detach(self, unit: LineUnit) -> None:
        self._driver.remove(unit)

    def wake(self) -> None:
        """Nobody sleeps here."""


class _Wire:
    """The transport; waiting moves the clock."""

    def __init__(self, line: VirtualLine) -> None:
        self._line = line

    def open(self) -> None: ...

    def close(self) -> None: ...

    def write(self, data: bytes, timeout_s: float) -> int:
        return self._line.sim.receive(data)

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        line = self._line
        until_s = line.now_s + timeout_s
        while not (data := line.sim.take_output()) and line.now_s < until_s:
            due_s = line.sim.next_event_s()
            line.now_s = until_s if due_s is None else min(until_s, line.now_s + due_s + 1e-9)
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

"""A simulated line at the far end of a real pseudo-terminal, and what tests need to wait on it."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from halldrivers.counters import Counters
from halldrivers.errors import DeviceState
from halldrivers.modbusline.address import UnitAddress
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbusline.polled import Pace
from halldrivers.modbusline.unit import LineUnit, UnitWire
from halldrivers.modbussim import ModbusLineSim
from halldrivers.simwire import SimServer, serve_pty
from halldrivers.status import DeviceStatus
from halldrivers.worker import Retry

QUICK = Retry(first_s=0.01, most_s=0.05)
WITHIN_S = 15.0


def until(condition: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.002)


class Probe(LineUnit):
    """A unit that only looks at its inputs, and notes what it hears."""

    def __init__(self, address: UnitAddress, *, calm_s: float = 0.01) -> None:
        self.address, self.counters = address, Counters()
        self.pace = Pace(calm_s, 0.01, 0.3, address.line.wire_s + address.think_s, address.line.wire_s)
        self.bits: list[tuple[bool, ...]] = []
        self.words: list[DeviceStatus] = []
        self.asked_s: list[float] = []
        self.forgets = self.writes = 0
        self.to_write = False
        self.last_word = ""

    def ask(self, wire: UnitWire) -> None:
        self.bits.append(wire.read_inputs(0, 4))
        self.asked_s.append(time.monotonic())

    def wants_write(self, now_s: float) -> bool:
        return self.to_write

    def write(self, wire: UnitWire) -> None:
        self.to_write = False
        wire.write_coils(0, (True,) * 4)
        self.writes += 1

    def forget(self) -> None:
        self.forgets += 1

    def farewell(self, wire: UnitWire) -> None:
        wire.write_coils(0, (False,) * 4)
        self.last_word = "farewell"

    def told(self, status: DeviceStatus) -> None:
        self.words.append(status)

    @property
    def states(self) -> list[DeviceState]:
        return [word.state for word in self.words]

    @property
    def codes(self) -> list[str]:
        return [word.code for word in self.words]


@pytest.fixture
def sim() -> ModbusLineSim:
    return ModbusLineSim(clock=time.monotonic)


@pytest.fixture
def server(sim: ModbusLineSim) -> Iterator[SimServer[ModbusLineSim]]:
    with serve_pty(sim) as server:
        yield server


@pytest.fixture
def lines() -> Iterator[ModbusLines]:
    lines = ModbusLines(retry=QUICK)
    yield lines
    left = lines.open
    for line in left:
        line.close()
    assert left == (), "every test gives its units up"


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("device modbus")])


def load_measure() -> ModuleType:
    """The module with pymodbus's own server, which is also run by hand."""
    spec = importlib.util.spec_from_file_location("measure_modbus", Path(__file__).parent / "measure.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module

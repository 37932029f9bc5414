"""pymodbus's own server as the far end of a line, on a wire that takes its time; and one measurement on it.

``python tests/drivers/modbus/measure.py [SECONDS]`` asks ten pads at 9600 baud, one of them dead, and prints
how long a living one waits for its turn and how long a press takes to be told. Tests load this module by its
path.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import statistics
import sys
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from pymodbus import FramerType
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.server.base import ModbusBaseServer
from pymodbus.simulator import DataType, SimData, SimDevice

from halldrivers.modbusline.line import ModbusLines
from halldrivers.ratingpad.address import ModbusPadAddress, parse_pad
from halldrivers.ratingpad.modbuspad import ModbusRatingPad
from halldrivers.ratingpad.telling import RawPress

BITS_PER_BYTE = 10


class Wire:
    """Two pseudo-terminals joined byte for byte; with ``baud`` a byte takes as long as on a real line."""

    def __init__(self, baud: int = 0) -> None:
        self._byte_s = BITS_PER_BYTE / baud if baud else 0.0
        self._masters, self._slaves = [], []
        for _ in range(2):
            master, slave = os.openpty()
            tty.setraw(slave)
            self._masters.append(master)
            self._slaves.append(slave)
        self.near, self.far = (os.ttyname(slave) for slave in self._slaves)
        self._stopping, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._run, name="wire")
        self._thread.start()

    def close(self) -> None:
        os.write(self._stop, b"x")
        self._thread.join()
        for fd in (*self._masters, *self._slaves, self._stopping, self._stop):
            os.close(fd)

    def _run(self) -> None:
        """Half-duplex, as RS-485 is: one chunk at a time, as long as its bytes take."""
        others = dict(zip(self._masters, reversed(self._masters), strict=True))
        while True:
            ready, _, _ = select.select([*self._masters, self._stopping], [], [])
            if self._stopping in ready:
                return
            for fd in ready:
                data = os.read(fd, 4096)
                time.sleep(len(data) * self._byte_s)
                os.write(others[fd], data)


class FarUnit:
    """What one unit of pymodbus's server holds: inputs that a test sets, outputs that it reads."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.inputs = 0
        """Bit by bit, key 1 first."""
        self.latched = False
        """Inputs are cleared when they were read."""
        self.coils: dict[int, bool] = {}
        self.registers: dict[int, int] = {}
        self.refuses: frozenset[int] = frozenset()

    def device(self) -> SimDevice:
        bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        words = [SimData(0, count=0xA0, values=0, datatype=DataType.REGISTERS)]
        return SimDevice(self.number, simdata=(bits, list(bits), words, list(words)), action=self._act)

    async def _act(
        self, function: int, start: int, address: int, count: int, registers: list[int], values: Any
    ) -> ExcCodes | None:
        if function in self.refuses:
            return ExcCodes.ILLEGAL_FUNCTION
        if function == 2:
            registers[0] = self.inputs
            if self.latched:
                self.inputs = 0
        elif values is None:
            pass  # after "write one coil" the server reads it back
        elif function in (5, 15):
            self.coils.update({address + i: bool(value) for i, value in enumerate(values)})
        elif function in (6, 16):
            self.registers.update({address + i: int(value) for i, value in enumerate(values)})
        return None


@contextmanager
def far_end(units: list[FarUnit], port: str = "") -> Iterator[int]:
    """pymodbus's server in a thread of its own, on a serial port or on TCP; yields the TCP port."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    found: list[tuple[ModbusBaseServer, int]] = []

    numbers = {unit.number for unit in units}

    def only_ours(sending: bool, data: bytes) -> bytes:
        """pymodbus answers for units that are not there (3.16: exception 4); on a real line nobody does."""
        return b"" if sending and data[0 if port else 6] not in numbers else data

    async def serve() -> None:
        devices = [unit.device() for unit in units]
        if port:
            server: ModbusBaseServer = ModbusSerialServer(
                devices, framer=FramerType.RTU, port=port, baudrate=9600, trace_packet=only_ours
            )
        else:
            server = ModbusTcpServer(devices, address=("127.0.0.1", 0), trace_packet=only_ours)
        await server.serve_forever(background=True)
        number = 0 if port else server.transport.sockets[0].getsockname()[1]
        found.append((server, number))
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()
        loop.run_until_complete(found[0][0].shutdown())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, name="pymodbus server")
    thread.start()
    assert ready.wait(20)
    try:
        yield found[0][1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)


def bench(seconds: float = 10.0, pads: int = 10, dead: int = 4, baud: int = 9600) -> dict[str, float]:
    """How long a living pad waits for its turn, and a press for its word: the middle and the worst, in ms."""
    units = [FarUnit(number) for number in range(1, pads + 1) if number != dead]
    wire, lines = Wire(baud), ModbusLines()
    answers: dict[int, list[float]] = {}
    pressed_s: dict[int, float] = {}
    delays: list[float] = []
    opened: list[ModbusRatingPad] = []

    class Timed(ModbusRatingPad):
        def ask(self, wire_: Any) -> None:
            super().ask(wire_)
            answers.setdefault(self.address.unit, []).append(time.monotonic())

    def heard(unit: int, press: RawPress) -> None:
        if unit in pressed_s:
            delays.append(time.monotonic() - pressed_s.pop(unit))

    try:
        with far_end(units, wire.far):
            for number in range(1, pads + 1):
                address = parse_pad(f"modbus://{wire.near}?baud={baud}&unit={number}")
                assert isinstance(address, ModbusPadAddress)
                pad = Timed(
                    address,
                    lines,
                    on_press=lambda press, number=number: heard(number, press),  # type: ignore[misc]
                    on_trouble=lambda trouble: None,
                )
                opened.append(pad)
            until_s = time.monotonic() + 2.0
            while time.monotonic() < until_s:
                time.sleep(0.05)
            for pad in opened:
                pad.arm()
            began_s = time.monotonic()
            turn = 0
            while time.monotonic() < began_s + seconds:
                unit = units[turn % len(units)]
                pressed_s[unit.number] = time.monotonic()
                unit.inputs = 1 << turn % 4
                time.sleep(0.45)
                unit.inputs = 0
                turn += 1
                time.sleep(0.05)
    finally:
        for pad in opened:
            pad.close()
        wire.close()
    gaps = [b - a for times in answers.values() for a, b in pairwise(t for t in times if t >= began_s)]
    return {
        "pads": pads,
        "dead": 1,
        "baud": baud,
        "answers": len(gaps),
        "presses": len(delays),
        "between_answers_ms_median": round(statistics.median(gaps) * 1000, 1),
        "between_answers_ms_max": round(max(gaps) * 1000, 1),
        "press_told_ms_median": round(statistics.median(delays) * 1000, 1),
        "press_told_ms_max": round(max(delays) * 1000, 1),
    }


if __name__ == "__main__":
    print(json.dumps(bench(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)))

"""All callers of one line: a driver for :class:`~halldrivers.worker.DeviceWorker`.

The line is half duplex and has no arbitration. Where callers speak by themselves, the hall only answers, and
writes what it has to say when the line has been silent; where they are asked, it does nothing else than ask
one caller after the other. What it sent comes back from adapters that hear themselves (:mod:`.echo`).

Counters of a line: ``garbage`` bytes of no frame, ``strays`` frames of nobody or out of turn, ``timeouts``.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from halldrivers.caller.dialect import CallerDialect
from halldrivers.caller.echo import EchoFilter
from halldrivers.caller.errors import LineNoise
from halldrivers.caller.frames import CallerFrame, FrameDecoder, encode
from halldrivers.caller.pollplan import PollPlan
from halldrivers.caller.unit import CallerUnit
from halldrivers.counters import Counters
from halldrivers.errors import DeviceTimeout, Fault, PortBusy
from halldrivers.status import DeviceStatus

SILENCE_S = 0.05
"""A line that was silent for so long is free: at 9600 baud the longest pause within a frame is a few ms."""
REST_S = 0.2
"""A line on which nothing happens is looked at as often as this; a key ends the wait at once."""
ECHO_S = 0.03
"""How long after the last bit of ours its echo may still come."""
BRIDGE_S = 0.15
"""What a network bridge adds to an answer: it waits for more bytes before it sends a packet."""
_WRITE_S = 0.5
_READ_BYTES = 512
_ANSWER_BYTES = 14
_NOISE_BYTES = 64
"""Garbage since the last frame that is no accident."""
_MOST_STRANGERS = 16


class Wire(Protocol):
    """What is used of a transport."""

    def open(self) -> None:
        """As :class:`~halldrivers.transport.Transport`."""
        ...

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """As :class:`~halldrivers.transport.Transport`."""
        ...

    def write(self, data: bytes, timeout_s: float) -> int:
        """As :class:`~halldrivers.transport.Transport`."""
        ...

    def close(self) -> None:
        """As :class:`~halldrivers.transport.Transport`."""
        ...


class CallerLine:
    """One line with its callers; they may come and go while it works."""

    def __init__(
        self,
        wire: Wire,
        dialect: CallerDialect,
        *,
        baud: int = 9600,
        is_bridge: bool = False,
        counters: Counters | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counters = counters or Counters()
        self._wire, self._dialect, self._now_s = wire, dialect, now_s
        self._byte_s = 10 / baud
        self._late_s = BRIDGE_S if is_bridge else 0.0
        self._lock = threading.Lock()
        self._units: dict[int, CallerUnit] = {}
        self._newcomers: list[CallerUnit] = []
        """Callers that came after the last word about the line."""
        self._strangers: set[int] = set()
        self._decoder = FrameDecoder()
        self._echo = EchoFilter()
        self._noise = 0
        self._plan = PollPlan()
        self._to_write: list[CallerFrame] = []
        self._written = -1
        """The address of the caller that was written to last."""
        self._word: DeviceStatus | None = None
        self._is_resting = False
        """Nobody spoke and nothing was to be shown, the last time."""

    # -- from any thread

    def add(self, unit: CallerUnit) -> None:
        """From now on this caller is on the line; PortBusy when its address is taken."""
        with self._lock:
            if unit.address in self._units:
                raise PortBusy(f"unit {unit.address}")
            self._units[unit.address] = unit
            self._newcomers.append(unit)

    def remove(self, unit: CallerUnit) -> bool:
        """This caller leaves; answers whether it was the last one."""
        with self._lock:
            if self._units.get(unit.address) is unit:
                del self._units[unit.address]
            return not self._units

    def units(self) -> dict[int, CallerUnit]:
        """The callers by their addresses."""
        with self._lock:
            return dict(self._units)

    @property
    def strangers(self) -> tuple[int, ...]:
        """Addresses heard on the line that nobody has configured, at most 16 of them."""
        with self._lock:
            return tuple(sorted(self._strangers))

    # -- the driver, in the worker's thread

    @property
    def warning(self) -> Fault | None:
        """Noise instead of frames."""
        return replace(LineNoise().as_fault(), blocking=False) if self._noise >= _NOISE_BYTES else None

    def open(self) -> None:
        """Take the line, or raise and hold nothing."""
        self._tell_newcomers()
        self._wire.open()
        self._decoder.reset()
        self._echo.clear()
        self._to_write, self._noise = [], 0
        for unit in self.units().values():
            unit.line_opened(self._now_s())

    def turn(self) -> float:
        """Listen for a moment, or ask one caller; answers the seconds until the next turn."""
        self._tell_newcomers()
        return self._ask() if self._dialect.is_polled else self._listen()

    def close(self) -> None:
        """Give the line back."""
        self._wire.close()

    def says(self, word: DeviceStatus) -> None:
        """A word about the line is one about each of its callers."""
        self._word = word
        for unit in self.units().values():
            unit.line_says(word)

    def _tell_newcomers(self) -> None:
        if self._word is None:
            return
        with self._lock:
            newcomers, self._newcomers = self._newcomers, []
        for unit in newcomers:
            unit.line_says(self._word)

    # -- callers that speak by themselves

    def _listen(self) -> float:
        data = self._wire.read(_READ_BYTES, REST_S if self._is_resting else SILENCE_S)
        units = self.units()
        self._is_resting = False
        for frame in self._frames(data):
            self._hear(frame, units.get(frame.address))
        if not data:
            self._write_one(units)
        return 0.0

    def _hear(self, frame: CallerFrame, unit: CallerUnit | None) -> None:
        if not self._dialect.is_key(frame.command):
            self.counters.add("strays")
        elif unit is None:
            self.counters.add("strays")
            with self._lock:
                if len(self._strangers) < _MOST_STRANGERS:
                    self._strangers.add(frame.address)
        elif unit.spoke(frame.data, self._now_s()):
            self._send(frame)

    def _write_one(self, units: dict[int, CallerUnit]) -> None:
        """One frame whenever the line is free, so that a caller who wants to speak finds a pause."""
        for address in sorted(units, key=lambda address: (address <= self._written, address)):
            if self._to_write:
                break
            self._to_write = list(units[address].take_writes(self._now_s()))
            self._written = address
        if self._to_write:
            self._send(self._to_write.pop(0))
        else:
            self._is_resting = True

    # -- callers that are asked

    def _ask(self) -> float:
        units = self.units()
        self._plan.use(frozenset(units), self._now_s())
        address = self._plan.next(self._now_s())
        if address is None:
            return self._plan.wait_s(self._now_s())
        unit = units[address]
        self._frames(self._wire.read(_READ_BYTES, 0.0))  # what came out of turn answers no question
        self._echo.clear()
        self._frames(b"")
        number = bytes((unit.last_number,)) if self._dialect.is_numbered else b""
        self._send(CallerFrame(address, self._dialect.poll, number))
        answer = self._await_answer(address, 9 + len(number))
        if answer is None:
            unit.missed()
            self.counters.add("timeouts")
            self._plan.missed(address, self._now_s())
            return 0.0
        unit.answered(answer.data, self._now_s())
        self._plan.answered(address, self._now_s())
        for frame in unit.take_writes(self._now_s()):
            self._send(frame)
            self._frames(self._wire.read(_READ_BYTES, (len(frame.data) + 9) * self._byte_s + ECHO_S / 3))
        return 0.0

    def _await_answer(self, address: int, asked_bytes: int) -> CallerFrame | None:
        until_s = self._now_s() + (asked_bytes + _ANSWER_BYTES) * self._byte_s
        until_s += self._dialect.reply_s + self._late_s
        while (left_s := until_s - self._now_s()) > 0:
            data = self._wire.read(_READ_BYTES, left_s)
            for frame in self._frames(data) if data else ():
                if frame.address == address and frame.command == self._dialect.answer and frame.data:
                    return frame
                self.counters.add("strays")
        return None

    # -- both

    def _send(self, frame: CallerFrame) -> None:
        data = encode(frame)
        if self._wire.write(data, _WRITE_S) < len(data):
            raise DeviceTimeout("the line takes no bytes")
        # Where callers are asked, an echo is always the first to come; otherwise the next press may be.
        late_s = math.inf if self._dialect.is_polled else len(data) * self._byte_s + ECHO_S
        self._echo.sent(data, self._now_s() + late_s)

    def _frames(self, data: bytes) -> list[CallerFrame]:
        """The frames in what was read; nothing read means that the line fell silent."""
        before = self._decoder.garbage
        frames = self._decoder.feed(self._echo.feed(data, self._now_s()))
        if not data:
            frames += self._decoder.flush()
        garbage = self._decoder.garbage - before
        if garbage:
            self.counters.add("garbage", garbage)
        self._noise = 0 if frames else min(self._noise + garbage, _NOISE_BYTES)
        return frames

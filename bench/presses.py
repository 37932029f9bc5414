"""How long a press takes to be durable: at a pad on pins, and at a Modbus pad once its poll saw it."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from house import BenchHouse, wait_until
from latency import SERVICE, WINDOW, pushes

from halldrivers.modbussim import ModbusLineSim, PadUnit, modbus_url
from halldrivers.ratingpad.address import parse_pad
from halldrivers.ratingpad.opening import PadParts
from halldrivers.ratingpad.sim import PadSim
from halldrivers.simwire import serve_pty
from hallevaluator.desk import RatingDesk
from hallevaluator.pads import OpenPad, gpio_pad, open_pad
from hallevaluator.window import DeskTimes
from hallqueue.client import HallClient
from hallqueue.clock import SystemClock
from hallqueue.views import EventLine, HallSnapshot

PINS_URL = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"
THANK_S = 0.05
"""The lamp thanks for seconds in a hall; no figure waits for that."""
KEY = "1"


class Hand(Protocol):
    """A hand and an eye at one pad."""

    open_pad: OpenPad

    def asks(self) -> bool:
        """Whether all its lamps are lit."""
        ...

    def press(self) -> None:
        """Put a finger on the key."""
        ...

    def began(self) -> float:
        """When the press counts as made."""
        ...

    def release(self) -> None:
        """Take the finger away."""
        ...


class PinsHand:
    """A pad on mock pins: the press is made when the contact closes."""

    def __init__(self) -> None:
        self._sim = PadSim()
        self._began = 0.0
        self.open_pad = gpio_pad(PINS_URL, pin_factory=self._sim.factory)

    def asks(self) -> bool:
        return all(self._sim.lamps())

    def press(self) -> None:
        self._began = time.perf_counter()
        self._sim.hold(KEY)

    def began(self) -> float:
        return self._began

    def release(self) -> None:
        self._sim.release(KEY)


class SeenUnit(PadUnit):
    """A unit that notes when it answered that a key is down."""

    seen_s = 0.0

    def were_read(self, addresses: range) -> None:
        if self.seen_s == 0.0 and any(self._held):
            self.seen_s = time.perf_counter()
        super().were_read(addresses)


class ModbusHand:
    """A pad on a line: the press is made when a poll has seen it, which takes as long as the round does."""

    def __init__(self, line: ModbusLineSim, unit: SeenUnit, url: str) -> None:
        self._line, self._unit = line, unit
        self.open_pad = open_pad(parse_pad(url), PadParts())

    def asks(self) -> bool:
        return all(self._line.lamps(self._unit.number))

    def press(self) -> None:
        self._unit.seen_s = 0.0
        self._line.hold(self._unit.number, KEY)

    def began(self) -> float:
        return self._unit.seen_s

    def release(self) -> None:
        self._line.release(self._unit.number, KEY)


def press_to_durable(house: BenchHouse, count: int) -> list[float]:
    """A finger on the pad (mock pins) until its rating is pushed, which happens after the commit."""
    with _desk(house, hand := PinsHand()):
        return _presses(house, hand, count, "pins")


def poll_to_durable(house: BenchHouse, count: int) -> list[float]:
    """A press on a Modbus pad, from the answer that tells it until its rating is pushed."""
    line, unit = ModbusLineSim(clock=time.monotonic, baud=9600), SeenUnit(1)
    line.add(unit)
    with serve_pty(line, None) as server:
        hand = ModbusHand(line, unit, modbus_url(server, 1))
        with _desk(house, hand):
            return _presses(house, hand, count, "modbus")


@contextmanager
def _desk(house: BenchHouse, hand: Hand) -> Iterator[None]:
    ready, ending = threading.Event(), threading.Event()

    async def work() -> None:
        async with HallClient(house.folder.socket, "evaluator") as hall:
            times = DeskTimes(thank_s=THANK_S)
            desk = RatingDesk(hall, {WINDOW: hand.open_pad}, clock=SystemClock(), times=times)
            running = asyncio.create_task(desk.run())
            ready.set()
            await asyncio.to_thread(ending.wait)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    ready.wait(60)
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _presses(house: BenchHouse, hand: Hand, count: int, name: str) -> list[float]:
    rated: queue.Queue[float] = queue.Queue()
    following = house.client("staff")
    following.start_follow(following.snapshot().seq)
    samples: list[float] = []

    def take(push: HallSnapshot | EventLine) -> None:
        if isinstance(push, EventLine) and push.type == "RatingGiven":
            rated.put(time.perf_counter())

    with pushes(following, take):
        for _ in finished_services(house, count, name):
            wait_until(hand.asks, "the pad asks")
            hand.press()
            ended = rated.get(timeout=60)
            samples.append(ended - hand.began())
            time.sleep(0.03)
            hand.release()
            wait_until(lambda: not hand.asks(), "the pad is at rest")
            time.sleep(0.1)
    return samples


def finished_services(house: BenchHouse, count: int, name: str) -> Iterator[int]:
    """Serve ``count`` people to 办结; yields each matter whose rating is asked for."""
    terminal, window = house.client("terminal"), house.client("window", WINDOW)
    window.open_window(WINDOW, key=f"{name}-open")
    for n in range(count):
        terminal.issue(SERVICE, key=f"{name}-{n}", paper=False)
    for n in range(count):
        window.call_next(WINDOW, key=f"{name}-{n}-call")
        window.start(WINDOW, key=f"{name}-{n}-start")
        yield window.finish(WINDOW, key=f"{name}-{n}-finish").rating.matter

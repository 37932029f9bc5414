"""A reader under a hand clock: the simulator answers in the test's own thread, and no time passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import pytest

from halldrivers.errors import PortAbsent, PortClosed, PortGone
from halldrivers.idcard.address import parse_idcard
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.sim import CardReaderSim
from halldrivers.idcard.simhand import CardMachine
from halldrivers.idcard.simstx import StxReaderSim
from halldrivers.idcard.trouble import CardTrouble
from halldrivers.transport import Transport


class HandClock:
    """Seconds that pass only when a test says so, or when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += seconds


class DirectWire:
    """A transport to a machine in the same thread; waiting moves the hand clock."""

    def __init__(self, machine: CardMachine, clock: HandClock, baud: int = 0) -> None:
        self.machine, self.clock, self.baud = machine, clock, baud
        self.link: int | None = None

    def open(self) -> None:
        if not self.machine.is_connected:
            raise PortAbsent("direct")
        self.link = self.machine.link_number

    def close(self) -> None:
        self.link = None

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        self._check()
        data = self.machine.take_output()
        if data:
            return data
        due_s = self.machine.next_event_s()
        self.clock.pass_s(timeout_s if due_s is None else min(timeout_s, due_s + 1e-9))
        return self.machine.take_output()

    def write(self, data: bytes, timeout_s: float) -> int:
        self._check()
        taken = self.machine.receive(data)
        self._check()
        return taken

    def _check(self) -> None:
        if self.link is None:
            raise PortClosed("direct")
        if self.link != self.machine.link_number:
            self.close()
            raise PortGone("direct")

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass
class Desk:
    """A reader on a desk, its simulator, and what the terminal heard."""

    reader: CardReader
    sim: CardReaderSim
    stx: StxReaderSim
    clock: HandClock
    cards: list[CardRecord] = field(default_factory=list)
    troubles: list[CardTrouble | None] = field(default_factory=list)
    speeds: list[int] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Let the reader work for so long."""
        until_s = self.clock.now + seconds
        while self.clock.now < until_s:
            self.clock.pass_s(self.reader.turn())

    def until_card(self, within_s: float = 10.0) -> CardRecord:
        """Let the reader work until it hands a card over."""
        before, until_s = len(self.cards), self.clock.now + within_s
        while len(self.cards) == before:
            assert self.clock.now < until_s, f"no card; {self.troubles}"
            self.clock.pass_s(self.reader.turn())
        return self.cards[-1]

    @property
    def asked(self) -> list[str]:
        """What the simulator was asked, in hexadecimal, `find` once for each time in a row."""
        names = [request.hex() for request in self.sim.requests]
        return [name for at, name in enumerate(names) if at == 0 or name != names[at - 1]]


MakeDesk = Callable[..., Desk]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def make_desk(clock: HandClock) -> MakeDesk:
    def make(url: str = "tcp://10.0.0.7:10001", **options: object) -> Desk:
        driven = [0]
        sim = CardReaderSim(clock=clock)
        stx = StxReaderSim(clock=clock)
        address = parse_idcard(url)
        machine: CardMachine = stx if address.frames == "stx" else sim
        if address.link == "serial":
            machine.line_baud = lambda: driven[0]

        def open_wire(baud: int) -> Transport:
            driven[0] = baud
            desk.speeds.append(baud)
            return DirectWire(machine, clock, baud)

        reader = CardReader(
            address,
            on_card=lambda record: desk.cards.append(record),
            on_trouble=lambda trouble: desk.troubles.append(trouble),
            open_wire=open_wire,
            now_s=clock,
            sleep=clock.pass_s,
            random_bytes=lambda count: bytes(count),
            **options,  # type: ignore[arg-type]
        )
        desk = Desk(reader, sim, stx, clock)
        return desk

    return make


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """An open reader that speaks SAM frames."""
    made = make_desk()
    made.reader.open()
    return made

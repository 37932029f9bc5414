"""The reader in its thread, over pseudo-terminals, TCP, USB and memory: lost, found, never in the way."""

from __future__ import annotations

import logging
import os
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.errors import DeviceState, PortAbsent, PortGone
from halldrivers.idcard.address import parse_idcard
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.record import CardKind, CardRecord
from halldrivers.idcard.sim import CardReaderSim
from halldrivers.idcard.simcards import CARDS, RESIDENT
from halldrivers.idcard.simstx import StxReaderSim
from halldrivers.idcard.trouble import CardTrouble
from halldrivers.idcard.visit import Pace
from halldrivers.memoryport import memory_pair
from halldrivers.simwire import serve_pty, serve_tcp, serve_transport
from halldrivers.status import DeviceStatus
from halldrivers.usbport.address import UsbAddress
from halldrivers.usbport.pipes import BULK, Endpoint, Interface
from halldrivers.worker import DeviceWorker, Retry

WITHIN_S = 20.0
QUICK = Pace(poll_s=0.005, health_s=0.02, debounce_s=0.0, hold_s=0.0)
RETRY = Retry(first_s=0.002, most_s=0.01)
SPEEDS = {
    termios.B115200: 115_200,
    termios.B57600: 57_600,
    termios.B38400: 38_400,
    termios.B19200: 19_200,
    termios.B9600: 9600,
}


class Hall:
    """A terminal that listens to one reader."""

    def __init__(self) -> None:
        self.retry: Retry | None = RETRY
        self.cards: list[CardRecord] = []
        self.troubles: list[CardTrouble | None] = []
        self.states: list[DeviceState] = []
        self._changed = threading.Condition()
        self._workers: list[DeviceWorker] = []

    def reader(self, url: str, **options: object) -> tuple[CardReader, DeviceWorker]:
        options.setdefault("pace", QUICK)
        reader = CardReader(
            parse_idcard(url),
            on_card=lambda record: self._heard(self.cards, record),
            on_trouble=lambda trouble: self._heard(self.troubles, trouble),
            **options,  # type: ignore[arg-type]
        )
        worker = reader.worker("idcard", on_status=self._status, retry=self.retry).start()
        self._workers.append(worker)
        return reader, worker

    def until(self, holds: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, WITHIN_S), (self.states, self.cards, self.troubles)

    def until_card(self, count: int) -> None:
        self.until(lambda: len(self.cards) >= count)

    def until_state(self, state: DeviceState) -> None:
        self.until(lambda: self.states[-1:] == [state])

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def _status(self, status: DeviceStatus) -> None:
        self._heard(self.states, status.state)

    def _heard(self, kept: list, what: object) -> None:  # type: ignore[type-arg]
        with self._changed:
            kept.append(what)
            self._changed.notify_all()


@pytest.fixture
def hall() -> Iterator[Hall]:
    threads = threading.active_count()
    made = Hall()
    yield made
    made.close()
    assert threading.active_count() == threads, "no thread is left behind"


@pytest.fixture
def sim() -> CardReaderSim:
    return CardReaderSim(clock=time.monotonic)


def pty_speed(path: str) -> int:
    """The speed at which somebody drives a pseudo-terminal."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        return SPEEDS[termios.tcgetattr(fd)[5]]
    finally:
        os.close(fd)


def test_every_card_passes_over_a_real_pty(hall: Hall, sim: CardReaderSim) -> None:
    with serve_pty(sim) as server:
        reader, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        reader.arm()
        for count, (name, card) in enumerate(CARDS.items(), start=1):
            sim.lay(card)
            hall.until_card(count)
            assert hall.cards[-1].number.reveal() in card.text.decode("utf-16-le"), name
            sim.take_away()
            hall.until(lambda: hall.troubles[-1:] == [None])
        worker.close()
    assert [record.kind for record in hall.cards] == list(CardKind)
    assert reader.counters["good_reads"] == 4 and reader.counters["bad_reads"] == 0


def test_every_card_passes_through_a_multi_function_reader_over_tcp(hall: Hall) -> None:
    sim = StxReaderSim(clock=time.monotonic)
    with serve_tcp(sim) as server:
        reader, worker = hall.reader(f"{server.url}?frames=stx")
        reader.arm()
        for count, card in enumerate(CARDS.values(), start=1):
            sim.lay(card)
            hall.until_card(count)
            sim.take_away()
            hall.until(lambda: hall.troubles[-1:] == [None])
        worker.close()
    assert [record.kind for record in hall.cards] == list(CardKind)


def test_arming_wakes_a_sleeping_reader(hall: Hall, sim: CardReaderSim) -> None:
    with serve_tcp(sim) as server:
        reader, worker = hall.reader(server.url, pace=Pace(health_s=3600.0, poll_s=0.005))
        hall.until_state(DeviceState.ONLINE)
        sim.lay(RESIDENT)
        reader.arm()
        hall.until_card(1)
        assert reader.is_armed
        worker.close()


def test_the_speed_is_found_on_a_pty_whose_reader_listens_at_9600(hall: Hall, sim: CardReaderSim) -> None:
    with serve_pty(sim) as server:
        sim.listens_at, sim.line_baud = 9600, lambda: pty_speed(server.path)
        reader, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        assert reader.baud == 9600 and pty_speed(server.path) == 9600
        sim.lay(RESIDENT)
        reader.arm()
        hall.until_card(1)
        worker.close()


def test_the_speed_is_changed_on_a_pty(hall: Hall, sim: CardReaderSim) -> None:
    with serve_pty(sim) as server:
        sim.line_baud = lambda: pty_speed(server.path)
        reader, worker = hall.reader(f"{server.url}?baud=115200")
        hall.until_state(DeviceState.ONLINE)
        worker.call(lambda: reader.set_baud(38400), WITHIN_S)
        assert pty_speed(server.path) == 38400 == sim.listens_at
        assert worker.call(reader.identity, WITHIN_S) == "05.01-20230101-0000123456-0987654321"
        worker.close()


def test_a_reader_pulled_at_every_byte_of_a_read_comes_back_over_memory(
    hall: Hall, sim: CardReaderSim
) -> None:
    near, far = memory_pair()
    with serve_transport(sim, far):
        reader, worker = hall.reader("tcp://10.0.0.7:10001", open_wire=lambda baud: near)
        reader.arm()
        pull_at_every_byte(hall, sim, worker, range(1, 51))
        worker.close()
    assert reader.counters["opens"] >= 50


def test_a_reader_pulled_at_every_byte_of_a_read_comes_back_over_a_pty(
    hall: Hall, sim: CardReaderSim
) -> None:
    with serve_pty(sim) as server:
        reader, worker = hall.reader(server.url)
        reader.arm()
        pull_at_every_byte(hall, sim, worker, range(1, 51))
        worker.close()
    assert reader.counters["opens"] >= 50


def pull_at_every_byte(hall: Hall, sim: CardReaderSim, worker: DeviceWorker, places: range) -> None:
    """Pull the cable so many bytes into a read, put it back, and have the card that lies there read."""
    for count, at in enumerate(places, start=1):
        with sim.lock:
            sim.lay(RESIDENT)
            sim.unplug_after(at)
        deadline_s = time.monotonic() + WITHIN_S
        # Back before the pump has looked, it would be the same pseudo-terminal, with an answer missing.
        while sim.is_connected or worker.is_open:
            assert time.monotonic() < deadline_s, at
            time.sleep(0.001)
        sim.plug()
        hall.until_card(count)
        sim.take_away()
        hall.until(lambda: hall.troubles[-1:] == [None])
    assert len(hall.cards) == len(places), "each card was handed over once"


def test_a_reader_that_is_gone_for_long_is_told_once_down_and_once_up(
    hall: Hall, sim: CardReaderSim, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hall.device")
    with serve_pty(sim) as server:
        _, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        sim.unplug_after(0)
        hall.until_state(DeviceState.ABSENT)
        sim.plug()
        hall.until_state(DeviceState.ONLINE)
        worker.close()
    assert hall.states == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE]
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "INFO"]


def test_a_reader_replugged_under_another_node_name_is_found_through_its_link(
    hall: Hall, sim: CardReaderSim, tmp_path: Path
) -> None:
    link = tmp_path / "idcard"
    with serve_pty(sim, link) as server:
        reader, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        sim.unplug_after(0)
        hall.until_state(DeviceState.ABSENT)
        other, other_slave = os.openpty()  # takes the old node's number
        sim.plug()
        hall.until_state(DeviceState.ONLINE)
        sim.lay(RESIDENT)
        reader.arm()
        hall.until_card(1)
        worker.close()
        os.close(other)
        os.close(other_slave)


def test_a_module_that_is_not_well_is_a_fault_and_heals(hall: Hall, sim: CardReaderSim) -> None:
    with serve_tcp(sim) as server:
        _, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        sim.is_well = False
        hall.until_state(DeviceState.FAULT)
        assert worker.status.code == "I-02"
        sim.is_well = True
        hall.until_state(DeviceState.ONLINE)
        worker.close()


def test_a_hung_reader_does_not_hold_up_a_close(hall: Hall, sim: CardReaderSim) -> None:
    with serve_pty(sim) as server:
        reader, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        sim.go_silent()
        reader.arm()
        deadline_s = time.monotonic() + WITHIN_S
        while b"\x20\x01" not in sim.requests:
            assert time.monotonic() < deadline_s
            time.sleep(0.001)
        before_s = time.monotonic()
        worker.close()
        # Measured: one answer's time-out of 1 s, far below the 10 s that a close would wait.
        assert time.monotonic() - before_s < 5.0


def test_a_silent_reader_is_offline_and_back_when_it_speaks(hall: Hall, sim: CardReaderSim) -> None:
    with serve_tcp(sim) as server:
        _, worker = hall.reader(server.url)
        hall.until_state(DeviceState.ONLINE)
        sim.go_silent()
        hall.until_state(DeviceState.OFFLINE)
        assert worker.status.code == "I-01"
        sim.speak()
        hall.until_state(DeviceState.ONLINE)
        worker.close()


def test_a_reader_that_was_never_there_is_absent_and_found_when_it_comes(
    hall: Hall, sim: CardReaderSim, tmp_path: Path
) -> None:
    link = tmp_path / "idcard"
    _, worker = hall.reader(f"serial://{link}")
    hall.until_state(DeviceState.ABSENT)
    with serve_pty(sim, link):
        hall.until_state(DeviceState.ONLINE)
        worker.close()


def test_at_its_usual_pace_a_reader_is_back_within_three_seconds_of_its_node(
    hall: Hall, sim: CardReaderSim, tmp_path: Path
) -> None:
    hall.retry = None
    with serve_pty(sim, tmp_path / "idcard") as server:
        sim.listens_at, sim.line_baud = 9600, lambda: pty_speed(server.path)
        _, worker = hall.reader(server.url, pace=Pace())
        hall.until_state(DeviceState.ONLINE)
        sim.unplug_after(0)
        hall.until_state(DeviceState.ABSENT)
        sim.plug()
        before_s = time.monotonic()
        hall.until_state(DeviceState.ONLINE)
        took_s = time.monotonic() - before_s
        worker.close()
    # Measured: up to 1 s until the worker tries again, and one answer.
    assert took_s < 3.0


def test_an_idle_reader_that_was_pulled_and_put_back_at_once_is_open_again_within_three_seconds(
    hall: Hall, sim: CardReaderSim, tmp_path: Path
) -> None:
    hall.retry = None
    with serve_pty(sim, tmp_path / "idcard") as server:
        reader, worker = hall.reader(server.url, pace=Pace())
        hall.until_state(DeviceState.ONLINE)
        sim.unplug_after(0)
        deadline_s = time.monotonic() + WITHIN_S
        while (tmp_path / "idcard").exists():
            assert time.monotonic() < deadline_s
            time.sleep(0.001)
        sim.plug()
        before_s = time.monotonic()
        while reader.counters["opens"] < 2:
            assert time.monotonic() < deadline_s
            time.sleep(0.005)
        took_s = time.monotonic() - before_s
        worker.close()
    # Measured: up to 2 s until the reader is asked again, and a short wait before it is opened.
    assert took_s < 3.0


class TwoPipes:
    """The simulated module at the far end of its own USB, in place of pyusb's handle."""

    pipes = tuple(Endpoint(address, BULK, 64) for address in (0x02, 0x06, 0x81, 0x85))

    def __init__(self, sim: CardReaderSim) -> None:
        self.sim = sim
        self.is_closed = False
        self._link = sim.link_number
        self._given: dict[int, bytes] = {0x81: b"", 0x85: b""}

    def write(self, endpoint: Endpoint, data: bytes, timeout_s: float) -> int:
        self._check()
        taken = self.sim.receive(data)
        self._check()
        return taken

    def read(self, endpoint: Endpoint, size: int, timeout_s: float) -> bytes | None:
        self._check()
        frame = self.sim.take_output()
        self._given[0x81] += frame[:7]
        self._given[0x85] += frame[7:]
        waiting = self._given[endpoint.address]
        if not waiting:
            time.sleep(min(timeout_s, 0.002))
        self._given[endpoint.address] = waiting[size:]
        return waiting[:size] or None

    def close(self) -> None:
        self.is_closed = True

    def _check(self) -> None:
        if self._link != self.sim.link_number:
            raise PortGone("usb")


@pytest.fixture
def two_pipes(sim: CardReaderSim, monkeypatch: pytest.MonkeyPatch) -> list[TwoPipes]:
    """Every handle that is opened from now on."""
    opened: list[TwoPipes] = []

    def open_handle(address: UsbAddress, choose: Callable[..., object], *others: object) -> TwoPipes:
        assert address.ids == "0400:c35a"
        if not sim.is_connected:
            raise PortAbsent("usb")
        choose((Interface(0, 0, 0xFF, 0, TwoPipes.pipes),))
        opened.append(TwoPipes(sim))
        return opened[-1]

    monkeypatch.setattr("halldrivers.usbport.handle.UsbHandle", open_handle)
    return opened


def test_every_card_passes_over_the_module_s_own_usb(
    hall: Hall, sim: CardReaderSim, two_pipes: list[TwoPipes]
) -> None:
    reader, worker = hall.reader("usb://0400:c35a")
    reader.arm()
    for count, card in enumerate(CARDS.values(), start=1):
        sim.has_fingerprint_form = not sim.has_fingerprint_form
        sim.lay(card.with_addresses("宁夏同心县样例村2号"))
        hall.until_card(count)
        sim.take_away()
        hall.until(lambda: hall.troubles[-1:] == [None])
    worker.close()
    assert [record.kind for record in hall.cards] == list(CardKind)
    assert all(len(record.appended_addresses) == 1 for record in hall.cards)
    assert [pipes.is_closed for pipes in two_pipes] == [True] and reader.baud == 0


def test_a_usb_reader_pulled_at_every_byte_of_a_read_comes_back(
    hall: Hall, sim: CardReaderSim, two_pipes: list[TwoPipes]
) -> None:
    reader, worker = hall.reader("usb://0400:c35a")
    reader.arm()
    pull_at_every_byte(hall, sim, worker, range(1, 51))
    worker.close()
    assert len(two_pipes) >= 50 and all(pipes.is_closed for pipes in two_pipes)

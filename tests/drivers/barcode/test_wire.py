"""The reader on real pseudo-terminals and TCP, against the simulated scanner at the far end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from halldrivers.barcode.codes import BadReason
from halldrivers.barcode.opening import make_reader
from halldrivers.barcode.reader import BarcodeReader
from halldrivers.barcode.sim import BarcodeSim
from halldrivers.errors import PortBusy
from halldrivers.simwire import SimServer, serve_pty, serve_tcp
from halldrivers.worker import DeviceWorker

from .conftest import Heard  # type: ignore[import-not-found]

Work = Callable[[BarcodeReader], DeviceWorker]


@pytest.fixture(params=["serial", "tcp"])
def far(request: pytest.FixtureRequest) -> Iterator[SimServer[BarcodeSim]]:
    sim = BarcodeSim()
    with serve_tcp(sim) if request.param == "tcp" else serve_pty(sim) as server:
        yield server


@pytest.fixture
def online(far: SimServer[BarcodeSim], heard: Heard, work: Work) -> DeviceWorker:
    worker = work(make_reader(far.url, heard.code, heard.refused))
    heard.until(lambda: heard.states == ["online"])
    return worker


@pytest.mark.usefixtures("online")
def test_what_is_scanned_arrives(far: SimServer[BarcodeSim], heard: Heard) -> None:
    far.sim.scan("HALL-A012/x9k2")
    far.sim.scan("https://hall.example/r?t=Zk3")
    heard.until(lambda: heard.codes == ["HALL-A012/x9k2", "https://hall.example/r?t=Zk3"])
    assert heard.threads == {"device barcode"}


@pytest.mark.usefixtures("online")
def test_a_slow_scanner_and_one_with_garbage_before(far: SimServer[BarcodeSim], heard: Heard) -> None:
    far.sim.scan_slowly("SLOW", gap_s=0.02)
    heard.until(lambda: heard.codes == ["SLOW"])
    far.sim.send_garbage()
    heard.until(lambda: [bad.reason for bad in heard.bad] == [BadReason.INCOMPLETE])
    far.sim.scan("AFTER")
    heard.until(lambda: heard.codes == ["SLOW", "AFTER"])


def test_a_flood_reaches_nobody_but_the_counters(
    far: SimServer[BarcodeSim], heard: Heard, online: DeviceWorker
) -> None:
    far.sim.flood(200)
    heard.until(lambda: online.counters["good_reads"] + online.counters["dropped"] == 200)
    assert len(heard.codes) == online.counters["good_reads"] < 60
    heard.until(lambda: bool(heard.words) and heard.words[-1].code == "B-03")


@pytest.mark.usefixtures("online")
def test_a_paper_held_before_a_scanner_in_continuous_mode_is_one_read(
    far: SimServer[BarcodeSim], heard: Heard, online: DeviceWorker
) -> None:
    far.sim.hold("A1", times=10, every_s=0.02)
    heard.until(lambda: online.counters["dropped"] == 9)
    assert heard.codes == ["A1"]


def test_unplugged_in_mid_code_it_is_lost_once_and_back_and_the_half_is_gone(
    far: SimServer[BarcodeSim], heard: Heard, online: DeviceWorker
) -> None:
    far.sim.scan_and_unplug("UNPLUGGED", after_bytes=5)
    heard.until(lambda: heard.states == ["online", "absent"])
    far.sim.plug()
    heard.until(lambda: heard.states == ["online", "absent", "online"])
    far.sim.scan("WHOLE")
    heard.until(lambda: heard.codes == ["WHOLE"])
    assert online.counters["losses"] == 1


@pytest.mark.parametrize("byte", range(1, 10))
def test_unplugged_at_any_byte_no_code_comes_of_it(heard: Heard, work: Work, byte: int) -> None:
    with serve_pty(BarcodeSim()) as server:
        worker = work(make_reader(server.url, heard.code, heard.refused))
        heard.until(lambda: worker.is_open)
        server.sim.scan_and_unplug("UNPLUGGED", after_bytes=byte)
        heard.until(lambda: "absent" in heard.states)
        worker.close()
    assert heard.codes == []


def test_a_second_reader_on_the_same_serial_port_is_refused(heard: Heard, work: Work) -> None:
    with serve_pty(BarcodeSim()) as server:
        worker = work(make_reader(server.url, heard.code))
        heard.until(lambda: worker.is_open)
        with pytest.raises(PortBusy):
            make_reader(server.url, heard.code).open()


def test_an_unplugged_and_a_silent_scanner_end_with_their_worker(heard: Heard) -> None:
    before = threading.active_count()
    with serve_pty(BarcodeSim()) as server:
        worker = DeviceWorker("barcode", make_reader(server.url, heard.code)).start()
        worker.close()
    assert threading.active_count() == before


def test_the_simulated_scanner_sends_its_prefix_and_its_end(heard: Heard, work: Work) -> None:
    with serve_pty(BarcodeSim(prefix="]Q1", end="\t")) as server:
        work(make_reader(f"{server.url}?aim=yes&end=tab", heard.code, heard.refused))
        heard.until(lambda: bool(heard.words))
        server.sim.scan("A1")
        heard.until(lambda: heard.codes == ["A1"])

"""eSCL, the whole way: our driver, the real scanimage, sane-airscan, and the simulated network scanner."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from halldrivers.errors import DeviceState, DeviceTimeout
from halldrivers.scanner.address import EsclAddress, parse_scanner
from halldrivers.scanner.errors import ScannerAbsent, ScannerIoError
from halldrivers.scanner.esclsim import EsclFault, EsclServer
from halldrivers.scanner.esclsim.documents import Wish
from halldrivers.scanner.esclstatus import Feeder
from halldrivers.scanner.outcome import Ended, ScanOutcome
from halldrivers.scanner.sanescanner import SaneScanner
from halldrivers.scanner.scanner import scanner_at
from halldrivers.scanner.settings import Mode, ScanLimits, ScanSettings, Source
from halldrivers.worker import DeviceWorker

WITHIN_S = 20.0
QUICK = ScanLimits(page_s=20.0, batch_s=60.0, grace_s=2.0, probe_s=15.0)
SMALL = ScanSettings(resolution_dpi=75)


@pytest.fixture
def scanner(escl: EsclServer, tmp_path: Path) -> Iterator[SaneScanner]:
    made = scanner_at(escl.url, tmp_path / "work", environment=dict(os.environ), limits=QUICK)
    assert isinstance(made, SaneScanner)
    made.open()
    yield made
    made.close()


def scan(scanner: SaneScanner, taker: Any, settings: ScanSettings = SMALL) -> ScanOutcome:
    return scanner.scan(settings, taker, taker.stop.is_set)


def test_what_it_can_do_is_asked(scanner: SaneScanner) -> None:
    assert scanner.abilities().choices("source") == ("Flatbed", "ADF", "ADF Duplex")
    assert scanner.abilities().choices("mode") == ("Color", "Gray")


def test_no_system_file_is_used_and_the_private_one_goes_away(scanner: SaneScanner) -> None:
    assert scanner._config is not None
    folder = scanner._config.folder
    assert folder.exists()
    assert [found.name for found in scanner.listed()] == ["airscan:e0:hall"]
    scanner.close()
    scanner.close()
    assert not folder.exists()


def test_three_sheets_from_the_feeder(scanner: SaneScanner, escl: EsclServer, taker: Any) -> None:
    escl.sim.load(3)
    outcome = scan(scanner, taker)
    assert (outcome.ended, len(outcome.pages), outcome.adapted) == (Ended.DONE, 3, ())
    assert escl.sim.seen.jobs == [Wish("Feeder", False, "RGB24", 75, 2480, 3508)]
    assert escl.sim.feeder is Feeder.EMPTY or escl.sim.sheets == 0
    with Image.open(outcome.pages[0].path) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert picture.size == (620, 877)


def test_the_pages_come_in_the_order_of_the_sheets(
    scanner: SaneScanner, escl: EsclServer, taker: Any
) -> None:
    escl.sim.load(4)
    outcome = scan(scanner, taker)
    # Each sheet shows its number as that many red bars along its top.
    bars = []
    for page in outcome.pages:
        with Image.open(page.path) as picture:
            row = [picture.getpixel((x, 63)) for x in range(picture.width)]
            red = [pixel[0] > 180 and pixel[1] < 90 for pixel in row]
            bars.append(sum(1 for before, now in itertools.pairwise(red) if now and not before))
    assert bars == [1, 2, 3, 4]


def test_both_sides_in_grey(scanner: SaneScanner, escl: EsclServer, taker: Any) -> None:
    escl.sim.load(2)
    outcome = scan(scanner, taker, ScanSettings(Source.DUPLEX, Mode.GRAY, 75))
    assert len(outcome.pages) == 4
    assert (escl.sim.seen.jobs[0].is_duplex, escl.sim.seen.jobs[0].color_mode) == (True, "Grayscale8")


def test_one_page_from_the_glass_is_one_job(scanner: SaneScanner, escl: EsclServer, taker: Any) -> None:
    # Without a count scanimage would begin job after job on the glass and never end.
    outcome = scan(scanner, taker, ScanSettings(Source.FLATBED, resolution_dpi=75))
    assert (outcome.ended, len(outcome.pages)) == (Ended.DONE, 1)
    assert len(escl.sim.seen.jobs) == 1


def test_an_empty_feeder_asks_for_paper(scanner: SaneScanner, taker: Any) -> None:
    outcome = scan(scanner, taker)
    assert (outcome.ended, outcome.asks_person) == (Ended.NO_PAPER, True)
    assert scanner.counters["bad_reads"] == 0


def test_a_jam_keeps_the_pages_before_it_and_the_rest_comes_later(
    scanner: SaneScanner, escl: EsclServer, taker: Any
) -> None:
    escl.sim.load(5)
    escl.sim.jam_after(2)
    outcome = scan(scanner, taker)
    assert (outcome.ended, len(outcome.pages)) == (Ended.JAMMED, 2)
    assert outcome.fault is not None and outcome.fault.code == "N-04"
    assert all(page.path.exists() for page in outcome.pages)
    assert scan(scanner, taker).ended is Ended.JAMMED
    escl.sim.clear_jam()
    assert len(scan(scanner, taker).pages) == 3


def test_an_open_cover(scanner: SaneScanner, escl: EsclServer, taker: Any) -> None:
    escl.sim.load(1)
    escl.sim.open_cover()
    assert scan(scanner, taker).ended is Ended.COVER_OPEN
    escl.sim.close_cover()
    assert len(scan(scanner, taker).pages) == 1


@pytest.mark.parametrize(
    "fault", [EsclFault.BROKEN, EsclFault.SHORT, EsclFault.LONG, EsclFault.GARBAGE, EsclFault.DENIED]
)
def test_a_page_that_is_not_whole_is_never_a_page(
    scanner: SaneScanner, escl: EsclServer, taker: Any, fault: EsclFault
) -> None:
    escl.sim.load(2)
    escl.sim.fault = fault
    outcome = scan(scanner, taker)
    assert (outcome.ended, outcome.pages, outcome.folder) == (Ended.IO_ERROR, (), None)
    escl.sim.fault = EsclFault.NONE
    escl.sim.load(1)
    assert scan(scanner, taker).ended is Ended.DONE


def test_a_cable_that_breaks_in_the_second_page_keeps_the_first(
    scanner: SaneScanner, escl: EsclServer, taker: Any
) -> None:
    escl.sim.load(3)
    answers = iter([EsclFault.NONE, EsclFault.BROKEN])
    next_page = escl.sim._next

    def breaking(job: Any) -> Any:
        escl.sim.fault = next(answers, EsclFault.BROKEN)
        return next_page(job)

    escl.sim._next = breaking  # type: ignore[method-assign]
    outcome = scan(scanner, taker)
    assert (outcome.ended, len(outcome.pages)) == (Ended.IO_ERROR, 1)


def test_a_scanner_that_is_busy_for_a_moment_is_waited_for(
    scanner: SaneScanner, escl: EsclServer, taker: Any
) -> None:
    # sane-airscan asks again every second, ten times; then it is SANE's "busy" (test_scanner_batch.py).
    escl.sim.load(1)
    escl.sim.fault = EsclFault.BUSY
    begin = escl.sim._begin

    def free_from_now_on(wish: Wish) -> Any:
        answer = begin(wish)
        escl.sim.fault = EsclFault.NONE
        return answer

    escl.sim._begin = free_from_now_on  # type: ignore[method-assign]
    assert len(scan(scanner, taker).pages) == 1


def test_slow_pages_come_all_the_same(scanner: SaneScanner, escl: EsclServer, taker: Any) -> None:
    escl.sim.load(2)
    escl.sim.slow_s = 0.15
    escl.sim.fault = EsclFault.SLOW
    assert len(scan(scanner, taker).pages) == 2


def test_a_page_that_never_comes_is_given_up_and_the_job_cancelled(
    escl: EsclServer, tmp_path: Path, taker: Any
) -> None:
    address = parse_scanner(escl.url)
    assert isinstance(address, EsclAddress)
    made = SaneScanner(
        address,
        tmp_path / "work",
        environment=dict(os.environ),
        limits=ScanLimits(page_s=60.0, grace_s=1.0),
        # The patience ends as soon as the job has begun.
        now_s=lambda: time.monotonic() + (1000 if escl.sim.seen.jobs else 0),
    )
    made.open()
    escl.sim.load(2)
    escl.sim.slow_s = 60.0
    escl.sim.fault = EsclFault.SLOW
    outcome = made.scan(SMALL, taker, taker.stop.is_set)
    made.close()
    assert (outcome.ended, outcome.pages) == (Ended.TIMED_OUT, ())
    assert escl.sim.seen.cancelled == 1
    assert made.counters["timeouts"] == 1


def test_a_cancel_deletes_the_job_at_the_scanner(scanner: SaneScanner, escl: EsclServer, taker: Any) -> None:
    escl.sim.load(9)
    escl.sim.slow_s = 0.4
    escl.sim.fault = EsclFault.SLOW
    taker.stop_after = 1
    outcome = scan(scanner, taker)
    assert (outcome.ended, len(outcome.pages)) == (Ended.CANCELLED, 1)
    assert escl.sim.seen.cancelled == 1
    escl.sim.fault = EsclFault.NONE
    taker.stop.clear()
    taker.stop_after = 0
    assert scan(scanner, taker).ended is Ended.DONE


# --- health --------------------------------------------------------------------------------------


def test_an_idle_scanner_tells_its_jam_before_anybody_scans(escl: EsclServer, tmp_path: Path) -> None:
    now = [0.0]
    address = parse_scanner(escl.url)
    assert isinstance(address, EsclAddress)
    made = SaneScanner(
        address,
        tmp_path / "work", environment=dict(os.environ), limits=QUICK, now_s=lambda: now[0],
    )  # fmt: skip
    made.open()
    assert made.warning is None
    assert made.feeder() is Feeder.EMPTY
    escl.sim.load(1)
    assert made.feeder() is Feeder.LOADED
    escl.sim.jam()
    now[0] += 60
    made.turn()
    assert made.warning is not None
    assert (made.warning.code, made.warning.blocking) == ("N-04", False)
    escl.sim.clear_jam()
    now[0] += 60
    made.turn()
    assert made.warning is None
    made.close()


def test_a_scanner_that_is_off_is_absent_at_once(escl: EsclServer, tmp_path: Path) -> None:
    made = scanner_at(escl.url, tmp_path, environment=dict(os.environ))
    escl.close()
    with pytest.raises(ScannerAbsent):
        made.open()
    assert not made.is_open


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (EsclFault.ERROR, ScannerIoError),
        (EsclFault.BAD_XML, ScannerIoError),
        (EsclFault.SILENT, DeviceTimeout),
    ],
)
def test_a_scanner_that_answers_nonsense(
    escl: EsclServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: EsclFault,
    error: type[Exception],
) -> None:
    monkeypatch.setattr("halldrivers.scanner.sanescanner.STATUS_TIMEOUT_S", 0.3)
    escl.sim.fault = fault
    made = scanner_at(escl.url, tmp_path, environment=dict(os.environ))
    with pytest.raises(error):
        made.open()


def test_a_scanner_that_is_switched_off_between_two_scans(
    scanner: SaneScanner, escl: EsclServer, taker: Any
) -> None:
    escl.sim.load(1)
    assert scan(scanner, taker).ended is Ended.DONE
    port = escl.port
    escl.close()
    outcome = scan(scanner, taker)
    assert (outcome.ended, outcome.pages) == (Ended.ABSENT, ())
    assert outcome.fault is not None and outcome.fault.code == "N-02"
    with EsclServer(escl.sim, port=port):
        escl.sim.load(1)
        assert scan(scanner, taker).ended is Ended.DONE


def test_a_scanner_that_hangs_delays_nobody_else(escl: EsclServer, tmp_path: Path, taker: Any) -> None:
    hung = scanner_at(escl.url, tmp_path / "work", environment=dict(os.environ), limits=QUICK)
    with DeviceWorker("hung scanner", hung) as worker:
        until_s = time.monotonic() + WITHIN_S
        while worker.status.state is not DeviceState.ONLINE:
            assert time.monotonic() < until_s
            time.sleep(0.01)
        escl.sim.load(1)
        escl.sim.fault = EsclFault.SILENT
        stop = threading.Event()
        caller = threading.Thread(
            target=lambda: worker.call(lambda: hung.scan(SMALL, taker, stop.is_set), 60)
        )
        caller.start()
        with EsclServer(type(escl.sim)()) as other:
            other.sim.load(1)
            well = scanner_at(other.url, tmp_path / "other", environment=dict(os.environ), limits=QUICK)
            well.open()
            assert well.scan(SMALL, taker, lambda: False).ended is Ended.DONE
            well.close()
        assert caller.is_alive()
        hung.halt()
        caller.join(WITHIN_S)
        assert not caller.is_alive()

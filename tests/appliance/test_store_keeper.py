"""The scan store at work: opened as soon as it can be, told once, swept, given back."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hall.config.load import load
from hall.devices import storekeeper
from hall.devices.storekeeper import StoreKeeper
from hall.devices.terminal import make_store
from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.errors import DeviceState
from halldrivers.scanstore.errors import StoreBusy
from halldrivers.scanstore.kepterrors import LedgerAway, LedgerRefused
from halldrivers.scanstore.ledger import KnownScan, ScanState, SealedScan
from halldrivers.scanstore.page import Page
from halldrivers.scanstore.store import ScanStore
from halldrivers.status import DeviceStatus

TOWNSHIP = load(Path(__file__).parents[2] / "examples" / "township.toml")


class ListLedger:
    """A log that is a list, and can be away."""

    def __init__(self) -> None:
        self.rows: list[SealedScan] = []
        self.is_away = self.refuses = False

    def record(self, scan: SealedScan, key: str) -> int:
        if self.is_away:
            raise LedgerAway("no keeper")
        if self.refuses:
            raise LedgerRefused("Q-99 no")
        if scan not in self.rows:
            self.rows.append(scan)
        return self.rows.index(scan) + 1

    def wiped(self, scan_id: int, reason: str, key: str) -> None:
        raise AssertionError("nothing is wiped here")

    def known(self) -> tuple[KnownScan, ...]:
        if self.is_away:
            raise LedgerAway("no keeper")
        return tuple(KnownScan(n, scan.sha256, ScanState.KEPT) for n, scan in enumerate(self.rows, 1))


@pytest.fixture
def ledger() -> ListLedger:
    return ListLedger()


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storekeeper, "RETRY_S", 0.02)


@contextmanager
def kept(
    store: ScanStore, *, sweep_every_s: float = 0.02
) -> Iterator[tuple[StoreKeeper, list[DeviceStatus]]]:
    told: list[DeviceStatus] = []
    keeper = StoreKeeper(store, told.append, sweep_every_s=sweep_every_s)
    try:
        yield keeper, told
    finally:
        keeper.close()
        keeper.close()  # again is harmless
        assert "scan store" not in {thread.name for thread in threading.enumerate()}


def store_in(folder: Path, certificate: Path, ledger: ListLedger) -> ScanStore:
    return make_store(replace(TOWNSHIP.scans, certificate=certificate), folder, "t", ledger)


def a_page() -> Page:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 210, 190)).save(out, "JPEG")
    data = out.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    return Page(data, digest, digest, 64, 48, "camera", 1_780_000_000_000)


def scan_into(store: ScanStore) -> SealedScan:
    session = store.begin(7, 0, "shenqingbiao", key="k1")
    session.add_page(a_page())
    return session.finish()


def is_folder_free(folder: Path, certificate: Path, ledger: ListLedger) -> bool:
    with store_in(folder, certificate, ledger):
        return True


def test_a_store_is_opened_and_told_once_however_often_it_is_swept(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    sweeps = []
    store = store_in(tmp_path / "scans", county_certificate, ledger)
    real, store.open = store.open, lambda: sweeps.append(real())
    with kept(store) as (_, told):
        wait_until(lambda: len(sweeps) > 5)
    assert [status.state for status in told] == [DeviceState.ONLINE]
    assert is_folder_free(tmp_path / "scans", county_certificate, ledger)


def test_a_folder_that_cannot_be_made_is_told_once_and_opened_as_soon_as_it_can_be(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    in_the_way = tmp_path / "scans"
    in_the_way.write_text("a file")
    store = store_in(in_the_way, county_certificate, ledger)
    tries = []
    real, store.open = store.open, lambda: (tries.append(1), real())[1]
    with kept(store) as (_, told):
        wait_until(lambda: len(tries) > 5)
        assert [status.state for status in told] == [DeviceState.FAULT]
        assert told[0].fault is not None and told[0].fault.remedy_zh and told[0].code.startswith("L-")
        in_the_way.unlink()
        wait_until(lambda: len(told) == 2)
        assert told[1].state is DeviceState.ONLINE
        assert scan_into(store) in ledger.rows


def test_a_folder_that_another_process_holds_is_taken_when_it_is_free(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    folder = tmp_path / "scans"
    store = store_in(folder, county_certificate, ledger)
    with store_in(folder, county_certificate, ledger):
        keeping = kept(store)
        _, told = keeping.__enter__()
        wait_until(lambda: told)
    wait_until(lambda: len(told) == 2)
    keeping.__exit__(None, None, None)
    assert [status.code for status in told] == [StoreBusy.code, ""]


def test_what_waited_for_the_keeper_is_recorded_by_a_sweep(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    store = store_in(tmp_path / "scans", county_certificate, ledger)
    with kept(store) as (_, told):
        wait_until(lambda: told)
        ledger.is_away = True
        waits = scan_into(store)
        assert ledger.rows == []
        ledger.is_away = False
        wait_until(lambda: ledger.rows == [waits])


def test_a_scan_that_the_log_refuses_is_told_with_who_must_act(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    ledger.refuses = True
    store = store_in(tmp_path / "scans", county_certificate, ledger)
    with kept(store) as (_, told):
        wait_until(lambda: told)
        scan_into(store)
        wait_until(lambda: told[-1].code == LedgerRefused.code)
        assert told[-1].fault is not None and told[-1].fault.who
        ledger.refuses = False
        wait_until(lambda: told[-1].code == "")


def test_without_the_county_s_certificate_the_store_is_open_and_says_what_is_missing(
    tmp_path: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    with kept(store_in(tmp_path / "scans", tmp_path / "no.crt", ledger)) as (_, told):
        wait_until(lambda: told)
        assert told[0].code == "L-01"


def test_a_program_error_ends_neither_the_thread_nor_the_store(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    store = store_in(tmp_path / "scans", county_certificate, ledger)
    real, tries = store.open, []

    def open_badly() -> Any:
        tries.append(1)
        return real() if len(tries) > 2 else 1 / 0

    store.open = open_badly
    with kept(store) as (_, told):
        wait_until(lambda: told)
        assert told[0].state is DeviceState.ONLINE


def test_its_checks_are_those_of_the_store(
    tmp_path: Path, county_certificate: Path, ledger: ListLedger, wait_until: Callable[..., Any]
) -> None:
    with kept(store_in(tmp_path / "scans", county_certificate, ledger)) as (keeper, told):
        wait_until(lambda: told)
        found: list[Finding] = []
        started = keeper.started()
        for level in (CheckLevel.INTERNAL, CheckLevel.EXTERNAL):
            started.check(level, found.append)
        assert found and {finding.verdict for finding in found} == {Verdict.PASSED}

"""The scan store's ledger over a real keeper: every scan that is kept stands in the hall's log, once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.devices.scanledger import PAGE, KeeperLedger
from halldrivers.scanstore.kepterrors import LedgerAway, LedgerRefused
from halldrivers.scanstore.ledger import KnownScan, PageHash, ScanState, SealedScan
from hallqueue.syncclient import SyncHallClient


def sealed(ticket: int, number: int) -> SealedScan:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    pages = tuple(PageHash(hashlib.sha256(f"{number}-{n}".encode()).hexdigest(), digest) for n in range(2))
    return SealedScan(
        sha256=digest,
        size=1000 + number,
        session=f"s{number}",
        ticket=ticket,
        matter=0,
        material="shenqingbiao",
        device="camera",
        pages=pages,
        begun_ms=1_780_000_000_000,
        scanned_ms=1_780_000_001_000,
        sealed_for="sha256:county",
        sealing="cms",
    )


@pytest.fixture
def ledger(keeper: Any) -> Iterator[KeeperLedger]:
    made = KeeperLedger(SyncHallClient(keeper.socket, "terminal", give_up_s=10))
    yield made
    made.close()


@pytest.fixture(scope="module")
def ticket(keeper: Any) -> int:
    number: int = keeper.client().issue("dibao", key="for scans", channel="staff").ticket.ticket
    return number


def test_a_scan_is_recorded_with_all_that_the_log_must_know(
    keeper: Any, ledger: KeeperLedger, ticket: int
) -> None:
    number = ledger.record(sealed(ticket, 1), "k1")
    (row,) = (row for row in keeper.client().scans() if row.scan == number)
    assert (row.ticket, row.material, row.pages, row.size) == (ticket, "shenqingbiao", 2, 1001)
    assert (row.device, row.sealed_for, row.state, row.is_interrupted) == (
        "camera",
        "sha256:county",
        "kept",
        False,
    )


def test_the_same_scan_again_is_the_same_row(ledger: KeeperLedger, ticket: int) -> None:
    before = len(ledger.known())
    assert ledger.record(sealed(ticket, 2), "k2") == ledger.record(sealed(ticket, 2), "k2")
    assert len(ledger.known()) == before + 1


def test_what_the_log_will_not_take_is_refused_in_both_languages(ledger: KeeperLedger) -> None:
    with pytest.raises(LedgerRefused) as refused:
        ledger.record(sealed(999_999, 3), "k3")
    assert refused.value.detail.startswith("Q-")
    assert refused.value.detail_zh and not refused.value.detail_zh.isascii()
    with pytest.raises(LedgerRefused):
        ledger.wiped(999_999, "lost", "k4")


def test_a_wipe_is_recorded_once_and_shown(keeper: Any, ledger: KeeperLedger, ticket: int) -> None:
    number = ledger.record(sealed(ticket, 5), "k5")
    keeper.client().acknowledge_scan(number, key="a5")
    assert KnownScan(number, sealed(ticket, 5).sha256, ScanState.ACKNOWLEDGED) in ledger.known()
    ledger.wiped(number, "acknowledged", "w5")
    ledger.wiped(number, "acknowledged", "w5")
    assert KnownScan(number, sealed(ticket, 5).sha256, ScanState.WIPED) in ledger.known()


def test_all_scans_are_known_however_many_there_are(ledger: KeeperLedger, ticket: int) -> None:
    before = {scan.id for scan in ledger.known()}
    numbers = [ledger.record(sealed(ticket, 1000 + n), f"many-{n}") for n in range(PAGE + 5)]
    known = ledger.known()
    assert [scan.id for scan in known if scan.id not in before] == numbers
    assert {scan.state for scan in known if scan.id in numbers} == {ScanState.KEPT}
    assert [scan.id for scan in known] == sorted({scan.id for scan in known}), "each once, by rising id"


def test_a_keeper_that_is_away_is_no_refusal(tmp_path: Path) -> None:
    ledger = KeeperLedger(SyncHallClient(tmp_path / "no.sock", "terminal", give_up_s=0.1))
    for ask in (
        lambda: ledger.record(sealed(1, 6), "k6"),
        lambda: ledger.wiped(1, "lost", "k7"),
        ledger.known,
    ):
        with pytest.raises(LedgerAway) as away:
            ask()
        assert "S-07" in str(away.value)
    ledger.close()


def test_after_the_keeper_s_restart_the_same_key_is_the_same_scan(
    keeper: Any, ledger: KeeperLedger, ticket: int
) -> None:
    number = ledger.record(sealed(ticket, 8), "k8")
    keeper.kill()
    keeper.start()
    assert ledger.record(sealed(ticket, 8), "k8") == number

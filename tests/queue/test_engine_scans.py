"""A scanned material is kept once, never wiped before the county has it, and known by its file alone."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from hallqueue.errors import BadRequest, ScanNotAcknowledged, UnknownScan
from hallqueue.states import SCAN_MOVES, ScanState


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def keep(bench: Any, name: str = "one", **more: Any) -> Any:
    usual = {
        "matter": 1,
        "material": "id-copy",
        "sha256": digest(name),
        "page_hashes": ",".join((digest("p1"), digest("p2"))),
        "size": 12_345,
        "device": "camera",
        "sealed_for": "county-2026",
        "scanned_ms": 5,
    }
    return bench.keep_scan(bench.take(), **(usual | more))


def test_a_material_is_kept_with_the_hashes_of_its_pages(bench: Any) -> None:
    scan = keep(bench)
    assert (scan.scan, scan.state, scan.pages, scan.size) == (1, ScanState.KEPT, 2, 12_345)
    body = bench.bodies()[-1]
    assert body.page_hashes == (digest("p1"), digest("p2")) and body.scanned_ms == 5


def test_the_same_file_again_is_the_same_scan(bench: Any) -> None:
    first = keep(bench)
    before = bench.names().count("ScanKept")
    assert keep(bench) == first
    assert bench.names().count("ScanKept") == before


def test_a_scan_is_wiped_only_after_the_county_has_it(bench: Any) -> None:
    scan = keep(bench).scan
    with pytest.raises(ScanNotAcknowledged):
        bench.wipe_scan(scan, reason="acknowledged")
    assert bench.acknowledge_scan(scan).state is ScanState.ACKNOWLEDGED
    assert bench.wipe_scan(scan, reason="acknowledged").state is ScanState.WIPED
    for again in (lambda: bench.wipe_scan(scan, reason="acknowledged"), lambda: bench.acknowledge_scan(scan)):
        with pytest.raises(UnknownScan):
            again()


def test_a_file_that_is_gone_is_recorded_as_lost(bench: Any) -> None:
    scan = keep(bench).scan
    assert bench.wipe_scan(scan, reason="lost").state is ScanState.WIPED
    assert bench.bodies()[-1].reason == "lost"


def test_a_scan_outlives_its_day(bench: Any) -> None:
    scan = keep(bench).scan
    bench.close_day(reason="下班", force=True)
    bench.at("2026-03-03 08:00")
    assert bench.roll()
    bench.acknowledge_scan(scan)
    assert bench.state.scans[scan].state is ScanState.ACKNOWLEDGED


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "x" * 64},
        {"sha256": digest("a").upper()},
        {"page_hashes": ""},
        {"page_hashes": ",".join([digest("p")] * 201)},
        {"size": 0},
        {"matter": -1},
        {"scanned_ms": -1},
    ],
)
def test_a_record_that_cannot_be_true_is_refused_and_takes_no_number(bench: Any, wrong: Any) -> None:
    with pytest.raises(BadRequest):
        keep(bench, **wrong)
    assert keep(bench, "next").scan == 1


@pytest.mark.parametrize("before", list(ScanState))
@pytest.mark.parametrize("after", list(ScanState))
def test_every_move_of_the_table_is_made_and_every_other_refused(
    bench: Any, before: ScanState, after: ScanState
) -> None:
    scan = keep(bench).scan
    if before is not ScanState.KEPT:
        bench.acknowledge_scan(scan)
    if before is ScanState.WIPED:
        bench.wipe_scan(scan, reason="acknowledged")
    moves = {
        ScanState.ACKNOWLEDGED: lambda: bench.acknowledge_scan(scan),
        ScanState.WIPED: lambda: bench.wipe_scan(scan, reason="lost"),
    }
    if after in SCAN_MOVES[before]:
        assert moves[after]().state is after
    elif after in moves:
        with pytest.raises(UnknownScan):
            moves[after]()
    assert bench.refolded().dump() == bench.state.dump()

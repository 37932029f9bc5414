"""Afterwards: what waits is recorded, what the county has is wiped, what is strange is set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from halldrivers.scanstore.errors import BadScanField
from halldrivers.scanstore.kepterrors import LedgerAway, NoSuchItem, NotAcknowledged, ScanDamaged, ScanMissing
from halldrivers.scanstore.ledger import ScanState


def codes(report: Any) -> list[str]:
    return [fault.code for fault in report.faults]


# --- the ledger is away --------------------------------------------------------------------------------


def test_a_keeper_that_is_away_stops_no_scanning_and_loses_nothing(world: Any, kit: Any) -> None:
    world.ledger.is_away = True
    first = world.scanned(1).finish()
    second = world.scanned(2, key="touch-2").finish()
    assert world.ledger.rows == {}
    assert set(world.blobs()) == {f"{first.sha256}.p7m", f"{second.sha256}.p7m"}
    report = world.store.sweep()
    assert (report.recorded, codes(report)) == (0, ["L-30"])
    world.ledger.is_away = False
    report = world.store.sweep()
    assert (report.recorded, report.faults) == (2, ())
    assert [row for row, _ in world.ledger.rows.values()] == [first, second]


def test_what_waits_is_recorded_after_a_restart_too_and_once(world: Any) -> None:
    world.ledger.is_away = True
    scan = world.scanned(1).finish()
    assert world.again().recorded == 0
    world.ledger.is_away = False
    assert world.again().recorded == 1
    assert world.again().recorded == 0
    assert [row for row, _ in world.ledger.rows.values()] == [scan]


def test_while_it_waits_its_pages_cannot_be_read(world: Any) -> None:
    world.ledger.is_away = True
    session = world.scanned(1)
    scan = session.finish()
    assert {name for name, _ in world.disk.files()} == {
        f"/scans/open/{session.meta.session}/session.json",
        f"/scans/sealed/{scan.sha256}.p7m",
    }


def test_a_keeper_that_is_away_is_no_fault_while_nothing_waits(world: Any) -> None:
    world.ledger.is_away = True
    assert world.store.sweep().faults == ()


def test_an_answer_that_was_lost_records_nothing_twice(world: Any) -> None:
    calls = []

    def lose_the_answer() -> None:
        calls.append(1)
        if len(calls) == 2:  # after the commit
            raise LedgerAway("timeout")

    world.ledger.before = lose_the_answer
    scan = world.scanned(1).finish()
    assert world.store.sweep().faults == ()
    assert [row for row, _ in world.ledger.rows.values()] == [scan]
    assert world.store.sessions() == ()


def test_a_key_that_the_keeper_has_forgotten_records_nothing_twice(world: Any) -> None:
    def lose_the_answer() -> None:
        if world.ledger.rows:
            raise LedgerAway("timeout")

    world.ledger.before = lose_the_answer
    scan = world.scanned(1).finish()
    world.ledger.before, world.ledger.keys = (lambda: None), {}
    world.again()
    assert [row for row, _ in world.ledger.rows.values()] == [scan]


def test_a_keeper_that_refuses_is_told_and_asked_again(world: Any) -> None:
    world.ledger.refuses = True
    world.scanned(1).finish()
    report = world.store.sweep()
    assert codes(report) == ["L-31"]
    assert [fault.code for fault in world.store.status().faults] == ["L-31"]
    world.ledger.refuses = False
    assert world.store.sweep().recorded == 1


# --- wiping --------------------------------------------------------------------------------------------


def test_what_the_county_has_is_wiped_and_said_so(world: Any) -> None:
    scan, other = world.scanned(1).finish(), world.scanned(2, key="touch-2").finish()
    world.ledger.acknowledge(scan.sha256)
    assert world.store.sweep().wiped == 1
    assert set(world.blobs()) == {f"{other.sha256}.p7m"}
    assert world.ledger.state_of(scan.sha256) is ScanState.WIPED
    assert world.ledger.reasons == {1: "acknowledged"}
    assert world.store.sweep().wiped == 0


def test_one_can_be_wiped_at_once_and_again(world: Any) -> None:
    scan = world.scanned(1).finish()
    world.ledger.acknowledge(scan.sha256)
    world.store.acknowledge(scan.sha256)
    assert world.blobs() == {}
    world.store.acknowledge(scan.sha256)
    assert world.ledger.reasons == {1: "acknowledged"}


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_called_wiped_does_not_come_back_after_a_cut(world: Any, at_once: bool) -> None:
    for seed in range(12):
        scan = world.scanned(1, key=f"touch-{seed}").finish()
        world.ledger.acknowledge(scan.sha256)
        world.store.acknowledge(scan.sha256) if at_once else world.store.sweep()
        world.disk.cut(seed)
        assert world.blobs() == {}
        world.open()


def test_nothing_is_wiped_that_the_log_calls_kept(world: Any) -> None:
    scan = world.scanned(1).finish()
    with pytest.raises(NotAcknowledged):
        world.store.acknowledge(scan.sha256)
    with pytest.raises(NoSuchItem):
        world.store.acknowledge("0" * 64)
    with pytest.raises(NoSuchItem):
        world.store.acknowledge("../../etc/passwd")
    assert len(world.blobs()) == 1


def test_a_keeper_that_is_away_wipes_nothing(world: Any) -> None:
    scan = world.scanned(1).finish()
    world.ledger.acknowledge(scan.sha256)
    world.ledger.is_away = True
    with pytest.raises(LedgerAway):
        world.store.acknowledge(scan.sha256)
    world.store.sweep()
    assert len(world.blobs()) == 1


def test_a_wiped_file_that_came_back_from_a_backup_goes_again(world: Any) -> None:
    scan = world.scanned(1).finish()
    data = world.blobs()[f"{scan.sha256}.p7m"]
    world.ledger.acknowledge(scan.sha256)
    world.store.sweep()
    world.disk.put(world.root / "sealed" / f"{scan.sha256}.p7m", data)
    report = world.again()
    assert (report.wiped, report.faults, world.blobs()) == (1, (), {})


def test_a_file_that_went_missing_is_a_fault_until_a_person_says_it_is_lost(world: Any) -> None:
    scan = world.scanned(1).finish()
    with pytest.raises(NotAcknowledged):
        world.store.declare_lost(scan.sha256)
    world.disk.unlink(world.root / "sealed" / f"{scan.sha256}.p7m")
    report = world.store.sweep()
    assert codes(report) == ["L-32"] and scan.sha256 in report.faults[0].what_en
    assert world.ledger.state_of(scan.sha256) is ScanState.KEPT
    world.store.declare_lost(scan.sha256)
    world.store.declare_lost(scan.sha256)
    assert world.ledger.reasons == {1: "lost"}
    assert world.store.sweep().faults == ()


# --- strangers -----------------------------------------------------------------------------------------


def test_a_sealed_file_that_nobody_knows_is_set_aside_never_deleted(world: Any) -> None:
    scan = world.scanned(1).finish()
    data = world.blobs()[f"{scan.sha256}.p7m"]
    world.ledger.rows.clear()  # the database was restored from before
    world.ledger.keys.clear()
    report = world.again()
    assert (report.wiped, world.blobs()) == (0, {})
    (item,) = world.store.aside()
    assert item.name.startswith(f"sealed-{scan.sha256}-") and item.name.endswith(".p7m")
    assert world.disk.read(world.root / "aside" / item.name, 10**9) == data
    assert [fault.code for fault in world.store.status().faults] == ["L-34"]


def test_a_stranger_s_name_is_not_kept(world: Any) -> None:
    world.disk.put(world.root / "sealed" / "张三身份证.pdf", b"x")
    world.disk.put(world.root / "open" / "张三", b"x")
    world.again()
    assert sorted(item.name.partition("-")[0] for item in world.store.aside()) == ["odd", "odd"]
    assert not [name for name, _ in world.disk.files() if "张" in name]


def test_a_person_discards_what_was_set_aside(world: Any) -> None:
    world.disk.put(world.root / "sealed" / "stranger", b"x")
    world.again()
    (item,) = world.store.aside()
    with pytest.raises(NoSuchItem):
        world.store.discard("../sealed")
    world.store.discard(item.name)
    assert (world.store.aside(), world.store.status().faults) == ((), ())


def test_a_sealed_file_in_a_session_s_care_is_no_stranger(world: Any) -> None:
    world.ledger.is_away = True
    scan = world.scanned(1).finish()
    world.ledger.is_away, world.ledger.refuses = False, True
    world.again()
    assert set(world.blobs()) == {f"{scan.sha256}.p7m"}
    assert world.store.aside() == ()


def test_what_was_recorded_while_the_ledger_answered_is_no_stranger(world: Any, kit: Any) -> None:
    known, scans = world.ledger.known, []

    def slowly() -> Any:
        rows = list(known())
        world.ledger.known = known
        scans.append(world.scanned(1).finish())
        return rows

    world.ledger.known = slowly
    assert world.store.sweep().faults == ()
    assert set(world.blobs()) == {f"{scans[0].sha256}.p7m"}


# --- left alone ----------------------------------------------------------------------------------------


def test_a_material_that_was_broken_off_goes_on_after_a_restart(world: Any, kit: Any) -> None:
    world.scanned(1, 2)
    assert world.again().finished == ()
    session = world.store.resume(12, "hukou-ben")
    assert [info.number for info in session.pages()] == [1, 2]
    session.add_page(kit.numbered(3))
    scan = session.finish()
    assert not scan.interrupted
    assert world.pages_in(scan.sha256) == [kit.numbered(n).sha256 for n in (1, 2, 3)]


def test_only_the_same_material_goes_on(world: Any) -> None:
    world.scanned(1)
    assert world.store.resume(12, "other") is None
    assert world.store.resume(13, "hukou-ben") is None
    assert world.store.resume(12, "hukou-ben", matter=4) is None
    assert world.store.resume(12, "hukou-ben", matter=3) is not None
    world.store.resume(12, "hukou-ben").finish()
    assert world.store.resume(12, "hukou-ben") is None


def test_a_material_that_nobody_touches_is_finished_as_it_is(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)
    world.now_s += 599
    assert world.store.sweep().finished == ()
    world.now_s += 1
    report = world.store.sweep()
    (scan,) = report.finished
    assert scan.interrupted
    assert world.pages_in(scan.sha256) == [kit.numbered(n).sha256 for n in (1, 2)]
    assert world.manifest(world.blobs()[f"{scan.sha256}.p7m"])["interrupted"] is True
    assert [row for row, _ in world.ledger.rows.values()] == [scan]
    assert session.state == "finished"


def test_each_touch_begins_the_time_anew(world: Any, kit: Any) -> None:
    session = world.scanned(1)
    for step in (
        lambda: session.add_page(kit.numbered(2)),
        lambda: session.drop_page(1),
        lambda: world.store.resume(12, "hukou-ben"),
        lambda: None,
    ):
        world.now_s += 599
        assert world.store.sweep().finished == ()
        step()
    world.now_s += 1
    assert len(world.store.sweep().finished) == 1


def test_a_restart_begins_the_time_anew_as_the_wall_clock_is_not_trusted(world: Any) -> None:
    world.scanned(1)
    world.now_s += 599
    world.again()
    world.now_s += 599
    assert world.store.sweep().finished == ()
    world.now_s += 1
    assert len(world.store.sweep().finished) == 1


def test_a_material_without_a_page_that_nobody_touches_goes(world: Any) -> None:
    world.begin()
    world.now_s += 600
    report = world.store.sweep()
    assert (report.finished, report.faults, list(world.disk.files())) == ((), (), [])


def test_a_material_left_alone_without_the_county_s_key_waits_for_it(world: Any, kit: Any) -> None:
    world.scanned(1)
    there = world.sealer

    def missing() -> Any:
        from halldrivers.scanstore.errors import CertificateMissing

        raise CertificateMissing("county.crt")

    world.sealer = missing
    world.now_s += 600
    assert codes(world.store.sweep()) == ["L-01"]
    world.sealer = there
    assert len(world.store.sweep().finished) == 1


# --- reading a sealed file -----------------------------------------------------------------------------


def test_a_sealed_file_is_read_as_it_goes_to_the_county(world: Any) -> None:
    scan = world.scanned(1).finish()
    assert world.store.read_sealed(scan.sha256) == world.blobs()[f"{scan.sha256}.p7m"]


def test_a_sealed_file_that_is_damaged_is_not_sent(world: Any) -> None:
    scan = world.scanned(1).finish()
    path: Path = world.root / "sealed" / f"{scan.sha256}.p7m"
    world.disk.put(path, world.disk.read(path, 10**9)[:-1] + b"x")
    with pytest.raises(ScanDamaged):
        world.store.read_sealed(scan.sha256)
    with pytest.raises(ScanMissing):
        world.store.read_sealed("0" * 64)
    with pytest.raises(BadScanField):
        world.store.read_sealed("../lock")

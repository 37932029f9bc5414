"""The power goes at every call that changes the disk or the ledger; then the store is opened again.

After each cut: no half file, no page lost that was kept, every material recorded once, no key left of what is
done, and nothing to report.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from halldrivers.scanstore.ledger import ScanState
from halldrivers.scanstore.sweep import SweepReport

SEEDS = (1, 2, 3)
"""Each decides otherwise what of the unsynced things survives."""


class Promises:
    """What the people in front of the screen were told, and what was on its way when the power went."""

    def __init__(self) -> None:
        self.kept: dict[str, list[str]] = {}
        """Hashes of pages that were kept, by the material's key."""
        self.doubtful: set[str] = set()
        """Hashes of pages that were being added or dropped."""
        self.finished: set[str] = set()
        self.cancelled: set[str] = set()
        self.ending: str = ""
        """The key of the material that was being finished or cancelled."""


def scan_twice(world: Any, kit: Any, told: Promises) -> None:
    """Two materials, a page dropped and scanned again; the first is wiped, a third cancelled."""

    def begin(key: str) -> Any:
        told.kept[key] = []
        return world.begin(key)

    def add(session: Any, number: int, at: int | None = None) -> None:
        page = kit.numbered(number)
        told.doubtful = {page.sha256}
        session.add_page(page, at=at)
        told.doubtful = set()
        told.kept[session.meta.key].append(page.sha256)

    def drop(session: Any, number: int, sha256: str) -> None:
        told.kept[session.meta.key].remove(sha256)
        told.doubtful = {sha256}
        session.drop_page(number)
        told.doubtful = set()

    def finish(session: Any) -> str:
        told.ending = session.meta.key
        scan = session.finish()
        told.finished.add(session.meta.key)
        return str(scan.sha256)

    world.open()
    first = begin("first")
    add(first, 1)
    add(first, 2)
    drop(first, 1, kit.numbered(1).sha256)
    add(first, 3, at=1)
    done = finish(first)
    second = begin("second")
    add(second, 4)
    world.ledger.acknowledge(done)
    told.ending = "first"
    world.store.acknowledge(done)
    third = begin("third")
    add(third, 5)
    told.ending = "third"
    third.cancel()
    told.cancelled.add("third")
    add(second, 6)
    finish(second)


def check(world: Any, kit: Any, told: Promises, report: SweepReport) -> None:
    """Everything that must hold after the store was opened again."""
    assert report.faults == ()
    assert world.store.aside() == ()
    names = [name for name, _ in world.disk.files()]
    assert not [name for name in names if "/." in name], "leftovers"
    rows = [scan for scan, _ in world.ledger.rows.values()]
    assert len({scan.session for scan in rows}) == len(rows), "recorded twice"
    blobs = world.blobs()
    for scan, state in world.ledger.rows.values():
        if state is ScanState.KEPT:
            assert kit.sha256_of(blobs[f"{scan.sha256}.p7m"]) == scan.sha256
        if state is ScanState.WIPED:
            assert f"{scan.sha256}.p7m" not in blobs
    assert set(blobs) <= {f"{scan.sha256}.p7m" for scan in rows}
    here = {session.meta.key: session for session in world.store.sessions()}
    for key, kept in told.kept.items():
        sealed = [scan for scan in rows if world.key_of(scan) == key]
        if key in told.finished:
            assert len(sealed) == 1 and key not in here
        if sealed:
            found = [page.page for page in sealed[0].pages]
            assert key not in here
        elif key in here:
            found = [info.sha256 for info in here[key].pages()]
            assert [kit.sha256_of(here[key].picture(info.number)) for info in here[key].pages()] == found
        else:
            assert key in told.cancelled or key == told.ending or not kept, "a material is lost"
            continue
        assert set(kept) - told.doubtful <= set(found), "a page is lost"
        assert set(found) <= set(kept) | told.doubtful, "a page too many"
        assert len(found) == len(set(found)), "a page twice"
    assert not told.cancelled & set(here)
    keys = [name for name in names if name.endswith("/key")]
    assert len(keys) == len(here), "a key without its material"


def go_on(world: Any) -> None:
    """What was broken off is finished; then everything is in the ledger."""
    for session in world.store.sessions():
        if session.pages():
            session.finish()
        else:
            session.cancel()
    assert world.store.sessions() == ()
    assert {
        f"{scan.sha256}.p7m" for scan, state in world.ledger.rows.values() if state is ScanState.KEPT
    } == set(world.blobs())
    world.store.close()


def new_world(kit: Any, root: Any, disk: Any = None) -> Any:
    world = kit.World(root, disk or kit.PowerDisk(root), kit.ToySealer, kit.toy_unseal)
    world.ledger.before = world.disk.step
    world.key_of = lambda scan: next(
        re.sub(r"\..*", "", key)
        for key, row in world.ledger.keys.items()
        if world.ledger.rows[row][0] is scan
    )
    return world


def calls_of(kit: Any, root: Any, disk: Any = None) -> int:
    world = new_world(kit, root, disk)
    scan_twice(world, kit, Promises())
    world.store.close()
    return int(world.disk.calls)


def cut_and_recover(kit: Any, root: Any, at: int, seed: int) -> None:
    world, told = new_world(kit, root), Promises()
    world.disk.fail_at = at
    with pytest.raises(kit.PowerCut):
        scan_twice(world, kit, told)
    world.disk.cut(seed)
    check(world, kit, told, world.open())
    go_on(world)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cut_at_any_call_loses_nothing(kit: Any, tmp_path: Any, seed: int) -> None:
    calls = calls_of(kit, tmp_path / "scans")
    assert calls > 100
    for at in range(1, calls + 1):
        cut_and_recover(kit, tmp_path / "scans", at, seed * 1000 + at)


def test_a_cut_while_recovering_from_a_cut_loses_nothing(kit: Any, tmp_path: Any) -> None:
    calls, root = calls_of(kit, tmp_path / "scans"), tmp_path / "scans"
    for at in range(1, calls + 1, 9):
        for again in range(1, 60):
            world, told = new_world(kit, root), Promises()
            world.disk.fail_at = at
            with pytest.raises(kit.PowerCut):
                scan_twice(world, kit, told)
            world.disk.cut(at)
            world.disk.fail_at = world.disk.calls + again
            try:
                report = world.open()
            except kit.PowerCut:
                world.disk.cut(again)
                check(world, kit, told, world.open())
            else:
                check(world, kit, told, report)
                break
    assert again < 59

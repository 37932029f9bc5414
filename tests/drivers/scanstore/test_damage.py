"""A card that rots, a hand that meddles: one page is lost, said so, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from halldrivers.scanstore.errors import NoPages, NoSuchPage, PageDamaged
from halldrivers.scanstore.ledger import ScanState
from halldrivers.scanstore.options import StoreOptions
from halldrivers.scanstore.recovery import PLANS, Plan, plan_of
from halldrivers.scanstore.sessionfolder import SessionFolder


def folder_of(world: Any, session: Any) -> Path:
    path: Path = world.root / "open" / session.meta.session
    return path


def change(world: Any, path: Path, at: int) -> None:
    data = bytearray(world.disk.read(path, 10**9))
    data[at] ^= 1
    world.disk.put(path, bytes(data))


def codes(faults: Any) -> list[str]:
    return [fault.code for fault in faults]


@pytest.mark.parametrize("at", [0, 9, 13, 40, 400, 600, -1])
def test_a_page_that_was_changed_is_set_aside_and_the_others_are_kept(world: Any, kit: Any, at: int) -> None:
    session = world.scanned(1, 2, 3)
    change(world, folder_of(world, session) / "0002.page", at)
    world.again()
    session = world.store.resume(12, "hukou-ben")
    with pytest.raises(PageDamaged) as told:
        session.finish()
    assert told.value.numbers == (2,)
    assert str(told.value) == "L-23 a page that was kept cannot be read back: page 2"
    assert [info.number for info in session.pages()] == [1, 3]
    assert session.missing == (2,)
    (item,) = world.store.aside()
    assert item.name.startswith(f"page-{session.meta.session}-0002-")
    assert codes(world.store.status().faults) == ["L-23", "L-34"]


def damaged(world: Any) -> Any:
    session = world.scanned(1, 2, 3)
    change(world, folder_of(world, session) / "0002.page", -1)
    with pytest.raises(PageDamaged):
        session.finish()
    return session


def test_a_damaged_page_is_found_when_it_is_looked_at(world: Any) -> None:
    session = world.scanned(1, 2)
    change(world, folder_of(world, session) / "0001.page", -1)
    with pytest.raises(PageDamaged):
        session.picture(1)
    assert session.missing == (1,)
    assert session.picture(2)


def test_a_damaged_page_is_scanned_again_in_its_place(world: Any, kit: Any) -> None:
    session = damaged(world)
    session.add_page(kit.numbered(2), at=2)
    assert session.missing == ()
    scan = session.finish()
    assert scan.missing == ()
    assert world.pages_in(scan.sha256) == [kit.numbered(n).sha256 for n in (1, 2, 3)]


def test_a_damaged_last_page_keeps_its_number(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)
    change(world, folder_of(world, session) / "0002.page", -1)
    with pytest.raises(PageDamaged):
        session.finish()
    assert session.add_page(kit.numbered(3)).number == 3
    session.add_page(kit.numbered(2), at=2)
    assert world.pages_in(session.finish().sha256) == [kit.numbered(n).sha256 for n in (1, 2, 3)]


def test_a_person_may_go_without_a_damaged_page(world: Any, kit: Any) -> None:
    session = damaged(world)
    session.drop_page(2)
    with pytest.raises(NoSuchPage):
        session.drop_page(2)
    assert session.missing == ()
    assert world.pages_in(session.finish().sha256) == [kit.numbered(n).sha256 for n in (1, 3)]


def test_that_a_page_is_missing_is_known_after_a_restart(world: Any) -> None:
    damaged(world)
    world.again()
    session = world.store.resume(12, "hukou-ben")
    assert session.missing == (2,)
    session.drop_page(2)
    world.again()
    assert world.store.resume(12, "hukou-ben").missing == ()


def test_left_alone_it_is_finished_and_says_which_page_is_missing(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2, 3)
    change(world, folder_of(world, session) / "0002.page", -1)
    world.now_s += 600
    (scan,) = world.store.sweep().finished
    assert (scan.interrupted, scan.missing) == (True, (2,))
    assert world.manifest(world.blobs()[f"{scan.sha256}.p7m"])["missing"] == [2]
    assert world.pages_in(scan.sha256) == [kit.numbered(n).sha256 for n in (1, 3)]


def test_left_alone_without_any_readable_page_it_is_set_aside_whole(world: Any) -> None:
    session = world.scanned(1)
    change(world, folder_of(world, session) / "0001.page", -1)
    with pytest.raises(PageDamaged):
        session.finish()
    with pytest.raises(PageDamaged):
        session.finish()
    world.now_s += 600
    report = world.store.sweep()
    assert (report.finished, codes(report.faults)) == ((), ["L-37"])
    assert [item.name.partition("-")[0] for item in world.store.aside()] == ["page", "session"]
    assert world.store.sessions() == ()


@pytest.mark.parametrize("part", ["original", "both"])
def test_a_damaged_original_costs_the_original_not_the_page(world: Any, kit: Any, part: str) -> None:
    world.options = StoreOptions(keep_originals=True)
    world.again()
    session = world.begin()
    for number in (1, 2):
        page = kit.page_of(kit.picture(number), number, kit.picture(number + 6))
        session.add_page(page, original=kit.picture(number + 6))
    path = folder_of(world, session) / "0001.page"
    change(world, path, -1)
    if part == "both":
        change(world, path, 700)
        with pytest.raises(PageDamaged):
            session.finish()
        assert session.missing == (1,)
        return
    scan = session.finish()
    told = world.manifest(world.blobs()[f"{scan.sha256}.p7m"])["pages"]
    assert [page["sha256"] for page in told] == [kit.sha256_of(kit.picture(n)) for n in (1, 2)]
    assert [page["original"] for page in told] == [None, "original-0002.jpg"]
    assert told[0]["original_sha256"] == kit.sha256_of(kit.picture(7))
    assert world.store.aside() == ()


def test_pages_that_changed_places_are_both_refused(world: Any) -> None:
    session = world.scanned(1, 2)
    folder = folder_of(world, session)
    first, second = (world.disk.read(folder / f"000{n}.page", 10**9) for n in (1, 2))
    world.disk.put(folder / "0001.page", second)
    world.disk.put(folder / "0002.page", first)
    world.again()
    session = world.store.resume(12, "hukou-ben")
    assert (session.pages(), session.missing) == ((), (1, 2))


def test_a_page_of_another_material_is_refused(world: Any) -> None:
    first, second = (
        world.scanned(1),
        world.scanned(
            2,
            key="touch-2",
        ),
    )
    stolen = world.disk.read(folder_of(world, second) / "0001.page", 10**9)
    world.disk.put(folder_of(world, first) / "0001.page", stolen)
    key = world.disk.read(folder_of(world, second) / "key", 99)
    world.disk.put(folder_of(world, first) / "key", key)  # even under the same key
    world.again()
    sessions = {session.meta.key: session for session in world.store.sessions()}
    assert sessions["touch-1"].missing == (1,)
    assert sessions["touch-2"].missing == ()


def test_a_wrong_key_opens_no_page_and_deletes_none(world: Any) -> None:
    session = world.scanned(1, 2)
    world.disk.put(folder_of(world, session) / "key", bytes(range(32)))
    world.again()
    session = world.store.resume(12, "hukou-ben")
    assert session.missing == (1, 2)
    assert len(world.store.aside()) == 2


@pytest.mark.parametrize("key", [None, b"", b"short", bytes(32), bytes(33)])
def test_a_material_whose_key_is_gone_is_set_aside_whole(world: Any, key: bytes | None) -> None:
    session = world.scanned(1, 2)
    path = folder_of(world, session) / "key"
    if key is None:
        world.disk.unlink(path)
    else:
        world.disk.put(path, key)
    report = world.again()
    assert codes(report.faults) == ["L-37"]
    (item,) = world.store.aside()
    assert item.name.startswith(f"session-{session.meta.session}-")
    assert world.store.sessions() == ()


def test_a_material_without_key_and_pages_is_nothing(world: Any) -> None:
    session = world.begin()
    world.disk.unlink(folder_of(world, session) / "key")
    assert world.again().faults == ()
    assert (list(world.disk.files()), world.store.aside()) == ([], ())


@pytest.mark.parametrize(
    "meta",
    [None, b"", b"{}", b"[]", b"\xff\xfe", b"{" * 500, b'{"session": 1}', b"x" * 300_000],
)
def test_a_material_whose_facts_are_gone_is_set_aside_whole(world: Any, meta: bytes | None) -> None:
    session = world.scanned(1)
    path = folder_of(world, session) / "session.json"
    world.disk.unlink(path) if meta is None else world.disk.put(path, meta)
    report = world.again()
    assert codes(report.faults) == ["L-37"]
    assert len(world.store.aside()) == 1
    assert world.store.sessions() == ()


@pytest.mark.parametrize(("field", "value"), [("version", 2), ("session", "0" * 16)])
def test_facts_of_another_material_or_a_newer_version_are_not_understood(
    world: Any, field: str, value: Any
) -> None:
    session = world.scanned(1)
    path = folder_of(world, session) / "session.json"
    facts = json.loads(world.disk.read(path, 10**9))
    world.disk.put(path, json.dumps({**facts, field: value}).encode())
    assert codes(world.again().faults) == ["L-37"]
    assert len(world.store.aside()) == 1


def test_a_stranger_in_a_material_s_folder_is_set_aside(world: Any) -> None:
    session = world.scanned(1)
    for name in ("notes.txt", "0000.page", "12345.page"):
        world.disk.put(folder_of(world, session) / name, b"x")
    world.again()
    assert sorted(item.name.partition("-")[0] for item in world.store.aside()) == ["odd", "odd", "odd"]
    assert [info.number for info in world.store.resume(12, "hukou-ben").pages()] == [1]


def test_a_folder_in_the_place_of_a_page_is_set_aside(world: Any) -> None:
    session = world.scanned(1)
    world.disk.make_folder(folder_of(world, session) / "0002.page")
    world.again()
    session = world.store.resume(12, "hukou-ben")
    assert ([info.number for info in session.pages()], session.missing) == ([1], (2,))


# --- the table of recovery -----------------------------------------------------------------------------


def arranged(world: Any, named: bool, sealed: bool, key: bool) -> Any:
    """A material in one of the states in which a cut can leave it."""
    world.ledger.is_away = True
    session = world.scanned(1)
    folder = folder_of(world, session)
    before = {name: world.disk.read(folder / name, 10**9) for name in world.disk.names(folder)}
    if named:
        scan = session.finish()
        world.disk.put(folder / "0001.page", before["0001.page"])
        if key:
            world.disk.put(folder / "key", before["key"])
        if not sealed:
            world.disk.unlink(world.root / "sealed" / f"{scan.sha256}.p7m")
    elif not key:
        world.disk.unlink(folder / "key")
    world.store.close()
    loaded = SessionFolder.load(
        world.store._files, world.store._layout, world.store._aside, session.meta.session
    )
    assert (loaded.meta.sealed is not None, loaded.is_sealed, loaded.has_key) == (named, sealed, key)
    return loaded


OUTCOMES = {
    Plan.RESUME: (1, 0, []),
    Plan.SEAL: (0, 1, []),
    Plan.RECORD: (0, 1, []),
    Plan.ASK: (0, 0, ["L-37"]),
    Plan.ASIDE: (0, 0, ["L-37"]),
}


@pytest.mark.parametrize("facts", PLANS)
def test_every_row_of_the_table_of_recovery(world: Any, kit: Any, facts: tuple[bool, bool, bool]) -> None:
    assert plan_of(arranged(world, *facts)) is PLANS[facts]
    world.ledger.is_away = False
    report = world.open()
    resumed, recorded, faults = OUTCOMES[PLANS[facts]]
    assert len(world.store.sessions()) == resumed
    assert len(world.ledger.rows) == recorded
    assert codes(report.faults) == faults
    assert len(report.finished) == (PLANS[facts] is Plan.SEAL)
    for scan, _ in world.ledger.rows.values():
        assert world.pages_in(scan.sha256) == [kit.numbered(1).sha256]
        assert not scan.interrupted
        assert [name for name, _ in world.disk.files()] == [f"/scans/sealed/{scan.sha256}.p7m"]


@pytest.mark.parametrize("state", ["kept", "acknowledged", "wiped"])
def test_only_a_name_is_left_and_the_ledger_knows_it(world: Any, state: str) -> None:
    """The folder could not be removed after its scan was recorded, and the file was wiped since."""
    folder = arranged(world, named=True, sealed=False, key=False)
    world.ledger.is_away = False
    scan = folder.meta.sealed
    world.ledger.rows[1] = (scan, ScanState(state))
    report = world.open()
    assert codes(report.faults) == (["L-32"] if state == "kept" else [])
    assert (world.store.sessions(), world.store.aside()) == ((), ())


def test_nothing_to_finish_is_still_no_pages(world: Any) -> None:
    session = damaged(world)
    for number in (1, 2, 3):
        session.drop_page(number)
    with pytest.raises(NoPages):
        session.finish()


def test_a_material_of_which_only_the_name_is_left_is_not_gone_on_with(world: Any, kit: Any) -> None:
    arranged(world, named=True, sealed=False, key=False)
    world.open()
    assert world.store.resume(12, "hukou-ben") is None
    fresh = world.begin()
    fresh.add_page(kit.numbered(1))
    assert len(fresh.pages()) == 1


def test_a_material_that_the_disk_does_not_give_is_told_until_it_does(world: Any, kit: Any) -> None:
    session = world.scanned(1)
    world.store.close()
    read = world.disk.read

    def refuse(path: Path, most: int) -> bytes:
        if path.name == "session.json":
            raise OSError(5, "Input/output error")
        return bytes(read(path, most))

    world.disk.read = refuse
    assert codes(world.open().faults) == ["L-13"]
    world.store.sweep()
    assert codes(world.store.status().faults) == ["L-13"]
    world.disk.read = read
    assert world.again().faults == ()
    assert world.store.status().faults == ()
    assert world.store.resume(12, "hukou-ben").meta.session == session.meta.session

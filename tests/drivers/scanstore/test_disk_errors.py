"""The disk says no at every call, once or for a while: what was kept stays, and trying again works."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from halldrivers.scanstore.errors import DiskBroken, DiskFull, FolderDenied, StoreError


def broken(what: str) -> OSError:
    return OSError(errno.EIO, "Input/output error")


def patiently(step: Any, *, tries: int = 3) -> Any:
    """A person who tries again."""
    for _ in range(tries):
        try:
            return step()
        except StoreError:
            continue
    raise AssertionError("it never worked again")


def scan_patiently(world: Any, kit: Any) -> Any:
    patiently(world.open)
    session = patiently(world.begin)
    for number in (1, 2):
        patiently(lambda number=number: session.add_page(kit.numbered(number)))
    patiently(lambda: number_dropped(session, 1))
    patiently(lambda: session.add_page(kit.numbered(3)))
    return patiently(session.finish)


def number_dropped(session: Any, number: int) -> None:
    """The page is not there any more, by this call or by an earlier one that failed late."""
    if number in [info.number for info in session.pages()]:
        session.drop_page(number)


def new_world(kit: Any, root: Any) -> Any:
    return kit.World(root, kit.PowerDisk(root), kit.ToySealer, kit.toy_unseal)


def check_end(world: Any, kit: Any, scan: Any) -> None:
    assert world.pages_in(scan.sha256) == [kit.numbered(2).sha256, kit.numbered(3).sha256]
    world.store.sweep()
    assert [row for row, _ in world.ledger.rows.values()] == [scan]
    report = world.again()
    assert report.faults == ()
    assert {name for name, _ in world.disk.files()} == {f"/scans/sealed/{scan.sha256}.p7m"}
    world.store.close()


def test_an_error_at_any_call_is_told_and_trying_again_works(kit: Any, tmp_path: Any) -> None:
    world = new_world(kit, tmp_path / "scans")
    scan_patiently(world, kit)
    calls = world.disk.calls
    assert calls > 50
    for at in range(1, calls + 1):
        world = new_world(kit, tmp_path / "scans")
        world.disk.failure, world.disk.fail_at = broken, at
        check_end(world, kit, scan_patiently(world, kit))


def test_a_cut_after_an_error_loses_no_page_either(kit: Any, tmp_path: Any) -> None:
    world = new_world(kit, tmp_path / "scans")
    scan_patiently(world, kit)
    calls = world.disk.calls
    for at in range(10, calls + 1):
        world = new_world(kit, tmp_path / "scans")
        world.disk.failure, world.disk.fail_at = broken, at
        patiently(world.open)
        session = patiently(world.begin)
        kept = []
        try:
            for number in (1, 2, 3):
                session.add_page(kit.numbered(number))
                kept.append(kit.numbered(number).sha256)
            session.finish()
        except StoreError:
            pass
        world.disk.cut(at)
        assert world.open().faults == ()
        found = [info.sha256 for session in world.store.sessions() for info in session.pages()]
        found += [page.page for scan, _ in world.ledger.rows.values() for page in scan.pages]
        assert kept == found[: len(kept)]
        assert len(found) <= len(kept) + 1
        world.store.close()


def test_a_disk_that_is_full_from_any_call_on_keeps_what_was_kept(kit: Any, tmp_path: Any) -> None:
    calls = scan_calls(kit, tmp_path)
    for at in range(1, calls + 1):
        world = new_world(kit, tmp_path / "scans")
        kept: list[str] = []
        fill_at(world, at)
        try:
            world.open()
            session = world.begin()
            for number in (1, 2, 3):
                session.add_page(kit.numbered(number))
                kept.append(kit.numbered(number).sha256)
            session.finish()
        except DiskFull as error:
            assert error.code == "L-12"
        assert not [name for name, _ in world.disk.files() if "/.tmp" in name], "a half file on a full disk"
        world.disk.fail_at, world.disk.is_full = 0, False
        assert world.again().faults == ()
        session = world.begin()
        for number in (1, 2, 3):
            session.add_page(kit.numbered(number)) if not world.ledger.rows else None
        scan = session.finish() if not world.ledger.rows else world.ledger.rows[1][0]
        assert world.pages_in(scan.sha256) == [kit.numbered(number).sha256 for number in (1, 2, 3)]
        world.store.close()


def scan_calls(kit: Any, tmp_path: Any) -> int:
    world = new_world(kit, tmp_path / "scans")
    world.open()
    world.scanned(1, 2, 3).finish()
    world.store.close()
    return int(world.disk.calls)


def fill_at(world: Any, at: int) -> None:
    """From the n-th call on nothing new fits."""

    def full(what: str) -> BaseException:
        world.disk.is_full = True
        world.disk.fail_at = 0
        if what in ("create", "write", "make_folder"):
            return OSError(errno.ENOSPC, "No space left on device")
        return Passed()

    class Passed(Exception):
        pass

    plain = world.disk.step

    def step(what: str = "ledger") -> None:
        try:
            plain(what)
        except Passed:
            pass

    world.disk.step = step
    world.disk.failure, world.disk.fail_at = full, at


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EFBIG, DiskFull),
        (errno.EIO, DiskBroken),
        (errno.EROFS, DiskBroken),
        (errno.EACCES, FolderDenied),
        (errno.EPERM, FolderDenied),
    ],
)
def test_each_kind_of_error_says_who_must_act(
    world: Any, kit: Any, number: int, kind: type[StoreError]
) -> None:
    session = world.scanned(1)
    world.disk.failure = lambda _: OSError(number, "no")
    world.disk.fail_at = world.disk.calls + 1
    with pytest.raises(kind) as told:
        session.add_page(kit.numbered(2))
    assert type(told.value) is kind
    assert told.value.as_fault().who == "technician"
    assert [info.sha256 for info in session.pages()] == [kit.numbered(1).sha256]


def test_a_page_that_was_told_as_failed_is_not_there(world: Any, kit: Any) -> None:
    """Its rename was done and the sync of the folder failed: it would be there, or not, after a cut."""
    session = world.scanned(1)
    world.disk.failure = broken
    for further in range(1, 7):
        world.disk.fail_at = world.disk.calls + further
        with pytest.raises(DiskBroken):
            session.add_page(kit.numbered(2))
        assert [name for name, _ in world.disk.files() if "0002" in name or ".tmp" in name] == []
        if world.disk.calls - world.disk.fail_at == 2:  # unlink and sync followed the sync that failed
            break
    assert further == 5
    session.add_page(kit.numbered(2))


def test_a_key_that_cannot_be_overwritten_is_deleted_for_good_all_the_same(world: Any, kit: Any) -> None:
    def refuse(path: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    world.disk.reopen = refuse
    world.ledger.is_away = True
    for seed in range(12):
        scan = world.scanned(1, key=f"touch-{seed}").finish()
        world.disk.cut(seed)
        assert [name for name, _ in world.disk.files() if name.endswith("/key")] == []
        world.open()
        assert f"{scan.sha256}.p7m" in world.blobs()


def test_bytes_that_come_back_otherwise_are_not_taken_for_kept(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)
    read, lies = world.disk.read, [True]

    def lie(path: Any, most: int) -> bytes:
        data = read(path, most)
        return bytes(len(data)) if path.suffix == ".p7m" and lies[0] else data

    world.disk.read = lie
    with pytest.raises(DiskBroken, match="other bytes than were written"):
        session.finish()
    assert len(session.pages()) == 2
    assert world.blobs() == {}
    lies[0] = False
    assert len(world.pages_in(session.finish().sha256)) == 2


def test_scanning_goes_on_after_a_finish_that_failed(world: Any, kit: Any) -> None:
    session = world.scanned(1)
    world.disk.failure = broken
    for further in range(1, 12):
        world.disk.fail_at = world.disk.calls + further
        try:
            session.finish()
        except StoreError:
            session.add_page(kit.numbered(1 + further))
            assert world.again().finished == ()
            session = world.store.resume(12, "hukou-ben")
        else:
            break
    assert further > 6
    assert len(session.pages()) == 0
    scan = session.finish()
    assert len(world.pages_in(scan.sha256)) == further


@pytest.mark.parametrize("step", ["add", "drop"])
def test_a_person_who_goes_on_after_a_failed_finish_is_not_finished_by_a_restart(
    kit: Any, tmp_path: Any, step: str
) -> None:
    """The disk was broken for so long that not even "it is not sealed after all" could be written."""
    for further in range(1, 9):
        world = new_world(kit, tmp_path / "scans")
        world.open()
        session = world.scanned(1, 2)
        plain, since = world.disk.step, world.disk.calls + further

        def fail(what: str = "", world: Any = world, plain: Any = plain, since: int = since) -> None:
            plain(what)
            if world.disk.calls >= since:
                raise broken(what)

        world.disk.step = fail
        with pytest.raises(DiskBroken):
            session.finish()
        world.disk.step = plain
        session.add_page(kit.numbered(3)) if step == "add" else session.drop_page(1)
        left = [info.sha256 for info in session.pages()]
        world.disk.cut(further)
        assert world.open().finished == ()
        session = world.store.resume(12, "hukou-ben")
        assert [info.sha256 for info in session.pages()] == left
        world.store.close()

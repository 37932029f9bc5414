"""The store on the machine's own disk: rights, locks, SIGKILL, a limit on file size, cuts at every call."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from halldrivers.scanstore.errors import DiskBroken, DiskFull, FolderDenied, StoreBusy
from halldrivers.scanstore.ledger import ScanState, SealedScan
from halldrivers.scanstore.seal import CertificateFile

PROGRAM = Path(__file__).parent / "programs" / "scan_and_die.py"


def walk(root: Path) -> Iterator[tuple[str, int]]:
    for path in sorted(root.rglob("*")):
        yield str(path.relative_to(root)), stat.S_IMODE(path.lstat().st_mode)


def test_everything_is_this_user_s_alone(real: Any) -> None:
    old = os.umask(0)
    try:
        session = real.scanned(1, 2)
    finally:
        os.umask(old)
    assert stat.S_IMODE(real.root.stat().st_mode) == 0o700
    found = dict(walk(real.root))
    name = f"open/{session.meta.session}"
    assert found == {
        "aside": 0o700,
        "lock": 0o600,
        "open": 0o700,
        name: 0o700,
        f"{name}/0001.page": 0o600,
        f"{name}/0002.page": 0o600,
        f"{name}/key": 0o600,
        f"{name}/session.json": 0o600,
        "sealed": 0o700,
    }
    scan = session.finish()
    assert dict(walk(real.root)) == {
        "aside": 0o700,
        "lock": 0o600,
        "open": 0o700,
        "sealed": 0o700,
        f"sealed/{scan.sha256}.p7m": 0o600,
    }


def test_rights_that_were_opened_by_hand_are_closed_at_the_start(real: Any) -> None:
    real.store.close()
    (real.root / "sealed").chmod(0o755)
    real.open()
    assert stat.S_IMODE((real.root / "sealed").stat().st_mode) == 0o700


def test_a_link_in_the_place_of_the_folder_is_refused(real: Any, tmp_path: Path) -> None:
    real.store.close()
    real.root.rename(tmp_path / "elsewhere")
    real.root.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FolderDenied):
        real.open()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away, and this is not root")
def test_another_user_s_folder_is_refused(real: Any) -> None:
    real.store.close()
    os.chown(real.root, 12345, 12345)
    with pytest.raises(FolderDenied):
        real.open()


def test_a_folder_whose_place_is_missing_is_an_error_that_names_it(real: Any, tmp_path: Path) -> None:
    real.root = tmp_path / "no" / "scans"
    with pytest.raises(DiskBroken, match="no/scans: No such file"):
        real.open()


def test_two_processes_cannot_have_the_folder(real: Any) -> None:
    second = real.new_store()
    with pytest.raises(StoreBusy):
        second.open()
    real.store.close()
    second.open()
    second.close()


def test_a_store_that_could_not_open_holds_nothing(real: Any) -> None:
    real.store.close()
    (real.root / "sealed").rmdir()
    (real.root / "sealed").write_text("a file in the way")
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(FolderDenied):
        real.open()
    (real.root / "sealed").unlink()
    real.open()
    real.store.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_no_page_and_no_picture_can_be_read_on_the_disk(real: Any, kit: Any) -> None:
    session = real.scanned(1, 2)
    every = b"".join(path.read_bytes() for path in real.root.rglob("*") if path.is_file())
    assert b"JFIF" not in every
    assert kit.numbered(1).sha256.encode() not in every
    session.finish()
    every = b"".join(path.read_bytes() for path in real.root.rglob("*") if path.is_file())
    assert b"JFIF" not in every and b"%PDF" not in every and b"hukou" not in every


def test_a_cut_at_any_call_of_the_real_disk_keeps_every_page(kit: Any, tmp_path: Path, county: Any) -> None:
    at, is_over = 0, False
    while not is_over:
        at += 2  # every call on the disk in memory, every other one on this, which takes its time
        world = kit.World(tmp_path / f"scans-{at}", kit.CountingDisk(), kit.ToySealer, kit.toy_unseal)
        world.ledger.before = world.disk.step
        world.disk.fail_at = at
        kept: list[str] = []
        try:
            world.open()
            session = world.begin()
            for number in (1, 2):
                session.add_page(kit.numbered(number))
                kept.append(kit.numbered(number).sha256)
            session.finish()
            is_over = True
        except kit.PowerCut:
            pass
        world.store.close()
        world.disk.fail_at = 0
        assert world.open().faults == ()
        found = [info.sha256 for session in world.store.sessions() for info in session.pages()]
        found += [page.page for scan, _ in world.ledger.rows.values() for page in scan.pages]
        assert found[: len(kept)] == kept and len(found) <= len(kept) + 1
        assert not list(world.root.rglob(".*"))
        world.store.close()
    assert at > 45


@pytest.mark.parametrize("die_at", [3, 9, 17, 25, 33, 44, 52, 57, 1000])
def test_a_kill_at_any_call_keeps_every_page_that_was_told(
    kit: Any, tmp_path: Path, county: Any, die_at: int
) -> None:
    (tmp_path / "county.crt").write_bytes(county.pem)
    pictures = []
    for number in range(4):
        (tmp_path / f"{number}.jpg").write_bytes(kit.picture(number))
        pictures.append(str(tmp_path / f"{number}.jpg"))
    arguments = [str(tmp_path / "scans"), str(tmp_path / "county.crt"), str(tmp_path / "rows"), str(die_at)]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *arguments, *pictures], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == (-signal.SIGKILL if die_at < 1000 else 0), done.stderr
    told = [line.split() for line in done.stdout.splitlines()]

    sealers = CertificateFile(tmp_path / "county.crt")
    world = kit.World(tmp_path / "scans", kit.CountingDisk(), sealers, county.unseal)
    rows = (tmp_path / "rows").read_bytes().splitlines() if (tmp_path / "rows").exists() else []
    for number, line in enumerate(rows, 1):
        world.ledger.rows[number] = (msgspec.json.decode(line, type=SealedScan), ScanState.KEPT)
    report = world.open()
    assert report.faults == ()
    assert not list(world.root.rglob(".*"))
    for material in ("first", "second"):
        kept = [sha256 for name, sha256 in told if name == material]
        rows_of = [scan for scan, _ in world.ledger.rows.values() if scan.material == material]
        open_of = [session for session in world.store.sessions() if session.meta.material == material]
        assert len(rows_of) + len(open_of) <= 1
        found = [sha256 for scan in rows_of for sha256 in world.pages_in(scan.sha256)]
        found += [info.sha256 for session in open_of for info in session.pages()]
        assert found[: len(kept)] == kept and len(found) <= len(kept) + 1
        if ["done", material] in told:
            assert rows_of
    world.store.close()


@contextmanager
def file_size_limit(most: int) -> Iterator[None]:
    """No file may grow past this; Python ignores SIGXFSZ, so a write says EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_page_that_does_not_fit_is_refused_and_leaves_no_half_file(real: Any, kit: Any) -> None:
    session = real.scanned(1)
    large = kit.page_of(kit.picture(2, "PNG", (90, 120)), 2)
    limit = len(large.data)
    with file_size_limit(limit), pytest.raises(DiskFull, match="File too large"):
        session.add_page(large)
    assert [info.sha256 for info in session.pages()] == [kit.numbered(1).sha256]
    assert not list(real.root.rglob(".*"))
    session.add_page(large)
    assert len(real.pages_in(session.finish().sha256)) == 2


def test_a_sealed_file_that_does_not_fit_keeps_the_pages(real: Any, kit: Any) -> None:
    session = real.scanned(1, 2)
    with file_size_limit(1500), pytest.raises(DiskFull):
        session.finish()
    assert real.blobs() == {}
    assert not list(real.root.rglob(".*"))
    assert len(session.pages()) == 2
    assert len(real.pages_in(session.finish().sha256)) == 2

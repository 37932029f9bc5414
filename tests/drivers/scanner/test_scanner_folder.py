"""A watched folder as a scanner, on a real file system: moved, never lost, never another person's paper."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from halldrivers.errors import DeviceState
from halldrivers.scanner.address import FolderAddress
from halldrivers.scanner.errors import ScanDiskFull, ScanFolderAbsent, ScanFolderDenied
from halldrivers.scanner.esclstatus import Feeder
from halldrivers.scanner.folder import SET_ASIDE, WatchedFolder
from halldrivers.scanner.folderscanner import WAITING_S, FolderScanner
from halldrivers.scanner.outcome import Ended, ScanOutcome
from halldrivers.scanner.settings import ScanLimits, ScanSettings
from halldrivers.scanner.watched import Decision, Reason, Seen
from halldrivers.worker import DeviceWorker, Retry

WITHIN_S = 20.0


def jpeg(shade: int = 128) -> bytes:
    file = io.BytesIO()
    Image.new("L", (50, 70), shade).save(file, "JPEG")
    return file.getvalue()


class World:
    """A folder, a clock that each poll moves on, and what is to happen at which time."""

    def __init__(self, tmp_path: Path, **how: Any) -> None:
        self.inbox = tmp_path / "in"
        self.inbox.mkdir(exist_ok=True)
        self.now_s = 1000.0
        self.plan: list[tuple[float, Callable[[], object]]] = []
        self.stop = threading.Event()
        self.scanner = FolderScanner(
            FolderAddress(self.inbox, 2),
            tmp_path / "work",
            limits=ScanLimits(quiet_s=60.0),
            now_s=lambda: self.now_s,
            sleep=self._sleep,
            **how,
        )

    def _sleep(self, pause_s: float) -> None:
        self.now_s += pause_s
        while self.plan and self.plan[0][0] <= self.now_s:
            self.plan.pop(0)[1]()

    def at(self, after_s: float, act: Callable[[], object]) -> None:
        self.plan.append((self.now_s + after_s, act))
        self.plan.sort(key=lambda item: item[0])

    def puts(self, after_s: float, name: str, data: bytes) -> None:
        self.at(after_s, lambda: (self.inbox / name).write_bytes(data))

    def scan(self, taker: Any, most_pages: int = 500) -> ScanOutcome:
        stopped = lambda: self.stop.is_set() or taker.stop.is_set()  # noqa: E731
        return self.scanner.scan(ScanSettings(most_pages=most_pages), taker, stopped)

    @property
    def aside(self) -> list[str]:
        folder = self.inbox / SET_ASIDE
        return sorted(os.listdir(folder)) if folder.exists() else []

    @property
    def left(self) -> list[str]:
        return sorted(name for name in os.listdir(self.inbox) if name != SET_ASIDE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- a scan --------------------------------------------------------------------------------------


def test_files_that_arrive_are_pages_until_the_person_says_that_is_all(world: World, taker: Any) -> None:
    world.puts(3, "doc2.jpg", jpeg(2))
    world.puts(5, "doc10.jpg", jpeg(10))
    world.at(20, world.stop.set)
    outcome = world.scan(taker)
    assert (outcome.ended, outcome.fault, len(outcome.pages)) == (Ended.DONE, None, 2)
    assert [page.path.read_bytes() for page in outcome.pages] == [jpeg(2), jpeg(10)]
    assert taker.names == ["page-0001.jpg", "page-0002.jpg"]
    assert world.left == []
    assert outcome.folder is not None and outcome.folder.stat().st_mode & 0o777 == 0o700
    assert world.scanner.counters["good_reads"] == 2


def test_silence_ends_the_scan(world: World, taker: Any) -> None:
    world.puts(3, "a.jpg", jpeg())
    outcome = world.scan(taker)
    assert (outcome.ended, len(outcome.pages)) == (Ended.DONE, 1)
    assert 60 <= world.now_s - 1000 < 80


def test_silence_without_a_page_asks_the_person(world: World, taker: Any) -> None:
    outcome = world.scan(taker)
    assert (outcome.ended, outcome.asks_person, outcome.folder) == (Ended.NOTHING_ARRIVED, True, None)
    assert outcome.fault is not None and outcome.fault.code == "N-19"


def test_a_person_who_gives_up_has_cancelled(world: World, taker: Any) -> None:
    world.at(5, world.stop.set)
    outcome = world.scan(taker)
    assert (outcome.ended, outcome.fault, outcome.pages) == (Ended.CANCELLED, None, ())


def test_a_page_on_its_way_when_the_person_says_that_is_all_still_counts(world: World, taker: Any) -> None:
    data = jpeg()
    world.puts(3, "a.jpg", data[:300])
    world.at(4, world.stop.set)
    world.puts(6, "a.jpg", data)
    assert len(world.scan(taker).pages) == 1


def test_no_more_pages_than_allowed(world: World, taker: Any) -> None:
    for number in range(3):
        world.puts(3, f"{number}.jpg", jpeg(number))
    outcome = world.scan(taker, most_pages=2)
    assert (outcome.ended, len(outcome.pages)) == (Ended.LIMIT, 2)
    assert world.left == ["2.jpg"]


def test_the_content_says_what_it_is(world: World, taker: Any) -> None:
    for name, form in (("x.dat", "PNG"), ("y", "TIFF"), ("z.jpg", "PDF")):
        file = io.BytesIO()
        Image.new("L", (20, 20)).save(file, form)
        world.puts(3, name, file.getvalue())
    outcome = world.scan(taker)
    assert [page.media_type for page in outcome.pages] == ["image/png", "image/tiff", "image/jpeg"]
    assert taker.names == ["page-0001.png", "page-0002.tif", "page-0003.jpg"]


def test_what_waits_before_the_scan_is_another_person_s_and_set_aside(world: World, taker: Any) -> None:
    (world.inbox / "before.jpg").write_bytes(jpeg(1))
    world.puts(3, "after.jpg", jpeg(2))
    outcome = world.scan(taker)
    assert [page.path.read_bytes() for page in outcome.pages] == [jpeg(2)]
    assert world.aside == ["early--before.jpg"]
    assert (world.inbox / SET_ASIDE / "early--before.jpg").read_bytes() == jpeg(1)
    assert world.scanner.counters["strays"] == 1


def test_however_many_wait_before_the_scan_none_is_taken(
    world: World, taker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("halldrivers.scanner.folder.MOST_LISTED", 3)
    for number in range(10):
        (world.inbox / f"{number}.jpg").write_bytes(jpeg(number))
    assert world.scan(taker).pages == ()
    assert len(world.aside) == 10


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("cut.jpg", jpeg()[:300], "half--cut.jpg"),
        ("nothing.jpg", b"", "empty--nothing.jpg"),
        ("letter.docx", b"PK\x03\x04" + bytes(50), "foreign--letter.docx"),
        ("合同.jpg", b"\0" * 100, "foreign--合同.jpg"),
    ],
)
def test_what_is_no_page_is_kept_aside_with_its_reason(
    world: World, taker: Any, name: str, data: bytes, kept: str
) -> None:
    world.puts(3, name, data)
    outcome = world.scan(taker)
    assert outcome.pages == ()
    assert world.aside == [kept]
    assert (world.inbox / SET_ASIDE / kept).read_bytes() == data
    assert world.scanner.warning is not None
    assert (world.scanner.warning.code, world.scanner.warning.blocking) == ("N-20", False)


def test_a_huge_file_is_set_aside(tmp_path: Path, taker: Any) -> None:
    world = World(tmp_path, most_bytes=1000)
    world.puts(3, "huge.jpg", jpeg() + bytes(1000))
    world.scan(taker)
    assert world.aside == ["huge--huge.jpg"]


def test_links_and_pipes_are_set_aside_and_never_followed(world: World, taker: Any) -> None:
    secret = world.inbox.parent / "secret.jpg"
    secret.write_bytes(jpeg())
    world.at(3, lambda: (world.inbox / "link.jpg").symlink_to(secret))
    world.at(3, lambda: os.mkfifo(world.inbox / "pipe.jpg"))
    outcome = world.scan(taker)
    assert outcome.pages == ()
    assert world.aside == ["no-file--link.jpg", "no-file--pipe.jpg"]
    assert secret.exists()


def test_folders_and_systems_files_stay_where_they_are(world: World, taker: Any) -> None:
    (world.inbox / "sub").mkdir()
    (world.inbox / "Thumbs.db").write_bytes(b"x")
    world.scan(taker)
    assert world.left == ["Thumbs.db", "sub"]


def test_two_of_one_name_are_both_kept_aside(world: World, taker: Any) -> None:
    for _ in range(2):
        world.puts(3, "x.doc", b"word")
        world.scan(taker)
    assert world.aside == ["foreign--x.doc", "foreign--x.doc.2"]


def test_a_name_as_long_as_a_file_system_allows_is_kept_aside(world: World, taker: Any) -> None:
    name = "扫" * 83 + ".doc"
    world.puts(3, name, b"word")
    world.scan(taker)
    (kept,) = world.aside
    assert kept.startswith("foreign--") and kept.endswith("扫.doc")


def test_a_file_that_somebody_has_open_for_writing_waits(world: World, taker: Any) -> None:
    file = open(world.inbox.parent / "elsewhere", "wb")
    file.write(jpeg())
    file.flush()
    if not _has_leases(world.inbox.parent / "elsewhere"):
        file.close()
        pytest.skip("this file system gives no leases, so nobody can tell who has a file open")
    world.at(3, lambda: os.link(world.inbox.parent / "elsewhere", world.inbox / "open.jpg"))
    world.at(15, file.close)
    closed_when_taken: list[bool] = []
    outcome = world.scanner.scan(None, lambda page: closed_when_taken.append(file.closed), lambda: False)
    assert (len(outcome.pages), closed_when_taken) == (1, [True])


def _has_leases(path: Path) -> bool:
    """Whether the kernel refuses a read lease on a file that is open for writing."""
    with open(path, "rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def test_a_file_that_changes_while_it_is_taken_is_set_aside(world: World, tmp_path: Path) -> None:
    (world.inbox / "a.jpg").write_bytes(jpeg() + b"more")
    found = (world.inbox / "a.jpg").stat()
    before = Seen("a.jpg", found.st_ino, found.st_size - 4, found.st_mtime_ns)
    into = tmp_path / "into"
    into.mkdir()
    assert WatchedFolder(world.inbox).take(before, into, 1) is None
    assert world.aside == ["changed--a.jpg"]
    assert os.listdir(into) == []


def test_over_two_file_systems_a_file_is_copied_and_then_removed(
    world: World, taker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self.parent == world.inbox and SET_ASIDE not in str(target):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    world.puts(3, "a.jpg", jpeg())
    outcome = world.scan(taker)
    assert [page.path.read_bytes() for page in outcome.pages] == [jpeg()]
    assert world.left == [] and world.aside == []


def test_a_file_that_its_writer_takes_back_is_nobody_s_loss(world: World, tmp_path: Path) -> None:
    folder = WatchedFolder(world.inbox)
    gone = Seen("gone.jpg", 1, 1, 1)
    assert folder.take(gone, tmp_path, 1) is None
    folder.put_aside(Decision(gone, Reason.EARLY))
    assert (folder.set_aside, folder.inspect(gone)) == (0, None)


def test_whoever_refuses_a_page_ends_the_scan_and_the_page_stays(world: World, taker: Any) -> None:
    taker.error = ScanDiskFull("the store")
    world.puts(3, "a.jpg", jpeg())
    outcome = world.scan(taker)
    assert (outcome.ended, len(outcome.pages)) == (Ended.NOT_KEPT, 1)
    assert outcome.pages[0].path.exists()
    assert outcome.fault is not None and outcome.fault.code == "N-12"


def test_without_room_the_scan_ends(tmp_path: Path, taker: Any) -> None:
    world = World(tmp_path, free_bytes=lambda path: 0)
    assert world.scan(taker).ended is Ended.DISK_FULL


def test_a_folder_that_vanishes_in_mid_scan_keeps_the_pages(world: World, taker: Any) -> None:
    world.puts(3, "a.jpg", jpeg())
    world.at(10, lambda: world.inbox.rename(world.inbox.parent / "pulled"))
    outcome = world.scan(taker)
    assert (outcome.ended, len(outcome.pages)) == (Ended.ABSENT, 1)
    assert outcome.fault is not None and outcome.fault.code == "N-17"
    again = world.scan(taker)
    assert (again.ended, again.pages, again.folder) == (Ended.ABSENT, (), None)


def test_a_file_that_grows_for_long_is_waited_for(world: World, taker: Any) -> None:
    data = jpeg()
    for step in range(1, 10):
        world.puts(10 * step, "slow.jpg", data[: 20 * step])
    world.puts(100, "slow.jpg", data)
    assert len(world.scan(taker).pages) == 1


@pytest.mark.parametrize(
    ("number", "ended", "code"),
    [
        (errno.ENOSPC, Ended.DISK_FULL, "N-12"),
        (errno.EIO, Ended.ABSENT, "N-23"),
        (errno.EACCES, Ended.DENIED, "N-18"),
    ],
)
def test_a_copy_that_fails_leaves_the_file_where_it_was(
    world: World, taker: Any, monkeypatch: pytest.MonkeyPatch, number: int, ended: Ended, code: str
) -> None:
    def across(self: Path, target: Path) -> Path:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    def failing(old: Any, new: Any) -> None:
        new.write(b"half")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "rename", across)
    monkeypatch.setattr("shutil.copyfileobj", failing)
    world.puts(3, "a.jpg", jpeg())
    outcome = world.scan(taker)
    assert (outcome.ended, outcome.pages) == (ended, ())
    assert outcome.fault is not None and outcome.fault.code == code
    assert (world.inbox / "a.jpg").read_bytes() == jpeg()


def test_halting_ends_the_scan(world: World, taker: Any) -> None:
    world.puts(3, "a.jpg", jpeg())
    world.at(10, world.scanner.halt)
    assert world.scan(taker).ended is Ended.DONE


# --- any writer, on a real file system -----------------------------------------------------------

pieces = st.lists(st.tuples(st.floats(0.0, 6.0), st.floats(0.05, 0.95)), max_size=3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(1.0, 20.0), pieces, st.booleans()), min_size=1, max_size=3))
def test_whatever_its_writers_do_every_page_comes_whole_and_once(files: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        wanted = []
        for number, (starts_s, steps, renames) in enumerate(files):
            data = jpeg(number)
            wanted.append(data)
            final = f"{number}.jpg"
            name = f"{number}.part" if renames else final
            after_s, cuts = starts_s, sorted(share for _, share in steps)
            for (pause_s, _), share in zip(steps, cuts, strict=True):
                world.puts(after_s, name, data[: int(len(data) * share)])
                after_s += pause_s
            world.puts(after_s, name, data)
            if renames:
                # At once: a file that is whole and steady for seconds is taken under any name.
                world.at(
                    after_s + 0.1, lambda old=name, new=final: (world.inbox / old).rename(world.inbox / new)
                )
        pages: list[bytes] = []
        outcome = world.scanner.scan(None, lambda page: pages.append(page.path.read_bytes()), lambda: False)
        assert (outcome.ended, sorted(pages)) == (Ended.DONE, sorted(wanted))
        assert world.aside == [] and world.left == []


# --- as a device ---------------------------------------------------------------------------------


def test_files_that_nobody_asks_for_are_told_after_a_minute(world: World) -> None:
    world.scanner.open()
    world.scanner.turn()
    (world.inbox / "stray.jpg").write_bytes(jpeg())
    world.scanner.turn()
    assert world.scanner.warning is None
    world.now_s += WAITING_S
    world.scanner.turn()
    warning = world.scanner.warning
    assert warning is not None
    assert (warning.code, warning.blocking) == ("N-21", False)
    (world.inbox / "stray.jpg").unlink()
    world.scanner.turn()
    assert world.scanner.warning is None


def test_a_folder_that_is_not_there_or_refuses_us(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ScanFolderDenied):
        world.scanner.open()
    world.inbox.rmdir()
    with pytest.raises(ScanFolderAbsent):
        world.scanner.open()
    with pytest.raises(ScanFolderAbsent):
        world.scanner.turn()
    assert not world.scanner.is_open


def test_the_operating_system_s_refusals_have_our_names(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    folder = WatchedFolder(world.inbox)
    (world.inbox / "a.jpg").write_bytes(jpeg())
    (file,) = folder.listing()
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ScanFolderDenied):
        folder.take(file, tmp_path, 1)
    with pytest.raises(ScanFolderDenied):
        folder.put_aside(Decision(file, Reason.HALF))
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ScanFolderDenied):
        folder.listing()


def test_a_folder_comes_and_goes_under_its_worker(tmp_path: Path) -> None:
    scanner = FolderScanner(FolderAddress(tmp_path / "in", 1), tmp_path / "work")
    states: list[DeviceState] = []
    changed = threading.Condition()

    def hear(word: Any) -> None:
        with changed:
            states.append(word.state)
            changed.notify_all()

    def until(*wanted: DeviceState) -> None:
        with changed:
            assert changed.wait_for(lambda: states == list(wanted), WITHIN_S), states

    with DeviceWorker("folder", scanner, on_status=hear, retry=Retry(0.01, 0.02)):
        until(DeviceState.ABSENT)
        (tmp_path / "in").mkdir()
        until(DeviceState.ABSENT, DeviceState.ONLINE)


def test_in_real_time_a_file_is_taken_within_seconds(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    scanner = FolderScanner(FolderAddress(inbox, 1), tmp_path / "work", poll_s=0.05)
    begun = threading.Event()
    arriving = threading.Thread(target=lambda: begun.wait(WITHIN_S) and (inbox / "a.jpg").write_bytes(jpeg()))
    arriving.start()

    def stopped() -> bool:
        begun.set()
        return False

    outcome = scanner.scan(ScanSettings(most_pages=1), lambda page: None, stopped)
    arriving.join()
    assert (outcome.ended, len(outcome.pages)) == (Ended.DONE, 1)


def test_a_folder_knows_of_no_feeder(world: World) -> None:
    assert world.scanner.feeder() is Feeder.UNKNOWN

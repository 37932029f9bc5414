"""A folder as a camera: its newest whole file, and never a part of one, nor somebody else's page."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from halldrivers.camera.address import CameraAddress, CameraKind
from halldrivers.camera.errors import FrameDamaged, FrameStale, NoFrame, TooLarge
from halldrivers.camera.foldersource import STEADY_S, FolderSource
from halldrivers.camera.mjpeg import MOST_BYTES
from halldrivers.camera.sim import CameraSim
from halldrivers.counters import Counters
from halldrivers.errors import PortAbsent, PortClosed, PortGone

WITHIN_S = 30.0


class Clock:
    """Time that passes only while somebody sleeps; `during` happens then."""

    def __init__(self) -> None:
        self.at_s = 0.0
        self.during: Callable[[], None] = lambda: None

    def now(self) -> float:
        return self.at_s

    def sleep(self, seconds: float) -> None:
        self.at_s += seconds
        self.during()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(tmp_path: Path) -> CameraSim:
    return CameraSim(tmp_path / "camera")


@pytest.fixture
def counters() -> Counters:
    return Counters()


def source_of(tmp_path: Path, clock: Clock, counters: Counters, age_s: int = 0) -> FolderSource:
    address = CameraAddress(CameraKind.FOLDER, str(tmp_path / "camera"), age_s=age_s)
    return FolderSource(address, counters, now_s=lambda: 1000.0, mono_s=clock.now, sleep=clock.sleep)


@pytest.fixture
def source(tmp_path: Path, sim: CameraSim, clock: Clock, counters: Counters) -> FolderSource:
    made = source_of(tmp_path, clock, counters)
    made.open()
    return made


def set_time(path: Path, at_s: float) -> None:
    os.utime(path, (at_s, at_s))


def test_the_bytes_are_as_they_lie_in_the_folder(
    source: FolderSource, sim: CameraSim, jpeg: bytes, tmp_path: Path, counters: Counters
) -> None:
    sim.deliver(jpeg)
    set_time(tmp_path / "camera/frame.jpg", 900.25)
    frame = source.frame(1.0)
    assert frame.jpeg == jpeg
    assert (frame.width, frame.height, frame.taken_s) == (320, 240, 900.25)
    assert counters["frames"] == 1
    assert (tmp_path / "camera/frame.jpg").read_bytes() == jpeg, "and stays there"


def test_the_newest_file_is_the_frame(
    source: FolderSource, sim: CameraSim, jpeg: bytes, other_jpeg: bytes, tmp_path: Path
) -> None:
    sim.deliver(jpeg, "b.jpg")
    sim.deliver(other_jpeg, "a.JPEG")
    set_time(tmp_path / "camera/b.jpg", 100.0)
    set_time(tmp_path / "camera/a.JPEG", 200.0)
    assert source.frame(1.0).jpeg == other_jpeg


def test_what_came_since_the_last_look_is_newer_even_if_the_clock_was_set_back(
    source: FolderSource, sim: CameraSim, jpeg: bytes, other_jpeg: bytes, tmp_path: Path
) -> None:
    sim.deliver(jpeg, "page-1.jpg")
    set_time(tmp_path / "camera/page-1.jpg", 5000.0)
    source.frame(1.0)
    sim.deliver(other_jpeg, "page-2.jpg")
    set_time(tmp_path / "camera/page-2.jpg", 100.0)
    assert source.frame(1.0).jpeg == other_jpeg
    assert source.frame(1.0).jpeg == other_jpeg, "and remains it"


def test_a_file_in_the_making_is_waited_for(
    source: FolderSource, sim: CameraSim, jpeg: bytes, clock: Clock, tmp_path: Path
) -> None:
    sim.deliver_half(jpeg)

    def finish() -> None:
        if 0.5 < clock.at_s < 0.7:
            (tmp_path / "camera/frame.jpg").write_bytes(jpeg)

    clock.during = finish
    assert source.frame(WITHIN_S).jpeg == jpeg


def test_every_piece_of_a_slow_writer_is_waited_for(
    source: FolderSource, sim: CameraSim, jpeg: bytes
) -> None:
    slow = CameraSim(sim._folder, sleep=lambda pause_s: heard.append(source_frame()))
    heard: list[bytes | None] = []

    def source_frame() -> bytes | None:
        try:
            return source.frame(0.2).jpeg
        except (FrameDamaged, NoFrame):
            return None

    slow.deliver_slowly(jpeg, 12, 0.01)
    assert heard == [None] * 11
    assert source_frame() == jpeg


def test_a_writer_in_another_thread_never_shows_a_part(sim: CameraSim, tmp_path: Path, jpeg: bytes) -> None:
    sim.deliver_half(jpeg)
    address = CameraAddress(CameraKind.FOLDER, str(tmp_path / "camera"))
    source = FolderSource(address, Counters())
    source.open()
    writer = threading.Thread(target=sim.deliver_slowly, args=(jpeg, 6, 0.03))
    writer.start()
    frame = source.frame(WITHIN_S)
    writer.join()
    assert frame.jpeg == jpeg


def test_a_whole_file_that_still_changes_is_not_taken(
    source: FolderSource, sim: CameraSim, jpeg: bytes, other_jpeg: bytes, clock: Clock
) -> None:
    sim.deliver(jpeg)
    pages = iter([other_jpeg, jpeg, other_jpeg])

    def change() -> None:
        page = next(pages, None)
        if page:
            sim.deliver(page)

    clock.during = change
    assert source.frame(WITHIN_S).jpeg == other_jpeg
    assert clock.at_s >= 3 * STEADY_S


def test_a_half_file_never_gives_way_to_the_page_before_it(
    source: FolderSource, sim: CameraSim, jpeg: bytes, other_jpeg: bytes, counters: Counters
) -> None:
    sim.deliver(jpeg, "before.jpg")
    source.frame(1.0)
    sim.deliver_half(other_jpeg, "now.jpg")
    with pytest.raises(FrameDamaged, match=r"now\.jpg: it is cut off"):
        source.frame(1.0)
    assert counters["dropped"] == 1


def test_a_file_without_end_is_an_error_in_its_time(
    source: FolderSource, sim: CameraSim, jpeg: bytes, clock: Clock, tmp_path: Path
) -> None:
    def grow() -> None:
        with open(tmp_path / "camera/frame.jpg", "ab") as file:
            file.write(b"x")

    sim.deliver(jpeg)
    clock.during = grow
    with pytest.raises(NoFrame, match=r"frame\.jpg: still being written"):
        source.frame(1.0)
    assert clock.at_s < 2.0


def test_an_empty_folder_has_no_frame(source: FolderSource) -> None:
    with pytest.raises(NoFrame, match="no picture"):
        source.frame(0.5)


@pytest.mark.parametrize("name", [".hidden.jpg", "frame.jpg.part", "notes.txt", "frame.png"])
def test_other_files_are_no_pictures(source: FolderSource, sim: CameraSim, jpeg: bytes, name: str) -> None:
    sim.deliver(jpeg, name)
    with pytest.raises(NoFrame):
        source.frame(0.2)


def test_links_pipes_and_folders_are_no_pictures(source: FolderSource, jpeg: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(jpeg)
    (tmp_path / "camera/link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "camera/folder.jpg").mkdir()
    os.mkfifo(tmp_path / "camera/pipe.jpg")
    with pytest.raises(NoFrame):
        source.frame(0.2)


def test_a_file_beyond_the_bound_is_not_read(source: FolderSource, tmp_path: Path) -> None:
    with open(tmp_path / "camera/huge.jpg", "wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(TooLarge):
        source.frame(0.5)


def test_an_old_picture_is_refused_where_an_age_is_set(
    sim: CameraSim, tmp_path: Path, clock: Clock, counters: Counters, jpeg: bytes
) -> None:
    source = source_of(tmp_path, clock, counters, age_s=5)
    source.open()
    sim.deliver(jpeg)
    set_time(tmp_path / "camera/frame.jpg", 990.0)
    for look in (source.probe, lambda: source.frame(1.0)):
        with pytest.raises(FrameStale, match=r"frame\.jpg is 10 s old"):
            look()
    set_time(tmp_path / "camera/frame.jpg", 997.0)
    source.probe()
    assert source.frame(1.0).jpeg == jpeg


def test_a_folder_that_is_not_there_is_absent(tmp_path: Path, clock: Clock, counters: Counters) -> None:
    with pytest.raises(PortAbsent):
        source_of(tmp_path, clock, counters).open()
    (tmp_path / "camera").write_text("a file")
    with pytest.raises(PortAbsent, match="not a folder"):
        source_of(tmp_path, clock, counters).open()


def test_a_folder_that_goes_away_is_gone(source: FolderSource, tmp_path: Path) -> None:
    source.probe()
    (tmp_path / "camera").rmdir()
    with pytest.raises(PortGone):
        source.probe()
    with pytest.raises(PortClosed):
        source.frame(0.1)


def test_close_may_be_repeated(source: FolderSource) -> None:
    source.close()
    source.close()
    with pytest.raises(PortClosed):
        source.probe()

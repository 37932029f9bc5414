"""A UVC camera through linuxpy's own code, on a kernel that is played by the test."""

from __future__ import annotations

import errno
import glob
import os
import select
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from linuxpy.video import device as library
from linuxpy.video import raw

from halldrivers.camera.address import CameraAddress, CameraKind, parse_camera
from halldrivers.camera.errors import (
    FrameDamaged,
    NoFrame,
    NoMjpeg,
    NoSuchSize,
    NotACamera,
    UsbTooBusy,
)
from halldrivers.camera.simjpeg import padded
from halldrivers.camera.v4l2source import WARM_UP_FRAMES, WARM_UP_S, V4l2Source
from halldrivers.counters import Counters
from halldrivers.errors import PortAbsent, PortBusy, PortClosed, PortDenied, PortGone

WITHIN_S = 10.0
MJPEG, YUYV = library.PixelFormat.MJPEG, library.PixelFormat.YUYV
METADATA = raw.Capability.META_CAPTURE | raw.Capability.STREAMING

Make = Callable[..., V4l2Source]


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture
def make(counters: Counters) -> Iterator[Make]:
    made: list[V4l2Source] = []

    def maker(path: Path, size: tuple[int, int] | None = None, **more: Any) -> V4l2Source:
        address = CameraAddress(CameraKind.V4L2, str(path), size=size)
        made.append(V4l2Source(address, counters, **more))
        return made[-1]

    yield maker
    for source in made:
        source.close()


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_the_largest_mjpg_size_is_chosen(kernel: Any, make: Make) -> None:
    source = make(kernel.plug().path)
    source.open()
    assert source.size == (3264, 2448)
    assert source.warning is None


def test_a_wanted_size_is_asked_for(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    source = make(node.path, (1600, 1200))
    source.open()
    assert node.format == (MJPEG, 1600, 1200)


def test_a_camera_that_cannot_give_a4_200_dpi_says_so(kernel: Any, make: Make) -> None:
    source = make(kernel.plug().path, (1600, 1200))
    source.open()
    assert source.warning is not None and source.warning.code == "F-09"


def test_a_size_that_the_camera_has_not_is_refused_with_those_it_has(kernel: Any, make: Make) -> None:
    with pytest.raises(NoSuchSize, match="2000x1500: 640x480, 1600x1200, 3264x2448"):
        make(kernel.plug().path, (2000, 1500)).open()


def test_a_size_that_the_driver_changes_quietly_is_refused(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    node.takes_size = lambda width, height: (640, 480)
    with pytest.raises(NoSuchSize, match="1600x1200 -> 640x480"):
        make(node.path, (1600, 1200)).open()


def test_a_size_beyond_the_bound_is_never_chosen(kernel: Any, make: Make) -> None:
    source = make(kernel.plug(formats={MJPEG: ((9000, 9000), (640, 480))}).path)
    source.open()
    assert source.size == (640, 480)


def test_sizes_may_be_a_range(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    node.stepwise = (4208, 3120)
    source = make(node.path)
    source.open()
    assert source.size == (4208, 3120)


def test_a_camera_without_mjpg_is_refused_with_what_it_has(kernel: Any, make: Make) -> None:
    with pytest.raises(NoMjpeg, match="高拍仪 Camera: YUYV"):
        make(kernel.plug(formats={YUYV: ((640, 480),)}).path).open()


def test_a_name_that_ends_within_a_character_is_read(kernel: Any, make: Make) -> None:
    source = make(kernel.plug(card="良田高拍仪摄像头设备型号".encode()[:31]).path)
    source.open()
    assert source.card == "良田高拍仪摄像头设备"


def test_who_names_the_metadata_node_gets_the_capture_node_beside_it(kernel: Any, make: Make) -> None:
    kernel.plug("video0", bus=b"another camera")
    right = kernel.plug("video1")
    wrong = kernel.plug("video2", caps=METADATA)
    source = make(wrong.path)
    source.open()
    assert right.format[1:] == (3264, 2448)


def test_links_of_one_camera_are_told_by_their_names(kernel: Any, make: Make) -> None:
    for index, caps in enumerate((library.Capability.VIDEO_CAPTURE | library.Capability.STREAMING, METADATA)):
        kernel.plug(f"video{index + 4}", caps=caps)
        os.symlink(kernel.folder / f"video{index + 4}", kernel.folder / f"usb-[cam]-video-index{index}")
    source = make(kernel.folder / "usb-[cam]-video-index1")
    source.open()
    assert source.size == (3264, 2448)


def test_a_node_without_pictures_is_no_camera(kernel: Any, make: Make) -> None:
    before = open_files()
    node = kernel.plug(caps=METADATA)
    opened = open_files()
    with pytest.raises(NotACamera):
        make(node.path).open()
    assert open_files() == opened == before + 1


def test_a_device_of_another_kind_is_no_camera(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    node.fails["QUERYCAP"] = errno.ENOTTY
    with pytest.raises(NotACamera):
        make(node.path).open()


def test_a_node_that_is_not_there_is_absent(make: Make, tmp_path: Path) -> None:
    with pytest.raises(PortAbsent):
        make(tmp_path / "video0").open()


def test_a_node_without_rights_is_denied(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(library.Device, "open", refuse)
    with pytest.raises(PortDenied):
        make(tmp_path / "video0").open()


def test_a_camera_is_used_by_one_only(kernel: Any, make: Make) -> None:
    path = kernel.plug().path
    make(path).open()
    with pytest.raises(PortBusy):
        make(path).open()


def test_a_camera_that_another_program_streams_is_busy(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    source = make(node.path)
    source.open()
    node.buffers = 4
    with pytest.raises(PortBusy):
        source.start()


def test_a_bus_without_bandwidth_says_what_to_do(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    node.fails["STREAMON"] = errno.ENOSPC
    source = make(node.path)
    source.open()
    with pytest.raises(UsbTooBusy) as caught:
        source.start()
    assert "另一个 USB 口" in caught.value.remedy_zh
    assert node.buffers == 0, "nothing is held"


def test_a_failed_opening_holds_nothing(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    node.fails["S_FMT"] = errno.EBUSY
    before = open_files()
    with pytest.raises(PortBusy):
        make(node.path).open()
    assert open_files() == before


def test_the_first_frames_are_passed_over_though_they_are_whole(
    kernel: Any, make: Make, jpeg: bytes, dark_jpeg: bytes, counters: Counters
) -> None:
    node = kernel.plug()
    frames = chain(repeat(dark_jpeg, 10), repeat(jpeg))
    node.next_frame = lambda: next(frames)
    source = make(node.path, mono_s=lambda: 0.0)
    source.open()
    source.start()
    assert source.frame(WITHIN_S).jpeg == jpeg
    assert counters["dropped"] == 0, "nothing was wrong with them but their light"


def test_a_slow_camera_warms_up_by_time(kernel: Any, make: Make, jpeg: bytes) -> None:
    node, now = kernel.plug(), [0.0]
    node.next_frame = lambda: jpeg
    source = make(node.path, mono_s=lambda: now[0])
    source.open()
    source.start()
    now[0] = WARM_UP_S
    source.frame(WITHIN_S)
    assert node.delivered < WARM_UP_FRAMES


def test_a_frame_is_not_older_than_the_call(kernel: Any, make: Make, jpeg: bytes, other_jpeg: bytes) -> None:
    node = kernel.plug()
    node.next_frame = lambda: jpeg
    source = make(node.path)
    source.open()
    source.start()
    assert source.frame(WITHIN_S).jpeg == jpeg
    node.next_frame = lambda: other_jpeg  # the page is changed; two frames of the old one wait in the queue
    assert source.frame(WITHIN_S).jpeg == other_jpeg


def test_the_bytes_are_as_delivered_with_their_padding(kernel: Any, make: Make, jpeg: bytes) -> None:
    node = kernel.plug()
    node.next_frame = lambda: padded(jpeg, 700)
    source = make(node.path, now_s=lambda: 1234.5)
    source.open()
    source.start()
    frame = source.frame(WITHIN_S)
    assert frame.jpeg == jpeg + bytes(700)
    assert (frame.width, frame.height, frame.taken_s) == (320, 240, 1234.5)
    assert "xff" not in repr(frame), "no picture in a log"


def test_damaged_frames_are_dropped_and_counted(
    kernel: Any, make: Make, jpeg: bytes, cut_jpeg: bytes, counters: Counters
) -> None:
    node = kernel.plug()
    node.next_frame = lambda: jpeg
    source = make(node.path)
    source.open()
    source.start()
    source.frame(WITHIN_S)
    frames = chain([cut_jpeg, b"", b"\xff\xd8junk"], repeat(jpeg))
    node.next_frame = lambda: next(frames)
    assert source.frame(WITHIN_S).jpeg == jpeg
    assert counters["dropped"] == 3
    assert counters["frames"] > 10


def test_a_frame_that_the_driver_calls_broken_is_dropped(kernel: Any, make: Make, jpeg: bytes) -> None:
    node = kernel.plug()
    node.next_frame, node.flags = lambda: jpeg, raw.BufferFlag.ERROR
    source = make(node.path)
    source.open()
    source.start()
    with pytest.raises(FrameDamaged):
        source.frame(0.2)


def test_a_camera_with_damaged_frames_only_says_so(kernel: Any, make: Make, cut_jpeg: bytes) -> None:
    node = kernel.plug()
    node.next_frame = lambda: cut_jpeg
    source = make(node.path)
    source.open()
    source.start()
    with pytest.raises(FrameDamaged, match="it is cut off"):
        source.frame(0.2)


def test_silence_ends_after_its_time(kernel: Any, make: Make) -> None:
    source = make(kernel.plug().path)
    source.open()
    source.start()
    with pytest.raises(NoFrame):
        source.frame(0.05)


def test_a_camera_that_is_pulled_while_it_streams_is_gone(kernel: Any, make: Make, jpeg: bytes) -> None:
    node = kernel.plug()
    node.next_frame = lambda: jpeg
    source = make(node.path)
    before = open_files()
    source.open()
    source.start()
    source.frame(WITHIN_S)
    kernel.unplug(node)
    with pytest.raises(PortGone):
        source.frame(WITHIN_S)
    assert open_files() == before, "closed with it"


def test_a_camera_that_is_pulled_at_rest_is_gone(kernel: Any, make: Make) -> None:
    node = kernel.plug()
    source = make(node.path)
    source.open()
    source.probe()
    kernel.unplug(node)
    with pytest.raises(PortGone):
        source.probe()


def test_a_hang_up_without_data_is_gone(kernel: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    class HungUp:
        def register(self, fd: int, events: int) -> None: ...

        def poll(self, timeout_ms: float) -> list[tuple[int, int]]:
            return [(0, select.POLLERR | select.POLLHUP)]

    source = make(kernel.plug().path)
    source.open()
    source.start()
    monkeypatch.setattr(select, "poll", HungUp)
    with pytest.raises(PortGone, match="hung up"):
        source.frame(WITHIN_S)


def test_a_camera_comes_back_under_another_number(kernel: Any, make: Make, jpeg: bytes) -> None:
    link = kernel.folder / "usb-cam-video-index0"
    first = kernel.plug("video0")
    link.symlink_to(first.path)
    source = make(link)
    source.open()
    kernel.unplug(first)
    with pytest.raises(PortGone):
        source.probe()
    second = kernel.plug("video3")
    second.next_frame = lambda: jpeg
    link.unlink()
    link.symlink_to(second.path)
    source.open()
    source.start()
    assert source.frame(WITHIN_S).jpeg == jpeg


def test_stop_and_close_give_everything_back_and_may_be_repeated(
    kernel: Any, make: Make, jpeg: bytes
) -> None:
    node = kernel.plug()
    node.next_frame = lambda: jpeg
    source = make(node.path)
    before = open_files()
    for _ in range(2):
        source.open()
        source.open()
        source.start()
        source.start()
        source.frame(WITHIN_S)
        source.stop()
        source.stop()
        assert (node.buffers, node.is_streaming) == (0, False)
        source.close()
        source.close()
        assert open_files() == before


def test_a_camera_that_is_not_open_says_so(make: Make, tmp_path: Path) -> None:
    source = make(tmp_path / "video0")
    for use in (source.probe, source.start, lambda: source.frame(0.1)):
        with pytest.raises(PortClosed):
            use()


@pytest.mark.skipif(not glob.glob("/dev/video*"), reason="this machine has no /dev/video* node")
def test_a_real_camera_delivers_a_whole_frame(counters: Counters) -> None:
    source = V4l2Source(parse_camera(f"v4l2://{sorted(glob.glob('/dev/video*'))[0]}"), counters)
    try:
        source.open()
    except (NotACamera, NoMjpeg, PortBusy, PortDenied) as error:
        pytest.skip(f"its node is none for us: {error}")
    try:
        source.start()
        frame = source.frame(WITHIN_S)
    finally:
        source.close()
    assert (frame.width, frame.height) == source.size

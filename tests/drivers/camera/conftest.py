"""A kernel with cameras, at the level of its ioctls, so that linuxpy's own code runs; and small pictures."""

from __future__ import annotations

import errno
import mmap
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from linuxpy.video import device as library
from linuxpy.video import raw

from halldrivers.camera.simjpeg import cut_off
from halldrivers.camera.simscene import Scene, draw, jpeg_of

MJPEG, YUYV = library.PixelFormat.MJPEG, library.PixelFormat.YUYV
CAPTURE = raw.Capability.VIDEO_CAPTURE | raw.Capability.STREAMING
METADATA = raw.Capability.META_CAPTURE | raw.Capability.STREAMING
ROOM = 1 << 20
"""Bytes of a buffer."""

Formats = dict[Any, tuple[tuple[int, int], ...]]
A4_CAMERA: Formats = {YUYV: ((640, 480),), MJPEG: ((640, 480), (3264, 2448), (1600, 1200))}


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A page on a desk, 320 x 240."""
    return jpeg_of(draw(Scene(size=(320, 240))).image)


@pytest.fixture(scope="session")
def other_jpeg() -> bytes:
    """Another page."""
    return jpeg_of(draw(Scene(size=(320, 240), light=0.6)).image)


@pytest.fixture(scope="session")
def dark_jpeg() -> bytes:
    """A whole frame of a camera whose exposure has not settled yet."""
    return jpeg_of(draw(Scene(size=(320, 240), light=0.05)).image)


@pytest.fixture(scope="session")
def cut_jpeg(jpeg: bytes) -> bytes:
    """The first half of a page."""
    return cut_off(jpeg, 0.5)


class Node:
    """One node of a camera: a named pipe, readable whenever a frame waits."""

    def __init__(self, path: Path, bus: bytes, caps: int, formats: Formats, card: bytes) -> None:
        self.path, self.bus, self.caps, self.formats, self.card = path, bus, caps, formats, card
        os.mkfifo(path)
        self._bell = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.inode = os.fstat(self._bell).st_ino
        self.next_frame: Callable[[], bytes | None] = lambda: None
        """Fills a buffer whenever one is free; None is silence."""
        self.flags = 0
        """Of the buffers that are filled."""
        self.fails: dict[str, int] = {}
        """Errno by the name of an ioctl."""
        self.format = (0, 640, 480)
        self.takes_size: Callable[[int, int], tuple[int, int]] = lambda width, height: (width, height)
        self.stepwise: tuple[int, int] | None = None
        self.maps: dict[int, mmap.mmap] = {}
        self.free: list[int] = []
        self.filled: list[tuple[int, int]] = []
        self.buffers = 0
        self.is_streaming = self.is_gone = False
        self.delivered = 0

    def fill(self) -> None:
        """Let the sensor work."""
        while self.is_streaming and self.free:
            data = self.next_frame()
            if data is None:
                return
            self.put(data)

    def put(self, data: bytes) -> None:
        """One frame arrives."""
        index = self.free.pop(0)
        self.maps[index][: len(data)] = data
        self.filled.append((index, len(data)))
        self.delivered += 1
        os.write(self._bell, b"!")

    def wake(self) -> None:
        """Make the node readable, as a hang-up does."""
        os.write(self._bell, b"!")

    def take(self) -> tuple[int, int]:
        os.read(self._bell, 1)
        return self.filled.pop(0)

    def stop(self) -> None:
        self.is_streaming = False
        self.filled, self.free = [], []
        while True:
            try:
                os.read(self._bell, 4096)
            except BlockingIOError:
                return

    def close(self) -> None:
        os.close(self._bell)


class Kernel:
    """All nodes; what linuxpy calls instead of the real ``ioctl`` and ``mmap``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._nodes: list[Node] = []

    def plug(
        self,
        name: str = "video0",
        *,
        bus: bytes = b"usb-0000:01:00.0-1.2",
        caps: int = CAPTURE,
        formats: Formats = A4_CAMERA,
        card: bytes = "高拍仪 Camera".encode(),
    ) -> Node:
        """A camera's node appears."""
        node = Node(self.folder / name, bus, caps, formats, card)
        self._nodes.append(node)
        return node

    def unplug(self, node: Node) -> None:
        """It goes away, as all that is open on it notices."""
        node.is_gone = True
        node.path.unlink()
        node.wake()

    def close(self) -> None:
        for node in self._nodes:
            node.close()

    def mem_map(self, fd: Any, length: int, offset: int) -> mmap.mmap:
        node = self._node(fd)
        made = mmap.mmap(-1, length)
        node.maps[offset // ROOM] = made
        return made

    def ioctl(self, fd: Any, request: Any, arg: Any) -> Any:
        node = self._node(fd)
        if node.is_gone:
            raise OSError(errno.ENODEV, "No such device")
        if request.name in node.fails:
            raise OSError(node.fails[request.name], os.strerror(node.fails[request.name]))
        getattr(self, f"_{request.name.lower()}")(node, arg)
        return arg

    def _node(self, fd: Any) -> Node:
        inode = os.fstat(fd.fileno()).st_ino
        return next(node for node in self._nodes if node.inode == inode)

    def _querycap(self, node: Node, arg: Any) -> None:
        arg.driver, arg.card, arg.bus_info = b"uvcvideo", node.card, node.bus
        arg.capabilities = node.caps | raw.Capability.DEVICE_CAPS
        arg.device_caps = node.caps

    def _enum_fmt(self, node: Node, arg: Any) -> None:
        found = list(node.formats)
        if arg.index >= len(found):
            raise OSError(errno.EINVAL, "")
        arg.pixelformat, arg.description = found[arg.index], b"some format"

    def _enum_framesizes(self, node: Node, arg: Any) -> None:
        sizes = node.formats[library.PixelFormat(arg.pixel_format)]
        if node.stepwise and arg.index == 0:
            arg.type = raw.Frmsizetypes.STEPWISE
            arg.stepwise.max_width, arg.stepwise.max_height = node.stepwise
            return
        if node.stepwise or arg.index >= len(sizes):
            raise OSError(errno.EINVAL, "")
        arg.type = raw.Frmsizetypes.DISCRETE
        arg.discrete.width, arg.discrete.height = sizes[arg.index]

    def _s_fmt(self, node: Node, arg: Any) -> None:
        width, height = node.takes_size(arg.fmt.pix.width, arg.fmt.pix.height)
        node.format = (arg.fmt.pix.pixelformat, width, height)

    def _g_fmt(self, node: Node, arg: Any) -> None:
        arg.fmt.pix.pixelformat, arg.fmt.pix.width, arg.fmt.pix.height = node.format
        arg.fmt.pix.sizeimage = ROOM

    def _s_priority(self, node: Node, arg: Any) -> None:
        assert arg.value == library.Priority.RECORD

    def _reqbufs(self, node: Node, arg: Any) -> None:
        if arg.count and node.buffers:
            raise OSError(errno.EBUSY, "Device or resource busy")
        node.buffers = arg.count

    def _querybuf(self, node: Node, arg: Any) -> None:
        arg.length, arg.m.offset = ROOM, arg.index * ROOM

    def _qbuf(self, node: Node, arg: Any) -> None:
        node.free.append(arg.index)
        node.fill()

    def _dqbuf(self, node: Node, arg: Any) -> None:
        if not node.filled:
            raise BlockingIOError(errno.EAGAIN, "")
        arg.index, arg.bytesused = node.take()
        arg.flags = node.flags

    def _streamon(self, node: Node, arg: Any) -> None:
        node.is_streaming = True
        node.fill()

    def _streamoff(self, node: Node, arg: Any) -> None:
        node.stop()


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernel]:
    made = Kernel(tmp_path)
    monkeypatch.setattr(library, "ioctl", made.ioctl)
    monkeypatch.setattr(library, "mem_map", made.mem_map)
    yield made
    made.close()

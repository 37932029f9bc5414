"""A UVC camera through the kernel's V4L2; the only module that imports linuxpy.

What was read in the sources of the kernel's uvcvideo and of linuxpy 0.25, and what is done about it:

* Two programs may open one camera, only one may stream: the node is locked, and our priority keeps others
  from changing the format while we rest.
* The first frames are dark or broken: some are passed over. Frames that wait in the queue since an earlier
  look are old: they are passed over too, because the page may have been changed meanwhile.
* linuxpy waits for a frame without a bound, and cannot stop a stream whose device is gone: waiting is done
  here, and stopping goes on past errors.
"""

from __future__ import annotations

import errno
import fcntl
import select
import time
from contextlib import suppress
from types import ModuleType
from typing import Any

from halldrivers.camera.address import CameraAddress
from halldrivers.camera.errors import COARSE, FrameDamaged, NoFrame, TooLarge, UsbTooBusy
from halldrivers.camera.frame import Clock, Frame
from halldrivers.camera.mjpeg import measure
from halldrivers.camera.v4l2node import Size, agree, capture_node, card_of
from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, Fault, PortBusy, PortClosed, PortGone

WARM_UP_FRAMES = 10
WARM_UP_S = 1.5
"""Frames after the start that are passed over: so many, or as many as come in that time (a large picture
comes five times a second), until exposure and white balance have settled."""
BUFFERS = 2
"""Frames that the driver may hold: one that fills while the other is read."""
A4_LONG_PX = 2339
"""Pixels of A4's long side at 200 dpi."""


class V4l2Source:
    """Frames of one UVC camera. ``library`` is linuxpy's ``linuxpy.video.device``."""

    comes_by_itself = True

    def __init__(
        self,
        address: CameraAddress,
        counters: Counters,
        *,
        library: ModuleType | None = None,
        now_s: Clock = time.time,
        mono_s: Clock = time.monotonic,
    ) -> None:
        self._path, self._wanted, self._counters = address.path, address.size, counters
        self._library: Any = library
        self._now_s, self._mono_s = now_s, mono_s
        self._device: Any = None
        self._capture: Any = None
        self._warm_left, self._warm_until_s = 0, 0.0
        self.size: Size = (0, 0)
        """Width and height of the frames in pixels, once open."""
        self.card = ""
        """What the camera calls itself, once open."""

    @property
    def warning(self) -> Fault | None:
        """COARSE when a page of A4 cannot get 200 dpi."""
        return COARSE if 0 < max(self.size) < A4_LONG_PX else None

    def open(self) -> None:
        """Find the capture node, lock it and agree on MJPG and a size."""
        if self._device is not None:
            return
        if self._library is None:
            from linuxpy.video import device as library

            self._library = library
        self._device = capture_node(self._library, self._path)
        try:
            self._lock()
            self.card = card_of(self._library, self._device)
            self.size = agree(self._library, self._device, self._wanted)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError) and not isinstance(error, DeviceError):
                raise self._failure(error) from error
            raise

    def probe(self) -> None:
        """Ask the kernel for the camera's capabilities."""
        device = self._opened()
        try:
            self._library.read_capabilities(device)
        except OSError as error:
            raise self._failure(error) from error

    def start(self) -> None:
        """Begin to stream."""
        device = self._opened()
        if self._capture is not None:
            return
        self._capture = self._library.VideoCapture(device, size=BUFFERS)
        try:
            self._capture.open()
        except OSError as error:
            self.stop()
            raise self._failure(error) from error
        self._warm_left, self._warm_until_s = WARM_UP_FRAMES, self._mono_s() + WARM_UP_S

    def stop(self) -> None:
        """End the stream and give its buffers back, although the device may be gone."""
        capture, self._capture = self._capture, None
        if capture is None:
            return
        with suppress(OSError):
            capture.stream_off()
        if capture.buffer is not None:
            with suppress(OSError):
                capture.disarm()

    def close(self) -> None:
        """Stop, unlock, close."""
        self.stop()
        device, self._device = self._device, None
        if device is not None:
            with suppress(OSError):
                device.close()

    def frame(self, timeout_s: float) -> Frame:
        """The next whole frame that is no leftover and no warming-up."""
        deadline_s = self._mono_s() + timeout_s
        damage: DeviceError | None = None
        self._pass_over_old()
        while (left_s := deadline_s - self._mono_s()) > 0:
            data = self._read(left_s)
            if data is None:
                break
            if self._is_warming_up():
                continue
            try:
                jpeg = measure(data)
            except (FrameDamaged, TooLarge) as error:
                damage = error
                self._counters.add("dropped")
                continue
            return Frame(data, jpeg.width, jpeg.height, self._now_s())
        raise damage or NoFrame(self._path)

    def _is_warming_up(self) -> bool:
        if self._mono_s() >= self._warm_until_s:
            self._warm_left = 0
        is_warming_up = self._warm_left > 0
        self._warm_left -= is_warming_up
        return is_warming_up

    def _pass_over_old(self) -> None:
        for _ in range(BUFFERS):
            if self._read(0) is None:
                return

    def _read(self, timeout_s: float) -> bytes | None:
        """The bytes of the next frame, empty for one that the driver calls broken; None in silence."""
        if self._capture is None:
            raise PortClosed(self._path)
        poller = select.poll()
        poller.register(self._opened().fileno(), select.POLLIN)
        ready = poller.poll(timeout_s * 1000)
        if not ready:
            return None
        if not ready[0][1] & select.POLLIN:
            raise self._gone("hung up")
        try:
            frame = self._capture.buffer.raw_read()
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._failure(error) from error
        self._counters.add("frames")
        return b"" if frame.buff.flags & self._library.BufferFlag.ERROR else bytes(frame.data)

    def _lock(self) -> None:
        device = self._opened()
        try:
            fcntl.flock(device.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PortBusy(self._path) from error
        with suppress(OSError):  # an extra guard that few drivers miss
            device.set_priority(self._library.Priority.RECORD)

    def _opened(self) -> Any:
        if self._device is None:
            raise PortClosed(self._path)
        return self._device

    def _failure(self, error: OSError) -> DeviceError:
        """What an error of a call to the driver means."""
        detail = f"{self._path}: {error.strerror or error}"
        if error.errno == errno.EBUSY:
            return PortBusy(detail)
        if error.errno == errno.ENOSPC:  # uvcvideo: no alternate setting has enough bandwidth
            return UsbTooBusy(detail)
        return self._gone(error.strerror or str(error))

    def _gone(self, why: str) -> PortGone:
        self.close()
        return PortGone(f"{self._path}: {why}")

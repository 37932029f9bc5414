"""A folder of JPEGs as a camera: its newest file is the frame.

Rules, before the code:

1. The newest file counts, whether it is whole or not. While it is being written it is waited for; if it never
   becomes whole, that is an error, for the file before it shows the page of somebody else.
2. Whole means: from the first marker to the end marker, and neither size nor time changed for `STEADY_S`.
3. What changed since the last look is newer than what did not, whatever the times of the files say: the
   clock of a machine without a battery may have been set back in between.
4. Files are read, never written, moved or removed.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass

from halldrivers.camera.address import CameraAddress
from halldrivers.camera.errors import FrameDamaged, FrameStale, NoFrame, TooLarge
from halldrivers.camera.frame import Clock, Frame
from halldrivers.camera.mjpeg import MOST_BYTES, measure
from halldrivers.counters import Counters
from halldrivers.errors import Fault, PortAbsent, PortClosed, PortGone
from halldrivers.fdport import open_failure

ENDINGS = (".jpg", ".jpeg")
"""In either case. What is still being written should have another name, or begin with a dot."""
STEADY_S = 0.1
"""How long a file must stay as it is: above the pauses of a writer that writes piece by piece."""
EMPTY_S = 0.5
"""How long an empty folder is watched: a writer may remove the last picture before it puts the next."""
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file at one moment."""

    name: str
    size: int
    changed_ns: int
    inode: int


class FolderSource:
    """The newest JPEG of a folder. ``now_s`` is the clock of the files, ``mono_s`` and ``sleep`` wait."""

    comes_by_itself = False
    warning: Fault | None = None

    def __init__(
        self,
        address: CameraAddress,
        counters: Counters,
        *,
        now_s: Clock = time.time,
        mono_s: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._folder, self._most_age_s, self._counters = address.path, address.age_s, counters
        self._now_s, self._mono_s, self._sleep = now_s, mono_s, sleep
        self._is_open = False
        self._seen: dict[str, _Seen] = {}
        self._newest_name = ""

    def open(self) -> None:
        """See whether the folder can be read."""
        try:
            os.scandir(self._folder).close()
        except NotADirectoryError as error:
            raise PortAbsent(f"{self._folder}: not a folder", f"{self._folder}：不是文件夹") from error
        except OSError as error:
            raise open_failure(error, self._folder) from error
        self._is_open = True

    def probe(self) -> None:
        """PortGone when the folder went away (a stick pulled, a share lost); FrameStale by its age."""
        newest = self._newest()
        if newest is not None and self._most_age_s:
            self._refuse_stale(newest)

    def start(self) -> None:
        """Nothing: files are there or not."""

    def stop(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Forget the folder."""
        self._is_open = False

    def frame(self, timeout_s: float) -> Frame:
        """The newest file, once it is whole and steady."""
        begun_s = self._mono_s()
        damage: FrameDamaged | None = None
        while True:
            newest = self._newest()
            if newest is not None:
                if self._most_age_s:
                    self._refuse_stale(newest)
                damage = None
                try:
                    frame = self._steady(newest)
                except FrameDamaged as error:
                    damage = error
                else:
                    if frame is not None:
                        self._counters.add("frames")
                        return frame
            waited_s = self._mono_s() - begun_s
            if newest is None and waited_s >= min(EMPTY_S, timeout_s):
                raise NoFrame(f"{self._folder}: no picture", f"{self._folder}：没有图片")
            if newest is not None and waited_s >= timeout_s:
                self._counters.add("dropped")
                raise damage or NoFrame(f"{newest.name}: still being written", f"{newest.name}：还没有写完")
            self._sleep(_PAUSE_S)

    def _steady(self, newest: _Seen) -> Frame | None:
        """The file as a frame; None when it changed meanwhile, FrameDamaged when it is not whole (yet)."""
        data = self._read(newest)
        self._sleep(STEADY_S)
        if data is None or self._look(newest.name) != newest:
            return None
        try:
            jpeg = measure(data)
        except FrameDamaged as error:
            raise FrameDamaged(
                f"{newest.name}: {error.detail}", f"{newest.name}：{error.detail_zh}"
            ) from error
        return Frame(data, jpeg.width, jpeg.height, newest.changed_ns / 1e9)

    def _refuse_stale(self, newest: _Seen) -> None:
        age_s = self._now_s() - newest.changed_ns / 1e9
        if age_s > self._most_age_s:
            raise FrameStale(
                f"{newest.name} is {age_s:.0f} s old", f"{newest.name} 是 {age_s:.0f} 秒前的画面"
            )

    def _newest(self) -> _Seen | None:
        if not self._is_open:
            raise PortClosed(self._folder)
        try:
            names = os.listdir(self._folder)
        except OSError as error:
            self._is_open = False
            raise PortGone(f"{self._folder}: {error.strerror}") from error
        wanted = (name for name in names if name.lower().endswith(ENDINGS) and not name.startswith("."))
        now = {name: look for name in wanted if (look := self._look(name)) is not None}
        changed = [look for name, look in now.items() if self._seen.get(name) != look]
        self._seen = now
        if changed or self._newest_name not in now:
            latest = max(changed or now.values(), key=lambda look: (look.changed_ns, look.name), default=None)
            self._newest_name = latest.name if latest else ""
        return now.get(self._newest_name)

    def _look(self, name: str) -> _Seen | None:
        try:
            found = os.lstat(os.path.join(self._folder, name))
        except OSError:
            return None  # renamed or removed since the folder was listed
        if not stat.S_ISREG(found.st_mode):
            return None  # a link could lead anywhere, a pipe would never end
        return _Seen(name, found.st_size, found.st_mtime_ns, found.st_ino)

    def _read(self, newest: _Seen) -> bytes | None:
        path = os.path.join(self._folder, newest.name)
        if newest.size > MOST_BYTES:
            raise TooLarge(f"{path}: {newest.size} bytes")
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                raise open_failure(error, path) from error
            return None
        with open(fd, "rb") as file:
            try:
                return file.read(MOST_BYTES + 1)
            except OSError as error:
                raise PortGone(f"{path}: {error.strerror}") from error

"""What the camera does in its worker's thread: rest, show previews, take a shot.

::

    REST  --preview wanted-->  PREVIEW     the sensor runs, at most four small pictures a second
    REST  <--not wanted------  PREVIEW     the sensor stops
    either  --shoot-->  either             a frame from now on, then as before

At rest a look each second tells whether the camera is still there, and a frame each minute whether it still
sees; that frame is measured and dropped.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from halldrivers.camera.errors import FrameDamaged, NoFrame
from halldrivers.camera.frame import Clock, Frame, FrameSource
from halldrivers.camera.preview import Preview, shrink
from halldrivers.counters import Counters
from halldrivers.errors import Fault

LOOK_S = 1.0
"""Between two looks at rest: a camera that is plugged in again is back within three seconds."""
HEALTH_S = 60.0
"""Between two frames at rest."""
PREVIEW_S = 0.25
"""Between two previews."""
FRAME_S = 3.0
"""For the first frame after the start, warming up included."""
FOLDER_S = 0.5
"""For a preview of a folder, where a file may be missing or half written for long."""
SHOT_S = 6.0
"""For a shot: two tries, and short of the ten seconds that a worker may take to close."""
PATIENCE = 8
"""Damaged previews in a row that are passed over; more are a fault of the camera."""


class CameraState(StrEnum):
    """What the camera is doing."""

    CLOSED = "closed"
    REST = "rest"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that somebody asked for. It is handed over and kept nowhere here."""

    jpeg: bytes = field(repr=False)
    """As the camera delivered it, padding included."""
    sha256: str
    """Of these bytes, in hexadecimal."""
    width: int
    height: int
    """In pixels, as delivered: not turned."""
    taken_s: float
    """Seconds since 1970 by this machine's clock."""


class CameraDriver:
    """A frame source as a device. ``mono_s`` paces it."""

    def __init__(
        self,
        source: FrameSource,
        counters: Counters,
        *,
        turn: int = 0,
        mono_s: Clock = time.monotonic,
    ) -> None:
        self._source, self._counters, self._turn_deg, self._mono_s = source, counters, turn, mono_s
        self._on_preview: Callable[[Preview], None] | None = None
        self._health_at_s = 0.0
        self._damaged = 0
        self.state = CameraState.CLOSED

    @property
    def warning(self) -> Fault | None:
        """What the source says of itself."""
        return self._source.warning

    def preview_to(self, on_preview: Callable[[Preview], None] | None) -> None:
        """Show previews from the next turn on, or no more. From any thread."""
        self._on_preview = on_preview

    def open(self) -> None:
        """Take the camera; it rests. The first health frame is due at once."""
        self._source.open()
        self.state = CameraState.REST
        self._health_at_s = self._mono_s()
        self._damaged = 0

    def close(self) -> None:
        """Give the camera back."""
        self.state = CameraState.CLOSED
        self._source.close()

    def turn(self) -> float:
        """One look, or one preview."""
        on_preview = self._on_preview
        if on_preview is None:
            self._rest()
            return LOOK_S
        begun_s = self._mono_s()
        if self.state is not CameraState.PREVIEW:
            self._source.start()
            self.state = CameraState.PREVIEW
        preview = self._preview()
        if preview is not None and self._on_preview is on_preview:
            on_preview(preview)
        return max(0.0, begun_s + PREVIEW_S - self._mono_s())

    def shoot(self) -> Shot:
        """A shot of what lies there now; NoFrame, FrameDamaged, FrameStale or PortGone."""
        frame = self._awake_frame(SHOT_S)
        digest = hashlib.sha256(frame.jpeg).hexdigest()
        return Shot(frame.jpeg, digest, frame.width, frame.height, frame.taken_s)

    def _rest(self) -> None:
        self._stop()
        self._source.probe()
        if self._source.comes_by_itself and self._mono_s() >= self._health_at_s:
            self._awake_frame(FRAME_S)

    def _stop(self) -> None:
        if self.state is CameraState.PREVIEW:
            self._source.stop()
            self.state = CameraState.REST

    def _awake_frame(self, timeout_s: float) -> Frame:
        """A frame, with the sensor running for as long as that takes."""
        self._source.start()
        try:
            frame = self._source.frame(timeout_s)
        finally:
            if self.state is not CameraState.PREVIEW:
                self._source.stop()
        self._health_at_s = self._mono_s() + HEALTH_S
        return frame

    def _preview(self) -> Preview | None:
        """The next preview; None when its frame was damaged, or where a folder has no picture yet."""
        try:
            frame = self._source.frame(FRAME_S if self._source.comes_by_itself else FOLDER_S)
        except NoFrame:
            if not self._source.comes_by_itself:
                return None
            self._stop()  # a stream that hangs is begun anew by the next turn
            raise
        except FrameDamaged as error:
            if self._source.comes_by_itself:
                raise  # it was looked at for long, and there was nothing else
            self._pass_over(error)
            return None
        try:
            preview = shrink(frame, self._turn_deg)
        except FrameDamaged as error:
            self._counters.add("dropped")
            self._pass_over(error)
            return None
        self._damaged = 0
        return preview

    def _pass_over(self, error: FrameDamaged) -> None:
        self._damaged += 1
        if self._damaged > PATIENCE:
            raise error

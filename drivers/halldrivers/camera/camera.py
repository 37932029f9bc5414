"""The document camera as the rest of the house uses it: previews, shots, status, from any thread."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from halldrivers.camera.address import CameraAddress
from halldrivers.camera.driver import FRAME_S, SHOT_S, CameraDriver, CameraState, Shot
from halldrivers.camera.errors import NoFrame
from halldrivers.camera.frame import FrameSource
from halldrivers.camera.preview import Preview
from halldrivers.camera.source import source_for
from halldrivers.counters import Counters
from halldrivers.status import DeviceStatus
from halldrivers.worker import DeviceWorker, Retry

CAPTURE_S = FRAME_S + SHOT_S + 1.0
"""The longest a capture takes: a turn that is under way, and the shot."""


class Camera:
    """One camera with its worker. ``on_status`` is called in the worker's thread and must not block.

    Counters: ``opens``, ``losses``, ``timeouts``, ``frames`` that came, ``dropped`` ones that were damaged.
    """

    def __init__(
        self,
        name: str,
        address: CameraAddress,
        *,
        on_status: Callable[[DeviceStatus], None] = lambda status: None,
        counters: Counters | None = None,
        source: FrameSource | None = None,
        retry: Retry | None = None,
    ) -> None:
        self.counters = counters or Counters()
        self.address = address
        self._driver = CameraDriver(
            source or source_for(address, self.counters), self.counters, turn=address.turn
        )
        self.worker = DeviceWorker(
            name, self._driver, on_status=on_status, counters=self.counters, retry=retry
        )

    @property
    def status(self) -> DeviceStatus:
        """The last thing worth telling."""
        return self.worker.status

    @property
    def state(self) -> CameraState:
        """What the camera is doing."""
        return self._driver.state

    def start(self) -> Self:
        """Begin to keep the camera; answers itself."""
        self.worker.start()
        return self

    def start_preview(self, on_preview: Callable[[Preview], None]) -> None:
        """Call back with at most four small pictures a second until :meth:`stop_preview`.

        Called in the worker's thread, must not block. A camera that is lost meanwhile goes on when it is
        back; its status tells.
        """
        self._driver.preview_to(on_preview)
        self.worker.wake()

    def stop_preview(self) -> None:
        """No more previews (one that is being made may still come); the sensor stops."""
        self._driver.preview_to(None)
        self.worker.wake()

    def capture(self, timeout_s: float = CAPTURE_S) -> Shot:
        """A shot of what lies there now; blocks, so ask from a thread of your own.

        Raises PortAbsent while the camera is away, NoFrame, FrameDamaged, FrameStale, PortGone.
        """
        try:
            return self.worker.call(self._driver.shoot, timeout_s)
        except NoFrame:
            raise
        except TimeoutError as error:
            raise NoFrame(self.worker.name) from error

    def close(self) -> None:
        """Give the camera back and end the thread; again is harmless. Not from within a callback."""
        self._driver.preview_to(None)
        self.worker.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""The source of frames at an address."""

from __future__ import annotations

from halldrivers.camera.address import CameraAddress, CameraKind
from halldrivers.camera.frame import FrameSource
from halldrivers.counters import Counters


def source_for(address: CameraAddress, counters: Counters) -> FrameSource:
    """The source of an address, not opened yet. Counts ``frames`` and ``dropped``."""
    if address.kind is CameraKind.FOLDER:
        from halldrivers.camera.foldersource import FolderSource

        return FolderSource(address, counters)
    from halldrivers.camera.v4l2source import V4l2Source

    return V4l2Source(address, counters)

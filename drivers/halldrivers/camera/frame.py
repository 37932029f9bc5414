"""What a camera is to the rest of the house: something that delivers whole JPEGs, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from halldrivers.errors import Fault

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, bytes as the camera delivered them."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    """In pixels."""
    taken_s: float
    """When it was taken: seconds since 1970 by this machine's clock."""


class FrameSource(Protocol):
    """Where frames come from. One thread; every call is bounded; raises DeviceErrors only.

    ``open`` and ``close`` are idempotent, so are ``start`` and ``stop``; frames come between those two.
    """

    comes_by_itself: bool
    """Whether a frame comes without anybody acting, so that its absence is a fault of the device."""

    @property
    def warning(self) -> Fault | None:
        """What a technician should know although it works."""
        ...

    def open(self) -> None:
        """Take the device; raise PortAbsent, PortBusy, PortDenied and what is wrong with a camera."""
        ...

    def probe(self) -> None:
        """Look, cheaply, whether it is still there; PortGone when it is not."""
        ...

    def start(self) -> None:
        """Begin to deliver: the sensor runs from now on."""
        ...

    def frame(self, timeout_s: float) -> Frame:
        """The next whole frame, not older than this call by more than a frame's time.

        Raises NoFrame, FrameDamaged when only damaged ones came, FrameStale, PortGone.
        """
        ...

    def stop(self) -> None:
        """Deliver no more; the sensor rests."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...

"""One device as a role keeps it: started, listened to, counted, checked, given back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from halldrivers.check import Checker
from halldrivers.counters import Counters
from halldrivers.status import DeviceStatus

OnStatus = Callable[[DeviceStatus], None]
"""Called from any thread with every word about a device that is worth telling."""


@dataclass(frozen=True, slots=True)
class Started:
    """A device at work."""

    check: Checker
    """Its health checks, over the path that production uses. Called in a thread of its own."""
    close: Callable[[], None]
    """Give it back; bounded, leaves no thread behind."""
    counters: Counters


@dataclass(frozen=True, slots=True)
class Attended:
    """A device that a role keeps."""

    name: str
    """As the keeper knows it: ``idcard``, ``pad-3``."""
    kind: str
    start: Callable[[OnStatus], Started]
    """Begin; returns at once and raises nothing: what is wrong with the device is a status."""

"""A scanner as a device: opened, looked after, scanned with. One interface, two kinds.

:class:`.sanescanner.SaneScanner` runs ``scanimage``, for what SANE knows and for eSCL through sane-airscan;
:class:`.folderscanner.FolderScanner` takes files that a machine scanned by itself. Both are drivers for
:class:`halldrivers.worker.DeviceWorker`; a scan is a call in the worker's thread::

    most_s = limits.batch_s + limits.document_s + 60
    worker.call(lambda: scanner.scan(None, keep_page, cancelled.is_set), most_s)

``halt()`` before ``worker.close()``: a scan or a probe under way ends within the grace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from halldrivers.counters import Counters
from halldrivers.errors import Fault
from halldrivers.scanner.address import FolderAddress, ScannerAddress, parse_scanner
from halldrivers.scanner.esclstatus import Feeder
from halldrivers.scanner.folderscanner import FolderScanner
from halldrivers.scanner.outcome import ScanOutcome
from halldrivers.scanner.sanescanner import SaneScanner
from halldrivers.scanner.scanimage import OnPage
from halldrivers.scanner.settings import ScanLimits, ScanSettings
from halldrivers.worker import Retry

RETRY = Retry(first_s=0.5, most_s=2.0)
"""For its worker: each try may start a program, and it is still back within three seconds."""


class Scanner(Protocol):
    """What the hall does with a scanner; also :class:`halldrivers.worker.Driver`."""

    counters: Counters
    work_dir: Path

    @property
    def is_open(self) -> bool:
        """Whether it was taken."""

    @property
    def warning(self) -> Fault | None:
        """What a person should know although it works."""

    def open(self) -> None:
        """Take the device, or raise and hold nothing."""

    def turn(self) -> float:
        """Look after the idle device; answers the seconds until the next look."""

    def close(self) -> None:
        """Give it back; harmless when it is closed."""

    def halt(self) -> None:
        """End what is under way, for good; from any thread."""

    def feeder(self) -> Feeder:
        """What the feeder says now, as a hint for the screen; UNKNOWN for most. May raise a DeviceError."""

    def scan(
        self, settings: ScanSettings | None, on_page: OnPage, stopped: Callable[[], bool]
    ) -> ScanOutcome:
        """Scan, with the address's settings unless others are given; blocks. ``on_page`` takes each page."""


def scanner_at(
    address: ScannerAddress | str,
    work_dir: Path,
    *,
    counters: Counters | None = None,
    limits: ScanLimits | None = None,
    environment: Mapping[str, str] | None = None,
) -> Scanner:
    """The scanner at an address or URL, not opened. ``work_dir`` is its own: no other scanner may use it."""
    if isinstance(address, str):
        address = parse_scanner(address)
    if isinstance(address, FolderAddress):
        return FolderScanner(address, work_dir, counters=counters, limits=limits)
    return SaneScanner(address, work_dir, counters=counters, limits=limits, environment=environment)

"""A watched folder as a scanner: a scan is the time in which files are taken as pages.

A person begins the scan on our screen, scans at the machine, and says when that is all; the machine itself
tells us nothing, so silence ends the scan as well. A PDF or a TIFF of several sheets becomes its pages, all
or none (:mod:`.documents`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, Fault
from halldrivers.scanner.address import FolderAddress
from halldrivers.scanner.documents import REASON_OF, DocumentReader
from halldrivers.scanner.errors import FilesSetAside, FilesWaiting
from halldrivers.scanner.esclstatus import Feeder
from halldrivers.scanner.folder import WatchedFolder
from halldrivers.scanner.outcome import Ended, ScannedPage, ScanOutcome, ended_of, fault_of
from halldrivers.scanner.scanfolder import free_bytes_at, new_scan_folder, remove_if_empty
from halldrivers.scanner.scanimage import LEAST_FREE, OnPage
from halldrivers.scanner.settings import ScanLimits, ScanSettings
from halldrivers.scanner.watched import MOST_BYTES, Decision, FolderWatch, Reason, Seen

POLL_S = 0.5
MOST_ROUNDS = 100
"""Listings that are set aside before a scan: a hundred thousand files."""
TURN_S = 2.0
_WITHOUT_FAULT = frozenset({Ended.DONE, Ended.LIMIT, Ended.CANCELLED, Ended.NOTHING_ARRIVED})
WAITING_S = 60.0
"""A file that nobody asked for is told after this long: the scan may just be about to begin."""


class FolderScanner:
    """A driver for :class:`halldrivers.worker.DeviceWorker`; its scans keep their pages in ``work_dir``."""

    def __init__(
        self,
        address: FolderAddress,
        work_dir: Path,
        *,
        counters: Counters | None = None,
        limits: ScanLimits | None = None,
        most_bytes: int = MOST_BYTES,
        poll_s: float = POLL_S,
        free_bytes: Callable[[Path], int] = free_bytes_at,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address, self.work_dir = address, work_dir
        self.folder = WatchedFolder(address.folder)
        self.counters = counters or Counters()
        self._limits = limits or ScanLimits()
        self._most_bytes, self._poll_s = most_bytes, poll_s
        self._free_bytes, self._now_s, self._sleep = free_bytes, now_s, sleep
        self._waiting_since_s: float | None = None
        self._is_halted = False
        self._documents = DocumentReader(
            self.folder, most_s=self._limits.document_s, grace_s=self._limits.grace_s
        )
        self._refused: DeviceError | None = None
        """Why the last document of this scan was not taken."""
        self.is_open = False

    @property
    def warning(self) -> Fault | None:
        """Files that nobody asked for, or that were set aside in the last scan."""
        error = self._refused
        if error is None and self.folder.set_aside:
            error = FilesSetAside(f"{self.folder.set_aside}")
        elif (
            error is None
            and self._waiting_since_s is not None
            and self._now_s() - self._waiting_since_s >= WAITING_S
        ):
            error = FilesWaiting()
        return replace(error.as_fault(), blocking=False) if error else None

    def open(self) -> None:
        """See that the folder can be used."""
        self.folder.check()
        self.is_open = True

    def turn(self) -> float:
        """See that it is still there, and whether something waits in it."""
        if self.folder.listing():
            self._waiting_since_s = self._waiting_since_s or self._now_s()
        else:
            self._waiting_since_s = None
        return TURN_S

    def close(self) -> None:
        """Nothing is held."""
        self.is_open = False

    def halt(self) -> None:
        """End the scan under way, for good: from any thread, before the worker is closed."""
        self._is_halted = True

    def shares_disk(self) -> bool:
        """Whether files are moved by a rename alone."""
        return self.address.folder.stat().st_dev == self.work_dir.stat().st_dev

    def feeder(self) -> Feeder:
        """A folder knows of no feeder."""
        return Feeder.UNKNOWN

    def scan(
        self, settings: ScanSettings | None, on_page: OnPage, stopped: Callable[[], bool]
    ) -> ScanOutcome:
        """Take files as pages until ``stopped`` (that is all), silence, or as many as are allowed.

        Everything that can go wrong with the folder is an outcome; raises ScanStoreUnusable where
        ``work_dir`` is the trouble.
        """
        most_pages = (settings or ScanSettings()).most_pages
        self.counters.add("jobs")
        into = new_scan_folder(self.work_dir)
        pages: list[ScannedPage] = []
        try:
            self._set_aside_early()
            ended, fault = self._take_all(into, pages, most_pages, on_page, stopped)
        except DeviceError as error:
            ended, fault = ended_of(error), error.as_fault()
        finally:
            kept = remove_if_empty(into)
        if self._refused is not None and ended in _WITHOUT_FAULT:
            ended, fault = Ended.DOCUMENT_REFUSED, self._refused.as_fault()
        outcome = ScanOutcome(tuple(pages), ended, fault or fault_of(ended), kept)
        if outcome.fault is not None and not outcome.asks_person:
            self.counters.add("bad_reads")
        return outcome

    def _set_aside_early(self) -> None:
        self.folder.set_aside = 0
        self._refused = None
        self._waiting_since_s = None
        for _ in range(MOST_ROUNDS):
            early = self.folder.listing()
            if not early:
                return
            for seen in early:
                self.folder.put_aside(Decision(seen, Reason.EARLY))
                self.counters.add("strays")

    def _take_all(
        self,
        into: Path,
        pages: list[ScannedPage],
        most_pages: int,
        on_page: OnPage,
        stopped: Callable[[], bool],
    ) -> tuple[Ended, Fault | None]:
        watch = FolderWatch(self.address.steady_s, most_bytes=self._most_bytes)
        begun_s = last_s = self._now_s()
        while True:
            asked_to_end = stopped() or self._is_halted
            for decision in watch.look(self._now_s(), self.folder.listing(), self.folder.inspect):
                found = self._act(decision, into, len(pages) + 1, most_pages - len(pages))
                last_s = self._now_s()
                for page in found:
                    pages.append(page)
                    try:
                        on_page(page)
                    except DeviceError as error:
                        return Ended.NOT_KEPT, error.as_fault()
                if len(pages) == most_pages:
                    return (Ended.LIMIT if most_pages > 1 else Ended.DONE), None
            now_s = self._now_s()
            if self._is_halted or (asked_to_end and not watch.is_waiting):
                return (Ended.DONE if pages else Ended.CANCELLED), None
            is_quiet = now_s - last_s >= self._limits.quiet_s and not watch.is_waiting
            if is_quiet or now_s - begun_s >= self._limits.batch_s:
                return (Ended.DONE if pages else Ended.NOTHING_ARRIVED), None
            if self._free_bytes(into) < LEAST_FREE:
                return Ended.DISK_FULL, None
            self._sleep(self._poll_s)

    def _act(self, decision: Decision, into: Path, first: int, most_pages: int) -> tuple[ScannedPage, ...]:
        """The pages that came of a file, if any."""
        if decision.reason is not None:
            self.folder.put_aside(decision)
            self.counters.add("bad_reads")
            return ()
        seen = decision.seen
        content = self.folder.inspect(seen)
        if content is not None and content.is_document:
            return self._take_document(seen, into, first, most_pages)
        page = self.folder.take(seen, into, first)
        self.counters.add("good_reads" if page else "bad_reads")
        return (page,) if page else ()

    def _take_document(self, seen: Seen, into: Path, first: int, most_pages: int) -> tuple[ScannedPage, ...]:
        try:
            pages = self._documents.take(
                seen,
                into,
                first,
                most_pages=most_pages,
                room_bytes=self._free_bytes(into) - LEAST_FREE,
                stopped=lambda: self._is_halted,
            )
        except tuple(REASON_OF) as error:
            assert isinstance(error, DeviceError)
            self.folder.put_aside(Decision(seen, REASON_OF[type(error)]))
            self.counters.add("bad_reads")
            self._refused = error
            return ()
        self.counters.add("good_reads", len(pages))
        return pages

"""A batch of pages through ``scanimage``: counted by their files, given away one by one, stopped cleanly.

::

    scanimage --device-name=… --format=jpeg --batch=page-%04d.jpg --batch-print --batch-prompt --batch-count=…

With ``--batch-prompt`` the program waits for a line before each page. That is our rein: the next sheet is
pulled only when the page before it is in safe hands, and a cancel between two pages is the end of its
input. Without it, a SIGINT that falls between two pages stops nothing (observed: the backend has no scan to
cancel, and the loop goes on to the next sheet).

Other traps, observed with 1.2.1: an empty feeder in batch mode ends with 0, no file, and "1 page scanned";
the names are formats for printf, so they are relative to a folder of ours; a page is written as ``.part``
and renamed when it is whole, before its name is printed; on a full disk it ends with 1 (JPEG), an abort
(PNG), or with 0 and a cut page under a page's name (TIFF), so each page's content is looked at; a page of
unknown length ends with 1 (JPEG) or an abort (PNG) and leaves its ``.part``.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from halldrivers.errors import DeviceError, Fault
from halldrivers.scanner.exitstatus import LAST_WORDS, NO_LENGTH, OF_CODE, code_of
from halldrivers.scanner.outcome import Ended, ScannedPage
from halldrivers.scanner.process import SLICE_S, Supervised
from halldrivers.scanner.scanfolder import page_at
from halldrivers.scanner.settings import PageFormat, ScanLimits

OnPage = Callable[[ScannedPage], None]
"""Takes a page, in the scanning thread, before the next one is pulled. A DeviceError stops the scan."""

LEAST_FREE = 64 * 1024 * 1024
"""Bytes: two A4 pages in colour as TIFF. Below it no page is begun, and a failed one failed for it; the rest
of the hall needs the disk as well."""

_SUFFIX = {PageFormat.JPEG: "jpg", PageFormat.PNG: "png", PageFormat.TIFF: "tif"}
_PAGE_NAME = re.compile(r"page-(\d{4})\.(?:jpg|png|tif)")


@dataclass(frozen=True, slots=True)
class Batch:
    """What to run."""

    program: str
    device: str
    arguments: tuple[str, ...]
    format: PageFormat
    most_pages: int

    @property
    def command(self) -> list[str]:
        """For exec; no shell ever sees it."""
        return [
            self.program,
            f"--device-name={self.device}",
            f"--format={self.format}",
            f"--batch=page-%04d.{_SUFFIX[self.format]}",
            "--batch-print",
            "--batch-prompt",
            f"--batch-count={self.most_pages}",
            *self.arguments,
        ]


@dataclass(slots=True)
class BatchEnd:
    """What came of it."""

    pages: list[ScannedPage] = field(default_factory=list)
    ended: Ended = Ended.DONE
    fault: Fault | None = None
    """Of whoever refused a page."""
    code: int = 0
    words: str = ""
    """The last of standard error, for a technician."""


def scan_batch(
    batch: Batch,
    folder: Path,
    on_page: OnPage,
    stopped: Callable[[], bool],
    *,
    environment: Mapping[str, str],
    limits: ScanLimits,
    free_bytes: Callable[[Path], int],
    now_s: Callable[[], float] = time.monotonic,
) -> BatchEnd:
    """Scan into an empty folder until paper, patience or limits end; leaves no half page there."""
    return _Run(batch, folder, on_page, stopped, environment, limits, free_bytes, now_s).run()


class _Run:
    def __init__(
        self,
        batch: Batch,
        folder: Path,
        on_page: OnPage,
        stopped: Callable[[], bool],
        environment: Mapping[str, str],
        limits: ScanLimits,
        free_bytes: Callable[[Path], int],
        now_s: Callable[[], float],
    ) -> None:
        self._batch, self._folder, self._on_page, self._stopped = batch, folder, on_page, stopped
        self._environment, self._limits = environment, limits
        self._free_bytes, self._now_s = free_bytes, now_s
        self._end = BatchEnd()
        self._taken: set[str] = set()
        self._why: Ended | None = None
        """Why we stopped it, if we did."""
        self._kill_s: float | None = None
        """When it is killed: once it was asked to stop, or said that it has ended."""
        self._has_hung = self._is_told = False

    def run(self) -> BatchEnd:
        if self._free_bytes(self._folder) < LEAST_FREE:
            self._end.ended = Ended.DISK_FULL
            return self._end
        with Supervised(
            self._batch.command,
            folder=self._folder,
            environment=self._environment,
            most_s=self._limits.batch_s,
            grace_s=self._limits.grace_s,
        ) as program:
            try:
                self._follow(program)
            except BaseException:
                # A program error of whoever takes the pages: the scanner is stopped all the same.
                program.stop()
                self._remove_halves()
                raise
        assert program.code is not None
        self._end.code, self._end.words = program.code, program.words
        if self._has_hung and self._why is None:
            self._end.code = code_of(program.words)
        if program.was_too_slow:
            self._why = self._why or Ended.TIMED_OUT
        left_half = self._remove_halves()
        self._count()
        self._end.ended = self._reason(self._end.code, left_half)
        return self._end

    def _follow(self, program: Supervised) -> None:
        page_until_s = self._now_s() + self._limits.page_s
        program.tell(b"\n")
        while program.code is None:
            for name in program.lines(SLICE_S):
                if self._take(name.strip()):
                    page_until_s = self._now_s() + self._limits.page_s
                    if self._free_bytes(self._folder) < LEAST_FREE:
                        self._why = self._why or Ended.DISK_FULL
                    if self._why is None and not self._stopped():
                        program.tell(b"\n")
            if self._stopped():
                self._stop(program, Ended.CANCELLED)
            elif self._now_s() >= page_until_s:
                self._stop(program, Ended.TIMED_OUT)
            elif self._why is not None:
                self._stop(program, self._why)
            if self._kill_s is None and LAST_WORDS in program.words:
                self._kill_s = self._now_s() + self._limits.grace_s
            if self._kill_s is not None and self._now_s() >= self._kill_s:
                self._has_hung = program.code is None
                return  # closing kills it

    def _stop(self, program: Supervised, why: Ended) -> None:
        """No more pages, and an end to this one; told once."""
        self._why = self._why or why
        if not self._is_told:
            self._is_told = True
            # timeout(1) kills after the grace; a second later nothing is waited for.
            self._kill_s = self._now_s() + self._limits.grace_s + 1.0
            program.hush()
            program.interrupt()

    def _take(self, name: str) -> bool:
        """Give a page away; False if the name is none of ours."""
        if not _PAGE_NAME.fullmatch(name) or name in self._taken:
            return False
        page = page_at(self._folder / name, len(self._end.pages) + 1)
        self._taken.add(name)
        if page is None:
            self._why = self._why or Ended.BAD_PAGE
            (self._folder / name).unlink(missing_ok=True)
            return True
        self._end.pages.append(page)
        try:
            self._on_page(page)
        except DeviceError as error:
            self._why, self._end.fault = Ended.NOT_KEPT, error.as_fault()
        return True

    def _remove_halves(self) -> bool:
        """Whether there were any."""
        halves = [path for path in self._folder.iterdir() if path.name.endswith(".part")]
        for path in halves:
            path.unlink(missing_ok=True)
        return bool(halves)

    def _count(self) -> None:
        """Pages that are there although their names never came: a killed program could not say them."""
        for name in sorted(os.listdir(self._folder)):
            self._take(name)

    def _reason(self, code: int, left_half: bool) -> Ended:
        pages = len(self._end.pages)
        if self._why not in (None, Ended.BAD_PAGE):
            return self._why
        if self._why is None and code in (0, 7):
            if pages == self._batch.most_pages > 1:
                return Ended.LIMIT
            return Ended.DONE if pages else Ended.NO_PAPER
        if self._free_bytes(self._folder) < LEAST_FREE:
            return Ended.DISK_FULL
        if self._why is not None:
            return self._why
        if left_half and not pages and code in NO_LENGTH.get(self._batch.format, ()):
            return Ended.LENGTH_UNKNOWN
        is_crash = code < 0 or code >= 128
        return Ended.CRASHED if is_crash else OF_CODE.get(code, Ended.IO_ERROR)

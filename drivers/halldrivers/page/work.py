"""The work on pages as the rest of the house uses it: a picture in, a page out, at no risk."""

from __future__ import annotations

import asyncio
import hashlib
import sys
import threading
from collections.abc import Sequence

from halldrivers.camera.errors import FrameDamaged, TooLarge
from halldrivers.camera.mjpeg import MOST_BYTES, measure
from halldrivers.counters import Counters
from halldrivers.errors import DeviceError
from halldrivers.page.errors import TOLD, PageCrashed, PictureUnreadable
from halldrivers.page.job import PageJob
from halldrivers.page.judge import Limits
from halldrivers.page.result import Page, PageOrder
from halldrivers.page.wire import BadMessage, Request, decode_answer, encode_head

COMMAND = (sys.executable, "-P", "-m", "halldrivers.page")
TIMEOUT_S = 40.0
"""For one page: 8 megapixels take 0.6 s of a desktop core, some 3 s of a Pi, and many times that where others
keep all cores busy, because a page process goes last. A page that comes late is better than an error."""
MEMORY_BYTES = 768 << 20
"""Of address space, not of memory: the libraries alone claim 300 MB of it and use 45."""


class PageWork:
    """Makes pages, one at a time, each in a process of its own.

    Counters: ``good_reads`` pages that may be kept, ``bad_reads`` refused ones and failures.
    """

    def __init__(
        self,
        *,
        counters: Counters | None = None,
        limits: Limits | None = None,
        timeout_s: float = TIMEOUT_S,
        memory_bytes: int = MEMORY_BYTES,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.counters = counters or Counters()
        self._limits = limits or Limits()
        self._timeout_s, self._memory_bytes, self._command = timeout_s, memory_bytes, command
        self._turn = threading.Lock()

    def make(self, jpeg: bytes, order: PageOrder | None = None) -> Page:
        """The page of an original, which stays as it is; blocks.

        Raises PictureUnreadable, PageTooBig, PageTimeout, PageCrashed. A page that is not good enough is no
        error: its report says why it should be taken again.
        """
        return self._make(self._job(), jpeg, order or PageOrder())

    async def amake(self, jpeg: bytes, order: PageOrder | None = None) -> Page:
        """As :meth:`make`, beside the event loop; cancelled, it ends its process."""
        job = self._job()
        try:
            return await asyncio.to_thread(self._make, job, jpeg, order or PageOrder())
        except asyncio.CancelledError:
            job.cancel()
            raise

    def _job(self) -> PageJob:
        return PageJob(self._command, timeout_s=self._timeout_s, memory_bytes=self._memory_bytes)

    def _make(self, job: PageJob, jpeg: bytes, order: PageOrder) -> Page:
        try:
            page = self._made(job, jpeg, order)
        except DeviceError:
            self.counters.add("bad_reads")
            raise
        self.counters.add("good_reads" if page.report.is_accepted else "bad_reads")
        return page

    def _made(self, job: PageJob, jpeg: bytes, order: PageOrder) -> Page:
        if not 0 < len(jpeg) <= MOST_BYTES:
            raise PictureUnreadable(f"{len(jpeg)} bytes")
        head = encode_head(Request(len(jpeg), order, self._limits))
        with self._turn:
            data = job.run(head, jpeg)
        try:
            answer, derived = decode_answer(data)
        except BadMessage as error:
            raise PageCrashed(str(error)) from error
        if answer.error is not None:
            error_class = TOLD.get(answer.error.code, PageCrashed)
            raise error_class(answer.error.detail, answer.error.detail_zh)
        try:
            measure(derived)
        except (FrameDamaged, TooLarge) as error:
            raise PageCrashed(f"its page: {error.detail}") from error
        assert answer.report is not None
        return Page(derived, hashlib.sha256(derived).hexdigest(), answer.report)

"""A PDF or a TIFF of several sheets in a watched folder becomes its pages: all of them, or none.

The steps, and what a power cut or a kill leaves after each:

1. A process of its own (:mod:`.unpack`) reads the document where it lies and writes its pages into
   ``document-N.part`` of the scan's folder. *The document is in the watched folder; the half is removed by*
   :func:`.scanfolder.left_over`.
2. The document is moved to ``set-aside/taking--NAME``, if it is still the one that was read. *It lies there.*
3. The folder is renamed to ``document-N.whole``. From here on the pages count. *All pages, and the document
   too; left_over brings them to the others.*
4. Pages go to the others in the scan's folder, on the disk before
5. the document is removed: its pages are what it held.

So a cut never leaves some of the pages, and never neither pages nor document. A document that is left in the
watched folder is of the time before the next scan, which puts it aside as ``early``, like every file that
nobody asked for then.

A document that is refused is told as a whole, and set aside with its reason; the scan goes on.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from halldrivers.errors import DeviceError
from halldrivers.scanner.errors import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentNotPictures,
    DocumentReaderFailed,
    DocumentTooBig,
    ScanDiskFull,
    ScanStoreUnusable,
)
from halldrivers.scanner.folder import WatchedFolder
from halldrivers.scanner.outcome import ScannedPage
from halldrivers.scanner.pagefile import SUFFIX_OF
from halldrivers.scanner.process import Finished, run
from halldrivers.scanner.scanfolder import PART, WHOLE, keep_document, page_at, write_through
from halldrivers.scanner.unpack import TOLD
from halldrivers.scanner.unpackwire import (
    MOST_ANSWER_BYTES,
    BadAnswer,
    Order,
    Unpacked,
    decode_answer,
    encode,
)
from halldrivers.scanner.watched import Reason, Seen

COMMAND = (sys.executable, "-P", "-m", "halldrivers.scanner.unpack")
MEMORY_BYTES = 768 << 20
"""Of address space, not of memory: the libraries claim 200 MB of it, the largest page 400 more."""
MOST_BYTES = 512 << 20
"""Of all pages of one document: twice as much as the document may have, because a PNG may be larger."""

REASON_OF: dict[type[DeviceError], Reason] = {
    DocumentNotPictures: Reason.NOT_PICTURES,
    DocumentEncrypted: Reason.ENCRYPTED,
    DocumentDamaged: Reason.DAMAGED,
    DocumentTooBig: Reason.TOO_BIG,
    DocumentReaderFailed: Reason.FAILED,
}
"""Errors that are the document's, and the reason that its new name tells."""


class DocumentReader:
    """Takes documents out of a watched folder; blocks for as long as ``most_s``."""

    def __init__(
        self,
        folder: WatchedFolder,
        *,
        most_s: float,
        grace_s: float,
        environment: Mapping[str, str] | None = None,
        memory_bytes: int = MEMORY_BYTES,
        most_bytes: int = MOST_BYTES,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._folder = folder
        self._most_s, self._grace_s = most_s, grace_s
        self._environment = {**(os.environ if environment is None else environment), "MALLOC_ARENA_MAX": "1"}
        self._memory_bytes, self._most_bytes, self._command = memory_bytes, most_bytes, tuple(command)

    def take(
        self,
        seen: Seen,
        into: Path,
        first: int,
        *,
        most_pages: int,
        room_bytes: int,
        stopped: Callable[[], bool],
    ) -> tuple[ScannedPage, ...]:
        """Its pages in order, numbered from ``first``; none when ``stopped``, or when its writer changed or
        removed it meanwhile: then it is looked at again.

        Raises an error of REASON_OF, and the document is where it was, for the caller to set aside. Raises
        ScanDiskFull, ScanFolderDenied or ScanStoreUnusable: it is where it was, or in ``set-aside``.
        """
        part = into / f"document-{first:04d}{PART}"
        try:
            part.mkdir(mode=0o700)
            order = self._order(seen, first, most_pages, room_bytes)
            pages = self._read(order, self._folder.folder / seen.name, part, stopped)
            if not pages:
                return ()
            write_through(part)
            taking = self._folder.set_apart(seen)
            if taking is None:
                return ()
            whole = part.rename(part.with_suffix(WHOLE))
            keep_document(whole)
            taking.unlink(missing_ok=True)
        except tuple(REASON_OF):
            if self._folder.is_as(seen):
                raise
            return ()  # what was read is not what is there now
        except OSError as error:
            if isinstance(error, DeviceError):
                raise
            raise ScanStoreUnusable(f"{into}: {error.strerror}") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return tuple(replace(page, path=into / page.path.name) for page in pages)

    def _order(self, seen: Seen, first: int, most_pages: int, room_bytes: int) -> Order:
        if room_bytes < seen.size:
            raise ScanDiskFull
        return Order(
            first=first,
            most_pages=most_pages,
            most_bytes=self._most_bytes,
            room_bytes=room_bytes,
            memory_bytes=self._memory_bytes,
            cpu_s=int(self._most_s) + 1,
        )

    def _read(
        self, order: Order, source: Path, part: Path, stopped: Callable[[], bool]
    ) -> tuple[ScannedPage, ...]:
        done = run(
            [*self._command, encode(order), str(source)],
            folder=part,
            environment=self._environment,
            most_s=self._most_s,
            grace_s=self._grace_s,
            most_bytes=MOST_ANSWER_BYTES,
            stopped=stopped,
        )
        if stopped():
            return ()
        if done.was_too_slow or done.code:
            raise _failure(done)
        try:
            answer = decode_answer(done.output)
        except BadAnswer as error:
            raise DocumentReaderFailed(str(error)) from error
        if answer.refused is not None:
            kind = TOLD.get(answer.refused.code, DocumentReaderFailed)
            raise kind(answer.refused.detail, answer.refused.detail_zh)
        return _counted(answer.pages, part, order.first)


def _counted(told: tuple[Unpacked, ...], part: Path, first: int) -> tuple[ScannedPage, ...]:
    """The pages, if they are the files that are there, whole and in order."""
    pages = []
    for number, each in enumerate(told, first):
        page = page_at(part / f"page-{number:04d}{Path(each.name).suffix}", number)
        if page is None or page.path.name != each.name or SUFFIX_OF[page.media_type] != page.path.suffix:
            raise DocumentReaderFailed(f"page {number}")
        pages.append(replace(page, turn_degrees=each.turn_degrees))
    if told and len(os.listdir(part)) != len(pages):
        raise DocumentReaderFailed("files that were not told")
    return tuple(pages)


def _failure(done: Finished) -> DeviceError:
    """What an end without an answer means."""
    if len(done.output) >= MOST_ANSWER_BYTES:  # then it was we who ended it
        return DocumentReaderFailed("it answers without end", "应答没完没了")
    last = done.words.rpartition("\n")[2][:200]
    killed_by = -done.code if done.code < 0 else done.code - 128
    if done.was_too_slow or killed_by == signal.SIGXCPU:
        return DocumentTooBig("it takes too long", "处理时间太长")
    if killed_by == signal.SIGKILL or "MemoryError" in last or "bad_alloc" in done.words:
        return DocumentTooBig("not enough memory", "内存不够")
    return DocumentReaderFailed(last or f"exit status {done.code}")

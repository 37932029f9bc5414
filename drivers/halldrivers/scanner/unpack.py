"""Take a document apart: ``python -P -m halldrivers.scanner.unpack ORDER PATH``.

Its pages are written into the working folder. The order and the answer are lines of :mod:`.unpackwire`.
Nothing of the document is believed: before it is opened, the process bounds its own memory, processor time
and file size for good, and offers itself first where the machine is out of memory. Whoever started it counts
the pages again.
"""

from __future__ import annotations

import errno
import os
import re
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from halldrivers.errors import DeviceError
from halldrivers.scanner.errors import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentNotPictures,
    DocumentTooBig,
    ScanDiskFull,
)
from halldrivers.scanner.pagefile import PDF, FileReader, content_of
from halldrivers.scanner.pagepicture import PagePicture
from halldrivers.scanner.pdfpages import pages_of_pdf
from halldrivers.scanner.tiffpages import pages_of_tiff
from halldrivers.scanner.unpackwire import Answer, Order, Refused, Unpacked, decode_order, encode

_DAMAGE = re.compile(rb"^(?:Fax|LZW|JPEG|ZIP|PackBits|TIFFFill|TIFFReadEncoded)\w*: .*", re.MULTILINE)
"""libtiff's complaints about a picture's data. It goes on over damaged rows and only says so."""
_NICE = 5
"""Screens and calls go first."""
_OOM_SCORE = 800
"""Of 1000: when the machine is out of memory, the kernel ends this process and not the hall."""

TOLD: dict[str, type[DeviceError]] = {
    kind.code: kind
    for kind in (DocumentDamaged, DocumentEncrypted, DocumentNotPictures, DocumentTooBig, ScanDiskFull)
}
"""What it says by itself, by code."""


def unpack(order: Order, source: Path, folder: Path) -> Answer:
    """The answer to an order about a document; the pages' files are on the disk when it is given."""
    try:
        fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(fd, "rb") as file, _pictures_are_sound():
            return Answer(tuple(_write_all(_pages(file, order.most_pages), order, folder)))
    except MemoryError:
        return _refused(DocumentTooBig())
    except tuple(TOLD.values()) as error:
        assert isinstance(error, DeviceError)
        return _refused(error)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _refused(ScanDiskFull())


def _pages(file: BinaryIO, most_pages: int) -> Iterator[PagePicture]:
    content = content_of(FileReader(file.fileno()))
    return (pages_of_pdf if content.media_type == PDF else pages_of_tiff)(file, most_pages)


def _write_all(pages: Iterator[PagePicture], order: Order, folder: Path) -> Iterator[Unpacked]:
    total = 0
    for number, page in enumerate(pages, order.first):
        total += len(page.data)
        if total > order.most_bytes:
            raise DocumentTooBig(f"{total >> 20} MiB", f"{total >> 20} MiB")
        if total > order.room_bytes:
            raise ScanDiskFull
        path = folder / f"page-{number:04d}{page.suffix}"
        with open(path, "xb") as file:
            file.write(page.data)
            file.flush()
            os.fsync(file.fileno())
        yield Unpacked(path.name, page.turn_degrees)


@contextmanager
def _pictures_are_sound() -> Iterator[None]:
    """Raise DocumentDamaged if a decoder complained on the error stream, where alone libtiff tells it."""
    real, said = os.dup(2), os.memfd_create("said")
    os.dup2(said, 2)
    try:
        yield
        found = _DAMAGE.search(os.pread(said, os.fstat(said).st_size, 0))
        if found is not None:
            raise DocumentDamaged(found[0].decode("ascii", "replace")[:100])
    finally:
        os.dup2(real, 2)
        os.close(real)
        os.close(said)


def _refused(error: DeviceError) -> Answer:
    return Answer(refused=Refused(error.code, error.detail, error.detail_zh))


def _bound(order: Order) -> None:
    """For good: nobody may raise a hard limit again."""
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (order.cpu_s, order.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order.most_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold somebody's page
    os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE))


def main() -> None:
    """Answer the order of the command line; a program error ends it with a traceback and no answer."""
    order = decode_order(sys.argv[1])
    _bound(order)
    with os.fdopen(os.dup(1), "w") as target:
        os.dup2(2, 1)  # libraries print their complaints there too
        target.write(encode(unpack(order, Path(sys.argv[2]), Path.cwd())))


if __name__ == "__main__":
    main()

"""What a file is, told by its content and not by its name, and whether it is whole.

A page that was cut (a full disk, a broken copy, a scanner that stopped) must never count as a page. Whole
means that the structure is closed; no picture is decoded:

    JPEG    segments one after the other up to the End Of Image of the picture itself, not of its thumbnail
    PNG     chunks one after the other up to IEND
    TIFF    every directory, and all strips or tiles that it names, lie within the file (:mod:`.tiffpage`)
    PDF     ``startxref`` and ``%%EOF`` at the end; of a linearized file, whose first part ends so too, the
            place that it names holds a cross-reference (other writers get that number wrong, scanimage 1.2.1
            among them, and readers forgive it)

Sources: ITU-T T.81 annex B, PNG (W3C) 5, ISO 32000 7.5. Files are read in pieces, never mapped: a file that
its writer cuts while it is mapped would kill the process (SIGBUS). Every loop is bounded.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from halldrivers.scanner.reader import BytesReader, FileReader, Reader
from halldrivers.scanner.tiffpage import is_tiff, sheets_of_tiff

__all__ = ["BytesReader", "Content", "FileReader", "Reader", "content_of"]

JPEG, PNG, TIFF, PDF = "image/jpeg", "image/png", "image/tiff", "application/pdf"
SUFFIX_OF = {JPEG: ".jpg", PNG: ".png", TIFF: ".tif", PDF: ".pdf"}
"""For the names of our own files."""

MOST_SEGMENTS = 20_000
"""Of a JPEG: a progressive one has tens, and restart markers are not counted."""
MOST_CHUNKS = 100_000
"""Of a PNG: 8 KiB each in a picture of 800 MB."""
PIECE = 64 * 1024

_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_PDF_HEAD, _PDF_TAIL = 1024, 2048
"""Bytes in which the header and the end must stand; readers allow 1024."""
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""In picture data: anything but a stuffed zero, a restart and a fill byte."""
_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file's bytes are."""

    media_type: str
    """Empty when it is no page that we know."""
    is_whole: bool
    is_document: bool = False
    """Whether its sheets have to be taken out of it: a PDF, or a TIFF of several."""


def content_of(file: Reader) -> Content:
    """What these bytes are."""
    head = file.at(0, _PDF_HEAD)
    if head.startswith(b"\xff\xd8\xff"):
        return Content(JPEG, _is_whole_jpeg(file))
    if head.startswith(_PNG_MARK):
        return Content(PNG, _is_whole_png(file))
    if is_tiff(head):
        sheets = sheets_of_tiff(file)
        return Content(TIFF, sheets > 0, sheets > 1)
    if b"%PDF-" in head:
        return Content(PDF, _is_whole_pdf(file), is_document=True)
    return Content("", False)


def _is_whole_jpeg(file: Reader) -> bool:
    place, has_picture = 2, False
    for _ in range(MOST_SEGMENTS):
        mark = file.at(place, 4)
        if len(mark) < 2 or mark[0] != 0xFF:
            return False
        kind = mark[1]
        if kind == 0xD9:
            return has_picture
        if kind == 0xFF:
            place += 1
        elif kind in (0x01, *range(0xD0, 0xD9)):
            place += 2
        else:
            length = int.from_bytes(mark[2:4], "big")
            if len(mark) < 4 or length < 2:
                return False
            place += 2 + length
            if kind == 0xDA:
                has_picture = True
                place = _next_marker(file, place)
    return False


def _next_marker(file: Reader, place: int) -> int:
    """Where picture data ends; the file's size when it does not."""
    while place < file.size:
        piece = file.at(place, PIECE)
        if found := _MARKER.search(piece):
            return place + found.start()
        if len(piece) < 2:
            break
        place += len(piece) - 1  # a marker may lie across two pieces
    return file.size


def _is_whole_png(file: Reader) -> bool:
    place, has_picture = len(_PNG_MARK), False
    for _ in range(MOST_CHUNKS):
        head = file.at(place, 8)
        if len(head) < 8:
            return False
        length, kind = struct.unpack(">I4s", head)
        place += 12 + length
        if place > file.size:
            return False
        if kind == b"IEND":
            return has_picture
        has_picture = has_picture or kind == b"IDAT"
    return False


def _is_whole_pdf(file: Reader) -> bool:
    tail = file.at(max(0, file.size - _PDF_TAIL), _PDF_TAIL).rstrip(b"\0")
    found = _START.search(tail)
    if found is None:
        return False
    place = int(found[1])
    if 0 < place < file.size and _TABLE.match(file.at(place, 64)):
        return True
    return b"/Linearized" not in file.at(0, _PDF_HEAD)

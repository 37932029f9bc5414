"""A TIFF of several sheets taken apart: each page a whole PNG, or one of the three refusals."""

from __future__ import annotations

import io

from PIL import Image

from halldrivers.scanner import pagepicture
from halldrivers.scanner.errors import DocumentDamaged, DocumentNotPictures, DocumentTooBig
from halldrivers.scanner.pagefile import BytesReader, content_of
from halldrivers.scanner.tiffpage import is_tiff
from halldrivers.scanner.tiffpages import pages_of_tiff

MOST_PAGES = 4
MOST_PIXELS = 10_000
"""Of a page, for as long as an input is tried: a million inputs are to end."""


def _tiff(*modes: str, **how: str) -> bytes:
    out = io.BytesIO()
    first, *others = (Image.linear_gradient("L").resize((9, 7)).convert(mode) for mode in modes)
    first.save(out, "TIFF", save_all=True, append_images=others, **how)
    return out.getvalue()


SEEDS = [
    _tiff("L", "RGB"),
    _tiff("1", "1", compression="group4"),
    _tiff("P", "L", compression="tiff_lzw"),
    _tiff("RGB", compression="tiff_adobe_deflate"),
    _tiff("L", "L", "L", "L", "L"),
    _tiff("L", compression="packbits"),
    _tiff("CMYK"),
    b"MM\0*\0\0\0\x08\0\0\0\0\0\0",
]


def run(data: bytes) -> None:
    if not is_tiff(data):
        return
    usual, pagepicture.MOST_PIXELS = pagepicture.MOST_PIXELS, MOST_PIXELS
    try:
        pages = list(pages_of_tiff(io.BytesIO(data), MOST_PAGES, BytesReader(data)))
    except (DocumentDamaged, DocumentNotPictures, DocumentTooBig, MemoryError):
        return
    finally:
        pagepicture.MOST_PIXELS = usual
    assert 0 < len(pages) <= MOST_PAGES
    for page in pages:
        assert page.suffix == ".png" and page.turn_degrees == 0
        assert content_of(BytesReader(page.data)).is_whole

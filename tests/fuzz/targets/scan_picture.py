"""Pictures as cameras and scanners deliver them: JPEG, PNG and TIFF, looked at before they become a page."""

from __future__ import annotations

import io

from PIL import Image

from halldrivers.scanstore.errors import PageUnreadable
from halldrivers.scanstore.page import Limits
from halldrivers.scanstore.picture import examine

LIMITS = Limits(page_bytes=3000, pixels=10_000)


def _encoded(kind: str, mode: str, **options: bool) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((9, 7)).convert(mode).save(out, kind, **options)
    return out.getvalue()


SEEDS = [
    _encoded("JPEG", "L"),
    _encoded("JPEG", "RGB", progressive=True),
    _encoded("PNG", "1"),
    _encoded("PNG", "RGBA"),
    _encoded("TIFF", "L"),
    _encoded("TIFF", "1"),
    b"\xff\xd8\xff\xe0",
    b"%PDF-1.7",
]


def run(data: bytes) -> None:
    try:
        picture = examine(data, LIMITS)
    except PageUnreadable:
        return
    assert 0 < picture.width * picture.height <= LIMITS.pixels
    assert picture.suffix in ("jpg", "png", "tif")
    assert len(data) <= LIMITS.page_bytes

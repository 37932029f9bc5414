"""A page taken out of a document, and the bounds of what a document may hold.

Documents are files that hold sheets: PDF and TIFF. Their pages come out one after the other, so that only
one is in memory.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from halldrivers.scanner.errors import DocumentNotPictures, DocumentTooBig

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 80_000_000
"""Of a page: A3 at 600 dpi has 70 million. Below the number at which Pillow itself begins to warn."""
MOST_SAMPLE_BYTES = 128 << 20
"""Of a page that has to be decoded: A4 in colour at 600 dpi has 104 MB."""
PNG_LEVEL = 3
"""Of zlib: a third of the time of the usual 6, for some hundredths more bytes."""
MOST_DPI = 10_000

_MODES = {"1": 1, "L": 1, "P": 1, "RGB": 3}
"""Pillow's modes that a PNG keeps exactly, and their bytes a pixel in memory."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page."""

    data: bytes
    """A whole file."""
    suffix: str
    """``.jpg`` or ``.png``."""
    turn_degrees: int = 0
    """Clockwise turn after which it stands as its document shows it: 0, 90, 180 or 270."""


def check_size(width: int, height: int, bytes_a_pixel: float, page: int) -> None:
    """Raise DocumentTooBig unless such a picture may be decoded; before any memory is taken for it."""
    pixels = width * height
    if pixels > MOST_PIXELS or pixels * bytes_a_pixel > MOST_SAMPLE_BYTES:
        raise DocumentTooBig(
            f"page {page}: {width} x {height} pixels", f"第 {page} 页：{width} x {height} 像素"
        )


def page_as_png(
    image: Image, page: int, turn_degrees: int = 0, dpi: tuple[float, float] | None = None
) -> PagePicture:
    """A decoded picture, kept exactly and upright; DocumentNotPictures where PNG cannot keep it.

    ``dpi`` is across and down before the turn, as the document says; nonsense is left out.
    """
    from PIL.Image import Transpose

    bytes_a_pixel = _MODES.get(image.mode)
    if bytes_a_pixel is None:
        raise DocumentNotPictures(
            f"page {page}: the colours {image.mode}", f"第 {page} 页：颜色格式 {image.mode} 不支持"
        )
    check_size(*image.size, bytes_a_pixel, page)
    if turn_degrees:
        # Pillow counts its turns the other way round.
        turns = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
        image = image.transpose(turns[turn_degrees])
    told = {"dpi": _turned(dpi, turn_degrees)} if dpi and all(1 <= each <= MOST_DPI for each in dpi) else {}
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=PNG_LEVEL, **told)
    return PagePicture(out.getvalue(), ".png")


def _turned(dpi: tuple[float, float], turn_degrees: int) -> tuple[float, float]:
    across, down = (float(each) for each in dpi)
    return (down, across) if turn_degrees % 180 else (across, down)

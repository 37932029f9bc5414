"""Whether a picture can become a page of a PDF: looked at before it is kept, not when it is too late.

A page that is kept must never stop its material from being finished, so each picture goes once through the
same conversion as the finished PDF. What a device delivers is foreign: Pillow and img2pdf answer broken
pictures with exceptions of every kind, and here is the border at which all of them become PageUnreadable.

A JPEG goes into the PDF byte for byte, so it must be one that every reader shows: cameras over USB leave
out the Huffman tables (Motion-JPEG; "AVI1") and libjpeg forgives it, but other readers show nothing. And all
of it must be there: a frame that was cut off shows as a page that is grey from the middle on.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from halldrivers.scanstore.errors import PageUnreadable
from halldrivers.scanstore.page import Limits
from halldrivers.scanstore.pdf import embedded_size

_SUFFIX = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "TIFF": "tif"}
_BEGINS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"II*\x00": "tif", b"MM\x00*": "tif"}
_HUFFMAN, _ARITHMETIC = 0xC4, frozenset({0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SCAN = 0xDA


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found."""

    width: int
    height: int
    suffix: str
    """``jpg``, ``png`` or ``tif``."""
    embedded_size: int
    """Bytes that it takes in a PDF."""


def examine(data: bytes, limits: Limits) -> Picture:
    """Look at a picture through and through. Raises PageUnreadable, which says what is wrong."""
    suffix = kind_of(data)
    if suffix == "bin":
        raise PageUnreadable("it is no JPEG, PNG or TIFF", "不是 JPEG、PNG 或 TIFF 图像")
    if len(data) > limits.page_bytes:
        raise PageUnreadable(f"{len(data)} bytes, at most {limits.page_bytes}", "图像文件太大")
    if suffix == "jpg":
        _look_at_jpeg(data)
    try:
        with warnings.catch_warnings():
            # Pillow warns of what is judged below (a bomb), and of what hurts nobody (odd EXIF).
            warnings.simplefilter("ignore")
            return _open(data, suffix, limits)
    except PageUnreadable:
        raise
    except Exception as error:  # border: whatever a decoder says of foreign bytes
        raise PageUnreadable(type(error).__name__, "图像无法解码") from error


def kind_of(data: bytes) -> str:
    """``jpg``, ``png`` or ``tif`` by the first bytes; ``bin`` for anything else."""
    return next((suffix for begin, suffix in _BEGINS.items() if data.startswith(begin)), "bin")


def _open(data: bytes, suffix: str, limits: Limits) -> Picture:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF")) as image:
        width, height = image.size
        if width * height > limits.pixels:
            raise PageUnreadable(f"{width} x {height} pixels", "图像像素太多")
        if _SUFFIX.get(image.format or "") != suffix:
            raise PageUnreadable(f"{image.format}", "图像格式不符")
        if suffix == "tif" and getattr(image, "n_frames", 1) != 1:
            raise PageUnreadable("a TIFF of several pages", "TIFF 里有多页，请逐页提供")
        # An eighth of the size shows that a JPEG goes on to its end, in a fraction of the time.
        image.draft(None, (max(1, width // 8), max(1, height // 8)))
        image.load()
    return Picture(width, height, suffix, embedded_size(data))


def _look_at_jpeg(data: bytes) -> None:
    """Walk the segments to the first scan (ITU-T T.81 annex B)."""
    at, has_tables = 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise PageUnreadable(f"no JPEG segment at byte {at}", "图像数据损坏")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _SCAN:
            break
        if marker in _ARITHMETIC:
            raise PageUnreadable(
                "an arithmetic-coded JPEG, which PDF readers do not show", "不支持的 JPEG 编码"
            )
        has_tables = has_tables or marker == _HUFFMAN
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    else:
        raise PageUnreadable("the JPEG has no picture in it", "图像里没有数据")
    if not has_tables:
        raise PageUnreadable(
            "a Motion-JPEG frame without Huffman tables: the capture must add the standard ones",
            "Motion-JPEG 帧缺少霍夫曼表，采集程序应补上",
        )

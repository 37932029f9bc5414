"""What the printer cannot write is drawn here: rare characters, the big number, QR codes.

Text is drawn cell by cell, each character in the middle of its one or two cells, so a drawn line takes
exactly the room that the wrapping gave it and stands under a written one without a step.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hallprinter.cells import char_width, text_width
from hallprinter.profile import DOTS_PER_CELL
from hallprinter.raster import Bitmap, trimmed

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

FONT_DOTS = 24
"""Height of a Han character at scale 1, in dots; 3 mm."""

LINE_DOTS = 30
"""Height of a drawn line at scale 1: what `ESC 2` gives a written one (a sixth of an inch at 180 dpi)."""

QUIET_ZONE = 4
"""White modules that a QR code needs around it; fewer and some phones do not find it (ISO/IEC 18004)."""

_BASELINE = 21
"""Puts a drawn Han character into the top 24 dots of its line, where a written one stands."""
_THRESHOLD = 112
_QR_ERROR = "m"


@lru_cache(maxsize=16)
def _font(dots: int) -> FreeTypeFont:
    from PIL import ImageFont

    from halldrivers.fonts import han_font_index, han_font_path

    return ImageFont.truetype(str(han_font_path()), dots, index=han_font_index(mono=True))


def draw_text(text: str, scale: int = 1, is_bold: bool = False) -> Bitmap:
    """Draws one line of text at so many times the size of the printer's own font."""
    from PIL import Image, ImageDraw

    cell = DOTS_PER_CELL * scale
    width = max(1, text_width(text)) * cell
    sheet = Image.new("L", (width, LINE_DOTS * scale), 0)
    pen = ImageDraw.Draw(sheet)
    font = _font(FONT_DOTS * scale)
    stroke = max(1, scale // 2) if is_bold else 0
    left = 0
    for char in text:
        cells = char_width(char)
        # A combining mark takes no cell: it goes over the middle of the character before it.
        middle = left + cells * cell / 2 if cells else left - cell / 2
        pen.text((middle, _BASELINE * scale), char, fill=255, font=font, anchor="ms", stroke_width=stroke)
        left += cells * cell
    return pack(sheet)


@lru_cache(maxsize=8)
def draw_number(text: str, scale: int) -> Bitmap:
    """Draws the ticket number without the white above and below, for printers that have no big text."""
    return trimmed(draw_text(text, scale, is_bold=True))


def pack(sheet: Image) -> Bitmap:
    """Turns a grey picture (white on black) into a bitmap."""
    plane = sheet.point(lambda value: 255 if value >= _THRESHOLD else 0, mode="1")
    data = plane.tobytes()
    stride = (sheet.width + 7) // 8
    rows = tuple(data[start : start + stride] for start in range(0, len(data), stride))
    return Bitmap(sheet.width, rows)


@lru_cache(maxsize=32)
def _qr_rows(content: str, border: int) -> tuple[tuple[bool, ...], ...]:
    import segno

    code = segno.make(content, error=_QR_ERROR, micro=False, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=border))


def qr_modules(content: str) -> int:
    """Counts the modules across a QR code with its quiet zone."""
    return len(_qr_rows(content, QUIET_ZONE))


@lru_cache(maxsize=8)
def draw_qr(content: str, module_dots: int, border: int = QUIET_ZONE) -> Bitmap:
    """Draws a QR code, every module a square of so many dots, with so many white modules around it."""
    modules_across = _qr_rows(content, border)
    width = len(modules_across) * module_dots
    stride = (width + 7) // 8
    rows: list[bytes] = []
    for modules in modules_across:
        bits = "".join("1" * module_dots if module else "0" * module_dots for module in modules)
        row = int(bits.ljust(stride * 8, "0"), 2).to_bytes(stride, "big")
        rows.extend([row] * module_dots)
    return Bitmap(width, tuple(rows))

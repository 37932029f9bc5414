"""Drawing a slip as it would lie in the hand: black dots on thermal paper, the edge cut or torn.

The device font is the Han font at 24 dots, its half-wide face for ASCII, magnified dot by dot as a printer
does.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from halldrivers.fonts import han_font_index, han_font_path
from halldrivers.printersim.paper import Align, Blank, Element, QrBlock, RasterBlock, Slip, TextLine, TextRun
from halldrivers.printersim.pictures import qr_modules

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MARGIN_DOTS = 24
_PAPER = 250
_INK = 24
_DESK = 206
_TOOTH_DOTS = 8
_GLYPH_DOTS = 24
_BASELINE = 21
_INK_THRESHOLD = 110
"""Darker than this becomes a dot; low enough to keep the thin strokes of dense characters."""


def draw_slip(slip: Slip) -> "Image":
    """The slip as a greyscale picture, one pixel a dot, with a margin around the printable width."""
    from PIL import Image, ImageDraw  # drawing is for people; a headless run must not pay for it

    width = slip.width_dots + 2 * MARGIN_DOTS
    height = slip.height_dots + 2 * MARGIN_DOTS
    ink = Image.new("1", (slip.width_dots, max(1, slip.height_dots)), 0)
    y = 0
    tears = []
    for index, element in enumerate(slip.lines):
        if index in slip.tears:
            tears.append(y)
        _draw_element(ink, element, y)
        y += element.height_dots
    picture = Image.new("L", (width, height), _PAPER)
    picture.paste(_INK, (MARGIN_DOTS, MARGIN_DOTS), ink)
    pen = ImageDraw.Draw(picture)
    for tear in tears:
        _tooth_line(pen, width, MARGIN_DOTS + tear, both_sides=True)
    if not slip.cut:
        _tooth_line(pen, width, height - _TOOTH_DOTS, both_sides=False)
    pen.rectangle((0, 0, width - 1, height - 1 if slip.cut else height + 1), outline=_DESK)
    return picture


def _draw_element(ink: "Image", element: Element, y: int) -> None:
    match element:
        case TextLine():
            left = _left(ink.width, element.width_dots, element.align)
            for run in element.runs:
                # Characters of one line stand on one base, whatever their height.
                _draw_run(ink, run, left + run.x_dots, y + _tallest(element) - run.height_dots)
        case RasterBlock():
            from PIL import Image

            block = Image.frombytes("1", (element.width_dots, element.height_dots), element.bits)
            ink.paste(block, (_left(ink.width, element.width_dots, element.align), y))
        case QrBlock():
            _draw_qr(ink, element, y)
        case Blank():
            pass


def _tallest(line: TextLine) -> int:
    return max((run.height_dots for run in line.runs), default=0)


def _left(width: int, used: int, align: Align) -> int:
    if align is Align.LEFT:
        return 0
    left = max(0, width - used)
    return left // 2 if align is Align.CENTRE else left


def _draw_run(ink: "Image", run: TextRun, x: int, y: int) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(ink)
    if run.reverse:
        pen.rectangle((x, y, x + run.width_dots - 1, y + run.height_dots - 1), fill=1)
    for place, char in enumerate(run.text):
        glyph = _glyph(char, run.han, run.bold, run.small)
        size = (glyph.width * run.width_mul, glyph.height * run.height_mul)
        ink.paste(0 if run.reverse else 1, (x + place * run.pitch_dots, y), glyph.resize(size, 0))
    if run.underline:
        bottom = y + run.height_dots - 1
        pen.rectangle((x, bottom - 1, x + run.width_dots - 1, bottom), fill=1)


@lru_cache(maxsize=4096)
def _glyph(char: str, han: bool, bold: bool, small: bool) -> "Image":
    """One character in its cell of 24x24, 12x24 or 9x17 dots, black and white."""
    from PIL import Image, ImageChops, ImageDraw, ImageFont

    cell_width = _GLYPH_DOTS if han else 12
    font = ImageFont.truetype(han_font_path(), _GLYPH_DOTS, index=han_font_index(mono=True))
    grey = Image.new("L", (cell_width, _GLYPH_DOTS), 0)
    ImageDraw.Draw(grey).text((0, _BASELINE), char, fill=255, font=font, anchor="ls")
    if small and not han:
        grey = grey.resize((9, 17))
    if bold:
        shifted = Image.new("L", grey.size, 0)
        shifted.paste(grey, (1, 0))
        grey = ImageChops.lighter(grey, shifted)
    return grey.point(lambda value: 255 if value > _INK_THRESHOLD else 0, mode="1")


def _draw_qr(ink: "Image", block: QrBlock, y: int) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(ink)
    left = _left(ink.width, block.width_dots, block.align)
    step = block.module_dots
    for row, modules in enumerate(qr_modules(block.data, block.level)):
        for column, dark in enumerate(modules):
            if dark:
                x0, y0 = left + column * step, y + row * step
                pen.rectangle((x0, y0, x0 + step - 1, y0 + step - 1), fill=1)


def _tooth_line(pen: "ImageDraw", width: int, y: int, both_sides: bool) -> None:
    """A torn edge: teeth as a tear bar leaves them."""
    points = [(x, y + (_TOOTH_DOTS if x // _TOOTH_DOTS % 2 else 0)) for x in range(0, width + 1, _TOOTH_DOTS)]
    if both_sides:
        pen.line(points, fill=_DESK, width=2)
    else:
        pen.polygon([*points, (width, y + 2 * _TOOTH_DOTS), (0, y + 2 * _TOOTH_DOTS)], fill=_DESK)

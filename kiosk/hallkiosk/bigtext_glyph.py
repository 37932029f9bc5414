"""One big character as dots, drawn with Pillow from the Noto Han font.

Each character is drawn much larger than needed and reduced to dots. Three things make the result readable
from five metres although a digit may be only twelve dots high:

* capitals and digits fill the whole height (a font's own line box would leave a third of it empty), and so do
  Han characters, so that "3号窗口" stands as one block;
* each character is shifted by parts of a dot until its strokes fall on whole dots (the crispest shift
  wins), and it takes whole dots of width, so that equal digits always look equal;
* bold thickens capitals and digits strongly, and Han characters only where their inner spaces survive it.

Pillow is imported on first use, so that an app without big text does not carry it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from hallkiosk.bigtext_cells import BigTextMode

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_DOT_HEIGHT_PX = 12
"""Height of one dot in the large drawing."""
_DESCENDING = frozenset("gjpqyQ,;()[]{}|/\\_@$&")
_LATIN_CAPITALS = (0.735, 0.0)
_LATIN_ALL = (0.79, 0.24)
_HAN = (0.83, 0.09)
"""Ink above and below the baseline in ems, measured on Noto Sans CJK SC."""
_STEM_GROWTH = 0.028
_HAN_STEM_GROWTH = 0.014
_HAN_BOLD_FROM_DOTS = 22
_INK_THRESHOLD = 116


@dataclass(frozen=True, slots=True)
class GlyphSize:
    """What decides a character's dots, beside the character itself."""

    height: int
    """Dots from top to bottom."""
    mode: BigTextMode
    bold: bool
    dot_width_px: int
    """Width of a dot in the large drawing; wider dots condense the character."""
    descends: bool
    """Room below the baseline is kept for letters like g."""


def natural_dot_width_px(mode: BigTextMode, cell_aspect: float) -> int:
    """The dot width at which characters keep their shape, for cells `cell_aspect` times as high as wide."""
    return max(1, round(_DOT_HEIGHT_PX * mode.dots_down / (mode.dots_across * cell_aspect)))


def descends(text: str) -> bool:
    """Whether any letter of the text reaches below the baseline."""
    return any(char in _DESCENDING for char in text)


def glyph_width(char: str, size: GlyphSize) -> int:
    """Dots that a character takes across; cheap, nothing is drawn."""
    em_px, growth_px = _em_px(char, size), _growth_px(char, size)
    advance = _font(1000).getlength(char) / 1000 * em_px + 2 * growth_px
    return max(1, round(advance / size.dot_width_px)) + _gap(char)


@lru_cache(maxsize=2048)
def glyph_dots(char: str, size: GlyphSize) -> tuple[bytes, ...]:
    """The dots of one character: `size.height` rows of `glyph_width` bytes, 1 where there is ink."""
    width = glyph_width(char, size)
    if char.isspace():
        return (bytes(width),) * size.height
    inked = width - _gap(char)
    drawing = _draw(char, size, inked)
    step_x, step_y = max(1, size.dot_width_px // 5), _DOT_HEIGHT_PX // 4
    shifts_x = range(-size.dot_width_px // 2, size.dot_width_px // 2 + 1, step_x)
    shifts_y = (0, -step_y, step_y)
    candidates = (_reduced(drawing, size, inked, x, y) for y in shifts_y for x in shifts_x)
    best = max(candidates, key=_crispness)
    ink = best.point([1 if level >= _INK_THRESHOLD else 0 for level in range(256)]).tobytes()
    return tuple(ink[row * inked : (row + 1) * inked].ljust(width, b"\0") for row in range(size.height))


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF"


def _gap(char: str) -> int:
    """Empty dots after a character: bold letters and digits would touch, Han brings its own space."""
    return 0 if _is_wide(char) else 1


def _extent(char: str, size: GlyphSize) -> tuple[float, float]:
    """Ink above and below the baseline, in ems, that the character is scaled to."""
    if _is_wide(char):
        return _HAN
    return _LATIN_ALL if size.descends else _LATIN_CAPITALS


def _em_px(char: str, size: GlyphSize) -> float:
    above, below = _extent(char, size)
    return (size.height * _DOT_HEIGHT_PX - 2 * _growth_px_for(size, _is_wide(char))) / (above + below)


def _growth_px(char: str, size: GlyphSize) -> int:
    return _growth_px_for(size, _is_wide(char))


def _growth_px_for(size: GlyphSize, wide: bool) -> int:
    """How far bold pushes each edge of a stroke outwards, in pixels of the large drawing."""
    if not size.bold or (wide and size.height < _HAN_BOLD_FROM_DOTS):
        return 0
    share = _HAN_STEM_GROWTH if wide else _STEM_GROWTH
    return round(size.height * _DOT_HEIGHT_PX * share / 0.8)


@lru_cache(maxsize=32)
def _font(em_px: int) -> FreeTypeFont:
    from PIL import ImageFont

    from halldrivers.fonts import han_font_index, han_font_path

    return ImageFont.truetype(str(han_font_path()), em_px, index=han_font_index(False))


def _draw(char: str, size: GlyphSize, width: int) -> Image:
    """The large drawing, with one dot of free space on every side for the shifts."""
    from PIL import Image, ImageDraw

    em_px, growth = _em_px(char, size), _growth_px(char, size)
    above, _below = _extent(char, size)
    canvas = Image.new("L", ((width + 2) * size.dot_width_px, (size.height + 2) * _DOT_HEIGHT_PX))
    font = _font(max(1, math.floor(em_px)))
    slack = (width * size.dot_width_px - font.getlength(char)) / 2
    origin = (size.dot_width_px + slack, _DOT_HEIGHT_PX + growth + above * em_px)
    ImageDraw.Draw(canvas).text(origin, char, fill=255, font=font, anchor="ls", stroke_width=growth)
    return canvas


def _reduced(drawing: Image, size: GlyphSize, width: int, shift_x: int, shift_y: int) -> Image:
    """The drawing shifted and averaged to one pixel a dot."""
    left, top = size.dot_width_px + shift_x, _DOT_HEIGHT_PX + shift_y
    box = (left, top, left + width * size.dot_width_px, top + size.height * _DOT_HEIGHT_PX)
    return drawing.reduce((size.dot_width_px, _DOT_HEIGHT_PX), box=box)


def _crispness(reduced: Image) -> int:
    """How clearly every dot is either ink or empty."""
    return sum(count * abs(level - 128) for level, count in enumerate(reduced.histogram()))

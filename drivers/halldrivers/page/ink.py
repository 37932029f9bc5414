"""What is written on a page, told from paper, shade and grain; with Pillow alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFilter import RankFilter

LEAST_DEPTH = 28
"""Grey levels that ink is darker than the paper around it: pencil has 40, the grain of paper and the noise of
a camera in dim light stay below 20 once smoothed."""
_CELL_PX = 4
_REACH = 9
"""The paper around is the brightest of so many cells in each direction: 36 pixels, wider than a stroke of a
heading, narrower than a shadow."""

_THICK = 7
"""In half pixels: 14 pixels are 2.4 mm of A4 at 150 dpi; strokes of a heading have 1.5."""
_LONG_PX = 64
"""Ink in one line for so long is ruled or a rim: 11 mm of A4 at 150 dpi, a character of a heading has 9."""


def ink_of(grey: Image) -> Image:
    """A mask (mode L): 255 where there is ink, 0 where there is paper."""
    from PIL import Image, ImageChops, ImageFilter

    smooth = grey.filter(ImageFilter.BoxBlur(1))
    cells = smooth.reduce(_CELL_PX) if min(grey.size) >= 4 * _CELL_PX else smooth
    paper = _ranked(cells, _REACH, ImageFilter.MaxFilter(3)).filter(ImageFilter.BoxBlur(_REACH // 2))
    depth = ImageChops.subtract(paper.resize(grey.size, Image.Resampling.BILINEAR), smooth)
    return depth.point([255 if value >= LEAST_DEPTH else 0 for value in range(256)])


def strokes_of(ink: Image) -> Image:
    """The part of a mask that is small: writing, and not the rim of a mat, a dark desk or a ruled line."""
    from PIL import ImageChops, ImageFilter

    if min(ink.size) < 4 * _THICK:
        return ink
    half = ink.reduce(2).point([255 if value > 127 else 0 for value in range(256)])
    core = _ranked(half, _THICK, ImageFilter.MinFilter(3))
    thick = _ranked(core, _THICK + 4, ImageFilter.MaxFilter(3))
    rest = ImageChops.subtract(ink, _spread(thick, 2, 2, ink.size))
    for cell in ((_LONG_PX, 1), (1, _LONG_PX)):
        runs = ink.reduce(cell).point([255 if value > 240 else 0 for value in range(256)])
        ends = runs.filter(ImageFilter.MaxFilter(3))
        rest = ImageChops.subtract(rest, _spread(ends, *cell, ink.size))
    return rest


def _ranked(image: Image, size: int, three: RankFilter) -> Image:
    """A filter for the least or greatest of `size` x `size` pixels, from its filter of 3 x 3: the same, but
    the work grows with the size and not with its square."""
    for _ in range(size // 2):
        image = image.filter(three)
    return image


def _spread(cells: Image, width: int, height: int, size: tuple[int, int]) -> Image:
    """Undo a reduction: each pixel becomes a cell again."""
    from PIL import Image

    whole = cells.resize((cells.width * width, cells.height * height), Image.Resampling.NEAREST)
    return whole.crop((0, 0, *size))


def share_of(mask: Image) -> float:
    """The part of a mask that is set, 0 to 1."""
    counts = mask.histogram()
    return counts[255] / max(1, sum(counts))

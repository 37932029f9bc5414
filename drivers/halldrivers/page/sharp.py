"""How sharp the writing on a page is, in a number that means the same in every light and for every camera."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from halldrivers.page.ink import share_of

if TYPE_CHECKING:
    from PIL.Image import Image

SHARP_PX = 1170
"""A4 at 100 dpi: what is sharp there can be read. Measuring at one resolution makes the limit mean the same
for all cameras that reach it."""

_TILE_PX = 64
"""Two lines of text, at `SHARP_PX`."""


def sharpness(grey: Image, ink: Image) -> float | None:
    """How sharp the strokes are (see :class:`~.judge.Limits`); None without strokes."""
    from PIL import ImageFilter, ImageStat

    laplacian = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    edges = grey.filter(laplacian)
    size = min(_TILE_PX, max(8, min(grey.size) // 6))  # a small card has rims without ink too
    written: list[tuple[float, float]] = []
    empty: list[tuple[float, float]] = []
    for top in range(0, grey.height - size + 1, size):
        for left in range(0, grey.width - size + 1, size):
            tile = left, top, left + size, top + size
            share = share_of(ink.crop(tile))
            if share > 0.6 or 0 < share < 0.02:
                continue  # desk and pictures; a lone speck
            variances = ImageStat.Stat(edges.crop(tile)).var[0], ImageStat.Stat(grey.crop(tile)).var[0]
            (written if share else empty).append(variances)
    if not written:
        return None
    noise_edges = median(edge for edge, _ in empty) if empty else 0.0
    noise = median(contrast for _, contrast in empty) if empty else 0.0
    return median(max(0.0, edge - noise_edges) / max(1.0, contrast - noise) for edge, contrast in written)

"""A grid of terminal cells, and its picture: what a person at the terminal sees, drawn with Pillow.

The picture needs no screen, no terminal program and no browser, so documentation and tests can show a real
run on any machine. A Han character takes two cells; blocks, sextants and lines are drawn as geometry
(`cellpicture_blocks`), so that they join without seams whatever the font.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hallkiosk.cellpicture_blocks import Box, shapes_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

Rgb = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the terminal shows it."""

    text: str = " "
    """The character; empty in the second cell of a wide one."""
    fg: Rgb = (229, 229, 229)
    bg: Rgb = (0, 0, 0)
    bold: bool = False
    underline: bool = False
    strike: bool = False
    reverse: bool = False
    """Foreground and background change places when drawn."""

    @property
    def ink(self) -> Rgb:
        """The colour that the character is drawn in."""
        return self.bg if self.reverse else self.fg

    @property
    def paper(self) -> Rgb:
        """The colour behind the character."""
        return self.fg if self.reverse else self.bg


@dataclass(frozen=True, slots=True)
class CellGrid:
    """A whole terminal screen; every row has the same number of cells."""

    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("the rows of a grid must have the same number of cells")

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of each row, without spaces at its end; wide characters count once."""
        return tuple("".join(cell.text for cell in row).rstrip() for row in self.rows)

    @property
    def text(self) -> str:
        """All rows as text."""
        return "\n".join(self.lines)

    def find(self, text: str) -> tuple[int, int] | None:
        """The cell (column, row) in the middle of the first place that shows the text, or None."""
        for number, row in enumerate(self.rows):
            at = "".join(cell.text for cell in row).find(text)
            if at >= 0:
                columns = [column for column, cell in enumerate(row) for _ in cell.text]
                return columns[at + len(text) // 2], number
        return None


@dataclass(frozen=True, slots=True)
class Geometry:
    """Sizes of the picture in pixels."""

    cell_width: int = 16
    cell_height: int = 32

    @property
    def font_px(self) -> int:
        """A Han character is a little smaller than its two cells, so that neighbours do not touch."""
        return min(round(2 * self.cell_width * 0.94), round(self.cell_height * 0.94))


def draw(grid: CellGrid, geometry: Geometry | None = None) -> Image:
    """Draw the grid, one pixel-exact rectangle a cell."""
    from PIL import Image, ImageDraw

    geometry = geometry or Geometry()
    columns = max((len(row) for row in grid.rows), default=0)
    size = (max(1, columns * geometry.cell_width), max(1, len(grid.rows) * geometry.cell_height))
    picture = Image.new("RGB", size)
    pen = ImageDraw.Draw(picture)
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            left, top = column * geometry.cell_width, number * geometry.cell_height
            pen.rectangle(
                (left, top, left + geometry.cell_width - 1, top + geometry.cell_height - 1), cell.paper
            )
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            at = (column * geometry.cell_width, number * geometry.cell_height)
            wide = column + 1 < len(row) and row[column + 1].text == ""
            _draw_cell(picture, cell, at, 2 if wide else 1, geometry)
    return picture


def save_png(grid: CellGrid, path: Path, geometry: Geometry | None = None) -> Path:
    """Draw the grid into a PNG file and return its path."""
    draw(grid, geometry).save(path, format="PNG", optimize=True)
    return path


def _draw_cell(picture: Image, cell: Cell, at: tuple[int, int], cells: int, geometry: Geometry) -> None:
    """The character of one cell and its lines, over the background that is already there."""
    from PIL import ImageDraw

    left, top = at
    width, height = cells * geometry.cell_width, geometry.cell_height
    pen = ImageDraw.Draw(picture)
    if cell.text.strip():
        shapes = shapes_of(cell.text, geometry.cell_width, height)
        if shapes is not None:
            for shape in shapes:
                _fill(picture, shape, at, cell)
        else:
            mask = _glyph_mask(cell.text, cell.bold, width, geometry)
            picture.paste(cell.ink, (left, top), mask)
    thickness = max(1, height // 16)
    for wanted, y in ((cell.underline, height - 2 * thickness), (cell.strike, height // 2)):
        if wanted:
            pen.rectangle((left, top + y, left + width - 1, top + y + thickness - 1), cell.ink)


def _fill(picture: Image, box: Box, at: tuple[int, int], cell: Cell) -> None:
    """One rectangle of a block or line character; shades mix ink and paper."""
    colour = tuple(round(p + (i - p) * box.share) for i, p in zip(cell.ink, cell.paper, strict=True))
    picture.paste(colour, (at[0] + box.left, at[1] + box.top, at[0] + box.right, at[1] + box.bottom))


@lru_cache(maxsize=8)
def _font(size_px: int) -> FreeTypeFont:
    from PIL import ImageFont

    from halldrivers.fonts import han_font_index, han_font_path

    return ImageFont.truetype(str(han_font_path()), size_px, index=han_font_index(True))


@lru_cache(maxsize=4096)
def _glyph_mask(text: str, bold: bool, width: int, geometry: Geometry) -> Image:
    """The character's ink as a mask of its cell or cells; bold is drawn twice, 1 px apart."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (width, geometry.cell_height))
    font_px = geometry.font_px
    length = _font(font_px).getlength(text)
    if length > width:  # the font draws ● and → as wide as Han, the terminal gives them one cell
        font_px = max(1, int(font_px * width / length))
    baseline = round(geometry.cell_height / 2 + font_px * 0.36)
    pen = ImageDraw.Draw(mask)
    for shift in (-0.5, 0.5) if bold else (0.0,):
        pen.text((width / 2 + shift, baseline), text, fill=255, font=_font(font_px), anchor="ms")
    return mask

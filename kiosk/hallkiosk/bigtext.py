"""Big Chinese, Latin and digits on a terminal: a pure renderer and the Textual widget on it.

Why not `Digits`: it knows no Han and its bold leaves letters thin, so that "A012" looks broken (facts,
screens-and-voice A6). Give complex characters (窗, 籍) at least 6 rows in sextant mode, 8 in half-block mode.
"""

from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from hallkiosk.bigtext_cells import BigTextMode, cells_of
from hallkiosk.bigtext_glyph import GlyphSize, descends, glyph_dots, glyph_width, natural_dot_width_px

__all__ = ["BigText", "BigTextMode", "render_rows"]

_NARROWEST = 0.78
"""Characters are condensed to this share of their width before they are made smaller."""
_LOWEST_DOTS, _LOWEST_HAN_DOTS = 7, 12
"""Below this height nothing can be told apart; plain terminal text is clearer then."""


@lru_cache(maxsize=512)
def render_rows(
    text: str,
    rows: int,
    mode: BigTextMode = BigTextMode.SEXTANT,
    *,
    bold: bool = True,
    max_cells: int | None = None,
    cell_aspect: float = 2.0,
) -> tuple[str, ...]:
    """Draw one line of text `rows` cells high; every returned row has the same width in cells.

    Text wider than `max_cells` is first condensed, then made lower (and centred in its rows), and at last
    written as ordinary terminal text, cut with "…" if need be; the result is never wider than `max_cells`.
    `cell_aspect` is a cell's height divided by its width (2.0 on most terminals, 3.0 in foot with Noto Sans
    Mono CJK). Raises ValueError when `rows` is below 1 or `max_cells` below 0.
    """
    if rows < 1 or (max_cells is not None and max_cells < 0):
        raise ValueError(f"rows={rows} and max_cells={max_cells} draw nothing")
    if not text.strip() or max_cells == 0:
        return ("",) * rows
    size = _fitting_size(text, rows, mode, bold, max_cells, cell_aspect)
    if size is None:
        return _plain_rows(text, rows, max_cells)
    glyphs = [glyph_dots(char, size) for char in text]
    lines = [b"".join(glyph[line] for glyph in glyphs) for line in range(size.height)]
    spare = rows * mode.dots_down - size.height
    blank = bytes(len(lines[0]))
    return cells_of([blank] * (spare // 2) + lines + [blank] * (spare - spare // 2), mode)


def _fitting_size(
    text: str, rows: int, mode: BigTextMode, bold: bool, max_cells: int | None, cell_aspect: float
) -> GlyphSize | None:
    """The largest and least condensed size that fits, or None when not even the lowest does."""
    natural = natural_dot_width_px(mode, cell_aspect)
    below_baseline = descends(text)
    highest = rows * mode.dots_down
    # Han in fewer dots are blots: ordinary text says more. Digits stay digits however low the place is.
    lowest = _LOWEST_HAN_DOTS if cell_len(text) > len(text) else min(_LOWEST_DOTS, highest)
    for height in range(highest, lowest - 1, -1):
        for dot_width_px in range(natural, max(natural, int(natural / _NARROWEST)) + 1):
            size = GlyphSize(height, mode, bold, dot_width_px, below_baseline)
            if max_cells is None or _cells_across(text, size) <= max_cells:
                return size
    return None


def _cells_across(text: str, size: GlyphSize) -> int:
    return -(-sum(glyph_width(char, size) for char in text) // size.mode.dots_across)


def _plain_rows(text: str, rows: int, max_cells: int | None) -> tuple[str, ...]:
    """Ordinary text on the middle row: the last resort in a narrow place."""
    width = cell_len(text) if max_cells is None else min(cell_len(text), max_cells)
    shown = text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"
    empty = " " * width
    middle = (rows - 1) // 2
    return (*(empty,) * middle, set_cell_size(shown, width), *(empty,) * (rows - middle - 1))


class BigText(Widget):
    """One line of big text: fixed height in rows, as wide as it needs, never wider than its place.

    Colour comes from the stylesheet (`color`), alignment from `text-align` and `content-align-vertical`.
    The plain text stays readable to tests and to other widgets as `text`.
    """

    DEFAULT_CSS = """
    BigText {
        width: auto;
        height: auto;
    }
    """
    ALLOW_SELECT = False

    text: reactive[str] = reactive("", layout=True)
    """What is shown."""
    rows: reactive[int] = reactive(6, layout=True)
    """Height of the text in cells."""

    def __init__(
        self,
        text: str = "",
        *,
        rows: int = 6,
        mode: BigTextMode = BigTextMode.SEXTANT,
        bold: bool = True,
        cell_aspect: float = 2.0,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.set_reactive(BigText.text, text)
        self.set_reactive(BigText.rows, rows)
        self._mode, self._bold, self._cell_aspect = mode, bold, cell_aspect

    def set_text(self, text: str) -> None:
        """Show another text; layout follows when the width changes."""
        self.text = text

    def drawn(self, max_cells: int | None) -> tuple[str, ...]:
        """The rows as they are drawn in a place of that width."""
        return render_rows(
            self.text,
            self.rows,
            self._mode,
            bold=self._bold,
            max_cells=max_cells,
            cell_aspect=self._cell_aspect,
        )

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the text needs, at most the container."""
        return max(cell_len(row) for row in self.drawn(container.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Always the given number of rows, so that a changing text never moves its neighbours."""
        return self.rows

    def render_line(self, y: int) -> Strip:
        """One row of cells, aligned in the widget's width."""
        width, height = self.size.width, self.size.height
        style = self.visual_style.rich_style
        drawn = self.drawn(width)
        spare_rows = max(0, height - len(drawn))
        above = {"middle": spare_rows // 2, "bottom": spare_rows}.get(self.styles.content_align_vertical, 0)
        if not above <= y < above + len(drawn):
            return Strip.blank(width, style)
        row = drawn[y - above]
        spare = max(0, width - cell_len(row))
        left = {"center": spare // 2, "right": spare, "end": spare}.get(self.styles.text_align, 0)
        line = " " * left + row + " " * (spare - left)
        return Strip([Segment(line, style)], left + cell_len(row) + spare - left)

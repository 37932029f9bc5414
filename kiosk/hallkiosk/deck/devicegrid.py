"""Where the blocks of the devices stand, and what fits on their buttons. Pure.

Rules, before the code:

1. A block is never narrower than its buttons need, and has always room for what to do about a fault.
2. As few pages as possible; then rooms with air before many columns.
3. What is spare goes to text, then to the gap between two blocks, then to higher buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from hallkiosk.wording import Text

MIN_BLOCK = 46
"""Four buttons with a key and four Chinese characters each."""
GUTTER = 2
_ROOMY = 59
"""From this width two rows hold the longest usual fault; a narrower block gets three."""
_TEXT_WANTED, _TEXT_MOST = 3, 4
_HIGH = 3
_MOST_BUTTON = 30
FOOT = 1
"""The row that says which page it is; there only when there are several."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The arrangement of one size of the panel."""

    columns: int
    bands: int
    """Blocks below each other."""
    pages: int
    width: int
    """Of a block."""
    pitch: int
    """Rows from one band to the next."""
    text_rows: int
    button_rows: int

    @property
    def full_width(self) -> int:
        """Of all columns, with the gutters."""
        return self.columns * (self.width + GUTTER) - GUTTER

    @property
    def per_page(self) -> int:
        """Blocks on a page."""
        return self.columns * self.bands

    def place(self, index: int) -> tuple[int, int]:
        """Where a page's block stands, in cells from its corner; the second stands beside the first."""
        band, column = divmod(index, self.columns)
        return column * (self.width + GUTTER), band * self.pitch


def grid_for(count: int, width: int, height: int) -> Grid:
    """The best arrangement of so many blocks."""
    most = max(1, (width + GUTTER) // (MIN_BLOCK + GUTTER))
    grids = [_with_columns(columns, count, width, height) for columns in range(1, most + 1)]
    return min(grids, key=lambda grid: (grid.pages, -_air(grid), grid.columns))


def _air(grid: Grid) -> int:
    return min(grid.pitch, 1 + _TEXT_WANTED + _HIGH + 1)


def _with_columns(columns: int, count: int, width: int, height: int) -> Grid:
    block = max(1, (width - GUTTER * (columns - 1)) // columns)
    text = 2 if block >= _ROOMY else 3
    least = 2 + text
    bands = max(1, -(-count // columns))
    pages = 1
    if bands * least > height:
        bands = max(1, (height - FOOT) // least)
        pages = max(1, -(-count // (columns * bands)))
        bands = max(1, -(-count // (columns * pages)))  # the last page as full as the others
    pitch = max(least, (height - FOOT * (pages > 1)) // bands)
    spare = pitch - least
    more = min(spare, max(0, _TEXT_WANTED - text))
    text, spare = text + more, spare - more - 1
    is_high = spare >= _HIGH - 1
    text += min(max(0, spare - (_HIGH - 1 if is_high else 0)), _TEXT_MOST - text)
    buttons = _HIGH if is_high else 1
    return Grid(columns, bands, pages, block, min(pitch, 2 + text + buttons), text, buttons)


@dataclass(frozen=True, slots=True)
class Face:
    """A button's words and its width in cells."""

    text: str
    width: int


def faces(keys: Sequence[str], texts: Sequence[Text], width: int) -> tuple[Face, ...]:
    """What stands on the buttons of a row of that width: with English where all fit, else Chinese alone."""
    room = width - max(0, len(keys) - 1)
    long = [f"{key} {text.zh} {text.en}".strip() for key, text in zip(keys, texts, strict=True)]
    short = [f"{key} {text.zh}".strip() for key, text in zip(keys, texts, strict=True)]
    for words in (long, short):
        natural = [cell_len(word) + 2 for word in words]
        spare = room - sum(natural)
        if spare >= 0:
            share = spare // max(1, len(words))
            wide = [max(size, min(size + share, _MOST_BUTTON)) for size in natural]
            return tuple(Face(word, size) for word, size in zip(words, wide, strict=True))
    return _squeezed(short, room)


def _squeezed(words: Sequence[str], room: int) -> tuple[Face, ...]:
    """Without edges, the longest cut first."""
    sizes = [cell_len(word) for word in words]
    while sum(sizes) > room and max(sizes) > 1:
        sizes[sizes.index(max(sizes))] -= 1
    return tuple(Face(cut(word, size), size) for word, size in zip(words, sizes, strict=True))


def cut(text: str, width: int) -> str:
    """At most so many cells; what is cut off shows."""
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"

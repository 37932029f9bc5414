"""Dots to terminal cells: half-blocks (1x2 dots a cell) and sextants (2x3 dots a cell).

    half-block      sextant          bit of each dot
      [1]           [ 1][ 2]         1 is top left, reading order;
      [2]           [ 4][ 8]         Unicode numbers its sextants the
                    [16][32]         same way (U+1FB00 is the dot 1 alone)

U+1FB00..U+1FB3B leaves out four of the 64 patterns because older code points draw them already: empty, the
left half (1+4+16 = 21), the right half (2+8+32 = 42) and full (Unicode 13, "Symbols for Legacy Computing").
"""

from enum import Enum

_SEXTANT_LEFT_HALF = 21
_SEXTANT_RIGHT_HALF = 42


class BigTextMode(Enum):
    """How many dots one terminal cell shows, as (across, down)."""

    HALF = (1, 2)
    """Coarse, and right on every terminal and font."""
    SEXTANT = (2, 3)
    """Three times finer; needs a terminal or font with U+1FB00 (foot, kitty, most since 2021)."""

    @property
    def dots_across(self) -> int:
        """Dots in a cell from left to right."""
        return self.value[0]

    @property
    def dots_down(self) -> int:
        """Dots in a cell from top to bottom."""
        return self.value[1]


def _sextant(pattern: int) -> str:
    """The character that shows one of the 64 patterns of 2x3 dots."""
    known = {0: " ", _SEXTANT_LEFT_HALF: "▌", _SEXTANT_RIGHT_HALF: "▐", 63: "█"}
    if pattern in known:
        return known[pattern]
    skipped = 1 + (pattern > _SEXTANT_LEFT_HALF) + (pattern > _SEXTANT_RIGHT_HALF)
    return chr(0x1FB00 + pattern - skipped)


GLYPHS: dict[BigTextMode, tuple[str, ...]] = {
    BigTextMode.HALF: (" ", "▀", "▄", "█"),
    BigTextMode.SEXTANT: tuple(_sextant(pattern) for pattern in range(64)),
}
"""For each mode the character of every dot pattern, indexed by the pattern."""


def cells_of(dots: list[bytes], mode: BigTextMode) -> tuple[str, ...]:
    """Turn rows of dots (one byte a dot, 0 is empty) into rows of terminal cells.

    Rows may be of different length; what is missing to a full cell is empty. Every returned row has the same
    number of one-cell characters.
    """
    across, down = mode.dots_across, mode.dots_down
    width = -(-max((len(row) for row in dots), default=0) // across)
    padded = [row.ljust(width * across, b"\0") for row in dots]
    padded += [bytes(width * across)] * (-len(dots) % down)
    glyphs = GLYPHS[mode]
    rows: list[str] = []
    for top in range(0, len(padded), down):
        band = padded[top : top + down]
        rows.append(
            "".join(glyphs[_pattern(band, left, across)] for left in range(0, width * across, across))
        )
    return tuple(rows)


def _pattern(band: list[bytes], left: int, across: int) -> int:
    """The bits of one cell, top left first."""
    pattern, bit = 0, 1
    for row in band:
        for column in range(left, left + across):
            if row[column]:
                pattern |= bit
            bit <<= 1
    return pattern

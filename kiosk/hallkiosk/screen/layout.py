"""How the hall screen's parts share a panel: pure arithmetic from cells to rows.

A hall panel has a small terminal font, so that everything people read from afar is drawn big; a panel in a
deck has fewer cells, and only the newest call is.
"""

from __future__ import annotations

from dataclasses import dataclass

_BIG_WIDTH, _BIG_HEIGHT = 110, 38
"""From here on the lists are drawn big too."""
_BIG_FOOT_WIDTH = 140
"""Below this the two lines at the bottom are ordinary text, for they would not fit."""
_LIST_ROWS, _FOOT_ROWS = 4, 4
"""The least for Han in sextants, which people can still tell apart (facts: screens-and-voice A6)."""


@dataclass(frozen=True, slots=True)
class ScreenSizes:
    """Rows of the hall screen's parts, from top to bottom."""

    head_rows: int
    now_rows: int
    """Height of the newest call; a line of words stands above it."""
    call_rows: int
    """Height of one of the last calls; 1 is ordinary text."""
    group_rows: int
    foot_rows: int
    """Height of each of the two lines at the bottom."""
    is_big: bool


def measure_screen(width: int, height: int) -> ScreenSizes:
    """The parts of a panel of that size; 60x18 is the smallest in which all have room."""
    if width >= _BIG_WIDTH and height >= _BIG_HEIGHT:
        spare = height - _BIG_HEIGHT
        taller = 1 if height >= 55 else 0
        return ScreenSizes(
            head_rows=_LIST_ROWS + taller,
            now_rows=10 + min(6, spare // 4),
            call_rows=_LIST_ROWS + taller,
            group_rows=_LIST_ROWS + taller,
            foot_rows=_FOOT_ROWS if width >= _BIG_FOOT_WIDTH and height >= 44 else 1,
            is_big=True,
        )
    now = max(1, min(12, 6 + (height - 18) // 3))
    return ScreenSizes(head_rows=1, now_rows=now, call_rows=1, group_rows=1, foot_rows=1, is_big=False)

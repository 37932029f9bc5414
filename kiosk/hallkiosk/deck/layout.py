"""Where the panels stand: pure rules from the size of the terminal to rectangles. Nothing overlaps or is cut.

Rules, before the code:

1. A panel gets at least the cells that it was made for, or it is not shown.
2. Where only one fits, the chosen one has the whole place.
3. An overview is bands of columns of slots. A slot whose panels are several shows the one that was chosen
   last, so that every panel can be reached in every overview.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hallkiosk.deck.panels import Panel

MIN_WIDTH, MIN_HEIGHT = 78, 22
"""Terminals below this get a request to be made larger."""
GUTTER = 1
"""Empty cells between two columns."""
HEAD_ROWS = 1
"""The line with a panel's name above it in an overview."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a column."""

    panels: tuple[Panel, ...]
    """Which may stand here, the usual one first."""
    min_rows: int
    """With the head line."""
    grows: int
    """Its share of spare rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """Slots below each other."""

    min_width: int
    grows: int
    """Its share of spare cells."""
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Columns beside each other, as wide as the deck."""

    columns: tuple[Column, ...]
    grows: int
    """Its share of spare rows."""

    @property
    def min_width(self) -> int:
        """With the gutters."""
        return sum(column.min_width for column in self.columns) + GUTTER * (len(self.columns) - 1)

    @property
    def min_rows(self) -> int:
        """Of its highest column."""
        return max(sum(slot.min_rows for slot in column.slots) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a panel stands, in cells from the corner of the deck's body."""

    panel: Panel
    x: int
    y: int
    width: int
    height: int


_P = Panel
_SIDE = 52
"""Columns of paper: 48 printed cells and their edges."""
_FIRST = Column(60, 2, (Slot((_P.TERMINAL,), 19, 1), Slot((_P.WINDOW_A,), 19, 1)))
_SECOND = Column(60, 2, (Slot((_P.SCREEN,), 19, 1), Slot((_P.WINDOW_B,), 19, 1)))
_PAPER, _PADS = Slot((_P.PAPER,), 20, 3), Slot((_P.PADS,), 11, 0)
_LOG = Slot((_P.LOG,), 7, 1)
OVERVIEWS: tuple[tuple[Band, ...], ...] = (
    (
        Band((_FIRST, _SECOND, Column(_SIDE, 1, (_PAPER, _PADS))), 3),
        # The devices are as wide as the two columns above them, so that the log stands below the paper.
        Band((Column(60 + GUTTER + 60, 4, (Slot((_P.DEVICES,), 10, 1),)), Column(_SIDE, 1, (_LOG,))), 1),
    ),
    (
        Band(
            (
                _FIRST,
                Column(60, 2, (Slot((_P.SCREEN,), 19, 1), Slot((_P.WINDOW_B, _P.DEVICES), 19, 1))),
                Column(_SIDE, 1, (_PAPER, _PADS, _LOG)),
            ),
            1,
        ),
    ),
    (
        Band(
            (
                Column(
                    60,
                    4,
                    (
                        Slot((_P.TERMINAL, _P.SCREEN), 19, 1),
                        Slot((_P.WINDOW_A, _P.WINDOW_B, _P.LOG, _P.DEVICES), 19, 1),
                    ),
                ),
                Column(_SIDE, 1, (_PAPER, _PADS)),
            ),
            1,
        ),
    ),
)
"""From the richest to the poorest; the first that fits is taken."""


def overview_for(width: int, height: int) -> tuple[Band, ...] | None:
    """The richest overview for a body of that size; None when only single panels fit."""
    for bands in OVERVIEWS:
        across = max(band.min_width for band in bands)
        if across <= width and sum(band.min_rows for band in bands) <= height:
            return bands
    return None


def arrange(width: int, height: int, recent: Sequence[Panel], wants_overview: bool) -> tuple[Place, ...]:
    """Where each shown panel stands; `recent` names all panels, the last chosen first."""
    bands = overview_for(width, height) if wants_overview else None
    if bands is None:
        return (Place(recent[0], 0, 0, width, height),)
    spare = height - sum(band.min_rows for band in bands)
    heights = _grown([band.min_rows for band in bands], [band.grows for band in bands], spare)
    places: list[Place] = []
    y = 0
    for band, down in zip(bands, heights, strict=True):
        widths = _grown(
            [c.min_width for c in band.columns], [c.grows for c in band.columns], width - band.min_width
        )
        x = 0
        for column, across in zip(band.columns, widths, strict=True):
            places += _stacked(column, x, y, across, down, recent)
            x += across + GUTTER
        y += down
    return tuple(places)


def _stacked(
    column: Column, x: int, top: int, width: int, height: int, recent: Sequence[Panel]
) -> list[Place]:
    spare = height - sum(slot.min_rows for slot in column.slots)
    heights = _grown([s.min_rows for s in column.slots], [s.grows for s in column.slots], spare)
    places: list[Place] = []
    y = top
    for slot, rows in zip(column.slots, heights, strict=True):
        panel = min(slot.panels, key=recent.index)
        places.append(Place(panel, x, y, width, rows))
        y += rows
    return places


def _grown(least: list[int], shares: list[int], spare: int) -> list[int]:
    """Spare cells by share; what does not divide goes to the first that grow."""
    total = sum(shares)
    grown = [size + spare * share // total for size, share in zip(least, shares, strict=True)]
    left = sum(least) + spare - sum(grown)
    for place in [at for at, share in enumerate(shares) if share][:left]:
        grown[place] += 1
    return grown

"""How the console's parts share a panel: pure arithmetic from cells to rows.

Every size has all operations. A small panel has fewer lines of information and lower buttons; a wide one has
the lists beside the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

BUTTON_COUNT = 14
"""Operations with a button of their own (`keys.BUTTONS`)."""
SIDE_WIDTH = 40
_WIDE, _WIDE_ROWS = 110, 30
_ACROSS_FIVE = 72
"""Width from which five buttons stand in a row; four need 56 cells."""
MESSAGE_ROWS = 2
_MOST_BIG_ROWS = 12


@dataclass(frozen=True, slots=True)
class Measures:
    """Rows and columns of the console's parts."""

    title_rows: int
    desk_rows: int
    info_rows: int
    """0: the information stands at the side."""
    primary_rows: int
    op_columns: int
    op_rows: int
    """Height of one button."""
    op_gap: int
    """Empty rows between buttons."""
    air_rows: int
    """Empty rows between the primary button and the others."""
    has_side: bool

    @property
    def big_rows(self) -> int:
        """Height of the number."""
        return max(1, min(_MOST_BIG_ROWS, self.desk_rows - (1 if self.desk_rows > 6 else 0)))

    @property
    def ops_rows(self) -> int:
        """Height of all the buttons together."""
        lines = -(-BUTTON_COUNT // self.op_columns)
        return lines * self.op_rows + (lines - 1) * self.op_gap


def measure(width: int, height: int) -> Measures:
    """The parts of a panel of that size; 60x18 is the smallest in which all have room."""
    has_side = width >= _WIDE and height >= _WIDE_ROWS
    left = width - SIDE_WIDTH if has_side else width
    columns = 5 if left >= _ACROSS_FIVE else 4
    lines = -(-BUTTON_COUNT // columns)
    rows = {"title": 1, "desk": 5, "info": 0 if has_side else 3, "primary": 3, "op": 1, "gap": 0, "air": 0}
    spare = height - MESSAGE_ROWS - lines - sum(rows[part] for part in ("title", "desk", "info", "primary"))
    for part, step, cost in _upgrades(lines, has_side):
        if cost <= spare:
            rows[part] += step
            spare -= cost
    return Measures(
        title_rows=rows["title"],
        desk_rows=max(1, rows["desk"] + spare),
        info_rows=rows["info"],
        primary_rows=rows["primary"],
        op_columns=columns,
        op_rows=rows["op"],
        op_gap=rows["gap"],
        air_rows=rows["air"],
        has_side=has_side,
    )


def _upgrades(lines: int, has_side: bool) -> tuple[tuple[str, int, int], ...]:
    """What a larger panel gets, the most useful first: part, how much more, and its cost in rows."""
    info = () if has_side else (("info", 1, 1), ("info", 1, 1))
    return (
        ("desk", 1, 1),
        *info,
        ("desk", 1, 1),
        ("gap", 1, lines - 1),
        ("air", 1, 1),
        ("desk", 3, 3),
        ("op", 1, lines),
        ("title", 2, 2),
        ("primary", 2, 2),
    )

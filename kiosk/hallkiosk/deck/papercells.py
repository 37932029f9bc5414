"""A slip as terminal cells: 12 dots of paper across and 30 down are one cell. Pure.

What the printer understood is shown, not what was sent: text at its size and place, codes module by module,
pictures dot by dot as far as cells allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len

from halldrivers.printersim.paper import (
    CELL_DOTS,
    Align,
    Blank,
    Element,
    QrBlock,
    RasterBlock,
    Slip,
    TextLine,
    TextRun,
)
from halldrivers.printersim.pictures import qr_modules
from hallkiosk.bigtext import render_rows
from hallkiosk.bigtext_cells import BigTextMode, cells_of

ROW_DOTS = 30
"""Line spacing of ordinary text: one row."""
_DRAWN_FROM = 3
"""Characters this many times as high are drawn; smaller ones are spelled with room around them."""
_TIGHT_BIG_ROWS = 5
_MOST_BLANK_ROWS = 2
_LINES = frozenset("─━═")
"""Two cells wide on paper and one in a terminal: drawn on, so that a rule is one line."""
_SMALLEST_SQUARE, _LARGEST_SQUARE = 3, 12
_QUIET = 1
"""Empty modules around a code; the paper itself is the rest of the quiet zone."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One row of cells, exactly as wide as the paper."""

    text: str
    is_bold: bool = False
    is_reverse: bool = False


@lru_cache(maxsize=64)
def slip_rows(
    slip: Slip, mode: BigTextMode = BigTextMode.HALF, *, is_tight: bool = False
) -> tuple[PaperRow, ...]:
    """The whole slip from its top. `is_tight` leaves out the empty space of large lines, for low panels."""
    width = slip.width_dots // CELL_DOTS
    rows: list[PaperRow] = []
    for index, element in enumerate(_joined(slip.lines)):
        if index in slip.tears:
            rows.append(PaperRow(torn_edge(width)))
        rows += _rows(element, width, mode, is_tight)
    while rows and not rows[-1].text.strip():
        rows.pop()
    return tuple(rows)


def torn_edge(width: int) -> str:
    """Teeth, as a tear bar leaves them."""
    return ("▀▄" * width)[:width]


def _joined(lines: Sequence[Element]) -> list[Element]:
    """Pictures that touch each other are one picture (a driver sends small blocks)."""
    joined: list[Element] = []
    for element in lines:
        last = joined[-1] if joined else None
        if (
            isinstance(element, RasterBlock)
            and isinstance(last, RasterBlock)
            and (last.width_dots, last.align) == (element.width_dots, element.align)
        ):
            joined[-1] = RasterBlock(
                last.width_dots, last.height_dots + element.height_dots, last.bits + element.bits, last.align
            )
        else:
            joined.append(element)
    return joined


def _rows(element: Element, width: int, mode: BigTextMode, is_tight: bool) -> list[PaperRow]:
    match element:
        case TextLine():
            return _text_rows(element, width, mode, is_tight)
        case QrBlock():
            modules = qr_modules(element.data, element.level)
            return [PaperRow(_placed(row, width, element.align)) for row in _code_cells(modules)]
        case RasterBlock():
            return [PaperRow(_placed(row, width, element.align)) for row in _picture_cells(element, mode)]
        case Blank():
            blank = 0 if is_tight else min(_MOST_BLANK_ROWS, element.height_dots // ROW_DOTS)
            return [PaperRow(" " * width)] * blank


def _text_rows(line: TextLine, width: int, mode: BigTextMode, is_tight: bool) -> list[PaperRow]:
    tallest = max((run.height_mul for run in line.runs), default=1)
    is_bold = any(run.bold for run in line.runs)
    rows_high = max(1, round(line.height_dots / ROW_DOTS))
    if tallest >= _DRAWN_FROM:
        rows_high = min(rows_high, _TIGHT_BIG_ROWS) if is_tight else rows_high
        room = min(width, -(-line.width_dots // CELL_DOTS))
        drawn = render_rows("".join(run.text for run in line.runs), rows_high, mode, max_cells=room)
        return [PaperRow(_placed(row, width, line.align)) for row in drawn]
    row = PaperRow(
        _placed(_spelled(line.runs), width, line.align), is_bold, any(run.reverse for run in line.runs)
    )
    blank = 0 if is_tight else min(_MOST_BLANK_ROWS, rows_high - 1)
    return [row, *[PaperRow(" " * width)] * blank]


def _spelled(runs: Sequence[TextRun]) -> str:
    """Characters at their pitch: what is twice as wide stands with spaces between."""
    text = ""
    for run in runs:
        text += " " * max(0, round(run.x_dots / CELL_DOTS) - cell_len(text))
        for place, char in enumerate(run.text):
            at = round((run.x_dots + place * run.pitch_dots) / CELL_DOTS)
            text += " " * max(0, at - cell_len(text)) + char
            if char in _LINES:
                text += char * (round(run.pitch_dots / CELL_DOTS) - cell_len(char))
    end = max((run.x_dots + run.width_dots for run in runs), default=0)
    return text + " " * max(0, round(end / CELL_DOTS) - cell_len(text))


def _placed(text: str, width: int, align: Align) -> str:
    spare = max(0, width - cell_len(text))
    left = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[align]
    return " " * left + text + " " * (spare - left)


def _code_cells(modules: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """A code as half-blocks: modules are square because cells are twice as high as wide."""
    side = len(modules) + 2 * _QUIET
    edge = [bytes(side)] * _QUIET
    inner = [bytes([0] * _QUIET + [1 if dark else 0 for dark in row] + [0] * _QUIET) for row in modules]
    return cells_of([*edge, *inner, *edge], BigTextMode.HALF) if modules else ()


def _picture_cells(block: RasterBlock, mode: BigTextMode) -> tuple[str, ...]:
    """A picture, its dots gathered into those that a cell can show; a drawn code module by module."""
    row_bytes = -(-block.width_dots // 8)
    rows = [block.bits[at : at + row_bytes] for at in range(0, len(block.bits), row_bytes)]
    lines = [bytes(row[x // 8] >> (7 - x % 8) & 1 for x in range(block.width_dots)) for row in rows]
    square = _square_of(lines)
    if square:
        return cells_of([line[::square] for line in lines[::square]], BigTextMode.HALF)
    across, down = CELL_DOTS // mode.dots_across, 2 * CELL_DOTS // mode.dots_down
    bands = [lines[top : top + down] for top in range(0, len(lines), down)]
    dots = [
        bytes(_is_dark([line[x : x + across] for line in band]) for x in range(0, block.width_dots, across))
        for band in bands
    ]
    return cells_of(dots, mode)


def _square_of(lines: Sequence[bytes]) -> int:
    """The side of the squares that a picture is made of (a code drawn by the driver); 0 for no such."""
    for side in range(_LARGEST_SQUARE, _SMALLEST_SQUARE - 1, -1):
        if all(
            line[left : left + side]
            in (bytes(len(line[left : left + side])), b"\1" * len(line[left : left + side]))
            for line in lines
            for left in range(0, len(line), side)
        ) and all(lines[y] == lines[y - y % side] for y in range(len(lines))):
            return side
    return 0


def _is_dark(square: Sequence[bytes]) -> int:
    """Two fifths of ink is ink: thin strokes must not vanish."""
    size = sum(len(line) for line in square)
    return 1 if size and 5 * sum(map(sum, square)) >= 2 * size else 0

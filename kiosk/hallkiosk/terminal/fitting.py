"""How pictures find room on a panel: pure rules from cells to lines. Nothing is ever cut off in mid-word.

Where there is no room, whole lines are left out, the least important first; Chinese names and what a person
must know are never among them. Widths are cells; lines break by the rules that tickets follow
(`hallprinter.cells`), which count ambiguous marks as two cells and so never come out too wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hallkiosk.terminal.model import Face, Line, Tone
from hallprinter.cells import text_width, wrap_balanced

GUTTER_ACROSS, GUTTER_DOWN = 2, 1
"""Cells between two buttons, so that a slide of the finger does not land on the neighbour."""
MIN_ROWS = 3
"""Height of the lowest button (facts: screens-and-voice A2)."""
_MIN_ACROSS, _GOOD_ACROSS, _GOOD_ROWS = 16, 30, 5
_BIG_LATIN_ROWS, _BIG_HAN_ROWS, _BIG_GOOD_ROWS, _BIG_MOST_ROWS = 5, 6, 7, 12
"""Rows below which big text is no longer clear (sextants need 16 dots for complex characters)."""


def grid_shape(count: int, width: int, height: int, most_across: int = 3) -> tuple[int, int]:
    """Columns and rows in which so many buttons are easiest to hit and to read."""
    best, best_score = (min(count, most_across) or 1, -(-count // (min(count, most_across) or 1))), -1.0
    for columns in range(1, min(count, most_across) + 1):
        rows = -(-count // columns)
        across = (width - GUTTER_ACROSS * (columns - 1)) // columns
        down = (height - GUTTER_DOWN * (rows - 1)) // rows
        if down < MIN_ROWS or across < _MIN_ACROSS:
            continue
        score = min(across / _GOOD_ACROSS, 1) + min(down / _GOOD_ROWS, 1) - 0.05 * (columns * rows - count)
        if score > best_score:
            best, best_score = (columns, rows), score
    return best


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a button as it is drawn."""

    text: str
    tone: Tone


def face_rows(face: Face, width: int, height: int) -> tuple[Row, ...]:
    """The lines of a button in a place of that size: its name first, then its state, English, and note."""
    if width < 2 or height < 1:
        return ()
    chinese = f"{face.shortcut} {face.text.zh}" if face.shortcut else face.text.zh
    both = f"{chinese} {face.text.en}"
    if height <= MIN_ROWS and not (face.status or face.note) and face.text.en and text_width(both) <= width:
        return (Row(both, Tone.STRONG),)
    parts = {
        "name": _rows(chinese, width, Tone.STRONG),
        "english": _rows(face.text.en, width, Tone.HINT),
        "note": _rows(face.note, width, Tone.HINT),
        "status": _rows(face.status, width, Tone.PLAIN),
    }
    kept = {"name"}
    left = height - len(parts["name"])
    for part in ("status", "english", "note"):
        if parts[part] and len(parts[part]) <= left:
            kept.add(part)
            left -= len(parts[part])
    return tuple(row for part, rows in parts.items() if part in kept for row in rows)[:height]


def _rows(text: str, width: int, tone: Tone) -> tuple[Row, ...]:
    return tuple(Row(line, tone) for line in wrap_balanced(text, width)) if text else ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is drawn: rows of big text (0: written as an ordinary line), then lines."""

    big_rows: int
    rows: tuple[Row, ...]
    gap: int
    """Empty rows between the big text and the lines."""


def arrange(big: str, lines: tuple[Line, ...], width: int, height: int) -> Notice:
    """Find room for a notice: what must be read stays, big text is next, then the rest by rank."""
    if width < 2 or height < 1:
        return Notice(0, (), 0)
    least = _BIG_HAN_ROWS if text_width(big) > len(big) else _BIG_LATIN_ROWS
    must = _height([line for line in lines if line.rank == 0], width)
    if not big or height - must < least:
        name = _rows(big, width, Tone.NAME)
        kept = _kept(lines, width, height - len(name))
        rows = _spaced(kept, width, height - len(name) - (1 if name else 0))
        gap = (Row("", Tone.PLAIN),) if name and len(name) + len(rows) < height else ()
        return Notice(0, (*name, *gap, *rows)[:height], 0)
    gap_rows = 1 if height - must > least else 0
    kept = _kept(lines, width, height - least - gap_rows)
    used = _height(kept, width) + gap_rows
    breaks = sum(line.rank == 0 for line in kept[1:])
    airy_rows = height - used - breaks
    big_rows = min(_BIG_MOST_ROWS, airy_rows if airy_rows >= _BIG_GOOD_ROWS else height - used)
    return Notice(big_rows, _spaced(kept, width, height - gap_rows - big_rows), gap_rows)


def _kept(lines: tuple[Line, ...], width: int, room: int) -> tuple[Line, ...]:
    """The lines for which there is room; the highest ranks are left out first."""
    for rank in sorted({line.rank for line in lines if line.rank}, reverse=True):
        if _height(lines, width) <= room:
            break
        lines = tuple(line for line in lines if line.rank != rank)
    return lines


def _spaced(lines: tuple[Line, ...], width: int, room: int) -> tuple[Row, ...]:
    """The rows, with an empty one before each new thought where there is room for all of those."""
    breaks = sum(line.rank == 0 for line in lines[1:])
    is_airy = _height(lines, width) + breaks <= room
    rows: list[Row] = []
    for line in lines:
        if is_airy and line.rank == 0 and rows:
            rows.append(Row("", Tone.PLAIN))
        rows += _rows(line.text, width, line.tone)
    return tuple(rows)


def _height(lines: Sequence[Line], width: int) -> int:
    return sum(len(_rows(line.text, width, line.tone)) for line in lines)

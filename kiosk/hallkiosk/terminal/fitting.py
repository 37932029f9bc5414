"""How pictures find room on a panel: pure rules from cells to lines. Nothing is ever cut off in mid-word.

Where there is no room, whole lines are left out, the least important first; Chinese names and what a person
must know are never among them. Widths are cells; lines break by the rules that tickets follow
(`hallprinter.cells`), which count ambiguous marks as two cells and so never come out too wide.
"""

from __future__ import annotations

from dataclasses import dataclass

from hallkiosk.terminal.model import Face, Line, Tone
from hallprinter.cells import text_width, wrap_balanced

GUTTER_ACROSS, GUTTER_DOWN = 2, 1
"""Cells between two buttons, so that a slide of the finger does not land on the neighbour."""
MIN_ROWS = 3
"""Height of the lowest button (facts: screens-and-voice A2)."""
_MIN_ACROSS, _GOOD_ACROSS, _GOOD_ROWS = 16, 30, 5
_BIG_LATIN_ROWS, _BIG_HAN_ROWS, _BIG_MOST_ROWS = 5, 6, 12
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
    name = f"{face.shortcut} {face.text.zh}" if face.shortcut else face.text.zh
    parts = {
        "name": _rows(name, width, Tone.STRONG),
        "english": _rows(face.text.en, width, Tone.HINT),
        "note": _rows(face.note, width, Tone.HINT),
        "status": _rows(face.status, width, Tone.PLAIN),
    }
    if not face.text.zh or (height == 1 and not face.status and face.text.en):
        parts["name"], parts["english"] = _one_line(face, width), ()
    kept = {"name"}
    left = height - len(parts["name"])
    for part in ("status", "english", "note"):
        if parts[part] and len(parts[part]) <= left:
            kept.add(part)
            left -= len(parts[part])
    return tuple(row for part, rows in parts.items() if part in kept for row in rows)[:height]


def _one_line(face: Face, width: int) -> tuple[Row, ...]:
    both = " ".join(part for part in (face.text.zh, face.text.en) if part)
    return _rows(both if text_width(both) <= width else face.text.zh, width, Tone.STRONG)


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
    has_big = bool(big) and height - must >= least
    room = height - least if has_big else height - len(_rows(big, width, Tone.STRONG))
    kept = list(lines)
    for rank in sorted({line.rank for line in lines if line.rank}, reverse=True):
        if _height(kept, width) <= room:
            break
        kept = [line for line in kept if line.rank != rank]
    rows = tuple(row for line in kept for row in _rows(line.text, width, line.tone))
    if not has_big:
        return Notice(0, (*_rows(big, width, Tone.STRONG), *rows)[:height], 0)
    spare = height - least - len(rows)
    gap = 1 if spare > 0 else 0
    return Notice(min(_BIG_MOST_ROWS, least + spare - gap), rows, gap)


def _height(lines: list[Line], width: int) -> int:
    return sum(len(_rows(line.text, width, line.tone)) for line in lines)

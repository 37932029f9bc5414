"""What a ticket looks like: the face as lines for paper of a given width, with no printer byte in sight.

Made for people who see badly: the number as large as the paper allows, what they must do in double size, one
thought a line, everything in the middle. Small type is left for what only staff need. A reprint says so first
and last, so that neither half of a torn ticket passes for the original.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hallprinter import wording
from hallprinter.cells import text_width, wrap, wrap_balanced
from hallprinter.face import TicketFace

RULE_CHAR = "─"
REPRINT_RULE_CHAR = "＊"
_BIG = 2
_MAX_HALL_LINES = 2
_MAX_SERVICE_LINES = 3


class Align(Enum):
    """Where a line stands between the edges."""

    LEFT = "left"
    CENTER = "center"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text that fits the paper at its size."""

    text: str
    scale: int = 1
    align: Align = Align.CENTER
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class BigNumber:
    """The ticket number, as large as printer and paper can show it."""

    text: str


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code in the middle of the paper."""

    content: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank lines of normal height."""

    lines: int = 1


Element = Line | BigNumber | QrCode | Gap


def compose_ticket(face: TicketFace, columns: int) -> tuple[Element, ...]:
    """Lays out one ticket for paper of so many cells."""
    return (
        *_reprint_head(face, columns),
        *heading(face.hall_name, columns, _MAX_HALL_LINES),
        rule(columns),
        Line(wording.NUMBER_CAPTION),
        BigNumber(face.number),
        *heading(face.service_name, columns, _MAX_SERVICE_LINES),
        *_waiting(face, columns),
        rule(columns),
        *_where(face, columns),
        *_matters(face, columns),
        *_qr(face, columns),
        *_details(face, columns),
        *_reprint_foot(face, columns),
    )


def heading(text: str, columns: int, max_big_lines: int) -> tuple[Line, ...]:
    """Sets a name in double size and bold, or in normal size where it would take too many lines."""
    big = wrap_balanced(text, columns // _BIG)
    if len(big) <= max_big_lines:
        return tuple(Line(line, _BIG, is_bold=True) for line in big)
    return tuple(Line(line, is_bold=True) for line in wrap_balanced(text, columns))


def paragraph(
    text: str, columns: int, scale: int = 1, align: Align = Align.CENTER, is_bold: bool = False
) -> tuple[Line, ...]:
    """Breaks a sentence into lines; nothing for an empty one."""
    lines = wrap_balanced(text, columns // scale) if align is Align.CENTER else wrap(text, columns // scale)
    return tuple(Line(line, scale, align, is_bold) for line in lines)


def rule(columns: int, char: str = RULE_CHAR) -> Line:
    """Draws a line across the paper out of two-cell characters."""
    return Line(char * (columns // text_width(char)))


def _waiting(face: TicketFace, columns: int) -> tuple[Line, ...]:
    ahead = wording.ahead_text(face.ahead)
    wait = wording.wait_text(face.minutes_low, face.minutes_high)
    return (*paragraph(ahead, columns, _BIG), *paragraph(wait, columns, _BIG))


def _where(face: TicketFace, columns: int) -> tuple[Element, ...]:
    if not face.window_hint:
        return paragraph(wording.WINDOW_UNKNOWN, columns, is_bold=True)
    return (
        *paragraph(wording.WINDOW_CAPTION, columns),
        *paragraph(face.window_hint, columns, _BIG, is_bold=True),
    )


def _matters(face: TicketFace, columns: int) -> tuple[Element, ...]:
    if not face.matters:
        return ()
    caption = wording.MATTERS_CAPTION.format(count=len(face.matters))
    lines: list[Element] = [rule(columns), *paragraph(caption, columns, is_bold=True)]
    for index, name in enumerate(face.matters, start=1):
        lines += _numbered(index, name, columns // _BIG)
    return tuple(lines)


def _numbered(index: int, name: str, columns: int) -> list[Element]:
    """Hangs the second line of a long name under the first one's text, not under its number."""
    prefix = wording.MATTER.format(index=index, name="")
    indent = text_width(prefix)
    lines = wrap_balanced(name, columns - indent)
    return [
        Line((prefix if first == 0 else " " * indent) + line, _BIG, Align.LEFT)
        for first, line in enumerate(lines)
    ]


def _qr(face: TicketFace, columns: int) -> tuple[Element, ...]:
    is_address = face.qr_content.startswith(("http://", "https://"))
    caption = wording.QR_CAPTION_ADDRESS if is_address else wording.QR_CAPTION_REFERENCE
    return (rule(columns), QrCode(face.qr_content), *paragraph(caption, columns))


def _details(face: TicketFace, columns: int) -> tuple[Element, ...]:
    person = [
        wording.PRIORITY.format(name=face.priority_name) if face.priority_name else "",
        wording.NAME.format(name=face.masked_name) if face.masked_name else "",
    ]
    when = [
        wording.ISSUED_AT.format(time=face.issued_at),
        wording.CLOCK_SUSPECT if face.clock_suspect else "",
        wording.VALID_ON.format(day=face.business_day),
    ]
    lines: list[Element] = [rule(columns)]
    for text in (*person, *face.notes, *when):
        lines += paragraph(text, columns)
    return tuple(lines)


def _reprint_head(face: TicketFace, columns: int) -> tuple[Element, ...]:
    if not face.is_reprint:
        return ()
    mark = _reprint_mark(face, columns)
    explained = paragraph(wording.REPRINT_EXPLAINED, columns)
    return (rule(columns, REPRINT_RULE_CHAR), *mark, *explained, rule(columns, REPRINT_RULE_CHAR))


def _reprint_foot(face: TicketFace, columns: int) -> tuple[Element, ...]:
    if not face.is_reprint:
        return ()
    return (rule(columns, REPRINT_RULE_CHAR), *_reprint_mark(face, columns))


def _reprint_mark(face: TicketFace, columns: int) -> tuple[Line, ...]:
    return paragraph(wording.REPRINT_MARK.format(copy=face.copy), columns, _BIG, is_bold=True)

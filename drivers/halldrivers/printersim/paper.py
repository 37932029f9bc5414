"""The paper that comes out: lines, pictures, codes and cuts, as a citizen would hold it."""

from dataclasses import dataclass, replace
from enum import IntEnum

DOTS_PER_MM = 8
WIDTH_DOTS = {58: 384, 80: 576}
"""Printable dots by paper width in mm: 32 and 48 cells of 12 dots."""
CELL_DOTS = 12
HAN_DOTS = 24


class Align(IntEnum):
    """Where a line stands on the paper; the numbers are those of ESC a."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters of one look, side by side."""

    text: str
    han: bool
    x_dots: int
    """Where it begins in the line, before alignment."""
    pitch_dots: int
    """From one character to the next."""
    width_mul: int = 1
    height_mul: int = 1
    bold: bool = False
    underline: bool = False
    reverse: bool = False
    small: bool = False
    """Font B, 9x17 dots."""

    @property
    def width_dots(self) -> int:
        """The room it takes."""
        return self.pitch_dots * len(self.text)

    @property
    def height_dots(self) -> int:
        """The height of its characters."""
        return (17 if self.small and not self.han else 24) * self.height_mul


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line of text; no runs is an empty line."""

    runs: tuple[TextRun, ...]
    align: Align
    height_dots: int
    """How far the paper moved."""

    @property
    def width_dots(self) -> int:
        """The room that the runs take, gaps included."""
        return max((run.x_dots + run.width_dots for run in self.runs), default=0)

    @property
    def text(self) -> str:
        """The characters, with gaps as spaces; without alignment."""
        text, x_dots = "", 0
        for run in self.runs:
            text += " " * ((run.x_dots - x_dots) // CELL_DOTS) + run.text
            x_dots = run.x_dots + run.width_dots
        return text


@dataclass(frozen=True, slots=True)
class RasterBlock:
    """A picture in dots; `bits` holds rows of whole bytes, the highest bit leftmost, 1 is black."""

    width_dots: int
    height_dots: int
    bits: bytes
    align: Align
    continues: bool = False
    """True for rows that belong to the picture before them."""


@dataclass(frozen=True, slots=True)
class QrBlock:
    """A QR code that the printer made itself."""

    data: bytes
    module_dots: int
    level: str
    modules: int
    """Modules a side; 0 when the data does not fit any code, and nothing is printed."""
    align: Align

    @property
    def height_dots(self) -> int:
        """The side of the code; the quiet zone is the encoder's business."""
        return self.modules * self.module_dots

    @property
    def width_dots(self) -> int:
        """As high as wide."""
        return self.height_dots


@dataclass(frozen=True, slots=True)
class Blank:
    """Paper that moved without print."""

    height_dots: int


Element = TextLine | RasterBlock | QrBlock | Blank


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper: what is on it from its top, and how it ended."""

    width_dots: int
    lines: tuple[Element, ...]
    cut: bool
    """True when the cutter ended it; False for paper that still hangs in the printer."""
    tears: tuple[int, ...] = ()
    """Before which lines the paper was torn, because the roll was changed in mid-slip."""

    @property
    def height_dots(self) -> int:
        """The length of the paper."""
        return sum(line.height_dots for line in self.lines)

    @property
    def is_blank(self) -> bool:
        """True when nothing is printed on it."""
        return all(
            isinstance(line, Blank) or (isinstance(line, TextLine) and not line.runs) for line in self.lines
        )

    def text(self) -> str:
        """The text lines, one a line; pictures and codes as a remark in brackets."""
        return "\n".join(_as_text(line) for line in self.lines if not isinstance(line, Blank))


def _as_text(line: Element) -> str:
    match line:
        case TextLine():
            return line.text.rstrip()
        case QrBlock():
            return f"[QR {line.data.decode('utf-8', 'replace')}]"
        case RasterBlock():
            return f"[picture {line.width_dots}x{line.height_dots}]"
    return ""


class Web:
    """The paper between the roll and the cutter: what was printed since the last cut."""

    def __init__(self, width_dots: int) -> None:
        self.width_dots = width_dots
        self._lines: list[Element] = []
        self._tears: list[int] = []

    def append(self, element: Element) -> None:
        """Print one element; rows of one picture join."""
        last = self._lines[-1] if self._lines else None
        if (
            isinstance(element, RasterBlock)
            and element.continues
            and isinstance(last, RasterBlock)
            and last.width_dots == element.width_dots
        ):
            self._lines[-1] = replace(
                last, height_dots=last.height_dots + element.height_dots, bits=last.bits + element.bits
            )
        else:
            self._lines.append(element)

    def tear(self) -> None:
        """The printed paper comes off by hand (new roll); what follows is on another piece."""
        if self._lines:
            self._tears.append(len(self._lines))

    def hanging(self) -> Slip:
        """What hangs in the printer, not cut."""
        return Slip(self.width_dots, tuple(self._lines), False, tuple(self._tears))

    def cut(self) -> Slip:
        """Cut it off."""
        slip = replace(self.hanging(), cut=True)
        self._lines.clear()
        self._tears.clear()
        return slip

"""What the bytes of a print job ask for, one small value each."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """Characters of one kind; `han` ones are as wide as high (24 dots), the others half that."""

    text: str
    han: bool


class Style(StrEnum):
    """A setting that holds until it is set again or the printer is initialised."""

    ALIGN = "align"
    """0 left, 1 centre, 2 right."""
    BOLD = "bold"
    UNDERLINE = "underline"
    HAN_UNDERLINE = "han_underline"
    SIZE = "size"
    """GS !: high nibble width - 1, low nibble height - 1."""
    MODE = "mode"
    """ESC !: font, bold, double height, double width, underline in one byte."""
    HAN_MODE = "han_mode"
    """FS !: double width 4, double height 8, underline 128."""
    HAN_QUAD = "han_quad"
    REVERSE = "reverse"
    UPSIDE_DOWN = "upside_down"
    FONT = "font"
    """0 is 12x24 dots, 1 is 9x17."""
    LINE_SPACING = "line_spacing"
    """Dots; -1 is the default of 30."""
    CHAR_SPACING = "char_spacing"
    HAN_SPACING = "han_spacing"
    """Left * 256 + right, in dots."""
    LEFT_MARGIN = "left_margin"
    HAN_FONT = "han_font"


@dataclass(frozen=True, slots=True)
class Set:
    """Change one setting."""

    style: Style
    value: int


@dataclass(frozen=True, slots=True)
class Initialise:
    """ESC @: settings to power-on, the unfinished line dropped."""


@dataclass(frozen=True, slots=True)
class LineFeed:
    """Print the line and go to the next."""


@dataclass(frozen=True, slots=True)
class Tab:
    """Go to the next multiple of eight cells."""


@dataclass(frozen=True, slots=True)
class MoveTo:
    """ESC $: go to a dot position in the line."""

    dots: int


@dataclass(frozen=True, slots=True)
class Feed:
    """Print the line, then move the paper: by dots (ESC J) or by lines (ESC d)."""

    dots: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class RasterRows:
    """Some rows of a GS v 0 picture, as they arrive; `first` opens a new picture."""

    width_bytes: int
    data: bytes
    first: bool
    scale_x: int
    scale_y: int


@dataclass(frozen=True, slots=True)
class Columns:
    """ESC *: a band of 8 or 24 dots, column by column."""

    height: int
    data: bytes
    scale_x: int


@dataclass(frozen=True, slots=True)
class QrSetting:
    """GS ( k: module size in dots (67) or error correction (69)."""

    module_dots: int | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class QrStore:
    """GS ( k 80: keep the data of the next code."""

    data: bytes


@dataclass(frozen=True, slots=True)
class QrPrint:
    """GS ( k 81: print the kept code."""


@dataclass(frozen=True, slots=True)
class Cut:
    """GS V: cut, after feeding to the cutter and `feed_dots` more when `feeds`."""

    feeds: bool
    feed_dots: int = 0


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """GS a: what automatic status tells; 0 switches it off."""

    mask: int


@dataclass(frozen=True, slots=True)
class AskPaper:
    """GS r: tell the paper state (1) or the drawer state (2)."""

    which: int


@dataclass(frozen=True, slots=True)
class AskPrinted:
    """GS ( H fn 48: answer with this id when everything before is printed."""

    process_id: bytes


@dataclass(frozen=True, slots=True)
class AskAbout:
    """GS I: tell who made it, which model it is and the like."""

    which: int


@dataclass(frozen=True, slots=True)
class Ignored:
    """A command that is understood and changes nothing that can be seen (drawer, beeper, code page)."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that are no command and no text."""

    data: bytes


Operation = (
    Text
    | Set
    | Initialise
    | LineFeed
    | Tab
    | MoveTo
    | Feed
    | RasterRows
    | Columns
    | QrSetting
    | QrStore
    | QrPrint
    | Cut
    | AutoStatus
    | AskPaper
    | AskPrinted
    | AskAbout
    | Ignored
    | Garbage
)

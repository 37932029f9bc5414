"""What one printer can do: the few facts about a unit that change the bytes we send it.

An enrolment test finds them out per unit (paper width, which two-byte code it prints, whether it knows
QR codes and big text); the ready-made profiles are the careful answers for units nobody has tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DOTS_PER_CELL = 12
"""Width of one ASCII character of font A; a Han character takes two cells (24 dots)."""

PAPER_MM_BY_DOTS = {384: 58, 512: 80, 576: 80}
"""Paper width in mm for each printable width in dots that is sold (8 dots a mm, Epson's T88 family 512)."""

MOST_BLOCK_BYTES = 3464
"""The longest raster block: 48 rows of 576 dots and their header. The filling that ends a half-sent block
must exceed it, so no profile may ask for a longer one (facts: printing 1.6)."""

_BLOCK_HEADER_BYTES = 8


class TextEncoding(StrEnum):
    """The two-byte code a printer's Han font answers to."""

    GB18030 = "gb18030"
    GBK = "gbk"
    GB2312 = "gb2312"
    RASTER_ONLY = "raster-only"
    """No Han font at all: every line is drawn."""


class ConfirmRung(StrEnum):
    """How a print can be proved on this unit, best first (the driver climbs the ladder, this is a hint)."""

    A = "A"
    """Process id answered when the printing is completed (Epson `GS ( H`)."""
    B = "B"
    """`GS r` answered after the cut with no fault in between."""
    C = "C"
    """Real-time status before and after: says how the printer is, not that the ticket came out."""
    D = "D"
    """The bytes were accepted, nothing more."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One printer model as far as a ticket is concerned."""

    name: str
    width_dots: int
    """Printable width: 384, 512 or 576."""
    encoding: TextEncoding = TextEncoding.GBK
    native_qr: bool = False
    """The printer draws QR codes itself (`GS ( k`); a unit that does not would print the data as text."""
    has_cutter: bool = True
    kanji_big: bool = False
    """`FS !` with `GS !` enlarges beyond double size; some 58 mm units know only 1 and 2 times."""
    max_fragment_height: int = 48
    """Dot rows in one raster block; small blocks keep a half-sent one short enough to be flushed out."""
    buffer_bytes: int = 4096
    """Receive buffer; a job below it cannot wedge half inside when the paper ends."""
    confirm: ConfirmRung = ConfirmRung.C
    han_from_next_line: bool = False
    """`FS &` counts from the next line on (some SPRT): every job begins with an empty line for it."""

    def __post_init__(self) -> None:
        if self.width_dots not in PAPER_MM_BY_DOTS:
            widths = ", ".join(str(dots) for dots in PAPER_MM_BY_DOTS)
            raise ValueError(
                f"printer profile {self.name!r}: width_dots {self.width_dots} is not one of {widths}"
            )
        most_rows = (MOST_BLOCK_BYTES - _BLOCK_HEADER_BYTES) // (self.width_dots // 8)
        if not 1 <= self.max_fragment_height <= most_rows:
            raise ValueError(
                f"printer profile {self.name!r}: max_fragment_height {self.max_fragment_height} must be 1 to "
                f"{most_rows} rows at {self.width_dots} dots, or a half-sent picture could not be ended"
            )
        if self.buffer_bytes < 1:
            raise ValueError(f"printer profile {self.name!r}: buffer_bytes must be at least 1")

    @property
    def columns(self) -> int:
        """Cells in a line at normal size: 32, 42 or 48."""
        return self.width_dots // DOTS_PER_CELL

    @property
    def width_mm(self) -> int:
        """Width of the paper roll."""
        return PAPER_MM_BY_DOTS[self.width_dots]


GENERIC_58 = PrinterProfile(name="generic-58", width_dots=384, has_cutter=False)
"""Any 58 mm unit: tears, draws its QR and its big number, trusts only GBK."""

GENERIC_80 = PrinterProfile(
    name="generic-80", width_dots=576, native_qr=True, kanji_big=True, confirm=ConfirmRung.B
)
"""The usual Chinese 80 mm unit with a cutter (Xprinter, Gprinter, SPRT and their relatives)."""

EPSON_80 = PrinterProfile(
    name="epson-80",
    width_dots=576,
    encoding=TextEncoding.GB18030,
    native_qr=True,
    kanji_big=True,
    confirm=ConfirmRung.A,
)
"""Epson TM-T82III and T83III in their Simplified Chinese version: process ids and full status."""

PROFILES = {profile.name: profile for profile in (GENERIC_58, GENERIC_80, EPSON_80)}
"""The ready-made profiles by the name that stands in the configuration."""

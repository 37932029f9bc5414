"""What a scan is asked to be, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where the paper lies."""

    AUTO = "auto"
    """The feeder if it has one, otherwise the glass."""
    FEEDER = "feeder"
    DUPLEX = "duplex"
    """The feeder, both sides."""
    FLATBED = "flatbed"
    """The glass: one page."""


class Mode(StrEnum):
    """Colours."""

    COLOR = "color"
    """The default: a red seal must stay red."""
    GRAY = "gray"
    LINEART = "lineart"
    """Black and white."""


class PageFormat(StrEnum):
    """The file of a page."""

    JPEG = "jpeg"
    """scanimage's own quality (75 in libjpeg's scale; it takes no other, observed in 1.2.1)."""
    PNG = "png"
    """Lossless; small only for black and white."""
    TIFF = "tiff"
    """Lossless and uncompressed: 26 MB for an A4 page in colour at 300 dpi."""


class Paper(StrEnum):
    """The area that is scanned."""

    A4 = "a4"
    """210 x 297 mm, or as much of it as the device has. Left alone, many devices take US letter."""
    WHOLE = "whole"
    """What the device takes by itself."""


A4_MM = (210.0, 297.0)
LEAST_DPI, USUAL_DPI, MOST_DPI = 75, 200, 1200
"""200 dpi is the usual lower limit for archives (facts: scanning 5.1, from memory there)."""
MOST_PAGES = 500
"""Pages of one batch. A bound, because a device that never says "empty" would scan for ever."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """One scan's wishes; what a device lacks is adapted and told (:class:`.choices.Chosen`)."""

    source: Source = Source.AUTO
    mode: Mode = Mode.COLOR
    resolution_dpi: int = USUAL_DPI
    format: PageFormat = PageFormat.JPEG
    paper: Paper = Paper.A4
    most_pages: int = MOST_PAGES

    def __post_init__(self) -> None:
        if not LEAST_DPI <= self.resolution_dpi <= MOST_DPI:
            raise ValueError(f"resolution_dpi is {LEAST_DPI} to {MOST_DPI}, not {self.resolution_dpi}")
        if not 1 <= self.most_pages <= MOST_PAGES:
            raise ValueError(f"most_pages is 1 to {MOST_PAGES}, not {self.most_pages}")


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """How long things may take, in seconds."""

    page_s: float = 120.0
    """Until the next page, warming up included: 600 dpi in colour on the glass takes over a minute."""
    batch_s: float = 1800.0
    """The whole batch."""
    grace_s: float = 5.0
    """Between asking the scanner to stop and ending its program."""
    probe_s: float = 20.0
    """Asking a device what it can do; some load firmware then."""
    list_s: float = 30.0
    """Looking for devices: some backends search the network."""
    quiet_s: float = 120.0
    """Watched folder: no file for this long ends the scan."""
    document_s: float = 300.0
    """Watched folder: taking one PDF or TIFF apart. Pages that are decoded take a second each on a Pi."""

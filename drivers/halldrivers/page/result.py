"""What is asked of the work on a page, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Point = tuple[float, float]
"""x to the right and y down, in pixels of the original."""

TURNS = (0, 90, 180, 270)


class Found(StrEnum):
    """How the page was taken out of the frame."""

    CROPPED = "cropped"
    """Its four corners were found: cut out and straightened."""
    ROTATED = "rotated"
    """Only its direction was found: the whole frame, turned a little."""
    WHOLE = "whole"
    """Nothing was found: the whole frame as it was."""


class Flaw(StrEnum):
    """What may be wrong with a page; the values are codes for the county's statistics."""

    BLUR = "F-21"
    GLARE = "F-22"
    BLANK = "F-23"
    DARK = "F-24"
    BRIGHT = "F-25"
    COARSE = "F-26"
    CUT = "F-27"
    SEVERAL = "F-28"
    UNCROPPED = "F-29"


class Outcome(StrEnum):
    """What a verdict means for the page."""

    GOOD = "good"
    WARN = "warn"
    """To be told, but the page is kept."""
    REFUSE = "refuse"
    """To be taken again."""


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """One thing that was judged."""

    flaw: Flaw
    outcome: Outcome
    number: float
    """What was measured; its unit is said with the limits (:class:`~.judge.Limits`)."""
    limit: float
    """What it was compared with."""
    zh: str = ""
    en: str = ""
    """For the citizen and the clerk: what is wrong and what to do; empty when good."""


@dataclass(frozen=True, slots=True)
class PageOrder:
    """What is asked for."""

    turn: int = 0
    """Degrees clockwise by which the page is turned in the end: 0, 90, 180 or 270. A page keeps the
    direction that it has under the camera: its top is the side nearest to the top of the frame. Nothing
    guesses from the text, because a page turned wrongly by a guess is worse than one that lies as the
    operator sees it; EXIF is not looked at."""
    crop: bool = True
    """False leaves the frame whole, for what has no four corners."""
    quality: int = 85
    """Of the derived JPEG, 1 to 95: text of 200 dpi shows no artefacts, and a page of A4 at 280 dpi has
    some 1 MB."""
    long_px: int = 0
    """Reduce the page to so many pixels on its longest side; 0 leaves it as it is."""

    def __post_init__(self) -> None:
        if self.turn not in TURNS or not 1 <= self.quality <= 95 or self.long_px < 0:
            raise ValueError(f"a page cannot be made like this: {self}")


@dataclass(frozen=True, slots=True)
class PageReport:
    """What was found and judged."""

    found: Found
    corners: tuple[Point, ...]
    """Of the page in the original, clockwise from its top left; empty unless cropped."""
    angle_deg: float
    """By how much it lay clockwise and was turned back, the order's turn apart."""
    turn: int
    """The order's turn."""
    paper: str
    """"A4", "ID-1", or empty for another size."""
    dpi: int
    """Dots per inch of the derived page; 0 while its size is not known."""
    width: int
    height: int
    """Of the derived page in pixels."""
    original_width: int
    original_height: int
    verdicts: tuple[PageVerdict, ...]
    has_finder: bool
    """False where OpenCV is not installed, so that no page could be found."""

    @property
    def is_accepted(self) -> bool:
        """Whether nothing refuses the page."""
        return not self.refusals

    @property
    def refusals(self) -> tuple[PageVerdict, ...]:
        """Why it should be taken again, the most telling first."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.REFUSE)

    @property
    def warnings(self) -> tuple[PageVerdict, ...]:
        """What is to be told although it is kept."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.WARN)


@dataclass(frozen=True, slots=True)
class Page:
    """A page made from an original."""

    jpeg: bytes = field(repr=False)
    """Without any metadata but its resolution."""
    sha256: str
    """Of these bytes, in hexadecimal."""
    report: PageReport

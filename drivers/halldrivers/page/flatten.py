"""From four corners to a flat page: how large, which paper, through which matrix.

A page seen at an angle is shortened: the ratio of its sides as seen is not that of the paper. Four corners
and the focal length give the true ratio (Zhang and He, Whiteboard scanning and image enhancement, 2006, from
memory). Document cameras look down nearly straight, where the focal length hardly matters and cannot be told
from the corners either, so a usual one is taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from halldrivers.page.picture import CvPicture
from halldrivers.page.result import Point

FOCAL = 1.0
"""In lengths of the frame's long side: 53 degrees across, as document cameras have (50 to 65)."""
MARGIN = 0.005
"""Of the shorter side, left out all around: half a millimetre of A4, so that no desk shows at an edge that
is bent or found a little outside."""
TOLERANCE = 0.03
"""By which a ratio may miss a known paper's: below it the page is made to have exactly this ratio. More would
distort: a household register's page (1.36) is 4 % away from A4 (1.41)."""
A4_SHARE = 0.25
"""Of the frame: A5 and smaller booklets have A4's ratio, but do not fill a camera that is made for A4."""

_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class PaperSize:
    """A paper that is known by its ratio."""

    name: str
    long_mm: float
    short_mm: float

    @property
    def ratio(self) -> float:
        """Long by short."""
        return self.long_mm / self.short_mm


A4 = PaperSize("A4", 297.0, 210.0)
CARD = PaperSize("ID-1", 85.60, 53.98)
"""ISO/IEC 7810: bank cards, ID cards, social security cards."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A flattened page."""

    picture: CvPicture
    paper: str
    """"A4", "ID-1" or empty."""
    dpi: int
    """0 when the paper is not known."""
    angle_deg: float
    """How far its top lay clockwise."""


def flatten(picture: CvPicture, corners: tuple[Point, ...], share: float) -> Flat:
    """Cut the page out and make it flat, at the size that its longer sides have in the frame."""
    import cv2
    import numpy as np

    seen_width = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]))
    seen_height = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]))
    ratio = true_ratio(corners, picture.size)
    paper = _paper(ratio, share)
    if paper is not None or _is_a4_like(ratio):
        exact = (paper or A4).ratio
        ratio = exact if ratio >= 1 else 1 / exact
    width, height = max(seen_width, seen_height * ratio), max(seen_height, seen_width / ratio)
    margin = max(2.0, MARGIN * min(width, height))
    right, bottom = width - 1 - margin, height - 1 - margin
    target = [(-margin, -margin), (right, -margin), (right, bottom), (-margin, bottom)]
    matrix: Any = cv2.getPerspectiveTransform(np.array(corners, np.float32), np.array(target, np.float32))
    size = max(1, round(width - 2 * margin)), max(1, round(height - 2 * margin))
    dpi = round(max(width, height) / paper.long_mm * _MM_PER_INCH) if paper else 0
    angle_deg = math.degrees(math.atan2(corners[1][1] - corners[0][1], corners[1][0] - corners[0][0]))
    return Flat(picture.warped(matrix, size), paper.name if paper else "", dpi, angle_deg)


def true_ratio(corners: tuple[Point, ...], frame: tuple[int, int]) -> float:
    """Width by height of a flat rectangle, from its four corners as seen.

    With corners m1 top left, m2 top right, m3 bottom left, m4 bottom right around the frame's middle.
    """
    focal = FOCAL * max(frame)
    places = [((x - frame[0] / 2) / focal, (y - frame[1] / 2) / focal, 1.0) for x, y in corners]
    m1, m2, m4, m3 = places
    k2 = _dot(_cross(m1, m4), m3) / _dot(_cross(m2, m4), m3)
    k3 = _dot(_cross(m1, m4), m2) / _dot(_cross(m3, m4), m2)
    across = [k2 * b - a for a, b in zip(m1, m2, strict=True)]
    down = [k3 * b - a for a, b in zip(m1, m3, strict=True)]
    return math.hypot(*across) / math.hypot(*down)


def _paper(ratio: float, share: float) -> PaperSize | None:
    long = max(ratio, 1 / ratio)
    if abs(long / CARD.ratio - 1) <= TOLERANCE:
        return CARD
    return A4 if _is_a4_like(ratio) and share >= A4_SHARE else None


def _is_a4_like(ratio: float) -> bool:
    return abs(max(ratio, 1 / ratio) / A4.ratio - 1) <= TOLERANCE


def _cross(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _dot(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))

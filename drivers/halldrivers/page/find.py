"""Where the page is in the frame, with OpenCV.

Rules, before the code:

1. A page is brighter than what it lies on, has four corners and straight sides. Whatever else has four
   corners (the mat, a table printed on the page, a picture) is no page: cutting it out would lose something.
2. A page must be whole in the frame, and alone: one that is cut off by the frame's edge, or one of several,
   is told and not cut out.
3. What is cut out must hold all that is written: a white field on a shaded form has four corners too.
4. If in doubt, the frame stays whole.

Steps: reduce to `WORK_PX`, grey, smooth; regions by Otsu's threshold, by an adaptive threshold and by Canny's
edges; each convex region of four corners is measured (:mod:`.sides`). After scanning practice (facts 5.3);
its least area of 20 % holds only for pages without four good corners, because a card or a booklet is a tenth
of a view.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from halldrivers.page.ink import ink_of, share_of, strokes_of
from halldrivers.page.picture import CvPicture
from halldrivers.page.result import Point
from halldrivers.page.sides import LEAST_SUPPORT, Quad, clockwise, is_bright, measured, steps_along

WORK_PX = 800
"""Long side of the picture in which is searched."""
LEAST_SHARE = 0.02
"""Of the frame: an ID-1 card under a camera that sees A4 with room around it has 3 to 6 %."""
CUT_SHARE = 0.01
"""Of the frame: what is seen at least of a page that is cut off."""
MOST_WRITING = 0.01
"""Of the frame, outside of the page: a pen, keys and a name plate are less, text under it is more."""
_RIM_PX = 12
"""Around the page: its edge and its shadow are no writing."""
PAGE_SHARE = 0.20
"""Of the frame: what a page has at least whose corners are not all good."""
EDGE_PX = 4.0
"""What is so near to the frame's edge (at `WORK_PX`) may go on behind it."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in a frame."""

    corners: tuple[Point, ...] = ()
    """Of the page, clockwise from its top left; empty when it is not to be cut out."""
    angle_deg: float = 0.0
    """Of something like a page without four good corners: how far it lies clockwise, -45 to 45."""
    is_cut: bool = False
    """A page goes on behind the frame's edge."""
    papers: int = 0
    """How many whole pages there are."""
    share: float = 0.0
    """Of the frame that the page covers."""


def look(picture: CvPicture) -> Sight:
    """Find the page."""
    import cv2

    small = picture.reduced(WORK_PX).array
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    grey = cv2.GaussianBlur(grey, (5, 5), 0)
    frame = float(grey.shape[0] * grey.shape[1])
    quads: list[Quad] = []
    is_cut, angle_deg, largest = False, 0.0, 0.0
    for contour in _regions(grey):
        area = cv2.contourArea(contour)
        if area < CUT_SHARE * frame:
            continue
        hull = cv2.convexHull(contour)
        outline = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True).reshape(-1, 2)
        is_full = area > 0.85 * cv2.contourArea(hull)
        if _touches(outline, grey.shape):
            is_cut = is_cut or (is_full and _is_cut_page(grey, hull))
            continue
        if area < LEAST_SHARE * frame:
            continue
        quad = measured(grey, outline) if len(outline) == 4 and is_full else None
        if quad is not None:
            quads.append(quad)
        elif is_full and area > max(PAGE_SHARE * frame, largest) and is_bright(grey, outline):
            largest, angle_deg = area, _direction(contour)
    # A field printed on a page whose own corners are not good.
    quads = [quad for quad in _distinct(quads) if quad.area > 0.8 * largest]
    if len(quads) == 1 and not is_cut and _is_written_around(grey, quads[0]):
        quads = []
    return _sight(picture, grey, quads, is_cut, angle_deg)


def _sight(picture: CvPicture, grey: Any, quads: list[Quad], is_cut: bool, angle_deg: float) -> Sight:
    if not quads:
        return Sight(angle_deg=angle_deg, is_cut=is_cut)
    share = quads[0].area / (grey.shape[0] * grey.shape[1])
    if is_cut or len(quads) > 1:
        return Sight(is_cut=is_cut, papers=len(quads), share=share)
    scale_x, scale_y = picture.size[0] / grey.shape[1], picture.size[1] / grey.shape[0]
    corners = tuple(
        ((float(x) + 0.5) * scale_x - 0.5, (float(y) + 0.5) * scale_y - 0.5)
        for x, y in _from_top_left(quads[0].corners)
    )
    return Sight(corners, papers=1, share=share)


def _regions(grey: Any) -> list[Any]:
    """Outlines of whatever stands out, each possibly several times."""
    import cv2
    import numpy as np

    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    block = WORK_PX // 3 | 1
    local = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, -6)
    middle = float(np.median(grey))
    edges = cv2.Canny(grey, max(10.0, 0.35 * middle), max(30.0, 0.9 * middle))
    kernel = np.ones((5, 5), np.uint8)
    masks = (
        cv2.morphologyEx(bright, cv2.MORPH_CLOSE, kernel),
        cv2.morphologyEx(local, cv2.MORPH_CLOSE, kernel),
        cv2.dilate(edges, np.ones((3, 3), np.uint8)),
    )
    found: list[Any] = []
    for mask in masks:
        found += cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]
    return found


def _touches(outline: Any, shape: Sequence[int]) -> bool:
    x, y = outline[:, 0], outline[:, 1]
    return bool(
        x.min() < EDGE_PX
        or y.min() < EDGE_PX
        or x.max() > shape[1] - 1 - EDGE_PX
        or y.max() > shape[0] - 1 - EDGE_PX
    )


def _is_cut_page(grey: Any, hull: Any) -> bool:
    """Whether a region at the frame's edge is a page: straight bright sides end there."""
    import cv2
    import numpy as np

    # Finely: a short piece of a side before the frame's edge must not be joined with the edge.
    outline = cv2.approxPolyDP(hull, 0.006 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    corners = clockwise(outline)
    least = 0.12 * min(grey.shape[:2])
    inner = 0
    for index in range(len(corners)):
        begin, end = corners[index], corners[(index + 1) % len(corners)]
        if float(np.linalg.norm(end - begin)) < least or _is_on_edge(begin, end, grey.shape):
            continue
        # Where a side meets the frame's edge, what lies beyond it cannot be seen.
        if steps_along(grey, begin, end)[1] < LEAST_SUPPORT - 0.2:
            return False
        inner += 1
    return inner >= 2


def _is_on_edge(begin: Any, end: Any, shape: Sequence[int]) -> bool:
    """Whether a side runs along the frame's edge."""
    return any(
        abs(begin[axis] - place) < 2 * EDGE_PX and abs(end[axis] - place) < 2 * EDGE_PX
        for axis in (0, 1)
        for place in (0, shape[1 - axis] - 1)
    )


def _is_written_around(grey: Any, quad: Quad) -> bool:
    """Whether there is text outside of a page, which then is a part of one."""
    import cv2
    import numpy as np
    from PIL import Image

    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(inside, quad.corners.round().astype(np.int32), 255)
    inside = cv2.dilate(inside, np.ones((2 * _RIM_PX + 1,) * 2, np.uint8))
    strokes = np.asarray(strokes_of(ink_of(Image.fromarray(grey)))).copy()
    strokes[inside > 0] = 0
    return share_of(Image.fromarray(strokes)) > MOST_WRITING


def _distinct(quads: list[Quad]) -> list[Quad]:
    """The pages, largest first, without those that overlap a larger one: the same again, or printed on it."""
    import cv2
    import numpy as np

    kept: list[Quad] = []
    for quad in sorted(quads, key=lambda quad: -quad.area):
        shape = quad.corners.astype(np.float32)
        overlaps = (cv2.intersectConvexConvex(shape, other.corners.astype(np.float32))[0] for other in kept)
        if all(overlap < 0.2 * quad.area for overlap in overlaps):
            kept.append(quad)
    return kept


def _direction(contour: Any) -> float:
    """How far the smallest rectangle around a region lies clockwise, -45 to 45 degrees."""
    import cv2

    box = cv2.boxPoints(cv2.minAreaRect(contour))
    dx, dy = (float(value) for value in box[1] - box[0])
    angle = math.degrees(math.atan2(dy, dx)) % 90.0
    return angle - 90.0 if angle > 45.0 else angle


def _from_top_left(corners: Any) -> Any:
    """The corners begun so that the first side is the one nearest to the frame's top, left to right."""
    import numpy as np

    sides = np.roll(corners, -1, axis=0) - corners
    return np.roll(corners, -int(np.argmin(np.abs(np.arctan2(sides[:, 1], sides[:, 0])))), axis=0)

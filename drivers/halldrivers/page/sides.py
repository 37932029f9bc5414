"""The sides of a page, measured: where along a line something bright becomes a darker desk.

::

    desk  . . . . . . |  page
          <- beyond ->|step|        sampled across the side, at 48 places along it

A coarse outline says where to look; the lines through the steps, crossed, are the corners. A card's round
corners, a finger on a side and the coarseness of the outline do not matter then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

LEAST_ANGLE, MOST_ANGLE = 60.0, 120.0
"""At the corners, in degrees: a camera tilted by 20 degrees stays within."""
LEAST_STEP = 12.0
"""Grey levels from the page to the desk: above noise and grain, below white paper on a light desk."""
LEAST_SUPPORT = 0.7
"""Share of a side along which there is such a step; a finger or a clip may hide the rest."""

_SAMPLES = 48
"""Per side."""
_REACH = 9
"""How far from a side its step is looked for, in pixels at `WORK_PX`."""
_APART = 3
"""The step is measured over so many pixels: a smoothed edge is that wide."""
_BEYOND = 8
"""So far outside of the step it must still be dark: behind a line of a table there is paper again."""


@dataclass(frozen=True, slots=True)
class Quad:
    """Four measured corners."""

    corners: Any
    """4 x 2, clockwise, at the working size."""
    area: float
    """In pixels of the working size."""


def measured(grey: Any, outline: Any) -> Quad | None:
    """The page whose coarse outline this is, or None when it is none."""
    import cv2
    import numpy as np

    corners = clockwise(outline)
    lines = []
    for index in range(4):
        points, support = steps_along(grey, corners[index], corners[(index + 1) % 4])
        if support < LEAST_SUPPORT:
            return None
        dx, dy, x, y = cv2.fitLine(points.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((float(dx), float(dy), float(x), float(y)))
    crossings = [_crossing(lines[index - 1], lines[index]) for index in range(4)]
    if any(crossing is None for crossing in crossings):
        return None
    exact = np.array(crossings, np.float64)
    if np.abs(exact - corners).max() > 3 * _REACH or not _is_page_shape(exact):
        return None
    return Quad(exact, float(cv2.contourArea(exact.astype(np.float32))))


def steps_along(grey: Any, begin: Any, end: Any) -> tuple[Any, float]:
    """Points of a side where bright page becomes darker desk, and the share of the side that has them.

    The page lies to the right of the way from `begin` to `end` (clockwise, y down).
    """
    import cv2
    import numpy as np

    along = (end - begin) / max(1e-6, float(np.linalg.norm(end - begin)))
    inward = np.array([-along[1], along[0]])
    places = begin + np.linspace(0.1, 0.9, _SAMPLES)[:, None] * (end - begin)
    reach = np.arange(-_REACH - _BEYOND, _REACH + 1, dtype=np.float64)
    grid = places[:, None, :] + reach[None, :, None] * inward
    x, y = grid[:, :, 0].astype(np.float32), grid[:, :, 1].astype(np.float32)
    profile: Any = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profile = profile.astype(np.float64)
    step = (profile[:, _APART:] - profile[:, :-_APART])[:, _BEYOND:]
    best = step.argmax(axis=1).clip(1, step.shape[1] - 2)
    rows = np.arange(_SAMPLES)
    left, top, right = step[rows, best - 1], step[rows, best], step[rows, best + 1]
    beyond = profile[rows[:, None], best[:, None] + np.arange(_BEYOND)].max(axis=1)
    page = profile[rows, best + _BEYOND + _APART]
    strong = (top >= LEAST_STEP) & (page - beyond >= LEAST_STEP)
    bend = np.where(left + right < 2 * top, 2 * top - left - right, np.inf)
    # The top of a parabola through the three.
    offset = reach[best + _BEYOND] + _APART / 2 + (right - left) / bend / 2
    points = places + offset[:, None] * inward
    return points[strong], float(strong.mean())


def _is_page_shape(corners: Any) -> bool:
    import cv2
    import numpy as np

    if not cv2.isContourConvex(corners.astype(np.float32)):
        return False
    for index in range(4):
        one = corners[index - 1] - corners[index]
        other = corners[(index + 1) % 4] - corners[index]
        lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
        angle = math.degrees(math.acos(max(-1.0, min(1.0, float(one @ other) / max(lengths, 1e-6)))))
        if not LEAST_ANGLE <= angle <= MOST_ANGLE:
            return False
    return True


def is_bright(grey: Any, outline: Any) -> bool:
    """Whether most of an outline is the edge of something bright."""
    corners = clockwise(outline)
    supports = [
        steps_along(grey, corners[i], corners[(i + 1) % len(corners)])[1] for i in range(len(corners))
    ]
    return sum(supports) / len(supports) >= LEAST_SUPPORT


def clockwise(outline: Any) -> Any:
    """The corners of a convex outline in their order as seen, y down."""
    import numpy as np

    points = np.asarray(outline, np.float64)
    middle = points.mean(axis=0)
    return points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]


def _crossing(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> tuple[float, float] | None:
    """Where two lines (direction, point) meet."""
    (ax, ay, px, py), (bx, by, qx, qy) = one, other
    cross = ax * by - ay * bx
    if abs(cross) < 1e-6:
        return None
    along = ((qx - px) * by - (qy - py) * bx) / cross
    return px + along * ax, py + along * ay

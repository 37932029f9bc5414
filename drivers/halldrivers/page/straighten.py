"""By how much a page's lines of text are off level, when its edges could not tell.

Rows of text and the gaps between them give sharp steps in the sums along rows, sharpest when the lines lie
level. The page is tried at small angles, coarsely and then finely around the best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from halldrivers.page.ink import ink_of, share_of

if TYPE_CHECKING:
    from PIL.Image import Image

WORK_PX = 600
"""Long side of the picture that is tried: a line of text has 6 pixels or more."""
MOST_DEG = 5.0
"""Beyond, a page was laid so and not by accident."""
LEAST_DEG = 0.3
"""Below, nobody sees it, and turning would only blur: half a millimetre over a line of text."""
LEAST_GAIN = 1.2
"""How much sharper than untouched the lines must become: a page without lines of text gains nothing."""
LEAST_INK, MOST_INK = 0.002, 0.4
"""Shares between which there is text; more is a dark desk or a photograph."""

_COARSE, _FINE = 0.5, 0.1


def text_angle(grey: Image) -> float:
    """Degrees that the text lies clockwise, -5 to 5; 0.0 when it is level or there are no lines to see."""
    small = grey.copy()
    small.thumbnail((WORK_PX, WORK_PX))
    ink = ink_of(small)
    if not LEAST_INK <= share_of(ink) <= MOST_INK:
        return 0.0
    steps = round(MOST_DEG / _COARSE)
    best = max(
        (step * _COARSE for step in range(-steps, steps + 1)), key=lambda angle: _sharpness(ink, angle)
    )
    near = round(_COARSE / _FINE)
    best = max(
        (best + step * _FINE for step in range(-near, near + 1)), key=lambda angle: _sharpness(ink, angle)
    )
    is_clear = _sharpness(ink, best) >= LEAST_GAIN * _sharpness(ink, 0.0)
    return best if abs(best) >= LEAST_DEG and abs(best) < MOST_DEG and is_clear else 0.0


def _sharpness(ink: Image, angle_deg: float) -> float:
    """How much neighbouring rows differ once the picture is turned back by an angle."""
    from PIL import Image

    # Pillow turns anticlockwise: what lies clockwise is turned back.
    level = ink.rotate(angle_deg, Image.Resampling.BILINEAR)
    # Its middle only: the corners that came in from outside are no paper.
    width, height = level.size
    middle = level.crop((width // 12, height // 12, width - width // 12, height - height // 12))
    rows = middle.convert("F").resize((1, middle.height), Image.Resampling.BOX).tobytes()
    sums = memoryview(rows).cast("f")
    return sum((sums[at] - sums[at - 1]) ** 2 for at in range(1, len(sums)))

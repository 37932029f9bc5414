"""Small pictures for a screen, made cheaply from large frames."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from halldrivers.camera.errors import FrameDamaged
from halldrivers.camera.frame import Frame
from halldrivers.camera.mjpeg import with_tables

LONG_PX = 400
"""The longest side: what an eighth of 8 megapixels has, and more than a screen of characters can show."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What lies under the camera at this moment; for the eye only, never stored."""

    rgb: bytes = field(repr=False)
    """Rows of pixels from the top, three bytes each."""
    width: int
    height: int


def shrink(frame: Frame, turn: int, long_px: int = LONG_PX) -> Preview:
    """A preview of a frame, turned clockwise by 0, 90, 180 or 270 degrees; FrameDamaged if undecodable.

    The JPEG decoder itself scales by 1/2, 1/4 or 1/8 (draft mode): it computes, and keeps in memory, only
    the small picture.
    """
    from PIL import Image

    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    try:
        with Image.open(io.BytesIO(with_tables(frame.jpeg)), formats=["JPEG"]) as image:
            image.draft("RGB", (long_px, long_px))
            small = image.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise FrameDamaged(str(error)) from error
    small.thumbnail((long_px, long_px), reducing_gap=2.0)
    if turn:
        small = small.transpose(turns[turn])
    return Preview(small.tobytes(), small.width, small.height)

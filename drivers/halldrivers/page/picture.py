"""Decoding, turning and encoding, with OpenCV where there is one and with Pillow alone where not.

Both decode only what passed the marker check and its pixel bound, so that a decompression bomb is refused
before any memory is taken. EXIF is ignored when reading; what is written has no metadata but its density.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from halldrivers.page.errors import PictureUnreadable

if TYPE_CHECKING:
    from PIL.Image import Image

WHITE = 255

_HARMLESS = re.compile(rb"(\d+) extraneous bytes before marker 0xd9")
"""Many cameras pad the scan before its end (libjpeg's warning of every other webcam); see `_MOST_PADDING`."""
_MOST_PADDING = 64
"""Cameras pad to 2, 4 or 16 bytes; a damaged scan leaves hundreds over."""
_DAMAGE = re.compile(rb"Corrupt JPEG data|Premature end of JPEG")


class Picture(Protocol):
    """A decoded picture; every operation answers a new one."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    def grey(self, long_px: int) -> Image:
        """A grey copy (mode L), at most `long_px` long."""
        ...

    def turned(self, degrees: int) -> Picture:
        """Turned clockwise by 0, 90, 180 or 270 degrees."""
        ...

    def rotated(self, degrees: float) -> Picture:
        """Turned clockwise by a small angle; grows so that nothing is lost, corners are white."""
        ...

    def reduced(self, long_px: int) -> Picture:
        """At most `long_px` long."""
        ...

    def encode(self, quality: int) -> bytes:
        """As a JPEG without metadata."""
        ...


class PillowPicture:
    """A picture without OpenCV."""

    def __init__(self, image: Image) -> None:
        self.image = image

    @classmethod
    def decode(cls, jpeg: bytes) -> PillowPicture:
        """Decode a checked JPEG; PictureUnreadable when that fails."""
        from PIL import Image

        try:
            with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as opened:
                image = opened.convert("L" if opened.mode == "L" else "RGB")
        except (OSError, SyntaxError, ValueError) as error:
            raise PictureUnreadable(str(error)) from error
        image.info = {}  # or its profile and comments would be written again
        return cls(image)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    def grey(self, long_px: int) -> Image:
        """A grey copy."""
        from PIL import Image

        grey = self.image.convert("L")
        grey.thumbnail((long_px, long_px), Image.Resampling.BOX)
        return grey

    def turned(self, degrees: int) -> PillowPicture:
        """In quarters."""
        return PillowPicture(self.image.rotate(-degrees, expand=True)) if degrees else self

    def rotated(self, degrees: float) -> PillowPicture:
        """By a small angle."""
        from PIL import Image

        colour = WHITE if self.image.mode == "L" else (WHITE,) * 3
        return PillowPicture(
            self.image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=colour)
        )

    def reduced(self, long_px: int) -> PillowPicture:
        """Smaller."""
        if max(self.size) <= long_px:
            return self
        small = self.image.copy()
        small.thumbnail((long_px, long_px))
        return PillowPicture(small)

    def encode(self, quality: int) -> bytes:
        """As a JPEG."""
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=quality)
        return out.getvalue()


class CvPicture:
    """A picture with OpenCV: a third of Pillow's memory, and perspective at full size."""

    def __init__(self, array: Any) -> None:
        self.array = array
        """Rows of pixels: height x width (grey) or height x width x 3 (blue, green, red), 8 bits."""

    @classmethod
    def decode(cls, jpeg: bytes) -> CvPicture:
        """Decode a checked JPEG; PictureUnreadable when its data is damaged.

        libjpeg goes on over damaged data with grey or shifted rows and only says so on the error stream:
        there it is caught.
        """
        import cv2
        import numpy as np

        flags = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_IGNORE_ORIENTATION
        with _error_stream() as said:
            array = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flags)
        if array is None:
            raise PictureUnreadable("the decoder refuses it", "解码失败")
        padding = _HARMLESS.search(said)
        is_padded = padding is not None and int(padding[1]) <= _MOST_PADDING
        if _DAMAGE.search(said) and not is_padded:
            raise PictureUnreadable("its data is damaged", "图像数据损坏")
        return cls(array)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return int(self.array.shape[1]), int(self.array.shape[0])

    def grey(self, long_px: int) -> Image:
        """A grey copy."""
        import cv2
        from PIL import Image

        small = self.reduced(long_px).array
        return Image.fromarray(small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))

    def turned(self, degrees: int) -> CvPicture:
        """In quarters."""
        import cv2

        codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
        return CvPicture(cv2.rotate(self.array, codes[degrees])) if degrees else self

    def rotated(self, degrees: float) -> CvPicture:
        """By a small angle."""
        import cv2

        width, height = self.size
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
        cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
        wide, high = round(width * cos + height * sin), round(width * sin + height * cos)
        matrix[:, 2] += (wide - width) / 2, (high - height) / 2
        return CvPicture(
            cv2.warpAffine(self.array, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(WHITE,) * 3)
        )

    def warped(self, matrix: Any, size: tuple[int, int]) -> CvPicture:
        """Seen through a perspective matrix (3 x 3, from this picture to the new one)."""
        import cv2

        return CvPicture(
            cv2.warpPerspective(
                self.array, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
            )
        )

    def reduced(self, long_px: int) -> CvPicture:
        """Smaller."""
        import cv2

        scale = long_px / max(self.size)
        if scale >= 1:
            return self
        size = max(1, round(self.size[0] * scale)), max(1, round(self.size[1] * scale))
        return CvPicture(cv2.resize(self.array, size, interpolation=cv2.INTER_AREA))

    def encode(self, quality: int) -> bytes:
        """As a JPEG."""
        import cv2

        is_done, data = cv2.imencode(".jpg", self.array, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not is_done:
            raise PictureUnreadable("the encoder refuses it", "编码失败")
        return bytes(data)


def with_density(jpeg: bytes, dpi: int) -> bytes:
    """The JPEG with its resolution in its JFIF header (T.871), dots per inch; unchanged for 0."""
    if not dpi or jpeg[:4] != b"\xff\xd8\xff\xe0" or jpeg[6:11] != b"JFIF\0":
        return jpeg
    return jpeg[:13] + b"\x01" + dpi.to_bytes(2, "big") * 2 + jpeg[18:]


@contextmanager
def _error_stream() -> Iterator[bytearray]:
    """Catch what C code says on the error stream of this process: for a process with one thread."""
    said = bytearray()
    kept, caught = os.dup(2), os.memfd_create("said")
    try:
        os.dup2(caught, 2)
        try:
            yield said
        finally:
            os.dup2(kept, 2)
            said += os.pread(caught, 65536, 0)
    finally:
        os.close(caught)
        os.close(kept)

"""Pictures for the printer: `GS v 0` blocks that hold no command by accident.

```
1D 76 30 m xL xH yL yH  d1 ... dk      m = 0; x = bytes in a row, y = rows, k = x * y; 1 = black, MSB left
```
Two dangers shape this module (facts: printing 1.6). A block cut short makes the printer swallow the next
job, so blocks are short. And printers obey the real-time commands `10 04 n`, `10 05 n`, `10 14 n` even
inside a picture, so a picture that happens to hold one is moved by a dot, or cut into blocks elsewhere,
until it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_REALTIME = re.compile(rb"\x10[\x04\x05\x14]")
_MAX_SHIFT = 7


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A black and white picture, packed as the printer wants it."""

    width: int
    """Dots; a row takes the next full byte."""
    rows: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if self.width < 1 or any(len(row) != self.stride for row in self.rows):
            raise ValueError(f"every row of a {self.width} dots wide bitmap takes {self.stride} bytes")

    @property
    def stride(self) -> int:
        """Bytes in a row."""
        return (self.width + 7) // 8

    @property
    def height(self) -> int:
        """Dot rows."""
        return len(self.rows)

    def shifted(self, dots: int) -> Bitmap:
        """Moves the picture to the right on a sheet that is wider by as much."""
        width = self.width + dots
        stride = (width + 7) // 8
        slack = (stride - self.stride) * 8 - dots
        moved = (
            int.from_bytes(row, "big") << slack if slack >= 0 else int.from_bytes(row, "big") >> -slack
            for row in self.rows
        )
        return Bitmap(width, tuple(value.to_bytes(stride, "big") for value in moved))


def holds_realtime(data: bytes) -> bool:
    """Tells whether a printer would find a real-time command (DLE EOT, DLE ENQ, DLE DC4) in these bytes."""
    return _REALTIME.search(data) is not None


def raster_blocks(bitmap: Bitmap, max_height: int, max_width: int) -> tuple[bytes, ...]:
    """Cuts a picture into `GS v 0` blocks of at most `max_height` rows, none holding a real-time command.

    The whole picture moves together, so that nothing looks bent. Where neither moving (up to 7 dots, as
    far as `max_width` allows) nor cutting elsewhere helps, single dots are dropped; nobody sees one dot
    of 0.125 mm.
    """
    if bitmap.width > max_width:
        raise ValueError(f"a picture of {bitmap.width} dots does not fit a line of {max_width}")
    for shift in range(min(_MAX_SHIFT, max_width - bitmap.width) + 1):
        blocks = _clean_blocks(bitmap.shifted(shift) if shift else bitmap, max_height)
        if blocks is not None:
            return blocks
    return _clean_blocks(_mended(bitmap), max_height) or ()


def _clean_blocks(bitmap: Bitmap, max_height: int) -> tuple[bytes, ...] | None:
    blocks: list[bytes] = []
    top = 0
    while top < bitmap.height:
        for height in range(min(max_height, bitmap.height - top), 0, -1):
            block = _block(bitmap, top, height)
            if not holds_realtime(block):
                break
        else:
            return None
        blocks.append(block)
        top += height
    return tuple(blocks)


def _block(bitmap: Bitmap, top: int, height: int) -> bytes:
    header = b"\x1dv0\x00" + bitmap.stride.to_bytes(2, "little") + height.to_bytes(2, "little")
    return header + b"".join(bitmap.rows[top : top + height])


def _mended(bitmap: Bitmap) -> Bitmap:
    """Drops the one dot of 0x10 from every pair that reads as a command; a row alone is then always clean."""
    return Bitmap(bitmap.width, tuple(_mended_row(row) for row in bitmap.rows))


def _mended_row(row: bytes) -> bytes:
    return _REALTIME.sub(lambda found: b"\x00" + found.group()[1:], row)


def trimmed(bitmap: Bitmap) -> Bitmap:
    """Cuts the blank rows off the top and the bottom; a blank picture keeps one row."""
    inked: list[int] = list(_inked_rows(bitmap))
    if not inked:
        return Bitmap(bitmap.width, bitmap.rows[:1])
    return Bitmap(bitmap.width, bitmap.rows[inked[0] : inked[-1] + 1])


def _inked_rows(bitmap: Bitmap) -> Iterator[int]:
    return (index for index, row in enumerate(bitmap.rows) if any(row))

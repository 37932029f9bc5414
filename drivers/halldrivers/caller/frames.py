"""The frames of RS-485 callers: a codec without I/O.

::

    FF 68 LEN LEN 68 ADDR CMD DATA… CS 16

LEN, written twice, counts ADDR to the last byte of DATA; CS is the sum of the same bytes mod 256. The frame
is the FT 1.2 frame of IEC 60870-5-1 (GB/T 18657.1) behind a leading FF. Observed: two independent public hall
programs build and read it so, and a public protocol description of a 21-key LCD caller names the same fields.
Not tried on hardware.

A line has noise, collisions and halves of frames. What does not prove to be a frame costs one byte and is
read again from the next one, so that a head inside of data, a doubled FF and a broken frame cost nothing
behind them. :meth:`FrameDecoder.flush`, called when the line falls silent, frees what stands behind a head
whose rest never came.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD, SECOND, END = 0xFF, 0x68, 0x16
SHORTEST, LONGEST = 2, 64
"""Bounds of LEN: address and command at least; 64 is four times the longest frame observed."""
MOST_BYTES = 5 + LONGEST + 2
"""Bytes of the longest frame, and of the decoder's buffer."""


@dataclass(frozen=True, slots=True)
class CallerFrame:
    """One frame."""

    address: int
    """0 to 255."""
    command: int
    """0 to 255."""
    data: bytes = b""
    """At most 62 bytes."""

    def __post_init__(self) -> None:
        if not (0 <= self.address <= 255 and 0 <= self.command <= 255 and len(self.data) <= LONGEST - 2):
            raise ValueError(f"no such frame: {self!r}")


def encode(frame: CallerFrame) -> bytes:
    """The bytes of a frame."""
    body = bytes((frame.address, frame.command)) + frame.data
    return bytes((HEAD, SECOND, len(body), len(body), SECOND)) + body + bytes((sum(body) % 256, END))


class FrameDecoder:
    """Reads frames out of the bytes of a line."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.garbage = 0
        """Bytes that belonged to no frame."""

    @property
    def buffered(self) -> int:
        """Bytes that wait for the rest of their frame: fewer than the longest one has."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[CallerFrame]:
        """Bytes; the frames that they complete."""
        self._buffer += data
        return self._take(is_over=False)

    def flush(self) -> list[CallerFrame]:
        """The line has fallen silent: what is half there stays half; the frames that stand behind it."""
        return self._take(is_over=True)

    def reset(self) -> None:
        """Forget what is half there."""
        self._buffer.clear()

    def _take(self, *, is_over: bool) -> list[CallerFrame]:
        frames: list[CallerFrame] = []
        while self._buffer:
            size = _size(self._buffer)
            if size:
                frames.append(
                    CallerFrame(self._buffer[5], self._buffer[6], bytes(self._buffer[7 : size - 2]))
                )
                del self._buffer[:size]
            elif size is None and not is_over:
                break
            else:
                self._skip()
        return frames

    def _skip(self) -> None:
        """To the next byte that may begin a frame."""
        following = self._buffer.find(HEAD, 1)
        count = len(self._buffer) if following < 0 else following
        self.garbage += count
        del self._buffer[:count]


def _size(buffer: bytearray) -> int | None:
    """How many bytes the frame at the beginning has; None while that cannot be told, 0 if there is none."""
    length = buffer[2] if len(buffer) > 2 else SHORTEST
    if not SHORTEST <= length <= LONGEST:
        return 0
    size = length + 7
    begins = bytes((HEAD, SECOND, length, length, SECOND))[: len(buffer)]
    if not buffer.startswith(begins):
        return 0
    if len(buffer) < size:
        return None
    body = buffer[5 : 5 + length]
    return size if buffer[size - 2] == sum(body) % 256 and buffer[size - 1] == END else 0

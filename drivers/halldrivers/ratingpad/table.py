"""Boxes with byte frames: a table of the configuration says which bytes mean which key.

::

    AA 01 .. 02 .. 55          one key's frame: bytes in hex, ".." for any byte (address, checksum)

No vendor publishes its frames (facts: queueing 3.7), so a technician writes down what the box sends. The
rules that make any stream and any table unambiguous:

1. No two patterns of a table may fit the same bytes, nor one the beginning of another.
2. At each place the stream either still fits the beginning of a pattern, or its first byte is garbage and the
   next place is tried; so a frame is found behind any garbage, and inside it.
3. A frame that stands still for ``PARTIAL_S`` is garbage: what comes later belongs to another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from halldrivers.ratingpad.errors import BadPadTable
from halldrivers.ratingpad.heard import KEY_NAMES, KeyHeard

MOST_PATTERN_BYTES = 32
"""Frames of such boxes have 4 to 12 bytes (from memory)."""
MOST_PATTERNS = 32
PARTIAL_S = 0.2
"""12 bytes take 12 ms at 9600 baud; USB adapters and serial servers add tens of milliseconds."""

_Pattern = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PadTable:
    """What a box sends and what it wants to hear. BadPadTable when it cannot be used.

    Bytes are written in hex, with or without spaces; ``..`` stands for any byte, in what is received only.
    """

    keys: Mapping[str, str]
    """The frame of each key, "1" to "8"."""
    arm: str = ""
    """Sent when a rating is asked for (most boxes then say 请评价); empty sends nothing."""
    thank: str = ""
    """Sent when a rating was recorded."""
    idle: str = ""
    """Sent when nothing is asked any more, and when the box is found."""
    other: tuple[str, ...] = ()
    """Frames that mean nothing here: heartbeats, acknowledgements, releases of keys."""
    patterns: tuple[tuple[str, _Pattern], ...] = field(init=False, repr=False, compare=False)
    """Key and bytes of every frame; no key for the others."""

    def __post_init__(self) -> None:
        if not self.keys:
            raise _wrong("没有按键", "there are no keys")
        if len(self.keys) + len(self.other) > MOST_PATTERNS:
            raise _wrong(f"最多 {MOST_PATTERNS} 条", f"more than {MOST_PATTERNS} patterns")
        for key in self.keys:
            if key not in KEY_NAMES:
                raise _wrong(f"按键只能是 1 到 8，不是 {key!r}", f"keys are 1 to 8, not {key!r}")
        named = [*self.keys.items(), *(("", text) for text in self.other)]
        patterns = tuple((key, _pattern(text)) for key, text in named)
        for index, (_, pattern) in enumerate(patterns):
            for other_index, (_, other) in enumerate(patterns[:index]):
                if _fits(pattern, other):
                    one, two = named[index][1], named[other_index][1]
                    raise _wrong(
                        f"{one!r} 和 {two!r} 分不开：一条是另一条的开头，或两条会同时符合",
                        f"{one!r} and {two!r} cannot be told apart: one begins the other, or both fit",
                    )
        for text in (self.arm, self.thank, self.idle):
            if text and None in _pattern(text):
                raise _wrong(f"发送的字节里不能有 ..：{text!r}", f"what is sent has no ..: {text!r}")
        object.__setattr__(self, "patterns", patterns)


def _wrong(zh: str, en: str) -> BadPadTable:
    return BadPadTable(en, zh)


def _pattern(text: str) -> _Pattern:
    """The bytes of a pattern, None for any byte."""
    letters = "".join(text.split())
    pairs = [letters[i : i + 2] for i in range(0, len(letters), 2)]
    found: list[int | None] = []
    for pair in pairs:
        if pair == "..":
            found.append(None)
        elif len(pair) == 2 and all(letter in "0123456789abcdefABCDEF" for letter in pair):
            found.append(int(pair, 16))
        else:
            raise _wrong(
                f"{text!r} 里的 {pair!r} 不是两位十六进制或 ..",
                f"{pair!r} in {text!r} is not two hex digits or ..",
            )
    if not 1 <= len(found) <= MOST_PATTERN_BYTES:
        raise _wrong(
            f"{text!r} 要有 1 到 {MOST_PATTERN_BYTES} 个字节",
            f"{text!r} needs 1 to {MOST_PATTERN_BYTES} bytes",
        )
    if set(found) == {None}:
        raise _wrong(f"{text!r} 只有 ..，什么都会符合", f"{text!r} fits everything")
    return tuple(found)


def _fits(one: Sequence[int | None], two: Sequence[int | None]) -> bool:
    """Whether some bytes fit both, as far as the shorter one goes."""
    for a, b in zip(one, two, strict=False):  # all() would take three times as long, for every byte
        if a != b and a is not None and b is not None:
            return False
    return True


def sent_bytes(text: str) -> bytes:
    """The bytes of what a table sends."""
    return bytes.fromhex(text)


class TableDecoder:
    """The codec of a box with byte frames."""

    def __init__(self, table: PadTable) -> None:
        self._patterns = table.patterns
        self._buffer: list[int] = []
        self._came_s: list[float] = []
        """When each byte of the buffer arrived."""
        self.garbage = 0
        """Bytes so far that belonged to no frame."""

    @property
    def buffered(self) -> int:
        """Bytes of a frame that is not complete; always fewer than the longest pattern has."""
        return len(self._buffer)

    def feed(self, data: bytes, at_s: float) -> list[KeyHeard]:
        """Bytes that arrived at ``at_s``, or none by then; the keys whose frames are complete."""
        if self._buffer and at_s - self._came_s[-1] > PARTIAL_S:
            self._drop(len(self._buffer))
        heard: list[KeyHeard] = []
        for byte in data:
            self._buffer.append(byte)
            self._came_s.append(at_s)
            while self._buffer and self._take(heard):
                pass
        return heard

    def _take(self, heard: list[KeyHeard]) -> bool:
        """The frame at the front, or a byte of garbage; False while more bytes may complete a frame."""
        for key, pattern in self._patterns:
            if not _fits(pattern, self._buffer):
                continue
            if len(pattern) > len(self._buffer):
                return False
            if key:
                heard.append(KeyHeard(key, self._came_s[0]))
            del self._buffer[: len(pattern)], self._came_s[: len(pattern)]
            return True
        self._drop(1)
        return True

    def _drop(self, count: int) -> None:
        del self._buffer[:count], self._came_s[:count]
        self.garbage += count

"""The simulated scanner, at the far end of a wire or as keys. It shares no table with the decoders."""

from __future__ import annotations

import string
import time
from collections.abc import Callable, Iterator

from halldrivers.keysource import DOWN, UP, KeyEvent, PluggedKeySource
from halldrivers.simwire import ByteMachine

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", ""),
)
_STROKES = {
    character: (first + index, is_shifted)
    for first, plain, shifted in _ROWS
    for row, is_shifted in ((plain, False), (shifted, True))
    for index, character in enumerate(row)
}
_SHIFT, _ENTER, _CTRL, _ALT = 42, 28, 29, 56
_NUMERIC = dict(zip("1234567890", (79, 80, 81, 75, 76, 77, 71, 72, 73, 82), strict=True))


class BarcodeSim(ByteMachine):
    """A scanner with a cable. What is scanned goes out as bytes; commands that arrive are ignored.

    ``prefix`` and ``end`` are what it is set to send around each code.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        prefix: str = "",
        end: str = "\r",
        seed: int = 0,
        noise: float = 0.0,
    ) -> None:
        super().__init__(clock=clock, seed=seed, noise=noise)
        self.prefix, self.end = prefix, end
        self._cut_after: int | None = None

    def take(self, data: bytes) -> None:
        """A scanner needs no commands."""

    def scan(self, text: str) -> None:
        """Somebody holds a code before it."""
        self.answer(f"{self.prefix}{text}{self.end}".encode())

    def scan_slowly(self, text: str, gap_s: float) -> None:
        """One byte at a time, as over a weak radio link."""
        for index, byte in enumerate(f"{self.prefix}{text}{self.end}".encode()):
            self.answer(bytes((byte,)), after_s=index * gap_s)

    def hold(self, text: str, times: int, every_s: float) -> None:
        """Continuous mode: a paper stays before it and is read again and again."""
        for index in range(times):
            self.answer(f"{self.prefix}{text}{self.end}".encode(), after_s=index * every_s)

    def send_garbage(self, length: int = 64) -> None:
        """Bytes of a wrong baud rate."""
        with self.lock:
            self.answer(bytes(self.random.choices(range(128, 256), k=length)))

    def flood(self, codes: int) -> None:
        """So many different codes at once."""
        self.answer("".join(f"{self.prefix}FLOOD{n}{self.end}" for n in range(codes)).encode())

    def scan_and_unplug(self, text: str, after_bytes: int) -> None:
        """The cable is pulled when so many bytes of the code have left."""
        with self.lock:
            self._cut_after = after_bytes
            self.scan(text)

    def take_output(self) -> bytes:
        """What is due, up to the byte at which the cable is pulled."""
        with self.lock:
            due = super().take_output()
            if self._cut_after is None or not due:
                return due
            left = due[: self._cut_after]
            self._cut_after -= len(left)
            if self._cut_after == 0:
                self._cut_after = None
                self.unplug_after(0)
            return left


class TypingScannerSim(PluggedKeySource):
    """A scanner that types, for a reader in the same process. Scan and unplug it from any thread."""

    def scan(self, text: str) -> None:
        """Somebody holds a code before it; nothing comes of it while it is unplugged."""
        self.type(*typed(text, self._now_s()))


def typed(text: str, at_s: float = 0.0, *, gap_s: float = 0.004, end: int = _ENTER) -> Iterator[KeyEvent]:
    """The keys of a code as a scanner presses them; a control character 1 to 26 is a chord with Ctrl, what no
    key has is an Alt-code."""
    for character in text:
        held, codes = _keys(character)
        strokes = [(code, value) for code in codes for value in (DOWN, UP)]
        for stroke in [(held, DOWN), *strokes, (held, UP)] if held else strokes:
            yield KeyEvent(*stroke, at_s)
            at_s += gap_s
    if end:
        yield KeyEvent(end, DOWN, at_s)
        yield KeyEvent(end, UP, at_s + gap_s)


def _keys(character: str) -> tuple[int, list[int]]:
    """The modifier that is held (0: none) and the keys that are pressed."""
    if character in _STROKES:
        code, is_shifted = _STROKES[character]
        return _SHIFT if is_shifted else 0, [code]
    if 1 <= ord(character) <= len(string.ascii_lowercase):
        return _CTRL, [_STROKES[string.ascii_lowercase[ord(character) - 1]][0]]
    number = int.from_bytes(character.encode("gb18030"), "big")
    return _ALT, [_NUMERIC[digit] for digit in str(number)]

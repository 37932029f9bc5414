"""From the bytes of a scanner on a serial line to codes, as pure code: no port, no clock.

::

    [prefix] [AIM identifier "]" letter digit] text [suffix] end

Rules, before the code:

1. A code is taken whole or not at all. It is printable ASCII once prefix, identifier and suffix are off:
   scanners send Chinese as UTF-8, as GBK or not at all, each as its settings say, so nothing beyond ASCII
   can be trusted to mean what the paper says.
2. What is longer than any code is counted and thrown away up to its end; it is never cut.
3. Bytes that are silent for ``silence_s`` without an end are a scan that broke off, or line noise. Only
   whoever waited in vain can tell a silence: bytes that were fetched late may have come in time.
4. Empty lines are nothing: a scanner set to CR LF gives one code a scan under every ``End``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from halldrivers.barcode.codes import ENDLESS, LONGEST, BadCode, BadReason, Code, Read

SILENCE_S = 0.5
"""Seconds within one code: at 9600 baud a byte takes 1 ms, a radio scanner's base may pause a little."""
_AIM = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
_CR, _LF, _TAB, _ETX = 0x0D, 0x0A, 0x09, 0x03


class End(StrEnum):
    """What a scanner sends after a code."""

    LINE = "line"
    """CR, LF or both: what fits every scanner."""
    CR = "cr"
    LF = "lf"
    CRLF = "crlf"
    TAB = "tab"
    ETX = "etx"


_ENDS = {
    End.LINE: frozenset({_CR, _LF}),
    End.CR: frozenset({_CR}),
    End.LF: frozenset({_LF}),
    End.CRLF: frozenset({_LF}),
    End.TAB: frozenset({_TAB}),
    End.ETX: frozenset({_ETX}),
}


@dataclass(frozen=True, slots=True)
class Framing:
    """What stands around the text of a code."""

    end: End = End.LINE
    prefix: bytes = b""
    suffix: bytes = b""
    has_aim: bool = False
    """Whether each code begins with an AIM symbology identifier such as ``]Q1`` (ISO/IEC 15424)."""
    silence_s: float = SILENCE_S


class LineDecoder:
    """The bytes of one scanner. Call :meth:`idle` whenever a wait for bytes brought none."""

    def __init__(self, framing: Framing | None = None) -> None:
        self._framing = framing or Framing()
        self._ends = _ENDS[self._framing.end]
        self._most = LONGEST + len(self._framing.prefix) + len(self._framing.suffix) + 4
        self._buffer = bytearray()
        self._count = 0
        self._is_long = False
        self._was_cr = False
        self._last_s = 0.0

    @property
    def buffered(self) -> int:
        """Bytes of the code under way: at most those of the longest one."""
        return len(self._buffer)

    def feed(self, data: bytes, at_s: float) -> list[Read]:
        """Bytes, fetched at that time; the codes that they end."""
        reads: list[Read] = []
        for byte in data:
            if self._is_end(byte):
                reads += self._end(at_s)
            elif self._is_active or byte not in (_CR, _LF):
                reads += self._add(byte, at_s)
            self._was_cr = byte == _CR
        if data:
            self._last_s = at_s
        return reads

    def idle(self, now_s: float) -> list[Read]:
        """The line was silent up to this time; the code that broke off, if any."""
        if not self._is_active or now_s - self._last_s <= self._framing.silence_s:
            return []
        return [self._refuse(BadReason.TOO_LONG if self._is_long else BadReason.INCOMPLETE, now_s)]

    def reset(self) -> None:
        """The device went away: nothing of it stays."""
        self._buffer.clear()
        self._count = 0
        self._is_long = False

    @property
    def _is_active(self) -> bool:
        return self._count > 0 or self._is_long

    def _is_end(self, byte: int) -> bool:
        return byte in self._ends and (self._framing.end is not End.CRLF or self._was_cr)

    def _add(self, byte: int, at_s: float) -> list[Read]:
        self._count += 1
        if self._count > self._most:
            self._is_long = True
            self._buffer.clear()
        if not self._is_long:
            self._buffer.append(byte)
        elif self._count == ENDLESS:
            self._count = 0
            return [BadCode(BadReason.TOO_LONG, ENDLESS, at_s)]
        return []

    def _end(self, at_s: float) -> list[Read]:
        if self._is_long:
            return [self._refuse(BadReason.TOO_LONG, at_s)]
        if not self._count:
            return []
        text = self._bare(bytes(self._buffer))
        reason = _refusal(text)
        if reason is not None:
            return [self._refuse(reason, at_s)]
        self.reset()
        return [Code(text.decode("ascii"), at_s)] if text else []

    def _bare(self, line: bytes) -> bytes:
        framing = self._framing
        if framing.end is End.CRLF:
            line = line.removesuffix(b"\r")
        line = line.removeprefix(framing.prefix)
        if framing.has_aim and (found := _AIM.match(line)):
            line = line[found.end() :]
        return line.removesuffix(framing.suffix)

    def _refuse(self, reason: BadReason, at_s: float) -> BadCode:
        bad = BadCode(reason, self._count, at_s)
        self.reset()
        return bad


def _refusal(text: bytes) -> BadReason | None:
    if len(text) > LONGEST:
        return BadReason.TOO_LONG
    if any(byte < 0x20 or byte == 0x7F for byte in text):
        return BadReason.CONTROL
    return None if text.isascii() else BadReason.NOT_ASCII

"""From the keys of a scanner that types to codes, as pure code over events: no device, no clock.

Rules, before the code:

1. Only a key going down counts; letting go matters for Shift, Ctrl, Alt and the Windows key alone, and
   repeating is nothing.
2. Enter or Tab ends a code. A code is taken whole or not at all: what spoils it (a chord, a key that stands
   for no character, keys lost in the kernel, too many of them) refuses everything up to its end.
3. A pause longer than ``gap_s`` between two keys is the end of a scan that broke off: scanners type a key
   every few milliseconds. What was there is dropped, so that half a code never joins the next one.
4. What begins within ``REST_S`` of such an end is the rest of the same scan (a radio link that stumbled, not
   a hand with the next paper), and is refused too: the tail of a number is another number.
5. After lost keys (``Dropped``) whatever follows may be the rest of a code: it is refused up to its end.
"""

from __future__ import annotations

import math

from halldrivers.barcode import layout
from halldrivers.barcode.codes import ENDLESS, LONGEST, BadCode, BadReason, Code, Read
from halldrivers.keysource import DOWN, UP, Dropped, KeyEvent

GAP_S = 0.1
"""Seconds between two keys of one code (facts, packages 4.1: 50 to 100 ms)."""
REST_S = 0.3
"""Seconds beyond the gap in which keys still belong to a scan that broke off; a hand takes longer to scan
again."""


class KeyDecoder:
    """The keys of one scanner. Feed it events in the order of time; call :meth:`idle` while it is silent."""

    def __init__(self, gap_s: float = GAP_S) -> None:
        self._gap_s = gap_s
        self._held: set[int] = set()
        self._caps = False
        self._last_s = 0.0
        self._broke_off_s = -math.inf
        self._text: list[str] = []
        self._count = 0
        self._spoiled: BadReason | None = None

    @property
    def buffered(self) -> int:
        """Characters of the code under way."""
        return len(self._text)

    def feed(self, event: KeyEvent | Dropped) -> list[Read]:
        """One event; the code that it ends, and the one that broke off before it, if any."""
        reads = self.idle(event.at_s)
        if isinstance(event, Dropped):
            self._held.clear()
            self._caps = False
            self._spoil(BadReason.LOST_KEYS)
            self._last_s = event.at_s
        elif event.value in (UP, DOWN):
            self._last_s = event.at_s
            if event.code in layout.SHIFTS or event.code in layout.CHORDS:
                (self._held.add if event.value == DOWN else self._held.discard)(event.code)
            elif event.value == DOWN:
                reads += self._press(event.code, event.at_s)
        return reads

    def idle(self, now_s: float) -> list[Read]:
        """Time has passed; the code that broke off, if any."""
        if now_s - self._last_s <= self._gap_s:
            return []
        self._caps = False
        if not self._is_active:
            return []
        self._broke_off_s = self._last_s
        return [self._refuse(self._spoiled or BadReason.INCOMPLETE, now_s)]

    def reset(self) -> None:
        """The device went away: nothing of it stays."""
        self._forget()
        self._held.clear()
        self._caps = False
        self._broke_off_s = -math.inf

    @property
    def _is_active(self) -> bool:
        return bool(self._text) or self._spoiled is not None

    def _press(self, code: int, at_s: float) -> list[Read]:
        if code == layout.NUM_LOCK:
            return []
        if self._held & layout.CHORDS:
            return self._add("", BadReason.CONTROL, at_s)
        if code == layout.CAPS_LOCK:
            self._caps = not self._caps
            return []
        if code in layout.ENDS:
            return self._end(at_s)
        shift = bool(self._held & layout.SHIFTS)
        return self._add(layout.character(code, shift=shift, caps=self._caps), BadReason.UNKNOWN_KEY, at_s)

    def _add(self, character: str, otherwise: BadReason, at_s: float) -> list[Read]:
        if not self._is_active and at_s - self._broke_off_s <= self._gap_s + REST_S:
            self._spoil(BadReason.INCOMPLETE)
        self._count += 1
        if not character:
            self._spoil(otherwise)
        elif self._count > LONGEST:
            self._spoil(BadReason.TOO_LONG)
        elif self._spoiled is None:
            self._text.append(character)
        if self._spoiled is None or self._count < ENDLESS:
            return []
        self._count = 0
        return [BadCode(self._spoiled, ENDLESS, at_s)]

    def _end(self, at_s: float) -> list[Read]:
        self._broke_off_s = -math.inf
        if self._spoiled is not None:
            return [self._refuse(self._spoiled, at_s)]
        text = "".join(self._text)
        self._forget()
        return [Code(text, at_s)] if text else []

    def _spoil(self, reason: BadReason) -> None:
        """The code under way is refused for the first reason that it gave."""
        self._spoiled = self._spoiled or reason
        self._text.clear()

    def _refuse(self, reason: BadReason, at_s: float) -> BadCode:
        bad = BadCode(reason, self._count, at_s)
        self._forget()
        return bad

    def _forget(self) -> None:
        self._text.clear()
        self._count = 0
        self._spoiled = None

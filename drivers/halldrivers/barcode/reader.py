"""The barcode reader as a device: a driver for :class:`~halldrivers.worker.DeviceWorker`.

``on_code`` and ``on_bad`` are called in the worker's thread and must not block; an asyncio user hands them on
with ``loop.call_soon_threadsafe``. Nothing that was scanned is logged: a code may be a person's.

Counters: ``good_reads`` codes given on, ``bad_reads`` refused ones, ``dropped`` repeats and floods held back,
``garbage`` bytes or keys of refused codes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from halldrivers.barcode.codes import BadCode, BadReason, Code
from halldrivers.barcode.errors import NoEnding, ScannerFloods, UselessCodes
from halldrivers.barcode.gate import Gate
from halldrivers.barcode.sources import CodeSource
from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, Fault

T = TypeVar("T")

OnCode = Callable[[Code], None]
OnBad = Callable[[BadCode], None]

TURN_S = 0.5
"""How long one turn waits for a scan: a close of the worker waits as long."""
_REST_S = 0.01
"""Between two looks at a source that does not wait by itself."""
_ENDLESS = 3
"""Scans in a row without an end that are no accident."""
_USELESS = 5
"""Refused scans in a row that are no accident."""
_FLOOD_WARNING_S = 10.0

log = logging.getLogger("hall.device")


class BarcodeReader:
    """One scanner. ``on_bad`` hears of scans that were refused, so that a screen can say: 这个码读不了."""

    def __init__(
        self,
        source: CodeSource,
        *,
        on_code: OnCode,
        on_bad: OnBad = lambda bad: None,
        counters: Counters | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counters = counters or Counters()
        self._source, self._now_s = source, now_s
        self._usual = self._listeners = (on_code, on_bad)
        self._gate = Gate()
        self._refused: list[BadReason] = []

    @property
    def warning(self) -> Fault | None:
        """What a person should know although the scanner works."""
        error = self._trouble()
        return replace(error.as_fault(), blocking=False) if error else None

    @contextmanager
    def diverted(self, on_code: OnCode, on_bad: OnBad) -> Iterator[None]:
        """For as long as this lasts a check hears what is scanned, and nobody else. From any thread."""
        self._listeners = (on_code, on_bad)
        try:
            yield
        finally:
            self._listeners = self._usual

    def open(self) -> None:
        """Take the scanner, or raise and hold nothing."""
        self._source.open()

    def turn(self) -> float:
        """Wait a little for scans and give them on; answers the seconds until the next turn."""
        reads = self._source.read(TURN_S)
        for read in reads:
            if isinstance(read, Code):
                self._good(read)
            else:
                self._bad(read)
        self._gate.forget(self._now_s())
        return 0.0 if reads else _REST_S

    def close(self) -> None:
        """Give the scanner back; nothing of what it read stays."""
        self._gate.clear()
        self._source.close()

    def _good(self, code: Code) -> None:
        self._refused.clear()
        if not self._gate.is_new(code.text, code.at_s) or not self._gate.has_room(code.at_s):
            self.counters.add("dropped")
            return
        self.counters.add("good_reads")
        _tell(self._listeners[0], code)

    def _bad(self, bad: BadCode) -> None:
        self.counters.add("bad_reads")
        self.counters.add("garbage", bad.length)
        self._refused = [*self._refused, bad.reason][-_USELESS:]
        if self._gate.has_room(bad.at_s):
            _tell(self._listeners[1], bad)
        else:
            self.counters.add("dropped")

    def _trouble(self) -> DeviceError | None:
        if self._refused[-_ENDLESS:] == [BadReason.INCOMPLETE] * _ENDLESS:
            return NoEnding()
        if len(self._refused) == _USELESS:
            return UselessCodes(self._refused[-1].en, self._refused[-1].zh)
        flooded_s = self._gate.flooded_s
        if flooded_s is not None and self._now_s() - flooded_s < _FLOOD_WARNING_S:
            return ScannerFloods()
        return None


def _tell(listener: Callable[[T], None], what: T) -> None:
    """The border to foreign code: what it raises must not cost the device."""
    try:
        listener(what)
    except Exception:
        log.exception("the listener of a barcode reader failed")

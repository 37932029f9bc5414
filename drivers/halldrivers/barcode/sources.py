"""Where codes come from: a wire that brings bytes, or a device that types.

A wait that brought nothing proves silence up to its time-out and no further: a thread that was held up after
it (a slow card, a busy machine) does not know what has come since, and must not break a code off for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from halldrivers.barcode.codes import Read
from halldrivers.barcode.keydecoder import KeyDecoder
from halldrivers.barcode.linedecoder import LineDecoder
from halldrivers.keysource import KeySource

_READ_BYTES = 4096


class CodeSource(Protocol):
    """A port with its decoder. Belongs to one thread."""

    def open(self) -> None:
        """Take the port, or raise and hold nothing."""
        ...

    def read(self, timeout_s: float) -> list[Read]:
        """What was scanned; empty when nothing was complete within ``timeout_s``. Raises PortGone."""
        ...

    def close(self) -> None:
        """Give the port back, and keep nothing of a half code; harmless when it is closed."""
        ...


class Wire(Protocol):
    """What is used of a transport."""

    def open(self) -> None:
        """As :class:`~halldrivers.transport.Transport`."""
        ...

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """As :class:`~halldrivers.transport.Transport`."""
        ...

    def close(self) -> None:
        """As :class:`~halldrivers.transport.Transport`."""
        ...


class LineCodes:
    """A scanner on a serial line or behind a TCP bridge."""

    def __init__(self, wire: Wire, decoder: LineDecoder, now_s: Callable[[], float] = time.monotonic) -> None:
        self._wire, self._decoder, self._now_s = wire, decoder, now_s

    def open(self) -> None:
        """As every source."""
        self._wire.open()

    def read(self, timeout_s: float) -> list[Read]:
        """As every source."""
        began_s = self._now_s()
        data = self._wire.read(_READ_BYTES, timeout_s)
        now_s = self._now_s()
        if data:
            return self._decoder.feed(data, now_s)
        return self._decoder.idle(min(now_s, began_s + timeout_s))

    def close(self) -> None:
        """As every source."""
        self._decoder.reset()
        self._wire.close()


class TypedCodes:
    """A scanner that types."""

    def __init__(
        self, keys: KeySource, decoder: KeyDecoder, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys, self._decoder, self._now_s = keys, decoder, now_s

    def open(self) -> None:
        """As every source."""
        self._keys.open()

    def read(self, timeout_s: float) -> list[Read]:
        """As every source."""
        began_s = self._now_s()
        events = self._keys.read(timeout_s)
        if not events:
            return self._decoder.idle(min(self._now_s(), began_s + timeout_s))
        return [read for event in events for read in self._decoder.feed(event)]

    def close(self) -> None:
        """As every source."""
        self._decoder.reset()
        self._keys.close()

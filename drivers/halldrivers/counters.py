"""What a device has done and suffered since its process began (UnifiedPOS: statistics).

Names are plain words, the same for every device, so that a technician can compare two halls:

    opens, losses           the wire was opened; it was lost and reported as such
    timeouts, garbage       answers that did not come; bytes that belonged to no frame
    bytes_in, bytes_out     what crossed the wire
    good_reads, bad_reads   whole results (a card, a code, a page), and tries that failed
    presses, strays         keys taken, and keys that nobody asked for
    writes, failures        outputs made (lamps, digits, papers), and those that failed or cannot be proved
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from halldrivers.transport import Transport


class Counters:
    """Counts by name, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def add(self, name: str, count: int = 1) -> None:
        """Count something."""
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + count

    def __getitem__(self, name: str) -> int:
        with self._lock:
            return self._counts.get(name, 0)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        with self._lock:
            return iter(sorted(self._counts.items()))

    def text(self) -> str:
        """All of them as ``name=count`` in the order of the names."""
        return " ".join(f"{name}={count}" for name, count in self)


class CountedTransport:
    """A transport that counts its bytes."""

    def __init__(self, transport: Transport, counters: Counters) -> None:
        self._transport, self._counters = transport, counters

    def open(self) -> None:
        """As the transport."""
        self._transport.open()

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """As the transport."""
        data = self._transport.read(max_bytes, timeout_s)
        if data:
            self._counters.add("bytes_in", len(data))
        return data

    def write(self, data: bytes, timeout_s: float) -> int:
        """As the transport."""
        accepted = self._transport.write(data, timeout_s)
        self._counters.add("bytes_out", accepted)
        return accepted

    def close(self) -> None:
        """As the transport."""
        self._transport.close()

"""Two transports joined in memory, so that a device and its simulator can talk without a wire.

Each direction holds a bounded number of bytes: a reader that does not read makes the writer wait, as on a
real line.
"""

import threading
import time
from types import TracebackType
from typing import Self

from halldrivers.errors import PortAbsent, PortClosed, PortGone

DEFAULT_CAPACITY = 65536


class MemoryTransport:
    """One end of a pair; get both from `memory_pair`. Each end may live in its own thread."""

    def __init__(self, name: str, changed: threading.Condition, capacity: int) -> None:
        self.name = name
        self._changed = changed
        self._capacity = capacity
        self._inbox = bytearray()
        self._is_open = False
        self._is_broken = False
        self._peer: MemoryTransport | None = None

    def join(self, peer: "MemoryTransport") -> None:
        """Make `peer` the other end; called once by `memory_pair`."""
        self._peer = peer

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Open this end, whether or not the other is there yet.

        Raises `PortAbsent` while the other end has not noticed that this one was closed: it would otherwise
        go on as if nothing had happened.
        """
        with self._changed:
            if self._other()._is_broken:
                raise PortAbsent(self.name)
            self._is_open = True
            self._changed.notify_all()

    def close(self) -> None:
        """Close this end; the other end reads what is left and then finds the wire gone."""
        with self._changed:
            if self._is_open and self._other()._is_open:
                self._other()._is_broken = True
            self._is_open = self._is_broken = False
            self._inbox.clear()
            self._changed.notify_all()

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """As every transport."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                self._check_open()
                if self._inbox:
                    data = bytes(self._inbox[:max_bytes])
                    del self._inbox[:max_bytes]
                    self._changed.notify_all()
                    return data
                if self._is_broken:
                    self.close()
                    raise PortGone(f"{self.name}: closed by the other end")
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    return b""
                self._changed.wait(left_s)

    def write(self, data: bytes, timeout_s: float) -> int:
        """As every transport; bytes wait in the other end's inbox, which has a bound."""
        deadline = time.monotonic() + timeout_s
        accepted = 0
        with self._changed:
            while accepted < len(data):
                self._check_open()
                if self._is_broken:
                    self.close()
                    raise PortGone(f"{self.name}: closed by the other end", accepted)
                inbox = self._other()._inbox
                room = self._capacity - len(inbox)
                if room > 0:
                    inbox += data[accepted : accepted + room]
                    accepted = min(len(data), accepted + room)
                    self._changed.notify_all()
                    continue
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    break
                self._changed.wait(left_s)
        return accepted

    def _other(self) -> "MemoryTransport":
        if self._peer is None:
            raise PortClosed(f"{self.name}: an end without its pair")
        return self._peer

    def _check_open(self) -> None:
        if not self._is_open:
            raise PortClosed(self.name)


def memory_pair(capacity: int = DEFAULT_CAPACITY) -> tuple[MemoryTransport, MemoryTransport]:
    """Two joined ends, both closed: the device's and the simulator's."""
    changed = threading.Condition()
    near = MemoryTransport("memory:device", changed, capacity)
    far = MemoryTransport("memory:simulator", changed, capacity)
    near.join(far)
    far.join(near)
    return near, far

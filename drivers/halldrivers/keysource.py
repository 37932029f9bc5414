"""Key events of devices that type (HID): what a decoder gets, whatever delivers it.

Events are scancodes as the kernel names them (linux/input-event-codes.h), never characters: the layout of a
keyboard is not the device's business (lessons 22), and no chord can pass to anything else.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from halldrivers.errors import PortClosed, PortGone

UP, DOWN, REPEAT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One key of one device went down, up, or repeats."""

    code: int
    """KEY_* of linux/input-event-codes.h."""
    value: int
    """0 up, 1 down, 2 repeat."""
    at_s: float
    """On a monotonic clock."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The kernel dropped events (SYN_DROPPED): what was being typed is incomplete."""

    at_s: float


class KeySource(Protocol):
    """A device that types, taken for ourselves alone. Belongs to one thread."""

    def open(self) -> None:
        """Take the device; raises PortAbsent, PortBusy or PortDenied."""
        ...

    def read(self, timeout_s: float) -> tuple[KeyEvent | Dropped, ...]:
        """What was typed; empty after ``timeout_s`` of silence. Raises PortGone."""
        ...

    def light(self, led: int, on: bool) -> None:
        """Switch an LED (LED_* of linux/input-event-codes.h); a device without it ignores that."""
        ...

    def close(self) -> None:
        """Give the device back; harmless when it is closed."""
        ...


class MemoryKeySource:
    """A source that a test or a simulator types into."""

    def __init__(self) -> None:
        self.is_open = self.is_gone = False
        self.lit: dict[int, bool] = {}
        self._events: deque[KeyEvent | Dropped] = deque()

    def type(self, *events: KeyEvent | Dropped) -> None:
        """Events that the next read finds."""
        self._events.extend(events)

    def open(self) -> None:
        """Take it."""
        if self.is_gone:
            raise PortGone("memory keys")
        self.is_open = True

    def read(self, timeout_s: float) -> tuple[KeyEvent | Dropped, ...]:
        """Everything typed so far; never waits."""
        if not self.is_open:
            raise PortClosed("memory keys")
        if self.is_gone:
            self.is_open = False
            raise PortGone("memory keys")
        # One by one: another thread may be typing.
        return tuple(self._events.popleft() for _ in range(len(self._events)))

    def light(self, led: int, on: bool) -> None:
        """Remember it."""
        self.lit[led] = on

    def close(self) -> None:
        """Give it back."""
        self.is_open = False


class PluggedKeySource(MemoryKeySource):
    """One with a cable, for simulators: typed into and unplugged from any thread."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now_s, self._lock = now_s, threading.Lock()

    def type(self, *events: KeyEvent | Dropped) -> None:
        """Any keys; nothing comes of them while it is unplugged."""
        with self._lock:
            if not self.is_gone:
                super().type(*events)

    def read(self, timeout_s: float) -> tuple[KeyEvent | Dropped, ...]:
        """Everything typed so far."""
        with self._lock:
            return super().read(timeout_s)

    def unplug(self) -> None:
        """Pull its cable: what was typed and not read is gone, and its lamps are dark."""
        with self._lock:
            self._events.clear()
            self.lit.clear()
            self.is_gone = True

    def plug(self) -> None:
        """It is back."""
        self.is_gone = False

"""Time, passed in: a Pi has no clock battery, so no room reads the clock by itself."""

from __future__ import annotations

import time
from typing import Protocol, runtime_checkable


class Clock(Protocol):
    """What the keeper knows of time."""

    def now_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC; may jump either way."""
        ...

    def synchronised(self) -> bool:
        """Whether something (NTP, an RTC) vouches for the wall time."""
        ...


@runtime_checkable
class SteadyClock(Protocol):
    """A clock that also knows a time which nobody sets: it shows when the wall time was."""

    def steady_ms(self) -> int:
        """Milliseconds since some moment; only rises."""
        ...


class SystemClock:
    """The machine's clock; the kernel's own flag says whether NTP vouches for it."""

    def now_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    def steady_ms(self) -> int:
        """Milliseconds since the machine started."""
        return time.monotonic_ns() // 1_000_000

    def synchronised(self) -> bool:
        """Whether the clock is plausible at all: a Pi that never saw the network starts in the past.

        A build-date floor, not NTP's flag: a hall that is offline for weeks runs on a drifting but
        plausible clock, and that is fine.
        """
        return self.now_ms() > 1_767_225_600_000  # 2026-01-01 UTC: before it this program did not exist

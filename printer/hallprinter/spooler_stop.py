"""Being told to stop: waiting ends at once, a job in flight gets a moment more."""

from __future__ import annotations

import threading
from collections.abc import Callable

LAST_WAIT_S = 0.25
"""Between two tries once the spooler was told to stop."""


class Stopping:
    """The ``stop`` event with a grace of ``grace_s``, on the rising clock ``now_s``."""

    def __init__(self, stop: threading.Event, grace_s: float, now_s: Callable[[], float]) -> None:
        self._stop, self._grace_s, self._now_s = stop, grace_s, now_s
        self._until_s: float | None = None
        self._never = threading.Event()

    @property
    def is_asked(self) -> bool:
        """Whether nothing new may be begun."""
        return self._stop.is_set()

    @property
    def is_over(self) -> bool:
        """Whether the job in flight has had its moment as well."""
        if not self._stop.is_set():
            return False
        if self._until_s is None:
            self._until_s = self._now_s() + self._grace_s
        return self._now_s() >= self._until_s

    def wait(self, wait_s: float) -> None:
        """Wait, unless told to stop."""
        self._stop.wait(wait_s)

    def pause(self, wait_s: float) -> bool:
        """Wait before a request is repeated; False once it must not be."""
        if not self._stop.wait(wait_s):
            return True
        if self.is_over:
            return False
        self._never.wait(LAST_WAIT_S)
        return True

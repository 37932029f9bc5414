"""RS-485 adapters that hear themselves: our own bytes come back before anything else does."""

from __future__ import annotations

import math


class EchoFilter:
    """Takes what was sent off the beginning of what is read next; bytes that differ are given back whole."""

    def __init__(self) -> None:
        self._expected = b""
        self._seen = 0
        self._until_s = -math.inf

    def sent(self, data: bytes, until_s: float = math.inf) -> None:
        """These bytes went out; their echo is here by that time or does not come."""
        self._expected += data
        self._until_s = until_s

    def clear(self) -> None:
        """No echo is due any more."""
        self._expected, self._seen = b"", 0

    def feed(self, data: bytes, now_s: float) -> bytes:
        """What was read, without the echo. Call it with nothing when nothing came."""
        if now_s <= self._until_s and self._expected:
            rest = self._expected[self._seen :]
            if rest.startswith(data):
                self._seen += len(data)
                if self._seen == len(self._expected):
                    self.clear()
                return b""
            if data.startswith(rest):
                self.clear()
                return data[len(rest) :]
        held = self._expected[: self._seen]
        self.clear()
        return held + data

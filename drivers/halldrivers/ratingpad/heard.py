"""What the codecs of boxes hear: keys, and how much that was none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

KEY_NAMES = frozenset("12345678")
"""What a key may be called."""


@dataclass(frozen=True, slots=True)
class KeyHeard:
    """A box told of a key."""

    key: str
    """"1" to "8"."""
    began_s: float
    """When the first byte of it arrived."""


class KeyCodec(Protocol):
    """Bytes of a box to keys; does no I/O and holds a bounded number of bytes."""

    garbage: int
    """Bytes so far that belonged to nothing known."""

    def feed(self, data: bytes, at_s: float) -> Sequence[KeyHeard]:
        """Bytes that arrived at ``at_s``, or none by then; the keys that are complete with them."""
        ...

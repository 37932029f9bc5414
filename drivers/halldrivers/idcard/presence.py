"""Whether a card that was read is still there, and whether a number is news.

A reader answers "no card" both to an empty field and to the card that it has read and that still lies there,
and has no word for a card taken away. So two things are known only roughly: after a read the card counts as
lying there until the reader says "no card" once; and the same number within the debounce time is the same
visit, whoever moved the card. Between two reads only a salted hash of the number is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

DEBOUNCE_S = 5.0


class Presence:
    """Knows the last card; `random_bytes` gives the salt. No time of its own: callers pass seconds."""

    def __init__(self, random_bytes: Callable[[int], bytes], debounce_s: float = DEBOUNCE_S) -> None:
        self._salt = random_bytes(16)
        self._debounce_s = debounce_s
        self._last: bytes | None = None
        self._seen_s = 0.0
        self.lies = False
        """Whether a card that was read must be thought to lie there still."""

    def read(self, number: str, now_s: float) -> bool:
        """A card was read; answers whether it is news."""
        digest = hashlib.blake2b(number.encode(), key=self._salt, digest_size=16).digest()
        is_news = digest != self._last or now_s - self._seen_s >= self._debounce_s
        self._last = digest
        self.still_there(now_s)
        return is_news

    def still_there(self, now_s: float) -> None:
        """A card answers where one was read."""
        self.lies = True
        self._seen_s = now_s

    def field_is_free(self) -> None:
        """No card answers."""
        self.lies = False

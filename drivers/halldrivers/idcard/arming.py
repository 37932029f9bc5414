"""Who wants a card to be read: the terminal for a citizen, or a technician's check that borrows the reader.

A citizen comes first: arming takes a borrowed reader back. What was begun for one is never handed to another.
Safe for several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.trouble import OnTrouble

OnCard = Callable[[CardRecord], None]


class Arming:
    """Armed or not, since when, and who listens."""

    def __init__(self, on_card: OnCard, on_trouble: OnTrouble) -> None:
        self._lock = threading.Lock()
        self._owner = self._listeners = (on_card, on_trouble)
        self._times = self._noticed = 0
        self._is_armed = False

    @property
    def is_armed(self) -> bool:
        """Whether anybody wants a card."""
        return self._is_armed

    def arm(self) -> None:
        """The owner wants one; who wants it already need not say it again."""
        with self._lock:
            if not self._is_armed or self._is_lent():
                self._begin(self._owner)

    def disarm(self) -> None:
        """The owner does not want one any more."""
        with self._lock:
            if not self._is_lent():
                self._is_armed = False

    def borrow(self, on_card: OnCard, on_trouble: OnTrouble) -> bool:
        """Arm it for somebody else; False while it is armed."""
        with self._lock:
            if self._is_armed:
                return False
            self._begin((on_card, on_trouble))
            return True

    def give_back(self) -> None:
        """The borrower is done; harmless when the owner has taken it back."""
        with self._lock:
            if self._is_lent():
                self._is_armed = False
                self._listeners = self._owner

    # --- in the worker's thread --------------------------------------------------------------------

    def is_new(self) -> bool:
        """Whether it was armed since the last call."""
        with self._lock:
            is_new = self._times != self._noticed
            self._noticed = self._times
            return is_new

    def card_listener(self) -> OnCard | None:
        """Who gets the card that was read; None when whoever wanted it does not any more."""
        with self._lock:
            return self._listeners[0] if self._is_armed and self._times == self._noticed else None

    def trouble_listener(self) -> OnTrouble:
        """Who tells the person at the reader what to do."""
        with self._lock:
            return self._listeners[1]

    def _begin(self, listeners: tuple[OnCard, OnTrouble]) -> None:
        self._listeners = listeners
        self._times += 1
        self._is_armed = True

    def _is_lent(self) -> bool:
        return self._listeners is not self._owner

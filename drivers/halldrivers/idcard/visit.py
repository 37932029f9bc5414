"""What reading comes to for the person at the reader: a card handed over once, and what to do told once.

Armed or not, whether to look for a card at all, and whom to tell: everything here is decided without I/O and
without a time of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from halldrivers.counters import Counters
from halldrivers.idcard.arming import Arming
from halldrivers.idcard.presence import DEBOUNCE_S, Presence
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.trouble import HOLD_S, CardTrouble, Prompter

T = TypeVar("T")

log = logging.getLogger("hall.device")


class Want(Enum):
    """What is wanted of the reader now."""

    NOTHING = "nothing"
    LOOK = "look whether a card lies there, and leave it unread"
    CARD = "read the next card"


@dataclass(frozen=True, slots=True)
class Pace:
    """A reader's times, in seconds."""

    poll_s: float = 0.3
    """Between two looks for a card; the modules want 0.3 s and more."""
    health_s: float = 2.0
    """Between two status questions while nobody wants a card: a reader that was pulled and put back between
    two of them is to be back within three seconds."""
    debounce_s: float = DEBOUNCE_S
    """The same number within this time is the same card, moved."""
    hold_s: float = HOLD_S
    """A request to the citizen stays at least so long."""
    watch_most_s: float = 120.0
    """How long a disarmed reader goes on looking whether a card was taken away."""


class Visit:
    """Between the reader and the screen; in the worker's thread, except for :attr:`arming`."""

    def __init__(
        self, arming: Arming, counters: Counters, pace: Pace, random_bytes: Callable[[int], bytes]
    ) -> None:
        self.arming = arming
        self._counters, self._watch_most_s = counters, pace.watch_most_s
        self._presence = Presence(random_bytes, pace.debounce_s)
        self._prompter = Prompter(self._tell, pace.hold_s)
        self._watch_until_s = 0.0

    def is_new(self) -> bool:
        """Whether it was armed since the last call: what was begun for somebody else is not to go on."""
        is_new = self.arming.is_new()
        if is_new:
            self._prompter.forget()
        return is_new

    def want(self, now_s: float) -> Want:
        """What is wanted of the reader."""
        if self.arming.is_armed:
            return Want.LOOK if self._presence.lies else Want.CARD
        is_watching = self._presence.lies or self._prompter.told is not None
        return Want.LOOK if is_watching and now_s < self._watch_until_s else Want.NOTHING

    def no_card(self, now_s: float) -> None:
        """The reader finds none."""
        self._presence.field_is_free()
        self._prompter.field_is_free(now_s)

    def card_lies(self, now_s: float) -> None:
        """A card lies there that is not to be read: it was, or nobody wants it any more."""
        self._presence.still_there(now_s)
        self._ask(CardTrouble.TAKE_AWAY, now_s)

    def card_read(self, record: CardRecord, now_s: float) -> None:
        """A card was read: hand it over, unless it was handed over just now or nobody wants it any more."""
        listener = self.arming.card_listener()
        if listener is None:
            self.card_lies(now_s)
            return
        if self._presence.read(record.number.reveal(), now_s):
            self._counters.add("good_reads")
            self._prompter.forget()
            _guarded(listener, record)
        self._ask(CardTrouble.TAKE_AWAY, now_s)

    def citizen_must(self, trouble: CardTrouble, now_s: float) -> bool:
        """A card could not be read; answers whether the citizen was told so only now."""
        if self._presence.lies:  # It was only looked for: whatever it is, it lies there.
            self.card_lies(now_s)
            return False
        if not self.arming.is_armed or not self._ask(trouble, now_s):
            return False
        self._counters.add("bad_reads")
        return True

    def _ask(self, trouble: CardTrouble, now_s: float) -> bool:
        is_news = self._prompter.say(trouble, now_s)
        if is_news:
            self._watch_until_s = now_s + self._watch_most_s
        return is_news

    def _tell(self, trouble: CardTrouble | None) -> None:
        _guarded(self.arming.trouble_listener(), trouble)


def _guarded(listener: Callable[[T], None], what: T) -> None:
    """The border to foreign code: what it raises is not the reader's fault, and may hold what a card says."""
    try:
        listener(what)
    except Exception as error:
        log.error("a listener of the ID-card reader failed: %s", type(error).__name__)

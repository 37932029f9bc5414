"""What a citizen at the reader must do, and telling it once.

These are no device faults: the reader works. The screen shows the Chinese sentence large; a clerk who is
asked for help quotes the code.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

HOLD_S = 3.0
"""A request stays at least so long: many readers answer "no card" although the card still lies there."""


class CardTrouble(Enum):
    """One request to the citizen."""

    REPLACE = (
        "I-11",
        "没有读出来，请把身份证拿起来，重新放平",
        "not read: lift the card and lay it flat again",
    )
    NOT_ID_CARD = ("I-12", "这不是身份证，请放二代身份证", "this is not an ID card: lay the ID card")
    REFUSED = (
        "I-13",
        "这张证的信息没有通过验证，请到人工窗口",
        "the card failed verification: ask at a window",
    )
    TAKE_AWAY = ("I-14", "请取走身份证", "take the card away")

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en


OnTrouble = Callable[[CardTrouble | None], None]
"""Called with None when nothing is asked of the citizen any more."""


class Prompter:
    """Tells each request once a try, and its end no sooner than `hold_s` after it."""

    def __init__(self, tell: OnTrouble, hold_s: float = HOLD_S) -> None:
        self._tell, self._hold_s = tell, hold_s
        self._told_at_s = 0.0
        self._was_free = False
        """Whether no card answered since the request: the same one is then another try."""
        self.told: CardTrouble | None = None
        """What is asked at this moment."""

    def say(self, trouble: CardTrouble, now_s: float) -> bool:
        """Ask for it, unless it is being asked for of the same try; answers whether that was news."""
        if trouble is self.told and not self._was_free:
            return False
        self.told, self._told_at_s, self._was_free = trouble, now_s, False
        self._tell(trouble)
        return True

    def field_is_free(self, now_s: float) -> None:
        """No card answers: the request is over, once it has been seen long enough."""
        self._was_free = True
        if self.told is not None and now_s - self._told_at_s >= self._hold_s:
            self.told = None
            self._tell(None)

    def forget(self) -> None:
        """Somebody new stands there: whatever comes is news."""
        self.told = None

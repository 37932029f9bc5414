"""The states of a clerk's keypad as one table: what may follow what, and what is done on the way.

Rules, before the code:

1. One request at a time. While it is under way digits are kept, and verbs do nothing but beep.
2. What was typed means one thing: it is used by the key that ends it or forgotten, never carried over into a
   question, a doubt or another verb. After it was forgotten or refused, other than by 取消, every verb rests
   for a moment: the key that comes then was meant for it, and would mean something else alone.
3. A question is left by its answer, by 取消 or by time; any other verb does nothing but beep. A doubt is left
   by any key that is not the same again.
4. A keypad that is away loses what was typed and asked; its request goes on, and is found again.
5. Nothing is asked of a hall that is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class DeskState(StrEnum):
    """What a keypad is doing."""

    FAULTY = "faulty"
    """It is not there: before it was opened, and while it is away."""
    AWAY = "away"
    """It is there, but the hall is not seen."""
    READY = "ready"
    TYPING = "typing"
    ASKING = "asking"
    """A question stands: its choices come one after the other."""
    DOUBTING = "doubting"
    """The same must be pressed again."""
    WORKING = "working"
    """A request, or a look for a ticket, is under way."""


class Signal(StrEnum):
    """What moves it."""

    BACK = "back"
    """The keypad is there."""
    LOST = "lost"
    """The keypad is away."""
    SEEN = "seen"
    """The hall is seen."""
    UNSEEN = "unseen"
    """The hall is not seen any more."""
    DIGIT = "digit"
    SEND = "send"
    """What was pressed or found leads to a request or a look."""
    ASK = "ask"
    """It leads to a question."""
    DOUBT = "doubt"
    """It cannot be taken back."""
    NO = "no"
    """It leads to nothing."""
    CANCEL = "cancel"
    STALE = "stale"
    """The typed digits are too old, or keys were lost that may have been digits."""
    EXPIRED = "expired"
    """The time of a question or a doubt is over."""
    DONE = "done"
    """The request has its answer."""
    REFUSED = "refused"
    """It was refused, failed, given up, or found nothing."""
    KEPT = "kept"
    """Digits were typed while it was under way."""
    PENDING = "pending"
    """It is still under way."""


class Act(StrEnum):
    """What the table tells the desk to do."""

    TYPE = "type"
    FORGET = "forget"
    """What was typed."""
    PUT = "put"
    """The question or the doubt."""
    RENEW = "renew"
    """The question's time begins again."""
    DROP = "drop"
    """The question or the doubt."""
    SEND = "send"
    REST = "rest"
    """Every verb rests for a moment."""
    BEEP = "beep"
    TELL = "tell"
    """Show the code of what went wrong."""


_S, _N, _A = DeskState, Signal, Act

TRANSITIONS: Mapping[DeskState, Mapping[Signal, tuple[DeskState, tuple[Act, ...]]]] = MappingProxyType(
    {
        _S.FAULTY: {
            _N.BACK: (_S.AWAY, ()),
        },
        _S.AWAY: {
            _N.LOST: (_S.FAULTY, ()),
            _N.SEEN: (_S.READY, ()),
            _N.PENDING: (_S.WORKING, ()),
            _N.DIGIT: (_S.AWAY, (_A.REST, _A.BEEP, _A.TELL)),
            _N.NO: (_S.AWAY, (_A.BEEP, _A.TELL)),
        },
        _S.READY: {
            _N.LOST: (_S.FAULTY, ()),
            _N.UNSEEN: (_S.AWAY, ()),
            _N.DIGIT: (_S.TYPING, (_A.TYPE,)),
            _N.KEPT: (_S.TYPING, ()),
            _N.SEND: (_S.WORKING, (_A.SEND,)),
            _N.ASK: (_S.ASKING, (_A.PUT,)),
            _N.NO: (_S.READY, (_A.BEEP, _A.TELL)),
            _N.STALE: (_S.READY, (_A.REST,)),
        },
        _S.TYPING: {
            _N.LOST: (_S.FAULTY, (_A.FORGET, _A.REST)),
            _N.UNSEEN: (_S.AWAY, (_A.FORGET, _A.REST)),
            _N.DIGIT: (_S.TYPING, (_A.TYPE,)),
            _N.SEND: (_S.WORKING, (_A.FORGET, _A.SEND)),
            _N.ASK: (_S.ASKING, (_A.FORGET, _A.PUT)),
            _N.NO: (_S.READY, (_A.FORGET, _A.REST, _A.BEEP, _A.TELL)),
            _N.CANCEL: (_S.READY, (_A.FORGET,)),
            _N.STALE: (_S.READY, (_A.FORGET, _A.REST)),
        },
        _S.ASKING: {
            _N.LOST: (_S.FAULTY, (_A.FORGET, _A.DROP, _A.REST)),
            _N.UNSEEN: (_S.AWAY, (_A.FORGET, _A.DROP, _A.REST)),
            _N.DIGIT: (_S.ASKING, (_A.TYPE,)),
            _N.SEND: (_S.WORKING, (_A.FORGET, _A.DROP, _A.SEND)),
            _N.ASK: (_S.ASKING, (_A.FORGET, _A.PUT)),
            _N.DOUBT: (_S.DOUBTING, (_A.FORGET, _A.PUT, _A.BEEP)),
            _N.NO: (_S.ASKING, (_A.FORGET, _A.RENEW, _A.BEEP, _A.TELL)),
            _N.CANCEL: (_S.READY, (_A.FORGET, _A.DROP)),
            _N.STALE: (_S.ASKING, (_A.FORGET, _A.RENEW, _A.REST)),
            _N.EXPIRED: (_S.READY, (_A.DROP, _A.REST)),
        },
        _S.DOUBTING: {
            _N.LOST: (_S.FAULTY, (_A.FORGET, _A.DROP, _A.REST)),
            _N.UNSEEN: (_S.AWAY, (_A.FORGET, _A.DROP, _A.REST)),
            _N.DIGIT: (_S.DOUBTING, (_A.TYPE,)),
            _N.SEND: (_S.WORKING, (_A.FORGET, _A.DROP, _A.SEND)),
            _N.NO: (_S.READY, (_A.FORGET, _A.DROP, _A.REST, _A.BEEP)),
            _N.CANCEL: (_S.READY, (_A.FORGET, _A.DROP)),
            _N.STALE: (_S.READY, (_A.FORGET, _A.DROP, _A.REST)),
            _N.EXPIRED: (_S.READY, (_A.DROP, _A.REST)),
        },
        _S.WORKING: {
            _N.LOST: (_S.FAULTY, (_A.FORGET, _A.REST)),
            _N.DIGIT: (_S.WORKING, (_A.TYPE,)),
            _N.NO: (_S.WORKING, (_A.BEEP,)),
            _N.CANCEL: (_S.WORKING, (_A.FORGET,)),
            _N.STALE: (_S.WORKING, (_A.FORGET, _A.REST)),
            # What a look for a ticket found leads on.
            _N.SEND: (_S.WORKING, (_A.SEND,)),
            _N.ASK: (_S.ASKING, (_A.FORGET, _A.PUT)),
            _N.DOUBT: (_S.DOUBTING, (_A.FORGET, _A.PUT, _A.BEEP)),
            _N.DONE: (_S.READY, ()),
            _N.REFUSED: (_S.READY, (_A.REST, _A.BEEP, _A.TELL)),
        },
    }
)
"""Where a signal leads and what is done; one that is not listed changes nothing."""

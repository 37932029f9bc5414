"""The window console's keys: one table, for the clerk's hand, the buttons and the tests.

Enter or Space does the natural next step; F1 calls the next person and does nothing else. The other
operations have a function key where the hand reaches one, and each has a letter, because F11 and F12 belong
to many terminals and the demo deck keeps the number keys. O looks like a nought, and Q is left to
quitting.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Action(Enum):
    """What a clerk can press."""

    OPEN = "open"
    """开窗, and 恢复 after a pause"""
    CALL = "call"
    """呼叫下一位"""
    START = "start"
    """开始办理"""
    FINISH = "finish"
    """办结"""
    RECALL = "recall"
    """重呼"""
    PASS = "pass"
    """过号"""
    HOLD = "hold"
    """挂起"""
    RESUME = "resume"
    """恢复办理"""
    TRANSFER = "transfer"
    """转移"""
    FINISH_THEN = "finish-then"
    """办结并转下一事项"""
    RETURN = "return"
    """恢复过号"""
    CALL_CERTAIN = "call-certain"
    """点名呼叫"""
    PAUSE = "pause"
    """暂停"""
    REPRINT = "reprint"
    """补打"""
    PAPER = "paper"
    """打印不明：出来了没有？"""
    VOID = "void"
    """作废"""
    CLOSE = "close"
    """关窗"""
    CLOSE_DAY = "close-day"
    """关闭当天"""


PRIMARY_KEYS = ("enter", "space")
"""The natural next step, whatever it is."""

KEYS: Mapping[Action, tuple[str, ...]] = MappingProxyType(
    {
        Action.CALL: ("f1",),
        Action.RECALL: ("f2", "r"),
        Action.PASS: ("f3", "p"),
        Action.HOLD: ("f4", "h"),
        Action.RESUME: ("f5", "u"),
        Action.TRANSFER: ("f6", "t"),
        Action.FINISH_THEN: ("f7", "n"),
        Action.RETURN: ("f8", "b"),
        Action.CALL_CERTAIN: ("f9", "c"),
        Action.PAUSE: ("f10", "z"),
        Action.REPRINT: ("d",),
        Action.PAPER: ("e",),
        Action.VOID: ("v",),
        Action.CLOSE: ("x",),
        Action.CLOSE_DAY: ("k",),
    }
)
"""The keys of each operation, the one shown first."""

BUTTONS: tuple[Action, ...] = tuple(action for action in KEYS if action is not Action.CALL)
"""The operations that have a button beside the primary one, in the order in which they stand."""

_BY_KEY = {key: action for action, keys in KEYS.items() for key in keys}


def action_of(key: str, character: str | None) -> Action | None:
    """The operation of a key, capital or not; None for a key that has none."""
    return _BY_KEY.get(key) or _BY_KEY.get((character or "").lower())


def key_label(action: Action) -> str:
    """How the keys are written on the button, such as `F2/R`; empty for one that is only ever primary."""
    return "/".join(key.upper() for key in KEYS.get(action, ()))

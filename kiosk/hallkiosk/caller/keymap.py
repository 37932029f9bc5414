"""What the keys of a clerk's keypad mean: one table, for the desk, the wall and the tests.

A key means one thing alone, one after a number was typed (``n-plus``), and one after a nought (``0-plus``):
no ticket and no window has the number 0, and however often 0 is repeated it is one nought. The numeric
keypad's 18 keys reach every verb of a window; nothing that cannot be taken back hangs on one key. The keys of
callers that have one for each verb are in the same table, so both kinds work side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from halldrivers.caller.keys import Key
from hallkiosk.caller.errors import BadCallerKeys


class Meaning(StrEnum):
    """What a clerk can ask for; the values are the names in hall.toml."""

    STEP = "step"
    """The natural next step: 开窗、呼叫下一位、开始办理、办结. Takes the choice of a question."""
    CALL = "call"
    """呼叫下一位"""
    CALL_CERTAIN = "call-certain"
    """点名呼叫"""
    START = "start"
    """开始办理"""
    FINISH = "finish"
    """办结"""
    FINISH_THEN = "finish-then"
    """办结并转下一事项"""
    RECALL = "recall"
    """重呼; the next choice of a question"""
    PASS = "pass"
    """过号; the choice before of a question"""
    HOLD = "hold"
    """挂起"""
    RESUME = "resume"
    """恢复办理"""
    TRANSFER = "transfer"
    """转移: to a window by its number, else to a matter"""
    RETURN = "return"
    """过号恢复"""
    PAUSE = "pause"
    """暂停, and 开窗 while it is not open"""
    OPEN = "open"
    """开窗, and back from a pause"""
    CLOSE = "close"
    """关窗"""
    VOID = "void"
    """作废"""
    REPRINT = "reprint"
    """补打"""
    PAPER = "paper"
    """打印不明：出来了没有？"""
    CANCEL = "cancel"
    """Forget what was typed, leave a question."""


_K, _M = Key, Meaning

_ALONE = {
    _K.ENTER: _M.STEP,
    _K.PLUS: _M.RECALL,
    _K.MINUS: _M.PASS,
    _K.STAR: _M.HOLD,
    _K.SLASH: _M.TRANSFER,
    _K.DOT: _M.RESUME,
    _K.BACKSPACE: _M.CANCEL,
    _K.NEXT: _M.CALL,
    _K.CALL: _M.CALL_CERTAIN,
    _K.START: _M.START,
    _K.FINISH: _M.FINISH,
    _K.RECALL: _M.RECALL,
    _K.PASS: _M.PASS,
    _K.HOLD: _M.HOLD,
    _K.RESUME: _M.RESUME,
    _K.TRANSFER: _M.TRANSFER,
    _K.RETURN: _M.RETURN,
    _K.PAUSE: _M.PAUSE,
    _K.OPEN: _M.OPEN,
    _K.CLOSE: _M.CLOSE,
    _K.VOID: _M.VOID,
    _K.REPRINT: _M.REPRINT,
    _K.CANCEL: _M.CANCEL,
}
_NUMBERED = {
    _K.ENTER: _M.CALL_CERTAIN,
    _K.PLUS: _M.RETURN,
    _K.MINUS: _M.VOID,
    _K.STAR: _M.REPRINT,
    _K.SLASH: _M.TRANSFER,
    _K.DOT: _M.RESUME,
    _K.CALL: _M.CALL_CERTAIN,
    _K.RETURN: _M.RETURN,
    _K.VOID: _M.VOID,
    _K.REPRINT: _M.REPRINT,
    _K.TRANSFER: _M.TRANSFER,
    _K.RESUME: _M.RESUME,
}
_NOUGHT = {
    _K.ENTER: _M.PAUSE,
    _K.MINUS: _M.CLOSE,
    _K.STAR: _M.PAPER,
    _K.SLASH: _M.FINISH_THEN,
    _K.FINISH: _M.FINISH_THEN,
    _K.TRANSFER: _M.FINISH_THEN,
    _K.REPRINT: _M.PAPER,
    # The 21-key callers send 补打 as a number with 确认, which leaves no room for a nought before it.
    _K.RECALL: _M.PAPER,
}

TAKES_NUMBER = frozenset({_M.CALL_CERTAIN, _M.RETURN, _M.VOID, _M.REPRINT, _M.TRANSFER, _M.RESUME})
"""Meanings that know what to do with a number."""

_MAY_BE_SET = frozenset(key for key in Key if key.digit is None and key is not Key.LOST)
_PREFIXES = {"n-": "numbered", "0-": "nought"}
_NONE = "none"


@dataclass(frozen=True, slots=True)
class CallerKeys:
    """The meanings of the keys. Raises BadCallerKeys for a table that no desk could work with."""

    alone: Mapping[Key, Meaning] = field(default_factory=lambda: MappingProxyType(_ALONE))
    numbered: Mapping[Key, Meaning] = field(default_factory=lambda: MappingProxyType(_NUMBERED))
    """After digits that are not all noughts."""
    nought: Mapping[Key, Meaning] = field(default_factory=lambda: MappingProxyType(_NOUGHT))
    """After one or more noughts."""

    def __post_init__(self) -> None:
        for key, meaning in self.numbered.items():
            if meaning not in TAKES_NUMBER:
                raise BadCallerKeys(why=f"n-{key} 不能是 {meaning}", why_en=f"n-{key} cannot be {meaning}")
        for needed in (Meaning.STEP, Meaning.CANCEL):
            if needed not in self.alone.values():
                raise BadCallerKeys(why=f"没有键表示 {needed}", why_en=f"no key means {needed}")

    @classmethod
    def from_names(cls, names: Mapping[str, str]) -> CallerKeys:
        """The usual table with single meanings replaced, as in hall.toml.

        ``{"plus": "pass", "n-star": "void", "0-slash": "none"}``: a key alone, after a number, after a
        nought; ``none`` takes the meaning away. Raises BadCallerKeys.
        """
        tables = {"alone": dict(_ALONE), "numbered": dict(_NUMBERED), "nought": dict(_NOUGHT)}
        for name, meaning in names.items():
            column = next((c for prefix, c in _PREFIXES.items() if name.startswith(prefix)), "alone")
            key = _key(name if column == "alone" else name[2:], name)
            if meaning == _NONE:
                tables[column].pop(key, None)
            else:
                tables[column][key] = _meaning(meaning)
        return cls(**{column: MappingProxyType(table) for column, table in tables.items()})

    def meaning(self, key: Key, digits: str) -> Meaning | None:
        """What a key means after these digits; None when it means nothing there."""
        if self.alone.get(key) is Meaning.CANCEL:
            return Meaning.CANCEL
        if not digits:
            return self.alone.get(key)
        return (self.numbered if int(digits) else self.nought).get(key)


def _key(name: str, whole: str) -> Key:
    for key in _MAY_BE_SET:
        if key.value == name:
            return key
    raise BadCallerKeys(why=f"没有这个键：{whole}", why_en=f"no such key: {whole}")


def _meaning(name: str) -> Meaning:
    try:
        return Meaning(name)
    except ValueError:
        raise BadCallerKeys(why=f"没有这个含义：{name}", why_en=f"no such meaning: {name}") from None

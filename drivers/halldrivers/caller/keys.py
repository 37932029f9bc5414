"""The keys of a caller, by what is written on them.

Digits and the signs of a numeric keypad are given on as they are; a caller with keys for the verbs of a
window gives those. Which verb a sign or a number stands for is the window's business.
"""

from __future__ import annotations

from enum import StrEnum


class Key(StrEnum):
    """One press. A number that was typed is its digits, then the key that ends it."""

    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"
    ENTER = "enter"
    NEXT = "next"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    PASS = "pass"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    RETURN = "return"
    CALL = "call"
    """点名呼叫: the number typed before it."""
    PAUSE = "pause"
    OPEN = "open"
    CLOSE = "close"
    VOID = "void"
    REPRINT = "reprint"
    CANCEL = "cancel"
    PLUS = "plus"
    MINUS = "minus"
    STAR = "star"
    SLASH = "slash"
    DOT = "dot"
    BACKSPACE = "backspace"
    LOST = "lost"
    """No key: presses were lost, or the keypad was away. A number that is half typed must be forgotten, or
    12 and a later 3 would call 123."""

    @property
    def zh(self) -> str:
        """What is written on it, in Chinese."""
        return _ZH.get(self, self.value)

    @property
    def digit(self) -> int | None:
        """The number on it, or None."""
        return int(self.value) if self.value.isdigit() else None


_ZH = {
    Key.ENTER: "确认",
    Key.NEXT: "呼叫下一位",
    Key.RECALL: "重呼",
    Key.START: "开始办理",
    Key.FINISH: "办结",
    Key.PASS: "过号",
    Key.HOLD: "挂起",
    Key.RESUME: "恢复",
    Key.TRANSFER: "转移",
    Key.RETURN: "过号恢复",
    Key.CALL: "点名呼叫",
    Key.PAUSE: "暂停",
    Key.OPEN: "开窗",
    Key.CLOSE: "关窗",
    Key.VOID: "作废",
    Key.REPRINT: "补打",
    Key.CANCEL: "取消",
    Key.PLUS: "+",
    Key.MINUS: "-",
    Key.STAR: "*",
    Key.SLASH: "/",
    Key.DOT: ".",
    Key.BACKSPACE: "退格",
    Key.LOST: "按键丢失",
}


def digit_key(digit: int) -> Key:
    """The key of a digit 0 to 9."""
    return Key(str(digit))

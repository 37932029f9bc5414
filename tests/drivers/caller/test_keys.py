"""The names of keys, which the whole hall shares."""

from __future__ import annotations

from halldrivers.caller.keys import Key, digit_key


def test_the_verbs_of_a_window_have_a_key_each() -> None:
    verbs = {
        "next": "呼叫下一位", "recall": "重呼", "start": "开始办理", "finish": "办结", "pass": "过号",
        "hold": "挂起", "resume": "恢复", "transfer": "转移", "return": "过号恢复", "call": "点名呼叫",
        "pause": "暂停", "open": "开窗", "close": "关窗", "void": "作废", "reprint": "补打", "cancel": "取消",
    }  # fmt: skip
    assert {name: Key(name).zh for name in verbs} == verbs


def test_digits_are_their_numbers_and_nothing_else_is() -> None:
    assert [digit_key(digit).digit for digit in range(10)] == list(range(10))
    assert [key.digit for key in Key if not key.value.isdigit()] == [None] * (len(Key) - 10)


def test_every_key_has_a_word_for_a_chinese_screen() -> None:
    assert all(key.zh for key in Key)
    assert Key.PLUS.zh == "+" and Key.DIGIT_7.zh == "7" and Key.BACKSPACE.zh == "退格"

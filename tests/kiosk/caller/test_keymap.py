"""What the keys mean, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.caller.keys import Key
from hallkiosk.caller.errors import BadCallerKeys
from hallkiosk.caller.keymap import TAKES_NUMBER, CallerKeys, Meaning
from hallkiosk.caller.request import SENDERS
from hallqueue.keeper.access import MAY, Role
from hallqueue.states import PrintState

NUMERIC = (Key.ENTER, Key.PLUS, Key.MINUS, Key.STAR, Key.SLASH, Key.DOT, Key.BACKSPACE)


def test_every_verb_of_a_window_can_be_asked_for() -> None:
    assert set(SENDERS) == set(Meaning) - {Meaning.STEP, Meaning.CANCEL}


def test_the_numeric_keypad_alone_reaches_every_verb_of_a_window() -> None:
    keys = CallerKeys()
    tables = (keys.alone, keys.numbered, keys.nought)
    reached = {table[key] for table in tables for key in NUMERIC if key in table}
    step = {Meaning.OPEN, Meaning.CALL, Meaning.START, Meaning.FINISH}
    assert reached | step == set(Meaning)


def test_the_keys_of_the_numeric_keypad_are_those_of_the_wall() -> None:
    keys = CallerKeys()
    rows = {key: [keys.meaning(key, typed) for typed in ("", "12", "0")] for key in NUMERIC}
    assert rows == {
        Key.ENTER: [Meaning.STEP, Meaning.CALL_CERTAIN, Meaning.PAUSE],
        Key.PLUS: [Meaning.RECALL, Meaning.RETURN, None],
        Key.MINUS: [Meaning.PASS, Meaning.VOID, Meaning.CLOSE],
        Key.STAR: [Meaning.HOLD, Meaning.REPRINT, Meaning.PAPER],
        Key.SLASH: [Meaning.TRANSFER, Meaning.TRANSFER, Meaning.FINISH_THEN],
        Key.DOT: [Meaning.RESUME, Meaning.RESUME, None],
        Key.BACKSPACE: [Meaning.CANCEL] * 3,
    }


@pytest.mark.parametrize("key", [key for key in Key if key.digit is None and key is not Key.LOST])
def test_every_key_means_something_alone(key: Key) -> None:
    assert CallerKeys().meaning(key, "") is not None


def test_keys_for_a_verb_mean_that_verb() -> None:
    keys = CallerKeys()
    other_words = {"next": Meaning.CALL, "call": Meaning.CALL_CERTAIN}
    for key in Key:
        if key.digit is None and key not in (*NUMERIC, Key.LOST):
            assert keys.meaning(key, "") is other_words.get(key.value) or Meaning(key.value)


def test_however_often_it_repeats_a_nought_is_a_nought() -> None:
    keys = CallerKeys()
    assert {keys.meaning(Key.ENTER, "0" * n) for n in (1, 2, 3, 4)} == {Meaning.PAUSE}


def test_a_number_may_begin_with_noughts() -> None:
    assert CallerKeys().meaning(Key.ENTER, "012") is Meaning.CALL_CERTAIN


def test_nothing_that_cannot_be_taken_back_is_one_key_of_the_numeric_keypad() -> None:
    keys = CallerKeys()
    assert not {Meaning.VOID, Meaning.CLOSE, Meaning.PAPER} & {keys.alone[key] for key in NUMERIC}


def test_a_hall_replaces_single_meanings() -> None:
    keys = CallerKeys.from_names({"plus": "pass", "n-star": "void", "0-dot": "close", "minus": "none"})
    assert keys.meaning(Key.PLUS, "") is Meaning.PASS
    assert keys.meaning(Key.STAR, "7") is Meaning.VOID
    assert keys.meaning(Key.DOT, "00") is Meaning.CLOSE
    assert keys.meaning(Key.MINUS, "") is None
    assert keys.meaning(Key.MINUS, "7") is Meaning.VOID


def test_names_without_change_are_the_usual_table() -> None:
    assert CallerKeys.from_names({}) == CallerKeys()


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ({"plus-plus": "recall"}, "没有这个键：plus-plus"),
        ({"n-lost": "recall"}, "没有这个键：n-lost"),
        ({"5": "recall"}, "没有这个键：5"),
        ({"plus": "dance"}, "没有这个含义：dance"),
        ({"n-plus": "pass"}, "n-plus 不能是 pass"),
        ({"enter": "none"}, "没有键表示 step"),
        ({"backspace": "hold", "cancel": "hold"}, "没有键表示 cancel"),
    ],
)
def test_a_table_without_sense_says_what_is_wrong(names: dict[str, str], why: str) -> None:
    with pytest.raises(BadCallerKeys) as wrong:
        CallerKeys.from_names(names)
    error = wrong.value
    assert (error.code, error.what_zh) == ("K-31", f"叫号器按键设置有误：{why}")
    assert "setup" not in error.what_en and "…" not in str(error) and error.remedy_zh and error.remedy_en


def test_only_meanings_that_know_numbers_stand_behind_a_number() -> None:
    assert set(CallerKeys().numbered.values()) == TAKES_NUMBER


def test_every_operation_that_a_window_alone_may_do_is_reached_by_keys(
    make_bench: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole day of a numeric keypad; the keeper's own table says which operations a window has."""
    bench = make_bench(window=2)
    asked: list[str] = []
    for name in MAY:
        if name not in ("watch", "follow", "snapshot", "ticket"):
            operation = getattr(bench.hall, name)

            async def note(*args: Any, _name: str = name, _operation: Any = operation, **more: Any) -> Any:
                asked.append(_name)
                return await _operation(*args, **more)

            monkeypatch.setattr(bench.hall, name, note)
    tickets = [*(bench.take() for _ in range(4)), bench.take("tax")]
    assert tickets == ["A001", "A002", "A003", "A004", "B001"]
    bench.do("open_window", 3)
    asked.clear()

    def states() -> str:
        return " ".join(bench.ticket(number).state for number in tickets)

    bench.step()  # 开窗
    bench.step()  # 呼叫 A001
    bench.step("+")  # 重呼
    bench.step("-")  # 过号
    bench.step("1+")  # 过号恢复 A001: only it was passed
    bench.step("2=")  # 点名呼叫 A002
    assert states() == "waiting called waiting waiting waiting"
    bench.step()  # 开始办理
    bench.step("*")  # 挂起
    bench.step("2.")  # 恢复办理 A002
    bench.step("3/")  # 转移到 3 号窗口: it serves 婚姻登记 only
    bench.step()  # A003
    bench.step()
    bench.step()  # 办结
    bench.step("4-4-")  # 作废 A004
    bench.step()  # A001
    bench.step()
    bench.step("0/3=")  # 办结并转婚姻登记, which this window serves too
    bench.step()  # 办结
    assert states() == "done transferred done void waiting"
    bench.step("2*")  # 补打 A002
    job = bench.ask("print_queue")[0].job
    bench.do("print_begin", job, printer="p")
    bench.do("print_end", job, state=PrintState.UNKNOWN)
    bench.step("0*")  # 打印不明
    bench.step()  # that paper
    bench.step("1=")  # 出来了
    bench.step("0=")  # 暂停
    bench.step("0=")  # 恢复
    bench.step("0-")  # 关窗
    assert bench.refused == []
    desks = {name for name, roles in MAY.items() if roles == MAY["call_next"]}
    assert set(asked) - {"print_queue", "print_begin", "print_end"} == desks
    assert all(Role.WINDOW in MAY[name] for name in desks)

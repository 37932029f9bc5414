"""What frames mean: key codes, the display, and a vendor's own table from the configuration."""

from __future__ import annotations

import tomllib

import pytest

from halldrivers.caller.dialect import DIALECTS, LCD21, POLLED, CallerDialect, Show
from halldrivers.caller.dialectconfig import dialect_from
from halldrivers.caller.errors import BadDialect
from halldrivers.caller.frames import CallerFrame
from halldrivers.caller.keys import Key


def keys(data: str, dialect: CallerDialect = LCD21) -> list[str]:
    return [key.value for key in dialect.keys_of(bytes.fromhex(data))]


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        ("0C", ["next"]),
        ("0D", ["recall"]),
        ("0A", ["start"]),
        ("0B", ["finish"]),
        ("0E", ["cancel"]),
        ("0F", ["enter"]),
        ("12", ["pause"]),
        ("13", ["transfer"]),
        ("06 0F", ["pass"]),
        ("05 0F", ["pass"]),
        ("00 0F", ["hold"]),
        ("03 0F", ["resume"]),
        ("01 02 0F", ["1", "2", "enter"]),
        ("00 01 02 0C", ["0", "1", "2", "call"]),
        ("03 0A", ["3", "transfer"]),
        ("03 13", ["3", "transfer"]),
        ("01 0D", ["1", "recall"]),
        ("07", ["7"]),
    ],
)
def test_the_keys_of_the_21_key_caller(data: str, pressed: list[str]) -> None:
    assert keys(data) == pressed


@pytest.mark.parametrize(
    "data", ["", "0C 0C", "0C 01", "01 0C 0C", "11", "63", "FF", "01 63", "00 01 02 03 04 05 06 07 08 0C"]
)
def test_data_that_makes_no_sense_presses_nothing(data: str) -> None:
    assert keys(data) == []


def test_every_verb_of_a_window_can_be_reached() -> None:
    reached = {key for code in range(256) for key in LCD21.keys_of(bytes((code,)))}
    reached |= {key for code in range(256) for key in LCD21.keys_of(bytes((1, 2, code)))}
    reached |= set(LCD21.whole.values())
    signs = {Key.PLUS, Key.MINUS, Key.STAR, Key.SLASH, Key.DOT, Key.BACKSPACE, Key.LOST}
    assert reached == set(Key) - signs


def shown(number: str, waiting: int, layout: str = "nnn_ww") -> str:
    (frame,) = CallerDialect("x", shows=(Show(0x02, layout),)).show(2, number, waiting)
    assert (frame.address, frame.command) == (2, 0x02)
    return "".join(str(place) if place < 10 else "_" for place in frame.data)


@pytest.mark.parametrize(
    ("number", "waiting", "places"),
    [
        ("A012", 5, "012_05"),
        ("B7", 12, "__7_12"),
        ("A1000", 0, "000_00"),
        ("", 100, "____99"),
        ("A012", -1, "012_00"),
        ("一二三", 1, "____01"),
        ("A٣4", 1, "__4_01"),
    ],
)
def test_the_display_shows_the_last_digits_of_the_number_and_how_many_wait(
    number: str, waiting: int, places: str
) -> None:
    assert shown(number, waiting) == places


def test_a_display_may_have_other_places() -> None:
    assert shown("A012", 5, "wwwnnn") == "005012"
    assert shown("A012", 5, "nn") == "12"
    assert shown("A012", 5, "ww") == "05"


def test_a_caller_may_have_a_frame_each_for_number_and_count() -> None:
    assert POLLED.show(3, "A012", 7) == (
        CallerFrame(3, 0x20, b"\x00\x01\x02"),
        CallerFrame(3, 0x21, b"\x00\x00\x07"),
    )


def test_keys_come_under_any_command_that_is_not_another_s() -> None:
    assert [command for command in range(256) if not LCD21.is_key(command)] == [0x02, 0x03, 0x11]
    assert CallerDialect("x", beep=None).is_key(0x03)


def test_a_dialect_may_name_the_command_of_its_keys() -> None:
    assert [command for command in range(256) if CallerDialect("x", key_command=2).is_key(command)] == [2]


SHEET = """
base = "polled"
keys = { "31" = "1", "32" = "2", "4E" = "next", "52" = "recall", "0D" = "enter" }
after_digits = { "4E" = "call" }
whole = { "32 0D" = "pass" }
shows = ["A1 nnn", "A2 ww"]
zero = "30"
blank = "20"
beep = ""
poll = "05"
answer = "06"
no_key = "00"
numbered = false
key_command = "07"
repeat_ms = 500
reply_ms = 120
"""


def test_a_vendor_s_table_is_read_from_the_configuration() -> None:
    made = dialect_from("mymake", tomllib.loads(SHEET))
    assert (made.name, made.is_polled, made.is_numbered) == ("mymake", True, False)
    assert (made.poll, made.answer, made.no_key, made.beep) == (0x05, 0x06, 0x00, None)
    assert (made.key_command, made.repeat_s, made.reply_s) == (0x07, 0.5, 0.12)
    assert keys("31 32 4E", made) == ["1", "2", "call"]
    assert keys("32 0D", made) == ["pass"] and keys("4E", made) == ["next"]
    assert [frame.data for frame in made.show(1, "A012", 5)] == [b"012", b"05"]


def test_digits_stay_digits_unless_a_table_names_its_own() -> None:
    made = dialect_from("mymake", {"keys": {"4E": "next"}})
    assert keys("00 01 4E", made) == ["0", "1", "next"]


def test_an_empty_table_is_its_base() -> None:
    assert dialect_from("lcd21", {}) == DIALECTS["lcd21"]


@pytest.mark.parametrize(
    ("settings", "zh", "en"),
    [
        ({"base": "modbus"}, "mymake.base 可用：lcd21, polled", "mymake.base is one of: lcd21, polled"),
        ({"pol": "05"}, "mymake.pol 不认识", "mymake.pol is unknown"),
        ({"poll": 5}, "mymake.poll 写两位十六进制", "mymake.poll is two hexadecimal digits"),
        ({"poll": "0x05"}, "mymake.poll 写两位十六进制", "mymake.poll is two hexadecimal digits"),
        ({"poll": "05 06"}, "mymake.poll 写两位十六进制", "mymake.poll is two hexadecimal digits"),
        ({"keys": {"0C": "nxet"}}, "mymake.keys 写", "mymake.keys is a table"),
        ({"keys": ["next"]}, "mymake.keys 写", "mymake.keys is a table"),
        ({"whole": {"": "pass"}}, "mymake.whole 写", "mymake.whole is a table"),
        ({"whole": {"00 " * 9 + "0F": "pass"}}, "mymake.whole 写", "mymake.whole is a table"),
        ({"shows": "02 nnn"}, "mymake.shows 写", "mymake.shows is a list"),
        ({"shows": ["02 nnn", "03 abc"]}, "mymake.shows 写", "mymake.shows is a list"),
        ({"shows": [2]}, "mymake.shows 写", "mymake.shows is a list"),
        ({"reply_ms": 0}, "mymake.reply_ms 写 1 到 5000", "mymake.reply_ms is a whole number from 1 to 5000"),
        ({"reply_ms": True}, "mymake.reply_ms 写", "mymake.reply_ms is a whole number"),
        ({"numbered": "yes"}, "mymake.numbered 写 true 或 false", "mymake.numbered is true or false"),
    ],
)
def test_a_wrong_table_says_what_to_write(settings: dict[str, object], zh: str, en: str) -> None:
    with pytest.raises(BadDialect) as caught:
        dialect_from("mymake", settings)
    assert caught.value.detail_zh.startswith(zh) and caught.value.detail.startswith(en)
    assert caught.value.code == "K-05"

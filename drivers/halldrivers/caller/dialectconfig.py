"""A dialect from the configuration: the table of a vendor's protocol sheet, as TOML.

::

    base = "lcd21"                      # what is not said here is as there; "polled" for a line that is asked
    keys = { "0C" = "next", "0D" = "recall" }   # key codes instead of those; 00 to 09 stay the digits, unless
                                                # the table names digits of its own ("31" = "1")
    after_digits = { "0C" = "call" }    # the same with a number typed before
    whole = { "06 0F" = "pass", "00 0F" = "hold" }
    shows = ["02 nnn_ww"]               # command and places: n number, w waiting count, _ blank
    zero = "00"                         # the display's code for 0
    blank = "0A"
    beep = "03"                         # "" for a caller without a beeper
    key_command = "01"                  # of frames with keys; without it any that is not another's
    repeat_ms = 1000                    # the same frame within this time is the same press
    poll = "10"                         # polled only, as are the following
    answer = "90"
    no_key = "FF"
    numbered = true
    reply_ms = 30                       # how long a caller takes to begin its answer
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from halldrivers.caller.dialect import DIALECTS, DIGITS, CallerDialect, Show
from halldrivers.caller.errors import BadDialect
from halldrivers.caller.keys import Key

T = TypeVar("T")

_SHOW = re.compile(r"([0-9A-Fa-f]{2}) ([nw_]{1,16})")
_MOST_WHOLE = 9
_MOST_MS = 5000


def dialect_from(name: str, settings: Mapping[str, object]) -> CallerDialect:
    """The dialect of one table of the configuration; BadDialect says what is wrong with it."""
    base = settings.get("base", "lcd21")
    if not isinstance(base, str) or base not in DIALECTS:
        raise _wrong(name, "base", f"可用：{', '.join(DIALECTS)}", f"is one of: {', '.join(DIALECTS)}")
    changes: dict[str, object] = {}
    for key, value in settings.items():
        if key == "base":
            continue
        if key not in _READERS:
            known = ", ".join(("base", *_READERS))
            raise _wrong(name, key, f"不认识（可用：{known}）", f"is unknown (known here: {known})")
        field, read, zh, en = _READERS[key]
        try:
            changes[field] = read(value)
        except (ValueError, TypeError, AttributeError) as error:
            raise _wrong(name, key, zh, en) from error
    return replace(DIALECTS[base], name=name, **changes)  # type: ignore[arg-type]


def _wrong(name: str, key: str, zh: str, en: str) -> BadDialect:
    return BadDialect(f"{name}.{key} {en}", f"{name}.{key} {zh}")


def _byte(value: object) -> int:
    found = _bytes(value)
    if len(found) != 1:
        raise ValueError(value)
    return found[0]


def _beep(value: object) -> int | None:
    return None if value == "" else _byte(value)


def _bytes(value: object) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Fa-f]{2}( ?[0-9A-Fa-f]{2})*", value):
        raise ValueError(value)
    return bytes.fromhex(value)


def _seconds(value: object) -> float:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_MS:
        raise ValueError(value)
    return value / 1000


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _table(code: Callable[[object], T]) -> Callable[[object], Mapping[T, Key]]:
    def read(value: object) -> Mapping[T, Key]:
        if not isinstance(value, Mapping):
            raise ValueError(value)
        found = {code(written): Key(key) for written, key in value.items()}
        if Key.LOST in found.values():
            raise ValueError(value)  # what the hall itself says of a press that it could not read
        return found

    return read


def _keys(value: object) -> Mapping[int, Key]:
    found = _table(_byte)(value)
    return found if any(key.digit is not None for key in found.values()) else {**DIGITS, **found}


def _whole(value: object) -> bytes:
    found = _bytes(value)
    if len(found) > _MOST_WHOLE:
        raise ValueError(value)
    return found


def _shows(value: object) -> tuple[Show, ...]:
    if not isinstance(value, list):
        raise ValueError(value)
    found = [_SHOW.fullmatch(line) for line in value]
    shows = tuple(Show(int(show[1], 16), show[2]) for show in found if show)
    if len(shows) != len(value):
        raise ValueError(value)
    return shows


_HEX = ("写两位十六进制，例如 0C", "is two hexadecimal digits, for example 0C")
_MS = (f"写 1 到 {_MOST_MS} 的整数", f"is a whole number from 1 to {_MOST_MS}")
_NAMES = (
    '写 { "0C" = "next" } 这样的表，键名见 docs/wiring.md',
    'is a table such as { "0C" = "next" } with the names of keys in docs/wiring.md',
)
_READERS: Mapping[str, tuple[str, Callable[[object], object], str, str]] = {
    "keys": ("keys", _keys, *_NAMES),
    "after_digits": ("after_digits", _table(_byte), *_NAMES),
    "whole": ("whole", _table(_whole), *_NAMES),
    "shows": ("shows", _shows, '写 ["02 nnn_ww"] 这样的列表', 'is a list such as ["02 nnn_ww"]'),
    "zero": ("zero", _byte, *_HEX),
    "blank": ("blank", _byte, *_HEX),
    "beep": ("beep", _beep, *_HEX),
    "key_command": ("key_command", _byte, *_HEX),
    "repeat_ms": ("repeat_s", _seconds, *_MS),
    "poll": ("poll", _byte, *_HEX),
    "answer": ("answer", _byte, *_HEX),
    "no_key": ("no_key", _byte, *_HEX),
    "numbered": ("is_numbered", _flag, "写 true 或 false", "is true or false"),
    "reply_ms": ("reply_s", _seconds, *_MS),
}

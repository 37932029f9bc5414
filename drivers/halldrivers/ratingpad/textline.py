"""Boxes with text lines: a pattern of the configuration finds the key in each line.

::

    1 CR LF        K1 CR        KEY:03 LF

A line ends with CR, LF or both, or, for boxes that send neither, with a silence. What a technician writes is
a regular expression, which must never hang the desk: lines are bounded, and only expressions without repeats
of groups and with few repeats and choices are taken, so matching is at most cubic in 128 letters.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

from halldrivers.ratingpad.errors import BadPadLine
from halldrivers.ratingpad.heard import KEY_NAMES, KeyHeard

MOST_LINE_BYTES = 128
"""A longer line is no key of a pad."""
MOST_PATTERN_LETTERS = 100
MOST_REPEATS = 2
"""``*``, ``+``, ``?`` and ``{}``."""
MOST_CHOICES = 8
"""``|``."""
_ENDS = b"\r\n"
_ESCAPES = frozenset("dDsSwWtrnxX.\\/-+*?()[]{}|^$:,;=#@!<>&%'\"~_ ")


@dataclass(frozen=True, slots=True)
class PadLine:
    """What a box writes and what it wants to read. BadPadLine when it cannot be used."""

    pattern: str
    """A regular expression for the whole line; its group ``key``, or its first group, is the key."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """What the group's text means, "1" to "8"; empty where the text is the key itself."""
    arm: str = ""
    """Written when a rating is asked for; empty writes nothing. ASCII, as the two below."""
    thank: str = ""
    idle: str = ""
    end: str = "\r\n"
    """Written after each of these."""
    silence_ms: int = 0
    """A line ends also after so long a silence; 0 for boxes that end their lines."""
    matcher: re.Pattern[str] = field(init=False, repr=False, compare=False)
    """The pattern, ready for use."""

    def __post_init__(self) -> None:
        _check(self.pattern)
        try:
            with warnings.catch_warnings():
                # What a later Python will read in another way ("[[") is refused today.
                warnings.simplefilter("error", FutureWarning)
                matcher = re.compile(self.pattern, re.ASCII)
        except (re.error, FutureWarning, OverflowError, RecursionError) as error:
            raise _wrong(f"{self.pattern!r}：{error}", f"{self.pattern!r}: {error}") from error
        if not matcher.groups:
            raise _wrong(
                f"{self.pattern!r} 里没有括住键号的括号",
                f"{self.pattern!r} has no parentheses around the key",
            )
        for text, key in self.keys.items():
            if key not in KEY_NAMES:
                raise _wrong(
                    f"{text!r} 对应的键只能是 1 到 8", f"{text!r} means a key from 1 to 8, not {key!r}"
                )
        for text in (self.arm, self.thank, self.idle, self.end):
            if not text.isascii():
                raise _wrong(f"发送的文字只能用 ASCII：{text!r}", f"what is sent must be ASCII: {text!r}")
        if not 0 <= self.silence_ms <= 2000:
            raise _wrong("silence_ms 是 0 到 2000", "silence_ms is 0 to 2000")
        object.__setattr__(self, "matcher", matcher)

    def key_in(self, line: str) -> str | None:
        """The key in a line; None when there is none."""
        found = self.matcher.fullmatch(line)
        if found is None:
            return None
        text = found["key"] if "key" in self.matcher.groupindex else found[1]
        key = self.keys.get(text, "") if self.keys else text
        return key if key in KEY_NAMES else None

    def written(self, text: str) -> bytes:
        """The bytes of something that is written."""
        return (text + self.end).encode("ascii") if text else b""


def _wrong(zh: str, en: str) -> BadPadLine:
    return BadPadLine(en, zh)


def _refuse(pattern: str, zh: str, en: str) -> BadPadLine:
    return _wrong(f"{pattern!r}：{zh}", f"{pattern!r}: {en}")


def _check(pattern: str) -> None:
    """Refuse expressions that could take long: read as text, before the regex engine sees them."""
    if not pattern.isascii() or len(pattern) > MOST_PATTERN_LETTERS:
        raise _refuse(
            pattern[:MOST_PATTERN_LETTERS],
            f"最多 {MOST_PATTERN_LETTERS} 个 ASCII 字符",
            f"at most {MOST_PATTERN_LETTERS} ASCII letters",
        )
    repeats = choices = index = 0
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            if pattern[index + 1 : index + 2] not in _ESCAPES:
                raise _refuse(pattern, "不支持的转义", f"\\{pattern[index + 1 : index + 2]} is not supported")
            index += 2
        elif letter == "[":
            index = _class_end(pattern, index)
        else:
            if letter == "(" and pattern[index + 1 : index + 2] == "?":
                if not pattern.startswith(("(?:", "(?P<key>"), index):
                    raise _refuse(
                        pattern, "括号只用 (…)、(?:…) 或 (?P<key>…)", "groups are (…), (?:…) or (?P<key>…)"
                    )
                index += 1
            elif letter in "*+?{":
                repeats += 1
                if pattern[index - 1 : index] == ")":
                    raise _refuse(pattern, "括号后面不能用重复", "a group must not be repeated")
            choices += letter == "|"
            index += 1
    if repeats > MOST_REPEATS:
        raise _refuse(pattern, f"重复最多 {MOST_REPEATS} 处", f"at most {MOST_REPEATS} repeats")
    if choices > MOST_CHOICES:
        raise _refuse(pattern, f"| 最多 {MOST_CHOICES} 处", f"at most {MOST_CHOICES} times |")


def _class_end(pattern: str, index: int) -> int:
    """Where the character class that begins at ``index`` is over."""
    index += 1
    if pattern[index : index + 1] == "^":
        index += 1
    if pattern[index : index + 1] == "]":
        index += 1
    while index < len(pattern) and pattern[index] != "]":
        index += 2 if pattern[index] == "\\" else 1
    return index + 1


class LineDecoder:
    """The codec of a box with text lines."""

    def __init__(self, form: PadLine) -> None:
        self._form = form
        self._line = bytearray()
        self._is_too_long = False
        """The rest of this line is dropped."""
        self._began_s = self._last_s = 0.0
        self.garbage = 0
        """Bytes so far of lines without a key."""

    @property
    def buffered(self) -> int:
        """Bytes of a line that is not complete."""
        return len(self._line)

    def feed(self, data: bytes, at_s: float) -> list[KeyHeard]:
        """Bytes that arrived at ``at_s``, or none by then; the keys of the lines that are complete."""
        heard: list[KeyHeard] = []
        silence_ms = self._form.silence_ms
        if silence_ms and (at_s - self._last_s) * 1000 >= silence_ms:
            self._end(heard)
        if not data:
            return heard
        self._last_s = at_s
        for byte in data:
            if byte in _ENDS:
                self._end(heard)
            elif self._is_too_long:
                self.garbage += 1
            else:
                self._append(byte, at_s)
        return heard

    def _append(self, byte: int, at_s: float) -> None:
        if not self._line:
            self._began_s = at_s
        self._line.append(byte)
        if len(self._line) > MOST_LINE_BYTES:
            self.garbage += len(self._line)
            self._line.clear()
            self._is_too_long = True

    def _end(self, heard: list[KeyHeard]) -> None:
        self._is_too_long = False
        if not self._line:
            return
        line, self._line = bytes(self._line), bytearray()
        key = self._form.key_in(line.decode("latin-1"))
        if key is None:
            self.garbage += len(line)
        else:
            heard.append(KeyHeard(key, self._began_s))

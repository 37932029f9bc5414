"""Where each key of a TOML text stands: key path to line number.

:mod:`tomllib` reads TOML exactly but forgets positions, and "line 57" is what a technician at the far
end of a telephone needs. This scanner walks a text that tomllib has already accepted and notes the
line of every key, table header and array element. Because the text is known to be valid it decides
nothing about values: it only has to see where each one ends.

A path is what one would write to index the parsed document: ``("service", 3, "prefix")``.
Grammar: TOML v1.0.0.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys (text) and places in arrays (0-based numbers), from the root."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_STRINGS = (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL)


@dataclass(frozen=True, slots=True)
class Lines:
    """The line (from 1) of every key path of one text."""

    known: Mapping[Path, int]

    def of(self, *path: str | int) -> int:
        """The line of a path; of its nearest ancestor when it is not written (a missing key); else 1."""
        for length in range(len(path), 0, -1):
            line = self.known.get(path[:length])
            if line is not None:
                return line
        return 1


def locate(text: str) -> Lines:
    """Scan a text that :func:`tomllib.loads` accepts. CRLF is read as LF, as tomllib does."""
    return Lines(_Scan(text.replace("\r\n", "\n")).run())


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._known: dict[Path, int] = {}
        self._table_arrays: dict[Path, int] = {}
        """Path of each array of tables (``[[x]]``) to the place of its last element."""

    def run(self) -> dict[Path, int]:
        base: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == "[":
                base = self._header()
            else:
                self._pair(base)
        return self._known

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return self._at

    def _header(self) -> Path:
        line = self._line()
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        *parents, last = self._key()
        self._at += 2 if is_array else 1
        path: Path = ()
        for part in parents:
            path = self._enter((*path, part), line)
        path = (*path, last)
        if is_array:
            self._known.setdefault(path, line)
            self._table_arrays[path] = self._table_arrays.get(path, -1) + 1
            path = (*path, self._table_arrays[path])
        self._known[path] = line
        return path

    def _enter(self, path: Path, line: int) -> Path:
        """A table named on the way to another: the newest element where it is an array of tables."""
        self._known.setdefault(path, line)
        if path in self._table_arrays:
            return (*path, self._table_arrays[path])
        return path

    def _pair(self, base: Path) -> None:
        line = self._line()
        path = base
        for part in self._key():
            path = (*path, part)
            self._known.setdefault(path, line)
        self._at += 1  # the equals sign
        self._value(path)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            start = self._at
            if self._text[start] in "\"'":
                self._skip(_BASIC if self._text[start] == '"' else _LITERAL)
                # The escapes of a quoted key are TOML's own: let tomllib read them.
                parts.append(tomllib.loads(f"k={self._text[start : self._at]}")["k"])
            else:
                parts.append(self._text[start : self._skip(_BARE_KEY)])
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        match self._text[self._at]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                start = self._at
                for pattern in _STRINGS:
                    if self._skip(pattern) > start:
                        return
            case _:
                self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        place = 0
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == "]":
                self._at += 1
                return
            self._known[(*path, place)] = self._line()
            self._value((*path, place))
            place += 1
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == "}":
                self._at += 1
                return
            self._pair(path)
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1

"""How wide text is on paper, and where its lines break.

A printer's line is a row of cells: one for an ASCII character, two for everything its Han font draws.
That second half is why the terminal's rule is not enough: `·`, `“` or `─` are one cell wide on a screen
(East Asian "ambiguous") but two bytes and so two cells on a printer.

Rules of a break, in the order in which they give way: no line is wider than the paper; no line begins with a
closing mark or ends with an opening one; a word of ASCII characters stays whole.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from wcwidth import wcwidth

NO_LINE_START = frozenset("，。、：；！？）》】〕〉」』”’…—～·％,.:;!?)]}%")
"""Marks that never begin a line (避头)."""

NO_LINE_END = frozenset("（《【〔〈「『“‘￥([{")
"""Marks that never end a line (避尾)."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_REPLACED = {"\u00a5": "￥", "\t": " ", "\n": " ", "\r": " ", "\u00a0": " "}


def clean(text: str) -> str:
    """Makes text fit for paper: no control characters, no invisible ones, the yen sign as the full-width one.

    A control byte in a name would be a printer command; U+00A5 has no two-byte form and prints as a wrong
    Han character on GBK units (facts: printing 2.2).
    """
    kept = (_REPLACED.get(char, char) for char in unicodedata.normalize("NFC", text))
    return "".join(char for char in kept if char == " " or not _is_invisible(char))


def _is_invisible(char: str) -> bool:
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_selector or unicodedata.category(char) in _DROPPED


@lru_cache(maxsize=8192)
def char_width(char: str) -> int:
    """Counts the cells of one character: 0 for a combining mark, 1, or 2."""
    if " " <= char <= "~":
        return 1
    width = max(0, wcwidth(char))
    if width == 1 and _is_two_bytes(char):
        return 2
    return width


def _is_two_bytes(char: str) -> bool:
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def text_width(text: str) -> int:
    """Counts the cells of a line."""
    return sum(map(char_width, text))


def wrap(text: str, columns: int) -> tuple[str, ...]:
    """Breaks text into lines of at most that many cells; loses nothing but the spaces at a break."""
    if columns < 2:
        raise ValueError("a line needs at least two cells, the width of one Han character")
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(clean(text), columns):
        width = text_width(piece)
        if used + width > columns:
            lines.append(line.rstrip(" "))
            line, used = "", 0
        if piece == " " and not line:
            continue
        line, used = line + piece, used + width
    lines.append(line.rstrip(" "))
    return tuple(line for line in lines if line)


def wrap_balanced(text: str, columns: int) -> tuple[str, ...]:
    """Breaks text like `wrap` into lines of about one length, so that no heading ends in a lone character."""
    lines = wrap(text, columns)
    fewest = len(lines)
    if fewest < 2:
        return lines  # most of a ticket; the search below would take longer than all of its encoding
    low = max((text_width(piece) for piece in _pieces(clean(text), columns)), default=columns)
    low, high = max(2, low), columns
    while low < high:
        middle = (low + high) // 2
        if len(wrap(text, middle)) <= fewest:
            high = middle
        else:
            low = middle + 1
    return wrap(text, high)


def _pieces(text: str, columns: int) -> Iterator[str]:
    piece = ""
    for char in text:
        if piece and _may_break(piece[-1], char):
            yield from _cut(piece, columns)
            piece = ""
        piece += char
    if piece:
        yield from _cut(piece, columns)


def _may_break(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return True
    if char_width(after) == 0 or after in NO_LINE_START or before in NO_LINE_END:
        return False
    return not (before.isascii() and after.isascii())


def _cut(piece: str, columns: int) -> Iterator[str]:
    """Cuts what is longer than a whole line, where the other rules have to give way."""
    part, used = "", 0
    for char in piece:
        width = char_width(char)
        if part and used + width > columns:
            yield part
            part, used = "", 0
        part, used = part + char, used + width
    yield part

"""Text about a person that shows itself masked, so that no log, screen or traceback gets it by accident.

Printing, formatting, `repr` and copies show the mask; pickling and JSON refuse. Whoever needs the text says
so with :meth:`Private.reveal`, which is easy to find in the code.
"""

from __future__ import annotations

from typing import NoReturn, Self

HIDDEN = "***"


class Private:
    """One text of a card; compares and hashes as its text."""

    __slots__ = ("_shown", "_text")

    def __init__(self, text: str, shown: str | None = None) -> None:
        self._text = text
        self._shown = (HIDDEN if text else "") if shown is None else shown

    def reveal(self) -> str:
        """The text itself. Keep it no longer than the use needs, and never log it."""
        return self._text

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"Private({self._shown})"

    def __format__(self, spec: str) -> str:
        return format(self._shown, spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("private text is not to be stored")

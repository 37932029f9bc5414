"""The base of every error of the hall, and the two kinds under it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Actor(StrEnum):
    """Who must act on an error (XFS4IoT calls this the error action)."""

    CLERK = "clerk"
    """办事员"""
    CITIZEN = "citizen"
    """群众"""
    TECHNICIAN = "technician"
    """技术员"""
    NOBODY = "nobody"
    """It heals by itself."""


class HallError(Exception):
    """Base of everything the hall reports to a person.

    The class texts are templates over ``details``: ``{number}`` in ``what_zh`` is filled from
    ``details["number"]``.
    """

    code: ClassVar[str] = "HALL"
    who: ClassVar[Actor] = Actor.TECHNICIAN
    zh: ClassVar[str] = "出现未知问题"
    en: ClassVar[str] = "something unknown went wrong"
    fix_zh: ClassVar[str] = "请联系技术员"
    fix_en: ClassVar[str] = "call the technician"

    def __init__(self, **details: str | int) -> None:
        self.details = details
        super().__init__(f"{self.code} {self.what_zh}（{self.remedy_zh}）/ {self.what_en}; {self.remedy_en}")

    def _fill(self, template: str) -> str:
        return template.format_map(_Blank(self.details))

    @property
    def what_zh(self) -> str:
        """What happened, in Chinese."""
        return self._fill(self.zh)

    @property
    def what_en(self) -> str:
        """What happened, in English."""
        return self._fill(self.en)

    @property
    def remedy_zh(self) -> str:
        """What to do, in Chinese."""
        return self._fill(self.fix_zh)

    @property
    def remedy_en(self) -> str:
        """What to do, in English."""
        return self._fill(self.fix_en)


class _Blank(dict[str, str | int]):
    """A detail the sender left out shows as an ellipsis instead of breaking the message."""

    def __missing__(self, key: str) -> str:
        return "…"


class Refused(HallError):
    """The rules say no; nothing changed."""

    who = Actor.CLERK


class Trouble(HallError):
    """The machine could not; nothing changed, and the same request may be repeated under its key."""

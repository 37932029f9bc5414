"""What goes between the hall and the process that takes a document apart (:mod:`.unpack`)."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

MOST_ANSWER_BYTES = 256 << 10
"""Five hundred pages take 25 KB."""


class BadAnswer(ValueError):
    """Raised when what came is no answer."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of a document. Its path stands beside it: a path may be no text (a name in GBK)."""

    first: int
    """The number of its first page."""
    most_pages: int
    most_bytes: int
    """Of all its pages together."""
    room_bytes: int
    """What may be written before the disk is too full for the rest of the hall."""
    memory_bytes: int
    """Of address space."""
    cpu_s: int


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A page's file in the process's working folder."""

    name: str
    turn_degrees: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the document is not taken."""

    code: str
    detail: str
    detail_zh: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Its pages in order, or why there are none."""

    pages: tuple[Unpacked, ...] = ()
    refused: Refused | None = None


def encode(message: Order | Answer) -> str:
    """As a line."""
    return msgspec.json.encode(message).decode()


def decode_order(text: str) -> Order:
    """An order; from our own program only."""
    return msgspec.json.decode(text, type=Order)


def decode_answer(text: str) -> Answer:
    """An answer; BadAnswer."""
    try:
        answer = msgspec.json.decode(text, type=Answer)
    except msgspec.DecodeError as error:
        raise BadAnswer(str(error)) from error
    if bool(answer.pages) == (answer.refused is not None):
        raise BadAnswer("neither pages nor a reason")
    return answer

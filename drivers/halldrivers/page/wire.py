"""What goes through the pipes between the hall and a page process.

::

    request   {"bytes": N, "order": {…}, "limits": {…}} \\n   N bytes: the original JPEG
    answer    {"bytes": N, "report": {…}, "error": null} \\n   N bytes: the derived JPEG
              {"bytes": 0, "report": null, "error": {"code": "F-14", …}} \\n
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from halldrivers.camera.mjpeg import MOST_BYTES
from halldrivers.page.judge import Limits
from halldrivers.page.result import PageOrder, PageReport

MOST_HEAD_BYTES = 64 << 10
"""Of a line: a report has 2 KB."""
MOST_ANSWER_BYTES = MOST_HEAD_BYTES + MOST_BYTES


class BadMessage(ValueError):
    """Raised when what came through a pipe is no message; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """The line before an original."""

    bytes: int
    order: PageOrder
    limits: Limits


@dataclass(frozen=True, slots=True)
class ToldError:
    """An error that the page process itself tells."""

    code: str
    detail: str
    detail_zh: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The line before a derived page."""

    bytes: int
    report: PageReport | None = None
    error: ToldError | None = None


def encode_head(head: Request | Answer) -> bytes:
    """A line."""
    return msgspec.json.encode(head) + b"\n"


def decode_request(line: bytes) -> Request:
    """The line before an original; BadMessage."""
    try:
        request = msgspec.json.decode(line, type=Request)
    except msgspec.DecodeError as error:
        raise BadMessage(str(error)) from error
    if not 0 < request.bytes <= MOST_BYTES:
        raise BadMessage(f"an original of {request.bytes} bytes")
    return request


def decode_answer(data: bytes) -> tuple[Answer, bytes]:
    """A whole answer, taken apart; BadMessage."""
    line, _, derived = data.partition(b"\n")
    try:
        answer = msgspec.json.decode(line, type=Answer)
    except msgspec.DecodeError as error:
        raise BadMessage(str(error)) from error
    if (answer.report is None) == (answer.error is None) or answer.bytes != len(derived):
        raise BadMessage("neither a page nor an error")
    return answer, derived

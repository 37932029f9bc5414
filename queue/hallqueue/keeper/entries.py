"""What waits in the keeper's queue, and the line that each entry is answered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from hallqueue.errors import BadRequest, KeeperFault
from hallqueue.keeper.serve import Connection
from hallqueue.keeper.work import Ask
from hallqueue.rules.engine import HallEngine
from hallqueue.wire.wire import (
    ANSWER_MAX,
    BadLine,
    Request,
    Rpc,
    answer_line,
    error_line,
    hall_error_line,
)

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Entry:
    """One thing that a connection will be told."""

    connection: Connection
    request_id: int | str | None
    ask: Ask[HallEngine] | None
    line: bytes = b""
    """What to send when there is no ask."""
    then: Callable[[], None] | None = None
    """Done after the line was sent (a subscription begins, the connection closes)."""


def params_of(decode: Callable[[msgspec.Raw], T], request: Request) -> T:
    """The request's parameters. Raises BadLine, with the answer, when they are none."""
    try:
        return decode(request.params)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadLine(error_line(request.id, Rpc.PARAMS, BadRequest(why=str(wrong)))) from wrong


def line_of(entry: Entry) -> bytes:
    """What the entry is answered with; its ask was run."""
    ask = entry.ask
    if ask is None:
        return entry.line
    assert entry.request_id is not None
    if isinstance(ask.error, KeeperFault):
        return error_line(entry.request_id, Rpc.INTERNAL, ask.error)
    if ask.error is not None:
        return hall_error_line(entry.request_id, ask.error)
    assert ask.result is not None
    if len(ask.result) > ANSWER_MAX - 256:
        return hall_error_line(entry.request_id, BadRequest(why="the answer would be too long"))
    return answer_line(entry.request_id, ask.result)

"""What a key sequence asks the hall for, and how it is sent.

A request is made from what the display showed, and carries it (`expect`): it is sent as it is, under the one
idempotency key of its press, so that neither a repetition nor a change in between does something to another
person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.sight import Standing, TicketStanding
from hallqueue.service import NO_CHECK, HallService

VOID_REASON = "窗口叫号器作废"
"""The reason in the log: a keypad has no keys for a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A verb with all it needs; fields that it does not use keep their empty values."""

    what: Meaning
    standing: Standing
    """How the window stood when it was made."""
    expect: int = NO_CHECK
    """The ticket shown in hand, 0 for none."""
    ticket: int = 0
    ticket_standing: TicketStanding | None = None
    """How that ticket stood; only of verbs that need no window."""
    service: str = ""
    to_window: int = 0
    job: int = 0
    came_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seek:
    """Look for today's tickets with these digits, in order to do that with one of them."""

    what: Meaning
    digits: str
    standing: Standing
    expect: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the requests of one window's clerk."""

    service: HallService
    window: int
    clerk: str

    async def send(self, request: Request, key: str) -> None:
        """Ask the hall. Raises what the hall raises."""
        await SENDERS[request.what](self, request, key)


_M = Meaning

SENDERS: Mapping[Meaning, Callable[[Sender, Request, str], Awaitable[object]]] = MappingProxyType(
    {
        _M.OPEN: lambda s, r, key: s.service.open_window(s.window, key=key, clerk=s.clerk),
        _M.PAUSE: lambda s, r, key: s.service.pause_window(s.window, key=key),
        _M.CLOSE: lambda s, r, key: s.service.close_window(s.window, key=key),
        _M.CALL: lambda s, r, key: s.service.call_next(s.window, key=key, expect=r.expect),
        _M.CALL_CERTAIN: lambda s, r, key: s.service.call_ticket(
            s.window, r.ticket, key=key, expect=r.expect
        ),
        _M.RECALL: lambda s, r, key: s.service.recall(s.window, key=key, expect=r.expect),
        _M.START: lambda s, r, key: s.service.start(s.window, key=key, expect=r.expect),
        _M.FINISH: lambda s, r, key: s.service.finish(s.window, key=key, expect=r.expect),
        _M.FINISH_THEN: lambda s, r, key: s.service.finish(
            s.window, key=key, then=r.service, expect=r.expect
        ),
        _M.PASS: lambda s, r, key: s.service.pass_ticket(s.window, key=key, expect=r.expect),
        _M.HOLD: lambda s, r, key: s.service.hold(s.window, key=key, expect=r.expect),
        _M.RESUME: lambda s, r, key: s.service.resume(s.window, r.ticket, key=key, expect=r.expect),
        _M.TRANSFER: lambda s, r, key: s.service.transfer(
            s.window, r.service, key=key, to_window=r.to_window, expect=r.expect
        ),
        _M.RETURN: lambda s, r, key: s.service.return_passed(r.ticket, key=key),
        _M.VOID: lambda s, r, key: s.service.void(r.ticket, key=key, reason=VOID_REASON),
        _M.REPRINT: lambda s, r, key: s.service.reprint(r.ticket, key=key),
        _M.PAPER: lambda s, r, key: s.service.print_answer(r.job, key=key, came_out=r.came_out),
    }
)
"""How each verb is asked for."""

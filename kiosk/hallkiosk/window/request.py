"""What one press asks the hall for, and how it is sent.

A request is made when the clerk sees the screen, and carries what the screen showed (`expect`); it is sent as
it is however late, under the one key of its press, so that neither a retry nor a change in between can do
something to another person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hallkiosk.window.keys import Action
from hallqueue.service import NO_CHECK, HallService


@dataclass(frozen=True, slots=True)
class Request:
    """An operation with all it needs; fields that it does not use keep their empty values."""

    action: Action
    expect: int = NO_CHECK
    """The ticket shown in hand, 0 for none."""
    ticket: int = 0
    """The ticket picked from a list."""
    service: str = ""
    to_window: int = 0
    reason: str = ""
    job: int = 0
    came_out: bool = False
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A request under the key of its press; a repetition is the same press."""

    key: str
    request: Request


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the presses of one window's clerk."""

    service: HallService
    window: int
    clerk: str
    staff: HallService
    """The one that is asked to close the day."""

    async def send(self, press: Press) -> None:
        """Ask the hall. Raises what the hall raises."""
        await _SENDERS[press.request.action](self, press.request, press.key)


_SENDERS: dict[Action, Callable[[Sender, Request, str], Awaitable[object]]] = {
    Action.OPEN: lambda s, r, key: s.service.open_window(s.window, key=key, clerk=s.clerk),
    Action.CALL: lambda s, r, key: s.service.call_next(s.window, key=key, expect=r.expect),
    Action.CALL_CERTAIN: lambda s, r, key: s.service.call_ticket(
        s.window, r.ticket, key=key, expect=r.expect
    ),
    Action.START: lambda s, r, key: s.service.start(s.window, key=key, expect=r.expect),
    Action.FINISH: lambda s, r, key: s.service.finish(s.window, key=key, expect=r.expect),
    Action.FINISH_THEN: lambda s, r, key: s.service.finish(
        s.window, key=key, then=r.service, expect=r.expect
    ),
    Action.RECALL: lambda s, r, key: s.service.recall(s.window, key=key, expect=r.expect),
    Action.PASS: lambda s, r, key: s.service.pass_ticket(s.window, key=key, expect=r.expect),
    Action.HOLD: lambda s, r, key: s.service.hold(s.window, key=key, reason=r.reason, expect=r.expect),
    Action.RESUME: lambda s, r, key: s.service.resume(s.window, r.ticket, key=key, expect=r.expect),
    Action.TRANSFER: lambda s, r, key: s.service.transfer(
        s.window, r.service, key=key, to_window=r.to_window, expect=r.expect
    ),
    Action.RETURN: lambda s, r, key: s.service.return_passed(r.ticket, key=key),
    Action.PAUSE: lambda s, r, key: s.service.pause_window(s.window, key=key, reason=r.reason),
    Action.REPRINT: lambda s, r, key: s.service.reprint(r.ticket, key=key),
    Action.PAPER: lambda s, r, key: s.service.print_answer(r.job, key=key, came_out=r.came_out),
    Action.VOID: lambda s, r, key: s.service.void(r.ticket, key=key, reason=r.reason),
    Action.CLOSE: lambda s, r, key: s.service.close_window(s.window, key=key),
    Action.CLOSE_DAY: lambda s, r, key: s.staff.close_day(key=key, reason=r.reason, force=r.is_forced),
}
"""How each operation is asked for."""

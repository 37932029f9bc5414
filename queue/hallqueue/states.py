"""The life of a ticket as one table: what may follow what.

Rules, before the code:

1. A ticket is in exactly one state. Every move has a verb; a verb that the table does not list for
   the state is refused with :class:`~hallqueue.errors.WrongState` and changes nothing.
2. ``DONE`` and ``VOID`` are ends: nothing leaves them.
3. Only ``CALLED`` and ``SERVING`` are *in hand*: a window has at most one such ticket, and such a
   ticket has exactly one window. ``HELD`` belongs to a window too but does not occupy it.
4. ``TRANSFERRED`` waits in the line of another service or window with its number and its arrival
   kept; it is called from there like a waiting one.

Terms: 排队叫号 usage (facts: queueing 3.3); the union of the hall caller apps read for it.
"""

from __future__ import annotations

from enum import StrEnum


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    """排队中"""
    CALLED = "called"
    """叫号中"""
    SERVING = "serving"
    """办理中"""
    HELD = "held"
    """挂起"""
    PASSED = "passed"
    """过号"""
    TRANSFERRED = "transferred"
    """已转移，排队中"""
    DONE = "done"
    """办结"""
    VOID = "void"
    """作废"""


class Verb(StrEnum):
    """What can be done to a ticket."""

    CALL = "call"
    """叫号"""
    RECALL = "recall"
    """重呼"""
    START = "start"
    """开始办理"""
    FINISH = "finish"
    """办结 of the last matter"""
    ADVANCE = "advance"
    """办结 of one matter, the next one at the same window"""
    FORWARD = "forward"
    """办结 of one matter, the next one waits in its own line (一票到底)"""
    HOLD = "hold"
    """挂起"""
    RESUME = "resume"
    """恢复办理"""
    PASS = "pass"
    """过号"""
    RETURN = "return"
    """过号恢复"""
    TRANSFER = "transfer"
    """转移"""
    VOID = "void"
    """作废"""


_S, _V = TicketState, Verb

TRANSITIONS: dict[TicketState, dict[Verb, TicketState]] = {
    _S.WAITING: {_V.CALL: _S.CALLED, _V.VOID: _S.VOID},
    _S.TRANSFERRED: {_V.CALL: _S.CALLED, _V.VOID: _S.VOID},
    _S.CALLED: {
        _V.RECALL: _S.CALLED,
        _V.START: _S.SERVING,
        _V.PASS: _S.PASSED,
        _V.TRANSFER: _S.TRANSFERRED,
        _V.VOID: _S.VOID,
    },
    _S.SERVING: {
        _V.FINISH: _S.DONE,
        _V.ADVANCE: _S.SERVING,
        _V.FORWARD: _S.WAITING,
        _V.HOLD: _S.HELD,
        _V.TRANSFER: _S.TRANSFERRED,
        _V.VOID: _S.VOID,
    },
    _S.HELD: {_V.RESUME: _S.SERVING, _V.VOID: _S.VOID},
    _S.PASSED: {_V.RETURN: _S.WAITING, _V.VOID: _S.VOID},
    _S.DONE: {},
    _S.VOID: {},
}

IN_LINE = frozenset({_S.WAITING, _S.TRANSFERRED})
"""States in which a ticket stands in a waiting line."""
IN_HAND = frozenset({_S.CALLED, _S.SERVING})
"""States in which a ticket occupies a window."""
ENDED = frozenset({_S.DONE, _S.VOID})
"""States that nothing leaves."""


class WindowState(StrEnum):
    """Whether a window takes people."""

    CLOSED = "closed"
    """未开窗"""
    OPEN = "open"
    """开放"""
    PAUSED = "paused"
    """暂停: takes no new ticket; its people stay in the shared line"""


class Level(StrEnum):
    """满意度, stored by name because the two official code tables run in opposite directions."""

    VERY_SATISFIED = "very_satisfied"
    """非常满意"""
    SATISFIED = "satisfied"
    """满意"""
    BASICALLY_SATISFIED = "basically_satisfied"
    """基本满意"""
    DISSATISFIED = "dissatisfied"
    """不满意 (差评)"""
    VERY_DISSATISFIED = "very_dissatisfied"
    """非常不满意 (差评); no button of a four-button pad means it"""


class PrintState(StrEnum):
    """Where a print job stands; ``UNKNOWN`` never leaves by itself."""

    QUEUED = "queued"
    """The intent is recorded; no byte was sent."""
    SENDING = "sending"
    """Bytes may have left; a crash from here on means unknown."""
    PRINTED = "printed"
    """Confirmed at the rung stored with it."""
    FAILED = "failed"
    """Certain that nothing came out."""
    UNKNOWN = "unknown"
    """Bytes left and nothing confirmed them; a person must look."""
    EXPIRED = "expired"
    """Too old to be worth printing; nothing was sent."""


PRINT_MOVES: dict[PrintState, frozenset[PrintState]] = {
    PrintState.QUEUED: frozenset(
        {PrintState.SENDING, PrintState.FAILED, PrintState.EXPIRED, PrintState.UNKNOWN}
    ),
    PrintState.SENDING: frozenset({PrintState.PRINTED, PrintState.FAILED, PrintState.UNKNOWN}),
    PrintState.UNKNOWN: frozenset({PrintState.PRINTED, PrintState.FAILED}),
    PrintState.PRINTED: frozenset(),
    PrintState.FAILED: frozenset({PrintState.SENDING, PrintState.EXPIRED, PrintState.UNKNOWN}),
    PrintState.EXPIRED: frozenset(),
}
"""From ``UNKNOWN`` only a person's answer (出来了没有？) leads on; a ``FAILED`` one may be tried again
while it has not expired, because it is certain that nothing came out. ``QUEUED`` and ``FAILED`` become
unknown when the database came back older than it was: what was printed since is not in it."""


class RatingState(StrEnum):
    """What became of the question for a rating."""

    OPEN = "open"
    """The pad is lit."""
    RATED = "rated"
    """The citizen pressed."""
    UNRATED = "unrated"
    """Silence, superseded or the day closed; never a default."""


class ScanState(StrEnum):
    """Where a scanned material stands."""

    KEPT = "kept"
    """Sealed in the scan store; the county does not have it."""
    ACKNOWLEDGED = "acknowledged"
    """The county has it; the file here is to be wiped."""
    WIPED = "wiped"
    """The file is gone."""


SCAN_MOVES: dict[ScanState, frozenset[ScanState]] = {
    ScanState.KEPT: frozenset({ScanState.ACKNOWLEDGED, ScanState.WIPED}),
    ScanState.ACKNOWLEDGED: frozenset({ScanState.WIPED}),
    ScanState.WIPED: frozenset(),
}
"""``KEPT`` leads to ``WIPED`` only when the file was found lost; nothing else is wiped unacknowledged."""

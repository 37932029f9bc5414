"""The life of the spooler as one table: what it does about the printer and the one job in flight.

Rules, before the code:

1. A job leaves the ledger's queue only in ``IDLE``, after the printer said that it can print: paper out or
   an open cover keeps it queued, and it is not begun.
2. One job is in flight, from ``SENDING`` until its outcome is recorded. Every way out of the three states of
   a job in flight records one.
3. A job whose bytes left is never sent again. Paper out in mid-job is waited for (``STALLED``): the rest
   prints after the refill.
4. Whatever may leave half a job in the printer makes the next connection suspect: it is brought into step
   (``FLUSHING``) before another job goes out.

Pure: no time, no printer, no keeper. :mod:`hallprinter.spooler` does one bounded piece of work for the state
it is in, and the signal that comes of it leads on through this table.
"""

from __future__ import annotations

from enum import StrEnum

from halldrivers.printerline import JobResult, Outcome, Reason


class SpoolerState(StrEnum):
    """What the spooler is doing."""

    STARTING = "starting"
    """Asking the keeper what the run before left behind."""
    GONE = "gone"
    """No connection to the printer."""
    FLUSHING = "flushing"
    """Connected; nothing may be sent before the printer is in step and its abilities are known."""
    IDLE = "idle"
    SENDING = "sending"
    CONFIRMING = "confirming"
    """All that can be sent is sent; the proof is awaited."""
    STALLED = "stalled"
    """A job is in the printer, and the printer says that it cannot print now."""
    BLOCKED = "blocked"
    """The printer says that it cannot print, and nothing is in flight."""


class Signal(StrEnum):
    """What moves the spooler."""

    SETTLED = "settled"
    """What the run before left in ``sending`` is recorded as unknown."""
    OPENED = "opened"
    """The wire is open."""
    READY = "ready"
    """The printer is in step."""
    JOB = "job"
    """A job is due, and the printer can take it."""
    ENDED = "ended"
    """The job's outcome is known, or known to stay unknown."""
    REFUSED = "refused"
    """The printer refused the job before its first byte."""
    OUT_OF_STEP = "out of step"
    """The printer waits for the rest of a half-sent block; nothing of the job was sent."""
    PENDING = "pending"
    """The proof may still come."""
    FAULT = "fault"
    """The printer says that it cannot print."""
    CURED = "cured"
    """It can again."""
    GAVE_UP = "gave up"
    """The proof did not come in its time."""
    LOST = "lost"
    """The wire broke, or a printer that used to answer is silent."""


class Act(StrEnum):
    """What the table tells the spooler to do on the way."""

    CLOSE = "close"
    """Close the wire; it is opened anew."""
    SUSPECT = "suspect"
    """Half a job may be in the printer."""
    ABANDON = "abandon"
    """Wait no longer for the job's proof."""
    RECORD = "record"
    """Report the outcome to the keeper, until it has answered."""


_S, _N, _A = SpoolerState, Signal, Act
_LOST_IDLE = (_S.GONE, (_A.CLOSE,))
_LOST_JOB = (_S.GONE, (_A.SUSPECT, _A.CLOSE, _A.RECORD))
_GIVEN_UP = (_S.FLUSHING, (_A.SUSPECT, _A.ABANDON, _A.RECORD))

TRANSITIONS: dict[SpoolerState, dict[Signal, tuple[SpoolerState, tuple[Act, ...]]]] = {
    _S.STARTING: {_N.SETTLED: (_S.GONE, ())},
    _S.GONE: {_N.OPENED: (_S.FLUSHING, ())},
    _S.FLUSHING: {
        _N.READY: (_S.IDLE, ()),
        _N.FAULT: (_S.BLOCKED, ()),
        _N.LOST: _LOST_IDLE,
    },
    _S.IDLE: {
        _N.JOB: (_S.SENDING, ()),
        _N.FAULT: (_S.BLOCKED, ()),
        _N.LOST: _LOST_IDLE,
    },
    _S.BLOCKED: {
        _N.CURED: (_S.FLUSHING, ()),
        _N.LOST: _LOST_IDLE,
    },
    _S.SENDING: {
        _N.ENDED: (_S.IDLE, (_A.RECORD,)),
        _N.REFUSED: (_S.BLOCKED, (_A.RECORD,)),
        _N.OUT_OF_STEP: (_S.FLUSHING, (_A.SUSPECT, _A.RECORD)),
        _N.PENDING: (_S.CONFIRMING, ()),
        _N.FAULT: (_S.STALLED, ()),
        _N.LOST: _LOST_JOB,
    },
    _S.CONFIRMING: {
        _N.ENDED: (_S.IDLE, (_A.RECORD,)),
        _N.PENDING: (_S.CONFIRMING, ()),
        _N.FAULT: (_S.STALLED, ()),
        _N.GAVE_UP: _GIVEN_UP,
        _N.LOST: _LOST_JOB,
    },
    _S.STALLED: {
        _N.ENDED: (_S.IDLE, (_A.RECORD,)),
        _N.FAULT: (_S.STALLED, ()),
        _N.PENDING: (_S.CONFIRMING, ()),
        _N.GAVE_UP: _GIVEN_UP,
        _N.LOST: _LOST_JOB,
    },
}
"""Where a signal leads and what is done on the way; a signal that is not listed is a program error."""

IN_FLIGHT = frozenset({_S.SENDING, _S.CONFIRMING, _S.STALLED})
"""The states in which a job is begun and has no outcome."""

_ENDINGS = {Reason.PORT_GONE: _N.LOST, Reason.REFUSED: _N.REFUSED, Reason.OUT_OF_STEP: _N.OUT_OF_STEP}


def signal_of(result: JobResult) -> Signal:
    """What the driver's word on the job in flight means for the spooler."""
    if result.is_pending:
        return Signal.FAULT if result.status.blocks_printing else Signal.PENDING
    if result.outcome is Outcome.PRINTED:
        return Signal.ENDED
    return _ENDINGS.get(result.reason, Signal.ENDED)

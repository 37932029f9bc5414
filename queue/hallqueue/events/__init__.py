"""Everything that can happen in a hall, as records that never change.

The log of these is the truth: the state of a day is the fold of its events, the tables are a
projection of them, and ``hall verify`` folds them again to prove the tables. Additive changes only:
a new field needs a default, or old logs cannot be read.

Times are milliseconds since 1970 UTC. Ids (``ticket``, ``matter``, ``job``, ``scan``) count up over the
life of a database; ``number`` is what people see.
"""

from __future__ import annotations

from dataclasses import dataclass

from hallqueue.events.day import (
    ClockStepped,
    DayClosed,
    DayOpened,
    DayReopened,
)
from hallqueue.events.desk import (
    PrintBegun,
    PrintEnded,
    PrintQueued,
    RatingGiven,
    RatingUnrated,
    StrayPress,
    WindowClosed,
    WindowOpened,
    WindowPaused,
)
from hallqueue.events.device import (
    DeviceChanged,
    DeviceCounted,
    DeviceTestAsked,
    DeviceTestTold,
)
from hallqueue.events.scan import (
    ScanAcknowledged,
    ScanKept,
    ScanWiped,
)
from hallqueue.events.visit import (
    MatterFinished,
    ServiceStarted,
    TicketCalled,
    TicketHeld,
    TicketIssued,
    TicketPassed,
    TicketRecalled,
    TicketResumed,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
)

__all__ = [
    "BODIES",
    "Body",
    "ClockStepped",
    "DayClosed",
    "DayOpened",
    "DayReopened",
    "DeviceChanged",
    "DeviceCounted",
    "DeviceTestAsked",
    "DeviceTestTold",
    "Event",
    "MatterFinished",
    "PrintBegun",
    "PrintEnded",
    "PrintQueued",
    "RatingGiven",
    "RatingUnrated",
    "ScanAcknowledged",
    "ScanKept",
    "ScanWiped",
    "ServiceStarted",
    "StrayPress",
    "TicketCalled",
    "TicketHeld",
    "TicketIssued",
    "TicketPassed",
    "TicketRecalled",
    "TicketResumed",
    "TicketReturned",
    "TicketTransferred",
    "TicketVoided",
    "WindowClosed",
    "WindowOpened",
    "WindowPaused",
]

Body = (
    DayOpened
    | DayClosed
    | DayReopened
    | ClockStepped
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | TicketPassed
    | TicketReturned
    | TicketHeld
    | TicketResumed
    | TicketTransferred
    | MatterFinished
    | TicketVoided
    | WindowOpened
    | WindowPaused
    | WindowClosed
    | PrintQueued
    | PrintBegun
    | PrintEnded
    | RatingGiven
    | RatingUnrated
    | StrayPress
    | DeviceChanged
    | DeviceCounted
    | DeviceTestAsked
    | DeviceTestTold
    | ScanKept
    | ScanAcknowledged
    | ScanWiped
)

BODIES: dict[str, type[Body]] = {cls.__name__: cls for cls in Body.__args__}
"""Event type name, as stored, to its class."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log: who did what when, numbered without gaps within its epoch."""

    epoch: str
    seq: int
    at_ms: int
    day: str
    clock_ok: bool
    """False when the wall time was not to be trusted at that moment."""
    actor: str
    """The peer's role, and the clerk where there is one: ``window:2``, ``terminal``, ``keeper``."""
    body: Body

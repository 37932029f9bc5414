"""What the simulated scanner sends back, and what it can be told to do wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EsclFault(StrEnum):
    """What can be told to go wrong besides the feeder; each lasts until another is told."""

    NONE = "none"
    BUSY = "busy"
    """503 to every new job: somebody copies at the panel."""
    SLOW = "slow"
    """Every page takes ``slow_s``."""
    SILENT = "silent"
    """Takes the request and answers nothing."""
    BROKEN = "broken"
    """The connection breaks in the middle of a page."""
    SHORT = "short"
    """The page is shorter than its Content-Length says, and the connection stays open for a moment."""
    LONG = "long"
    """The page is longer than its Content-Length says: the picture is cut."""
    GARBAGE = "garbage"
    """A page that is no picture."""
    DENIED = "denied"
    """403 to every new job: the scanner wants a password."""
    ERROR = "error"
    """500 to every request."""
    BAD_XML = "bad-xml"
    """Documents end in the middle."""


FAULT_WORDS = ("empty", "jam", "cover", *EsclFault)
"""What ``hall sim`` can be told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back for one request."""

    code: int
    body: bytes = b""
    kind: str = "text/xml"
    location: str = ""
    declared: int | None = None
    """A Content-Length that lies."""
    breaks_at: int | None = None
    """Bytes of the body after which the connection is broken."""
    wait_s: float = 0.0
    """How long it takes."""
    is_silent: bool = False
    """Nothing goes back until the client leaves."""

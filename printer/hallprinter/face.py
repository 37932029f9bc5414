"""Everything that stands on one ticket, and nothing that must not.

The face is made by whoever holds the ticket's data, crosses the border to the printer room once, and is the
whole input of a layout: the same face gives the same bytes. It refuses what may never reach paper: an
unmasked name or a full ID number (facts: privacy 4.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QR_SCHEME = "HALL:"
"""What stands before the reference in a QR code when the hall has no web address to point to."""

MAX_QR_CHARS = 120
"""Keeps the code small enough (version 8 at most) to be read from thermal paper by an old phone."""

_NUMBER = re.compile(r"[A-Z0-9-]{1,8}")
_REFERENCE = re.compile(r"[!-~]{8,64}")
_QR = re.compile(r"[!-~]+")
_ID_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


@dataclass(frozen=True, slots=True)
class TicketFace:
    """What a citizen reads on one ticket; empty text and empty tuples mean "does not stand there"."""

    hall_name: str
    number: str
    """As it is called: `A012`, with four digits past 999."""
    service_name: str
    issued_at: str
    """Local date and time as text, for instance `2026-03-02 09:14`."""
    business_day: str
    """The day the number is good for, `2026-03-02`."""
    reference: str
    """Unguessable, opaque and ASCII; it is all that the QR code gives away."""
    window_hint: str = ""
    """`3号窗口` or `1、2号窗口` when the windows are known beforehand."""
    ahead: int | None = None
    """People before this one; None when it was not counted, which differs from nobody."""
    minutes_low: int | None = None
    minutes_high: int | None = None
    """The estimate's two ends in minutes; one alone is printed as about that many."""
    priority_name: str = ""
    masked_name: str = ""
    """`张*`, `欧阳**`, `J***`: never the whole name."""
    qr_text: str = ""
    """The whole QR content, a short URL that holds the reference; empty means `HALL:` and the reference."""
    matters: tuple[str, ...] = ()
    """The matters of one visit in their order (一件事); empty for an ordinary ticket."""
    notes: tuple[str, ...] = ()
    copy: int = 0
    """0 for the original, n for the n-th reprint (补打)."""
    clock_suspect: bool = False
    """The clock had not been set when the ticket was taken."""

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise ValueError(f"ticket number {self.number!r} is not 1 to 8 letters and digits")
        if not _REFERENCE.fullmatch(self.reference):
            raise ValueError("the reference must be 8 to 64 visible ASCII characters")
        if not self.hall_name.strip() or not self.service_name.strip():
            raise ValueError("a ticket needs the hall's and the service's name")
        if (self.ahead is not None and self.ahead < 0) or self.copy < 0:
            raise ValueError("people ahead and the copy count cannot be negative")
        self._check_qr()
        self._check_privacy()

    def _check_qr(self) -> None:
        content = self.qr_content
        if not _QR.fullmatch(content) or len(content) > MAX_QR_CHARS:
            raise ValueError(f"the QR content must be at most {MAX_QR_CHARS} visible ASCII characters")
        if self.reference not in content:
            raise ValueError("the QR content must hold the reference")

    def _check_privacy(self) -> None:
        if self.masked_name and "*" not in self.masked_name:
            raise ValueError("the name on a ticket must be masked")
        texts = (self.hall_name, self.service_name, self.window_hint, self.priority_name, self.masked_name)
        if any(_ID_NUMBER.search(text) for text in (*texts, *self.matters, *self.notes)):
            raise ValueError("a ticket must not carry a full ID number")

    @property
    def qr_content(self) -> str:
        """What the QR code says."""
        return self.qr_text or QR_SCHEME + self.reference

    @property
    def is_reprint(self) -> bool:
        """Whether the paper must carry the mark 补打."""
        return self.copy > 0

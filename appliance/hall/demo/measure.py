"""How long things took, and what a simulated day saw with its own eyes.

The verdict is judged on this record, which simulated people and the paper fill in, against what the
hall kept; the two never share a code path.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


def summary(samples_s: list[float]) -> dict[str, float | int]:
    """p50, p99 and max in milliseconds, by nearest rank; ``n`` is how many there were."""
    if not samples_s:
        return {"n": 0}
    ordered = sorted(samples_s)

    def rank(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)

    return {"n": len(ordered), "p50": rank(0.5), "p99": rank(0.99), "max": round(1000 * ordered[-1], 2)}


@dataclass(slots=True)
class Witness:
    """Everything that somebody in the hall saw: an acknowledged thing must be found again later."""

    touches: dict[str, float] = field(default_factory=dict)
    """Number to the moment of the touch."""
    tickets: dict[int, str] = field(default_factory=dict)
    """Ticket id to number, as answered to the citizen."""
    double_taps: list[tuple[int, int]] = field(default_factory=list)
    """The two answers to a double tap: ticket ids."""
    calls: list[tuple[int, int]] = field(default_factory=list)
    """(ticket, window) as answered to a clerk."""
    finished: list[tuple[int, int]] = field(default_factory=list)
    """(matter, window) as answered to a clerk."""
    pressed: dict[int, str] = field(default_factory=dict)
    """Matter to the first key that its citizen pressed while the lamp asked."""
    thanked: set[int] = field(default_factory=set)
    """Matters whose citizen saw the pad thank for that key."""
    silent: set[int] = field(default_factory=set)
    """Matters whose citizen pressed nothing."""
    strays: int = 0
    """Presses while no pad asked."""
    strays_before: int = 0
    """What the hall had counted before this run."""
    ended: Counter[str] = field(default_factory=Counter)
    """How visits ended."""
    call_began: dict[tuple[int, int], float] = field(default_factory=dict)
    """(ticket, window) to the moment the clerk pressed the key, until the screen shows it."""
    cards_read: int = 0
    cards_unread: int = 0
    codes: list[tuple[str, str]] = field(default_factory=list)
    """What was shown to the barcode reader, and what the terminal read; empty when it read nothing."""
    scans: dict[str, int] = field(default_factory=dict)
    """SHA-256 of each sealed material that the terminal said it keeps, to its ticket."""
    scans_failed: int = 0
    press_began: dict[int, float] = field(default_factory=dict)
    """Window to the moment of the press, until its rating is seen."""
    touch_to_ticket: list[float] = field(default_factory=list)
    touch_to_paper: list[float] = field(default_factory=list)
    call_to_screen: list[float] = field(default_factory=list)
    press_to_rating: list[float] = field(default_factory=list)

    def latencies(self) -> dict[str, dict[str, float | int]]:
        """The figures of the report, in milliseconds."""
        return {
            "touch_to_durable_ticket": summary(self.touch_to_ticket),
            "touch_to_paper": summary(self.touch_to_paper),
            "call_to_screen": summary(self.call_to_screen),
            "press_to_durable_rating": summary(self.press_to_rating),
        }

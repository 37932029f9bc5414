"""The one job in flight, and how long its proof is waited for."""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.printerline import JobResult
from hallqueue.views import PrintView


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the spooler waits for what, in seconds."""

    idle_look_s: float = 2.0
    """Between two looks at an idle printer."""
    mute_look_s: float = 30.0
    """The same for a printer that never answered: each look costs its time-out."""
    missed_look_s: float = 1.0
    blocked_look_s: float = 0.5
    """Between two looks at a printer that waits for a hand: people stand before it."""
    slice_s: float = 1.0
    """One piece of waiting for a proof."""
    proof_s: float = 10.0
    """The proof of the smallest job."""
    proof_bytes_a_s: float = 500.0
    """And one second more for so many bytes: a slow serial line carries 960 (facts: printing 2.3)."""
    stalled_s: float = 600.0
    """Paper out in mid-job: how long a refill is waited for before the job is unknown."""
    grace_s: float = 2.0
    """What a job in flight gets when the spooler is told to stop."""


@dataclass(slots=True)
class Flight:
    """A job from ``sending`` to its recorded outcome."""

    job: PrintView
    attempt: int
    size: int = 0
    result: JobResult | None = None
    """The driver's last word; None before anything was sent."""
    _is_stalled: bool = False
    _until_s: float = 0.0

    def begun(self, now_s: float, patience: Patience) -> None:
        """Bytes may leave from now on."""
        self._until_s = now_s + self._proof_s(patience)

    def waited(self, is_stalled: bool, now_s: float, patience: Patience) -> None:
        """Another piece of waiting is over; going into a stall or out of it begins its time anew."""
        if is_stalled != self._is_stalled:
            self._is_stalled = is_stalled
            self._until_s = now_s + (patience.stalled_s if is_stalled else self._proof_s(patience))

    def is_over(self, now_s: float) -> bool:
        """Whether the proof has had its time."""
        return now_s >= self._until_s

    def _proof_s(self, patience: Patience) -> float:
        return patience.proof_s + self.size / patience.proof_bytes_a_s

"""Which caller of a polled line is asked next, as pure code.

Callers that answer are asked in turn; one that has missed three questions is asked rarely, so that its
time-outs cost the others nothing that a hand would notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.status import MISSES

ROUND_S = 0.1
"""How often a caller that answers is asked: a press waits half of it; ten at 9600 baud need more anyway."""
RARELY_S = 2.0
"""How often one that does not answer is asked: it is back within this time of its return."""


@dataclass(slots=True)
class _Turn:
    due_s: float
    misses: int = 0


class PollPlan:
    """The order of questions on one line."""

    def __init__(self) -> None:
        self._turns: dict[int, _Turn] = {}

    def use(self, addresses: frozenset[int], now_s: float) -> None:
        """From now on these callers are on the line."""
        if addresses == self._turns.keys():
            return
        kept = {address: turn for address, turn in self._turns.items() if address in addresses}
        self._turns = kept | {address: _Turn(now_s) for address in sorted(addresses) if address not in kept}

    def next(self, now_s: float) -> int | None:
        """The caller that has waited longest beyond its time; None while nobody is due."""
        due = [(turn.due_s, address) for address, turn in self._turns.items() if turn.due_s <= now_s]
        return min(due)[1] if due else None

    def wait_s(self, now_s: float) -> float:
        """Seconds until somebody is due."""
        return max(0.0, min((turn.due_s for turn in self._turns.values()), default=now_s + ROUND_S) - now_s)

    def answered(self, address: int, now_s: float) -> None:
        """It answered."""
        self._turns[address] = _Turn(now_s + ROUND_S)

    def missed(self, address: int, now_s: float) -> None:
        """It did not answer."""
        turn = self._turns[address]
        turn.misses += 1
        turn.due_s = now_s + (RARELY_S if turn.misses >= MISSES else ROUND_S)

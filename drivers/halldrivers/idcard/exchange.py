"""One question and its answer over a wire, bounded in time and in bytes.

What came before a question was asked and what is no frame is counted as garbage, an answer to an earlier
question as a stray; neither does anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from halldrivers.counters import CountedTransport, Counters
from halldrivers.idcard.dialect import Ask, Dialect, Reply
from halldrivers.idcard.swords import Said

WRITE_S = 1.0
SLOWEST_BYTES_PER_S = 960
"""9600 baud: the largest answer takes 2.4 s."""
PAUSE_S = 0.3
"""In the middle of an answer, for bridges and busy machines."""
_READ_BYTES = 4096
_MOST_STALE_READS = 16
"""A line that babbles without end must not keep a question from being asked."""


def transfer_s(ask: Ask) -> float:
    """From the first byte of an answer to its last."""
    return PAUSE_S + ask.most / SLOWEST_BYTES_PER_S


class Exchange:
    """Questions to one open wire; `now_s` is a monotonic clock in seconds."""

    def __init__(
        self, wire: CountedTransport, dialect: Dialect, counters: Counters, now_s: Callable[[], float]
    ) -> None:
        self._wire, self._dialect, self._counters, self._now_s = wire, dialect, counters, now_s

    def close(self) -> None:
        """Close the wire."""
        self._wire.close()

    def ask(self, ask: Ask) -> Reply:
        """Ask, and wait for a reply that fits; silence is a reply. Raises what the wire raises."""
        decoder = self._dialect.decoder()
        self._drop_stale()
        try:
            if self._wire.write(ask.frame, WRITE_S) < len(ask.frame):
                return Reply(Said.SILENT)
            deadline_s = self._now_s() + ask.answer_s
            has_begun = False
            while (left_s := deadline_s - self._now_s()) > 0:
                data = self._wire.read(_READ_BYTES, left_s)
                if data and not has_begun:
                    has_begun = True
                    deadline_s = max(deadline_s, self._now_s() + transfer_s(ask))
                reply = self._judge(ask, decoder.feed(data))
                if reply is not None:
                    return reply
            return self._judge(ask, decoder.settle()) or Reply(Said.SILENT)
        finally:
            decoder.settle()
            self._count_garbage(decoder.garbage)

    def _judge(self, ask: Ask, events: Sequence[object]) -> Reply | None:
        """The reply among events: one that fits, else that an answer was damaged."""
        damaged: Reply | None = None
        for event in events:
            reply = self._dialect.reply(event)
            if reply.said is Said.DAMAGED:
                damaged = reply
            elif ask.fits(reply):
                return reply
            else:
                self._counters.add("strays")
        return damaged

    def _drop_stale(self) -> None:
        for _ in range(_MOST_STALE_READS):
            data = self._wire.read(_READ_BYTES, 0.0)
            if not data:
                return
            self._count_garbage(len(data))

    def _count_garbage(self, count: int) -> None:
        if count:
            self._counters.add("garbage", count)

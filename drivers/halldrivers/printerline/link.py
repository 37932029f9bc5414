"""Questions and answers over one transport, so that a late answer never counts for a later question.

A real-time answer does not say which question it answers; order is all there is. So the link remembers every
question that got no answer in its time. While such a debt is open and young, a new status is "unknown" rather
than a guess: a printer that answers late would otherwise always tell the status before last. A debt older
than `DEBT_LIFETIME_S` is held for lost.

A printer whose buffer is nearly full may ask for a pause (XOFF) and end it (XON); what is sent in between is
lost. `send_paced` obeys. A slow line holds thousands of accepted bytes that would still go out after the
XOFF, so nothing is given to it while it has more than a few of them.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from halldrivers.printerline.answers import AsbGroup, Event, FlowControl, Query, RealTime, StatusDecoder
from halldrivers.transport import Transport

READ_BYTES = 512
DEBT_LIFETIME_S = 3.0
"""No printer answers a real-time question later than this (from memory: the slowest take 0.2 s)."""
MOST_DRAIN_READS = 256
"""Bound on reading away what waits: a line that babbles without end must not hold the spooler."""
WRITE_TIMEOUT_S = 1.0
PIECE_BYTES = 64
"""Given to a slow line at once; with `AHEAD_BYTES` less than the 128 that printers keep free at XOFF (from
memory), and enough to keep a line of 115200 baud busy."""
AHEAD_BYTES = 32
_LINE_LOOK_S = 0.002
PAUSE_LIFETIME_S = 30.0
"""A pause that lasts longer, while the printer says that it is well, has lost its XON: what fits into the
largest buffers is printed by then."""


@runtime_checkable
class SlowWire(Protocol):
    """A transport that knows how much of what it accepted is still to go over its line."""

    def unsent_bytes(self) -> int | None:
        """Bytes on this side of the line; None for a wire that is no slow line."""


class StatusLink:
    """Sends commands, decodes answers, and shows every event to one listener."""

    def __init__(self, transport: Transport, clock: Callable[[], float]) -> None:
        self.transport = transport
        self._clock = clock
        self._decoder = StatusDecoder()
        self._debts: deque[float] = deque()
        self._paused_at: float | None = None
        self.listener: Callable[[Event], None] | None = None

    def open(self) -> None:
        """Open the transport with a decoder that expects nothing."""
        self.transport.open()
        self._decoder.reset()
        self._debts.clear()
        self._paused_at = None

    def close(self) -> None:
        """Close the transport."""
        self.transport.close()

    def send(self, data: bytes, timeout_s: float = WRITE_TIMEOUT_S) -> int:
        """Write and return how many bytes were accepted."""
        return self.transport.write(data, timeout_s)

    @property
    def is_paused(self) -> bool:
        """Whether the printer has asked for a pause that it has not ended."""
        return self._paused_at is not None

    def end_pause(self, older_than_s: float = 0.0) -> None:
        """Hold a pause for over though no XON came, because of what else is known of the printer."""
        if self._paused_at is not None and self._clock() - self._paused_at >= older_than_s:
            self._paused_at = None

    def send_paced(self, data: bytes, timeout_s: float) -> int:
        """Send the next of `data`; how many bytes were accepted, 0 when a pause outlasts the time."""
        deadline = self._clock() + timeout_s
        self.drain()
        unsent = self._unsent_bytes()
        while self.is_paused or (unsent is not None and unsent > AHEAD_BYTES):
            left_s = deadline - self._clock()
            if left_s <= 0:
                return 0
            self.pump(left_s if self.is_paused else min(left_s, _LINE_LOOK_S))
            unsent = self._unsent_bytes()
        piece = data if unsent is None else data[:PIECE_BYTES]
        return self.send(piece, max(0.0, deadline - self._clock()))

    def _unsent_bytes(self) -> int | None:
        return self.transport.unsent_bytes() if isinstance(self.transport, SlowWire) else None

    def pump(self, timeout_s: float) -> list[Event]:
        """Read once and return the events; an empty list after `timeout_s` of silence."""
        return self._decode(self.transport.read(READ_BYTES, max(0.0, timeout_s)))

    def drain(self) -> None:
        """Read away everything that waits; the listener still sees it."""
        for _ in range(MOST_DRAIN_READS):
            data = self.transport.read(READ_BYTES, 0.0)
            if not data:
                return
            self._decode(data)

    def ask(self, queries: Iterable[Query], timeout_s: float) -> dict[Query, int]:
        """Ask real-time questions in one write; all the answers, or none.

        None when the answers are not complete in time, because it is then uncertain which are missing.
        """
        wanted = tuple(queries)
        deadline = self._clock() + timeout_s
        self.drain()
        if not wanted or not self._settle(deadline):
            return {}
        question = b"".join(b"\x10\x04" + bytes((query,)) for query in wanted)
        asked_at = self._clock()
        asked = self.send(question, min(timeout_s, WRITE_TIMEOUT_S)) // 3
        self._decoder.expect(*wanted[:asked])
        answers: dict[Query, int] = {}
        while self._decoder.outstanding and self._clock() < deadline:
            for event in self.pump(deadline - self._clock()):
                if isinstance(event, RealTime) and event.query is not None:
                    answers[event.query] = event.value
        self._debts.extend([asked_at] * self._decoder.outstanding)
        self._decoder.forget()
        return answers if len(answers) == len(wanted) else {}

    def wait_for_asb(self, timeout_s: float) -> AsbGroup | None:
        """The next automatic status group, or None when none comes in time."""
        event = self.wait_for(lambda event: isinstance(event, AsbGroup), timeout_s)
        return event if isinstance(event, AsbGroup) else None

    def wait_for(self, wanted: Callable[[Event], bool], timeout_s: float) -> Event | None:
        """The first event that `wanted` accepts, or None when none comes in time."""
        deadline = self._clock() + timeout_s
        while (left_s := deadline - self._clock()) > 0:
            for event in self.pump(left_s):
                if wanted(event):
                    return event
        return None

    def _settle(self, deadline: float) -> bool:
        """Wait for answers still owed to earlier questions; False when they may yet come."""
        while True:
            now = self._clock()
            while self._debts and now - self._debts[0] > DEBT_LIFETIME_S:
                self._debts.popleft()
            if not self._debts:
                return True
            if now >= deadline:
                return False
            self.pump(min(deadline - now, 0.1))

    def _decode(self, data: bytes) -> list[Event]:
        events = self._decoder.feed(data)
        for event in events:
            if isinstance(event, RealTime) and event.query is None and self._debts:
                self._debts.popleft()
            if isinstance(event, FlowControl):
                self._paused_at = None if event.is_ready else self._clock()
            if self.listener is not None:
                self.listener(event)
        return events

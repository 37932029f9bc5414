"""A half-duplex line in virtual time: bytes take as long as their speed says, and nobody really waits."""

from __future__ import annotations

from collections import deque

from halldrivers.caller.sim import CallerLineSim


class VirtualLine:
    """The wire of a :class:`CallerLine`, with simulated callers at its far end."""

    def __init__(
        self, sim: CallerLineSim, baud: int = 9600, *, latency_s: float = 0.0, has_echo: bool = False
    ) -> None:
        self.sim, self._has_echo = sim, has_echo
        self.now_s = 100.0
        self.is_open = False
        self.writes: list[bytes] = []
        self._byte_s = 10 / baud
        self._latency_s = latency_s
        self._free_s = 0.0
        self._down: deque[tuple[float, bytes]] = deque()
        self._up: deque[tuple[float, bytes]] = deque()
        sim._clock = lambda: self.now_s

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def write(self, data: bytes, timeout_s: float) -> int:
        self.writes.append(data)
        arrives_s = self._pass_over(len(data))
        self._down.append((arrives_s, data))
        if self._has_echo:
            self._up.append((arrives_s + self._latency_s, data))
        return len(data)

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        deadline_s = self.now_s + timeout_s
        while True:
            self._move()
            if self._up and self._up[0][0] <= self.now_s:
                return self._up.popleft()[1]
            due_s = [self._up[0][0]] if self._up else []
            due_s += [self._down[0][0]] if self._down else []
            wait_s = self.sim.next_event_s()
            due_s += [] if wait_s is None else [self.now_s + wait_s]
            if not due_s or min(due_s) > deadline_s:
                self.now_s = deadline_s
                self._move()
                return b""
            self.now_s = max(self.now_s, min(due_s))

    def _move(self) -> None:
        while self._down and self._down[0][0] <= self.now_s:
            self.sim.receive(self._down.popleft()[1])
        out = self.sim.take_output()
        if out:
            self._up.append((self._pass_over(len(out)) + self._latency_s, out))

    def _pass_over(self, count: int) -> float:
        self._free_s = max(self._free_s, self.now_s) + count * self._byte_s
        return self._free_s

"""The base of a simulated device that speaks bytes: its cable, its moods, and its answers in their own time.

What people and mishaps do to any device is here once: pull the cable at a certain byte, put it back, fall
silent, answer late, and let stray bytes stand before an answer. A simulator adds what it understands
(:meth:`ByteMachine.take`) and what a hand can do to it.
"""

import random
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable

ROOM_BYTES = 65536
_NOISE = b"\x00\xff\x81\xaa\x7f\x0d"


class ByteMachine(ABC):
    """One simulated device. `clock` is a monotonic clock in seconds; `seed` drives the noise.

    `noise` is the share of answers that stray bytes precede. Subclasses hold `lock` in what they add.
    """

    def __init__(self, *, clock: Callable[[], float], seed: int = 0, noise: float = 0.0) -> None:
        self.lock = threading.RLock()
        self.random = random.Random(seed)
        self.noise = noise
        self.bytes_in = 0
        """How many bytes have arrived."""
        self._clock = clock
        self._answers: deque[tuple[float, bytes]] = deque()
        self._delay_s = 0.0
        self._is_silent = False
        self._is_connected = True
        self._unplug_left: int | None = None
        self._link_number = 0
        self._on_wake: list[Callable[[], None]] = []

    @abstractmethod
    def take(self, data: bytes) -> None:
        """Bytes have arrived; answer with :meth:`answer`. Called with the lock held."""

    def forget(self) -> None:  # noqa: B027 - most devices keep nothing over a power cycle that matters here
        """Power was lost, or the cable was pulled: half a frame is gone. Called with the lock held."""

    def answer(self, data: bytes, after_s: float = 0.0) -> None:
        """Send bytes, `after_s` from now beside the delay that was set; a silent device sends none."""
        with self.lock:
            if self._is_silent or not self._is_connected:
                return
            if self.noise and self.random.random() < self.noise:
                data = bytes(self.random.choices(_NOISE, k=self.random.randint(1, 3))) + data
            self._answers.append((self._clock() + self._delay_s + after_s, data))
            self._wake()

    # -- the wire (halldrivers.simwire.pump.Machine)

    @property
    def is_connected(self) -> bool:
        """False while its cable is pulled."""
        with self.lock:
            return self._is_connected

    @property
    def link_number(self) -> int:
        """Grows whenever a connection would break."""
        with self.lock:
            return self._link_number

    def room(self) -> int:
        """It takes everything while its cable is in."""
        with self.lock:
            return ROOM_BYTES if self._is_connected else 0

    def receive(self, data: bytes) -> int:
        """Bytes arrive, up to the one at which the cable is pulled."""
        with self.lock:
            taken = data if self._unplug_left is None else data[: self._unplug_left]
            self.bytes_in += len(taken)
            if taken and self._is_connected:
                self.take(taken)
            if self._unplug_left is not None:
                self._unplug_left -= len(taken)
                if self._unplug_left == 0:
                    self._pull_cable()
            return len(taken)

    def take_output(self) -> bytes:
        """The answers that are due, in their order."""
        with self.lock:
            due = b""
            while self._answers and self._answers[0][0] <= self._clock():
                due += self._answers.popleft()[1]
            return due if self._is_connected else b""

    def next_event_s(self) -> float | None:
        """Seconds until the next answer is due."""
        with self.lock:
            return max(0.0, self._answers[0][0] - self._clock()) if self._answers else None

    def on_wake(self, callback: Callable[[], None]) -> None:
        """Call back when answers or the cable changed, so that a server need not poll."""
        with self.lock:
            self._on_wake.append(callback)

    # -- what people and mishaps do

    def unplug_after(self, byte_count: int) -> None:
        """Pull the cable once so many bytes more have arrived; 0 pulls it now."""
        with self.lock:
            self._unplug_left = byte_count
            if byte_count == 0:
                self._pull_cable()

    def plug(self) -> None:
        """Put the cable back."""
        with self.lock:
            self._unplug_left = None
            self._is_connected = True
            self._wake()

    def power_cycle(self) -> None:
        """Switch off and on."""
        with self.lock:
            self._answers.clear()
            self._link_number += 1
            self.forget()
            self._wake()

    def go_silent(self) -> None:
        """Answer nothing from now on."""
        with self.lock:
            self._is_silent = True
            self._answers.clear()

    def speak(self) -> None:
        """Answer again."""
        with self.lock:
            self._is_silent = False

    def answer_after(self, delay_s: float) -> None:
        """Let every later answer wait so long."""
        with self.lock:
            self._delay_s = delay_s

    def _pull_cable(self) -> None:
        self._is_connected = False
        self._link_number += 1
        self._unplug_left = None
        self._answers.clear()
        self.forget()
        self._wake()

    def _wake(self) -> None:
        for callback in self._on_wake:
            callback()

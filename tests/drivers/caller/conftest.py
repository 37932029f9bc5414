"""What callers do, heard and waited for; and a line in virtual time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from halldrivers.caller.callers import Callers
from halldrivers.caller.keys import Key
from halldrivers.status import DeviceStatus
from halldrivers.worker import Retry

WITHIN_S = 15.0
QUICK = Retry(0.01, 0.05)


class Clerk:
    """Hears one caller."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.words: list[DeviceStatus] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def pressed(self, key: Key, at_s: float) -> None:
        with self._changed:
            self.keys.append(key)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def told(self, word: DeviceStatus) -> None:
        with self._changed:
            self.words.append(word)
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        with self._changed:
            while not condition():
                assert time.monotonic() < deadline, (self.keys, self.words)
                self._changed.wait(0.01)  # a condition may also be about the simulator, which tells nobody

    @property
    def states(self) -> list[str]:
        return [word.state.value for word in self.words]


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
def callers() -> Iterator[Callers]:
    made = Callers(retry=QUICK)
    yield made
    made.close()

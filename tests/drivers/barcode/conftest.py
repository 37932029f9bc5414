"""A reader in its worker, and a listener that waits for what it hears."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from halldrivers.barcode.codes import BadCode, Code
from halldrivers.barcode.reader import BarcodeReader
from halldrivers.status import DeviceStatus
from halldrivers.worker import DeviceWorker, Retry

WITHIN_S = 15.0


class Heard:
    """What a reader and its worker said."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.bad: list[BadCode] = []
        self.words: list[DeviceStatus] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def code(self, code: Code) -> None:
        with self._changed:
            self.codes.append(code.text)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def refused(self, bad: BadCode) -> None:
        with self._changed:
            self.bad.append(bad)
            self._changed.notify_all()

    def word(self, word: DeviceStatus) -> None:
        with self._changed:
            self.words.append(word)
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        with self._changed:
            while not condition():
                assert time.monotonic() < deadline, (self.codes, self.bad, self.words)
                self._changed.wait(0.01)  # a condition may also be about counters, which tell nobody

    @property
    def states(self) -> list[str]:
        return [word.state.value for word in self.words]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def work(heard: Heard) -> Iterator[Callable[[BarcodeReader], DeviceWorker]]:
    """Puts a reader to work until the end of the test."""
    workers: list[DeviceWorker] = []

    def start(reader: BarcodeReader) -> DeviceWorker:
        worker = DeviceWorker(
            "barcode", reader, on_status=heard.word, counters=reader.counters, retry=Retry(0.01, 0.05)
        )
        workers.append(worker)
        return worker.start()

    yield start
    for worker in workers:
        worker.close()

"""What tests of pads need to wait on them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from halldrivers.errors import DeviceState
from halldrivers.ratingpad.telling import PadTrouble, RawPress

WITHIN_S = 15.0


def until(condition: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.002)


class Heard:
    """The two callbacks of a pad, and what came."""

    def __init__(self) -> None:
        self.presses: list[RawPress] = []
        self.troubles: list[PadTrouble | None] = []

    @property
    def keys(self) -> list[str]:
        return [press.key for press in self.presses]

    @property
    def answers(self) -> list[tuple[str, int]]:
        return [(press.key, press.arming) for press in self.presses]

    @property
    def states(self) -> list[DeviceState]:
        return [trouble.status.state if trouble else DeviceState.ONLINE for trouble in self.troubles]

    @property
    def codes(self) -> list[str]:
        return [trouble.status.code if trouble else "" for trouble in self.troubles]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("device ")])

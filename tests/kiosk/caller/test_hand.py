"""One device in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from halldrivers.errors import DeviceError, PortAbsent, PortGone
from hallkiosk.caller.hand import Hand


class Thing:
    """A device that notes what is done with it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.closes = 0
        self.free = threading.Event()
        self.free.set()

    def close(self) -> None:
        self.closes += 1
        raise PortGone("thing")


class Bench:
    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.fails: list[Exception] = []
        self.heard: list[str] = []
        self.ended = threading.Event()
        self.hand: Hand[Thing] = Hand(
            "thing",
            self.open,
            on_open=lambda: self.heard.append("open"),
            on_failed=self.failed,
            on_end=self.ended.set,
            reopen_s=0.01,
        )

    def open(self) -> Thing:
        if self.fails:
            raise self.fails.pop(0)
        self.things.append(Thing())
        return self.things[-1]

    def failed(self, error: DeviceError) -> None:
        self.heard.append(error.code)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 15
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.002)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.hand.end()
    for thing in made.things:
        thing.free.set()
    assert made.ended.wait(15)


def test_of_what_waits_under_one_name_only_the_newest_is_done(bench: Bench) -> None:
    bench.hand.start()
    bench.until(lambda: bench.heard == ["open"])
    thing = bench.things[0]
    thing.free.clear()
    started = threading.Event()

    def slow(thing: Thing) -> None:
        started.set()
        assert thing.free.wait(60)

    bench.hand.do("show", slow)
    assert started.wait(15)
    for text in ("a", "b", "c"):
        bench.hand.do("show", lambda thing, text=text: thing.done.append(text))  # type: ignore[misc]
    bench.hand.do("beep", lambda thing: thing.done.append("beep"))
    thing.free.set()
    bench.until(lambda: len(thing.done) == 2)
    assert thing.done == ["c", "beep"]


def test_a_device_that_fails_is_given_back_and_opened_again(bench: Bench) -> None:
    bench.fails = [PortAbsent("thing")]
    bench.hand.start()
    bench.until(lambda: bench.heard == ["D-02", "open"])

    def fail(thing: Thing) -> None:
        raise PortGone("thing")

    bench.hand.do("show", fail)
    bench.until(lambda: bench.heard == ["D-02", "open", "D-05", "open"])
    assert [thing.closes for thing in bench.things] == [1, 0]


def test_what_waited_for_a_device_that_failed_is_not_done_with_the_next(bench: Bench) -> None:
    bench.fails = [PortAbsent("thing")]
    bench.hand.do("show", lambda thing: thing.done.append("old"))
    bench.hand.start()
    bench.until(lambda: "open" in bench.heard)
    bench.hand.do("show", lambda thing: thing.done.append("new"))
    bench.until(lambda: bench.things[0].done == ["new"])


def test_a_program_error_is_the_device_s_fault(bench: Bench) -> None:
    bench.fails = [ZeroDivisionError()]
    bench.hand.start()
    bench.until(lambda: bench.heard == ["D-99", "open"])


def test_the_end_gives_the_device_back(bench: Bench) -> None:
    bench.hand.start()
    bench.until(lambda: bench.heard == ["open"])
    bench.hand.end()
    assert bench.ended.wait(15)
    assert bench.things[0].closes == 1


def test_the_end_comes_also_while_the_device_cannot_be_opened(bench: Bench) -> None:
    bench.fails = [PortAbsent("thing") for _ in range(100_000)]
    bench.hand.start()
    bench.until(lambda: len(bench.heard) > 2)
    bench.hand.end()
    assert bench.ended.wait(15)
    assert bench.things == []


def test_an_end_while_it_is_being_opened_gives_it_back_as_soon_as_it_is_there() -> None:
    made = Bench()
    opening, go_on = threading.Event(), threading.Event()
    original = made.open

    def slow_open() -> Any:
        opening.set()
        assert go_on.wait(60)
        return original()

    made.hand = Hand(
        "thing",
        slow_open,
        on_open=lambda: None,
        on_failed=made.failed,
        on_end=made.ended.set,
        reopen_s=0.01,
    )
    made.hand.start()
    assert opening.wait(15)
    made.hand.end()
    go_on.set()
    assert made.ended.wait(15)
    assert made.things[0].closes == 1

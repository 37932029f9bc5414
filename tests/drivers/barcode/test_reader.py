"""The reader as a device: what it gives on, what it counts, and what it warns of."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from halldrivers.barcode.codes import BadCode, BadReason, Code, Read
from halldrivers.barcode.opening import make_reader
from halldrivers.barcode.reader import BarcodeReader
from halldrivers.barcode.sim import TypingScannerSim, typed
from halldrivers.errors import Actor
from halldrivers.keysource import Dropped
from halldrivers.worker import DeviceWorker

from .conftest import Heard  # type: ignore[import-not-found]

BY_ID = "evdev:///dev/input/by-id/usb-ACME_Scanner-event-kbd"
Work = Callable[[BarcodeReader], DeviceWorker]


class Script:
    """A source that brings what its test says, turn by turn."""

    def __init__(self) -> None:
        self.turns: list[list[Read]] = []
        self.now_s = 100.0

    def open(self) -> None:
        pass

    def read(self, timeout_s: float) -> list[Read]:
        return self.turns.pop(0) if self.turns else []

    def close(self) -> None:
        pass


class Bench:
    def __init__(self) -> None:
        self.source = Script()
        self.codes: list[str] = []
        self.bad: list[BadReason] = []
        self.reader = BarcodeReader(
            self.source,
            on_code=lambda code: self.codes.append(code.text),
            on_bad=lambda bad: self.bad.append(bad.reason),
            now_s=lambda: self.source.now_s,
        )

    def scan(self, text: str, after_s: float = 2.0) -> None:
        self.source.now_s += after_s
        self.source.turns.append([Code(text, self.source.now_s)])
        self.reader.turn()

    def refuse(self, reason: BadReason, after_s: float = 2.0, length: int = 9) -> None:
        self.source.now_s += after_s
        self.source.turns.append([BadCode(reason, length, self.source.now_s)])
        self.reader.turn()

    @property
    def warning(self) -> str:
        fault = self.reader.warning
        return fault.code if fault else ""


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_good_and_bad_reads_are_told_and_counted(bench: Bench) -> None:
    bench.scan("A1")
    bench.refuse(BadReason.NOT_ASCII, length=7)
    assert (bench.codes, bench.bad) == (["A1"], [BadReason.NOT_ASCII])
    assert bench.reader.counters.text() == "bad_reads=1 garbage=7 good_reads=1"


def test_continuous_mode_is_one_read(bench: Bench) -> None:
    for _ in range(20):
        bench.scan("A1", after_s=0.4)
    assert bench.codes == ["A1"] and bench.reader.counters["dropped"] == 19


def test_a_flood_of_different_codes_is_held_back_counted_and_warned_of(bench: Bench) -> None:
    for n in range(50):
        bench.scan(f"F{n}", after_s=0.01)
    assert len(bench.codes) == 5
    assert bench.reader.counters["dropped"] == 45
    fault = bench.reader.warning
    assert fault is not None and (fault.code, fault.blocking, fault.who) == ("B-03", False, Actor.CLERK)
    bench.source.now_s += 11.0
    assert bench.warning == ""


def test_a_flood_of_refused_codes_is_held_back_too(bench: Bench) -> None:
    for _ in range(50):
        bench.refuse(BadReason.CONTROL, after_s=0.01)
    assert len(bench.bad) == 5 and bench.reader.counters["bad_reads"] == 50


def test_codes_without_an_end_three_times_in_a_row_say_what_to_set(bench: Bench) -> None:
    bench.refuse(BadReason.INCOMPLETE)
    bench.refuse(BadReason.INCOMPLETE)
    assert bench.warning == ""
    bench.refuse(BadReason.INCOMPLETE)
    assert bench.warning == "B-01"
    bench.scan("A1")
    assert bench.warning == ""


def test_five_refused_codes_in_a_row_say_why(bench: Bench) -> None:
    for _ in range(4):
        bench.refuse(BadReason.NOT_ASCII)
    assert bench.warning == ""
    bench.refuse(BadReason.NOT_ASCII)
    fault = bench.reader.warning
    assert fault is not None and fault.code == "B-02" and BadReason.NOT_ASCII.zh in fault.what_zh


def test_a_listener_that_fails_costs_nothing_but_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    source = Script()
    source.turns = [[Code("personal-text", 1.0)]]

    def fails(code: Code) -> None:
        raise ZeroDivisionError

    BarcodeReader(source, on_code=fails).turn()
    (record,) = caplog.records
    assert record.levelno == logging.ERROR and "personal" not in record.getMessage()


def test_keys_reach_the_listener_in_the_worker_s_thread(heard: Heard, work: Work) -> None:
    keys = TypingScannerSim()
    worker = work(make_reader(BY_ID, heard.code, heard.refused, key_source=lambda path: keys))
    heard.until(lambda: worker.is_open)
    keys.scan("HALL-A012")
    heard.until(lambda: heard.codes == ["HALL-A012"])
    assert heard.threads == {"device barcode"}


def test_lost_keys_are_a_bad_read(heard: Heard, work: Work) -> None:
    keys = TypingScannerSim()
    worker = work(make_reader(BY_ID, heard.code, heard.refused, key_source=lambda path: keys))
    heard.until(lambda: worker.is_open)
    keys.type(*typed("AB", 1.0, end=0), Dropped(1.02), *typed("CD", 1.03))
    heard.until(lambda: [bad.reason for bad in heard.bad] == [BadReason.LOST_KEYS])
    assert heard.codes == []


def test_a_typing_scanner_unplugged_in_mid_code_is_lost_once_and_back_once(heard: Heard, work: Work) -> None:
    keys = TypingScannerSim()
    worker = work(make_reader(BY_ID, heard.code, heard.refused, key_source=lambda path: keys))
    heard.until(lambda: heard.states == ["online"])
    keys.type(*typed("HALF", end=0))
    keys.is_gone = True
    heard.until(lambda: heard.states == ["online", "absent"])
    keys.is_gone = False
    heard.until(lambda: heard.states == ["online", "absent", "online"])
    keys.scan("WHOLE")
    heard.until(lambda: heard.codes == ["WHOLE"])
    assert worker.counters["losses"] == 1


def test_an_idle_reader_does_not_spin(heard: Heard, work: Work) -> None:
    keys = TypingScannerSim()
    reader = make_reader(BY_ID, heard.code, key_source=lambda path: keys)
    reader.open()
    assert reader.turn() > 0
    keys.scan("A1")
    assert reader.turn() == 0.0
    reader.close()

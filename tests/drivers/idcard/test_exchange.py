"""One question and its answer: bounded, and deaf to what does not belong to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import PortAbsent, PortGone
from halldrivers.idcard.connect import connect
from halldrivers.idcard.dialect import QUICK_S, READ_S, Ask, Dialect, Sam, Step, Stx
from halldrivers.idcard.errors import (
    LineDamaged,
    RadioFailed,
    ReaderConfused,
    ReaderSilent,
    SelfTestFailed,
    Unlicensed,
)
from halldrivers.idcard.exchange import WRITE_S, Exchange, transfer_s
from halldrivers.idcard.swords import Said

STATUS_OK = bytes.fromhex("AA AA AA 96 69 00 04 00 00 90 94")
FIND = Sam.questions[Step.FIND]
READ = Sam.questions[Step.READ]


class Line:
    """A far end in the test's hands: what arrives when, and how much it takes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.arrives: list[tuple[float, bytes]] = []
        self.answers: list[tuple[float, bytes]] = []
        self.takes = 1 << 16
        self.is_open = False

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def write(self, data: bytes, timeout_s: float) -> int:
        now = self.clock.now  # type: ignore[attr-defined]
        self.arrives += [(now + after_s, answer) for after_s, answer in self.answers]
        self.answers = []
        return min(len(data), self.takes)

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        now = self.clock.now  # type: ignore[attr-defined]
        if self.arrives and self.arrives[0][0] <= now + timeout_s:
            at_s, data = self.arrives.pop(0)
            self.clock.now = max(now, at_s)  # type: ignore[attr-defined]
            return data
        self.clock.now = now + timeout_s  # type: ignore[attr-defined]
        return b""


@pytest.fixture
def line(clock: Callable[[], float]) -> Line:
    return Line(clock)


@pytest.fixture
def counters() -> Counters:
    return Counters()


def exchange(line: Line, counters: Counters, dialect: Dialect | None = None) -> Exchange:
    wire = CountedTransport(line, counters)  # type: ignore[arg-type]
    return Exchange(wire, dialect or Sam(), counters, line.clock)


def test_an_answer_is_returned_as_soon_as_it_is_whole(line: Line, counters: Counters) -> None:
    line.answers = [(0.05, STATUS_OK[:4]), (0.06, STATUS_OK[4:])]
    before = line.clock()
    assert exchange(line, counters).ask(Sam.hello).said is Said.OK
    assert line.clock() - before == pytest.approx(0.06)
    assert counters.text() == "bytes_in=11 bytes_out=10"


@pytest.mark.parametrize(("ask", "wait_s"), [(FIND, QUICK_S), (READ, READ_S)])
def test_silence_ends_with_the_question_s_own_time_out(
    line: Line, counters: Counters, ask: Ask, wait_s: float
) -> None:
    before = line.clock()
    assert exchange(line, counters).ask(ask).said is Said.SILENT
    assert line.clock() - before == pytest.approx(wait_s)


def test_a_long_answer_over_a_slow_line_is_waited_for(line: Line, counters: Counters) -> None:
    body = bytes(1288)
    whole = b"\xaa\xaa\xaa\x96\x69\x05\x0c\x00\x00\x90" + body
    whole += bytes((0x05 ^ 0x0C ^ 0x90,))
    line.answers = [(2.9, whole[:500]), (4.2, whole[500:])]
    assert exchange(line, counters).ask(READ).said is Said.OK


def test_an_answer_that_never_ends_is_given_up(line: Line, counters: Counters) -> None:
    line.answers = [
        (0.4 * step, b"\xaa\xaa\xaa\x96\x69\x05\x08" if step == 1 else b"\x00") for step in range(1, 99)
    ]
    before = line.clock()
    assert exchange(line, counters).ask(READ).said is Said.SILENT
    assert line.clock() - before <= READ_S + transfer_s(READ)


def test_every_question_ends_before_a_close_loses_patience(line: Line, counters: Counters) -> None:
    asks = [Sam.hello, *Sam.questions.values(), Stx.hello, *Stx().questions.values()]
    assert max(ask.answer_s + transfer_s(ask) for ask in asks) + WRITE_S < 10.0


def test_the_largest_answer_has_the_time_that_it_takes_at_9600_baud() -> None:
    assert transfer_s(READ) > 2321 * 10 / 9600


def test_a_search_through_noise_ends_before_a_close_loses_patience(line: Line, counters: Counters) -> None:
    """Also the longer one after a reader was found once, which has the known speed between the others."""
    line.arrives = [(0.1 * step, b"\xff\xaa") for step in range(10_000)]
    before, speeds = line.clock(), (9600, 57_600, 9600, 38_400, 9600, 19_200, 9600, 115_200, 9600)
    with pytest.raises(ReaderSilent, match="9600, 57600, 38400, 19200, 115200 baud"):
        connect(lambda baud: line, speeds, Sam(), counters, line.clock)  # type: ignore[arg-type,return-value]
    assert line.clock() - before < 10.0


def test_what_came_before_the_question_is_dropped_and_counted(line: Line, counters: Counters) -> None:
    line.arrives = [(0.0, STATUS_OK), (0.0, b"\xff\xff")]
    line.answers = [(0.1, bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84"))]
    assert exchange(line, counters).ask(FIND).said is Said.NO_CARD
    assert counters["garbage"] == 13


def test_a_babbling_line_does_not_hold_a_question_back_for_ever(line: Line, counters: Counters) -> None:
    line.arrives = [(0.0, b"\xff" * 100)] * 500
    assert exchange(line, counters).ask(FIND).said is Said.SILENT


def test_a_late_answer_to_another_question_is_a_stray(line: Line, counters: Counters) -> None:
    line.answers = [(0.1, STATUS_OK), (0.2, bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84"))]
    assert exchange(line, counters).ask(FIND).said is Said.NO_CARD
    assert counters["strays"] == 1 and counters["garbage"] == 0


def test_a_good_answer_behind_a_damaged_one_counts(line: Line, counters: Counters) -> None:
    line.answers = [(0.1, STATUS_OK[:-1] + b"\x00" + STATUS_OK)]
    assert exchange(line, counters).ask(Sam.hello).said is Said.OK
    assert counters["garbage"] == 11


def test_a_damaged_answer_is_told_at_once(line: Line, counters: Counters) -> None:
    line.answers = [(0.1, STATUS_OK[:-1] + b"\x00")]
    assert exchange(line, counters).ask(Sam.hello).said is Said.DAMAGED


def test_the_reader_s_own_time_out_is_believed_at_once(line: Line, counters: Counters) -> None:
    line.answers = [(0.1, bytes.fromhex("AA AA AA 96 69 00 05 05 05 05"))]
    before = line.clock()
    assert exchange(line, counters).ask(READ).said is Said.SILENT
    assert line.clock() - before < 0.2


def test_a_stray_stx_does_not_hide_an_answer(line: Line, counters: Counters) -> None:
    line.answers = [(0.1, b"\x02" + bytes.fromhex("02 00 02 80 00 80 03"))]
    ask = Stx().questions[Step.READ]
    assert exchange(line, counters, Stx()).ask(ask).said is Said.NO_CARD
    assert counters["garbage"] == 1


def test_a_wire_that_takes_no_bytes_is_silent(line: Line, counters: Counters) -> None:
    line.takes = 4
    assert exchange(line, counters).ask(FIND).said is Said.SILENT


# --- opening


@pytest.mark.parametrize(
    ("setting", "error", "code"),
    [
        ({"is_well": False}, SelfTestFailed, "I-02"),
        ({"is_licensed": False}, Unlicensed, "I-03"),
    ],
)
def test_a_reader_that_is_not_well_says_so_when_opened(make_desk, setting, error, code) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk()
    for name, value in setting.items():
        setattr(desk.sim, name, value)
    with pytest.raises(error) as caught:
        desk.reader.open()
    assert caught.value.code == code
    assert not desk.reader._link.is_open


@pytest.mark.parametrize(
    ("word", "error"), [(0x10, LineDamaged), (0x23, ReaderConfused), (0x24, ReaderConfused)]
)
def test_a_reader_that_answers_otherwise_is_told_apart(make_desk, word, error) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk()
    desk.sim.say_next("status", word)
    with pytest.raises(error, match=f"{word:02X}"):
        desk.reader.open()


def test_a_radio_that_fails_is_told(make_desk) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk("tcp://10.0.0.7:10001?frames=stx")
    desk.stx.say_next("version", 0x00, sw1=0xFE)
    with pytest.raises(RadioFailed):
        desk.reader.open()


def test_every_speed_is_tried_and_each_wire_closed(line: Line, counters: Counters) -> None:
    opened: list[int] = []

    def open_wire(baud: int) -> Line:
        assert not line.is_open
        opened.append(baud)
        return line

    with pytest.raises(ReaderSilent, match="115200, 9600 baud") as caught:
        connect(open_wire, (115_200, 9600), Sam(), counters, line.clock)  # type: ignore[arg-type]
    assert opened == [115_200, 9600] and not line.is_open
    assert isinstance(caught.value, TimeoutError)


@pytest.mark.parametrize("error", [PortAbsent("x"), PortGone("x")])
def test_a_wire_that_fails_is_closed_and_the_error_passed_on(
    line: Line, counters: Counters, error: Exception
) -> None:
    def write(data: bytes, timeout_s: float) -> int:
        raise error

    line.write = write  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        connect(lambda baud: line, (0,), Sam(), counters, line.clock)  # type: ignore[arg-type,return-value]
    assert not line.is_open


def test_a_good_speed_needs_no_further_search(line: Line, counters: Counters) -> None:
    line.answers = [(0.01, STATUS_OK)]
    _, baud = connect(lambda baud: line, (9600, 115_200), Sam(), counters, line.clock)  # type: ignore[arg-type,return-value]
    assert baud == 9600

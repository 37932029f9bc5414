"""Half-sent jobs, late answers and broken wires: what the next citizen must not suffer from."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from halldrivers.errors import PortAbsent, PortClosed, PortGone
from halldrivers.memoryport import memory_pair
from halldrivers.printerline import ConfirmBy, Outcome, Paper, PrinterLine, Reason
from halldrivers.printersim import CHINESE_80, EPSON, PrinterSim, SimAbilities, serve_pty, serve_tcp
from halldrivers.printersim.server import serve_transport
from halldrivers.transport import open_transport, transport_for

A, B = ConfirmBy.PROCESS_ID, ConfirmBy.PAPER_ANSWER
TICKET = b"\x1b\x40A013\x0a\x1d\x56\x42\x00"
HALF_PICTURE = b"\x1b\x40A012\x0a\x1d\x76\x30\x00\x30\x00\x80\x00" + bytes(48 * 20 + 11)


@contextmanager
def rig(abilities: SimAbilities = EPSON) -> Iterator[tuple[PrinterLine, PrinterSim]]:
    sim = PrinterSim(58, abilities, clock=time.monotonic)
    near, far = memory_pair()
    with serve_transport(sim, far):
        line = PrinterLine(near, time.monotonic)
        line.open()
        yield line, sim
        line.close()


def eventually(holds: Callable[[], bool], within_s: float = 5.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it never came true"


def texts(sim: PrinterSim) -> list[str]:
    return [slip.text() for slip in sim.slips]


@pytest.mark.parametrize("rung", [A, B])
def test_a_job_is_not_thrown_into_a_half_sent_picture(rung: ConfirmBy) -> None:
    with rig() as (line, sim):
        sim.receive(HALF_PICTURE)
        result = line.send_job(TICKET, "A013", rung, 0.5)

        assert (result.outcome, result.reason, result.bytes_sent) == (Outcome.FAILED, Reason.OUT_OF_STEP, 0)
        assert line.needs_flush


def test_without_the_check_the_half_picture_would_swallow_the_job() -> None:
    with rig() as (line, sim):
        sim.receive(HALF_PICTURE)
        result = line.send_job(TICKET, "A013", ConfirmBy.STATE, 0.5)

        assert result.outcome is Outcome.UNKNOWN
        assert sim.is_inside_picture
        assert sim.slips == ()


@pytest.mark.parametrize("abilities", [EPSON, CHINESE_80], ids=["epson", "chinese"])
def test_flushing_ends_the_half_picture_and_the_next_ticket_is_clean(abilities: SimAbilities) -> None:
    with rig(abilities) as (line, sim):
        sim.receive(HALF_PICTURE)

        assert line.flush_half_job(timeout_s=0.2)
        assert not line.needs_flush
        assert line.send_job(TICKET, "A013", A if abilities is EPSON else B, 3.0).outcome is Outcome.PRINTED
        assert len(sim.slips) == 2
        assert "A012" in texts(sim)[0]
        assert texts(sim)[1] == "A013"


def test_flushing_fills_even_the_largest_block() -> None:
    with rig() as (line, sim):
        sim.receive(b"\x1d\x76\x30\x00\x48\x00\x84\x03")  # 72 bytes a row, 900 rows: 64,800 bytes

        assert line.flush_half_job(timeout_s=0.1)
        assert not sim.is_inside_picture


def test_flushing_a_healthy_printer_costs_no_filling() -> None:
    with rig() as (line, sim):
        assert line.flush_half_job(cut=False)
        assert sim.slips == ()
        assert sim.garbage == ()


def test_flushing_a_silent_printer_says_so() -> None:
    with rig() as (line, sim):
        sim.go_silent()

        assert not line.flush_half_job(timeout_s=0.05, largest_block_bytes=8192)
        assert line.needs_flush


def test_flushing_puts_nothing_into_a_printer_without_paper() -> None:
    with rig() as (line, sim):
        sim.remove_paper()

        assert not line.flush_half_job(timeout_s=0.1)
        assert not sim.is_busy


def test_half_a_ticket_is_cut_off_and_never_hangs_on_the_next() -> None:
    with rig() as (line, sim):
        sim.receive(b"\x1b\x40A012 Zhang\x0a")

        assert line.flush_half_job()
        line.send_job(TICKET, "A013", A, 3.0)

        assert texts(sim) == ["A012 Zhang", "A013"]


def test_silence_is_not_an_empty_roll() -> None:
    with rig() as (line, sim):
        sim.go_silent()
        status = line.status(0.1)

        assert status.is_silent
        assert status.paper is Paper.UNKNOWN


def test_stale_bytes_do_not_shift_the_answers() -> None:
    with rig() as (line, sim):
        sim.receive(b"\x10\x04\x04\x10\x04\x04\x10\x04\x01")  # somebody else's questions
        sim.remove_paper()
        eventually(lambda: line.status().blocks_printing)

        assert line.status().cover.value == "closed"
        assert line.status().paper is Paper.OUT


def test_answers_that_come_too_late_never_count_for_the_next_question() -> None:
    with rig() as (line, sim):
        sim.answer_after(0.25)
        assert line.status(0.05).is_silent
        sim.remove_paper()

        # The late answers (from before the roll was taken) arrive while the next ones are awaited.
        told = [line.status(0.05) for _ in range(12)]

        assert all(status.is_silent or status.paper is Paper.OUT for status in told)


def test_once_late_answers_are_in_the_truth_is_told_again() -> None:
    with rig() as (line, sim):
        sim.answer_after(0.2)
        line.status(0.05)
        sim.remove_paper()

        assert line.status(1.0).paper is Paper.OUT


def test_a_printer_that_answers_some_questions_only_is_not_guessed_at() -> None:
    three_of_four = SimAbilities(realtime=frozenset((1, 2, 4)))
    with rig(three_of_four) as (line, _):
        assert line.status(0.1).is_silent


def test_a_probed_printer_is_asked_only_what_it_answers() -> None:
    three_of_four = SimAbilities(realtime=frozenset((1, 2, 4)))
    with rig(three_of_four) as (line, sim):
        line.probe(0.2)
        sim.remove_paper()

        assert line.status(4.0).paper is Paper.OUT


def test_a_broken_wire_is_gone_until_it_is_opened_again() -> None:
    sim = PrinterSim(80, clock=time.monotonic)
    with serve_tcp(sim) as server:
        line = PrinterLine(open_transport(server.url), time.monotonic)
        line.open()
        assert line.status(1.0).state.value == "online"
        sim.unplug_after(0)
        with pytest.raises(PortGone):
            line.status(5.0)
        with pytest.raises(PortClosed):
            line.status(0.1)

        eventually(lambda: refuses(line))
        sim.plug()
        eventually(lambda: opens(line))

        assert line.send_job(TICKET, "A013", A, 3.0).outcome is Outcome.PRINTED
        line.close()


def refuses(line: PrinterLine) -> bool:
    try:
        line.open()
    except PortAbsent:
        return True
    line.close()
    return False


def opens(line: PrinterLine) -> bool:
    try:
        line.open()
    except PortAbsent:
        return False
    return True


def test_a_serial_printer_that_was_replugged_is_found_behind_the_same_link() -> None:
    sim = PrinterSim(80, clock=time.monotonic)
    with serve_pty(sim) as server:
        line = PrinterLine(transport_for(server.url), time.monotonic)
        line.open()
        sim.unplug_after(30)
        result = line.send_job(TICKET, "A013", A, 5.0)
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.PORT_GONE)

        eventually(lambda: refuses(line))
        sim.plug()
        eventually(lambda: opens(line))
        assert line.flush_half_job()

        assert line.send_job(TICKET, "A014", A, 3.0).outcome is Outcome.PRINTED
        line.close()

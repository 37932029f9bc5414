"""Print jobs against the simulated printer: every fault on every rung.

Two rules stand above all: `printed` only when the whole slip came out with its cut, `failed` only when
nothing of it did or ever will.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from halldrivers.memoryport import memory_pair
from halldrivers.printerline import (
    ConfirmBy,
    JobInFlight,
    JobResult,
    Outcome,
    Paper,
    PrinterLine,
    Reason,
)
from halldrivers.printerline.answers import PaperAnswer
from halldrivers.printerline.job import PendingJob
from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, MUTE, PrinterSim, SimAbilities
from halldrivers.printersim.server import serve_transport

A, B, C, D = ConfirmBy.PROCESS_ID, ConfirmBy.PAPER_ANSWER, ConfirmBy.STATE, ConfirmBy.WRITE
LINES = tuple(f"line {number}" for number in range(10))
TICKET = b"\x1b\x40" + b"".join(line.encode() + b"\x0a" for line in LINES) + b"\x1d\x56\x42\x00"
LINE_DOTS = 30


@contextmanager
def rig(
    abilities: SimAbilities = EPSON,
    dots_per_s: float | None = None,
    buffer_bytes: int = 65536,
    noise: float = 0,
) -> Iterator[tuple[PrinterLine, PrinterSim]]:
    sim = PrinterSim(
        80, abilities, clock=time.monotonic, dots_per_s=dots_per_s, buffer_bytes=buffer_bytes, noise=noise
    )
    near, far = memory_pair(capacity=256)
    with serve_transport(sim, far):
        line = PrinterLine(near, time.monotonic)
        line.open()
        yield line, sim
        line.close()


def eventually(holds: Callable[[], bool], within_s: float = 5.0) -> None:
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        pause.wait(0.002)


def whole_tickets(sim: PrinterSim) -> int:
    return sum(slip.text().split("\n")[-len(LINES) :] == list(LINES) for slip in sim.slips)


def anything_on_paper(sim: PrinterSim) -> bool:
    return any(not slip.is_blank for slip in (*sim.slips, sim.hanging))


def check_the_two_rules(result: JobResult, sim: PrinterSim) -> None:
    if result.outcome is Outcome.PRINTED:
        assert whole_tickets(sim) == 1
    if result.outcome is Outcome.FAILED:
        assert result.bytes_sent == 0
        assert not anything_on_paper(sim)
        assert not sim.is_busy


@pytest.mark.parametrize(
    ("rung", "outcome", "reason"),
    [
        (A, Outcome.PRINTED, Reason.CONFIRMED),
        (B, Outcome.PRINTED, Reason.CONFIRMED),
        (C, Outcome.UNKNOWN, Reason.UNPROVABLE),
        (D, Outcome.UNKNOWN, Reason.UNPROVABLE),
    ],
)
def test_a_healthy_printer_prints_and_only_the_upper_rungs_know(
    rung: ConfirmBy, outcome: Outcome, reason: Reason
) -> None:
    with rig() as (line, sim):
        result = line.send_job(TICKET, "A001", rung, 3.0)

        assert (result.outcome, result.reason, result.rung) == (outcome, reason, rung)
        assert not result.is_pending
        eventually(lambda: whole_tickets(sim) == 1)


REFUSING: dict[str, tuple[Callable[[PrinterSim], None], str]] = {
    "paper out": (PrinterSim.remove_paper, "P-02"),
    "cover open": (PrinterSim.open_cover, "P-03"),
    "cutter jammed": (PrinterSim.jam_cutter, "P-04"),
    "broken": (PrinterSim.break_down, "P-05"),
    "hot": (PrinterSim.overheat, "P-06"),
}


@pytest.mark.parametrize("rung", [A, B, C])
@pytest.mark.parametrize("fault", REFUSING)
def test_a_fault_before_the_job_refuses_it_with_no_byte_sent(fault: str, rung: ConfirmBy) -> None:
    make, code = REFUSING[fault]
    with rig() as (line, sim):
        make(sim)
        result = line.send_job(TICKET, "A001", rung, 1.0)

        assert (result.outcome, result.reason, result.bytes_sent) == (Outcome.FAILED, Reason.REFUSED, 0)
        assert result.fault is not None
        assert result.fault.code == code
        check_the_two_rules(result, sim)


@pytest.mark.parametrize("fault", REFUSING)
def test_on_the_lowest_rung_a_fault_leaves_the_job_unknown(fault: str) -> None:
    with rig() as (line, sim):
        REFUSING[fault][0](sim)

        assert line.send_job(TICKET, "A001", D, 1.0).outcome is Outcome.UNKNOWN


def test_the_cure_of_a_refusal_lets_the_next_job_print() -> None:
    with rig() as (line, sim):
        sim.remove_paper()
        line.send_job(TICKET, "A001", A, 1.0)
        sim.load_paper()

        assert line.send_job(TICKET, "A001", A, 3.0).outcome is Outcome.PRINTED
        assert whole_tickets(sim) == 1


def paper_ends(sim: PrinterSim) -> None:
    sim.leave_paper(4 * LINE_DOTS)


MID_JOB: dict[str, tuple[Callable[[PrinterSim], None], Callable[[PrinterSim], None], str]] = {
    "paper ends": (paper_ends, PrinterSim.load_paper, "P-02"),
    "cutter jams": (PrinterSim.jam_at_next_cut, PrinterSim.clear_jam, "P-04"),
}


@pytest.mark.parametrize("rung", [A, B])
@pytest.mark.parametrize("fault", MID_JOB)
def test_a_fault_in_mid_job_leaves_it_pending_and_unknown(fault: str, rung: ConfirmBy) -> None:
    make, _, code = MID_JOB[fault]
    with rig() as (line, sim):
        make(sim)
        result = line.send_job(TICKET, "A001", rung, 0.3)

        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.BLOCKED)
        assert result.is_pending
        assert result.interrupted
        assert result.fault is not None
        assert result.fault.code == code
        assert whole_tickets(sim) == 0


@pytest.mark.parametrize("fault", MID_JOB)
def test_after_the_cure_the_process_id_still_proves_the_job_and_nothing_prints_twice(fault: str) -> None:
    make, cure, _ = MID_JOB[fault]
    with rig() as (line, sim):
        make(sim)
        line.send_job(TICKET, "A001", A, 0.3)
        cure(sim)
        result = line.await_confirmation(3.0)

        assert (result.outcome, result.interrupted) == (Outcome.PRINTED, True)
        assert len(sim.slips) == 1
        check_the_two_rules(result, sim)


@pytest.mark.parametrize("fault", MID_JOB)
def test_after_the_cure_a_paper_answer_proves_too_little(fault: str) -> None:
    make, cure, _ = MID_JOB[fault]
    with rig(CHINESE_80) as (line, sim):
        make(sim)
        line.send_job(TICKET, "A001", B, 0.3)
        cure(sim)
        result = line.await_confirmation(3.0)

        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.INTERRUPTED)
        assert not result.is_pending


def test_paper_that_was_changed_in_mid_slip_is_torn_there() -> None:
    with rig() as (line, sim):
        paper_ends(sim)
        line.send_job(TICKET, "A001", A, 0.3)
        sim.load_paper()
        line.await_confirmation(3.0)

        assert sim.slips[0].tears == (4,)


@pytest.mark.parametrize("rung", [C, D])
@pytest.mark.parametrize("fault", MID_JOB)
def test_the_lower_rungs_never_claim_a_job_with_a_fault(fault: str, rung: ConfirmBy) -> None:
    with rig() as (line, sim):
        MID_JOB[fault][0](sim)

        assert line.send_job(TICKET, "A001", rung, 1.0).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("rung", [A, B])
def test_a_cover_opened_while_printing_is_waited_for(rung: ConfirmBy) -> None:
    with rig(dots_per_s=1000) as (line, sim):

        def someone() -> None:
            eventually(lambda: len(sim.hanging.lines) >= 2)
            sim.open_cover()
            eventually(lambda: line.last_asb.blocks_printing)
            sim.close_cover()

        hand = threading.Thread(target=someone)
        hand.start()
        result = line.send_job(TICKET, "A001", rung, 5.0)
        hand.join()

        assert result.interrupted
        assert result.outcome is (Outcome.PRINTED if rung is A else Outcome.UNKNOWN)
        check_the_two_rules(result, sim)


@pytest.mark.parametrize("rung", [A, B])
def test_a_slow_printer_is_printed_only_once_the_cut_is_done(rung: ConfirmBy) -> None:
    with rig(dots_per_s=300) as (line, sim):
        early = line.send_job(TICKET, "A001", rung, 0.1)
        assert (early.outcome, early.reason) == (Outcome.UNKNOWN, Reason.NO_CONFIRMATION)
        assert sim.slips == ()

        result = line.await_confirmation(5.0)

        assert result.outcome is Outcome.PRINTED
        check_the_two_rules(result, sim)


@pytest.mark.parametrize("rung", list(ConfirmBy))
def test_a_silent_printer_leaves_every_job_unknown(rung: ConfirmBy) -> None:
    with rig() as (line, sim):
        sim.go_silent()
        result = line.send_job(TICKET, "A001", rung, 0.2)

        assert result.outcome is Outcome.UNKNOWN
        assert result.status.is_silent
        eventually(lambda: whole_tickets(sim) == 1)


@pytest.mark.parametrize("rung", [A, B])
def test_a_printer_that_falls_silent_at_the_cut_leaves_the_job_unknown(rung: ConfirmBy) -> None:
    with rig() as (line, sim):
        sim.on_slip(lambda _: sim.go_silent())
        result = line.send_job(TICKET, "A001", rung, 0.3)

        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.NO_CONFIRMATION)
        assert whole_tickets(sim) == 1


@pytest.mark.parametrize("rung", list(ConfirmBy))
def test_a_cable_pulled_in_mid_job_leaves_it_unknown_and_names_the_bytes(rung: ConfirmBy) -> None:
    status_bytes = {A: 12 + 5, B: 12 + 5, C: 12, D: 0}[rung]
    with rig() as (line, sim):
        sim.unplug_after(status_bytes + 40)
        result = line.send_job(TICKET, "A001", rung, 1.0)

        # On the lowest rung the last byte may leave before the break is noticed.
        assert result.outcome is Outcome.UNKNOWN
        assert result.bytes_sent > 0
        assert rung is D or result.reason is Reason.PORT_GONE
        assert whole_tickets(sim) == 0


@pytest.mark.parametrize("rung", [A, B, C])
def test_a_cable_pulled_before_the_job_fails_it(rung: ConfirmBy) -> None:
    with rig() as (line, sim):
        sim.unplug_after(0)
        result = line.send_job(TICKET, "A001", rung, 1.0)

        assert (result.outcome, result.reason, result.bytes_sent) == (Outcome.FAILED, Reason.PORT_GONE, 0)
        check_the_two_rules(result, sim)


@pytest.mark.parametrize("rung", [A, B])
def test_a_power_cycle_in_mid_job_is_never_printed(rung: ConfirmBy) -> None:
    with rig(dots_per_s=1000) as (line, sim):

        def someone() -> None:
            eventually(lambda: len(sim.hanging.lines) >= 2)
            sim.power_cycle()

        hand = threading.Thread(target=someone)
        hand.start()
        result = line.send_job(TICKET, "A001", rung, 2.0)
        hand.join()

        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.PORT_GONE)
        assert whole_tickets(sim) == 0


def test_a_printer_whose_buffer_is_full_gets_the_rest_later() -> None:
    with rig(buffer_bytes=64) as (line, sim):
        paper_ends(sim)
        long_ticket = TICKET.replace(b"line 9", b"line 9" + b"\x00" * 2000)
        early = line.send_job(long_ticket, "A001", A, 0.4)
        assert (early.outcome, early.reason) == (Outcome.UNKNOWN, Reason.CUT_SHORT)
        assert 0 < early.bytes_sent < len(long_ticket)

        sim.load_paper()
        result = line.await_confirmation(3.0)

        assert result.outcome is Outcome.PRINTED
        assert len(sim.slips) == 1


def test_line_noise_never_makes_a_job_printed_or_lost() -> None:
    with rig(noise=0.5) as (line, _):
        for number in range(10):
            assert line.send_job(TICKET, f"N{number:03}", A, 3.0).outcome is Outcome.PRINTED


def test_only_one_job_is_in_flight() -> None:
    with rig() as (line, sim):
        paper_ends(sim)
        line.send_job(TICKET, "A001", A, 0.2)

        with pytest.raises(JobInFlight, match="A001"):
            line.send_job(TICKET, "A002", A, 0.2)


@pytest.mark.parametrize("rung", [A, B])
def test_the_confirmation_of_an_abandoned_job_is_not_taken_for_the_next(rung: ConfirmBy) -> None:
    with rig(dots_per_s=1500) as (line, sim):
        line.send_job(TICKET, "A001", rung, 0.05)
        line.abandon()
        result = line.send_job(TICKET, "A002", rung, 3.0)

        assert result.outcome is Outcome.PRINTED
        assert whole_tickets(sim) == 2


def test_awaiting_without_a_job_is_refused() -> None:
    with rig() as (line, _), pytest.raises(ValueError, match="no job is pending"):
        line.await_confirmation(0.1)


@pytest.mark.parametrize("job_id", ["", "A01", "A0123", "A01\n", "票001"])
def test_a_job_id_that_the_printer_could_not_echo_is_refused_before_anything_is_sent(job_id: str) -> None:
    with rig() as (line, sim):
        with pytest.raises(ValueError, match="4 printable ASCII"):
            line.send_job(TICKET, job_id, A, 0.1)

        assert not sim.is_busy


@pytest.mark.parametrize(
    ("abilities", "best"),
    [(EPSON, A), (CHINESE_80, B), (CHINESE_58, C), (MUTE, D)],
    ids=lambda value: str(value)[:12],
)
def test_probing_finds_the_strongest_rung(abilities: SimAbilities, best: ConfirmBy) -> None:
    with rig(abilities) as (line, sim):
        found = line.probe(0.15)

        assert found.best is best
        assert {int(query) for query in found.realtime} == abilities.realtime
        assert not anything_on_paper(sim)


def test_a_cover_opened_in_a_quiet_hour_is_told_by_itself() -> None:
    with rig() as (line, sim):
        assert line.enable_asb()
        sim.open_cover()

        eventually(lambda: line.status().blocks_printing and line.last_asb.blocks_printing)


def test_low_paper_shows_and_does_not_stop_a_job() -> None:
    with rig() as (line, sim):
        sim.near_paper_end()

        assert line.status().paper is Paper.LOW
        assert line.send_job(TICKET, "A001", A, 3.0).outcome is Outcome.PRINTED
        assert line.send_job(TICKET, "A002", B, 3.0).outcome is Outcome.PRINTED


def sent_on_rung_b() -> PendingJob:
    job = PendingJob("A001", B, TICKET)
    job.took(len(job.remaining))
    return job


@pytest.mark.parametrize("value", [0x0F, 0x0C, 0x04, 0x08])
def test_paper_answers_of_a_printer_without_paper_confirm_no_job(value: int) -> None:
    """Some clones answer GS r at paper end instead of keeping silent (facts: printing 1.4)."""
    job = sent_on_rung_b()
    job.on_event(PaperAnswer(value))
    job.on_event(PaperAnswer(value))

    assert (job.is_confirmed, job.interrupted, job.outcome) == (True, True, Outcome.UNKNOWN)


@pytest.mark.parametrize("value", [0x20, 0x40, 0x60, 0x6F])
def test_a_byte_that_is_no_paper_answer_confirms_nothing(value: int) -> None:
    job = sent_on_rung_b()
    for _ in range(3):
        job.on_event(PaperAnswer(value))

    assert (job.is_confirmed, job.interrupted) == (False, False)


def test_one_paper_answer_is_not_enough() -> None:
    job = sent_on_rung_b()
    job.on_event(PaperAnswer(0x00))
    assert not job.is_confirmed
    job.on_event(PaperAnswer(0x03))

    assert (job.is_confirmed, job.outcome) == (True, Outcome.PRINTED)


@pytest.mark.parametrize(
    ("rung", "proof"), [(A, b"\x1d(H\x06\x0000A001"), (B, b"\x1dr\x01\x1dr\x01"), (C, b""), (D, b"")]
)
def test_a_job_is_its_payload_with_automatic_status_before_and_the_question_behind(
    rung: ConfirmBy, proof: bytes
) -> None:
    job = PendingJob("A001", rung, TICKET)
    asb = b"\x1da\xff" if proof else b""

    assert job.remaining == b"\x1b@" + asb + TICKET[2:] + proof

"""The table of the spooler, the waiting jobs and the patience: rules without a printer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.errors import PortAbsent
from halldrivers.printerline import ConfirmBy, JobResult, Online, Outcome, Paper, PrinterStatus, Reason
from halldrivers.status import DeviceStatus
from hallprinter.spooler_flight import Flight, Patience
from hallprinter.spooler_jobs import RETRY_FIRST_S, RETRY_MOST_S, WaitingJobs
from hallprinter.spooler_line import LineTimes, Look, WatchedLine
from hallprinter.spooler_state import IN_FLIGHT, TRANSITIONS, Act, Signal, SpoolerState, signal_of
from hallqueue.states import PrintState

ROWS = [(state, signal, *after) for state, row in TRANSITIONS.items() for signal, after in row.items()]


@pytest.mark.parametrize(("state", "signal", "after", "acts"), ROWS, ids=lambda value: str(value))
def test_a_job_in_flight_leaves_its_states_only_with_a_recorded_outcome(
    state: SpoolerState, signal: Signal, after: SpoolerState, acts: tuple[Act, ...]
) -> None:
    leaves = state in IN_FLIGHT and after not in IN_FLIGHT
    assert (Act.RECORD in acts) is leaves


@pytest.mark.parametrize(("state", "signal", "after", "acts"), ROWS, ids=lambda value: str(value))
def test_whatever_breaks_off_a_job_makes_the_printer_suspect_before_the_next(
    state: SpoolerState, signal: Signal, after: SpoolerState, acts: tuple[Act, ...]
) -> None:
    breaks_off = state in IN_FLIGHT and signal in (Signal.LOST, Signal.GAVE_UP, Signal.OUT_OF_STEP)
    assert (Act.SUSPECT in acts) is breaks_off


def test_a_job_is_only_taken_up_by_an_idle_spooler() -> None:
    assert [state for state, signal, after, _ in ROWS if after is SpoolerState.SENDING] == [SpoolerState.IDLE]


def test_idle_is_reached_without_a_job_only_over_flushing() -> None:
    ways = {state for state, _, after, _ in ROWS if after is SpoolerState.IDLE and state not in IN_FLIGHT}
    assert ways == {SpoolerState.FLUSHING}


def test_every_state_can_be_reached_and_left() -> None:
    assert set(TRANSITIONS) == set(SpoolerState)
    assert {after for _, _, after, _ in ROWS} | {SpoolerState.STARTING} == set(SpoolerState)


WELL, EMPTY = PrinterStatus(), PrinterStatus(paper=Paper.OUT)


def result(
    outcome: Outcome, reason: Reason, status: PrinterStatus = WELL, pending: bool = False
) -> JobResult:
    return JobResult(outcome, ConfirmBy.WRITE, 9, reason, status, is_pending=pending)


@pytest.mark.parametrize(
    ("heard", "signal"),
    [
        (result(Outcome.PRINTED, Reason.CONFIRMED), Signal.ENDED),
        (result(Outcome.FAILED, Reason.REFUSED, EMPTY), Signal.REFUSED),
        (result(Outcome.FAILED, Reason.OUT_OF_STEP), Signal.OUT_OF_STEP),
        (result(Outcome.FAILED, Reason.NOT_ACCEPTED), Signal.ENDED),
        (result(Outcome.FAILED, Reason.PORT_GONE), Signal.LOST),
        (result(Outcome.UNKNOWN, Reason.PORT_GONE), Signal.LOST),
        (result(Outcome.UNKNOWN, Reason.UNPROVABLE), Signal.ENDED),
        (result(Outcome.UNKNOWN, Reason.INTERRUPTED), Signal.ENDED),
        (result(Outcome.UNKNOWN, Reason.BLOCKED, EMPTY, pending=True), Signal.FAULT),
        (result(Outcome.UNKNOWN, Reason.CUT_SHORT, EMPTY, pending=True), Signal.FAULT),
        (result(Outcome.UNKNOWN, Reason.NO_CONFIRMATION, pending=True), Signal.PENDING),
    ],
)
def test_the_drivers_word_means(heard: JobResult, signal: Signal) -> None:
    assert signal_of(heard) is signal
    states = [SpoolerState.SENDING]
    if signal not in (Signal.REFUSED, Signal.OUT_OF_STEP):
        states += [SpoolerState.CONFIRMING, SpoolerState.STALLED]
    assert all(signal in TRANSITIONS[state] for state in states)


@pytest.fixture
def view(make_stage: Callable[..., Any]) -> Any:
    """A queued job."""
    stage = make_stage(start=False)
    return stage.job(stage.take())


def test_the_oldest_job_is_due_first(view: Any) -> None:
    jobs = WaitingJobs()
    jobs.take([view, replace(view, job=2)])
    assert jobs.due(0.0) == view


def test_a_job_in_sending_is_never_due(view: Any) -> None:
    jobs = WaitingJobs()
    jobs.take([replace(view, state=PrintState.SENDING)])
    assert jobs.due(0.0) is None


def test_a_failed_job_lets_others_go_first_and_is_due_again_later(view: Any) -> None:
    jobs, other = WaitingJobs(), replace(view, job=2)
    jobs.take([view, other])
    jobs.failed(view.job, now_s=10.0)
    assert jobs.due(10.0) == other
    assert jobs.due(10.0 + RETRY_FIRST_S) == view
    assert jobs.attempt(view.job) == 2


@pytest.mark.parametrize("times", [3, 30])
def test_the_wait_after_a_failure_doubles_up_to_its_limit(view: Any, times: int) -> None:
    jobs = WaitingJobs()
    jobs.take([view])
    for _ in range(times):
        jobs.failed(view.job, now_s=0.0)
    assert jobs.next_due_s() == min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** (times - 1))


def test_what_is_known_of_tries_survives_reading_the_queue_again(view: Any) -> None:
    jobs = WaitingJobs()
    jobs.take([view])
    jobs.failed(view.job, now_s=0.0)
    jobs.take([replace(view, state=PrintState.FAILED)])
    assert (jobs.due(0.0), jobs.attempt(view.job)) == (None, 2)


def test_a_job_with_bad_content_is_never_due_again(view: Any) -> None:
    jobs = WaitingJobs()
    jobs.take([view])
    jobs.give_up(view.job)
    jobs.take([view])
    assert jobs.due(1e9) is None


@pytest.mark.parametrize(("early_ms", "expected"), [(1, 0), (0, 1)])
def test_a_job_expires_at_its_time_to_the_millisecond(view: Any, early_ms: int, expected: int) -> None:
    jobs = WaitingJobs()
    jobs.take([view])
    assert len(jobs.expired(view.expires_ms - early_ms)) == expected


PATIENCE = Patience(proof_s=10.0, proof_bytes_a_s=500.0, stalled_s=600.0)


@given(size=st.integers(0, 60_000))
def test_a_bigger_job_gets_more_time_for_its_proof(size: int) -> None:
    flight = Flight(job=None, attempt=1, size=size)  # type: ignore[arg-type]
    flight.begun(0.0, PATIENCE)
    assert not flight.is_over(10.0 + size / 500.0 - 0.01)
    assert flight.is_over(10.0 + size / 500.0)


def test_the_time_for_the_proof_begins_anew_after_a_refill() -> None:
    flight = Flight(job=None, attempt=1)  # type: ignore[arg-type]
    flight.begun(0.0, PATIENCE)
    flight.waited(True, 9.0, PATIENCE)
    assert not flight.is_over(600.0)
    flight.waited(False, 605.0, PATIENCE)
    assert not flight.is_over(614.0) and flight.is_over(615.0)


def test_a_stall_has_an_end() -> None:
    flight = Flight(job=None, attempt=1)  # type: ignore[arg-type]
    flight.begun(0.0, PATIENCE)
    flight.waited(True, 1.0, PATIENCE)
    flight.waited(True, 500.0, PATIENCE)
    assert flight.is_over(601.0)


class Stub:
    """A line and a reporter in one: nothing is there, or it is silent."""

    abilities = None

    def __init__(self, answers: str) -> None:
        self.answers = list(answers)
        self.notes: list[tuple[str, str]] = []

    def open(self) -> None:
        raise PortAbsent("tcp://printer:9100")

    def status(self, timeout_s: float) -> PrinterStatus:
        return PrinterStatus(online=Online.ONLINE) if self.answers.pop(0) == "!" else PrinterStatus()

    def note(self, report: DeviceStatus) -> None:
        self.notes.append((report.state.value, report.code))


def watched(answers: str = "", random: float = 1.0) -> tuple[WatchedLine, Stub]:
    """A line that answers where there is a `!` and is silent where there is a dot."""
    stub: Any = Stub(answers)
    return WatchedLine(stub, stub, lambda: random, LineTimes()), stub


def test_a_printer_that_was_away_long_is_looked_for_at_least_every_second_and_a_half() -> None:
    """It must be back within 3 s of its node, one look and the status included."""
    line, _ = watched()
    for _ in range(16):
        assert not line.connect()

    assert line.wait_s() <= 1.5


def test_the_waits_before_a_printer_is_looked_for_double_from_a_short_one() -> None:
    line, _ = watched(random=0.5)
    waits = []
    for _ in range(4):
        line.connect()
        waits.append(line.wait_s())

    assert waits == [0.4, 0.8, 1.0, 1.0]


def test_an_idle_printer_is_looked_at_before_the_next_citizen_comes() -> None:
    assert Patience().idle_look_s <= 2.0


def test_a_printer_that_answers_after_two_silent_looks_was_never_away() -> None:
    line, stub = watched("!..!..!")

    well, missed = Look.WELL, Look.MISSED
    assert [line.look() for _ in range(7)] == [well, missed, missed, well, missed, missed, well]
    assert set(stub.notes) == {("online", "")}


def test_a_printer_that_answered_is_gone_at_the_third_silent_look() -> None:
    line, stub = watched("!...")

    assert [line.look() for _ in range(4)] == [Look.WELL, Look.MISSED, Look.MISSED, Look.GONE]
    assert stub.notes == [("online", ""), ("unknown", "P-01")]

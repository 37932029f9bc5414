"""The spooler or the keeper dies at any step: nothing is printed twice, no outcome is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from hallqueue.states import PrintState

STEPS = [
    (when, method) for method in ("print_queue", "print_begin", "print_end") for when in ("before", "after")
]


@pytest.mark.parametrize("step", STEPS, ids=[f"{when} {method}" for when, method in STEPS])
def test_a_crash_beside_any_word_to_the_keeper_is_cured_by_the_next_start(stage: Any, step: Any) -> None:
    stage.keeper.crash = step
    job = stage.take()
    stage.until_crash()
    stage.start()
    later = stage.take()
    stage.until(lambda: stage.ended(job) and stage.ended(later))
    assert stage.state(later) is PrintState.PRINTED
    stage.check()


@pytest.mark.parametrize("write", range(4))
@pytest.mark.parametrize("half", [False, True], ids=["before the write", "in its middle"])
def test_a_crash_at_any_write_to_the_printer_is_cured_by_the_next_start(
    stage: Any, write: int, half: bool
) -> None:
    stage.transport.crash_after, stage.transport.crash_at = half, write
    job = stage.take()
    stage.until_crash()
    stage.start()
    later = stage.take()
    stage.until(lambda: stage.ended(job) and stage.ended(later))
    assert stage.state(later) is PrintState.PRINTED
    stage.check()


def test_a_job_found_in_sending_is_unknown_and_stays_so(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(start=False)
    job = stage.take()
    stage.keeper.print_begin(job, key="the run before", printer="printer")
    stage.start()
    stage.until(lambda: stage.ended(job))
    stage.until(stage.is_online)
    assert (stage.state(job), stage.job(job).reason) == (PrintState.UNKNOWN, "restart")
    assert not stage.paper()


@pytest.mark.parametrize("method", ["print_begin", "print_end"])
def test_an_answer_lost_on_the_way_is_asked_for_again_under_the_same_key(stage: Any, method: str) -> None:
    stage.keeper.lose_answers.add(method)
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    stage.check()
    stage.end()
    verb = method.removeprefix("print_")
    assert [n for key, n in stage.keeper.keys.items() if key.startswith(verb)] == [2]


def test_a_keeper_that_goes_in_mid_job_gets_the_outcome_when_it_is_back(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(sim={"dots_per_s": 3000.0})
    stage.until(stage.is_online)
    job = stage.take()
    stage.until(lambda: stage.sim.hanging.height_dots > 0)
    stage.keeper.away = True
    stage.until(lambda: stage.sim.slips)
    assert stage.state(job) is PrintState.SENDING
    stage.keeper.away = False
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    stage.check()


def test_a_spooler_started_before_the_keeper_waits_for_it(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(start=False)
    stage.keeper.away = True
    stage.start()
    stage.keeper.away = False
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED


def test_a_spooler_told_to_stop_in_mid_job_records_an_outcome_first(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    stage.until(stage.is_online)
    stage.sim.leave_paper(300)
    job = stage.take()
    stage.until(lambda: stage.is_reported("P-02"))
    stage.end()
    assert stage.state(job) is PrintState.UNKNOWN


def test_a_second_start_after_an_unknown_cuts_off_what_hangs_before_the_next_number(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage()
    stage.until(stage.is_online)
    stage.sim.unplug_after(500)
    job = stage.take()
    stage.until(lambda: stage.state(job) is PrintState.UNKNOWN)
    stage.end()
    stage.sim.plug()
    stage.start()
    later = stage.take()
    stage.until(lambda: stage.ended(later))
    assert stage.state(later) is PrintState.PRINTED
    stage.check()

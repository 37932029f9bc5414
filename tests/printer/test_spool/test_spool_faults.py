"""Every fault at every moment: the ledger agrees with the paper, and people are told what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.printersim import CHINESE_58
from hallprinter.profile import GENERIC_58
from hallprinter.spooler_line import Look
from hallqueue.states import PrintState

FAULTS: dict[str, tuple[Callable[[Any], None], Callable[[Any], None], str]] = {
    "paper out": (lambda sim: sim.remove_paper(), lambda sim: sim.load_paper(), "P-02"),
    "cover open": (lambda sim: sim.open_cover(), lambda sim: sim.close_cover(), "P-03"),
    "cutter jam": (lambda sim: sim.jam_cutter(), lambda sim: sim.clear_jam(), "P-04"),
    "head hot": (lambda sim: sim.overheat(), lambda sim: sim.cool_down(), "P-06"),
}
SLOW = {"dots_per_s": 2000.0}


@pytest.fixture(params=list(FAULTS))
def fault(request: pytest.FixtureRequest) -> Any:
    return FAULTS[request.param]


def test_a_fault_of_an_idle_printer_is_reported_with_what_to_do_before_anybody_takes_a_number(
    stage: Any, fault: Any
) -> None:
    begin, cure, code = fault
    begin(stage.sim)
    stage.until(lambda: stage.is_reported(code))
    assert stage.printer().who and stage.printer().remedy_zh
    cure(stage.sim)
    stage.until(stage.is_online)
    assert [state for state, _ in stage.keeper.reports][-1] == "online"
    assert len(stage.keeper.reports) == 3, "once well, once down, once up"


def test_a_number_taken_while_the_printer_is_blocked_stays_queued_and_prints_after_the_cure(
    stage: Any, fault: Any
) -> None:
    begin, cure, code = fault
    begin(stage.sim)
    stage.until(lambda: stage.is_reported(code))
    job = stage.take()
    stage.until(stage.spooler._inbox.jobs.__len__)
    assert stage.state(job) is PrintState.QUEUED
    cure(stage.sim)
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    stage.check()


def test_a_number_taken_at_the_moment_of_the_fault_is_never_printed_twice(stage: Any, fault: Any) -> None:
    begin, cure, code = fault
    begin(stage.sim)
    job = stage.take()
    stage.until(lambda: stage.is_reported(code))
    cure(stage.sim)
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    stage.check()


@pytest.mark.parametrize("dots", [1, 300, 700], ids=["first line", "middle", "near the end"])
def test_paper_that_ends_in_mid_job_is_waited_for_and_the_rest_comes_after_the_refill(
    stage: Any, dots: int
) -> None:
    stage.sim.leave_paper(dots)
    job = stage.take()
    stage.until(lambda: stage.is_reported("P-02"))
    later = stage.take()
    assert stage.state(job) is PrintState.SENDING
    stage.sim.load_paper()
    stage.until(lambda: stage.ended(job) and stage.ended(later))
    assert stage.state(job) in (PrintState.PRINTED, PrintState.UNKNOWN)
    assert stage.state(later) is PrintState.PRINTED
    stage.check()


def test_a_refill_that_never_comes_makes_the_job_unknown_and_it_is_not_sent_again(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(stalled_s=0.3)
    stage.until(stage.is_online)
    stage.sim.leave_paper(300)
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.UNKNOWN
    later = stage.take()
    stage.sim.load_paper()
    stage.until(lambda: stage.ended(later))
    assert (stage.state(job), stage.state(later)) == (PrintState.UNKNOWN, PrintState.PRINTED)
    stage.check()


def test_a_cutter_that_jams_at_the_cut_leaves_the_job_open_until_the_cut_is_done(stage: Any) -> None:
    stage.sim.jam_at_next_cut()
    job = stage.take()
    stage.until(lambda: stage.is_reported("P-04"))
    assert stage.state(job) is PrintState.SENDING
    stage.sim.clear_jam()
    stage.until(lambda: stage.ended(job))
    stage.check()


@pytest.mark.parametrize("after", [0, 1, 40, 400, 700, 2000])
def test_a_cable_pulled_after_any_byte_gives_one_slip_at_most_and_an_honest_ledger(
    stage: Any, after: int
) -> None:
    stage.sim.unplug_after(after)
    job = stage.take()
    stage.until(lambda: stage.is_reported("D-02") or stage.is_reported("D-05") or stage.ended(job))
    stage.sim.plug()
    later = stage.take()
    stage.until(lambda: stage.ended(job) and stage.ended(later))
    stage.until(stage.is_online)
    assert stage.state(later) is PrintState.PRINTED
    stage.check()


def test_a_printer_switched_off_and_on_in_mid_job_leaves_it_unknown_and_the_next_slip_clean(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(sim=SLOW)
    stage.until(stage.is_online)
    job = stage.take()
    stage.until(lambda: stage.sim.hanging.height_dots > 100)
    stage.sim.power_cycle()
    later = stage.take()
    stage.until(lambda: stage.ended(job) and stage.ended(later))
    assert (stage.state(job), stage.state(later)) == (PrintState.UNKNOWN, PrintState.PRINTED)
    stage.check()


def test_a_slow_printer_is_waited_for(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(sim={"dots_per_s": 1500.0}, proof_s=5.0)
    jobs = [stage.take(), stage.take()]
    stage.until(lambda: all(stage.ended(job) for job in jobs))
    assert [stage.state(job) for job in jobs] == [PrintState.PRINTED] * 2
    stage.check()


def test_a_printer_that_falls_silent_in_mid_job_gives_unknown_and_later_numbers_wait_for_its_voice(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(sim=SLOW)
    stage.until(stage.is_online)
    job = stage.take()
    stage.until(lambda: stage.sim.hanging.height_dots > 0)
    stage.sim.go_silent()
    stage.until(lambda: stage.ended(job))
    later = stage.take()
    stage.until(lambda: stage.is_reported("P-01"))
    assert (stage.state(job), stage.state(later)) == (PrintState.UNKNOWN, PrintState.QUEUED)
    stage.sim.speak()
    stage.until(lambda: stage.ended(later))
    assert stage.state(later) is PrintState.PRINTED
    stage.check()


def test_one_or_two_lost_looks_are_no_outage_and_the_third_is(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    stage.until(stage.is_online)
    looks: list[tuple[Look, list[tuple[str, str]]]] = []
    line = stage.spooler._line
    real = line.look

    def look() -> Look:
        told_before = list(stage.keeper.reports)
        found: Look = real()
        looks.append((found, told_before))
        return found

    line.look = look
    stage.sim.go_silent()
    stage.until(lambda: stage.is_reported("P-01"))
    at = [found for found, _ in looks].index(Look.GONE)
    assert [found for found, _ in looks[at - 2 : at + 1]] == [Look.MISSED, Look.MISSED, Look.GONE]
    assert [told for _, told in looks[at - 2 : at + 1]] == [[("online", "")]] * 3
    assert stage.keeper.reports[1] == ("unknown", "P-01")


def test_an_idle_printer_that_reports_nothing_by_itself_is_found_empty_before_the_next_touch(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(CHINESE_58, profile=GENERIC_58)
    stage.until(stage.is_online)
    stage.sim.remove_paper()
    stage.until(lambda: stage.is_reported("P-02"))
    assert not stage.hall.state.jobs


def test_an_absent_printer_is_reported_once_and_found_again(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(start=False)
    stage.sim.unplug_after(0)
    stage.start()
    job = stage.take()
    stage.until(lambda: stage.is_reported("D-02"))
    assert (stage.printer().state, stage.state(job)) == ("absent", PrintState.QUEUED)
    stage.sim.plug()
    stage.until(lambda: stage.ended(job))
    stage.until(stage.is_online)
    assert stage.keeper.reports == [("absent", "D-02"), ("online", "")]
    stage.check()


def test_nothing_old_floods_out_after_a_refill_in_the_morning(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    stage.until(stage.is_online)
    stage.sim.remove_paper()
    stage.until(lambda: stage.is_reported("P-02"))
    old = [stage.take() for _ in range(20)]
    stage.clock.ms += 601_000
    stage.until(lambda: all(stage.state(job) is PrintState.EXPIRED for job in old))
    new = stage.take()
    stage.sim.load_paper()
    stage.until(lambda: stage.ended(new))
    assert stage.state(new) is PrintState.PRINTED
    assert len(stage.paper()) == 1
    stage.check()


def test_a_voided_number_is_not_printed_any_more(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    stage.until(stage.is_online)
    stage.sim.open_cover()
    stage.until(lambda: stage.is_reported("P-03"))
    job = stage.take()
    stage.keeper.void(stage.job(job).ticket.ticket, key="void", reason="test")
    stage.sim.close_cover()
    later = stage.take()
    stage.until(lambda: stage.ended(later))
    stage.check()
    assert (stage.state(job), stage.job(job).reason) == (PrintState.EXPIRED, "ended")


def test_a_reprint_asked_for_while_the_first_paper_waits_gives_one_paper(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage()
    stage.until(stage.is_online)
    stage.sim.open_cover()
    stage.until(lambda: stage.is_reported("P-03"))
    first = stage.take()
    again = stage.reprint(first)
    stage.sim.close_cover()
    stage.until(lambda: stage.ended(again))
    stage.check()
    assert stage.state(first) is PrintState.EXPIRED
    (slip,) = stage.paper()
    assert "补打票（第1次）" in slip.text()

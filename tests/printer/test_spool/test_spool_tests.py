"""A technician's check of the printer goes over the spooler's own line, and costs no ticket."""

from dataclasses import replace
from itertools import count
from typing import Any

import msgspec

from halldrivers.printerline import ConfirmBy, PrinterAbilities
from halldrivers.printerline.answers import Query
from halldrivers.printersim import CHINESE_80, MUTE
from hallqueue.events import DeviceTestTold
from hallqueue.states import PrintState

_told = msgspec.json.Decoder(DeviceTestTold)
_keys = count()


def ask(stage: Any, level: str) -> int:
    test = stage.keeper.ask_test("printer", key=f"ask{next(_keys)}", level=level)
    assert isinstance(test, int)
    return test


def told(stage: Any, test: int) -> list[DeviceTestTold]:
    lines = stage.keeper.events(after=test, limit=200)
    found = [_told.decode(line.body) for line in lines if line.type == "DeviceTestTold"]
    return [finding for finding in found if finding.test == test]


def outcome(stage: Any, level: str) -> list[tuple[str, str]]:
    """Verdict and words of every finding, the closing one apart."""
    test = ask(stage, level)
    stage.until(lambda: any(finding.is_last for finding in told(stage, test)), f"{level} check")
    *found, last = told(stage, test)
    assert last.en == "the check is over"
    return [(finding.verdict, finding.en) for finding in found]


def test_a_test_page_comes_out_on_the_way_of_the_tickets_and_is_proved(stage: Any) -> None:
    stage.until(stage.is_online)
    assert [verdict for verdict, _ in outcome(stage, "interactive")] == ["passed", "ask"]
    [page] = stage.paper()
    assert page.cut and "同心县" in page.text() and "09:00" in page.text()
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED


def test_the_external_check_says_what_the_printer_says(stage: Any) -> None:
    stage.until(stage.is_online)
    assert outcome(stage, "external") == [("passed", "online, paper, cover closed, cutter well")]
    stage.sim.remove_paper()
    stage.until(lambda: stage.is_reported("P-02"))
    [finding] = outcome(stage, "external")
    assert finding[0] == "failed" and "paper" in finding[1]


def test_the_internal_check_looks_at_the_address_and_touches_nothing(stage: Any) -> None:
    stage.until(stage.is_online)
    [finding] = outcome(stage, "internal")
    assert finding[0] == "passed" and stage.server.url in finding[1]
    assert not stage.paper()


def test_no_page_is_printed_while_the_printer_cannot_and_the_fault_is_told(stage: Any) -> None:
    stage.sim.open_cover()
    stage.until(lambda: stage.is_reported("P-03"))
    assert outcome(stage, "interactive")[0][0] == "failed"
    stage.sim.close_cover()
    stage.until(stage.is_online)
    assert not stage.paper()


def test_a_printer_that_is_gone_fails_its_check_with_the_words_for_the_clerk(stage: Any) -> None:
    stage.until(stage.is_online)
    stage.sim.unplug_after(0)
    stage.until(lambda: stage.is_reported("D-02"))
    [finding] = outcome(stage, "external")
    assert finding[0] == "failed" and "not there" in finding[1]
    stage.sim.plug()
    stage.until(stage.is_online)


def test_a_check_that_comes_while_a_ticket_waits_for_paper_is_answered_at_once(stage: Any) -> None:
    stage.until(stage.is_online)
    stage.sim.leave_paper(300)
    job = stage.take()
    stage.until(lambda: stage.is_reported("P-02"))
    assert stage.state(job) is PrintState.SENDING
    busy = ("unknown", "a ticket is being printed: ask again when it is out")
    assert outcome(stage, "interactive") == [busy]
    stage.sim.load_paper()
    stage.until(lambda: stage.ended(job))
    stage.check()


def test_a_cable_pulled_within_the_page_harms_no_ticket_after_it(make_stage: Any) -> None:
    stage = make_stage(CHINESE_80, sim={"dots_per_s": 2000.0})
    stage.until(stage.is_online)
    test = ask(stage, "interactive")
    stage.until(lambda: stage.sim.hanging.height_dots > 100, "the page is being printed")
    stage.sim.unplug_after(0)
    stage.until(lambda: any(finding.is_last for finding in told(stage, test)))
    assert told(stage, test)[0].verdict in ("unknown", "failed")
    stage.sim.plug()
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    assert len(stage.slips_of(job)) == 1 and stage.is_whole(stage.slips_of(job)[0], job)


def test_a_printer_that_says_nothing_prints_the_page_and_proves_nothing(make_stage: Any) -> None:
    stage = make_stage(MUTE)
    stage.until(lambda: stage.spooler._line.is_mute and stage.spooler.state == "idle")
    assert [verdict for verdict, _ in outcome(stage, "interactive")] == ["unknown", "ask"]
    stage.until(lambda: len(stage.paper()) == 1)


def test_an_enrolled_printer_is_only_asked_what_it_answered_then(make_stage: Any) -> None:
    stage = make_stage(CHINESE_80)
    stage.until(stage.is_online)
    known = stage.spooler._line.line.abilities
    stage.end()
    stage.enrolled = replace(known, process_id=False)
    stage.start()
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    assert stage.spooler._line.line.abilities is stage.enrolled


def test_another_printer_at_the_address_of_the_enrolled_one_is_found_out_about_anew(make_stage: Any) -> None:
    stage = make_stage(CHINESE_80, start=False)
    stage.enrolled = PrinterAbilities(frozenset(Query), asb=True, paper_answer=True, process_id=True)
    stage.start()
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    assert stage.spooler._line.rung is ConfirmBy.PAPER_ANSWER


def test_what_the_printer_has_done_is_on_record_every_hour(make_stage: Any) -> None:
    stage = make_stage(CHINESE_80)
    stage.until(stage.is_online)
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    stage.spooler._next_count_s = 0.0  # an hour has passed
    stage.until(lambda: stage.printer().counters == "opens=1 writes=1")
    assert stage.printer().state == "online"

"""A number taken is a slip in the hand, and the ledger says so."""

from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.fonts import FontMissing
from halldrivers.printersim import CHINESE_58, MUTE
from hallprinter import spooler_render
from hallprinter.profile import GENERIC_58, GENERIC_80, PrinterProfile, TextEncoding
from hallqueue.states import PrintState

DRAWN_80 = PrinterProfile("drawn-80", 576, TextEncoding.RASTER_ONLY)


def test_a_number_taken_comes_out_as_one_whole_slip_and_is_recorded_as_printed(stage: Any) -> None:
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    stage.check()


def test_the_rung_reached_stands_in_the_ledger(stage: Any) -> None:
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    assert stage.job(job).rung == ("A" if stage.sim.abilities.process_id else "B")


def test_ten_numbers_come_out_in_the_order_in_which_they_were_taken(stage: Any) -> None:
    jobs = [stage.take() for _ in range(10)]
    stage.until(lambda: all(stage.ended(job) for job in jobs))
    stage.check()
    printed = [word for slip in stage.paper() for word in slip.text().split() if word.startswith("A0")]
    assert printed == [f"A{n:03d}" for n in range(1, 11)]


def test_a_reprint_carries_the_same_number_and_the_mark_of_its_copy(stage: Any) -> None:
    first = stage.take()
    stage.until(lambda: stage.ended(first))
    for _ in range(2):
        copy = stage.reprint(first)
        stage.until(lambda copy=copy: stage.ended(copy))
    stage.check()
    texts = [slip.text() for slip in stage.paper()]
    assert ["A001" in text.split() for text in texts] == [True, True, True]
    assert ["补打票（第1次）" in text for text in texts] == [False, True, False]
    assert ["补打票（第2次）" in text for text in texts] == [False, False, True]


def test_an_idle_spooler_that_was_well_is_reported_online_once(stage: Any) -> None:
    job = stage.take()
    stage.until(lambda: stage.ended(job))
    stage.end()
    assert stage.keeper.reports == [("online", "")]


def test_a_small_printer_without_confirmation_prints_and_every_outcome_is_unknown(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(CHINESE_58, profile=GENERIC_58)
    jobs = [stage.take(), stage.take()]
    stage.until(lambda: all(stage.ended(job) for job in jobs))
    assert [(stage.state(job), stage.job(job).rung) for job in jobs] == [(PrintState.UNKNOWN, "C")] * 2
    text = stage.sim.hanging.text()
    assert text.count("当日有效") == 2, "each came out once, on one strip that a hand tears"


def test_a_printer_that_never_answers_prints_by_the_lowest_rung_and_says_that_it_does_not_know(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(MUTE)
    jobs = [stage.take(), stage.take()]
    stage.until(lambda: all(stage.ended(job) for job in jobs))
    assert [(stage.state(job), stage.job(job).rung) for job in jobs] == [(PrintState.UNKNOWN, "D")] * 2
    stage.until(lambda: stage.is_reported("P-01"))
    assert stage.printer().state == "unknown"
    # Rung D ends when the line has taken the bytes: they may still be on their way to the printer.
    stage.until(lambda: [len(stage.slips_of(job)) for job in jobs] == [1, 1], "one slip each")
    stage.check()


def test_content_that_may_not_be_printed_fails_without_a_byte_and_does_not_hold_up_the_next(
    stage: Any,
) -> None:
    usual = stage.hall.engine._reference
    stage.hall.engine._reference = lambda: "short"
    bad = stage.take()
    stage.hall.engine._reference = usual
    good = stage.take()
    stage.until(lambda: stage.ended(good))
    assert (stage.state(bad), stage.job(bad).reason) == (PrintState.FAILED, "content")
    assert stage.state(good) is PrintState.PRINTED
    stage.check()


@pytest.mark.parametrize("service", ["social", "family"])
def test_the_slip_names_the_service_that_was_chosen(stage: Any, service: str) -> None:
    job = stage.take(service)
    stage.until(lambda: stage.ended(job))
    (slip,) = stage.slips_of(job)
    assert stage.hall._plan.service(service).name in slip.text()


def test_without_a_han_font_the_job_fails_is_told_as_such_and_prints_once_the_font_is_there(
    make_stage: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage()
    stage.until(stage.is_online)

    def missing(*_: Any) -> Any:
        raise FontMissing("no font")

    real = spooler_render.render_ticket
    monkeypatch.setattr(spooler_render, "render_ticket", missing)
    job = stage.take()
    stage.until(lambda: stage.state(job) is PrintState.FAILED)
    stage.until(lambda: ("fault", "D-20") in stage.keeper.reports)
    monkeypatch.setattr(spooler_render, "render_ticket", real)
    stage.until(lambda: stage.ended(job))
    assert stage.state(job) is PrintState.PRINTED
    stage.check()
    stage.end()
    assert stage.keeper.reports[-1] == ("online", "")


@pytest.mark.parametrize(("profile", "warnings"), [(GENERIC_80, 0), (DRAWN_80, 1)], ids=["text", "drawn"])
def test_tickets_longer_than_the_printers_buffer_are_warned_of_once(
    make_stage: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
    profile: PrinterProfile,
    warnings: int,
) -> None:
    stage = make_stage(profile=profile)
    jobs = [stage.take(), stage.take()]
    stage.until(lambda: all(stage.ended(job) for job in jobs))
    told = [one.getMessage() for one in caplog.records]
    assert sum("is more than the printer's buffer of 4096" in message for message in told) == warnings

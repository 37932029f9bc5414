"""Paper, ratings and devices at the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hallqueue.errors import BadRequest, UnknownJob, UnknownTicket, UnknownWindow, WrongState
from hallqueue.states import PrintState, RatingState

Make = Callable[..., Any]
PRESS = {"level": "satisfied", "raw_key": "2", "device": "pad1"}


def finished(bench: Any, window: int = 1) -> int:
    bench.take()
    bench.serve(window)
    return int(bench.finish(window).rating.matter)


# --- paper -------------------------------------------------------------------------------------------


def test_a_paper_goes_queued_sending_printed(bench: Any) -> None:
    job = bench.issue("social").job
    assert bench.print_queue()[0].state is PrintState.QUEUED
    assert bench.print_begin(job, printer="p1").state is PrintState.SENDING
    done = bench.print_end(job, state=PrintState.PRINTED, rung="A")
    assert (done.state, done.rung, done.printer) == (PrintState.PRINTED, "A", "p1")
    assert bench.print_queue() == ()
    assert bench.ticket("A001").print_state is PrintState.PRINTED


def test_an_unknown_paper_is_never_sent_again_by_itself(bench: Any) -> None:
    job = bench.issue("social").job
    bench.print_begin(job, printer="p1")
    bench.print_end(job, state=PrintState.UNKNOWN, reason="掉线")
    assert bench.print_queue() == ()
    with pytest.raises(UnknownJob):
        bench.print_begin(job, printer="p1")
    with pytest.raises(UnknownJob):
        bench.print_end(job, state=PrintState.PRINTED)
    assert [j.job for j in bench.snapshot().print_troubles] == [job]


@pytest.mark.parametrize(("came_out", "state"), [(True, PrintState.PRINTED), (False, PrintState.FAILED)])
def test_a_person_answers_for_an_unknown_paper(came_out: bool, state: PrintState, bench: Any) -> None:
    job = bench.issue("social").job
    bench.print_begin(job, printer="p1")
    bench.print_end(job, state=PrintState.UNKNOWN)
    answered = bench.print_answer(job, came_out=came_out)
    assert (answered.state, answered.rung) == (state, "person")


def test_nobody_is_asked_about_a_paper_that_is_known(bench: Any) -> None:
    job = bench.issue("social").job
    with pytest.raises(UnknownJob):
        bench.print_answer(job, came_out=True)


def test_a_failed_paper_may_be_tried_again(bench: Any) -> None:
    job = bench.issue("social").job
    bench.print_begin(job, printer="p1")
    bench.print_end(job, state=PrintState.FAILED, reason="缺纸")
    assert bench.print_queue()[0].reason == "缺纸"
    assert bench.print_begin(job, printer="p1").state is PrintState.SENDING


def test_a_paper_that_was_not_begun_cannot_be_printed(bench: Any) -> None:
    job = bench.issue("social").job
    with pytest.raises(UnknownJob):
        bench.print_end(job, state=PrintState.PRINTED)


def test_an_old_paper_leaves_the_queue_at_once_and_expires_at_the_tick(bench: Any) -> None:
    job = bench.issue("social").job
    bench.later(seconds=600)
    assert bench.print_queue() == ()
    with pytest.raises(UnknownJob):
        bench.print_begin(job, printer="p1")
    assert bench.tick() == 1
    assert bench.ticket("A001").print_state is PrintState.EXPIRED
    assert bench.tick() == 0


def test_a_paper_that_is_being_sent_does_not_expire(bench: Any) -> None:
    job = bench.issue("social").job
    bench.print_begin(job, printer="p1")
    bench.later(minutes=60)
    assert bench.tick() == 0
    assert bench.print_end(job, state=PrintState.PRINTED).state is PrintState.PRINTED


def test_a_reprint_carries_the_number_and_the_next_mark(bench: Any) -> None:
    ticket = bench.issue("social").ticket.ticket
    first, second = bench.reprint(ticket), bench.reprint(ticket)
    assert [(j.ticket.number, j.copy) for j in (first, second)] == [("A001", 1), ("A001", 2)]


@pytest.mark.parametrize("tried", [False, True], ids=["queued", "failed"])
def test_a_reprint_replaces_the_paper_that_is_still_to_come(tried: bool, bench: Any) -> None:
    issued = bench.issue("social")
    if tried:
        bench.print_begin(issued.job, printer="p1")
        bench.print_end(issued.job, state=PrintState.FAILED, reason="缺纸")
    again = bench.reprint(issued.ticket.ticket)
    assert [j.job for j in bench.print_queue()] == [again.job]
    assert bench.state.jobs[issued.job].state is PrintState.EXPIRED
    assert bench.snapshot().print_troubles == (), "nobody needs to look at a paper that was replaced"


def test_a_paper_that_fails_after_its_reprint_is_not_tried_again(bench: Any) -> None:
    issued = bench.issue("social")
    bench.print_begin(issued.job, printer="p1")
    again = bench.reprint(issued.ticket.ticket)
    assert bench.print_end(issued.job, state=PrintState.FAILED, reason="缺纸").state is PrintState.EXPIRED
    assert [j.job for j in bench.print_queue()] == [again.job]


def test_what_a_person_says_did_not_come_out_is_not_tried_again(bench: Any) -> None:
    job = bench.issue("social").job
    bench.print_begin(job, printer="p1")
    bench.print_end(job, state=PrintState.UNKNOWN)
    bench.print_answer(job, came_out=False)
    assert bench.print_queue() == ()
    with pytest.raises(UnknownJob):
        bench.print_begin(job, printer="p1")


def test_only_a_person_speaks_for_a_person(bench: Any) -> None:
    job = bench.issue("social").job
    bench.print_begin(job, printer="p1")
    with pytest.raises(BadRequest):
        bench.print_end(job, state=PrintState.FAILED, rung="person")


def test_the_paper_of_a_visit_that_ended_does_not_come_any_more(bench: Any) -> None:
    done, gone = bench.issue("social"), bench.issue("social")
    assert bench.serve(1) == done.ticket.ticket
    bench.finish(1)
    bench.void(gone.ticket.ticket, reason="走了")
    assert bench.print_queue() == ()
    assert {bench.state.jobs[i.job].state for i in (done, gone)} == {PrintState.EXPIRED}


def test_a_visit_that_ended_is_still_reprinted_and_tried_again_when_that_fails(bench: Any) -> None:
    finished(bench)
    job = bench.reprint(1).job
    bench.print_begin(job, printer="p1")
    bench.print_end(job, state=PrintState.FAILED, reason="缺纸")
    assert [j.job for j in bench.print_queue()] == [job]


def test_a_first_paper_that_fails_after_the_visit_ended_is_not_tried_again(bench: Any) -> None:
    issued = bench.issue("social")
    bench.print_begin(issued.job, printer="p1")
    bench.serve(1)
    bench.finish(1)
    bench.print_end(issued.job, state=PrintState.FAILED, reason="缺纸")
    assert bench.print_queue() == ()


def test_a_ticket_is_reprinted_only_so_often(bench: Any) -> None:
    ticket = bench.issue("social").ticket.ticket
    for _ in range(3):
        bench.reprint(ticket)
    with pytest.raises(BadRequest, match="A001已补打3次"):
        bench.reprint(ticket)


def test_a_void_ticket_is_not_reprinted(bench: Any) -> None:
    ticket = bench.issue("social").ticket.ticket
    bench.void(ticket, reason="离开")
    with pytest.raises(WrongState, match="A001现在是“作废”，不能补打"):
        bench.reprint(ticket)


def test_the_paper_names_the_windows_that_serve_it(bench: Any) -> None:
    bench.issue("social")
    assert bench.print_queue()[0].window_hint == "1、2"


# --- ratings -----------------------------------------------------------------------------------------


def test_a_finished_matter_asks_for_a_rating_until_the_plans_timeout(bench: Any) -> None:
    matter = finished(bench)
    (rating,) = bench.ratings_open()
    assert (rating.matter, rating.window, rating.until_ms - rating.opened_ms) == (matter, 1, 60_000)


def test_a_press_rates_the_open_matter_once(bench: Any) -> None:
    finished(bench)
    first, second = bench.press(1, **PRESS), bench.press(1, **PRESS)
    assert first.rated and first.rating.level == "satisfied"
    assert not second.rated
    view = bench.snapshot()
    assert (view.rated_today, view.windows[0].stray_today) == (1, 1)


def test_a_press_that_nobody_asked_for_is_stray(bench: Any) -> None:
    assert not bench.press(1, **PRESS).rated
    assert bench.names()[-1] == "StrayPress"


def test_a_press_at_another_window_rates_nothing(bench: Any) -> None:
    finished(bench, 1)
    assert not bench.press(2, **PRESS).rated
    assert len(bench.ratings_open()) == 1


@pytest.mark.parametrize(("after_s", "rated"), [(59, True), (61, True), (61.1, False)])
def test_a_press_counts_until_a_second_after_the_deadline(after_s: float, rated: bool, bench: Any) -> None:
    finished(bench)
    bench.later(seconds=after_s)
    assert bench.press(1, **PRESS).rated is rated


def test_a_press_that_was_asked_for_the_matter_before_is_stray(bench: Any) -> None:
    first = finished(bench)
    second = finished(bench)
    assert not bench.press(1, matter=first, **PRESS).rated
    assert not bench.press(1, matter=0, **PRESS).rated
    assert bench.press(1, matter=second, **PRESS).rated


@pytest.mark.parametrize("level", ["", "good", "VERY_SATISFIED"])
def test_a_level_that_does_not_exist_is_refused(level: str, bench: Any) -> None:
    finished(bench)
    with pytest.raises(BadRequest):
        bench.press(1, level=level, raw_key="1", device="pad1")


def test_a_press_at_no_window_is_refused(bench: Any) -> None:
    with pytest.raises(UnknownWindow):
        bench.press(9, **PRESS)


def test_silence_is_unrated_and_never_a_level(bench: Any) -> None:
    matter = finished(bench)
    bench.later(seconds=60)
    view = bench.rating_timeout(matter)
    assert (view.state, view.level) == (RatingState.UNRATED, "")
    assert bench.snapshot().unrated_today == 1


@pytest.mark.parametrize("left_s", [60, 1.001])
def test_silence_is_not_believed_more_than_a_second_early(left_s: float, bench: Any) -> None:
    matter = finished(bench)
    bench.later(seconds=60 - left_s)
    with pytest.raises(BadRequest):
        bench.rating_timeout(matter)
    assert len(bench.ratings_open()) == 1
    bench.later(seconds=left_s - 1)
    assert bench.rating_timeout(matter).state is RatingState.UNRATED


def test_silence_is_believed_when_the_clock_was_set_back_behind_the_session(bench: Any) -> None:
    matter = finished(bench)
    bench.later(minutes=-10)
    assert bench.rating_timeout(matter).state is RatingState.UNRATED


def test_a_timeout_after_the_press_changes_nothing(bench: Any) -> None:
    matter = finished(bench)
    bench.press(1, **PRESS)
    recorded = len(bench.log.events)
    assert bench.rating_timeout(matter).state is RatingState.RATED
    assert len(bench.log.events) == recorded


def test_a_timeout_of_a_matter_that_never_finished_is_refused(bench: Any) -> None:
    with pytest.raises(UnknownTicket):
        bench.rating_timeout(99)


def test_a_session_that_the_desk_forgot_ends_five_seconds_after_its_deadline(bench: Any) -> None:
    matter = finished(bench)
    bench.later(seconds=64.9)
    assert bench.tick() == 0
    bench.later(seconds=0.1)
    assert bench.tick() == 1
    assert bench.state.ratings[matter].reason == "timeout"


def test_the_next_start_ends_the_session_before_it_as_superseded(bench: Any) -> None:
    matter = finished(bench)
    bench.take()
    bench.call(1)
    assert len(bench.ratings_open()) == 1, "the last person may still press while the next one walks up"
    bench.start(1)
    assert bench.ratings_open() == ()
    assert bench.state.ratings[matter].reason == "superseded"


def test_a_resume_ends_the_session_before_it_too(bench: Any) -> None:
    held = bench.take()
    bench.serve(1)
    bench.hold(1)
    finished(bench)
    bench.resume(1, held)
    assert bench.ratings_open() == ()


def test_while_the_same_person_goes_on_the_session_stays_until_the_next_matter_finishes(bench: Any) -> None:
    family = bench.take("family")
    bench.call_ticket(4, family)
    bench.start(4)
    first = bench.finish(4).rating.matter
    assert [r.matter for r in bench.ratings_open()] == [first]
    second = bench.finish(4).rating.matter
    assert [r.matter for r in bench.ratings_open()] == [second]
    assert bench.state.ratings[first].reason == "superseded"


def test_a_console_shows_the_last_rating_after_it_ended(bench: Any) -> None:
    finished(bench)
    bench.press(1, **PRESS)
    assert bench.snapshot().windows[0].rating.state is RatingState.RATED


# --- devices -----------------------------------------------------------------------------------------


def test_a_device_is_recorded_only_when_it_changed(bench: Any) -> None:
    for _ in range(3):
        bench.report_device("printer", kind="printer", state="online")
    bench.report_device("printer", kind="printer", state="fault", code="P-02", what_zh="缺纸")
    assert bench.names().count("DeviceChanged") == 2


def test_a_device_says_since_when(bench: Any) -> None:
    first = bench.report_device("pad", kind="pad", state="offline").since_ms
    bench.later(minutes=5)
    assert bench.report_device("pad", kind="pad", state="offline", what_zh="没有回答").since_ms == first
    assert bench.report_device("pad", kind="pad", state="online").since_ms == bench.now_ms


def test_a_device_state_outside_the_vocabulary_is_refused(bench: Any) -> None:
    with pytest.raises(BadRequest):
        bench.report_device("pad", kind="pad", state="fine")

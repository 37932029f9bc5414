"""What stands on the paper, from the keeper's job."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallprinter.facefrom import _minutes, face_of
from hallprinter.wording import wait_text


@pytest.fixture
def scene(make_stage: Callable[..., Any]) -> Any:
    return make_stage(start=False)


def face(scene: Any, job: int, **changes: Any) -> Any:
    view = scene.job(job)
    ticket = replace(view.ticket, **changes.pop("ticket", {}))
    return face_of(replace(view, ticket=ticket, **changes), scene.hall._plan, scene.clock)


def test_times_are_the_halls_own_whatever_the_machine_thinks(scene: Any) -> None:
    assert face(scene, scene.take()).issued_at == "2026-03-02 09:00"


def test_an_ordinary_ticket_names_its_service_its_window_and_who_is_before(scene: Any) -> None:
    scene.take()
    second = face(scene, scene.take())
    assert (second.number, second.service_name, second.window_hint) == ("A002", "社保", "1号窗口")
    assert (second.ahead, second.copy, second.matters) == (1, 0, ())


def test_one_visit_through_several_matters_is_named_as_a_whole(scene: Any) -> None:
    whole = face(scene, scene.take("family"))
    assert (whole.service_name, whole.matters) == ("婚育户", ("婚姻登记", "生育登记"))


def test_after_a_transfer_the_service_that_it_is_for_now_is_named(scene: Any) -> None:
    moved = face(scene, scene.take(), ticket={"service": "marry", "service_name": "婚姻登记"})
    assert moved.service_name == "婚姻登记"


def test_a_reprint_does_not_repeat_counts_that_are_old_and_says_when_it_was_made(scene: Any) -> None:
    job = scene.reprint(scene.take())
    scene.clock.ms += 25 * 60_000
    again = face(scene, job, estimate_s=600, ahead=3)
    assert (again.copy, again.ahead, again.minutes_low, again.minutes_high) == (1, None, None, None)
    assert "补打时间：2026-03-02 09:25" in again.notes


def test_no_estimate_is_printed_when_nothing_can_be_said(scene: Any) -> None:
    blank = face(scene, scene.take(), estimate_s=-1)
    assert (blank.minutes_low, blank.minutes_high) == (None, None)


def test_the_estimate_is_a_range_of_minutes(scene: Any) -> None:
    estimate = face(scene, scene.take(), estimate_s=1200)
    assert (estimate.minutes_low, estimate.minutes_high) == (15, 25)


@given(st.integers(0, 86_400))
def test_the_range_holds_the_estimate_and_can_be_said(estimate_s: int) -> None:
    low, high = _minutes(estimate_s)
    assert low is not None and high is not None
    assert low * 60 <= estimate_s <= high * 60
    assert wait_text(low, high)


def test_a_name_that_is_not_masked_stays_off_the_paper(scene: Any) -> None:
    assert face(scene, scene.take(), ticket={"masked_name": "张三"}).masked_name == ""
    assert face(scene, scene.take(), ticket={"masked_name": "张*"}).masked_name == "张*"


def test_a_ticket_from_before_the_clock_was_set_says_so(scene: Any) -> None:
    assert face(scene, scene.take(), ticket={"clock_ok": False}).clock_suspect


def test_what_becomes_of_a_passed_number_stands_on_the_paper(scene: Any) -> None:
    assert face(scene, scene.take()).notes == ("过号请在60分钟内向窗口说明",)

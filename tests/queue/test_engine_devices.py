"""Devices tell what they are and what they have done; tests are asked for and answered once."""

from __future__ import annotations

from typing import Any

import pytest

from hallqueue.errors import BadRequest, DeviceTestRunning, UnknownDeviceTest
from hallqueue.events import DeviceChanged, DeviceCounted, DeviceTestAsked, DeviceTestTold


def reported(bench: Any, **more: Any) -> Any:
    return bench.report_device("idcard", kind="idcard", **({"state": "online"} | more))


def test_a_device_is_told_in_both_languages_with_what_it_has_done(bench: Any) -> None:
    texts = {
        "what_zh": "找不到",
        "what_en": "not there",
        "remedy_zh": "看线",
        "remedy_en": "look at the cable",
    }
    view = reported(bench, state="absent", code="D-02", who="clerk", counters="losses=1 opens=4", **texts)
    assert {name: getattr(view, name) for name in texts} == texts
    assert view.counters == "losses=1 opens=4"


def test_new_counts_alone_are_an_event_of_their_own_and_change_no_time(bench: Any) -> None:
    since = reported(bench, counters="good_reads=1").since_ms
    bench.later(minutes=60)
    view = reported(bench, counters="good_reads=9")
    assert (view.counters, view.since_ms) == ("good_reads=9", since)
    assert bench.bodies()[-1] == DeviceCounted(device="idcard", counters="good_reads=9")


def test_the_same_word_again_and_a_word_without_counts_are_no_event(bench: Any) -> None:
    reported(bench, counters="good_reads=1")
    before = len(bench.log.events)
    reported(bench, counters="good_reads=1")
    reported(bench)
    assert len(bench.log.events) == before
    assert bench.snapshot().devices[0].counters == "good_reads=1"


def test_counts_go_over_into_the_next_day(bench: Any) -> None:
    reported(bench, counters="good_reads=1", what_en="fine")
    bench.close_day(reason="下班")
    bench.at("2026-03-03 08:00")
    assert bench.roll()
    (view,) = bench.snapshot().devices
    assert (view.counters, view.what_en) == ("good_reads=1", "fine")


def test_a_device_that_nobody_holds_any_more_is_unknown_once_and_keeps_its_counts(bench: Any) -> None:
    reported(bench, counters="good_reads=3")
    bench.lose_devices(["idcard", "never-seen"])
    bench.lose_devices(["idcard"])
    lost = [body for body in bench.bodies() if isinstance(body, DeviceChanged)][1:]
    assert [(body.device, body.state, body.code, body.who) for body in lost] == [
        ("idcard", "unknown", "T-09", "technician")
    ]
    assert lost[0].counters == "good_reads=3"
    assert lost[0].remedy_zh and lost[0].remedy_en


def test_whoever_holds_a_device_is_told_when_the_record_says_something_else(bench: Any) -> None:
    assert not bench.attend_device("idcard", state="online")
    reported(bench)
    before = len(bench.log.events)
    assert bench.attend_device("idcard", state="online")
    assert not bench.attend_device("idcard", state="online", code="P-07")
    bench.lose_devices(["idcard"])
    assert not bench.attend_device("idcard", state="online")
    assert len(bench.log.events) == before + 1, "attending records nothing"


def test_a_test_is_asked_for_and_told_until_its_last_finding(bench: Any) -> None:
    test = bench.ask_test("idcard", level="external")
    assert bench.tell_test(test, verdict="passed", zh="应答正常", en="it answers") is True
    assert bench.tell_test(test, verdict="failed", zh="坏了", en="broken", is_last=True) is False
    assert [type(body) for body in bench.bodies()[-3:]] == [DeviceTestAsked, DeviceTestTold, DeviceTestTold]
    assert bench.log.events[-3].seq == test
    with pytest.raises(UnknownDeviceTest):
        bench.tell_test(test, verdict="passed", zh="晚了", en="late")


def test_two_tests_of_one_device_do_not_run_at_once(bench: Any) -> None:
    test = bench.ask_test("idcard", level="interactive")
    with pytest.raises(DeviceTestRunning, match="idcard"):
        bench.ask_test("idcard", level="internal")
    bench.ask_test("printer", level="internal")
    bench.tell_test(test, verdict="unknown", zh="没有人放卡", en="nobody laid a card", is_last=True)
    bench.ask_test("idcard", level="internal")


def test_a_test_that_nobody_answers_does_not_stand_in_the_way_for_ever(bench: Any) -> None:
    bench.ask_test("idcard", level="interactive")
    bench.later(minutes=3)
    bench.ask_test("idcard", level="interactive")


def test_words_that_no_test_knows_are_refused(bench: Any) -> None:
    with pytest.raises(BadRequest):
        bench.ask_test("idcard", level="deep")
    with pytest.raises(BadRequest):
        bench.ask_test(" ", level="internal")
    test = bench.ask_test("idcard", level="internal")
    with pytest.raises(BadRequest):
        bench.tell_test(test, verdict="fine", zh="", en="")


def test_a_test_of_yesterday_is_over(bench: Any) -> None:
    test = bench.ask_test("idcard", level="internal")
    bench.close_day(reason="下班")
    bench.at("2026-03-03 08:00")
    bench.roll()
    with pytest.raises(UnknownDeviceTest):
        bench.tell_test(test, verdict="passed", zh="", en="")


def test_the_log_alone_gives_the_same_devices_and_tests_again(bench: Any) -> None:
    reported(bench, counters="a=1")
    reported(bench, counters="a=2")
    bench.tell_test(bench.ask_test("idcard", level="internal"), verdict="passed", zh="", en="", is_last=True)
    assert bench.refolded().dump() == bench.state.dump()
    assert [event.body for event in bench.log.events if isinstance(event.body, DeviceChanged)]

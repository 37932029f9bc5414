"""The three health checks of a caller."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from halldrivers.caller.callers import Callers
from halldrivers.caller.checks import caller_checker
from halldrivers.caller.sim import CallerLineSim
from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.errors import BadUrl
from halldrivers.keysource import DOWN, KeyEvent, MemoryKeySource
from halldrivers.simwire import SimServer, serve_pty

from .conftest import QUICK, WITHIN_S, Clerk  # type: ignore[import-not-found]

KP_ENTER = 96


class Person:
    """Reads the findings, and does what they ask."""

    def __init__(self, *does: Callable[[], None]) -> None:
        self.findings: list[Finding] = []
        self._does = list(does)

    def __call__(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.verdict is Verdict.ASK and self._does:
            self._does.pop(0)()

    @property
    def verdicts(self) -> list[str]:
        return [finding.verdict.value for finding in self.findings]


def until(condition: Callable[[], bool]) -> Callable[[], None]:
    """Looks until it is so."""

    def look() -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)

    return look


def url(far: SimServer[CallerLineSim], more: str = "") -> str:
    return f"caller://{far.path}?unit=2{more}"


def test_the_internal_check_looks_for_the_node(tmp_path: Path, callers: Callers) -> None:
    here, person = tmp_path / "callers", Person()
    check = caller_checker(callers, f"caller://{here}?unit=2")
    check(CheckLevel.INTERNAL, person)
    here.touch()
    check(CheckLevel.INTERNAL, person)
    assert person.verdicts == ["failed", "passed"]
    assert person.findings[1].zh == f"地址正确：{here}#2"


def test_a_wrong_url_is_said_at_once(callers: Callers) -> None:
    with pytest.raises(BadUrl):
        caller_checker(callers, "caller:///dev/hall/callers")


def test_a_caller_that_only_speaks_when_pressed_is_unknown_to_the_external_check(callers: Callers) -> None:
    person, before = Person(), threading.active_count()
    with serve_pty(CallerLineSim()) as far:
        caller_checker(callers, url(far), first_word_s=0.3)(CheckLevel.EXTERNAL, person)
    assert person.verdicts == ["passed", "unknown"]
    fault = person.findings[-1].fault
    assert fault is not None and fault.code == "K-06"
    assert threading.active_count() == before, "what was opened for the check is given back"


def test_a_polled_caller_is_asked_by_the_external_check(callers: Callers) -> None:
    with serve_pty(sim := CallerLineSim(is_polled=True)) as far:
        check = caller_checker(callers, url(far, "&dialect=polled"), first_word_s=WITHIN_S)
        check(CheckLevel.EXTERNAL, alive := Person())
        sim.power_off(2)
        check(CheckLevel.EXTERNAL, dead := Person())
    assert alive.verdicts == ["passed", "passed"]
    assert dead.verdicts == ["passed", "failed"]
    fault = dead.findings[-1].fault
    assert fault is not None and fault.code == "K-03"


def test_the_interactive_check_of_a_caller_at_work_has_its_keys_and_its_display_for_a_while(
    callers: Callers, clerk: Clerk
) -> None:
    with serve_pty(sim := CallerLineSim()) as far:
        caller = callers.opener(url(far))(on_key=clerk.pressed, on_trouble=clerk.told)
        caller.show("A012", 7)
        clerk.until(lambda: sim.display(2) == "012 07")
        person = Person(
            lambda: sim.press(2, "呼叫"),
            until(lambda: sim.display(2) == "123 05" and sim.callers[2].beeps == 1),
        )
        check = caller_checker(callers, url(far), press_s=WITHIN_S, first_word_s=0.1, look_s=0.0)
        check(CheckLevel.INTERACTIVE, person)
        assert clerk.keys == [], "a key pressed for a check calls nobody"
        clerk.until(lambda: sim.display(2) == "012 07")
        sim.press(2, "重呼")
        clerk.until(lambda: [key.value for key in clerk.keys] == ["recall"])
        callers.close()
    assert person.verdicts == ["passed", "unknown", "ask", "passed", "ask"]
    assert person.findings[3].zh == "收到按键：呼叫下一位"


def test_what_is_shown_during_a_check_stands_there_after_it(callers: Callers, clerk: Clerk) -> None:
    with serve_pty(sim := CallerLineSim()) as far:
        caller = callers.opener(url(far))(on_key=clerk.pressed, on_trouble=clerk.told)
        person = Person(lambda: sim.press(2, "呼叫"), lambda: caller.show("A099", 1))
        caller_checker(callers, url(far), first_word_s=0.1, look_s=0.0)(CheckLevel.INTERACTIVE, person)
        clerk.until(lambda: sim.display(2) == "099 01")
        callers.close()


def test_a_display_that_showed_nothing_is_blank_after_a_check(callers: Callers) -> None:
    with serve_pty(sim := CallerLineSim()) as far:
        callers.opener(url(far))(on_key=lambda key, at_s: None, on_trouble=lambda word: None)
        person = Person(lambda: sim.press(2, "呼叫"), until(lambda: sim.display(2) == "123 05"))
        caller_checker(callers, url(far), first_word_s=0.1, look_s=0.0)(CheckLevel.INTERACTIVE, person)
        until(lambda: sim.display(2) == "    00")()
        callers.close()


def test_no_key_in_time_cannot_be_told(callers: Callers) -> None:
    with serve_pty(CallerLineSim()) as far:
        person = Person()
        check = caller_checker(callers, url(far), press_s=0.1, first_word_s=0.1, look_s=0.0)
        check(CheckLevel.INTERACTIVE, person)
    assert person.verdicts == ["passed", "unknown", "ask", "unknown", "ask"]


def test_a_line_that_is_gone_fails_and_asks_nobody(tmp_path: Path, callers: Callers, clerk: Clerk) -> None:
    here = tmp_path / "callers"
    here.touch()  # a file is no serial port
    check = caller_checker(callers, f"caller://{here}?unit=2", first_word_s=WITHIN_S)
    check(CheckLevel.INTERACTIVE, person := Person())
    assert person.verdicts == ["passed", "failed"]


def test_a_keypad_is_checked_through_the_same_path(tmp_path: Path, clerk: Clerk) -> None:
    source = MemoryKeySource()
    path = tmp_path / "usb-keypad-event-kbd"
    path.touch()
    callers = Callers(key_source=lambda path: source, retry=QUICK)
    callers.opener(f"evdev://{path}")(on_key=clerk.pressed, on_trouble=clerk.told)
    person = Person(lambda: source.type(KeyEvent(KP_ENTER, DOWN, 1.0)))
    check = caller_checker(callers, f"evdev://{path}", press_s=WITHIN_S, look_s=0.0)
    check(CheckLevel.INTERACTIVE, person)
    assert person.verdicts == ["passed", "passed", "ask", "passed", "ask"]
    assert person.findings[3].zh == "收到按键：确认" and "NumLock" in person.findings[4].zh
    assert clerk.keys == []
    source.type(KeyEvent(KP_ENTER, DOWN, 2.0))
    clerk.until(lambda: [key.value for key in clerk.keys] == ["enter"])
    callers.close()
    assert not source.is_open

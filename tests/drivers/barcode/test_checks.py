"""The three health checks of a reader at work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from halldrivers.barcode.opening import ReaderAtWork
from halldrivers.barcode.sim import BarcodeSim, TypingScannerSim
from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.simwire import serve_pty, serve_tcp
from halldrivers.worker import Retry

from .conftest import Heard  # type: ignore[import-not-found]

QUICK = Retry(0.01, 0.05)


class Person:
    """Reads the findings, and does what they ask."""

    def __init__(self, does: Callable[[], None] = lambda: None) -> None:
        self.findings: list[Finding] = []
        self._does = does

    def __call__(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.verdict is Verdict.ASK:
            self._does()

    @property
    def verdicts(self) -> list[str]:
        return [finding.verdict.value for finding in self.findings]

    @property
    def last_code(self) -> str:
        fault = self.findings[-1].fault
        return fault.code if fault else ""


def at_work(url: str, heard: Heard, scan_s: float = 15.0) -> ReaderAtWork:
    return ReaderAtWork(
        "barcode",
        url,
        on_code=heard.code,
        on_bad=heard.refused,
        on_status=heard.word,
        retry=QUICK,
        scan_s=scan_s,
    )


def test_the_internal_check_looks_for_the_node(tmp_path: Path, heard: Heard) -> None:
    here, person = tmp_path / "barcode", Person()
    reader = at_work(f"serial://{here}", heard)
    reader.check(CheckLevel.INTERNAL, person)
    here.touch()
    reader.check(CheckLevel.INTERNAL, person)
    reader.close()
    assert person.verdicts == ["failed", "passed"]
    fault = person.findings[0].fault
    assert fault is not None and fault.code == "D-02"


def test_the_external_check_says_how_the_reader_at_work_is(heard: Heard) -> None:
    person = Person()
    with serve_tcp(sim := BarcodeSim()) as server:
        reader = at_work(server.url, heard)
        reader.check(CheckLevel.EXTERNAL, person)
        sim.unplug_after(0)
        heard.until(lambda: heard.states == ["online", "absent"])
        reader.check(CheckLevel.EXTERNAL, person)
        reader.close()
    assert person.verdicts == ["passed", "passed", "passed", "failed"] and person.last_code == "D-02"


def test_a_scanner_that_another_program_holds_fails_the_external_check(heard: Heard) -> None:
    person = Person()
    with serve_pty(BarcodeSim()) as server:
        holder = at_work(server.url, Heard())
        holder.check(CheckLevel.EXTERNAL, Person())
        reader = at_work(server.url, heard)
        reader.check(CheckLevel.INTERACTIVE, person)
        reader.close()
        holder.close()
    assert person.verdicts == ["passed", "failed"] and person.last_code == "D-04"


def test_the_interactive_check_alone_hears_the_code_and_shows_only_its_beginning(heard: Heard) -> None:
    with serve_pty(sim := BarcodeSim()) as server:
        reader = at_work(server.url, heard)
        person = Person(lambda: sim.scan("PERS-onal-text"))
        reader.check(CheckLevel.INTERACTIVE, person)
        sim.scan("AFTER")
        heard.until(lambda: heard.codes == ["AFTER"])
        reader.close()
    assert person.verdicts == ["passed", "passed", "ask", "passed"]
    assert person.findings[-1].zh == "读到 14 个字符，开头是 PERS"
    assert not any("onal" in finding.zh + finding.en for finding in person.findings)


def test_a_refused_code_fails_the_interactive_check_with_the_reason(heard: Heard) -> None:
    with serve_pty(sim := BarcodeSim()) as server:
        reader = at_work(server.url, heard)
        person = Person(lambda: sim.scan("张三"))
        reader.check(CheckLevel.INTERACTIVE, person)
        reader.close()
    assert person.verdicts[-1] == "failed" and "ASCII" in person.findings[-1].zh and heard.bad == []


def test_nothing_scanned_in_time_cannot_be_told(heard: Heard) -> None:
    with serve_pty(BarcodeSim()) as server:
        reader = at_work(server.url, heard, scan_s=0.1)
        reader.check(CheckLevel.INTERACTIVE, person := Person())
        reader.close()
    assert person.verdicts == ["passed", "passed", "ask", "unknown"]


def test_a_scanner_that_types_is_checked_the_same_way(tmp_path: Path, heard: Heard) -> None:
    path = tmp_path / "usb-ACME-event-kbd"
    path.touch()
    keys = TypingScannerSim()
    reader = ReaderAtWork("barcode", f"evdev://{path}", on_code=heard.code, key_source=lambda path: keys)
    reader.check(CheckLevel.INTERACTIVE, person := Person(lambda: keys.scan("A1")))
    reader.close()
    assert person.verdicts == ["passed", "passed", "ask", "passed"] and heard.codes == []


def test_a_reader_at_work_leaves_no_thread_behind(heard: Heard) -> None:
    before = threading.active_count()
    reader = at_work("serial:///dev/hall/there-is-none", heard)
    heard.until(lambda: heard.states == ["absent"])
    reader.close()
    reader.close()
    assert threading.active_count() == before

"""``hall test DEVICE``: by whoever holds the device, else from here; what it asks, a simulator does."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hall.cli import main
from hall.commands.test import _findings_alone, _is_well
from hall.devices.testing import OVERDUE, UNDER_WAY
from hallqueue.events import DeviceTestTold

pytestmark = pytest.mark.xdist_group(name="demo")

FROM_HERE = "no process holds it: checking from here"


def hall_test(hall: Any, *arguments: str) -> Result:
    """The command, in this process."""
    folder = ["--config", str(hall.file), "--state", str(hall.folder), "--wait", "5"]
    return CliRunner().invoke(main, ["test", *arguments, *folder])


class AtTheShell:
    """The command in a process of its own, read line by line."""

    def __init__(self, hall: Any, *arguments: str) -> None:
        command = [sys.executable, "-P", "-m", "hall", "test", *arguments]
        self.process = subprocess.Popen(
            [*command, "--config", str(hall.file), "--state", str(hall.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        )
        self.lines: list[str] = []

    def hears(self, part: str) -> str:
        """Read on until a line has this in it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if part in line:
                return line
        raise AssertionError(f"not said: {part!r}, but {self.lines}")

    def end(self) -> int:
        """Read to its end; answers its exit status."""
        assert self.process.stdout is not None
        self.lines += [line.rstrip() for line in self.process.stdout]
        self.process.stdout.close()
        return self.process.wait(30)


# --- what it needs no hall for -----------------------------------------------------------------------


def test_without_a_device_the_configured_ones_are_listed(equipped: Any) -> None:
    listed = hall_test(equipped)
    assert listed.exit_code == 0
    names = [line.split("\t")[0] for line in listed.stdout.splitlines()]
    assert names[:6] == ["printer", "idcard", "barcode", "camera", "scanner", "scans"]
    assert set(names[6:]) == {
        f"{kind}-{window}" for kind in ("pad", "keypad", "sign") for window in (1, 2, 3)
    }


def test_as_data_the_configured_ones_are_one_document(equipped: Any) -> None:
    listed = json.loads(hall_test(equipped, "--json").stdout)
    assert listed[1] == {
        "name": "idcard",
        "kind": "idcard",
        "zh": "读卡器",
        "url": equipped.config.idcard,
        "unit": "terminal",
    }
    assert len(listed) == 15


@pytest.mark.parametrize(
    ("verdicts", "well"),
    [
        (["passed"], True),
        (["passed", "unknown"], True),
        (["unknown", "passed"], True),
        (["passed", "failed"], False),
        (["failed", "passed"], False),
        (["unknown"], False),
        ([], False),
        (["passed", "ask", "passed", "ask"], True),
        (["ask", "passed", "unknown"], True),
        (["passed", "ask"], True),
        (["passed", "ask", "unknown", "ask"], False),
        (["ask", "unknown"], False),
        (["unknown", "ask"], False),
    ],
)
def test_what_cannot_be_told_counts_neither_way_and_something_must_be_well(
    verdicts: list[str], well: bool
) -> None:
    assert _is_well(verdicts) is well


def test_a_device_that_nobody_configured_is_wrong_usage_and_the_known_ones_are_named(equipped: Any) -> None:
    refused = hall_test(equipped, "pad-9")
    assert refused.exit_code == 2
    assert "没有设备 pad-9 / no such device; 有 / known: printer, idcard, " in refused.stderr


# --- by whoever holds it -----------------------------------------------------------------------------

HELD = ["printer", "idcard", "barcode", "camera", "scanner", "scans", "pad-1", "sign-1", "keypad-1"]


@pytest.mark.parametrize("device", HELD)
def test_whoever_holds_a_device_checks_it_inside_and_outside(equipped: Any, device: str) -> None:
    if device.startswith("keypad"):  # it is known once somebody pressed a key
        equipped.press_caller(1, "取消")
        equipped.well(device)
    told = hall_test(equipped, device)
    assert FROM_HERE not in told.stderr, told.stderr
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("[正常] ") and " / " in line for line in lines)
    assert "内部检查 / internal" in told.stderr and "外部检查 / external" in told.stderr


def test_a_caller_that_nobody_pressed_yet_cannot_be_told_and_is_no_fault(equipped: Any) -> None:
    told = hall_test(equipped, "keypad-2")
    assert told.exit_code == 0, told.output
    assert "[不明] " in told.stdout and "[故障] " not in told.stdout
    assert "“不明”不算正常，也不算故障 / unknown is neither well nor a fault" in told.stderr


def test_that_a_check_is_under_way_is_told_and_proves_nothing(
    equipped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(hall: Any, test: int) -> Iterator[DeviceTestTold]:
        for finding in (UNDER_WAY, OVERDUE):
            yield DeviceTestTold(test=test, **finding.words())

    monkeypatch.setattr("hall.commands.test._findings", slow)
    told = hall_test(equipped, "sign-2", "--level", "internal", "--json")
    assert told.exit_code == 1
    assert "正在检查，请稍候" in told.stderr
    assert [one["verdict"] for one in json.loads(told.stdout)] == ["unknown"]


def test_a_card_is_laid_when_it_is_asked_for(equipped: Any) -> None:
    shell = AtTheShell(equipped, "idcard", "--interactive")
    shell.hears("[请操作]")
    equipped.gear.lay_card(equipped.next_card(0))
    shell.hears("read a card (resident)")
    equipped.gear.reader.take_away()
    assert shell.end() == 0, shell.lines
    assert not any(FROM_HERE in line for line in shell.lines)
    assert not any("11010119900307002X" in line for line in shell.lines), "a number is shown masked only"


def test_a_pad_is_pressed_through_the_role_that_holds_it_and_rates_again_afterwards(equipped: Any) -> None:
    shell = AtTheShell(equipped, "pad-2", "--level", "interactive")
    shell.hears("[请操作]")
    heard = threading.Event()

    def finger() -> None:
        while not heard.is_set():  # and again, as people do when nothing happens
            equipped.press_pad(2, "3")
            heard.wait(1.0)

    hand = threading.Thread(target=finger)
    hand.start()
    try:
        assert shell.end() == 0, shell.lines
    finally:
        heard.set()
        hand.join()
    assert any("key 3 was heard" in line for line in shell.lines)
    equipped.well("pad-2")


def test_a_caller_s_key_that_is_pressed_for_the_check_calls_nobody(equipped: Any) -> None:
    equipped.press_caller(3, "取消")  # it is known once somebody pressed a key
    equipped.well("keypad-3")
    equipped.issue(3)
    shell = AtTheShell(equipped, "keypad-3", "--level", "interactive")
    since = len(equipped.screen.events)
    shell.hears("[请操作]")
    equipped.press_caller(3, "呼叫")
    assert shell.end() == 0, shell.lines
    assert any("key heard" in line for line in shell.lines)
    assert "TicketCalled" not in {kind for _, kind, _ in equipped.screen.events[since:]}


def test_a_code_that_is_scanned_for_the_check_reaches_nobody_else(equipped: Any) -> None:
    equipped.touch.forget_codes()
    shell = AtTheShell(equipped, "barcode", "--level", "interactive")
    shell.hears("[请操作]")
    equipped.gear.barcode.scan("HALL-CHECK-1")
    assert shell.end() == 0, shell.lines
    assert any("read 12 characters" in line for line in shell.lines)
    assert equipped.touch.read_code(0.1) == ""


def test_the_findings_are_data_for_programs(equipped: Any) -> None:
    told = hall_test(equipped, "idcard", "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert {one["level"] for one in found} == {"internal", "external"}
    assert set(found[0]) == {
        "device",
        "level",
        "verdict",
        "zh",
        "en",
        "code",
        "who",
        "remedy_zh",
        "remedy_en",
    }


def test_a_device_that_does_not_answer_fails_with_who_must_act_and_what_to_do(equipped: Any) -> None:
    equipped.gear.windows.kill(1)
    try:
        told = hall_test(equipped, "pad-1", "--level", "external")
    finally:
        equipped.gear.windows.revive(1)
    equipped.well("pad-1")
    assert told.exit_code == 1
    assert "[故障]" in told.stdout
    assert "谁处理 / who: " in told.stdout and "怎么办 / do: " in told.stdout
    assert FROM_HERE not in told.stderr


def test_a_reader_that_hangs_is_judged_by_its_holder_and_not_opened_a_second_time(equipped: Any) -> None:
    equipped.gear.reader.go_silent()
    try:
        told = hall_test(equipped, "idcard", "--level", "external")
    finally:
        equipped.gear.reader.speak()
    equipped.well("idcard")
    assert told.exit_code == 1
    assert "[故障]" in told.stdout
    assert FROM_HERE not in told.stderr


def test_a_printer_that_hangs_is_judged_by_the_spooler(equipped: Any) -> None:
    equipped.gear.printer.go_silent()
    try:
        told = hall_test(equipped, "printer", "--level", "external")
    finally:
        equipped.gear.printer.speak()
    assert told.exit_code == 1
    assert FROM_HERE not in told.stderr, told.stderr
    equipped.well("printer")


def test_while_a_device_is_tested_a_second_test_is_refused_and_not_done_from_here(equipped: Any) -> None:
    first = AtTheShell(equipped, "barcode", "--level", "interactive")
    first.hears("[请操作]")
    second = hall_test(equipped, "barcode", "--level", "internal")
    equipped.gear.barcode.scan("HALL-CHECK-2")
    assert first.end() == 0
    assert second.exit_code == 1
    assert second.stdout == ""
    assert "谁处理 / who" in second.stderr
    assert FROM_HERE not in second.stderr


# --- from here ---------------------------------------------------------------------------------------


def test_when_its_role_does_not_run_a_device_is_checked_from_here_and_can_be_tested_again(
    equipped: Any,
) -> None:
    equipped.roles["evaluator"].stop()
    try:
        told = hall_test(equipped, "pad-3", "--level", "external")
        assert told.exit_code == 0, told.output
        assert FROM_HERE in told.stderr
        assert "[正常]" in told.stdout
        # Nothing is left behind that would refuse the next test.
        again = equipped.hall.ask_test("pad-3", key="again", level="internal")
        equipped.hall.tell_test(again, key="end", verdict="unknown", zh="完", en="over", is_last=True)
    finally:
        evaluator = equipped.run("evaluator")
        equipped.until(lambda: "pad-3 is online" in evaluator.log.read_text(encoding="utf-8"))


def test_without_a_keeper_a_device_is_checked_from_here(equipped: Any, tmp_path: Path) -> None:
    told = CliRunner().invoke(
        main,
        ["test", "scans", "--config", str(equipped.file), "--state", str(tmp_path), "--wait", "0"],
    )
    assert told.exit_code == 0, told.output
    assert FROM_HERE in told.stderr
    assert "连不上队列服务" in told.stderr
    assert "seals for the certificate" in told.stdout


def test_a_fault_that_is_found_from_here_is_told_once(equipped: Any, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    text = equipped.file.read_text(encoding="utf-8")
    file.write_text(text.replace(equipped.config.idcard, "serial:///dev/no-such-reader"), encoding="utf-8")
    command = ["hall", "test", "idcard", "--level", "external", "--config", str(file), "--wait", "0"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", *command, "--state", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 1
    assert done.stdout.count("D-02") == 1
    assert "D-02" not in done.stderr and "ID card check" not in done.stderr


def test_a_program_error_in_a_check_from_here_is_still_told(capsys: pytest.CaptureFixture[str]) -> None:
    with _findings_alone():
        logging.getLogger("hall.devices").error("idcard: program error")
    assert "idcard: program error" in capsys.readouterr().err

"""The roles that hold devices: they refuse to run without one, and end promptly with them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hall.cli import main

pytestmark = pytest.mark.xdist_group(name="demo")

EXAMPLES = Path(__file__).parents[2] / "examples"
PROMPT_S, PRINTING_S = 5.0, 9.0
HALF_A_SLIP = 300
"""Bytes."""
ROLES = ("printer", "evaluator", "keypad")
OF_ROLE = {"evaluator": ("pad", "sign"), "printer": ("printer",)}
"""The devices of a role, without their windows."""


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("evaluator", "没有 [pads] 也没有 [signs] / neither [pads] nor [signs] has a device"),
        ("keypad", "没有 [callers]，没有叫号器可用 / no caller: [callers] is empty"),
        ("printer", "的 [printing] 没有 device / no printer: [printing] has no device"),
    ],
)
def test_a_role_without_its_devices_is_wrong_usage_and_says_which_section_is_missing(
    tmp_path: Path, role: str, words: str
) -> None:
    text = (EXAMPLES / "village.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("device", "1 ="))]
    file = tmp_path / "hall.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    told = CliRunner().invoke(main, ["run", role, "--config", str(file), "--state", str(tmp_path / "s")])
    assert told.exit_code == 2, told.output
    assert str(file) in told.stderr
    assert words in told.stderr
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("role", ["evaluator", "keypad", "printer"])
def test_a_role_that_waits_for_the_keeper_says_so(tmp_path: Path, role: str) -> None:
    file = tmp_path / "hall.toml"
    text = (EXAMPLES / "township.toml").read_text(encoding="utf-8")
    file.write_text(f'{text}\n[callers]\n1 = "caller:///dev/x?unit=1"\n', encoding="utf-8")
    command = [sys.executable, "-P", "-m", "hall", "run", role, "--config", str(file)]
    with subprocess.Popen([*command, "--state", str(tmp_path)], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
        finally:
            process.terminate()
    assert "队列服务还没有应答，等它启动 / the keeper does not answer yet, waiting" in said


@pytest.mark.parametrize(
    "section", ['[signs]\n1 = "modbus:///dev/x?unit=11"', '[pads]\n1 = "modbus:///dev/x?unit=1"']
)
def test_an_evaluator_with_signs_or_pads_alone_is_right(tmp_path: Path, section: str) -> None:
    text = (EXAMPLES / "village.toml").read_text(encoding="utf-8")
    head, tail = text[: text.index("[pads]")], text[text.index("[screen]") :]
    file = tmp_path / "hall.toml"
    file.write_text(f"{head}\n{section}\n{tail}", encoding="utf-8")
    assert CliRunner().invoke(main, ["config", "check", str(file)]).exit_code == 0
    command = [sys.executable, "-P", "-m", "hall", "run", "evaluator", "--config", str(file)]
    with subprocess.Popen([*command, "--state", str(tmp_path)], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            keeper, line = process.stderr.readline(), process.stderr.readline()
            assert "the keeper does not answer yet" in keeper
            assert "M-01" in line or "D-02" in line, line  # it says so, and goes on
            assert process.poll() is None
        finally:
            process.terminate()
        assert process.wait(10) == 0


# --- their end ---------------------------------------------------------------------------------------


def nothing(hall: Any) -> Callable[[], object]:
    """Everything is well."""
    return lambda: None


def every_wire_stalls(hall: Any) -> Callable[[], object]:
    """Pads, signs and callers take no byte any more, nor does the printer, in the middle of a slip."""
    ends = [hall.stall("windows", hall.gear.windows), hall.stall("callers", hall.gear.callers)]
    printer, taken = hall.gear.printer, [0]
    receive = printer.receive

    def count(data: bytes) -> int:
        taken[0] += len(data)
        return int(receive(data))

    printer.receive, printer.room = count, lambda: max(0, HALF_A_SLIP - taken[0])
    ends += [partial(delattr, printer, "receive"), partial(delattr, printer, "room")]
    hall.issue(1)
    hall.until(lambda: taken[0] >= HALF_A_SLIP, "half a slip is sent")
    return lambda: [end() for end in ends]


def every_cable_is_out(hall: Any) -> Callable[[], object]:
    """All nodes are gone."""
    machines = (hall.gear.windows, hall.gear.callers, hall.gear.printer)
    for machine in machines:
        machine.unplug_after(0)
    devices = ("pad-1", "sign-1", "printer")
    hall.until(lambda: all(hall.screen.devices.get(device) != "online" for device in devices))
    return lambda: [machine.plug() for machine in machines]


def a_person_is_asked(hall: Any) -> Callable[[], object]:
    """A technician's check waits for a key; nobody comes."""
    tests = [
        hall.hall.ask_test(device, key=f"{device}{time.monotonic()}", level="interactive")
        for device in ("pad-1", "keypad-3")
    ]
    hall.press_caller(3, "取消")
    for test in tests:
        hall.screen.event("DeviceTestTold", test=test, verdict="ask")

    def end() -> None:
        for test in tests:
            hall.hall.tell_test(test, key=f"end{test}", verdict="unknown", zh="完", en="over", is_last=True)

    return end


READY = {
    "printer": ["the spooler is ready"],
    "evaluator": ["pad-1 is online", "pad-2 is online", "pad-3 is online", "#11: online"],
    "keypad": ["callers: online", "callers2: online"],
}
"""What each role says once it has its devices."""


def start(hall: Any, name: str) -> str:
    """Start a role that has ended, and wait until it has its devices; answers what it said."""
    if hall.roles[name].process.poll() is None:
        hall.roles[name].stop()
    log = hall.run(name).log
    said: str = hall.until(
        lambda: (
            all(words in log.read_text(encoding="utf-8") for words in READY[name])
            and log.read_text(encoding="utf-8")
        ),
        f"{name} again: {log}",
    )
    return said


SITUATIONS = (nothing, every_wire_stalls, every_cable_is_out, a_person_is_asked)


@pytest.mark.parametrize("situation", SITUATIONS, ids=[one.__name__ for one in SITUATIONS])
def test_a_role_ends_within_seconds_of_sigterm_and_leaves_no_process(
    equipped: Any, situation: Callable[[Any], Callable[[], object]]
) -> None:
    mend = situation(equipped)
    took_s: dict[str, float] = {}
    try:
        for name in ROLES:
            took_s[name] = equipped.roles[name].stop()
            assert equipped.roles[name].children == []
    finally:
        mend()
        for name in ROLES:
            start(equipped, name)
    print({name: round(seconds, 2) for name, seconds in took_s.items()})
    # The spooler waits for the proof of a slip that is on its way: nobody else can know whether it came out.
    is_printing = situation is every_wire_stalls
    late = {name: s for name, s in took_s.items() if s > (PRINTING_S if is_printing else PROMPT_S)}
    assert not late


def test_a_role_that_was_killed_takes_its_devices_again(equipped: Any) -> None:
    for name in ("evaluator", "keypad"):
        process = equipped.roles[name].process
        process.kill()
        process.wait()
        assert equipped.roles[name].children == []
        assert "D-04" not in start(equipped, name), "the line was free"


def test_the_devices_of_a_role_that_was_killed_are_unknown_until_it_is_back(equipped: Any) -> None:
    equipped.all_well()
    role = equipped.roles["evaluator"]
    role.process.kill()
    role.process.wait()
    lost = {f"{kind}-{window}" for kind in ("pad", "sign") for window in (1, 2, 3)}
    equipped.until(lambda: all(equipped.screen.devices[device] == "unknown" for device in lost))
    rows = {row.device: row for row in equipped.hall.snapshot().devices}
    assert {rows[device].code for device in lost} == {"T-09"}
    assert (rows["pad-1"].who, rows["printer"].state) == ("technician", "online")
    assert rows["pad-1"].what_zh == "负责这台设备的程序没有在运行"
    start(equipped, "evaluator")
    equipped.all_well()


@pytest.mark.parametrize(("name", "device"), [("evaluator", "pad-1"), ("printer", "printer")])
def test_a_second_copy_of_a_role_spoils_no_record_of_the_first(equipped: Any, name: str, device: str) -> None:
    equipped.all_well()
    since = equipped.hall.snapshot().seq
    command = [sys.executable, "-P", "-m", "hall", "run", name, "--config", str(equipped.file)]
    log = equipped.folder / f"second-{name}.log"
    with log.open("wb") as out:
        second = subprocess.Popen([*command, "--state", str(equipped.folder)], stderr=out, stdout=out)
    try:
        equipped.until(lambda: "Q-34" in log.read_text(encoding="utf-8"), f"it says so: {log}")
    finally:
        second.terminate()
        second.wait(20)
    assert f"{device}已由另一个进程（{equipped.roles[name].process.pid}）管着" in log.read_text(
        encoding="utf-8"
    )
    changed = [
        json.loads(line.body)["device"]
        for line in equipped.hall.events(after=since)
        if line.type == "DeviceChanged"
    ]
    assert not [one for one in changed if one.split("-")[0] in OF_ROLE[name]]
    equipped.all_well()

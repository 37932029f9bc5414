"""A hub beside a screen: its devices work with and without a keeper, and all its threads end with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hall.config.load import load
from hall.devices import testing
from hall.devices.attended import Attended, OnStatus, Started
from hall.devices.hubthread import HubThread
from hall.devices.scanning import scanner_at_work
from hall.devices.terminal import TerminalDevices
from halldrivers.check import CheckLevel, Tell, passed
from halldrivers.counters import Counters
from halldrivers.errors import DeviceState
from halldrivers.status import DeviceStatus

TOWNSHIP = load(Path(__file__).parents[2] / "examples" / "township.toml")
PROMPT_S = 5.0


class HandDevice:
    """A device that does what the test says."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tell: OnStatus = lambda status: None
        self.is_started = self.is_closed = False
        self.check: Callable[[CheckLevel, Tell], None] = lambda level, tell: tell(passed("好", "well"))

    @property
    def attended(self) -> Attended:
        return Attended(self.name, "hand", self._start)

    def _start(self, on_status: OnStatus) -> Started:
        self.tell, self.is_started = on_status, True
        return Started(lambda level, tell: self.check(level, tell), self._close, Counters())

    def _close(self) -> None:
        self.is_closed = True


class BrokenDevice(HandDevice):
    """One whose start meets an error that nobody foresaw."""

    def _start(self, on_status: OnStatus) -> Started:
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Any:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    deadline_s = time.monotonic() + 10
    for thread in left:
        thread.join(max(0.0, deadline_s - time.monotonic()))
    assert [thread.name for thread in left if thread.is_alive()] == []


def seen(device: HandDevice, hall: Any, wait_until: Callable[..., Any]) -> None:
    """Say that it is well, and wait until the hall knows it: from then on its tests are answered."""
    device.tell(DeviceStatus(DeviceState.ONLINE))
    wait_until(lambda: device.name in {known.device for known in hall.snapshot().devices})


def test_on_entry_every_device_is_started_and_on_exit_given_back(keeper: Any) -> None:
    devices = [HandDevice(f"started-{n}") for n in range(3)]
    with HubThread(keeper.socket, "terminal", [device.attended for device in devices]):
        assert all(device.is_started and not device.is_closed for device in devices)
    assert all(device.is_closed for device in devices)


def test_what_a_device_says_reaches_the_keeper(keeper: Any, wait_until: Callable[..., Any]) -> None:
    device, hall = HandDevice("heard"), keeper.client()
    with HubThread(keeper.socket, "terminal", [device.attended]):
        device.tell(DeviceStatus(DeviceState.ONLINE))
        wait_until(lambda: ("heard", "online") in {(d.device, d.state) for d in hall.snapshot().devices})


def test_without_devices_there_is_no_thread(keeper: Any) -> None:
    before = threading.active_count()
    with HubThread(keeper.socket, "terminal", []):
        assert threading.active_count() == before


def test_without_a_keeper_the_devices_work_and_are_given_back_at_once(tmp_path: Path) -> None:
    device = HandDevice("alone")
    begun_s = time.monotonic()
    with HubThread(tmp_path / "no.sock", "terminal", [device.attended]):
        assert device.is_started
        device.tell(DeviceStatus(DeviceState.ONLINE))
    assert device.is_closed
    assert time.monotonic() - begun_s < PROMPT_S


def test_a_keeper_that_comes_late_hears_what_is_true_then(
    keeper: Any, wait_until: Callable[..., Any]
) -> None:
    device = HandDevice("late")
    keeper.kill()
    with HubThread(keeper.socket, "terminal", [device.attended]):
        device.tell(DeviceStatus(DeviceState.ONLINE))
        keeper.start()
        hall = keeper.client()
        wait_until(lambda: "late" in {device.device for device in hall.snapshot().devices})


def test_a_device_that_cannot_be_started_is_a_fault_and_keeps_no_other_from_its_work(
    keeper: Any, wait_until: Callable[..., Any]
) -> None:
    first, last, hall = HandDevice("first"), HandDevice("last"), keeper.client()
    devices = [first.attended, BrokenDevice("broken").attended, last.attended]
    with HubThread(keeper.socket, "terminal", devices):
        assert first.is_started and last.is_started
        last.tell(DeviceStatus(DeviceState.ONLINE))

        def told() -> dict[str, str]:
            return {device.device: f"{device.state} {device.code}" for device in hall.snapshot().devices}

        wait_until(lambda: told().get("last") == "online ")
        wait_until(lambda: told().get("broken") == "fault D-99")
    assert first.is_closed and last.is_closed


def test_a_check_that_waits_for_a_person_does_not_hold_up_the_end(
    keeper: Any, wait_until: Callable[..., Any]
) -> None:
    device, waits, release = HandDevice("checked"), threading.Event(), threading.Event()

    def wait_for_person(level: CheckLevel, tell: Tell) -> None:
        waits.set()
        release.wait(30)
        tell(passed("好", "well"))

    device.check = wait_for_person
    hall = keeper.client()
    try:
        with HubThread(keeper.socket, "terminal", [device.attended]):
            seen(device, hall, wait_until)
            hall.ask_test("checked", key="checked", level="interactive")
            wait_until(waits.is_set)
            begun_s = time.monotonic()
        took_s = time.monotonic() - begun_s
    finally:
        release.set()
    assert device.is_closed
    assert took_s < PROMPT_S


def test_many_checks_that_hang_take_no_thread_away_from_the_next(
    keeper: Any, wait_until: Callable[..., Any]
) -> None:
    release, waiting = threading.Event(), []
    devices = [HandDevice(f"stuck-{n}") for n in range(40)]
    well, hall = HandDevice("well"), keeper.client()

    def hang(level: CheckLevel, tell: Tell) -> None:
        waiting.append(1)
        release.wait(60)

    heard = threading.Event()
    well.check = lambda level, tell: heard.set()
    for device in devices:
        device.check = hang
    try:
        with HubThread(keeper.socket, "terminal", [device.attended for device in (*devices, well)]):
            seen(well, hall, wait_until)
            for device in devices:
                hall.ask_test(device.name, key=device.name, level="internal")
            hall.ask_test("well", key="well", level="internal")
            wait_until(heard.is_set, within_s=10)
            release.set()
            wait_until(lambda: len(waiting) == len(devices))
    finally:
        release.set()


def test_whoever_asked_is_told_that_a_long_check_is_under_way(
    keeper: Any, wait_until: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "FIRST_WORD_S", 0.05)
    release, device, hall = threading.Event(), HandDevice("slow"), keeper.client()

    def think(level: CheckLevel, tell: Tell) -> None:
        release.wait(30)
        tell(passed("好", "well"))

    device.check = think
    with HubThread(keeper.socket, "terminal", [device.attended]):
        seen(device, hall, wait_until)
        asked = hall.ask_test("slow", key="slow", level="external")

        def told() -> list[str]:
            lines = [line for line in hall.events(after=asked) if line.type == "DeviceTestTold"]
            return [msgspec.json.decode(line.body)["en"] for line in lines]

        wait_until(lambda: told() == ["the check is under way, please wait"])
        release.set()
        wait_until(lambda: told()[1:] == ["well", "the check is over"])


def test_a_scanner_whose_pages_have_no_folder_is_a_fault_of_the_scanner(
    tmp_path: Path, wait_until: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scanimage").write_text("#!/bin/sh\n")
    (tmp_path / "scanimage").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "file").touch()
    told: list[DeviceStatus] = []
    at_work = scanner_at_work("sane:fake:0", tmp_path / "file" / "scanner", told.append)
    try:
        wait_until(lambda: told)
    finally:
        at_work.started.close()
    assert told[0].state is DeviceState.FAULT
    assert told[0].fault is not None and "scanner" in told[0].fault.what_en


def test_the_terminal_holds_what_is_configured_and_nothing_else(tmp_path: Path) -> None:
    def names(**devices: str) -> list[str]:
        config = replace(TOWNSHIP, idcard="", barcode="", camera="", scanner="")
        held = TerminalDevices(replace(config, **devices), tmp_path, lambda: pytest.fail("not started"))
        return [one.name for one in held.attended()]

    assert names() == []
    assert names(idcard="serial:///dev/hall/idcard") == ["idcard"]
    assert names(camera="dir:///srv/camera") == ["camera", "scans"]
    assert names(scanner="escl://10.0.0.20/eSCL", barcode="serial:///dev/x") == [
        "barcode",
        "scanner",
        "scans",
    ]


def test_none_of_the_hub_s_modules_needs_a_device_library() -> None:
    program = (
        "import sys\n"
        "from hall.devices import configured, hubthread, terminal, windows\n"
        "libraries = {'serial', 'evdev', 'cv2', 'pymodbus', 'usb', 'linuxpy', 'gpiozero'}\n"
        "print(sorted(libraries & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"

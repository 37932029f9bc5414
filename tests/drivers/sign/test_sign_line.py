"""A sign on its line: the newest text, what a lost sign shows, and the three health checks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.errors import DeviceState
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbussim import Led485Unit, ModbusLineSim, modbus_url
from halldrivers.sign.address import parse_sign
from halldrivers.sign.check import SignChecker
from halldrivers.sign.sign import Sign, open_sign
from halldrivers.simwire import SimServer, serve_pty
from halldrivers.status import DeviceStatus
from halldrivers.worker import Retry

Server = SimServer[ModbusLineSim]


def until(condition: Callable[[], bool], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.002)


@pytest.fixture(autouse=True)
def signs_are_written_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("halldrivers.modbusline.polled.DEAD_S", 0.2)
    monkeypatch.setattr("halldrivers.sign.sign.AGAIN_S", 0.3)


@pytest.fixture
def line() -> ModbusLineSim:
    return ModbusLineSim(clock=time.monotonic)


@pytest.fixture
def server(line: ModbusLineSim) -> Iterator[Server]:
    with serve_pty(line) as server:
        yield server


@pytest.fixture
def lines() -> ModbusLines:
    return ModbusLines(retry=Retry(0.01, 0.05))


@pytest.fixture
def words() -> list[DeviceStatus]:
    return []


@pytest.fixture
def unit(line: ModbusLineSim) -> Led485Unit:
    unit = line.add_sign(11, digits=4)
    assert isinstance(unit, Led485Unit)
    return unit


@pytest.fixture
def sign(unit: Led485Unit, server: Server, lines: ModbusLines, words: list[DeviceStatus]) -> Iterator[Sign]:
    sign = open_sign(parse_sign(modbus_url(server, 11, "digits=4")), lines, words.append)
    until(lambda: [word.state for word in words] == [DeviceState.ONLINE])
    yield sign
    sign.close()
    until(lambda: not [t for t in threading.enumerate() if t.name.startswith("device ")])


def states(words: list[DeviceStatus]) -> list[DeviceState]:
    return [word.state for word in words]


def test_a_sign_shows_numbers_tickets_and_nothing(sign: Sign, unit: Led485Unit) -> None:
    for text, read in (("12", "  12"), ("A012", "A012"), ("", "    "), ("7", "   7")):
        sign.show(text)
        until(lambda: unit.text == read)  # noqa: B023


def test_of_many_texts_at_once_the_newest_wins(sign: Sign, unit: Led485Unit) -> None:
    for number in range(200):
        sign.show(f"A{number:03d}")
    until(lambda: unit.text == "A199")
    assert sign.counters["writes"] < 100


def test_the_same_text_again_is_no_new_write(sign: Sign, unit: Led485Unit) -> None:
    sign.show("A001")
    until(lambda: unit.text == "A001")
    writes = sign.counters["writes"]
    for _ in range(50):
        sign.show("A001")
    assert sign.counters["writes"] <= writes + 1


def test_a_sign_that_was_away_shows_its_text_again(
    sign: Sign, line: ModbusLineSim, unit: Led485Unit, words: list[DeviceStatus]
) -> None:
    sign.show("A012")
    until(lambda: unit.text == "A012")
    line.kill(11)
    sign.show("A013")
    until(lambda: states(words)[-1] is DeviceState.OFFLINE)
    assert words[-1].code == "M-02"
    line.revive(11)
    until(lambda: states(words)[-1] is DeviceState.ONLINE)
    until(lambda: unit.text == "A013")


def test_a_sign_that_lost_its_power_for_a_moment_shows_its_text_again(
    sign: Sign, line: ModbusLineSim, unit: Led485Unit, words: list[DeviceStatus]
) -> None:
    sign.show("A012")
    until(lambda: unit.text == "A012")
    line.kill(11)
    line.revive(11)
    until(lambda: unit.text == "A012")
    assert states(words) == [DeviceState.ONLINE], "too short for anyone to be told"


def test_a_pulled_adapter_is_told_once_and_the_text_comes_back(
    sign: Sign,
    line: ModbusLineSim,
    unit: Led485Unit,
    words: list[DeviceStatus],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "hall.device")
    line.unplug_after(5)
    sign.show("A012")
    until(lambda: states(words)[-1] is DeviceState.ABSENT)
    line.plug()
    until(lambda: unit.text == "A012")
    until(lambda: states(words)[-1] is DeviceState.ONLINE)
    assert states(words) == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE]
    told = [record.levelname for record in caplog.records if record.getMessage().startswith("sign ")]
    assert told == ["WARNING", "INFO"]


def test_a_sign_of_the_wrong_style_says_so(
    line: ModbusLineSim, server: Server, lines: ModbusLines, words: list[DeviceStatus]
) -> None:
    line.add_sign(12, style="dm36")
    sign = open_sign(parse_sign(modbus_url(server, 12)), lines, words.append)
    until(lambda: words != [])
    assert (words[-1].state, words[-1].code) == (DeviceState.FAULT, "G-01")
    assert words[-1].fault is not None and "style=" in words[-1].fault.remedy_zh
    sign.close()


def test_closing_leaves_the_sign_dark_and_tells_nothing_more(
    unit: Led485Unit, line: ModbusLineSim, server: Server, lines: ModbusLines, words: list[DeviceStatus]
) -> None:
    sign = open_sign(parse_sign(modbus_url(server, 11, "digits=4")), lines, words.append)
    sign.show("A012")
    until(lambda: unit.text == "A012")
    sign.close()
    sign.close()
    assert unit.text == "    "
    line.unplug_after(0)
    assert states(words) == [DeviceState.ONLINE]
    assert lines.open == ()


def test_signs_share_a_line_and_one_that_hangs_does_not_delay_the_other(
    sign: Sign, line: ModbusLineSim, unit: Led485Unit, server: Server, lines: ModbusLines
) -> None:
    line.add_sign(12).delay_s = 3600.0
    hanging: list[DeviceStatus] = []
    second = open_sign(parse_sign(modbus_url(server, 12)), lines, hanging.append)
    until(lambda: states(hanging) == [DeviceState.OFFLINE])
    for number in range(5):
        sign.show(f"A{number:03d}")
        until(lambda: unit.text == f"A{number:03d}")  # noqa: B023
    second.close()


def check(sign: Sign, level: CheckLevel, sleep: Callable[[float], None] = time.sleep) -> list[Finding]:
    found: list[Finding] = []
    SignChecker(sign, look_s=0.2, sleep=sleep)(level, found.append)
    return found


def test_the_external_check_says_what_is_known_of_the_sign(
    sign: Sign, line: ModbusLineSim, words: list[DeviceStatus]
) -> None:
    assert [finding.en for finding in check(sign, CheckLevel.EXTERNAL)][1:] == ["the sign answers"]
    line.kill(11)
    until(lambda: states(words)[-1] is DeviceState.OFFLINE)
    finding = check(sign, CheckLevel.EXTERNAL)[-1]
    assert finding.verdict is Verdict.FAILED
    assert finding.fault is not None and finding.fault.code == "M-02"


def test_the_interactive_check_lights_everything_and_then_shows_the_number_again(
    sign: Sign, unit: Led485Unit
) -> None:
    sign.show("A012")
    until(lambda: unit.text == "A012")
    during: list[str] = []

    def look(seconds: float) -> None:
        until(lambda: unit.text == "8.8.8.8.")
        sign.show("A013")
        during.append(unit.text)

    found = check(sign, CheckLevel.INTERACTIVE, look)
    assert [finding.verdict for finding in found] == [
        Verdict.PASSED,
        Verdict.PASSED,
        Verdict.ASK,
        Verdict.PASSED,
    ]
    assert during == ["8.8.8.8."]
    until(lambda: unit.text == "A013")


def test_the_internal_check_looks_for_the_node(lines: ModbusLines, tmp_path: Path) -> None:
    sign = open_sign(parse_sign(f"modbus://{tmp_path}/signs?unit=1"), lines)
    [finding] = check(sign, CheckLevel.INTERNAL)
    assert finding.fault is not None and finding.fault.code == "D-02"
    sign.close()


def test_a_sign_of_which_nothing_was_heard_is_unknown(sign: Sign) -> None:
    sign.status = DeviceStatus(DeviceState.UNKNOWN)
    found: list[Finding] = []
    waited: list[float] = []
    SignChecker(sign, first_word_s=0.2, sleep=waited.append)(CheckLevel.EXTERNAL, found.append)
    assert found[-1].verdict is Verdict.UNKNOWN
    assert sum(waited) == pytest.approx(0.2)

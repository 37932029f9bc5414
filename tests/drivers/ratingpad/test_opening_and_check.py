"""Every form behind one opener, and the three health checks."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest
from tests.drivers.ratingpad.conftest import Heard, until

from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.keysource import DOWN, KeyEvent, MemoryKeySource
from halldrivers.modbussim import ModbusLineSim, modbus_url
from halldrivers.ratingpad.address import parse_pad
from halldrivers.ratingpad.boxsim import PadBoxSim
from halldrivers.ratingpad.check import PadChecker
from halldrivers.ratingpad.errors import PadFormMissing
from halldrivers.ratingpad.opening import PadForms, PadParts, check_forms, open_rating_pad
from halldrivers.ratingpad.sim import PadSim
from halldrivers.ratingpad.table import PadTable
from halldrivers.simwire import serve_pty

GPIO = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"
FORMS = PadForms({"box": PadTable({"1": "AA 01", "2": "AA 02", "3": "AA 03", "4": "AA 04"})})


def checked(url: str, parts: PadParts, level: CheckLevel, **times: float) -> list[Finding]:
    found: list[Finding] = []
    PadChecker(parse_pad(url), parts, **times)(level, found.append)
    return found


def verdicts(found: list[Finding]) -> list[Verdict]:
    return [finding.verdict for finding in found]


def test_a_form_that_the_configuration_has_not_is_named_with_those_that_it_has() -> None:
    address = parse_pad("serial:///dev/x?table=hengda")
    with pytest.raises(PadFormMissing, match=r"E-03 .*: hengda \(box\)"):
        check_forms(address, FORMS)
    with pytest.raises(PadFormMissing, match=r"plain \(-\)"):
        open_rating_pad(
            parse_pad("serial:///dev/x?line=plain"),
            PadParts(forms=FORMS),
            on_press=lambda _: None,
            on_trouble=lambda _: None,
        )


def test_a_pad_on_pins_is_opened_by_its_address() -> None:
    sim, heard = PadSim(), Heard()
    pad = open_rating_pad(
        parse_pad(GPIO),
        PadParts(pin_factory=sim.factory),
        on_press=heard.presses.append,
        on_trouble=heard.troubles.append,
    )
    assert pad.is_up
    number = pad.arm()
    until(lambda: all(sim.lamps()))
    sim.press("2")
    until(lambda: heard.answers == [("2", number)])
    pad.close()
    assert not pad.is_up


def test_a_machine_without_evdev_or_its_device_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    monkeypatch.setitem(sys.modules, "evdev", None)
    pad = open_rating_pad(
        parse_pad("evdev:///dev/input/by-id/none-event-kbd?digits=1234"),
        PadParts(),
        on_press=heard.presses.append,
        on_trouble=heard.troubles.append,
    )
    until(lambda: len(heard.troubles) == 1)
    assert heard.troubles[0] is not None and heard.troubles[0].heals
    pad.close()


def test_the_internal_check_looks_at_the_node_alone(tmp_path: Path) -> None:
    url = f"serial://{tmp_path}/pad?table=box"
    [finding] = checked(url, PadParts(forms=FORMS), CheckLevel.INTERNAL)
    assert finding.verdict is Verdict.FAILED
    assert finding.fault is not None and finding.fault.code == "D-02"
    (tmp_path / "pad").touch()
    assert verdicts(checked(url, PadParts(forms=FORMS), CheckLevel.INTERNAL)) == [Verdict.PASSED]
    (tmp_path / "pad").chmod(0)


def test_a_form_that_is_missing_fails_the_internal_check() -> None:
    [finding] = checked("serial:///dev/null?table=x", PadParts(), CheckLevel.EXTERNAL)
    assert finding.fault is not None and finding.fault.code == "E-03"


def test_the_external_check_asks_the_unit_and_says_what_is_wrong() -> None:
    line = ModbusLineSim(clock=time.monotonic)
    line.add_pad(3)
    with serve_pty(line) as server:
        found = checked(modbus_url(server, 3), PadParts(), CheckLevel.EXTERNAL)
        assert [(f.verdict, f.en) for f in found[1:]] == [(Verdict.PASSED, "the pad answers")]
        found = checked(modbus_url(server, 4), PadParts(), CheckLevel.EXTERNAL)
        assert verdicts(found) == [Verdict.PASSED, Verdict.FAILED]
        assert found[1].fault is not None and found[1].fault.code == "M-02"


def test_a_box_that_cannot_answer_is_said_to_be_known_by_its_presses_only() -> None:
    box = PadBoxSim({"1": b"\xaa\x01"}, clock=time.monotonic)
    with serve_pty(box) as server:
        found = checked(f"serial://{server.path}?table=box", PadParts(forms=FORMS), CheckLevel.EXTERNAL)
    assert found[-1].en == "the port is open; only a press tells more"


def test_the_interactive_check_asks_for_a_key_on_the_way_of_production() -> None:
    line = ModbusLineSim(clock=time.monotonic)
    line.add_pad(3)

    def finger() -> None:
        until(lambda: line.lamps(3) == (True,) * 4)
        line.press(3, "4", hold_s=5.0)

    with serve_pty(line) as server:
        pressing = threading.Thread(target=finger)
        pressing.start()
        found = checked(modbus_url(server, 3), PadParts(), CheckLevel.INTERACTIVE)
        pressing.join()
    assert verdicts(found) == [Verdict.PASSED, Verdict.PASSED, Verdict.ASK, Verdict.PASSED]
    assert (found[2].zh, found[3].en) == ("请在评价器上按任意一个键", "key 4 was heard")
    assert line.lamps(3) == (False,) * 4


def test_an_interactive_check_without_a_press_knows_nothing() -> None:
    sim = PadSim()
    found = checked(GPIO, PadParts(pin_factory=sim.factory), CheckLevel.INTERACTIVE, press_s=0.1)
    assert verdicts(found) == [Verdict.PASSED, Verdict.PASSED, Verdict.ASK, Verdict.UNKNOWN]
    assert sim.lamps() == (False,) * 4


def test_a_pad_that_types_is_checked_by_its_keys() -> None:
    source = MemoryKeySource()

    def finger() -> None:
        until(lambda: source.lit.get(0) is True)
        source.type(KeyEvent(3, DOWN, time.monotonic()))

    pressing = threading.Thread(target=finger)
    pressing.start()
    found = checked(
        "evdev:///dev/input/by-id/x?digits=1234&led=0",
        PadParts(key_source=lambda path: source),
        CheckLevel.INTERACTIVE,
    )
    pressing.join()
    assert found[-1].en == "key 2 was heard"


def test_a_pad_whose_pins_are_taken_fails_with_what_to_do() -> None:
    sim = PadSim()
    parts = PadParts(pin_factory=sim.factory)
    holder = open_rating_pad(parse_pad(GPIO), parts, on_press=lambda _: None, on_trouble=lambda _: None)
    found = checked(GPIO, parts, CheckLevel.EXTERNAL)
    holder.close()
    assert found[-1].fault is not None and found[-1].fault.code == "D-32"

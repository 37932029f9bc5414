"""The devices of a configuration by name, and their checks where no process of the hall holds them.

What each kind's check says of its simulator stands in test_sim.py; here is what is not there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hall.config.load import load, parse
from hall.config.model import HallConfig
from hall.devices.configured import ConfiguredDevice, check_from_here, configured_devices
from halldrivers.caller.sim import CallerLineSim
from halldrivers.camera.sim import SCENES, CameraSim
from halldrivers.camera.simscene import draw, jpeg_of
from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.modbussim import ModbusLineSim
from halldrivers.simwire import serve

EXAMPLES = Path(__file__).parents[2] / "examples"
INTERNAL, EXTERNAL, INTERACTIVE = CheckLevel
EVERYTHING = """
[idcard]
device = "serial:///dev/hall/idcard"
[barcode]
device = "serial:///dev/hall/barcode"
[camera]
device = "dir:///srv/camera"
[scanner]
device = "escl://192.168.1.20:80/eSCL"
[scans]
certificate = "/etc/hall/county.crt"
[callers]
1 = "caller:///dev/hall/callers?unit=1"
[signs]
1 = "modbus:///dev/hall/signs?unit=11"
"""


def with_sections(sections: str) -> HallConfig:
    """The village with these sections, and without its own of the same names."""
    village = (EXAMPLES / "village.toml").read_text(encoding="utf-8")
    return parse(f"{village}\n{sections}".encode(), "hall.toml")


def found(config: HallConfig, name: str, level: CheckLevel) -> list[Finding]:
    (device,) = (device for device in configured_devices(config) if device.name == name)
    told: list[Finding] = []
    check_from_here(config, device, level, told.append)
    return told


@contextmanager
def line(link: Path, sim: Any) -> Iterator[None]:
    with serve(f"pty://{link}", sim):
        yield


def test_the_township_has_a_printer_and_three_pads() -> None:
    devices = configured_devices(load(EXAMPLES / "township.toml"))
    assert [(one.name, one.kind, one.unit) for one in devices] == [
        ("printer", "printer", "printer"),
        ("pad-1", "pad", "evaluator"),
        ("pad-2", "pad", "evaluator"),
        ("pad-3", "pad", "evaluator"),
    ]
    assert devices[1].zh == "1号窗口评价器"


def test_every_kind_is_named_with_the_unit_that_holds_it() -> None:
    devices = {one.name: one for one in configured_devices(with_sections(EVERYTHING))}
    assert {name: one.unit for name, one in devices.items()} == {
        "printer": "printer",
        "idcard": "terminal",
        "barcode": "terminal",
        "camera": "terminal",
        "scanner": "terminal",
        "scans": "terminal",
        "pad-1": "evaluator",
        "keypad-1": "keypad",
        "sign-1": "evaluator",
    }
    assert devices["scans"] == ConfiguredDevice("scans", "scans", "扫描件存储", "", "terminal")


def test_without_a_camera_and_a_scanner_there_is_no_store() -> None:
    names = [one.name for one in configured_devices(with_sections(""))]
    assert "scans" not in names


def test_a_caller_that_is_there_passes_and_one_whose_line_is_gone_does_not(tmp_path: Path) -> None:
    config = with_sections(f'[callers]\n1 = "caller://{tmp_path}/line?unit=1&dialect=polled"')
    with line(tmp_path / "line", CallerLineSim((1,), is_polled=True)):
        told = found(config, "keypad-1", EXTERNAL)
        assert [finding.verdict for finding in told] == [Verdict.PASSED, Verdict.PASSED]
    told = found(config, "keypad-1", EXTERNAL)
    assert told[-1].verdict is Verdict.FAILED
    assert told[-1].fault is not None and told[-1].fault.code == "D-02"


def test_a_sign_that_is_there_passes_and_one_without_power_does_not(tmp_path: Path) -> None:
    sim = ModbusLineSim(clock=time.monotonic)
    sim.add_sign(11)
    config = with_sections(f'[signs]\n1 = "modbus://{tmp_path}/line?unit=11"')
    with line(tmp_path / "line", sim):
        assert {finding.verdict for finding in found(config, "sign-1", EXTERNAL)} == {Verdict.PASSED}
        sim.kill(11)
        assert found(config, "sign-1", EXTERNAL)[-1].verdict is Verdict.FAILED


@pytest.mark.parametrize("level", CheckLevel)
def test_of_the_store_the_certificate_can_be_told_from_here(
    level: CheckLevel, county_certificate: Path
) -> None:
    config = with_sections('[camera]\ndevice = "dir:///srv/camera"\n[scans]\ncertificate = "/nowhere.crt"')
    told = found(config, "scans", level)
    assert [finding.verdict for finding in told] == [Verdict.FAILED]
    assert told[0].fault is not None and told[0].fault.code == "L-01"
    known = replace(config, scans=replace(config.scans, certificate=county_certificate))
    (passed,) = found(known, "scans", level)
    assert passed.verdict is Verdict.PASSED
    assert passed.en.startswith("seals for the certificate ")


def test_the_camera_s_folder_is_looked_into_by_an_external_check(tmp_path: Path) -> None:
    config = with_sections(
        f'[camera]\ndevice = "dir://{tmp_path}/camera"\n[scans]\ncertificate = "/etc/hall/county.crt"'
    )
    assert [finding.verdict for finding in found(config, "camera", EXTERNAL)] == [Verdict.FAILED]
    camera = CameraSim(tmp_path / "camera")
    told = found(config, "camera", EXTERNAL)
    assert [finding.verdict for finding in told] == [Verdict.UNKNOWN], "no picture is neither fine nor broken"
    camera.deliver(jpeg_of(draw(replace(SCENES["none"], size=(800, 600))).image))
    told = found(config, "camera", EXTERNAL)
    assert told[0].verdict is Verdict.PASSED
    assert "800x600" in told[0].en


def test_the_check_of_a_scanner_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "in").mkdir()
    config = with_sections(
        f'[scanner]\ndevice = "dir://{tmp_path}/in"\n[scans]\ncertificate = "/etc/hall/county.crt"'
    )
    assert found(config, "scanner", INTERNAL)
    assert found(config, "scanner", EXTERNAL)
    assert list((tmp_path / "tmp").iterdir()) == []

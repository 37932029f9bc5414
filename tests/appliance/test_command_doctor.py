"""``hall status`` and ``hall doctor``: every configured device, and what stands on the buses unconfigured."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from wcwidth import wcswidth

from hall.cli import main
from halldrivers.buses import Found, Kind

DAY_S = 86_400
DEVICES = """
[idcard]
device = "serial:///dev/hall/idcard"
[camera]
device = "dir:///srv/camera"
[scans]
certificate = "/etc/hall/county.crt"
"""
Run = Callable[..., Result]


@pytest.fixture
def hall(keeper: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands on the township with a reader and a camera more, on a machine with empty buses."""
    file = tmp_path / "hall.toml"
    file.write_text(keeper.config.read_text(encoding="utf-8") + DEVICES, encoding="utf-8")
    buses_with(monkeypatch)

    def run(*arguments: str, state: Path | None = None) -> Result:
        where = ["--config", str(file), "--state", str(state or keeper.folder)]
        return CliRunner().invoke(main, [*arguments, *where, "--wait", "5" if state is None else "0"])

    return run


def buses_with(monkeypatch: pytest.MonkeyPatch, *found: Found) -> None:
    """What the look at the buses finds."""

    def look(roots: Any = None, sane: Callable[[], Iterable[Any]] | None = None) -> tuple[Found, ...]:
        return found

    monkeypatch.setattr("halldrivers.buses.look", look)
    monkeypatch.setattr("halldrivers.scanner.probe.listed_scanners", lambda: ())


def report(keeper: Any, device: str, state: str, **what: str) -> None:
    keeper.client().report_device(
        device, key=f"{device}-{time.monotonic()}", kind=device.split("-")[0], state=state, **what
    )


@pytest.fixture
def well(keeper: Any) -> None:
    """Everything that is configured says that it is well."""
    for device in ("printer", "idcard", "camera", "scans", "pad-1", "pad-2", "pad-3"):
        report(keeper, device, "online", counters="good_reads=7")


# --- before anything was reported (in the order of this file) ----------------------------------------


def test_a_device_that_nobody_has_reported_is_unknown_with_the_unit_to_look_at(hall: Run) -> None:
    told = hall("status", "--json")
    assert told.exit_code == 1
    data = json.loads(told.stdout)
    assert [(row["device"], row["state"]) for row in data["device_rows"]][:7] == [
        (name, "unknown") for name in ("printer", "idcard", "camera", "scans", "pad-1", "pad-2", "pad-3")
    ]
    unheard = {trouble["subject"]: trouble for trouble in data["troubles"] if trouble["code"] == "T-07"}
    assert set(unheard) == {"printer", "idcard", "camera", "scans", "pad-1", "pad-2", "pad-3"}
    assert unheard["idcard"]["who"] == "technician"
    assert unheard["idcard"]["remedy_en"].startswith("systemctl status hall-terminal ")
    assert unheard["pad-1"]["remedy_en"].startswith("systemctl status hall-evaluator ")
    assert unheard["printer"]["remedy_zh"].endswith("systemctl status hall-printer")


def test_the_doctor_says_the_same_of_them(hall: Run) -> None:
    told = hall("doctor")
    assert told.exit_code == 1
    assert "T-07 pad-2（2号窗口评价器）从未报告过状态 / pad-2 has never reported" in told.stdout
    assert "一切正常" not in told.stdout


# --- with what was reported --------------------------------------------------------------------------


@pytest.mark.usefixtures("well")
def test_every_configured_device_has_a_row_with_its_name_state_and_address(hall: Run) -> None:
    told = hall("status")
    assert told.exit_code == 0, told.output
    assert "一切正常 / all is well" in told.stdout
    rows = [line.split() for line in told.stdout.splitlines()]
    assert ["idcard", "读卡器", "正常", "online", "-"] in [row[:5] for row in rows]
    (pad,) = (row for row in rows if row[:1] == ["pad-1"])
    assert pad[1:5] == ["1号窗口评价器", "正常", "online", "-"]
    assert pad[-1] == "gpio://?keys=5,6,13,19&lamps=16,20,21,26"


@pytest.mark.usefixtures("well")
def test_a_device_in_trouble_is_named_with_its_words_and_the_others_stay_well(keeper: Any, hall: Run) -> None:
    words = {
        "what_zh": "没有应答",
        "what_en": "no answer",
        "remedy_zh": "看电源",
        "remedy_en": "see its power",
    }
    report(keeper, "pad-2", "offline", code="E-31", who="technician", **words)
    told = hall("status")
    assert told.exit_code == 1
    assert "E-31 pad-2：没有应答 / pad-2: no answer，自 " in told.stdout
    assert "谁处理 / who: 技术员 / technician" in told.stdout
    assert "怎么办 / do:  看电源 / see its power" in told.stdout
    data = json.loads(hall("status", "--json").stdout)
    assert {row["device"]: row["state"] for row in data["device_rows"]}["pad-1"] == "online"
    assert [trouble["subject"] for trouble in data["troubles"]] == ["pad-2"]


@pytest.mark.usefixtures("well")
def test_a_device_that_reported_and_is_configured_no_more_is_listed_last_and_is_no_trouble(
    keeper: Any, hall: Run
) -> None:
    report(keeper, "barcode", "absent", code="D-02", who="clerk", what_zh="找不到", remedy_zh="看线")
    data = json.loads(hall("status", "--json").stdout)
    assert [row["device"] for row in data["device_rows"] if row["is_gone"]] == ["barcode"]
    assert [row["device"] for row in data["device_rows"]].index("barcode") > 6
    assert (data["troubles"], data["notices"]) == ([], [])
    told = hall("status")
    assert told.exit_code == 0, told.output
    (line,) = (line for line in told.stdout.splitlines() if line.startswith("barcode"))
    assert line.split()[1:3] == ["-", "-"] and line.endswith("已不在配置里 / no longer configured")
    assert "no longer configured" in hall("doctor").stdout


@pytest.mark.usefixtures("well")
def test_a_warning_is_explained_behind_the_troubles_and_harms_nothing(keeper: Any, hall: Run) -> None:
    words = {"what_zh": "纸快用完", "what_en": "paper low", "remedy_zh": "备纸", "remedy_en": "get a roll"}
    report(keeper, "printer", "online", code="P-07", who="clerk", **words)
    told = hall("status")
    assert told.exit_code == 0, told.output
    notice = told.stdout[told.stdout.index("注意 / notices:") :]
    assert "P-07 printer：纸快用完 / printer: paper low，自 " in notice
    assert "谁处理 / who: 办事员 / clerk" in notice
    assert "怎么办 / do:  备纸 / get a roll" in notice
    assert "P-07 printer：纸快用完 / printer: paper low，自 " in hall("doctor").stdout
    data = json.loads(hall("status", "--json").stdout)
    assert [(one["code"], one["who"], one["remedy_en"]) for one in data["notices"]] == [
        ("P-07", "clerk", "get a roll")
    ]
    assert data["troubles"] == []


@pytest.mark.usefixtures("well")
def test_a_caller_that_nobody_pressed_yet_is_no_trouble(keeper: Any, hall: Run) -> None:
    report(keeper, "pad-1", "unknown")
    told = hall("status")
    assert told.exit_code == 0, told.output
    assert "\npad-1：还没有消息 / pad-1: nothing was heard yet，自 " in told.stdout
    assert "设备 devices   正常 6/7 well  不明 1 unknown" in told.stdout


@pytest.mark.usefixtures("well")
def test_programs_get_numbers_and_people_both_languages_in_80_columns(hall: Run) -> None:
    data = json.loads(hall("status", "--json").stdout)
    assert set(data["queue"]) == {"day", "waiting", "issued", "done", "open_windows", "windows"}
    assert data["printing"] == {"queued": 0, "troubled": 0}
    assert data["ratings"] == {"rated": 0, "unrated": 0}
    assert data["devices"] == {"total": 7, "well": 7, "unknown": 0}
    summary, table = hall("status").stdout.split("\n\n")[:2]
    day = data["queue"]["day"]
    assert summary == (
        f"日期 day       {day}\n"
        "队列 queue     等待 0 waiting  已取 0 issued  办结 0 done  开窗 0/6 open\n"
        "打印 printing  待打 0 queued  待处理 0 in trouble\n"
        "评价 ratings   已评 0 rated  未评 0 unrated\n"
        "设备 devices   正常 7/7 well"
    )
    header, *rows = table.splitlines()
    assert header.split() == [
        *("设备", "device", "状态", "state", "代码", "code", "自", "since", "地址", "url")
    ]
    beside = [re.sub(r"(\S+:\S*/\S+|已不在.*)$", "", row) for row in rows] + [header]
    assert max(map(wcswidth, [*beside, *summary.splitlines()])) <= 80


@pytest.mark.usefixtures("well")
def test_without_a_configuration_only_what_reported_is_listed(keeper: Any, tmp_path: Path) -> None:
    arguments = ["status", "--config", str(tmp_path / "no.toml"), "--state", str(keeper.folder), "--json"]
    told = CliRunner().invoke(main, arguments)
    assert "only devices that reported are listed" in told.stderr
    assert "printer" in {row["device"] for row in json.loads(told.stdout)["device_rows"]}


def test_without_a_keeper_every_device_is_unknown(hall: Run, tmp_path: Path) -> None:
    data = json.loads(hall("status", "--json", state=tmp_path).stdout)
    assert {row["state"] for row in data["device_rows"]} == {"unknown"}
    assert len(data["device_rows"]) == 7
    assert [trouble["code"] for trouble in data["troubles"]] == ["S-07"], "one cause is one trouble"
    assert [data[part] for part in ("queue", "printing", "ratings", "devices")] == [None] * 4
    assert hall("status", state=tmp_path).stdout.splitlines()[:3] == [
        "日期 day       不明 unknown",
        "队列 queue     不明 unknown",
        "打印 printing  不明 unknown",
    ]


# --- the doctor --------------------------------------------------------------------------------------


def usb_serial() -> Found:
    return Found(
        kind=Kind.SERIAL,
        says="CH340",
        node="/dev/ttyUSB0",
        url="serial:///dev/serial/by-id/usb-1a86_USB_Serial-if00-port0",
        why_zh="USB 串口",
        why_en="a serial line on USB",
    )


PINS = Found(Kind.GPIO, "pinctrl-rp1", "gpio://?keys=5,6,13,19&lamps=16,20,21,26", "引脚", "pins")


@pytest.mark.usefixtures("well")
def test_what_is_well_is_said_to_be_well_with_its_counters(
    keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    buses_with(monkeypatch, PINS)
    arguments = ["doctor", "--config", str(keeper.config), "--state", str(keeper.folder)]
    told = CliRunner().invoke(main, arguments)
    assert told.exit_code == 0, told.output
    assert "good_reads=7" in told.stdout
    assert told.stdout.endswith("一切正常 / all is well\n")


@pytest.mark.usefixtures("well")
def test_something_unconfigured_on_a_bus_harms_nothing(keeper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    buses_with(monkeypatch, PINS, usb_serial())
    arguments = ["doctor", "--config", str(keeper.config), "--state", str(keeper.folder)]
    told = CliRunner().invoke(main, arguments)
    assert told.exit_code == 0, told.output
    assert "没有写进配置" in told.stdout


def test_without_a_keeper_the_buses_and_the_scans_are_looked_at_all_the_same(
    hall: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buses_with(monkeypatch, usb_serial())
    told = hall("doctor", "--json", state=tmp_path)
    assert told.exit_code == 1
    data = json.loads(told.stdout)
    assert [trouble["code"] for trouble in data["condition"]["troubles"]] == ["S-07"]
    assert [one["says"] for one in data["unconfigured"]] == ["CH340"]


@pytest.mark.usefixtures("well")
def test_what_is_plugged_in_and_not_configured_is_shown_with_the_line_to_add(
    hall: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = usb_serial()
    buses_with(monkeypatch, found)
    told = hall("doctor")
    assert "没有写进配置 / not configured: CH340（USB 串口 / a serial line on USB）" in told.stdout
    for line in found.line().splitlines():
        assert f"    {line}" in told.stdout.splitlines()


@pytest.mark.usefixtures("well")
def test_a_configured_device_that_is_gone_is_named_with_what_to_write(hall: Run) -> None:
    data = json.loads(hall("doctor", "--json").stdout)
    gone = {one["device"]: one for one in data["renamed"] if one["is_missing"]}
    assert "idcard" in gone, "there is no /dev/hall/idcard on this machine"
    assert gone["idcard"]["zh"] and gone["idcard"]["en"]
    text = hall("doctor")
    assert text.exit_code == 1
    assert f"idcard：{gone['idcard']['zh']} / {gone['idcard']['en']}" in text.stdout


@pytest.mark.usefixtures("well")
def test_scanned_things_that_wait_for_a_person_are_counted_with_the_age_of_the_oldest(
    keeper: Any, hall: Run
) -> None:
    aside = keeper.folder / "scans" / "aside"
    aside.mkdir(parents=True)
    try:
        for name, days in (("a", 1), ("b", 12)):
            (aside / name).mkdir()
            os.utime(aside / name, (time.time() - days * DAY_S - 60,) * 2)
        data = json.loads(hall("doctor", "--json").stdout)
        assert (data["aside"], data["aside_days"]) == (2, 12)
        told = hall("doctor")
        assert "扫描件存储里有2项需要人看（最早12天前）" in told.stdout
        assert "2 scanned things wait for a person, the oldest 12 days" in told.stdout
        assert told.exit_code == 1
    finally:
        for name in ("a", "b"):
            (aside / name).rmdir()
        aside.rmdir()


def test_a_broken_configuration_is_wrong_usage(tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text("x = 1\n", encoding="utf-8")
    told = CliRunner().invoke(
        main, ["doctor", "--config", str(file), "--state", str(tmp_path), "--wait", "0"]
    )
    assert told.exit_code == 2
    assert "C-10" in told.stderr

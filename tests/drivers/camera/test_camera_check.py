"""The three checks of a camera say what was found, what to do, and nothing of a page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from halldrivers.camera.address import parse_camera
from halldrivers.camera.camera import Camera
from halldrivers.camera.check import camera_checker, held_camera_checker
from halldrivers.camera.sim import SCENES, CameraSim
from halldrivers.camera.simjpeg import without_tables
from halldrivers.camera.simscene import draw, jpeg_of
from halldrivers.check import CheckLevel, Finding, Verdict

WITHIN_S = 20.0


@pytest.fixture
def sim(tmp_path: Path) -> CameraSim:
    return CameraSim(tmp_path / "camera")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"dir://{tmp_path}/camera"


def findings(url: str, level: CheckLevel, **options: Any) -> list[Finding]:
    told: list[Finding] = []
    camera_checker(parse_camera(url), **options)(level, told.append)
    return told


def verdicts(told: list[Finding]) -> list[Verdict]:
    return [finding.verdict for finding in told]


def code_of(told: list[Finding]) -> str:
    return told[-1].fault.code if told[-1].fault else ""


def test_a_folder_that_can_be_read_passes(sim: CameraSim, url: str) -> None:
    told = findings(url, CheckLevel.INTERNAL)
    assert verdicts(told) == [Verdict.PASSED] * 2
    assert told[-1].zh == "页面识别组件已安装"


def test_a_missing_node_fails_with_who_must_act() -> None:
    assert code_of(findings("v4l2:///dev/v4l/by-id/nothing", CheckLevel.INTERNAL)) == "D-02"


def test_a_node_that_is_no_device_fails(tmp_path: Path) -> None:
    (tmp_path / "video0").write_text("")
    assert code_of(findings(f"v4l2://{tmp_path}/video0", CheckLevel.INTERNAL)) == "F-01"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "camera").write_text("")
    assert code_of(findings(f"dir://{tmp_path}/camera", CheckLevel.INTERNAL)) == "D-02"


def test_without_opencv_the_internal_check_says_what_is_missing(
    sim: CameraSim, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    told = findings(url, CheckLevel.INTERNAL)
    assert told[-1].verdict is Verdict.UNKNOWN and "extra 'pages'" in told[-1].en


def test_a_frame_is_told_by_its_size(sim: CameraSim, url: str, jpeg: bytes) -> None:
    sim.deliver(jpeg)
    told = findings(url, CheckLevel.EXTERNAL)
    assert verdicts(told) == [Verdict.PASSED]
    assert told[0].en.startswith("a whole frame came: 320x240")


def test_an_empty_folder_is_unknown(sim: CameraSim, url: str) -> None:
    assert verdicts(findings(url, CheckLevel.EXTERNAL)) == [Verdict.UNKNOWN]


def test_a_camera_that_is_not_there_fails_in_time(tmp_path: Path) -> None:
    for level in (CheckLevel.EXTERNAL, CheckLevel.INTERACTIVE):
        told = findings(f"dir://{tmp_path}/nothing", level)
        assert (verdicts(told), code_of(told)) == ([Verdict.FAILED], "D-02")


def test_a_camera_without_tables_and_of_few_pixels_is_told(kernel: Any, jpeg: bytes) -> None:
    node = kernel.plug()
    node.next_frame = lambda: without_tables(jpeg)
    told = findings(f"v4l2://{node.path}?size=1600x1200", CheckLevel.EXTERNAL)
    assert verdicts(told) == [Verdict.PASSED, Verdict.PASSED, Verdict.UNKNOWN]
    assert "Huffman" in told[1].en
    assert code_of(told) == "F-09"
    assert not node.is_streaming and node.buffers == 0


def test_a_camera_in_use_is_left_alone(sim: CameraSim, url: str, jpeg: bytes) -> None:
    sim.deliver(jpeg)
    seen, told = threading.Event(), []
    with Camera("camera", parse_camera(url)) as camera:
        camera.start_preview(lambda preview: seen.set())
        assert seen.wait(WITHIN_S)
        held_camera_checker(camera)(CheckLevel.INTERACTIVE, told.append)
        assert [finding.zh for finding in told] == ["正在为群众拍摄，稍后再试"]
        held_camera_checker(camera)(CheckLevel.EXTERNAL, told.append)
        assert told[-1].verdict is Verdict.PASSED


def changing(sim: CameraSim, *names: str) -> Callable[[float], None]:
    """A pause in which a person lays down the next thing."""
    coming = iter(names)

    def sleep(seconds: float) -> None:
        name = next(coming, None)
        if name is not None:
            sim.deliver(jpeg_of(draw(replace(SCENES[name], size=(800, 600))).image))

    return sleep


def test_a_person_is_told_what_is_wrong_until_the_page_is_good(sim: CameraSim, url: str) -> None:
    told = findings(url, CheckLevel.INTERACTIVE, sleep=changing(sim, "none", "none", "blank", "form"))
    assert verdicts(told) == [Verdict.ASK, Verdict.ASK, Verdict.ASK, Verdict.PASSED]
    assert [finding.zh for finding in told[1:3]] == [
        "没有看到纸，请把纸放到镜头下面，有字的一面朝上",
        "纸上没有内容，是不是放反了？请翻过来再拍",
    ]
    assert told[-1].zh == "页面合格：已裁剪 A4 47 dpi；分辨率偏低（约 47 dpi），小字可能看不清"


def test_nobody_comes(url: str, sim: CameraSim) -> None:
    times = iter([0.0, 0.0, 1e9])
    told = findings(url, CheckLevel.INTERACTIVE, mono_s=lambda: next(times), sleep=lambda seconds: None)
    assert verdicts(told) == [Verdict.ASK, Verdict.UNKNOWN]

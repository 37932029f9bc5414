"""A camera's URL says what it means, and what is wrong with it in both languages."""

from __future__ import annotations

import pytest

from halldrivers.camera.address import CameraAddress, CameraKind, parse_camera
from halldrivers.deviceurl import Claims
from halldrivers.errors import BadUrl

NODE = "/dev/v4l/by-id/usb-Cam-video-index0"


def test_a_camera_is_named_by_its_node() -> None:
    assert parse_camera(f"v4l2://{NODE}") == CameraAddress(CameraKind.V4L2, NODE)


def test_size_format_and_turn_are_options() -> None:
    address = parse_camera(f"v4l2://{NODE}?size=3264x2448&format=mjpg&turn=90")
    assert address == CameraAddress(CameraKind.V4L2, NODE, 90, (3264, 2448))


def test_a_folder_is_a_camera() -> None:
    assert parse_camera("dir:///srv/camera/") == CameraAddress(CameraKind.FOLDER, "/srv/camera")
    assert parse_camera("dir:///srv/camera?age_s=5&turn=180").age_s == 5


def test_a_camera_claims_its_node() -> None:
    assert parse_camera(f"v4l2://{NODE}?turn=90").claims == Claims((NODE,))


@pytest.mark.parametrize(
    ("url", "why_en", "why_zh"),
    [
        ("usb:///dev/video0", "it must begin with v4l2://, dir://", "要以 v4l2://, dir:// 开头"),
        ("v4l2://dev/video0", "the device path must be absolute", "设备路径要写全"),
        ("v4l2:///dev/video0?size=big", "size is width x height, write size=3264x2448", "size 要写成 宽x高"),
        ("v4l2:///dev/video0?size=3264", "size is width x height", "size 要写成 宽x高"),
        ("v4l2:///dev/video0?size=10x10", "size is width x height", "size 要写成 宽x高"),
        ("v4l2:///dev/video0?size=99999x9999", "size is width x height", "size 要写成 宽x高"),
        ("v4l2:///dev/video0?format=yuyv", "only format=mjpg", "只支持 format=mjpg"),
        ("v4l2:///dev/video0?turn=45", "turn is one of: 0, 180, 270, 90", "turn 可用：0, 180, 270, 90"),
        ("v4l2:///dev/video0?age_s=5", "unknown option age_s", "不认识的选项 age_s"),
        ("dir:///srv/x?size=640x480", "unknown option size", "不认识的选项 size"),
        ("dir:///srv/x?age_s=0", "age_s is a number from 1 to 3600", "age_s 要写 1 到 3600 的整数"),
        ("dir:///srv/x?turn=90&turn=0", "option turn is written twice", "选项 turn 写了两次"),
    ],
)
def test_a_wrong_url_says_what_is_wrong(url: str, why_en: str, why_zh: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_camera(url)
    assert why_en in caught.value.why_en
    assert why_zh in caught.value.why_zh

"""A preview is small, quick and right, whatever the camera leaves out."""

from __future__ import annotations

import pytest

from halldrivers.camera.errors import FrameDamaged
from halldrivers.camera.frame import Frame
from halldrivers.camera.preview import LONG_PX, shrink
from halldrivers.camera.simjpeg import without_tables
from halldrivers.camera.simscene import Scene, draw, jpeg_of


def frame_of(jpeg: bytes) -> Frame:
    return Frame(jpeg, 0, 0, 0.0)


@pytest.fixture(scope="module")
def large() -> bytes:
    return jpeg_of(draw(Scene(size=(1600, 1200))).image)


def test_a_large_frame_becomes_small(large: bytes) -> None:
    preview = shrink(frame_of(large), 0)
    assert (preview.width, preview.height) == (LONG_PX, LONG_PX * 3 // 4)


def test_a_frame_without_tables_is_shown(large: bytes) -> None:
    assert shrink(frame_of(without_tables(large)), 0) == shrink(frame_of(large), 0)


def test_a_quarter_turn_is_clockwise(jpeg: bytes) -> None:
    upright, turned = shrink(frame_of(jpeg), 0, 40), shrink(frame_of(jpeg), 90, 40)

    def pixel(preview: object, x: int, y: int) -> bytes:
        at = (y * preview.width + x) * 3  # type: ignore[attr-defined]
        return preview.rgb[at : at + 3]  # type: ignore[attr-defined]

    assert (turned.width, turned.height) == (upright.height, upright.width)
    assert pixel(turned, upright.height - 1, 0) == pixel(upright, 0, 0)
    assert pixel(turned, upright.height - 1, 7) == pixel(upright, 7, 0)


def test_what_cannot_be_decoded_is_damaged() -> None:
    with pytest.raises(FrameDamaged):
        shrink(frame_of(b"\xff\xd8\xff\xd9"), 0)

"""The simulated camera draws what it says and delivers as it is told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from halldrivers.camera.sim import SCENES, CameraSim
from halldrivers.camera.simjpeg import without_tables
from halldrivers.camera.simpaper import Desk, Paper
from halldrivers.camera.simscene import Lying, Scene, draw, jpeg_of


def grey_at(image: Image.Image, x: float, y: float) -> int:
    return image.convert("L").getpixel((round(x), round(y)))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "lying", [Lying(Paper.BLANK), Lying(Paper.BLANK, 20, 15, -10), Lying(Paper.CARD, -70)]
)
def test_the_corners_are_where_paper_and_desk_meet(lying: Lying) -> None:
    drawn = draw(Scene(papers=(lying,), size=(600, 450), view_mm=500, tilt_x_deg=6, noise=0))
    corners = drawn.corners[0]
    middle = [sum(point[axis] for point in corners) / 4 for axis in (0, 1)]
    for index in range(4):
        side = [(corners[index][axis] + corners[(index + 1) % 4][axis]) / 2 for axis in (0, 1)]
        inner = [side[axis] + 0.15 * (middle[axis] - side[axis]) for axis in (0, 1)]
        outer = [side[axis] - 0.15 * (middle[axis] - side[axis]) for axis in (0, 1)]
        assert grey_at(drawn.image, *inner) > 150 > 90 > grey_at(drawn.image, *outer)


def test_the_same_scene_is_the_same_picture() -> None:
    scene = Scene(size=(320, 240), desk=Desk.WOOD)
    assert draw(scene).image.tobytes() == draw(scene).image.tobytes()


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_can_be_delivered(name: str, tmp_path: Path) -> None:
    sim = CameraSim(tmp_path / "camera")
    scene = SCENES[name]
    sim.show(Scene(**{**{f: getattr(scene, f) for f in Scene.__slots__}, "size": (160, 120)}))
    with Image.open(tmp_path / "camera/frame.jpg") as image:
        image.load()
    assert [file.name for file in (tmp_path / "camera").iterdir()] == ["frame.jpg"], (
        "nothing unfinished stays"
    )


def test_clear_takes_every_picture_away(tmp_path: Path, jpeg: bytes) -> None:
    sim = CameraSim(tmp_path)
    sim.deliver(jpeg)
    sim.clear()
    assert list(tmp_path.iterdir()) == []


def test_an_unplugged_folder_is_away_and_comes_back_with_what_is_seen_by_then(
    tmp_path: Path, jpeg: bytes, other_jpeg: bytes
) -> None:
    sim = CameraSim(tmp_path / "camera")
    sim.deliver(jpeg)
    sim.unplug()
    sim.unplug()
    assert not (tmp_path / "camera").exists()
    sim.deliver(other_jpeg)
    sim.plug()
    sim.plug()
    assert (tmp_path / "camera/frame.jpg").read_bytes() == other_jpeg


def test_a_frame_without_tables_has_none() -> None:
    jpeg = jpeg_of(Image.new("RGB", (64, 64), "white"))
    bare = without_tables(jpeg)
    assert b"\xff\xc4" in jpeg and b"\xff\xc4" not in bare
    assert Image.open(io.BytesIO(bare)).size == (64, 64)

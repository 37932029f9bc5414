"""Text lines are levelled when a page's edges cannot be seen, and left alone where there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from halldrivers.camera.simpaper import Desk, Paper
from halldrivers.camera.simscene import Lying, Scene, draw
from halldrivers.page.straighten import MOST_DEG, text_angle


def angle_of(scene: Scene) -> float:
    return text_angle(draw(replace(scene, size=(800, 600))).image.convert("L"))


@pytest.mark.parametrize("angle_deg", [-4.5, -2.0, -0.7, 0.5, 1.3, 3.0, 4.4])
def test_the_angle_of_lines_of_text_is_found(angle_deg: float) -> None:
    scene = Scene(papers=(Lying(angle_deg=angle_deg),), view_mm=300)
    assert angle_of(scene) == pytest.approx(angle_deg, abs=0.15)


@pytest.mark.parametrize("angle_deg", [0.0, 0.2, -0.2])
def test_what_nobody_sees_is_left(angle_deg: float) -> None:
    assert angle_of(Scene(papers=(Lying(angle_deg=angle_deg),), view_mm=300)) == 0.0


@pytest.mark.parametrize("angle_deg", [7.0, -9.0, 20.0])
def test_what_was_laid_so_is_left(angle_deg: float) -> None:
    assert abs(angle_of(Scene(papers=(Lying(angle_deg=angle_deg),), view_mm=300))) < MOST_DEG


@pytest.mark.parametrize(
    "scene",
    [Scene(papers=()), Scene(papers=(), desk=Desk.WOOD), Scene(papers=(Lying(Paper.BLANK, 3),), view_mm=190)],
)
def test_where_no_text_is_nothing_is_turned(scene: Scene) -> None:
    assert angle_of(scene) == 0.0


def test_a_picture_of_a_few_pixels_is_no_text() -> None:
    assert text_angle(Image.new("L", (3, 2), 200)) == 0.0

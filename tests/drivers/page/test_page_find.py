"""The corners of a page are found where they were drawn, and nothing else is taken for a page."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from halldrivers.camera.simpaper import MILLIMETRES, Desk, Paper
from halldrivers.camera.simscene import Drawn, Lying, Scene, draw, jpeg_of
from halldrivers.page.find import Sight, look
from halldrivers.page.flatten import true_ratio
from halldrivers.page.picture import CvPicture

pytest.importorskip("cv2", reason="OpenCV is not installed (extra 'pages')")

WITHIN_PX = 2.0
"""At 800 x 600: 1 mm of the desk."""
SIZE = (800, 600)
A4 = (Paper.FORM, Paper.BLANK)


def seen(drawn: Drawn) -> Sight:
    return look(CvPicture.decode(jpeg_of(drawn.image)))


def distance(sight: Sight, corners: tuple[tuple[float, float], ...]) -> float:
    """Of the worst corner, whichever of them the finder begins with."""
    assert len(sight.corners) == 4, sight
    return min(
        max(math.dist(a, b) for a, b in zip(sight.corners, corners[k:] + corners[:k], strict=True))
        for k in range(4)
    )


@st.composite
def scenes(draw_from: st.DrawFn, *papers: Paper) -> Scene:
    """A paper, wholly in view: any turn for what is small, small turns for A4; light, tilt and desk vary."""

    def between(low: float, high: float) -> float:
        return draw_from(st.floats(low, high))

    paper = draw_from(st.sampled_from(papers))
    most_deg = 12.0 if paper in A4 else 45.0
    return Scene(
        size=SIZE,
        papers=(Lying(paper, between(-most_deg, most_deg), between(-10, 10), between(-10, 10)),),
        view_mm=520 if paper in A4 else 440,
        tilt_x_deg=between(-10, 10),
        tilt_y_deg=between(-10, 10),
        desk=draw_from(st.sampled_from(Desk)),
        slope=between(0, 0.6),
        light=between(0.5, 1.1),
        noise=draw_from(st.integers(0, 16)),
        seed=draw_from(st.integers(0, 99)),
    )


@settings(max_examples=12, deadline=None)
@given(scenes(*A4, Paper.BOOKLET, Paper.CARD))
def test_a_page_is_found_at_any_angle_in_any_light(scene: Scene) -> None:
    drawn = draw(scene)
    sight = seen(drawn)
    assert distance(sight, drawn.corners[0]) < WITHIN_PX
    assert (sight.is_cut, sight.papers) == (False, 1)


@settings(max_examples=50)
@given(scenes(Paper.FORM, Paper.BOOKLET, Paper.CARD))
def test_the_true_ratio_is_told_from_the_corners(scene: Scene) -> None:
    from halldrivers.camera.simscene import _look, _place

    width, height = MILLIMETRES[scene.papers[0].paper]
    corners = tuple(_look(scene, point) for point in _place(scene.papers[0], width, height))
    assert true_ratio(corners, scene.size) == pytest.approx(width / height, rel=0.012)


def test_at_full_size_a_corner_is_found_to_a_third_of_a_millimetre() -> None:
    drawn = draw(Scene(size=(2592, 1944), papers=(Lying(Paper.BOOKLET, 5),), view_mm=470, tilt_x_deg=6))
    assert distance(seen(drawn), drawn.corners[0]) < 0.33 * 2592 / 470


@pytest.mark.parametrize("angle_deg", [0, 40, -40])
def test_the_first_corner_is_the_top_left_as_the_operator_sees_it(angle_deg: float) -> None:
    corners = seen(draw(Scene(size=SIZE, papers=(Lying(Paper.BOOKLET, angle_deg),)))).corners
    across = math.degrees(math.atan2(corners[1][1] - corners[0][1], corners[1][0] - corners[0][0]))
    assert across == pytest.approx(angle_deg, abs=0.5)
    assert corners[3][1] > corners[0][1]


@pytest.mark.parametrize("desk", Desk)
def test_an_empty_desk_has_no_page(desk: Desk) -> None:
    assert seen(draw(Scene(size=SIZE, papers=(), desk=desk, noise=12, slope=0.3))) == Sight()


def test_a_card_on_a_framed_mat_is_found_and_not_the_mat() -> None:
    drawn = draw(Scene(size=SIZE, papers=(Lying(Paper.CARD, 15),), desk=Desk.FRAMED))
    assert distance(seen(drawn), drawn.corners[0]) < WITHIN_PX


@pytest.mark.parametrize("view_mm", [150, 200])
def test_a_table_on_a_page_that_fills_the_frame_is_no_page(view_mm: float) -> None:
    sight = seen(draw(Scene(size=SIZE, view_mm=view_mm)))
    assert (sight.corners, sight.papers) == ((), 0)


def test_a_white_field_on_a_shaded_form_is_no_page() -> None:
    sight = seen(draw(Scene(size=SIZE, papers=(Lying(Paper.SHADED),), view_mm=200)))
    assert sight.corners == ()


def test_a_field_on_a_page_without_four_corners_is_no_page() -> None:
    """Although nothing is written around it."""
    image = Image.new("L", SIZE, 40)
    pen = ImageDraw.Draw(image)
    pen.polygon([(150, 60), (500, 60), (640, 180), (640, 540), (150, 540)], 230)
    pen.rectangle((200, 240, 560, 500), 180)
    pen.rectangle((240, 280, 520, 460), 230)
    sight = look(CvPicture.decode(jpeg_of(image)))
    assert (sight.corners, sight.papers) == ((), 0)


def test_of_a_shaded_form_in_view_the_form_is_the_page() -> None:
    drawn = draw(Scene(size=SIZE, papers=(Lying(Paper.SHADED, 4),)))
    assert distance(seen(drawn), drawn.corners[0]) < WITHIN_PX


@pytest.mark.parametrize(
    "lying",
    [
        Lying(angle_deg=3, y_mm=60),
        Lying(angle_deg=-10, x_mm=130, y_mm=40),
        Lying(Paper.CARD, 10, 200),
        Lying(Paper.BOOKLET, -30, -170, 100),
    ],
)
def test_a_page_that_is_cut_off_by_the_frame_is_told(lying: Lying) -> None:
    sight = seen(draw(Scene(size=SIZE, papers=(lying,))))
    assert sight.is_cut
    assert sight.corners == ()


def test_a_page_beside_one_that_is_cut_off_is_not_cut_out_either() -> None:
    sight = seen(draw(Scene(size=SIZE, papers=(Lying(Paper.BOOKLET, 0, -60), Lying(Paper.BOOKLET, 5, 170)))))
    assert (sight.is_cut, sight.corners) == (True, ())


@pytest.mark.parametrize("other", [Lying(Paper.BOOKLET, -8, 90), Lying(Paper.CARD, 10, 90)])
def test_two_papers_are_counted_and_none_is_cut_out(other: Lying) -> None:
    sight = seen(draw(Scene(size=SIZE, papers=(Lying(Paper.BOOKLET, 5, -90), other))))
    assert (sight.papers, sight.corners) == (2, ())


@pytest.mark.parametrize("desk", [Desk.MAT, Desk.WOOD, Desk.GREY])
def test_a_page_with_a_torn_corner_gives_its_direction(desk: Desk) -> None:
    sight = seen(draw(Scene(size=SIZE, papers=(Lying(Paper.TORN, -12),), view_mm=520, desk=desk)))
    assert sight.corners == ()
    assert sight.angle_deg == pytest.approx(-12, abs=0.5)


def test_a_grey_picture_is_searched_as_well() -> None:
    drawn = draw(Scene(size=SIZE, papers=(Lying(Paper.BOOKLET, 7),)))
    sight = look(CvPicture.decode(jpeg_of(drawn.image.convert("L"))))
    assert distance(sight, drawn.corners[0]) < WITHIN_PX

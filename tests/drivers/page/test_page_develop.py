"""The whole way of a page: cut out, levelled, turned, judged, without metadata; the original untouched."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from halldrivers.camera.sim import SCENES
from halldrivers.camera.simjpeg import cut_off, padded, with_hole, with_metadata, with_noise, without_tables
from halldrivers.camera.simpaper import Desk, Paper
from halldrivers.camera.simscene import Lying, Scene, draw, jpeg_of
from halldrivers.page.develop import develop
from halldrivers.page.errors import PictureUnreadable
from halldrivers.page.judge import Limits
from halldrivers.page.result import Flaw, Found, Outcome, PageOrder, PageReport
from halldrivers.page.straighten import text_angle

pytest.importorskip("cv2", reason="OpenCV is not installed (extra 'pages')")


@cache
def of(scene: Scene) -> bytes:
    return jpeg_of(draw(scene).image)


FORM = of(SCENES["form"])
SMALL = of(Scene(papers=(Lying(Paper.BOOKLET, 3),), size=(480, 360), view_mm=220))
"""For what does not depend on a size."""


def made(jpeg: bytes, with_finder: bool = True, **order: int | bool) -> tuple[PageReport, Image.Image]:
    report, derived = develop(jpeg, PageOrder(**order), Limits(), with_finder=with_finder)  # type: ignore[arg-type]
    image = Image.open(io.BytesIO(derived))
    assert (report.width, report.height) == image.size
    return report, image


def refusals(report: PageReport) -> list[Flaw]:
    return [verdict.flaw for verdict in report.refusals]


def test_a_page_is_cut_out_and_level() -> None:
    report, image = made(FORM)
    assert (report.found, report.paper, report.angle_deg) == (Found.CROPPED, "A4", pytest.approx(3, abs=0.2))
    assert image.width / image.height == pytest.approx(210 / 297, rel=0.01)
    assert text_angle(image.convert("L")) == 0.0
    assert (report.original_width, report.original_height) == (1200, 900)


@pytest.mark.parametrize("desk", [Desk.MAT, Desk.GREY])
@pytest.mark.parametrize("paper", [Paper.FORM, Paper.BOOKLET])
def test_no_desk_shows_at_the_edges_of_a_page(desk: Desk, paper: Paper) -> None:
    scene = Scene(papers=(Lying(paper, 6),), desk=desk, tilt_x_deg=7, tilt_y_deg=-5, view_mm=500)
    _, image = made(of(scene))
    grey = image.convert("L")
    for strip in (
        (0, 0, grey.width, 2),
        (0, grey.height - 2, grey.width, grey.height),
        (0, 0, 2, grey.height),
        (grey.width - 2, 0, grey.width, grey.height),
    ):
        darkest = min(grey.crop(strip).resize((40, 1) if strip[2] - strip[0] > 2 else (1, 40)).tobytes())
        assert darkest > 215


def test_lines_are_level_after_perspective() -> None:
    scene = Scene(papers=(Lying(angle_deg=-9),), tilt_x_deg=9, tilt_y_deg=8, view_mm=520, desk=Desk.WOOD)
    _, image = made(of(scene))
    assert text_angle(image.convert("L")) == 0.0


def test_a_card_has_its_ratio_and_resolution() -> None:
    report, image = made(of(SCENES["card"]))
    assert (report.paper, report.dpi) == ("ID-1", pytest.approx(69, abs=1))
    assert image.width / image.height == pytest.approx(85.6 / 53.98, rel=0.01)


def test_a_booklet_keeps_its_ratio_and_claims_no_resolution() -> None:
    report, image = made(of(SCENES["booklet"]))
    assert (report.paper, report.dpi) == ("", 0)
    assert image.width / image.height == pytest.approx(143 / 105, rel=0.015)


def test_a_torn_page_is_turned_and_nothing_of_the_frame_is_lost() -> None:
    report, image = made(of(Scene(papers=(Lying(Paper.TORN, 2),), size=(800, 600))))
    assert (report.found, report.corners) == (Found.ROTATED, ())
    assert image.width > 800 and image.height > 600
    assert text_angle(image.convert("L")) == 0.0


def test_a_frame_full_of_text_is_levelled_by_its_lines() -> None:
    report, image = made(of(Scene(papers=(Lying(angle_deg=2),), view_mm=180, size=(800, 600))))
    assert (report.found, report.angle_deg) == (Found.ROTATED, pytest.approx(2, abs=0.2))
    assert text_angle(image.convert("L")) == 0.0
    assert report.is_accepted


@pytest.mark.parametrize("name", ["two", "cut"])
def test_what_is_refused_for_its_place_stays_as_it_was(name: str) -> None:
    report, image = made(of(replace(SCENES[name], size=(800, 600))))
    assert (report.found, image.size) == (Found.WHOLE, (800, 600))


def test_a_wish_for_the_whole_frame_is_followed() -> None:
    report, image = made(of(Scene(papers=(Lying(Paper.BOOKLET, 20),), size=(800, 600))), crop=False)
    assert (report.found, image.size) == (Found.WHOLE, (800, 600))
    assert Flaw.UNCROPPED not in [verdict.flaw for verdict in report.warnings]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_is_turned_clockwise_in_the_end(turn: int) -> None:
    _, upright = made(SMALL)
    report, turned = made(SMALL, turn=turn)
    expected = upright.rotate(-turn, expand=True)
    assert (report.turn, turned.size) == (turn, expected.size)
    middle = (60, 60, 200, 200)
    difference = zip(
        turned.convert("L").crop(middle).tobytes(), expected.convert("L").crop(middle).tobytes(), strict=True
    )
    assert sum(abs(a - b) for a, b in difference) / 140**2 < 8


def test_a_page_can_be_made_smaller() -> None:
    report, image = made(FORM, long_px=300)
    assert max(image.size) == 300
    assert report.dpi == pytest.approx(26, abs=1)


def test_a_wrong_order_is_a_program_error() -> None:
    with pytest.raises(ValueError, match="a page cannot be made like this"):
        PageOrder(turn=45)


@pytest.mark.parametrize("with_finder", [True, False])
def test_a_grey_original_gives_a_grey_page(with_finder: bool) -> None:
    jpeg = jpeg_of(Image.open(io.BytesIO(SMALL)).convert("L"))
    assert made(jpeg, with_finder)[1].mode == "L"
    assert made(SMALL, with_finder)[1].mode == "RGB"


@pytest.mark.parametrize("with_finder", [True, False])
def test_metadata_does_not_reach_the_page(with_finder: bool) -> None:
    original = with_metadata(SMALL)
    assert original.count(b"SECRET") == 4
    _, derived = develop(original, PageOrder(), Limits(), with_finder=with_finder)
    assert b"SECRET" not in derived
    assert b"Exif" not in derived and b"ICC_PROFILE" not in derived


@pytest.mark.parametrize("with_finder", [True, False])
def test_an_orientation_in_exif_is_not_looked_at(with_finder: bool) -> None:
    plain, tagged = made(SMALL, with_finder)[0], made(with_metadata(SMALL), with_finder)[0]
    assert (tagged.width, tagged.height) == pytest.approx((plain.width, plain.height), abs=2)


def test_the_page_says_its_resolution() -> None:
    report, image = made(FORM)
    assert image.info["dpi"] == (report.dpi, report.dpi)


def test_the_original_is_not_changed() -> None:
    original = bytearray(SMALL)
    before = hashlib.sha256(original).digest()
    develop(bytes(original), PageOrder(turn=90), Limits())
    assert hashlib.sha256(original).digest() == before


@pytest.mark.parametrize("with_finder", [True, False])
def test_missing_tables_and_padding_make_no_difference(with_finder: bool) -> None:
    plain = develop(SMALL, PageOrder(), Limits(), with_finder=with_finder)
    assert develop(without_tables(SMALL), PageOrder(), Limits(), with_finder=with_finder) == plain
    assert develop(padded(SMALL, 900), PageOrder(), Limits(), with_finder=with_finder) == plain


def test_padding_within_the_scan_is_no_damage() -> None:
    assert SMALL.endswith(b"\xff\xd9")
    assert made(SMALL[:-2] + bytes(3) + b"\xff\xd9")[0].is_accepted


@pytest.mark.parametrize("harm", ["hole", "noise"])
def test_damage_in_the_middle_is_seen(harm: str) -> None:
    broken = with_hole(FORM, 0.4, 3000) if harm == "hole" else with_noise(FORM, 0.4, 3000)
    with pytest.raises(PictureUnreadable, match="its data is damaged"):
        made(broken)


@pytest.mark.parametrize("with_finder", [True, False])
@pytest.mark.parametrize("data", [b"", b"not a picture", cut_off(SMALL, 0.7)])
def test_what_is_no_whole_picture_is_unreadable(data: bytes, with_finder: bool) -> None:
    with pytest.raises(PictureUnreadable):
        made(data, with_finder)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    at = SMALL.index(b"\xff\xc0") + 5
    with pytest.raises(PictureUnreadable, match="65500 x 65500"):
        made(SMALL[:at] + b"\xff\xdc\xff\xdc" + SMALL[at + 4 :])


def test_without_opencv_the_frame_is_levelled_and_judged_and_says_why_it_is_whole() -> None:
    report, _ = made(
        of(Scene(papers=(Lying(angle_deg=2.5),), view_mm=300, size=(800, 600))), with_finder=False
    )
    assert (report.found, report.has_finder) == (Found.ROTATED, False)
    assert report.is_accepted
    assert [verdict.zh for verdict in report.warnings][-1] == "没有安装页面识别组件，保留了整幅画面"


@pytest.mark.parametrize(
    ("name", "flaw"), [("none", Flaw.BLANK), ("blank", Flaw.BLANK), ("blur", Flaw.BLUR), ("dark", Flaw.DARK)]
)
def test_without_opencv_bad_pages_are_refused_as_well(name: str, flaw: Flaw) -> None:
    scene = replace(SCENES[name], size=(800, 600))
    assert flaw in refusals(made(of(scene), with_finder=False)[0])


def test_every_verdict_has_a_number_and_only_bad_ones_have_words() -> None:
    report, _ = made(of(SCENES["glare"]))
    for verdict in report.verdicts:
        assert (verdict.outcome is Outcome.GOOD) == (verdict.zh == verdict.en == "")
    glare = next(verdict for verdict in report.verdicts if verdict.flaw is Flaw.GLARE)
    assert glare.number > glare.limit == Limits().glare

"""The gate: good pages pass on every camera, each kind of bad page is refused by its own verdict."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from halldrivers.camera.sim import SCENES
from halldrivers.camera.simpaper import Desk, Paper
from halldrivers.camera.simscene import Lying, Scene, draw, jpeg_of
from halldrivers.page.develop import develop
from halldrivers.page.ink import ink_of, share_of, strokes_of
from halldrivers.page.judge import Limits, Seen, judge
from halldrivers.page.result import Flaw, Found, PageOrder, PageReport

pytest.importorskip("cv2", reason="OpenCV is not installed (extra 'pages')")


@cache
def picture(scene: Scene) -> bytes:
    return jpeg_of(draw(scene).image)


@cache
def report_of(scene: Scene, limits: Limits | None = None) -> PageReport:
    return develop(picture(scene), PageOrder(), limits or Limits())[0]


def small(name: str) -> Scene:
    """A scene of the simulator, small where its fault does not depend on that."""
    return SCENES[name] if name == "blur" else replace(SCENES[name], size=(800, 600))


def number_of(report: PageReport, flaw: Flaw) -> float:
    return next(verdict.number for verdict in report.verdicts if verdict.flaw is flaw)


@pytest.mark.parametrize("name", ["form", "wood", "booklet", "card", "torn", "bright"])
def test_a_good_page_is_accepted(name: str) -> None:
    assert report_of(small(name)).refusals == ()


@pytest.mark.parametrize(
    ("name", "flaw", "zh"),
    [
        ("none", Flaw.BLANK, "没有看到纸，请把纸放到镜头下面，有字的一面朝上"),
        ("blank", Flaw.BLANK, "纸上没有内容，是不是放反了？请翻过来再拍"),
        ("blur", Flaw.BLUR, "画面模糊，请把纸压平、手拿开，再拍一次"),
        ("glare", Flaw.GLARE, "有反光或局部过亮，请把纸或灯挪一下，再拍一次"),
        ("dark", Flaw.DARK, "太暗了，请打开补光灯，不要挡住光线"),
        ("two", Flaw.SEVERAL, "看到 2 张纸，请一次只放一张"),
        ("cut", Flaw.CUT, "纸没有全部放进画面，请把整张纸放到镜头下面"),
    ],
)
def test_a_bad_page_is_refused_and_its_first_word_says_why(name: str, flaw: Flaw, zh: str) -> None:
    refusal = report_of(small(name)).refusals[0]
    assert (refusal.flaw, refusal.zh) == (flaw, zh)


@pytest.mark.parametrize("desk", Desk)
def test_an_empty_desk_is_refused(desk: Desk) -> None:
    assert report_of(Scene(papers=(), desk=desk, noise=12, size=(800, 600))).refusals[0].flaw is Flaw.BLANK


@pytest.mark.parametrize(("paper", "noise"), [(Paper.FORM, 0), (Paper.FORM, 24), (Paper.CARD, 6)])
def test_noise_neither_hides_a_blur_nor_makes_one(paper: Paper, noise: int) -> None:
    sharp = Scene(papers=(Lying(paper, 3),), noise=noise, light=0.8)
    assert number_of(report_of(sharp), Flaw.BLUR) > 5 * Limits().sharp
    assert report_of(replace(sharp, blur_mm=0.9)).refusals[0].flaw is Flaw.BLUR


@pytest.mark.parametrize("light", [0.5, 1.0, 1.04])
def test_light_within_reason_refuses_nothing(light: float) -> None:
    assert report_of(Scene(light=light, slope=0.3, size=(800, 600))).is_accepted


def test_a_blur_is_judged_alike_at_every_resolution() -> None:
    """What a camera of few pixels sees as soft is as soft for one of many; both are above `SHARP_PX`."""
    soft = Scene(papers=(Lying(angle_deg=92),), view_mm=340, blur_mm=0.25)
    numbers = [
        number_of(report_of(replace(soft, size=size)), Flaw.BLUR) for size in ((1400, 1050), (1800, 1350))
    ]
    assert numbers[0] == pytest.approx(numbers[1], rel=0.15)
    assert 0.2 < numbers[0] < 0.5


def test_a_small_mirrored_lamp_is_enough() -> None:
    assert report_of(Scene(glare=(10, 30), glare_mm=10)).refusals[0].flaw is Flaw.GLARE


def test_an_over_exposed_page_is_kept_with_a_warning() -> None:
    report = report_of(small("bright"))
    assert [verdict.flaw for verdict in report.warnings] == [Flaw.BRIGHT, Flaw.COARSE]


def test_a_page_of_few_dots_is_kept_with_a_warning() -> None:
    warning = report_of(small("form")).warnings[0]
    assert (warning.flaw, warning.zh) == (Flaw.COARSE, "分辨率偏低（约 47 dpi），小字可能看不清")


@pytest.mark.parametrize(
    ("dpi", "long_px", "is_fine"), [(200, 0, True), (199, 0, False), (0, 2339, True), (0, 2330, False)]
)
def test_200_dots_an_inch_are_enough(dpi: int, long_px: int, is_fine: bool) -> None:
    """Of a page that is known, and of a frame that A4 may fill."""
    seen = Seen(Found.CROPPED if dpi else Found.WHOLE, "A4" if dpi else "", dpi)
    verdicts = judge(Image.new("L", (300, 400), 200), long_px, seen, Limits())
    assert next(v.outcome for v in verdicts if v.flaw is Flaw.COARSE) == ("good" if is_fine else "warn")


def test_a_hall_may_set_its_own_limits() -> None:
    assert report_of(small("glare"), Limits(glare=0.5)).is_accepted
    assert report_of(small("form"), Limits(dpi=40)).warnings == ()


def test_a_card_on_a_black_mat_that_was_not_cut_out_is_not_dark() -> None:
    grey = draw(SCENES["card"]).image.convert("L")
    flaws = {verdict.flaw: verdict.outcome for verdict in judge(grey, 1200, Seen(Found.WHOLE), Limits())}
    assert flaws[Flaw.DARK] == "good"


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (40, 7), (64, 64)])
def test_a_picture_of_a_few_pixels_is_judged_without_harm(size: tuple[int, int]) -> None:
    grey = Image.new("L", size, 200)
    assert [v.flaw for v in judge(grey, 64, Seen(Found.CROPPED), Limits()) if v.outcome == "refuse"] == [
        Flaw.BLANK
    ]


def test_ink_is_told_from_shade() -> None:
    page = draw(Scene(papers=(Lying(Paper.BLANK),), view_mm=190, slope=0.7, noise=10)).image.convert("L")
    assert share_of(ink_of(page)) == 0.0
    written = draw(Scene(view_mm=190, slope=0.7, noise=10)).image.convert("L")
    assert share_of(ink_of(written)) > 0.03


def test_the_rim_of_a_mat_is_no_writing() -> None:
    desk = draw(Scene(papers=(), desk=Desk.FRAMED)).image.convert("L")
    ink = ink_of(desk)
    assert share_of(ink) > 0.03 > 0.0005 > share_of(strokes_of(ink))

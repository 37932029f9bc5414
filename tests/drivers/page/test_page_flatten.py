"""A flat page has the ratio of its paper where that is known, and its own where it is not."""

from __future__ import annotations

import pytest

from halldrivers.page.flatten import MARGIN, Flat, flatten
from halldrivers.page.picture import CvPicture

np = pytest.importorskip("numpy", reason="numpy is not installed (extra 'pages')")
pytest.importorskip("cv2", reason="OpenCV is not installed (extra 'pages')")

FRAME = 1000, 1000


def flat_of(width: float, height: float, share: float = 0.4) -> Flat:
    """An upright rectangle in the middle of the frame, seen straight from above."""
    left, top = (FRAME[0] - width) / 2, (FRAME[1] - height) / 2
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return flatten(CvPicture(np.zeros((FRAME[1], FRAME[0], 3), np.uint8)), corners, share)


def whole(flat: Flat) -> tuple[float, float]:
    """Width and height with the margin that was left out."""
    width, height = flat.picture.size
    margin = MARGIN * min(width, height) / (1 - 2 * MARGIN)
    return width + 2 * margin, height + 2 * margin


@pytest.mark.parametrize("off", [0.98, 1.0, 1.02])
def test_a_page_that_is_nearly_a4_becomes_a4(off: float) -> None:
    flat = flat_of(420 * off, 594)
    width, height = whole(flat)
    assert flat.paper == "A4"
    assert width / height == pytest.approx(210 / 297, rel=0.003)
    assert flat.dpi == round(height / 297 * 25.4)


def test_a_page_that_lies_across_is_a4_as_well() -> None:
    flat = flat_of(800, 560)
    width, height = whole(flat)
    assert flat.paper == "A4" and width / height == pytest.approx(297 / 210, rel=0.003)


def test_a_card_is_known_at_any_size() -> None:
    flat = flat_of(240, 150, share=0.03)
    assert (flat.paper, flat.dpi) == ("ID-1", pytest.approx(71, abs=1))


def test_a_small_page_with_a4_s_ratio_gets_the_ratio_and_no_resolution() -> None:
    flat = flat_of(210, 300, share=0.06)
    width, height = whole(flat)
    assert (flat.paper, flat.dpi) == ("", 0)
    assert width / height == pytest.approx(210 / 297, rel=0.006)


@pytest.mark.parametrize("ratio", [1.0, 1.294, 1.362, 1.5, 2.1])
def test_another_ratio_is_never_distorted(ratio: float) -> None:
    flat = flat_of(400 * ratio, 400)
    width, height = whole(flat)
    assert (flat.paper, flat.dpi) == ("", 0)
    assert width / height == pytest.approx(ratio, rel=0.005)


def test_nothing_gets_smaller() -> None:
    width, height = whole(flat_of(420 * 0.98, 594))
    assert width >= 420 * 0.98 and height >= 593

"""Where the devices' blocks stand, and what fits on their buttons."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hallkiosk.deck.devicegrid import GUTTER, MIN_BLOCK, faces, grid_for
from hallkiosk.wording import Text

SIZES = {"width": st.integers(60, 400), "height": st.integers(9, 120)}
COUNTS = st.integers(1, 24)


@given(count=COUNTS, **SIZES)
def test_blocks_never_overlap_nor_leave_the_panel_nor_cover_the_foot(count, width, height) -> None:
    grid = grid_for(count, width, height)
    rows = 1 + grid.text_rows + grid.button_rows
    places = [grid.place(index) for index in range(grid.per_page)]
    for x, y in places:
        assert x + grid.width <= width
        assert y + rows <= height - (1 if grid.pages > 1 else 0)
    for (x, y), (other_x, other_y) in itertools.combinations(places, 2):
        assert (
            x + grid.width + GUTTER <= other_x
            or other_x + grid.width + GUTTER <= x
            or abs(y - other_y) >= rows
        )


@given(count=COUNTS, **SIZES)
def test_every_device_has_a_place_and_no_page_is_empty(count, width, height) -> None:
    grid = grid_for(count, width, height)
    assert grid.per_page * (grid.pages - 1) < count <= grid.per_page * grid.pages


@given(count=COUNTS, **SIZES)
def test_a_block_has_room_for_four_buttons_and_for_what_to_do(count, width, height) -> None:
    grid = grid_for(count, width, height)
    assert grid.width >= MIN_BLOCK
    assert grid.text_rows * grid.width >= 2 * 59


@given(count=COUNTS, **SIZES)
def test_a_higher_panel_never_has_more_pages(count, width, height) -> None:
    assert grid_for(count, width, height + 1).pages <= grid_for(count, width, height).pages


@pytest.mark.parametrize(
    ("size", "pages", "per_page"),
    [
        ((80, 21), 2, 4),
        ((60, 18), 2, 4),
        ((142, 9), 2, 4),
        ((121, 9), 2, 4),
        ((120, 38), 1, 8),
        ((200, 48), 1, 8),
    ],
)
def test_eight_devices_at_the_usual_sizes(size, pages: int, per_page: int) -> None:
    grid = grid_for(8, *size)
    assert (grid.pages, grid.per_page) == (pages, per_page)


def test_buttons_are_high_where_there_is_room() -> None:
    assert grid_for(8, 80, 21).button_rows == 1
    assert grid_for(8, 120, 38).button_rows == 3


def test_a_panel_that_has_no_size_yet_breaks_nothing() -> None:
    assert grid_for(8, 0, 0).per_page >= 1
    assert grid_for(0, 80, 21).pages == 1


CARD, BAD, CABLE, SILENT = (
    Text("放身份证", "lay a card"),
    Text("放错的证", "wrong card"),
    Text("拔下接线", "unplug"),
    Text("不再应答", "go silent"),
)


def test_a_button_says_its_key_and_both_languages_where_all_fit() -> None:
    assert [face.text for face in faces("AB", (CARD, CABLE), 46)] == [
        "A 放身份证 lay a card",
        "B 拔下接线 unplug",
    ]


def test_four_buttons_of_four_characters_fit_the_narrowest_block() -> None:
    shown = faces("ABCD", (CARD, BAD, CABLE, SILENT), MIN_BLOCK)
    assert [face.text for face in shown] == ["A 放身份证", "B 放错的证", "C 拔下接线", "D 不再应答"]


def test_too_long_words_are_cut_visibly_and_the_short_ones_stay_whole() -> None:
    long = Text("把二十页材料一起放进进纸器再盖好盖子", "twenty pages")
    shown = faces("ABCD", (long, CARD, CABLE, long), MIN_BLOCK)
    assert shown[1].text == "B 放身份证"
    assert shown[0].text.startswith("A 把") and shown[0].text.endswith("…")


TEXTS = st.builds(Text, st.text("放身份证ab ", max_size=30), st.text("lay ", max_size=30))


@given(texts=st.lists(TEXTS, max_size=4), width=st.integers(MIN_BLOCK, 200))
def test_buttons_never_need_more_than_the_row_and_words_never_more_than_their_button(texts, width) -> None:
    shown = faces("ABCD"[: len(texts)], texts, width)
    assert sum(face.width + 1 for face in shown) - 1 <= width
    assert all(cell_len(face.text) <= face.width for face in shown)

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult

from hallkiosk.bigtext import BigText, BigTextMode, render_rows
from hallkiosk.bigtext_cells import GLYPHS, cells_of
from hallkiosk.chrome import HallApp

HALF, SEXTANT = BigTextMode.HALF, BigTextMode.SEXTANT


def dots(*rows: str) -> list[bytes]:
    return [bytes(char == "#" for char in row) for row in rows]


@pytest.mark.parametrize(
    ("drawing", "name"),
    [
        (("..", "..", ".."), "SPACE"),
        (("#.", "..", ".."), "BLOCK SEXTANT-1"),
        ((".#", "..", ".."), "BLOCK SEXTANT-2"),
        (("##", "..", ".."), "BLOCK SEXTANT-12"),
        (("..", "#.", ".."), "BLOCK SEXTANT-3"),
        (("..", "##", ".."), "BLOCK SEXTANT-34"),
        ((".#", ".#", ".."), "BLOCK SEXTANT-24"),
        (("##", "..", "#."), "BLOCK SEXTANT-125"),
        (("#.", "#.", "#."), "LEFT HALF BLOCK"),
        ((".#", "#.", "#."), "BLOCK SEXTANT-235"),
        (("..", "..", ".#"), "BLOCK SEXTANT-6"),
        ((".#", ".#", ".#"), "RIGHT HALF BLOCK"),
        (("##", ".#", ".#"), "BLOCK SEXTANT-1246"),
        (("..", "##", "##"), "BLOCK SEXTANT-3456"),
        ((".#", "##", "##"), "BLOCK SEXTANT-23456"),
        (("##", "##", "##"), "FULL BLOCK"),
    ],
)
def test_a_sextant_shows_its_six_dots(drawing: tuple[str, ...], name: str) -> None:
    # The names in the Unicode database list the dots: 12 is the top row, 34 the middle, 56 the bottom.
    assert cells_of(dots(*drawing), SEXTANT) == (unicodedata.lookup(name),)


def test_the_sixty_four_sextant_patterns_are_different_and_leave_no_code_point_out() -> None:
    glyphs = GLYPHS[SEXTANT]
    assert len(set(glyphs)) == 64
    assert {ord(glyph) for glyph in glyphs if glyph not in " ▌▐█"} == set(range(0x1FB00, 0x1FB3C))


def test_every_sextant_agrees_with_its_unicode_name() -> None:
    for pattern, glyph in enumerate(GLYPHS[SEXTANT]):
        if glyph not in " ▌▐█":
            numbers = "".join(str(bit + 1) for bit in range(6) if pattern >> bit & 1)
            assert unicodedata.name(glyph) == f"BLOCK SEXTANT-{numbers}"


def test_a_half_block_drawing_of_two_cells_by_two() -> None:
    assert cells_of(dots("#.", "##", ".#", "..", "##"), HALF) == ("█▄", " ▀", "▀▀")


def test_dots_that_do_not_fill_a_cell_are_padded_with_empty_ones() -> None:
    assert cells_of(dots("###", "#"), SEXTANT) == ("\U0001fb06\U0001fb00",)


@pytest.mark.parametrize("mode", BigTextMode)
@pytest.mark.parametrize("rows", [6, 8, 12])
@pytest.mark.parametrize("text", ["A012", "3号窗口", "社保医保", "Window 3"])
def test_every_row_has_the_same_width_in_cells(text: str, rows: int, mode: BigTextMode) -> None:
    drawn = render_rows(text, rows, mode)
    assert len(drawn) == rows
    assert len({cell_len(row) for row in drawn}) == 1
    assert set("".join(drawn)) <= set(GLYPHS[mode])


def test_han_in_too_few_dots_is_written_and_digits_are_still_drawn() -> None:
    assert render_rows("空闲", 5, HALF) == ("    ", "    ", "空闲", "    ", "    ")
    assert set("".join(render_rows("空闲", 5, SEXTANT))) <= set(GLYPHS[SEXTANT])
    assert set("".join(render_rows("A012", 3, HALF))) <= set(GLYPHS[HALF])


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.sampled_from("A012B9请到3号窗口办理gj，。 -"), max_size=9),
    rows=st.integers(1, 9),
    mode=st.sampled_from(BigTextMode),
    limit=st.integers(0, 60),
    bold=st.booleans(),
)
def test_the_text_is_never_wider_than_its_place(
    text: str, rows: int, mode: BigTextMode, limit: int, bold: bool
) -> None:
    drawn = render_rows(text, rows, mode, bold=bold, max_cells=limit)
    assert len(drawn) == rows
    widths = {cell_len(row) for row in drawn}
    assert len(widths) == 1
    assert widths.pop() <= limit


def test_a_text_that_fits_is_drawn_the_same_with_and_without_a_limit() -> None:
    free = render_rows("A012", 6)
    assert render_rows("A012", 6, max_cells=cell_len(free[0])) == free


def test_a_text_one_cell_too_wide_is_condensed_before_it_is_made_lower() -> None:
    free = render_rows("A012", 6)
    tight = render_rows("A012", 6, max_cells=cell_len(free[0]) - 1)
    assert tight[0].strip() and tight[-1].strip()


def test_a_much_narrower_place_makes_the_text_lower_and_keeps_it_in_the_middle() -> None:
    drawn = render_rows("A012", 8, max_cells=24)
    assert not drawn[0].strip() and not drawn[-1].strip()
    assert any(row.strip() for row in drawn[2:6])


def test_where_big_han_could_not_be_read_plain_text_is_written() -> None:
    drawn = render_rows("请到3号窗口", 6, max_cells=14)
    assert [row.strip() for row in drawn if row.strip()] == ["请到3号窗口"]


def test_plain_text_that_does_not_fit_either_is_cut_with_an_ellipsis() -> None:
    drawn = render_rows("请到3号窗口", 3, max_cells=6)
    assert drawn == (" " * 6, "请到3…", " " * 6)


def test_capitals_and_digits_fill_the_whole_height() -> None:
    drawn = render_rows("A012", 6)
    assert drawn[0].strip() and drawn[-1].strip()


def test_equal_digits_look_equal_wherever_they_stand() -> None:
    single = render_rows("00", 8)
    half = len(single[0]) // 2
    zero = render_rows("0", 8)
    dot_rows = [row.rstrip() for row in zero]
    assert all(row.startswith(expected) for row, expected in zip(single, dot_rows, strict=True))
    assert render_rows("0000", 8)[0].startswith(single[0][:half])


def test_bold_has_more_ink_than_regular() -> None:
    def ink(bold: bool) -> int:
        drawn = "".join(render_rows("A012", 8, HALF, bold=bold))
        return 2 * drawn.count("█") + drawn.count("▀") + drawn.count("▄")

    assert ink(True) > 1.2 * ink(False)


def test_different_numbers_look_different_at_the_smallest_recommended_size() -> None:
    drawings = {render_rows(digit, 5, mode) for digit in "0123456789" for mode in BigTextMode}
    assert len(drawings) == 20


def test_higher_cells_draw_characters_wider() -> None:
    assert len(render_rows("A012", 6, cell_aspect=3.0)[0]) > 1.3 * len(render_rows("A012", 6)[0])


@pytest.mark.parametrize(("rows", "limit"), [(0, 10), (3, -1)])
def test_an_impossible_place_is_an_error(rows: int, limit: int) -> None:
    with pytest.raises(ValueError, match="draw nothing"):
        render_rows("A", rows, max_cells=limit)


def test_an_app_without_big_text_does_not_load_pillow() -> None:
    code = "import sys, hallkiosk.chrome, hallkiosk.idle, hallkiosk.bigtext; print('PIL' in sys.modules)"
    seen = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert seen.stdout.strip() == "False"


class Board(HallApp[None]):
    CSS = "#called { width: 1fr; text-align: center; }"

    def compose(self) -> ComposeResult:
        yield BigText("A012", rows=5, id="number")
        yield BigText("3号窗口", rows=6, mode=HALF, id="called")


async def test_the_widget_takes_its_rows_and_no_more_than_the_screen() -> None:
    app = Board()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        number = app.query_one("#number", BigText)
        assert number.size == (cell_len(render_rows("A012", 5)[0]), 5)
        number.set_text("请A012号到3号窗口办理业务")
        await pilot.pause()
        assert number.size.width <= 80 and number.size.height == 5


async def test_the_widget_shows_the_drawn_rows_centred() -> None:
    app = Board()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        called = app.query_one("#called", BigText)
        drawn = render_rows("3号窗口", 6, HALF, max_cells=80)
        margin = (80 - cell_len(drawn[0])) // 2
        shown = [called.render_line(y).text for y in range(6)]
        assert shown == [(" " * margin + row).ljust(80) for row in drawn]


async def test_a_new_text_replaces_the_old_one() -> None:
    app = Board()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        number = app.query_one("#number", BigText)
        number.set_text("B007")
        await pilot.pause()
        assert number.text == "B007"
        assert number.render_line(2).text.rstrip() == render_rows("B007", 5)[2].rstrip()

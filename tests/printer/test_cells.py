import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallprinter.cells import clean, text_width, wrap, wrap_balanced

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
MARKS = st.sampled_from("，。、）：；！？”》（《“…—·℃①")
TICKET_TEXT = st.text(st.one_of(HAN, HAN, ASCII, MARKS), max_size=80)
ANY_TEXT = st.text(max_size=60)
PAPER_COLUMNS = st.sampled_from([16, 21, 24, 32, 42, 48])


def gbk_cells(text: str) -> int:
    """The width as the printer counts it: one cell a byte."""
    return len(text.encode("gbk"))


def inked(text: str) -> str:
    return text.replace(" ", "")


@given(TICKET_TEXT, PAPER_COLUMNS)
def test_no_line_is_wider_than_the_paper(text: str, columns: int) -> None:
    assert all(gbk_cells(line) <= columns for line in wrap(text, columns))


@given(TICKET_TEXT, PAPER_COLUMNS)
def test_wrapping_loses_nothing_but_spaces(text: str, columns: int) -> None:
    assert inked("".join(wrap(text, columns))) == inked(text)


@given(ANY_TEXT, PAPER_COLUMNS)
def test_any_unicode_at_all_can_be_wrapped(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(text_width(line) <= columns for line in lines)
    assert inked("".join(lines)) == inked(clean(text))


@given(TICKET_TEXT, PAPER_COLUMNS)
def test_balanced_lines_are_as_few_and_hold_the_same(text: str, columns: int) -> None:
    balanced = wrap_balanced(text, columns)
    assert len(balanced) <= len(wrap(text, columns))
    assert all(gbk_cells(line) <= columns for line in balanced)
    assert inked("".join(balanced)) == inked(text)


@given(
    st.lists(st.tuples(HAN, HAN, st.sampled_from("，。、）：；！？”》")), min_size=1, max_size=20),
    PAPER_COLUMNS,
)
def test_no_line_begins_with_a_closing_mark(groups: list[tuple[str, str, str]], columns: int) -> None:
    lines = wrap("".join("".join(group) for group in groups), columns)
    assert not any(line[0] in "，。、）：；！？”》" for line in lines)


@given(st.lists(st.tuples(st.sampled_from("（《“"), HAN, HAN), min_size=1, max_size=20), PAPER_COLUMNS)
def test_no_line_ends_with_an_opening_mark(groups: list[tuple[str, str, str]], columns: int) -> None:
    lines = wrap("".join("".join(group) for group in groups), columns)
    assert not any(line[-1] in "（《“" for line in lines)


def test_sixteen_han_fill_a_58_mm_line() -> None:
    assert wrap("一" * 17, 32) == ("一" * 16, "一")


@pytest.mark.parametrize(("columns", "lengths"), [(32, [16, 9]), (42, [21, 4]), (48, [24, 1])])
def test_each_paper_takes_its_own_count_of_han(columns: int, lengths: list[int]) -> None:
    assert [len(line) for line in wrap("汉" * 25, columns)] == lengths


def test_a_han_character_is_never_split_at_an_odd_edge() -> None:
    assert wrap("A汉汉", 4) == ("A汉", "汉")


def test_an_ascii_word_stays_whole() -> None:
    assert wrap("办理时间2026-03-02上午", 16) == ("办理时间", "2026-03-02上午")


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert wrap("https://hall.example/t/K7Q2M9XW4T8ZB3RC", 16) == (
        "https://hall.exa",
        "mple/t/K7Q2M9XW4",
        "T8ZB3RC",
    )


def test_spaces_at_a_break_vanish() -> None:
    assert wrap("one two", 4) == ("one", "two")


@pytest.mark.parametrize("mark", "·“”…—─℃①×")
def test_marks_that_are_narrow_on_a_screen_take_two_cells_on_paper(mark: str) -> None:
    assert text_width(mark) == 2


def test_a_rare_character_takes_two_cells() -> None:
    assert text_width("𠮷㐂鿏") == 6


def test_a_heading_does_not_end_in_a_lone_character() -> None:
    assert wrap_balanced("同心县丁塘镇民生服务中心", 22) == ("同心县丁塘镇", "民生服务中心")


def test_nothing_to_print_gives_no_lines() -> None:
    assert wrap("  ", 32) == ()


def test_a_line_too_narrow_for_one_han_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two cells"):
        wrap("汉", 1)


def test_control_characters_never_reach_the_paper() -> None:
    assert clean("张\x1b@三\x10\x04\x01\x00") == "张@三"


def test_invisible_characters_take_no_cells() -> None:
    assert clean("张\u200b三\ufe0f\U000e0100\ufeff") == "张三"


def test_the_yen_sign_becomes_the_one_that_gbk_has() -> None:
    assert clean("\u00a512") == "￥12"

"""What a device's block says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hallkiosk.deck.devicewords import Line, head, lines, needs_care, since
from hallkiosk.wording import Text, Words
from hallkiosk.wording.deck import TEXTS
from hallqueue.views import DeviceView

WORDS = Words(TEXTS)
NOTHING = Text("")
READER = Text("读卡器", "ID-card reader")
NINE = 1_772_413_443_000
"""2026-03-02 09:04:03 in China."""
HOUR = 3_600_000
REMEDY = "看读卡器电源灯，拔下接线十秒再插"


def view(state: str, code: str = "", what: str = "", remedy: str = "", en: str = "") -> DeviceView:
    return DeviceView(
        device="idcard",
        kind="idcard",
        state=state,
        code=code,
        who="clerk",
        what_zh=what,
        remedy_zh=remedy,
        what_en=en,
        since_ms=NINE,
    )


SILENT = view("offline", "I-01", "身份证读卡器没有应答", REMEDY, "the reader does not answer")


@pytest.mark.parametrize(
    ("state", "words", "colour", "is_troubled"),
    [
        ("online", "正常 online", "hall-good", False),
        ("busy", "使用中 busy", "hall-number", False),
        ("unknown", "不明 unknown", "hall-hint", False),
        ("offline", "无应答 no answer", "hall-fault", True),
        ("absent", "未找到 not found", "hall-fault", True),
        ("fault", "故障 fault", "hall-fault", True),
        ("melted", "melted", "hall-fault", True),
    ],
)
def test_a_state_has_words_and_a_colour(state, words, colour, is_troubled) -> None:
    row = head(WORDS, READER, view(state), "", 78)
    assert row.plain.startswith(" 读卡器 ID-card reader ")
    assert row.plain.rstrip().endswith(words)
    assert colour in {str(span.style).split("$")[-1] for span in row.spans}
    assert needs_care(view(state)) is is_troubled


def test_a_device_that_was_not_reported_is_unknown_and_no_trouble() -> None:
    assert "不明 unknown" in head(WORDS, READER, None, "", 46).plain
    assert not needs_care(None)


def test_since_when_is_told_in_the_halls_own_time() -> None:
    assert since(view("online"), 480, NINE + HOUR) == "09:04:03"
    assert "09:04:03起" in head(WORDS, READER, view("online"), "09:04:03", 60).plain


def test_a_state_of_another_day_names_the_day() -> None:
    assert since(view("online"), 480, NINE + 24 * HOUR) == "03-02 09:04"


@given(
    title=st.builds(Text, st.text("读卡器ab", max_size=40), st.text("ID ", max_size=60)),
    width=st.integers(46, 200),
)
def test_a_head_is_never_wider_than_its_block_and_always_tells_the_state(title, width) -> None:
    row = head(WORDS, title, SILENT, "09:04:03", width).plain
    assert cell_len(row) <= width
    assert "无应答" in row


def said(device, reading=NOTHING, doing=(), width=58, rows=4) -> list[str]:
    return [line.text for line in lines(WORDS, device, reading, doing, width, rows)]


def test_a_fault_comes_with_its_code_and_what_to_do_and_english_last() -> None:
    assert said(SILENT, Text("张*", "read"), width=78) == [
        f"I-01 身份证读卡器没有应答。{REMEDY}",
        "张* read",
        "the reader does not answer",
    ]


def test_a_warning_of_a_device_that_works_is_no_fault() -> None:
    low = view("online", "P-07", "打印纸快用完", "准备一卷新纸")
    assert lines(WORDS, low, NOTHING, (), 58, 2) == (Line("P-07 打印纸快用完。准备一卷新纸", "$hall-number"),)


def test_what_is_under_way_stands_first() -> None:
    assert said(None, doing=(Text("放身份证", "lay a card"),))[0] == "放身份证：进行中 lay a card: under way"


def test_a_device_that_read_nothing_says_so() -> None:
    assert said(view("online")) == ["还没有内容 nothing yet"]


def test_a_reading_that_is_too_long_is_cut_visibly() -> None:
    shown = said(view("online"), Text("码" * 300), rows=2)
    assert len(shown) == 2
    assert shown[1].endswith("…")


def test_a_paragraph_that_found_no_room_does_not_mark_the_one_before_it() -> None:
    assert said(SILENT, Text("张*"), width=78, rows=2)[-1] == "张*"


def test_control_characters_of_a_hostile_code_are_not_shown() -> None:
    assert said(view("online"), Text("AB\x1b[2J\u202eC\x07")) == ["AB[2JC"]


@given(reading=st.builds(Text, st.text(max_size=200), st.text(max_size=50)), rows=st.integers(2, 4))
def test_whatever_is_read_stays_inside_the_block(reading, rows) -> None:
    for device in (None, SILENT):
        shown = said(device, reading, rows=rows)
        assert 0 < len(shown) <= rows
        assert all(cell_len(line) <= 58 for line in shown)

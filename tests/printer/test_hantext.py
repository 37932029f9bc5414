import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallprinter.hantext import encode_strictly, line_bytes, size_bytes
from hallprinter.profile import TextEncoding

CODED = [TextEncoding.GB18030, TextEncoding.GBK, TextEncoding.GB2312]


def whole_gbk() -> list[tuple[str, bytes]]:
    """Every two-byte code that stands for a character, from the code's own ranges."""
    pairs = []
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            code = bytes((lead, trail))
            try:
                pairs.append((code.decode("gbk"), code))
            except UnicodeDecodeError:
                continue
    return pairs


def test_every_gbk_character_is_its_two_bytes() -> None:
    pairs = whole_gbk()
    assert len(pairs) > 21_000
    assert [char for char, code in pairs if encode_strictly(char, TextEncoding.GBK) != code] == []


@pytest.mark.parametrize("encoding", CODED)
@pytest.mark.parametrize("char", ["𠮷", "㐂", "鿏", "é́", "😀", "\ue000", "\u00a5"])
def test_what_has_no_two_byte_form_is_not_written(char: str, encoding: TextEncoding) -> None:
    assert encode_strictly(f"吴{char}", encoding) is None


@given(st.text(max_size=40), st.sampled_from(CODED))
def test_text_is_written_exactly_or_not_at_all(text: str, encoding: TextEncoding) -> None:
    coded = encode_strictly(text, encoding)
    assert coded is None or coded.decode("gb18030") == text


@given(st.text(max_size=40), st.sampled_from(CODED))
def test_written_text_holds_no_control_byte(text: str, encoding: TextEncoding) -> None:
    coded = encode_strictly(text, encoding)
    assert coded is None or all(byte >= 0x20 and byte != 0x7F for byte in coded)


@pytest.mark.parametrize("char", "·—〇㎡镕")
def test_gb2312_lacks_what_gbk_has(char: str) -> None:
    assert encode_strictly(char, TextEncoding.GBK) is not None
    assert encode_strictly(char, TextEncoding.GB2312) is None


def test_a_printer_without_han_gets_no_text() -> None:
    assert encode_strictly("A012", TextEncoding.RASTER_ONLY) is None


def test_a_short_chinese_line_byte_by_byte() -> None:
    # FS &, 号, A, ：, ￥, line feed.
    assert line_bytes("号A：￥", TextEncoding.GBK) == bytes.fromhex("1c26 bac5 41 a3ba a3a4 0a")


def test_punctuation_without_han_is_sent_in_kanji_mode() -> None:
    assert line_bytes("（，。）", TextEncoding.GBK) == bytes.fromhex("1c26 a3a8 a3ac a1a3 a3a9 0a")


def test_a_plain_ascii_line_needs_no_mode() -> None:
    assert line_bytes("A012", TextEncoding.GBK) == b"A012\n"


def test_double_size_is_set_by_both_commands_and_taken_back() -> None:
    assert line_bytes("号", TextEncoding.GBK, 2) == bytes.fromhex("1c210c 1d2111 1c26 bac5 0a 1c2100 1d2100")


def test_the_largest_size_is_eight() -> None:
    assert size_bytes(8) == bytes.fromhex("1c210c 1d2177")
    with pytest.raises(ValueError, match="not 9"):
        size_bytes(9)

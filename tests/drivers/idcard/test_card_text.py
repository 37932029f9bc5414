"""What a card says: the four layouts, and every pitfall that open code fell into."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.idcard.cardtext import (
    decode_addresses,
    decode_base,
    decode_name_and_number,
    decode_number,
    decode_text,
)
from halldrivers.idcard.errors import TextUnreadable
from halldrivers.idcard.ethnic import NAMES, ethnic_name
from halldrivers.idcard.record import CardKind, CardRecord, Sex, Validity
from halldrivers.idcard.simcards import CARDS, FOREIGN_2017, FOREIGN_2023, PERMIT, RESIDENT, SimCard

PHOTO = b"\xc5PHOTO" * 200


def base_body(card: SimCard, prints: bytes | None = None) -> bytes:
    """The body of an answer, as facts/id-card.md 1.5 gives its sizes."""
    head = len(card.text).to_bytes(2, "big") + len(card.photo).to_bytes(2, "big")
    if prints is not None:
        head += len(prints).to_bytes(2, "big")
    return head + card.text + card.photo + (prints or b"")


def read(card: SimCard) -> CardRecord:
    return decode_base(base_body(card))


def test_a_resident_card_is_read() -> None:
    record = read(RESIDENT)
    assert record.kind is CardKind.RESIDENT and record.kind.zh == "居民身份证"
    assert record.name.reveal() == "测试一"
    assert record.sex is Sex.MALE
    assert (record.ethnicity_code, record.ethnicity) == ("03", "回")
    assert record.birth == date(1949, 12, 31)
    assert record.address.reveal() == "宁夏同心县测试乡样例村1号"
    assert record.number.reveal() == "11010519491231002X"
    assert record.issuer == "同心县公安局"
    assert record.validity == Validity(date(2020, 1, 1), None, is_long_term=True)
    assert not record.latin_name and not record.pass_number and not record.nationality


def test_a_residence_permit_of_hong_kong_macao_or_taiwan_is_read() -> None:
    record = read(PERMIT)
    assert record.kind is CardKind.HK_MACAO_TAIWAN and record.kind.zh == "港澳台居民居住证"
    assert record.name.reveal() == "测试二"
    assert record.sex is Sex.FEMALE
    assert record.ethnicity == ""
    assert record.birth == date(1900, 1, 1)
    assert record.address.reveal() == "宁夏吴忠市测试路2号"
    assert record.number.reveal() == "810000190001010026"
    assert record.issuer == "吴忠市公安局"
    assert record.validity == Validity(date(2020, 1, 1), date(2025, 1, 1))
    assert (record.pass_number.reveal(), record.issue_count) == ("H00000000", "01")


def test_a_foreigner_s_card_of_2017_is_read() -> None:
    record = read(FOREIGN_2017)
    assert record.kind is CardKind.FOREIGN_2017 and record.kind.zh == "外国人永久居留身份证"
    assert record.name.reveal() == "测试三"
    assert record.latin_name.reveal() == "TEST, SAMPLE ONE"
    assert record.sex is Sex.MALE
    assert record.birth == date(1900, 1, 1)
    assert record.number.reveal() == "XXX000000000000"
    assert record.nationality == "USA"
    assert record.validity == Validity(date(2018, 1, 1), date(2028, 1, 1))
    assert (record.card_version, record.authority) == ("01", "1500")


def test_a_foreigner_s_card_of_2023_is_read() -> None:
    record = read(FOREIGN_2023)
    assert record.kind is CardKind.FOREIGN_2023 and record.kind.zh == "外国人永久居留身份证"
    assert record.name.reveal() == "测试四"
    assert record.latin_name.reveal() == "TEST, SAMPLE TWO"
    assert record.sex is Sex.FEMALE
    assert record.birth == date(1900, 1, 1)
    assert record.number.reveal() == "911840190001010025"
    assert record.nationality == "840"
    assert record.validity == Validity(date(2023, 12, 1), date(2033, 12, 1))
    assert (record.issue_count, record.former_number_link) == ("00", "")


@pytest.mark.parametrize("flag", [" ", "\0", "A", "i", "1", "\ufffd"])
def test_any_other_flag_is_a_resident_card(flag: str) -> None:
    assert read(RESIDENT.with_text_at(248, 2, flag)).kind is CardKind.RESIDENT


# --- the table "decoding pitfalls" of facts/id-card.md 1.8, row by row


def test_pitfall_a_long_term_card_is_no_error() -> None:
    assert read(RESIDENT).validity.is_long_term and read(RESIDENT).validity.end is None


def test_pitfall_the_birth_date_of_a_foreigner_s_card_stands_elsewhere() -> None:
    card = FOREIGN_2017.with_text_at(220, 16, "19640229")
    assert read(card).birth == date(1964, 2, 29)


def test_pitfall_a_name_is_not_cut_at_its_first_space() -> None:
    assert read(FOREIGN_2017).latin_name.reveal() == "TEST, SAMPLE ONE"
    assert read(RESIDENT.with_text_at(52, 70, "测试路 2号 3单元")).address.reveal() == "测试路 2号 3单元"


@pytest.mark.parametrize(
    ("code", "sex", "zh"),
    [
        ("0", Sex.UNKNOWN, "未知"),
        ("1", Sex.MALE, "男"),
        ("2", Sex.FEMALE, "女"),
        ("9", Sex.UNSTATED, "未说明"),
        ("7", Sex.UNKNOWN, "未知"),
        ("", Sex.UNKNOWN, "未知"),
    ],
)
def test_pitfall_not_male_is_not_female(code: str, sex: Sex, zh: str) -> None:
    record = read(RESIDENT.with_text_at(30, 2, code))
    assert record.sex is sex and record.sex.zh == zh


@pytest.mark.parametrize("prints", [b"", b"\x01" * 512, b"\x01" * 1024])
def test_pitfall_an_answer_with_fingerprints_is_longer_and_is_read(prints: bytes) -> None:
    body = base_body(RESIDENT, prints)
    assert len(body) + 11 in (1297, 1809, 2321)
    assert decode_base(body) == read(RESIDENT)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("00", "其他(00)"),
        ("57", "其他(57)"),
        ("97", "其他"),
        ("98", "外国血统中国籍人士"),
        ("9", "其他(9)"),
        ("٠٣", "其他(٠٣)"),
        ("", ""),
    ],
)
def test_pitfall_an_ethnicity_code_out_of_range_is_shown_and_does_not_fail(code: str, name: str) -> None:
    assert ethnic_name(code) == name
    assert read(RESIDENT.with_text_at(32, 4, code)).ethnicity == name


# (Comparing answers with constants: test_sequence.py. The status command: test_sam_frames.py.)


def test_all_ethnic_groups_have_their_code() -> None:
    assert len(NAMES) == 56
    assert [ethnic_name(code) for code in ("01", "03", "05", "24", "37", "56")] == [
        "汉", "回", "维吾尔", "拉祜", "仡佬", "基诺",
    ]  # fmt: skip


# --- what only shows with unusual cards


def test_sizes_come_from_the_answer() -> None:
    card = RESIDENT.with_photo(PHOTO[:700])
    assert decode_base(base_body(card)) == read(RESIDENT)


def test_a_text_of_another_size_is_cut_by_its_size() -> None:
    text = RESIDENT.text[:240]
    body = len(text).to_bytes(2, "big") + b"\x00\x10" + text + bytes(16)
    assert decode_base(body) == read(RESIDENT)


def test_a_text_padded_with_nuls_is_the_same_text() -> None:
    text = RESIDENT.text.replace("  ".encode("utf-16-le"), b"\0\0\0\0")
    assert text != RESIDENT.text
    assert decode_text(text) == read(RESIDENT)


def test_only_what_stands_at_the_end_is_padding() -> None:
    assert read(RESIDENT.with_text_at(52, 70, " 测试路\u3000")).address.reveal() == " 测试路\u3000"


def test_private_use_characters_of_a_rare_name_are_kept() -> None:
    assert read(RESIDENT.with_text_at(0, 30, "测\ue863\uf8ff")).name.reveal() == "测\ue863\uf8ff"


def test_a_character_of_two_units_does_not_move_the_slots_behind_it() -> None:
    record = read(RESIDENT.with_text_at(0, 30, "测\U00020000"))
    assert record.name.reveal() == "测\U00020000"
    assert (record.sex, record.number.reveal()) == (Sex.MALE, "11010519491231002X")


def test_half_a_character_becomes_a_replacement_character() -> None:
    text = b"\x00\xd8" + RESIDENT.text[2:]
    assert decode_text(text).name.reveal() == "\ufffd试一"


def test_a_middle_dot_in_a_name_is_kept() -> None:
    assert read(RESIDENT.with_text_at(0, 30, "测试·样例")).name.reveal() == "测试·样例"


def test_a_long_latin_name_goes_on_in_its_second_slot_and_keeps_a_space_at_the_border() -> None:
    first, second = "A" * 34 + " ", "BCDEFGHIJKL"
    card = FOREIGN_2023.with_text_at(52, 70, first).with_text_at(220, 22, second)
    assert read(card).latin_name.reveal() == first + second


@pytest.mark.parametrize(("card", "at"), [(FOREIGN_2017, 158), (FOREIGN_2023, 0)])
def test_a_foreigner_without_a_chinese_name_is_named_in_latin(card: SimCard, at: int) -> None:
    record = read(card.with_text_at(at, 30, ""))
    assert record.name == record.latin_name
    assert record.name.reveal().startswith("TEST, SAMPLE")


@pytest.mark.parametrize("text", ["00000000", "19900230", "1990 101", "", "２０２００１０１"])
def test_a_date_that_is_none_is_unknown(text: str) -> None:
    card = RESIDENT.with_text_at(36, 16, text).with_text_at(188, 16, text).with_text_at(204, 16, text)
    assert read(card).birth is None
    assert read(card).validity == Validity()


def test_appended_addresses_are_one_to_four_lines() -> None:
    card = RESIDENT.with_addresses("宁夏同心县 新村2号", "", "宁夏同心县测试路3号")
    lines = decode_addresses(b"".join(card.addresses))
    assert [line.reveal() for line in lines] == ["宁夏同心县 新村2号", "宁夏同心县测试路3号"]
    assert decode_addresses(b"") == ()


@pytest.mark.parametrize("size", [1, 69, 71, 350])
def test_appended_addresses_of_another_size_are_refused(size: int) -> None:
    with pytest.raises(TextUnreadable, match=f"I-08 .*: {size} bytes of addresses"):
        decode_addresses(bytes(size))


@pytest.mark.parametrize("head", ["01000000", "01000400", "0100", ""])
def test_a_text_without_photo_is_read_whatever_sizes_stand_before_it(head: str) -> None:
    assert decode_base(bytes.fromhex(head) + RESIDENT.text) == read(RESIDENT)


@pytest.mark.parametrize("name", CARDS)
def test_number_alone_or_with_the_name_makes_a_record_of_that(name: str) -> None:
    whole, text = read(CARDS[name]), CARDS[name].text
    number = decode_number(text[122:158])
    assert (number.kind, number.number, bool(number.name)) == (whole.kind, whole.number, False)
    both = decode_name_and_number(text[0:30] + text[122:158])
    assert (both.kind, both.number) == (whole.kind, whole.number)
    assert str(both.name) == ("T***" if name == "foreign-2017" else "测**")


@pytest.mark.parametrize("after", ["USA", "   ", "\0\0\0"])
def test_the_country_behind_a_foreigner_s_number_of_2017_is_no_part_of_it(after: str) -> None:
    record = decode_number(f"XXX000000000000{after}".encode("utf-16-le"))
    assert record.kind is CardKind.FOREIGN_2017
    assert record.number.reveal() == "XXX000000000000" and record.masked_number == "XXX********0000"


@pytest.mark.parametrize("size", [0, 1, 2, 35, 219, 255, 257, 1283])
def test_a_body_that_fits_no_form_is_refused_with_its_sizes_only(size: int) -> None:
    body = base_body(RESIDENT)[:size]
    with pytest.raises(TextUnreadable) as caught:
        decode_base(body)
    assert "测" not in str(caught.value) and str(size) in str(caught.value)


def test_other_parts_of_the_wrong_size_are_refused() -> None:
    with pytest.raises(TextUnreadable):
        decode_number(bytes(18))
    with pytest.raises(TextUnreadable):
        decode_name_and_number(bytes(36))
    with pytest.raises(TextUnreadable):
        decode_text(bytes(219))


@pytest.mark.parametrize("name", CARDS)
def test_no_byte_of_photo_or_fingerprint_leaves_the_decoder(name: str) -> None:
    card = CARDS[name].with_photo(PHOTO)
    record = decode_base(base_body(card, b"\xf1NGER" * 100))
    values = [getattr(record, field) for field in CardRecord.__slots__]
    texts = [value.reveal() if hasattr(value, "reveal") else str(value) for value in values]
    assert not any(isinstance(value, bytes | bytearray | memoryview) for value in values)
    assert not any("PHOTO" in text or "NGER" in text for text in texts)
    assert record == read(CARDS[name])


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=600), st.sampled_from(["0100", "01000400", "010004000200", "00DC0000", ""]))
def test_no_body_raises_anything_but_the_codec_s_own_error(rest: bytes, head: str) -> None:
    body = bytes.fromhex(head) + rest
    for decode in (decode_base, decode_text, decode_addresses, decode_number, decode_name_and_number):
        try:
            repr(decode(body))
        except TextUnreadable:
            pass


@settings(deadline=None, max_examples=200)
@given(st.binary(min_size=256, max_size=256), st.sampled_from("IJY "))
def test_any_256_bytes_are_some_card(text: bytes, flag: str) -> None:
    text = text[:248] + flag.encode("utf-16-le") + text[250:]
    record = decode_text(text)
    assert record.kind.value in (flag, "resident")
    assert str(record.number) in repr(record)

"""Identity numbers: the vectors of facts/id-card.md 1.12, and what people type."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.idcard.idnumber import (
    BadIdNumber,
    NumberFault,
    NumberKind,
    check_char,
    check_char_recursive,
    normalise,
    parse_number,
    upgrade,
)

TODAY = date(2026, 1, 15)


def fault_of(text: str) -> NumberFault:
    with pytest.raises(BadIdNumber) as caught:
        parse_number(text, TODAY)
    return caught.value.fault


@pytest.mark.parametrize(
    ("text", "birth", "is_male"),
    [
        ("11010519491231002X", date(1949, 12, 31), False),  # the standard's own example
        ("440524188001010014", date(1880, 1, 1), True),  # as above
        ("53010219200508011X", date(1920, 5, 8), True),
        ("640324190001010013", date(1900, 1, 1), True),
        ("640324190001010021", date(1900, 1, 1), False),
        ("640324188002290018", date(1880, 2, 29), True),
    ],
)
def test_a_citizen_s_number_says_birth_and_sex(text: str, birth: date, is_male: bool) -> None:
    number = parse_number(text, TODAY)
    assert (number.kind, number.birth, number.is_male) == (NumberKind.CITIZEN, birth, is_male)
    assert number.number.reveal() == text


@pytest.mark.parametrize("text", ["810000190001010018", "820000190001010028", "830000190001010038"])
def test_numbers_of_hong_kong_macao_and_taiwan_are_told_apart(text: str) -> None:
    number = parse_number(text, TODAY)
    assert (number.kind, number.birth) == (NumberKind.HK_MACAO_TAIWAN, date(1900, 1, 1))


def test_a_foreigner_s_number_of_2023_begins_with_9() -> None:
    number = parse_number("911840190001010025", TODAY)
    assert (number.kind, number.birth, number.is_male) == (NumberKind.FOREIGN_2023, date(1900, 1, 1), False)


def test_a_foreigner_s_number_of_2017_has_letters_and_says_nothing_more() -> None:
    number = parse_number("xxx000000000000", TODAY)
    assert (number.kind, number.birth, number.is_male) == (NumberKind.FOREIGN_2017, None, None)
    assert number.number.reveal() == "XXX000000000000"


def test_a_first_generation_number_is_checked_as_its_long_form() -> None:
    number = parse_number("110105491231002", TODAY)
    assert (number.kind, number.birth) == (NumberKind.FIRST_GENERATION, date(1949, 12, 31))
    assert upgrade("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    ["110105194912310021", "440524189001010014", "11020519491231002X", "11010219840506970X"],
)
def test_a_wrong_check_character_is_refused(text: str) -> None:
    assert fault_of(text) is NumberFault.CHECK


@pytest.mark.parametrize("day", ["19900230", "19901301", "19900100", "00000000", "17991231"])
def test_a_birth_date_that_cannot_be_is_refused(day: str) -> None:
    first17 = f"640324{day}001"
    assert fault_of(first17 + check_char(first17)) is NumberFault.BIRTH


def test_a_birth_date_in_the_future_is_refused_and_today_is_not() -> None:
    tomorrow, today = "64032420260116001", "64032420260115001"
    assert fault_of(tomorrow + check_char(tomorrow)) is NumberFault.BIRTH
    assert parse_number(today + check_char(today), TODAY).birth == TODAY


@pytest.mark.parametrize("text", ["110105194912310 02X", "110105 19491231 002X", "1101051949\u30001231002X"])
def test_spaces_inside_are_refused_as_such(text: str) -> None:
    assert fault_of(text) is NumberFault.SPACES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11010519491231002",
        "11010519491231002A",
        "11010519491231002XX",
        "01010519491231002X",
        "1101051949123100XX",
        "XX0000000000000",
        "910105491231002",
        "11010519491231002²",
        "１１０１０５１９４９１２３１００２Ａ",
    ],
)
def test_a_wrong_form_is_refused(text: str) -> None:
    assert fault_of(text) is NumberFault.FORM


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 11010519491231002X\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
    ],
)
def test_small_x_full_width_digits_and_outer_spaces_are_normalised(text: str) -> None:
    assert normalise(text) == "11010519491231002X"
    assert parse_number(text, TODAY).number.reveal() == "11010519491231002X"


def test_no_error_and_no_repr_shows_the_number() -> None:
    with pytest.raises(
        BadIdNumber, match=r"not an identity number: check \(号码校验不符，请核对\)"
    ) as caught:
        parse_number("110105194912310021", TODAY)
    assert "1949" not in f"{caught.value!r} {caught.value.args}"
    assert repr(parse_number("11010519491231002X", TODAY)) == "<IdNumber citizen 1101**********002X>"


def test_every_fault_has_words_for_a_clerk() -> None:
    assert all(fault.zh for fault in NumberFault)


@given(st.text("0123456789", min_size=17, max_size=17))
def test_both_methods_of_the_check_character_agree(first17: str) -> None:
    assert check_char(first17) == check_char_recursive(first17)


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first17: str, at: int, by: int) -> None:
    wrong = f"{first17[:at]}{(int(first17[at]) + by) % 10}{first17[at + 1 :]}"
    assert check_char(wrong) != check_char(first17)


@given(st.text(max_size=25))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        parse_number(text, TODAY)
    except BadIdNumber as error:
        assert error.fault in NumberFault

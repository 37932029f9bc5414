"""What the hall makes of a card: a hash, an age, hints."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import date

import pytest

from halldrivers.idcard.cardtext import decode_number, decode_text
from halldrivers.idcard.person import (
    CardValidity,
    Hints,
    age_on,
    hints_for,
    person_hash,
    validity_on,
)
from halldrivers.idcard.record import Validity
from halldrivers.idcard.simcards import FOREIGN_2017, PERMIT, RESIDENT

NUMBER = "11010519491231002X"
KEY = bytes(range(32))
DAY = "2026-01-15"


def test_a_person_s_hash_is_an_hmac_over_day_and_number() -> None:
    expected = hmac.new(KEY, b"2026-01-15\n" + NUMBER.encode(), hashlib.sha256).hexdigest()
    assert person_hash(NUMBER, KEY, DAY) == expected
    assert len(expected) == 64 and NUMBER not in expected


def test_the_same_person_has_another_hash_tomorrow_and_in_another_hall() -> None:
    hashes = {
        person_hash(NUMBER, KEY, DAY),
        person_hash(NUMBER, KEY, "2026-01-16"),
        person_hash(NUMBER, bytes(32), DAY),
        person_hash("640324190001010013", KEY, DAY),
    }
    assert len(hashes) == 4


def test_the_same_number_written_otherwise_is_the_same_person() -> None:
    assert person_hash("11010519491231002x", KEY, DAY) == person_hash(NUMBER, KEY, DAY)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="the key has 15 bytes, at least 16 are needed"):
        person_hash(NUMBER, bytes(15), DAY)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1966, 1, 15), date(2026, 1, 14), 59),
        (date(1966, 1, 15), date(2026, 1, 15), 60),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (date(2026, 1, 15), date(2026, 1, 15), 0),
    ],
)
def test_age_is_in_full_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


@pytest.mark.parametrize(
    ("validity", "day", "word"),
    [
        (Validity(date(2020, 1, 1), date(2040, 1, 1)), date(2026, 1, 15), CardValidity.VALID),
        (Validity(date(2020, 1, 1), date(2026, 1, 15)), date(2026, 1, 15), CardValidity.EXPIRES_SOON),
        (Validity(date(2020, 1, 1), date(2026, 4, 15)), date(2026, 1, 15), CardValidity.EXPIRES_SOON),
        (Validity(date(2020, 1, 1), date(2026, 4, 16)), date(2026, 1, 15), CardValidity.VALID),
        (Validity(date(2020, 1, 1), date(2026, 1, 14)), date(2026, 1, 15), CardValidity.EXPIRED),
        (Validity(date(2026, 1, 16), date(2036, 1, 16)), date(2026, 1, 15), CardValidity.NOT_YET_VALID),
        (Validity(date(2020, 1, 1), None, is_long_term=True), date(2026, 1, 15), CardValidity.VALID),
        (Validity(date(2027, 1, 1), None, is_long_term=True), date(2026, 1, 15), CardValidity.NOT_YET_VALID),
        (Validity(), date(2026, 1, 15), CardValidity.UNKNOWN),
    ],
)
def test_a_card_s_validity_on_a_day(validity: Validity, day: date, word: CardValidity) -> None:
    assert validity_on(validity, day) is word


def test_an_old_citizen_may_be_offered_priority() -> None:
    assert hints_for(decode_text(RESIDENT.text), date(2026, 1, 15)) == Hints(
        76, False, True, CardValidity.VALID
    )


def test_the_age_of_priority_is_the_hall_s() -> None:
    record = replace(decode_text(RESIDENT.text), birth=date(1963, 1, 1))
    assert hints_for(record, date(2026, 1, 15)).is_elder
    assert not hints_for(record, date(2026, 1, 15), elder_from=65).is_elder


def test_a_child_needs_a_guardian_until_the_fourteenth_birthday() -> None:
    record = replace(decode_text(RESIDENT.text), birth=date(2012, 1, 15))
    assert hints_for(record, date(2026, 1, 14)).needs_guardian
    assert not hints_for(record, date(2026, 1, 15)).needs_guardian


def test_where_only_the_number_was_read_it_says_the_birth_date() -> None:
    number_only = decode_number(RESIDENT.text[122:158])
    assert hints_for(number_only, date(2026, 1, 15)).age == 76


def test_without_a_birth_date_nothing_is_suggested() -> None:
    record = replace(decode_text(FOREIGN_2017.text), birth=None)
    assert hints_for(record, date(2026, 1, 15)) == Hints(None, False, False, CardValidity.VALID)


def test_an_expired_card_is_told() -> None:
    assert hints_for(decode_text(PERMIT.text), date(2026, 1, 15)).validity is CardValidity.EXPIRED


def test_a_clock_that_is_wrong_makes_nobody_negative_years_old() -> None:
    assert hints_for(decode_text(RESIDENT.text), date(1940, 1, 1)).age is None

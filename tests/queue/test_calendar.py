"""Hours, and a business day that never runs backwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallqueue.plan import Calendar, Session
from hallqueue.rules.calendar import Hours, business_day, local_date, minutes, should_roll

AtMs = Callable[[str], int]

WEEK = Calendar(
    sessions=(Session((1, 2, 3, 4, 5), "09:00", "12:00"), Session((1, 2, 3, 4, 5), "14:00", "17:30")),
    holidays=("2026-10-01", "2026-10-02"),
    workdays=("2026-10-10",),
)
NIGHT = Calendar(sessions=(Session((6,), "20:00", "24:00"),))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-03-02 08:59", False),
        ("2026-03-02 09:00", True),
        ("2026-03-02 11:59", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 13:59", False),
        ("2026-03-02 14:00", True),
        ("2026-03-02 17:29", True),
        ("2026-03-02 17:30", False),
        ("2026-03-07 10:00", False),
        ("2026-10-01 10:00", False),
        ("2026-10-10 10:00", True),
    ],
)
def test_the_hall_is_open_in_its_sessions_and_nowhere_else(when: str, expected: bool, at_ms: AtMs) -> None:
    assert Hours(WEEK).is_open(at_ms(when)) is expected


@pytest.mark.parametrize(
    ("when", "left_s"),
    [
        ("2026-03-02 08:00", 6 * 3600 + 1800),
        ("2026-03-02 11:30", 1800 + 3 * 3600 + 1800),
        ("2026-03-02 12:30", 3 * 3600 + 1800),
        ("2026-03-02 17:29", 60),
        ("2026-03-02 17:30", 0),
        ("2026-03-08 10:00", 0),
    ],
)
def test_what_is_left_of_the_day_leaves_out_the_breaks(when: str, left_s: int, at_ms: AtMs) -> None:
    assert Hours(WEEK).left_s(at_ms(when)) == left_s


@given(st.integers(0, 86_399))
def test_every_second_that_is_left_is_one_in_which_the_hall_is_open(second: int) -> None:
    hours, midnight_ms = Hours(WEEK), 1_772_380_800_000  # 2026-03-02 in China
    opens = (s for s in range(second, 86_400) if 32_400 <= s < 43_200 or 50_400 <= s < 63_000)
    assert hours.left_s(midnight_ms + second * 1000) == sum(1 for _ in opens)


def test_a_session_until_24_00_lasts_to_the_last_minute(at_ms: AtMs) -> None:
    assert Hours(NIGHT).is_open(at_ms("2026-03-07 23:59"))
    assert not Hours(NIGHT).is_open(at_ms("2026-03-08 00:00"))


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        ("2026-03-02 08:00", "今天 09:00–12:00", "today 09:00–12:00"),
        ("2026-03-02 12:30", "今天 14:00–17:30", "today 14:00–17:30"),
        ("2026-03-02 18:00", "明天 09:00–12:00", "tomorrow 09:00–12:00"),
        ("2026-03-06 18:00", "3月9日（周一）09:00–12:00", "Mon 2026-03-09 09:00–12:00"),
        ("2026-09-30 18:00", "10月5日（周一）09:00–12:00", "Mon 2026-10-05 09:00–12:00"),
        ("2026-10-09 18:00", "明天 09:00–12:00", "tomorrow 09:00–12:00"),
    ],
)
def test_the_next_opening_is_said_as_a_person_would(when: str, zh: str, en: str, at_ms: AtMs) -> None:
    opening = Hours(WEEK).next_opening(at_ms(when))
    assert (opening.zh, opening.en) == (zh, en)


def test_the_next_opening_ends_at_the_last_ticket(at_ms: AtMs) -> None:
    assert Hours(WEEK).next_opening(at_ms("2026-03-02 12:30"), "16:00").zh == "今天 14:00–16:00"


def test_a_session_after_the_last_ticket_is_no_opening(at_ms: AtMs) -> None:
    assert Hours(WEEK).next_opening(at_ms("2026-03-02 12:30"), "11:30").zh == "明天 09:00–11:30"


def test_a_calendar_without_sessions_says_so_instead_of_searching_forever(at_ms: AtMs) -> None:
    assert Hours(Calendar(())).next_opening(at_ms("2026-03-02 12:30")).zh == "暂无安排，请看公告"


@pytest.mark.parametrize("text", ["24:01", "9:60", "x", "", "-1:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        minutes(text)


def test_the_date_is_that_of_china_not_of_utc(at_ms: AtMs) -> None:
    assert local_date(WEEK, at_ms("2026-03-02 00:30")) == "2026-03-02"


def test_the_first_day_is_whatever_the_clock_says(at_ms: AtMs) -> None:
    assert business_day(WEEK, at_ms("2026-03-02 09:00"), "", True) == ("2026-03-02", True)


def test_a_clock_that_fell_back_a_day_keeps_the_day_and_is_not_believed(at_ms: AtMs) -> None:
    assert business_day(WEEK, at_ms("2026-03-01 09:00"), "2026-03-02", True) == ("2026-03-02", False)


def test_a_clock_that_fell_back_ten_minutes_is_not_believed(at_ms: AtMs) -> None:
    now, last = at_ms("2026-03-02 09:00"), at_ms("2026-03-02 09:10")
    assert business_day(WEEK, now, "2026-03-02", True, last_ms=last) == ("2026-03-02", False)


def test_a_step_back_of_two_minutes_is_normal(at_ms: AtMs) -> None:
    now, last = at_ms("2026-03-02 09:00"), at_ms("2026-03-02 09:02")
    assert business_day(WEEK, now, "2026-03-02", True, last_ms=last) == ("2026-03-02", True)


def test_a_leap_of_more_than_sixty_days_is_not_believed(at_ms: AtMs) -> None:
    assert business_day(WEEK, at_ms("2026-05-02 09:00"), "2026-03-02", True) == ("2026-03-02", False)
    assert business_day(WEEK, at_ms("2026-05-01 09:00"), "2026-03-02", True) == ("2026-05-01", True)


def test_a_leap_that_a_technician_confirmed_is_believed(at_ms: AtMs) -> None:
    now = at_ms("2026-09-01 09:00")
    assert business_day(WEEK, now, "2026-03-02", True, believed=True) == ("2026-09-01", True)


def test_a_day_from_a_clock_that_was_never_set_binds_nobody(at_ms: AtMs) -> None:
    assert business_day(WEEK, at_ms("2026-09-01 09:00"), "1970-01-01", True) == ("2026-09-01", True)


@given(
    st.lists(st.integers(min_value=-(10**12), max_value=4 * 10**12), max_size=20),
    st.integers(min_value=1_772_000_000_000, max_value=1_800_000_000_000),
)
def test_whatever_the_clock_does_the_day_never_runs_backwards(walk: list[int], start: int) -> None:
    day, _ = business_day(WEEK, start, "", True)
    for now in walk:
        following, _ = business_day(WEEK, now, day, True)
        assert following >= day
        day = following


@pytest.mark.parametrize(
    ("day", "now", "occupied", "expected"),
    [
        ("2026-03-02", "2026-03-02 23:00", False, False),
        ("2026-03-03", "2026-03-03 00:00", False, True),
        ("2026-03-03", "2026-03-03 00:00", True, False),
        ("2026-03-03", "2026-03-03 03:59", True, False),
        ("2026-03-03", "2026-03-03 04:00", True, True),
        ("2026-03-04", "2026-03-04 00:10", True, True),
    ],
)
def test_the_day_changes_at_midnight_or_with_people_left_at_four(
    day: str, now: str, occupied: bool, expected: bool, at_ms: AtMs
) -> None:
    assert should_roll(WEEK, day, "2026-03-02", at_ms(now), occupied) is expected

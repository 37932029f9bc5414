"""What keys mean, and the two official code tables that run in opposite directions."""

from __future__ import annotations

import itertools

import pytest

from hallevaluator.keymap import (
    FOUR_BUTTON_LEVELS,
    FOUR_BUTTONS,
    GBT_39046,
    NAMES_ZH,
    NATIONAL,
    BadKeyMap,
    KeyMap,
    is_bad,
    level_of,
)
from hallqueue.states import Level


def test_the_national_interface_counts_stars_five_is_best() -> None:
    assert [(level.value, NATIONAL[level]) for level in Level] == [
        ("very_satisfied", 5),
        ("satisfied", 4),
        ("basically_satisfied", 3),
        ("dissatisfied", 2),
        ("very_dissatisfied", 1),
    ]


def test_the_national_standard_counts_ranks_one_is_best() -> None:
    # GB/T 39046-2020, Table A.8 满意度代码
    assert [(NAMES_ZH[level], GBT_39046[level]) for level in Level] == [
        ("非常满意", 1),
        ("满意", 2),
        ("基本满意", 3),
        ("不满意", 4),
        ("非常不满意", 5),
    ]


@pytest.mark.parametrize("level", Level)
def test_the_two_tables_are_opposite_for_every_level(level: Level) -> None:
    assert NATIONAL[level] + GBT_39046[level] == 6


@pytest.mark.parametrize("table", [NATIONAL, GBT_39046])
@pytest.mark.parametrize("level", Level)
def test_a_code_leads_back_to_its_level(table: dict[Level, int], level: Level) -> None:
    assert level_of(table, table[level]) is level


@pytest.mark.parametrize("code", [0, 6, -1])
def test_a_code_outside_the_table_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match=f"no level has code {code}"):
        level_of(NATIONAL, code)


def test_only_the_two_lowest_levels_are_bad_ratings() -> None:
    assert [level for level in Level if is_bad(level)] == [Level.DISSATISFIED, Level.VERY_DISSATISFIED]


def test_the_usual_order_of_the_four_buttons() -> None:
    assert [FOUR_BUTTONS.level(key) for key in "1234"] == list(FOUR_BUTTON_LEVELS)
    assert [NAMES_ZH[level] for level in FOUR_BUTTON_LEVELS] == ["非常满意", "满意", "基本满意", "不满意"]


@pytest.mark.parametrize("raw_key", ["0", "5", "", "x", "01", "１"])
def test_a_key_that_the_pad_should_not_have_means_nothing(raw_key: str) -> None:
    assert FOUR_BUTTONS.level(raw_key) is None


def test_every_order_of_the_four_levels_is_allowed() -> None:
    for order in itertools.permutations(FOUR_BUTTON_LEVELS):
        assert KeyMap(order).level("4") is order[3]


def test_no_key_map_of_four_buttons_can_mean_very_dissatisfied() -> None:
    for order in itertools.product(Level, repeat=4):
        if Level.VERY_DISSATISFIED in order:
            with pytest.raises(BadKeyMap):
                KeyMap(order)


@pytest.mark.parametrize(
    "levels",
    [
        FOUR_BUTTON_LEVELS[:3],
        (*FOUR_BUTTON_LEVELS, Level.VERY_DISSATISFIED),
        (Level.SATISFIED, Level.SATISFIED, Level.BASICALLY_SATISFIED, Level.VERY_SATISFIED),
    ],
)
def test_a_pad_that_cannot_say_bad_or_says_one_thing_twice_is_refused(levels: tuple[Level, ...]) -> None:
    with pytest.raises(BadKeyMap) as caught:
        KeyMap(levels)
    assert caught.value.code == "R-01"
    assert "不得缺少不满意" in caught.value.remedy_zh

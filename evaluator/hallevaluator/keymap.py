"""满意度: what the keys of a pad mean, and the two official code tables.

Levels are stored by name, because both code tables are in force and run in opposite directions
(facts: ratings 2.2): the national 好差评 interface counts stars, 5 for 非常满意; GB/T 39046-2020 Table
A.8 counts ranks, 1 for 非常满意. An export profile picks one; nothing else may turn a level into a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hallqueue.errors import Actor, HallError
from hallqueue.states import Level

NAMES_ZH: Mapping[Level, str] = MappingProxyType(
    {
        Level.VERY_SATISFIED: "非常满意",
        Level.SATISFIED: "满意",
        Level.BASICALLY_SATISFIED: "基本满意",
        Level.DISSATISFIED: "不满意",
        Level.VERY_DISSATISFIED: "非常不满意",
    }
)
"""The official names, best first."""

NATIONAL: Mapping[Level, int] = MappingProxyType(
    {
        Level.VERY_SATISFIED: 5,
        Level.SATISFIED: 4,
        Level.BASICALLY_SATISFIED: 3,
        Level.DISSATISFIED: 2,
        Level.VERY_DISSATISFIED: 1,
    }
)
"""``satisfaction`` of the national 好差评 interface: stars."""

GBT_39046: Mapping[Level, int] = MappingProxyType(
    {
        Level.VERY_SATISFIED: 1,
        Level.SATISFIED: 2,
        Level.BASICALLY_SATISFIED: 3,
        Level.DISSATISFIED: 4,
        Level.VERY_DISSATISFIED: 5,
    }
)
"""满意度代码 of GB/T 39046-2020 Table A.8: ranks."""

BAD = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
"""差评: to be followed up (整改回访)."""

FOUR_BUTTON_LEVELS = (
    Level.VERY_SATISFIED,
    Level.SATISFIED,
    Level.BASICALLY_SATISFIED,
    Level.DISSATISFIED,
)
"""What four buttons can say; 非常不满意 needs a QR code, a screen or the telephone (facts: ratings 2.6)."""


class BadKeyMap(HallError, ValueError):
    """The keys of a pad do not mean what a four-button pad can mean."""

    code, who = "R-01", Actor.TECHNICIAN
    zh, en = "评价器按键设置有误：{why}", "the keys of the rating pad are set up wrongly: {why}"
    fix_zh = "四个键各表示非常满意、满意、基本满意、不满意之一，不得重复，不得缺少不满意"
    fix_en = "the four keys mean very_satisfied, satisfied, basically_satisfied, dissatisfied: each once"


def is_bad(level: Level) -> bool:
    """Whether the level is a 差评."""
    return level in BAD


def level_of(table: Mapping[Level, int], code: int) -> Level:
    """The level that a code table gives ``code`` to. ValueError for a code outside the table."""
    for level, number in table.items():
        if number == code:
            return level
    raise ValueError(f"no level has code {code}")


@dataclass(frozen=True, slots=True)
class KeyMap:
    """What the raw keys of a four-button pad mean; the order of the buttons is the hall's choice.

    All four levels must be there, once each: a pad without 不满意 would rate on the citizen's behalf, and
    a pad with 非常不满意 would turn one answer silently into another.
    """

    levels: tuple[Level, ...] = FOUR_BUTTON_LEVELS
    """The level of key "1", "2", "3", "4"."""

    def __post_init__(self) -> None:
        if len(self.levels) != len(FOUR_BUTTON_LEVELS):
            raise BadKeyMap(why=f"{len(self.levels)} != 4")
        for level in self.levels:
            if level not in FOUR_BUTTON_LEVELS:
                raise BadKeyMap(why=f"{NAMES_ZH[level]} ({level})")
            if self.levels.count(level) > 1:
                raise BadKeyMap(why=f"{NAMES_ZH[level]} ({level}) x{self.levels.count(level)}")

    def level(self, raw_key: str) -> Level | None:
        """The level that a raw key means; None for a key that the pad should not have."""
        for index, level in enumerate(self.levels, 1):
            if raw_key == str(index):
                return level
        return None


FOUR_BUTTONS = KeyMap()
"""1 非常满意, 2 满意, 3 基本满意, 4 不满意."""

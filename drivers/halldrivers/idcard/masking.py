"""How a person's name and number are shown: enough to know one's own, too little for anybody else.

Rules of the project (privacy facts, 4.2): a number keeps its first 4 and last 4 characters and its length, a
foreign number of 15 its first 3 and last 4; a Chinese name keeps its first character, or its compound
surname; a Latin name its first letter.
"""

from __future__ import annotations

import re

COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 独孤 南宫 东方 轩辕 百里 呼延 "
    "东郭 西门 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 亓官 司寇 子车 颛孙 巫马 "
    "公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 左丘 第五 梁丘 东门 万俟 闻人 赫连 公羊 纳兰".split()
)
"""复姓; those of them that are met are common knowledge, the list is from memory."""

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_FOREIGN = re.compile(r"[A-Z]{3}\d{12}")


def masked_number(number: str) -> str:
    """`6402**********1234`; a text that is no number of 15 or 18 characters shows nothing but its length."""
    if _FOREIGN.fullmatch(number):
        return _keep(number, 3, 4)
    if len(number) in (15, 18):
        return _keep(number, 4, 4)
    return "*" * len(number)


def masked_name(name: str) -> str:
    """`张*`, `欧阳**`, `T***`; a name of one character shows nothing."""
    if _LATIN.match(name):
        return f"{name[0]}***" if len(name) > 1 else "*"
    if len(name) < 2:
        return "*" * len(name)
    return _keep(name, 2 if len(name) >= 3 and name[:2] in COMPOUND_SURNAMES else 1, 0)


def _keep(text: str, first: int, last: int) -> str:
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]

"""Says in words what a field of the file may hold, from its type; so the words cannot go stale."""

from __future__ import annotations

from typing import Any

from msgspec import inspect


def describe(wanted: Any) -> tuple[str, str]:
    """What to write for a type, in Chinese and in English."""
    return _describe(inspect.type_info(wanted))


def _describe(kind: inspect.Type) -> tuple[str, str]:
    match kind:
        case inspect.BoolType():
            return "true 或 false", "true or false"
        case inspect.IntType() | inspect.FloatType():
            return _number(kind)
        case inspect.StrType():
            return _text(kind)
        case inspect.DateType():
            return "日期，例如 2026-10-01", "a date such as 2026-10-01"
        case inspect.LiteralType(values=values):
            listed = ", ".join(f'"{value}"' for value in values if value != "")
            return f"其中之一：{listed}", f"one of {listed}"
        case inspect.VarTupleType(item_type=item):
            zh, en = _describe(item)
            return f"方括号里的列表，每个是{zh}", f"a list in square brackets, each {en}"
        case inspect.DictType(value_type=value):
            zh, en = _describe(value)
            return f"一个表，每个值是{zh}", f"a table, each value {en}"
        case inspect.UnionType(types=members):
            real = next(member for member in members if not isinstance(member, inspect.NoneType))
            return _describe(real)
        case _:
            return "一个表", "a table"


def _number(kind: inspect.IntType | inspect.FloatType) -> tuple[str, str]:
    zh, en = ("整数", "a whole number") if isinstance(kind, inspect.IntType) else ("数", "a number")
    if kind.ge is not None and kind.le is not None:
        return f"{kind.ge} 到 {kind.le} 的{zh}", f"{en} from {kind.ge} to {kind.le}"
    if kind.le is not None:
        return f"不大于 {kind.le} 的{zh}", f"{en} up to {kind.le}"
    return zh, en


def _text(kind: inspect.StrType) -> tuple[str, str]:
    if kind.min_length is not None and kind.max_length is not None:
        return (
            f"引号里的文字，{kind.min_length} 到 {kind.max_length} 个字",
            f"text in quotes, {kind.min_length} to {kind.max_length} characters",
        )
    return "引号里的文字", "text in quotes"

"""What ``hall verify`` can find, in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hallqueue.errors import Actor

FINDINGS_MAX = 1000
"""Findings kept in words; more are only counted."""


class Fault(StrEnum):
    """Stable codes of findings."""

    FILE = "V-01"
    ALTERED = "V-02"
    MISSING = "V-03"
    NUMBER_TWICE = "V-04"
    TWO_WINDOWS = "V-05"
    WINDOW_TWO = "V-06"
    RATING = "V-07"
    PRINT = "V-08"
    UNEXPLAINED = "V-09"
    MOVE = "V-10"
    COUNTER = "V-11"
    UNREADABLE = "V-12"
    REPLAY = "V-13"
    SCAN = "V-14"


_TEXTS: dict[Fault, tuple[str, str, str, str]] = {
    Fault.FILE: (
        "数据库文件不完整或结构被改动",
        "the database file is not sound or its schema was changed",
        "停止使用该文件，从备份恢复",
        "stop using this file and restore a backup",
    ),
    Fault.ALTERED: (
        "事件被改动：与校验链不符",
        "an event was altered: it does not fit the chain",
        "保留文件，与县里的副本核对",
        "keep the file and compare with the county's copy",
    ),
    Fault.MISSING: (
        "缺少事件：编号不连续",
        "events are missing: the numbering has a hole",
        "保留文件，向县里索取缺少的事件",
        "keep the file and ask the county for the missing events",
    ),
    Fault.NUMBER_TWICE: (
        "同一天同一号码出现两次，或号码与序号不符",
        "a number was given out twice in a day, or does not fit its ordinal",
        "查明两张票，报告厂家",
        "find both tickets and report it to the maker",
    ),
    Fault.TWO_WINDOWS: (
        "一张票同时在两个窗口",
        "a ticket is at two windows at once",
        "报告厂家，附上本结果",
        "report it to the maker with this result",
    ),
    Fault.WINDOW_TWO: (
        "一个窗口同时有两张票",
        "a window has two tickets in hand at once",
        "报告厂家，附上本结果",
        "report it to the maker with this result",
    ),
    Fault.RATING: (
        "评价不属于唯一一次已办结的事项",
        "a rating does not belong to one finished matter, or is its second",
        "不要上报该评价，先核对",
        "do not report this rating before it is checked",
    ),
    Fault.PRINT: (
        "打印记录与票不符",
        "a print has no record of its own, or no ticket",
        "核对纸票和打印记录",
        "compare the papers with the print ledger",
    ),
    Fault.UNEXPLAINED: (
        "表中的状态不能由事件解释",
        "the tables say something that the events do not explain",
        "以事件为准，从备份恢复或报告厂家",
        "trust the events; restore a backup or report it to the maker",
    ),
    Fault.MOVE: (
        "事件与之前的状态矛盾",
        "an event contradicts the state before it",
        "报告厂家，附上本结果",
        "report it to the maker with this result",
    ),
    Fault.COUNTER: (
        "计数器与已发出的号不符",
        "a counter does not fit the numbers that were given out",
        "停止取号，从备份恢复",
        "stop giving out tickets and restore a backup",
    ),
    Fault.UNREADABLE: (
        "事件内容无法读取",
        "an event cannot be read",
        "升级本软件，或与县里的副本核对",
        "upgrade this software, or compare with the county's copy",
    ),
    Fault.SCAN: (
        "扫描材料的记录与其经过不符",
        "a scan's record does not fit what happened to it",
        "不要删除任何扫描文件，先核对",
        "wipe no scan before it is checked",
    ),
    Fault.REPLAY: (
        "队列规则不能重放这一天",
        "the rules cannot replay this day",
        "报告厂家，附上本结果",
        "report it to the maker with this result",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    code: str
    zh: str
    en: str
    where: str
    """The event (epoch/number), the ticket or the row."""
    detail: str
    """What was expected and what was found, for the technician."""
    who: Actor
    remedy_zh: str
    remedy_en: str


@dataclass(slots=True)
class Findings:
    """Collects findings; bounded."""

    items: list[Finding] = field(default_factory=list)
    total: int = 0

    def say(self, fault: Fault, where: str, detail: str = "") -> None:
        """Add one."""
        self.total += 1
        if len(self.items) < FINDINGS_MAX:
            zh, en, remedy_zh, remedy_en = _TEXTS[fault]
            technician = Actor.TECHNICIAN
            self.items.append(Finding(fault.value, zh, en, where, detail, technician, remedy_zh, remedy_en))

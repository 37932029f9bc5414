"""The three health checks of a device (UnifiedPOS CheckHealth), and how their findings are told.

    internal      without touching the device: address, node, rights, library
    external      with the device and without a person: it answers, and what it says of itself
    interactive   with a person, over the path that production uses: lay a card, press a key, see the paper

A checker is told a level and calls ``tell`` with each finding as it comes, so that a technician over a bad
line sees where it stands; a person is asked by a finding with the verdict ``ask``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from halldrivers.errors import Actor, DeviceError, DeviceState, Fault
from halldrivers.status import DeviceStatus


class CheckLevel(StrEnum):
    """How deep to look."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    INTERACTIVE = "interactive"


class Verdict(StrEnum):
    """What a finding means."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It cannot be told: a device that says nothing is neither fine nor broken."""
    ASK = "ask"
    """A person is to do something now."""


LENT = DeviceStatus(
    DeviceState.BUSY,
    Fault(
        "T-08",
        "技术员正在检查这台设备",
        "a technician is checking this device",
        Actor.NOBODY,
        "检查结束后自动恢复，最多两分钟",
        "it is back by itself after the check, within two minutes",
        blocking=False,
    ),
)
"""Technician mode is a state (lessons 3.1): what is pressed or laid then serves nobody."""

MOST_TEXT = 200
"""Characters of a text that goes on record."""


class FindingWords(TypedDict):
    """A finding as it is put on record."""

    verdict: str
    zh: str
    en: str
    code: str
    who: str
    remedy_zh: str
    remedy_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    verdict: Verdict
    zh: str
    en: str
    fault: Fault | None = None
    """Who must act and what to do, unless it passed."""

    def words(self) -> FindingWords:
        """As it is put on record."""
        fault = self.fault
        return FindingWords(
            verdict=self.verdict.value,
            zh=self.zh[:MOST_TEXT],
            en=self.en[:MOST_TEXT],
            code=fault.code if fault else "",
            who=fault.who.value if fault else "",
            remedy_zh=fault.remedy_zh[:MOST_TEXT] if fault else "",
            remedy_en=fault.remedy_en[:MOST_TEXT] if fault else "",
        )


Tell = Callable[[Finding], None]
Checker = Callable[[CheckLevel, Tell], None]
"""Checks a device at one level; returns when done, raises nothing but program errors."""


def passed(zh: str, en: str) -> Finding:
    """A finding that is well."""
    return Finding(Verdict.PASSED, zh, en)


def unknown(zh: str, en: str, fault: Fault | None = None) -> Finding:
    """A finding that tells nothing."""
    return Finding(Verdict.UNKNOWN, zh, en, fault)


def ask(zh: str, en: str) -> Finding:
    """Ask a person to do something."""
    return Finding(Verdict.ASK, zh, en)


def failed(error: DeviceError) -> Finding:
    """A finding from a device's error."""
    fault = error.as_fault()
    return Finding(Verdict.FAILED, fault.what_zh, fault.what_en, fault)

"""Devices: their states, their counts and their tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChanged:
    """A device's state changed (XFS4IoT states); written once down and once up."""

    device: str
    kind: str
    state: str
    code: str
    who: str
    what_zh: str
    remedy_zh: str
    since_ms: int = 0
    """When this state began, if before the event (a new day carries its devices over); 0 is the
    event's own time."""
    what_en: str = ""
    remedy_en: str = ""
    counters: str = ""
    """What it has done until now (UnifiedPOS: statistics), as ``name=count`` with spaces between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCounted:
    """What a device has done until now; its state is the same."""

    device: str
    counters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTestAsked:
    """A technician wants a device tested (UnifiedPOS: CheckHealth). The test's id is this event's number."""

    device: str
    level: str
    """``internal``, ``external`` or ``interactive``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTestTold:
    """One finding of a test, from the process that holds the device."""

    test: int
    verdict: str
    """``passed``, ``failed``, ``unknown``, or ``ask`` (a person is to do something now)."""
    zh: str
    en: str
    code: str = ""
    who: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""
    is_last: bool = False
    """Nothing more comes of this test."""

"""The fold of devices, their tests, and scanned material."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallqueue.events import (
    Body,
    DeviceChanged,
    DeviceCounted,
    DeviceTestAsked,
    DeviceTestTold,
    Event,
    ScanAcknowledged,
    ScanKept,
    ScanWiped,
)
from hallqueue.rules.day_fold import BrokenLog, Fold
from hallqueue.rules.records import DeviceRecord, DeviceTestRecord, ScanRecord
from hallqueue.states import ScanState

if TYPE_CHECKING:
    from hallqueue.rules.day import DayState


def _changed(state: DayState, event: Event, body: DeviceChanged) -> None:
    state.devices[body.device] = DeviceRecord(
        device=body.device,
        kind=body.kind,
        state=body.state,
        code=body.code,
        who=body.who,
        what_zh=body.what_zh,
        remedy_zh=body.remedy_zh,
        since_ms=body.since_ms or event.at_ms,
        what_en=body.what_en,
        remedy_en=body.remedy_en,
        counters=body.counters,
    )


def _counted(state: DayState, event: Event, body: DeviceCounted) -> None:
    device = state.devices.get(body.device)
    if device is None:
        raise BrokenLog(event, f"device {body.device} was not reported on {state.day}")
    device.counters = body.counters


def _test_asked(state: DayState, event: Event, body: DeviceTestAsked) -> None:
    state.tests[event.seq] = DeviceTestRecord(event.seq, body.device, body.level, event.at_ms)


def _test_told(state: DayState, event: Event, body: DeviceTestTold) -> None:
    test = state.tests.get(body.test)
    if test is None or test.is_ended:
        raise BrokenLog(event, f"no test {body.test} is under way")
    test.is_ended = body.is_last


def _kept(state: DayState, event: Event, body: ScanKept) -> None:
    state.scans[body.scan] = ScanRecord(
        scan=body.scan,
        sha256=body.sha256,
        ticket=body.ticket,
        matter=body.matter,
        material=body.material,
        pages=len(body.page_hashes),
        size=body.size,
        device=body.device,
        sealed_for=body.sealed_for,
        kept_ms=event.at_ms,
        is_interrupted=body.interrupted,
    )


def _acknowledged(state: DayState, event: Event, body: ScanAcknowledged) -> None:
    """One of an earlier day is not in the day's state; the table has it, and ``verify`` looks at it."""
    if body.scan in state.scans:
        state.scans[body.scan].state = ScanState.ACKNOWLEDGED


def _wiped(state: DayState, event: Event, body: ScanWiped) -> None:
    state.scans.pop(body.scan, None)


DEVICE_FOLDS: dict[type[Body], Fold] = {
    DeviceChanged: _changed,
    DeviceCounted: _counted,
    DeviceTestAsked: _test_asked,
    DeviceTestTold: _test_told,
    ScanKept: _kept,
    ScanAcknowledged: _acknowledged,
    ScanWiped: _wiped,
}
"""Event type to its fold."""

"""Devices: their states, their counts, and the tests that a technician asks for."""

from __future__ import annotations

from collections.abc import Iterable

from hallqueue.errors import Actor, BadRequest, DeviceTestRunning, UnknownDeviceTest
from hallqueue.events import DeviceChanged, DeviceCounted, DeviceTestAsked, DeviceTestTold
from hallqueue.rules.clockwatch import CLOCK
from hallqueue.rules.engine_base import EngineBase, checked_text
from hallqueue.rules.records import DeviceRecord, DeviceTestRecord
from hallqueue.unit import Moment
from hallqueue.views import DeviceView

DEVICE_STATES = frozenset({"online", "offline", "absent", "fault", "busy", "unknown"})
"""The design's device states (after XFS4IoT)."""
LEVELS = ("internal", "external", "interactive")
"""The health checks of UnifiedPOS."""
VERDICTS = frozenset({"passed", "failed", "unknown", "ask"})
LOST = "T-09"
"""Of a device whose process is gone."""
TEST_LASTS_MS = 180_000
"""A test that is older was given up, by whoever asked or by whoever should answer."""


class DeviceOps(EngineBase):
    """What drivers report, and the tests of their devices."""

    def report_device(
        self,
        moment: Moment,
        device: str,
        *,
        kind: str,
        state: str,
        code: str = "",
        who: str = "",
        what_zh: str = "",
        remedy_zh: str = "",
        what_en: str = "",
        remedy_en: str = "",
        counters: str = "",
    ) -> DeviceView:
        """A device's state; recorded only when something in it changed."""
        if state not in DEVICE_STATES:
            raise BadRequest(why=f"device state {state}")
        if device == CLOCK:
            raise BadRequest(why=f"device {device} is the keeper's own")
        report = (kind, state, code, who, what_zh, remedy_zh, what_en, remedy_en)
        for text in (device, *report, counters):
            checked_text(text, "device")
        old = self.state.devices.get(device)
        known = old and (
            *(old.kind, old.state, old.code, old.who, old.what_zh, old.remedy_zh),
            *(old.what_en, old.remedy_en),
        )
        if known != report:
            same = old is not None and (old.state, old.code) == (state, code)
            changed = DeviceChanged(
                device=device,
                kind=kind,
                state=state,
                code=code,
                who=who,
                what_zh=what_zh,
                remedy_zh=remedy_zh,
                since_ms=old.since_ms if old is not None and same else 0,
                what_en=what_en,
                remedy_en=remedy_en,
                counters=counters,
            )
            self._record(moment, changed)
        elif old is not None and counters and old.counters != counters:
            self._record(moment, DeviceCounted(device=device, counters=counters))
        return self._look.device(self.state.devices[device])

    def attend_device(self, moment: Moment, device: str, *, state: str, code: str = "") -> bool:
        """Whether that is what is on record of the device."""
        known = self.state.devices.get(device)
        return known is not None and (known.state, known.code) == (state, code)

    def lose_devices(self, moment: Moment, devices: Iterable[str]) -> None:
        """Nobody holds these any more: what was said of them last says nothing now."""
        for device in devices:
            known = self.state.devices.get(device)
            if known is not None and known.code != LOST:
                self._record(moment, _lost(known))

    def ask_test(self, moment: Moment, device: str, *, level: str) -> int:
        """Ask whoever holds the device to test it; answers the test's id.

        Raises DeviceTestRunning while another test of the device is under way.
        """
        if level not in LEVELS:
            raise BadRequest(why=f"level {level}: {', '.join(LEVELS)}")
        name = checked_text(device, "device")
        if not name:
            raise BadRequest(why="device")
        if any(test.device == name and _is_running(test, moment) for test in self.state.tests.values()):
            raise DeviceTestRunning(device=name)
        return self._record_event(moment, DeviceTestAsked(device=name, level=level)).seq

    def tell_test(
        self,
        moment: Moment,
        test: int,
        *,
        verdict: str,
        zh: str,
        en: str,
        code: str = "",
        who: str = "",
        remedy_zh: str = "",
        remedy_en: str = "",
        is_last: bool = False,
    ) -> bool:
        """One finding of a test; answers whether more may be told. Raises UnknownDeviceTest once it ended."""
        if verdict not in VERDICTS:
            raise BadRequest(why=f"verdict {verdict}")
        record = self.state.tests.get(test)
        if record is None or record.is_ended:
            raise UnknownDeviceTest(test=test)
        for text in (zh, en, code, who, remedy_zh, remedy_en):
            checked_text(text, "finding")
        told = DeviceTestTold(
            test=test,
            verdict=verdict,
            zh=zh,
            en=en,
            code=code,
            who=who,
            remedy_zh=remedy_zh,
            remedy_en=remedy_en,
            is_last=is_last,
        )
        self._record(moment, told)
        return not is_last


def _lost(device: DeviceRecord) -> DeviceChanged:
    return DeviceChanged(
        device=device.device,
        kind=device.kind,
        state="unknown",
        code=LOST,
        who=Actor.TECHNICIAN.value,
        what_zh="负责这台设备的程序没有在运行",
        remedy_zh="systemctl status 'hall-*' 看哪个服务停了，再启动它",
        what_en="the process that keeps this device does not run",
        remedy_en="systemctl status 'hall-*' shows which service has stopped: start it",
        counters=device.counters,
    )


def _is_running(test: DeviceTestRecord, moment: Moment) -> bool:
    return not test.is_ended and 0 <= moment.now_ms - test.asked_ms < TEST_LASTS_MS

"""Judges the devices of a snapshot: a row for each, what is wrong with one, what to know of one.

Unknown is a state and no trouble by itself: there are devices that say nothing until they are used. With a
fault that says why (the printer does not answer, nobody keeps the device) it is a trouble.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hall.trouble import Trouble
from halldrivers.caller.errors import NOT_PRESSED
from hallqueue.errors import Actor
from hallqueue.rules.clockwatch import CLOCK
from hallqueue.views import DeviceView, HallSnapshot

if TYPE_CHECKING:
    from hall.devices.configured import ConfiguredDevice

HEALTHY_STATES = frozenset({"online", "busy"})
UNKNOWN = "unknown"
NO_TROUBLE = frozenset({"", NOT_PRESSED.code})
"""Codes with which a device may be unknown and nothing is wrong."""
STATE_ZH = {
    "online": "正常",
    "busy": "使用中",
    "offline": "无应答",
    "absent": "未找到",
    "fault": "故障",
    UNKNOWN: "不明",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One device: what it says, or that it says nothing."""

    device: str
    zh: str
    state: str
    """``unknown`` for one that is configured and was never reported."""
    code: str = ""
    since_ms: int = 0
    url: str = ""
    counters: str = ""
    is_gone: bool = False
    """It was reported once and is configured no more: its state is as old as that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCount:
    """How many devices there are, without those that are configured no more."""

    total: int
    well: int
    unknown: int


def rows_of(snapshot: HallSnapshot, configured: Sequence[ConfiguredDevice] | None) -> tuple[DeviceRow, ...]:
    """Every device, the configured ones first and in the order of the file; None: it cannot be read."""
    reported = {device.device: device for device in snapshot.devices}
    known = {device.name: device for device in configured or ()}
    return tuple(
        _row(name, reported.get(name), known.get(name), is_gone=_is_gone(name, configured))
        for name in (*known, *(name for name in reported if name not in known))
    )


def unasked_rows(configured: Sequence[ConfiguredDevice] | None) -> tuple[DeviceRow, ...]:
    """The configured devices while the keeper cannot be asked for them."""
    return tuple(_row(device.name, None, device) for device in configured or ())


def count_of(rows: Sequence[DeviceRow]) -> DeviceCount:
    """The rows in numbers."""
    held = [row for row in rows if not row.is_gone]
    return DeviceCount(
        total=len(held),
        well=sum(row.state in HEALTHY_STATES for row in held),
        unknown=sum(row.state == UNKNOWN for row in held),
    )


def troubles_of(snapshot: HallSnapshot, configured: Sequence[ConfiguredDevice] | None) -> Iterator[Trouble]:
    """What is wrong with devices that should be there."""
    for device in snapshot.devices:
        if not _is_gone(device.device, configured) and _is_trouble(device):
            yield _told(device)
    reported = {device.device for device in snapshot.devices}
    for missed in configured or ():
        if missed.name not in reported:
            yield _unheard(missed)


def notices_of(snapshot: HallSnapshot, configured: Sequence[ConfiguredDevice] | None) -> Iterator[Trouble]:
    """What is to be known of devices that work (paper is low), or that have not said a word yet."""
    for device in snapshot.devices:
        if _is_gone(device.device, configured) or _is_trouble(device):
            continue
        if device.code or device.state == UNKNOWN:
            yield _told(device)


def _is_trouble(device: DeviceView) -> bool:
    if device.state == UNKNOWN:
        return device.code not in NO_TROUBLE
    return device.state not in HEALTHY_STATES


def _is_gone(name: str, configured: Sequence[ConfiguredDevice] | None) -> bool:
    return configured is not None and name != CLOCK and all(name != device.name for device in configured)


def _row(
    name: str, view: DeviceView | None, device: ConfiguredDevice | None, *, is_gone: bool = False
) -> DeviceRow:
    return DeviceRow(
        device=name,
        zh=device.zh if device else "",
        url=device.url if device else "",
        state=view.state if view else UNKNOWN,
        code=view.code if view else "",
        since_ms=view.since_ms if view else 0,
        counters=view.counters if view else "",
        is_gone=is_gone,
    )


def _unheard(device: ConfiguredDevice) -> Trouble:
    """One that is configured and that nobody has reported since the database began."""
    return Trouble(
        code="T-07",
        subject=device.name,
        since_ms=0,
        who=Actor.TECHNICIAN,
        what_zh=f"{device.name}（{device.zh}）从未报告过状态",
        what_en=f"{device.name} has never reported",
        remedy_zh=f"请看负责它的进程是否在运行：systemctl status hall-{device.unit}",
        remedy_en=f"systemctl status hall-{device.unit} shows whether its process runs",
    )


def _told(device: DeviceView) -> Trouble:
    """What a device's process says of it; words of ours for one that said none."""
    name = device.device
    if device.state == UNKNOWN:
        code, who = device.code, device.who or Actor.NOBODY
        said_zh, said_en = "还没有消息", "nothing was heard yet"
        do_zh = f"一般几秒内就有消息；一直没有：hall test {name}"
        do_en = f"it mostly speaks within seconds; if it does not: hall test {name}"
    else:
        code, who = device.code or "T-05", device.who or Actor.TECHNICIAN
        said_zh, said_en = STATE_ZH.get(device.state, "状态不明"), device.state
        do_zh, do_en = "请检查设备和连线", "look at the device and its cable"
    return Trouble(
        code=code,
        subject=name,
        since_ms=device.since_ms,
        who=who,
        what_zh=f"{name}：{device.what_zh or said_zh}",
        what_en=f"{name}: {device.what_en or said_en}",
        remedy_zh=device.remedy_zh or do_zh,
        remedy_en=device.remedy_en or do_en,
    )

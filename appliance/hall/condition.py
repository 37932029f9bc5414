"""Judges the hall from its snapshot: what is in order, what is wrong and who must act.

A pure function of what the keeper shows, so that ``hall status``, a screen and a test agree. Unknown
is a state: a device that reported nothing is said to be unknown, neither fine nor broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallqueue.errors import Actor, HallError
from hallqueue.plan import Plan
from hallqueue.states import PrintState, WindowState
from hallqueue.views import DeviceView, HallSnapshot, PrintView

if TYPE_CHECKING:
    from hall.devices.configured import ConfiguredDevice

HEALTHY_STATES = frozenset({"online", "busy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong."""

    code: str
    subject: str
    """``queue``, ``clock``, ``print`` or the device's name."""
    since_ms: int
    """0 when it is not known since when."""
    who: str
    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The hall in one line each, and everything that is wrong."""

    at_ms: int
    queue: str
    printing: str
    ratings: str
    devices: str
    device_rows: tuple[DeviceRow, ...] = ()
    troubles: tuple[Trouble, ...]


def condition_of(
    snapshot: HallSnapshot,
    plan: Plan,
    jobs: Sequence[PrintView] = (),
    configured: Sequence[ConfiguredDevice] = (),
) -> Condition:
    """The condition that a snapshot and the print queue (``jobs``) show.

    ``configured`` are the devices of ``hall.toml``: one of which nothing was heard is unknown.
    """
    open_windows = sum(window.state is WindowState.OPEN for window in snapshot.windows)
    queued = sum(job.state in (PrintState.QUEUED, PrintState.SENDING) for job in jobs)
    troubled = [job for job in snapshot.print_troubles if job.state is not PrintState.EXPIRED]
    sick = [device for device in snapshot.devices if device.state not in HEALTHY_STATES]
    rows = tuple(_rows(snapshot, configured))
    return Condition(
        at_ms=snapshot.at_ms,
        queue=(
            f"{snapshot.day} 等待{snapshot.waiting_total} 已取{snapshot.issued_today}"
            f" 办结{snapshot.done_today} 开窗{open_windows}/{len(snapshot.windows)}"
        ),
        printing=f"待打{queued} 待处理{len(troubled)}",
        ratings=f"已评{snapshot.rated_today} 未评{snapshot.unrated_today}",
        devices=f"{sum(row.state in HEALTHY_STATES for row in rows)}/{len(rows)}正常"
        if snapshot.devices
        else "未报告",
        device_rows=rows,
        troubles=(
            *_clock(snapshot),
            *_unserved(snapshot, plan),
            *(_job(job) for job in troubled),
            *(_device(device) for device in sick),
            *_unheard(snapshot, configured),
        ),
    )


def unreachable(error: HallError, now_ms: int, configured: Sequence[ConfiguredDevice] = ()) -> Condition:
    """The condition of a hall whose keeper does not answer: nothing else can be known."""
    return Condition(
        at_ms=now_ms,
        queue="不明",
        printing="不明",
        ratings="不明",
        devices="不明",
        device_rows=tuple(
            DeviceRow(device=one.name, zh=one.zh, state="unknown", url=one.url) for one in configured
        ),
        troubles=(
            Trouble(
                code=error.code,
                subject="queue",
                since_ms=0,
                who=Actor.TECHNICIAN,
                what_zh=error.what_zh,
                what_en=error.what_en,
                remedy_zh="请看队列服务是否在运行：systemctl status hall-queue；手工启动：hall run queue",
                remedy_en="systemctl status hall-queue shows whether it runs; by hand: hall run queue",
            ),
        ),
    )


def _clock(snapshot: HallSnapshot) -> Iterator[Trouble]:
    if not snapshot.clock_ok:
        yield Trouble(
            code="T-01",
            subject="clock",
            since_ms=0,
            who=Actor.TECHNICIAN,
            what_zh="系统时间不可信，记录已注明",
            what_en="the clock is not to be trusted; the records say so",
            remedy_zh="请联网校时，或用 timedatectl set-time 设置时间",
            remedy_en="connect it to the network, or set it with timedatectl set-time",
        )


def _unserved(snapshot: HallSnapshot, plan: Plan) -> Iterator[Trouble]:
    """People wait for a service that no open window serves: nobody will ever call them."""
    openly = {window.number for window in snapshot.windows if window.state is WindowState.OPEN}
    able = {
        service
        for window in plan.windows
        if window.number in openly
        for service in (*window.serves, *window.overflow)
    }
    for line in snapshot.lines:
        service = plan.service(line.service)
        if not line.waiting or service is None or line.service in able:
            continue
        windows = [str(w.number) for w in plan.windows if line.service in (*w.serves, *w.overflow)]
        yield Trouble(
            code="T-02",
            subject="queue",
            since_ms=min((t.since_ms for t in snapshot.waiting if t.service == line.service), default=0),
            who=Actor.CLERK,
            what_zh=f"{service.name}有{line.waiting}人等待，但没有开着的窗口能办",
            what_en=f"{line.waiting} wait for {line.service} and no open window serves it",
            remedy_zh=f"请开{'、'.join(windows)}号窗口中的一个",
            remedy_en=f"open one of the windows {', '.join(windows)}",
        )


BY_A_PERSON = "person"
"""The rung of an outcome that a person answered for; the spooler leaves such a job alone."""


def _job(job: PrintView) -> Trouble:
    number = job.ticket.number
    if job.state is PrintState.UNKNOWN:
        return Trouble(
            code="T-03",
            subject="print",
            since_ms=job.queued_ms,
            who=Actor.CLERK,
            what_zh=f"不知道{number}的票出来了没有（{job.reason}）",
            what_en=f"nobody knows whether the paper of {number} came out ({job.reason})",
            remedy_zh=f"请看出纸口，然后：hall print answer {job.job} --came-out yes|no",
            remedy_en=f"look at the printer, then: hall print answer {job.job} --came-out yes|no",
        )
    waits = job.state is PrintState.FAILED and job.rung != BY_A_PERSON
    return Trouble(
        code="T-04",
        subject="print",
        since_ms=job.queued_ms,
        who=Actor.CLERK,
        what_zh=f"{number}的票没有打出来（{job.reason}）",
        what_en=f"the paper of {number} did not come out ({job.reason})",
        remedy_zh=f"打印机好了会自动重打；过期后用 hall ticket reprint {number}"
        if waits
        else f"需要的话补打：hall ticket reprint {number}",
        remedy_en=f"it is tried again by itself; once expired: hall ticket reprint {number}"
        if waits
        else f"if it is still wanted: hall ticket reprint {number}",
    )


def _rows(snapshot: HallSnapshot, configured: Sequence[ConfiguredDevice]) -> Iterator[DeviceRow]:
    """Every device, the configured ones first and in the order of the file."""
    reported = {device.device: device for device in snapshot.devices}
    known = {device.name: device for device in configured}
    for name in (*known, *(name for name in reported if name not in known)):
        view, device = reported.get(name), known.get(name)
        yield DeviceRow(
            device=name,
            zh=device.zh if device else "",
            url=device.url if device else "",
            state=view.state if view else "unknown",
            code=view.code if view else "",
            since_ms=view.since_ms if view else 0,
            counters=view.counters if view else "",
        )


def _unheard(snapshot: HallSnapshot, configured: Sequence[ConfiguredDevice]) -> Iterator[Trouble]:
    """Devices that are configured and that nobody has reported since the database began."""
    reported = {device.device for device in snapshot.devices}
    for device in configured:
        if device.name not in reported:
            yield Trouble(
                code="T-07",
                subject=device.name,
                since_ms=0,
                who=Actor.TECHNICIAN,
                what_zh=f"{device.name}（{device.zh}）从未报告过状态",
                what_en=f"{device.name} has never reported",
                remedy_zh=f"请看负责它的进程是否在运行：systemctl status hall-{device.unit}",
                remedy_en=f"systemctl status hall-{device.unit} shows whether its process runs",
            )


def _device(device: DeviceView) -> Trouble:
    return Trouble(
        code=device.code or "T-05",
        subject=device.device,
        since_ms=device.since_ms,
        who=device.who or Actor.TECHNICIAN,
        what_zh=f"{device.device}：{device.what_zh or device.state}",
        what_en=f"{device.device}: {device.what_en or device.state}",
        remedy_zh=device.remedy_zh or "请检查设备和连线",
        remedy_en=device.remedy_en or "look at the device and its cable",
    )

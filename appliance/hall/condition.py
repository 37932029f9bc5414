"""Judges the hall from its snapshot: what is in order, what is wrong and who must act.

A pure function of what the keeper shows, so that ``hall status``, a screen and a test agree. Unknown
is a state: a device that reported nothing is said to be unknown, neither fine nor broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hall.condition_devices import (
    DeviceCount,
    DeviceRow,
    count_of,
    notices_of,
    rows_of,
    troubles_of,
    unasked_rows,
)
from hall.trouble import Trouble
from hallqueue.errors import Actor, HallError, KeeperGone
from hallqueue.plan import Plan
from hallqueue.states import PrintState, WindowState
from hallqueue.views import HallSnapshot, PrintView

if TYPE_CHECKING:
    from hall.devices.configured import ConfiguredDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCount:
    """The line in numbers."""

    day: str
    """The business day, YYYY-MM-DD."""
    waiting: int
    issued: int
    """Of the day, as is ``done``."""
    done: int
    open_windows: int
    windows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintCount:
    """The print jobs in numbers."""

    queued: int
    troubled: int
    """Those that wait for somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingCount:
    """The day's ratings in numbers."""

    rated: int
    unrated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The hall in numbers, everything that is wrong, and what else is to be known.

    Numbers are None while the keeper cannot be asked: nothing is known then, neither good nor bad.
    """

    at_ms: int
    queue: QueueCount | None
    printing: PrintCount | None
    ratings: RatingCount | None
    devices: DeviceCount | None
    device_rows: tuple[DeviceRow, ...]
    troubles: tuple[Trouble, ...]
    notices: tuple[Trouble, ...]
    """Nothing of these keeps the hall from its work: paper is low, a device was not heard yet."""


def condition_of(
    snapshot: HallSnapshot,
    plan: Plan,
    jobs: Sequence[PrintView] = (),
    configured: Sequence[ConfiguredDevice] | None = None,
) -> Condition:
    """The condition that a snapshot and the print queue (``jobs``) show.

    ``configured`` are the devices of ``hall.toml``: one of which nothing was heard is unknown, and one that
    reported and is not among them is gone. None where the file cannot be read.
    """
    troubled = [job for job in snapshot.print_troubles if job.state is not PrintState.EXPIRED]
    rows = rows_of(snapshot, configured)
    return Condition(
        at_ms=snapshot.at_ms,
        queue=QueueCount(
            day=snapshot.day,
            waiting=snapshot.waiting_total,
            issued=snapshot.issued_today,
            done=snapshot.done_today,
            open_windows=sum(window.state is WindowState.OPEN for window in snapshot.windows),
            windows=len(snapshot.windows),
        ),
        printing=PrintCount(
            queued=sum(job.state in (PrintState.QUEUED, PrintState.SENDING) for job in jobs),
            troubled=len(troubled),
        ),
        ratings=RatingCount(rated=snapshot.rated_today, unrated=snapshot.unrated_today),
        devices=count_of(rows),
        device_rows=rows,
        troubles=(
            *_clock(snapshot),
            *_unserved(snapshot, plan),
            *(_job(job) for job in troubled),
            *troubles_of(snapshot, configured),
        ),
        notices=tuple(notices_of(snapshot, configured)),
    )


def unreachable(
    error: HallError, now_ms: int, configured: Sequence[ConfiguredDevice] | None = None
) -> Condition:
    """The condition of a hall whose keeper does not answer, or not to this user: nothing else is known."""
    who, remedy_zh, remedy_en = error.who, error.remedy_zh, error.remedy_en
    if isinstance(error, KeeperGone):  # to its clients it comes back by itself; here somebody asks why
        who = Actor.TECHNICIAN
        remedy_zh = "请看队列服务是否在运行：systemctl status hall-queue；手工启动：hall run queue"
        remedy_en = "systemctl status hall-queue shows whether it runs; by hand: hall run queue"
    return Condition(
        at_ms=now_ms,
        queue=None,
        printing=None,
        ratings=None,
        devices=None,
        device_rows=unasked_rows(configured),
        troubles=(
            Trouble(
                code=error.code,
                subject="queue",
                since_ms=0,
                who=who,
                what_zh=error.what_zh,
                what_en=error.what_en,
                remedy_zh=remedy_zh,
                remedy_en=remedy_en,
            ),
        ),
        notices=(),
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

"""``hall status``: what is wrong, since when, who must act and what to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall.commands.connect import keeper_of
from hall.commands.failure import ACTOR_ZH, answer_no, say
from hall.commands.options import config_option, json_option, open_to_us, state_option, wait_option
from hall.commands.output import local_time, print_json, print_table
from hall.condition import Condition, condition_of, unreachable
from hall.condition_devices import STATE_ZH as STATE_ZH
from hall.condition_devices import DeviceRow
from hall.trouble import Trouble
from hallqueue.errors import HallError

if TYPE_CHECKING:
    from hall.devices.configured import ConfiguredDevice

CHINA_OFFSET_MINUTES = 480
"""For the times of a hall whose keeper cannot be asked for its own."""
GONE = "已不在配置里 / no longer configured"
UNKNOWN = "不明 unknown"
MINUTE = len("2026-03-02 08:30")


@click.command()
@config_option
@state_option
@wait_option
@json_option
def status(config_file: Path | None, state: Path, wait: float, as_json: bool) -> None:
    """What is wrong, since when, who must act and what to do; exit 1 when anything is."""
    offset, configured = CHINA_OFFSET_MINUTES, devices_in(config_file, state)
    try:
        with keeper_of(state, wait) as hall:
            plan = hall.plan()
            condition = condition_of(hall.snapshot(), plan, hall.print_queue(), configured)
            offset = plan.calendar.utc_offset_minutes
    except HallError as error:
        condition = unreachable(error, time.time_ns() // 1_000_000, configured)
    if as_json:
        print_json(condition)
    else:
        _for_people(condition, offset)
    if condition.troubles:
        answer_no()


def devices_in(config_file: Path | None, state: Path) -> tuple[ConfiguredDevice, ...] | None:
    """The devices of ``hall.toml``; None where it is not there, or not to be read by this user."""
    from hall.config.load import find, load
    from hall.config.problems import ConfigInvalid
    from hall.devices.configured import configured_devices

    try:
        return configured_devices(load(find(config_file, state=open_to_us(state))))
    except ConfigInvalid as error:
        say(f"{error.what_zh}，只列出报告过的设备 / {error.what_en}: only devices that reported are listed")
        return None


def print_devices(rows: Sequence[DeviceRow], offset: int, *, with_counters: bool = False) -> None:
    """Every device in a line; but for the last column it fits a terminal of 80 columns."""
    last = "计数 counters" if with_counters else "地址 url"
    print_table(
        ("设备", "device", "状态 state", "代码 code", "自 since", last),
        [
            (
                row.device,
                row.zh,
                "-" if row.is_gone else f"{STATE_ZH.get(row.state, '')} {row.state}".strip(),
                "-" if row.is_gone else row.code or "-",
                local_time(row.since_ms, offset)[:MINUTE] if row.since_ms else "-",
                GONE if row.is_gone else row.counters if with_counters else row.url,
            )
            for row in rows
        ],
    )


def print_troubles(condition: Condition, offset: int) -> None:
    """What is wrong and then what else is to be known: since when, who must act and what to do."""
    for trouble in condition.troubles:
        _print_one(trouble, offset)
    if condition.notices:
        click.echo("\n注意 / notices:")
    for notice in condition.notices:
        _print_one(notice, offset)


def _print_one(one: Trouble, offset: int) -> None:
    since = f"，自 {local_time(one.since_ms, offset)}" if one.since_ms else ""
    code = f"{one.code} " if one.code else ""
    click.echo(f"\n{code}{one.what_zh} / {one.what_en}{since}")
    click.echo(f"    谁处理 / who: {ACTOR_ZH.get(one.who, one.who)} / {one.who}")
    click.echo(f"    怎么办 / do:  {one.remedy_zh} / {one.remedy_en}")


def _for_people(condition: Condition, offset: int) -> None:
    first, *others = _summary(condition)
    print_table(first, others)
    if condition.device_rows:
        click.echo("")
        print_devices(condition.device_rows, offset)
    if not condition.troubles:
        click.echo("\n一切正常 / all is well")
    print_troubles(condition, offset)


def _summary(condition: Condition) -> list[tuple[str, str]]:
    """The numbers of the hall, a line each."""
    queue, printing = condition.queue, condition.printing
    ratings, devices = condition.ratings, condition.devices
    return [
        ("日期 day", queue.day if queue else UNKNOWN),
        (
            "队列 queue",
            f"等待 {queue.waiting} waiting  已取 {queue.issued} issued  办结 {queue.done} done"
            f"  开窗 {queue.open_windows}/{queue.windows} open"
            if queue
            else UNKNOWN,
        ),
        (
            "打印 printing",
            f"待打 {printing.queued} queued  待处理 {printing.troubled} in trouble" if printing else UNKNOWN,
        ),
        (
            "评价 ratings",
            f"已评 {ratings.rated} rated  未评 {ratings.unrated} unrated" if ratings else UNKNOWN,
        ),
        (
            "设备 devices",
            f"正常 {devices.well}/{devices.total} well"
            + (f"  不明 {devices.unknown} unknown" if devices.unknown else "")
            if devices
            else UNKNOWN,
        ),
    ]

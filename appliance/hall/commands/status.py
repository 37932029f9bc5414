"""``hall status``: what is wrong, since when, who must act and what to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall.commands.connect import keeper_of
from hall.commands.failure import ACTOR_ZH, answer_no, say
from hall.commands.options import config_option, json_option, state_option, wait_option
from hall.commands.output import local_time, print_json, print_table
from hall.condition import Condition, DeviceRow, condition_of, unreachable
from hallqueue.errors import HallError

if TYPE_CHECKING:
    from hall.devices.configured import ConfiguredDevice

CHINA_OFFSET_MINUTES = 480
"""For the times of a hall whose keeper cannot be asked for its own."""


STATE_ZH = {
    "online": "正常",
    "busy": "使用中",
    "offline": "无应答",
    "absent": "未找到",
    "fault": "故障",
    "unknown": "不明",
}


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


def devices_in(config_file: Path | None, state: Path) -> tuple[ConfiguredDevice, ...]:
    """The devices of ``hall.toml``; none where it is not there, or not to be read by this user."""
    from hall.config.load import find, load
    from hall.config.problems import ConfigInvalid
    from hall.devices.configured import configured_devices

    try:
        return configured_devices(load(find(config_file, state=state)))
    except ConfigInvalid as error:
        say(f"{error.what_zh}，只列出报告过的设备 / {error.what_en}: only devices that reported are listed")
        return ()


def print_devices(rows: Sequence[DeviceRow], offset: int, *, with_counters: bool = False) -> None:
    """Every device in a line."""
    last = "计数 / counters" if with_counters else "地址 / url"
    print_table(
        ("设备", "", "状态", "代码", "自", last),
        [
            (
                row.device,
                row.zh,
                STATE_ZH.get(row.state, row.state),
                row.code or "-",
                local_time(row.since_ms, offset) if row.since_ms else "-",
                row.counters if with_counters else row.url,
            )
            for row in rows
        ],
    )


def _for_people(condition: Condition, offset: int) -> None:
    print_table(
        ("队列", "打印", "评价", "设备"),
        [(condition.queue, condition.printing, condition.ratings, condition.devices)],
    )
    if condition.device_rows:
        click.echo("")
        print_devices(condition.device_rows, offset)
    if not condition.troubles:
        click.echo("一切正常 / all is well")
    print_troubles(condition, offset)


def print_troubles(condition: Condition, offset: int) -> None:
    """What is wrong, since when, who must act and what to do."""
    for trouble in condition.troubles:
        since = f"，自 {local_time(trouble.since_ms, offset)}" if trouble.since_ms else ""
        click.echo(f"\n{trouble.code} {trouble.what_zh} / {trouble.what_en}{since}")
        click.echo(f"    谁处理 / who: {ACTOR_ZH.get(trouble.who, trouble.who)} / {trouble.who}")
        click.echo(f"    怎么办 / do:  {trouble.remedy_zh} / {trouble.remedy_en}")

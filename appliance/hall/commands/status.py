"""``hall status``: what is wrong, since when, who must act and what to do."""

from __future__ import annotations

import time
from pathlib import Path

import click

from hall.commands.connect import keeper_of
from hall.commands.failure import ACTOR_ZH, answer_no
from hall.commands.options import json_option, state_option, wait_option
from hall.commands.output import local_time, print_json, print_table
from hall.condition import Condition, condition_of, unreachable
from hallqueue.errors import HallError

CHINA_OFFSET_MINUTES = 480
"""For the times of a hall whose keeper cannot be asked for its own."""


@click.command()
@state_option
@wait_option
@json_option
def status(state: Path, wait: float, as_json: bool) -> None:
    """What is wrong, since when, who must act and what to do; exit 1 when anything is."""
    offset = CHINA_OFFSET_MINUTES
    try:
        with keeper_of(state, wait) as hall:
            plan = hall.plan()
            condition = condition_of(hall.snapshot(), plan, hall.print_queue())
            offset = plan.calendar.utc_offset_minutes
    except HallError as error:
        condition = unreachable(error, time.time_ns() // 1_000_000)
    if as_json:
        print_json(condition)
    else:
        _for_people(condition, offset)
    if condition.troubles:
        answer_no()


def _for_people(condition: Condition, offset: int) -> None:
    print_table(
        ("队列", "打印", "评价", "设备"),
        [(condition.queue, condition.printing, condition.ratings, condition.devices)],
    )
    if not condition.troubles:
        click.echo("一切正常 / all is well")
    for trouble in condition.troubles:
        since = f"，自 {local_time(trouble.since_ms, offset)}" if trouble.since_ms else ""
        click.echo(f"\n{trouble.code} {trouble.what_zh} / {trouble.what_en}{since}")
        click.echo(f"    谁处理 / who: {ACTOR_ZH.get(trouble.who, trouble.who)} / {trouble.who}")
        click.echo(f"    怎么办 / do:  {trouble.remedy_zh} / {trouble.remedy_en}")

"""``hall print``: the print jobs that need somebody."""

from __future__ import annotations

from pathlib import Path

import click

from hall.commands.connect import keeper_of
from hall.commands.enrol import enrol
from hall.commands.failure import say
from hall.commands.options import json_option, key_option, state_option, wait_option
from hall.commands.output import PRINT_ZH, local_time, print_json, print_table
from hallqueue.keeper.access import Role


@click.group("print")
def printing() -> None:
    """Print jobs: list them, answer an unknown one; enrol a printer."""


printing.add_command(enrol)


@printing.command("list")
@state_option
@wait_option
@json_option
def list_(state: Path, wait: float, as_json: bool) -> None:
    """Jobs that wait for the printer, and today's that went wrong."""
    with keeper_of(state, wait) as hall:
        queued = hall.print_queue()
        troubled = hall.snapshot().print_troubles
        offset = hall.plan().calendar.utc_offset_minutes
    jobs = {job.job: job for job in (*queued, *troubled)}
    if as_json:
        print_json([jobs[number] for number in sorted(jobs)])
        return
    print_table(
        ("任务", "票号", "状态", "补打", "排入时间", "原因"),
        [
            (
                j.job,
                j.ticket.number,
                PRINT_ZH[j.state],
                j.copy or "-",
                local_time(j.queued_ms, offset),
                j.reason,
            )
            for _, j in sorted(jobs.items())
        ],
    )
    if any(job.state == "unknown" for job in jobs.values()):
        say("“不明”的请看出纸口，再用 hall print answer 任务号 --came-out yes|no 回答")


@printing.command()
@click.argument("job", type=click.IntRange(min=1))
@click.option("--came-out", type=click.Choice(["yes", "no"]), required=True, help="出来了没有？")
@key_option
@state_option
@wait_option
@json_option
def answer(job: int, came_out: str, key: str, state: Path, wait: float, as_json: bool) -> None:
    """Say whether the paper of an unknown JOB came out; then it can be reprinted or forgotten."""
    with keeper_of(state, wait, Role.STAFF) as hall:
        settled = hall.print_answer(job, key=key, came_out=came_out == "yes")
    if as_json:
        print_json(settled)
    else:
        click.echo(f"任务 {settled.job}（{settled.ticket.number}）{PRINT_ZH[settled.state]}")
        if came_out == "no":
            say(f"要补打：hall ticket reprint {settled.ticket.number}")

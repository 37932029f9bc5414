"""``hall day``: the end of a day, and the word on the clock that days are reckoned by."""

from __future__ import annotations

from pathlib import Path

import click

from hall.commands.connect import keeper_of
from hall.commands.options import json_option, key_option, state_option, wait_option
from hall.commands.output import print_json
from hallqueue.keeper.access import Role


@click.group()
def day() -> None:
    """Close the day, open it again, confirm the clock."""


@day.command()
@click.option("--reason", required=True, help="Recorded, and shown to whoever still waits.")
@click.option("--force", is_flag=True, help="Also end what windows have in hand.")
@key_option
@state_option
@wait_option
@json_option
def close(reason: str, force: bool, key: str, state: Path, wait: float, as_json: bool) -> None:
    """解散: void everyone who still waits, with the reason; no more tickets today."""
    with keeper_of(state, wait) as hall:
        dissolved = hall.close_day(key=key, reason=reason, force=force)
    if as_json:
        print_json({"dissolved": dissolved})
    else:
        click.echo(f"当天已结束，作废 {dissolved} 张票 / the day is closed, {dissolved} tickets voided")


@day.command()
@key_option
@state_option
@wait_option
@json_option
def reopen(key: str, state: Path, wait: float, as_json: bool) -> None:
    """Take a closing of this day back: tickets are given out again. Who was voided stays void."""
    with keeper_of(state, wait) as hall:
        which = hall.reopen_day(key=key)
    if as_json:
        print_json({"day": which})
    else:
        click.echo(f"{which} 继续取号 / tickets are given out again on {which}")


@day.command("confirm-clock")
@key_option
@state_option
@wait_option
@json_option
def confirm_clock(key: str, state: Path, wait: float, as_json: bool) -> None:
    """The clock of this machine is right: follow a leap of days that the hall held back.

    Look at the date first (``date``): a day that once ran ahead cannot come back.
    """
    with keeper_of(state, wait, Role.ADMIN) as hall:
        which = hall.confirm_clock(key=key)
    if as_json:
        print_json({"day": which})
    else:
        click.echo(f"大厅现在是 {which} / the hall is on {which}")

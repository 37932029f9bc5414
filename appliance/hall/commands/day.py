"""``hall day``: the end of a day."""

from __future__ import annotations

from pathlib import Path

import click

from hall.commands.connect import keeper_of
from hall.commands.options import json_option, key_option, state_option, wait_option
from hall.commands.output import print_json


@click.group()
def day() -> None:
    """Close the day."""


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

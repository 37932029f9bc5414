"""Devices with several units on one line: how their numbers are written."""

from __future__ import annotations

from collections.abc import Callable

import click

from halldrivers.deviceurl import plain_number
from halldrivers.modbussim.line import MOST_UNITS


def units_option(usual: str, least: int, most: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """``--units``: numbers, each once, in the order of writing."""

    def numbers(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
        return unit_numbers(value, least, most)

    return click.option(
        "--units",
        callback=numbers,
        default=usual,
        show_default=True,
        help="The numbers set in the units, such as 1,2,5-8.",
    )


def unit_numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    """The numbers in ``1,2,5-8``; raise click.BadParameter with the fix."""
    found: dict[int, None] = {}
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        low = plain_number(first)
        high = plain_number(last) if dash else low
        if low is None or high is None or not least <= low <= high <= most:
            raise click.BadParameter(
                f"{part!r}：写成 1,2,5-8，从 {least} 到 {most} / write 1,2,5-8, from {least} to {most}"
            )
        found.update(dict.fromkeys(range(low, high + 1)))
    if len(found) > MOST_UNITS:
        raise click.BadParameter(f"一条线最多 {MOST_UNITS} 台 / a line has at most {MOST_UNITS} units")
    return tuple(found)

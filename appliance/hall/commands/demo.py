"""``hall demo``: a whole hall on simulated devices, to play with or to prove."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall.commands.failure import answer_no, say
from hall.commands.options import need_entry
from hall.commands.output import print_json

if TYPE_CHECKING:
    from hall.demo.settings import DemoSettings

HEADLESS_SPEED = 200.0


@click.command()
@click.option("--headless", is_flag=True, help="No screen: simulated people, one JSON verdict on stdout.")
@click.option(
    "--visitors",
    type=click.IntRange(1, 5000),
    default=50,
    show_default=True,
    help="How many come (headless).",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the people (headless).")
@click.option(
    "--speed",
    type=click.FloatRange(1, 1000),
    default=HEADLESS_SPEED,
    show_default=True,
    help="Simulated seconds per second (headless).",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, readable=False, path_type=Path),
    help="Keep everything in this folder; default a temporary one that goes away.",
)
@click.option(
    "--faults", is_flag=True, help="Unplug, jam, corrupt and silence devices, kill roles (headless)."
)
@click.option("--width", type=click.Choice(["58", "80"]), default="80", show_default=True, help="Paper, mm.")
def demo(
    headless: bool, visitors: int, seed: int, speed: float, state: Path | None, faults: bool, width: str
) -> None:
    """A whole hall in this terminal: citizen terminal, windows, screen, paper, rating pads."""
    from hall.demo.settings import DemoSettings

    if state is not None:
        need_entry(state / "hall.toml")
    with tempfile.TemporaryDirectory(prefix="hall-demo-") as temporary:
        folder = (state or Path(temporary)).resolve()
        if headless:
            settings = DemoSettings(
                folder, speed=speed, seed=seed, width_mm=int(width), draw_slips=False, faults=faults
            )
            _prove(settings, visitors)
        else:
            _play(DemoSettings(folder, seed=seed, width_mm=int(width)))


def _prove(settings: DemoSettings, visitors: int) -> None:
    from hall.demo.headless import run_headless

    report = asyncio.run(run_headless(settings, visitors))
    print_json(report)
    if not report["ok"]:
        for check in report["invariants"]:
            if not check["held"]:
                say(f"不成立 / did not hold: {check['name']}: {check['detail']}")
        answer_no()


def _play(settings: DemoSettings) -> None:
    from hall.demo.deck import play

    click.get_current_context().exit(play(settings))

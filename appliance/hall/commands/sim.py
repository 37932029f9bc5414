"""``hall sim``: simulated devices at the far end of a real wire."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import click

from hall.commands.failure import say


@click.group()
def sim() -> None:
    """Run one simulated device."""


@sim.command()
@click.argument("url")
@click.option(
    "--slips", type=click.Path(file_okay=False, path_type=Path), help="Keep each slip here as .png and .txt."
)
@click.option(
    "--width", type=click.Choice(["58", "80"]), default="80", show_default=True, help="Paper in mm."
)
@click.option(
    "--make",
    type=click.Choice(["epson", "chinese", "mute"]),
    default="chinese",
    show_default=True,
    help="What it answers: everything; the usual; nothing.",
)
def printer(url: str, slips: Path | None, width: str, make: str) -> None:
    """An ESC/POS printer at URL: tcp://127.0.0.1:9100 (port 0: a free one), or pty:///path/of/link.

    The URL that reaches it is printed when it is ready; each slip is shown as text. Ends with Ctrl-C.
    """
    from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, MUTE, PrinterSim, serve

    usual = CHINESE_58 if width == "58" else CHINESE_80
    abilities = {"epson": EPSON, "chinese": usual, "mute": MUTE}[make]
    printer = PrinterSim(width_mm=int(width), abilities=abilities, clock=time.monotonic, seed=0)
    printer.on_slip(lambda slip: say(f"{slip.text()}\n{'-' * 32}"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serve(url, printer, slips) as server:
        click.echo(server.url)
        stop.wait()

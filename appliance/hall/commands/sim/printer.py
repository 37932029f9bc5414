"""``hall sim printer``: the ESC/POS ticket printer."""

from __future__ import annotations

import time
from pathlib import Path

import click

from hall.commands.failure import say
from hall.commands.sim.attend import attend, kind
from hall.commands.sim.wire import CABLE_WORDS, cable_changes, check_place
from hall.commands.sim.words import Word, Words, count
from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, MUTE, PrinterSim, serve

WORDS: Words = {
    "no-paper": Word("没有纸了", "the roll is used up", PrinterSim.remove_paper),
    "leave-paper": Word(
        "纸还剩这么多点行",
        "let the roll end after so many dots",
        PrinterSim.leave_paper,
        (count("DOTS", 100_000),),
    ),
    "low": Word("纸快用完", "the near-end sensor sees a thin roll", PrinterSim.near_paper_end),
    "paper": Word("换一卷新纸", "load a new roll", PrinterSim.load_paper),
    "open": Word("打开上盖", "open the cover", PrinterSim.open_cover),
    "close": Word("合上上盖", "close the cover", PrinterSim.close_cover),
    "jam": Word("切刀卡住", "the cutter is jammed", PrinterSim.jam_cutter),
    "jam-next": Word("下次切纸时卡住", "the cutter jams when it is used next", PrinterSim.jam_at_next_cut),
    "clear": Word("排除卡刀", "free the cutter", PrinterSim.clear_jam),
    "hot": Word("打印头过热", "the head is too hot", PrinterSim.overheat),
    "cool": Word("打印头凉了", "the head is cool again", PrinterSim.cool_down),
    "broken": Word("出故障，关机再开才好", "an error until it is switched off and on", PrinterSim.break_down),
    **CABLE_WORDS,
}


@kind(WORDS)
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
def printer(url: str, faults: tuple[str, ...], slips: Path | None, width: str, make: str) -> None:
    """An ESC/POS printer at URL: tcp://127.0.0.1:9100 (port 0: a free one), pty: or pty:///path/of/link.

    Each slip is shown as text.
    """
    usual = CHINESE_58 if width == "58" else CHINESE_80
    abilities = {"epson": EPSON, "chinese": usual, "mute": MUTE}[make]
    device = PrinterSim(width_mm=int(width), abilities=abilities, clock=time.monotonic, seed=0)
    device.on_slip(lambda slip: say(f"{slip.text()}\n{'-' * 32}"))
    with serve(check_place(url), device, slips) as server:
        attend(device, WORDS, faults, (server.url,), cable_changes(device))

"""``hall sim KIND URL``: simulated devices at the far end of a real wire, a folder or a network.

    __init__    the kinds
    words       what can be told to a simulator: one table of words for help, standard input and --fault
    attend      a simulator that stands there: its URL, its words, what is seen of it, its end
    wire        what can be done to any device with a cable
    units       devices with several units on one line

and a module for each kind or two, with its table. Everything that a simulator can do is the simulator's own,
in the room of the drivers; here are only the words for it.
"""

from __future__ import annotations

import importlib

import click

KINDS: dict[str, tuple[str, str]] = {
    "barcode": ("hall.commands.sim.barcode:barcode", "扫码枪: a barcode reader on a serial line."),
    "callers": ("hall.commands.sim.callers:callers", "叫号器: clerks' callers on an RS-485 line."),
    "camera": ("hall.commands.sim.camera:camera", "高拍仪: a document camera, as a folder of pictures."),
    "idcard": ("hall.commands.sim.idcard:idcard", "读卡器: an ID-card reader, with SAM or STX frames."),
    "pad": ("hall.commands.sim.padbox:pad", "评价器: a rating box with a serial line of its own."),
    "pads": ("hall.commands.sim.modbus:pads", "评价器: rating pads on a Modbus RTU line."),
    "printer": ("hall.commands.sim.printer:printer", "打印机: an ESC/POS ticket printer."),
    "scanner": ("hall.commands.sim.scanner:scanner", "扫描仪: a network scanner (eSCL)."),
    "signs": ("hall.commands.sim.modbus:signs", "窗口屏: digit signs on a Modbus RTU line."),
}
"""Kind to the place of its command and its line in the help. A kind's module is imported when it is used."""


class Kinds(click.Group):
    """One verb for each kind of device."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All kinds by name."""
        return sorted(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A kind's command, imported now."""
        if cmd_name not in KINDS:
            return None
        module, name = KINDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The kinds with their lines, without importing any."""
        with formatter.section("Kinds"):
            formatter.write_dl([(kind, KINDS[kind][1]) for kind in self.list_commands(ctx)])


@click.group(cls=Kinds)
def sim() -> None:
    """Run one simulated device alone, at the far end of a wire that a driver opens as it opens a real one.

    When it is ready, what to write in hall.toml stands on stdout, a line for each device. Then it takes
    commands from stdin, one a line (help lists them), and says on stderr what is seen of it. Ctrl-C ends it.
    """

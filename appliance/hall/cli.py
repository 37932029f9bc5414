"""The ``hall`` command: the table of its verbs.

Only this table is read for ``hall --help``; a verb's module is imported when the verb is used, and what
the verb needs (the store, Textual, the drivers) when it runs. On a Pi that is the difference between
an answer at once and one after seconds.
"""

from __future__ import annotations

import importlib

import click

from hall import __version__
from hall.commands.failure import Failing

VERBS: dict[str, tuple[str, str]] = {
    "at": ("hall.commands.window:at", "Work at a window: start, finish, pass, hold, transfer ..."),
    "backup": ("hall.commands.upkeep:backup", "Copy the database while the hall goes on."),
    "call": ("hall.commands.window:call", "叫号: call the next ticket, or a certain one, to a window."),
    "config": ("hall.commands.config:config", "Check or show hall.toml."),
    "day": ("hall.commands.day:day", "Close the day."),
    "demo": ("hall.commands.demo:demo", "A whole hall on simulated devices, in this terminal."),
    "doctor": ("hall.commands.doctor:doctor", "Every device and fault, and what is plugged in unconfigured."),
    "print": (
        "hall.commands.printing:printing",
        "Print jobs: list them, answer an unknown one; enrol a printer.",
    ),
    "run": ("hall.commands.run:run", "Run one role in the foreground (what systemd starts)."),
    "screen": ("hall.commands.run:screen", "大屏: the hall screen."),
    "sim": ("hall.commands.sim:sim", "Run one simulated device."),
    "status": ("hall.commands.status:status", "What is wrong, since when, who must act and what to do."),
    "terminal": ("hall.commands.run:terminal", "自助终端: the citizen terminal."),
    "test": ("hall.commands.test:test", "Check one device: internal, external, with you."),
    "ticket": ("hall.commands.ticket:ticket", "Tickets: issue, list, show, void, reprint, return."),
    "verify": ("hall.commands.upkeep:verify", "Prove the log, the numbers and the other invariants."),
    "window": ("hall.commands.run:window", "窗口: the console of one window."),
}
"""Verb to the place of its command and the line that the help shows."""


class Front(Failing):
    """A group whose verbs are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs by name."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, imported now."""
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs with their lines, from the table, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, VERBS[verb][1]) for verb in self.list_commands(ctx)])


@click.group(cls=Front, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="hall")
def main() -> None:
    """Hall: one Raspberry Pi, one township service hall.

    Data goes to stdout, everything said about it to stderr. Exit status: 0 done, 1 the answer is no
    (refused, or something is wrong), 2 wrong usage or configuration. Verbs that print data take --json.
    """

"""``hall run ROLE`` and the screens: one process each, in the foreground."""

from __future__ import annotations

from pathlib import Path

import click

from hall.commands.options import config_option, socket_of, state_option
from hallqueue.paths import StateFolder


@click.group()
def run() -> None:
    """Run one role in the foreground (what systemd starts)."""


@run.command()
@config_option
@state_option
def queue(config_file: Path | None, state: Path) -> None:
    """The keeper: the only process that opens the database."""
    from hall import roles
    from hall.config.load import find, load

    roles.log_to_stderr()
    config = load(find(config_file, state=state), with_accounts=True)
    roles.queue(config, StateFolder(state), socket_of(state))


@run.command()
@config_option
@state_option
def printer(config_file: Path | None, state: Path) -> None:
    """The spooler: prints what was recorded and reports what became of it."""
    from hall import roles
    from hall.config.load import find, load

    roles.log_to_stderr()
    loaded = load(find(config_file, state=state))
    if loaded.printer is None:
        raise click.UsageError(
            f"{loaded.source} 的 [printing] 没有 device / no printer: [printing] has no device"
        )
    roles.printer(loaded, socket_of(state))


@run.command()
@config_option
@state_option
def evaluator(config_file: Path | None, state: Path) -> None:
    """The rating desk: lights the pads and takes the presses; and the signs above the windows."""
    from hall import roles
    from hall.config.load import find, load

    roles.log_to_stderr()
    loaded = load(find(config_file, state=state))
    if not (loaded.pads or loaded.signs):
        raise click.UsageError(
            f"{loaded.source} 没有 [pads] 也没有 [signs] / neither [pads] nor [signs] has a device"
        )
    roles.evaluator(loaded, socket_of(state))


@run.command()
@config_option
@state_option
def keypad(config_file: Path | None, state: Path) -> None:
    """The clerks' hardware keypads: call, finish, pass ... by one key."""
    from hall import roles
    from hall.config.load import find, load

    roles.log_to_stderr()
    loaded = load(find(config_file, state=state))
    if not loaded.callers:
        raise click.UsageError(
            f"{loaded.source} 没有 [callers]，没有叫号器可用 / no caller: [callers] is empty"
        )
    roles.keypad(loaded, socket_of(state))


@click.command()
@click.option("--kiosk", is_flag=True, help="No way out by the keyboard, for the machine in the hall.")
@config_option
@state_option
def terminal(kiosk: bool, config_file: Path | None, state: Path) -> None:
    """自助终端: the citizen terminal."""
    from hall import roles
    from hall.config.load import find, load

    click.get_current_context().exit(
        roles.terminal(load(find(config_file, state=state)), StateFolder(state), socket_of(state), kiosk)
    )


@click.command()
@click.argument("number", metavar="N", type=click.IntRange(1, 99))
@click.option("--clerk", default="", help="Who works at the window; it is recorded.")
@config_option
@state_option
def window(number: int, clerk: str, config_file: Path | None, state: Path) -> None:
    """窗口: the console of window N."""
    from hall import roles
    from hall.config.load import find, load
    from hallqueue.errors import UnknownWindow

    loaded = load(find(config_file, state=state))
    if loaded.plan.window(number) is None:
        raise UnknownWindow(window=number)
    click.get_current_context().exit(roles.window(loaded, socket_of(state), number, clerk))


@click.command()
@config_option
@state_option
def screen(config_file: Path | None, state: Path) -> None:
    """大屏: the hall screen."""
    from hall import roles
    from hall.config.load import find, load

    click.get_current_context().exit(roles.screen(load(find(config_file, state=state)), socket_of(state)))

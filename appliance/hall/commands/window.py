"""``hall call`` and ``hall at``: the work of a window, for scripts and halls without a console.

These act in the window's name (role ``window``), so the keeper holds them to that window.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from hall.commands.connect import keeper_of
from hall.commands.options import json_option, key_option, state_option, wait_option
from hall.commands.output import print_json, print_ticket
from hallqueue.keeper.access import Role
from hallqueue.syncclient import SyncHallClient
from hallqueue.views import WindowView

F = TypeVar("F", bound=Callable[..., Any])

_WINDOW_ZH = {"closed": "未开窗", "open": "开放", "paused": "暂停"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The window that the verbs after ``hall at N`` act for."""

    window: int
    clerk: str
    state: Path
    wait: float

    def keeper(self) -> AbstractContextManager[SyncHallClient]:
        """A session of this window."""
        return keeper_of(self.state, self.wait, Role.WINDOW, self.window, self.clerk)


_NUMBER = click.IntRange(1, 99)
_clerk = click.option("--clerk", default="", help="Who works at the window; it is recorded.")
_pass_window = click.make_pass_decorator(int)


@click.command()
@click.argument("window", type=_NUMBER)
@click.option("--ticket", "which", metavar="TICKET", help="This ticket instead of the next one.")
@_clerk
@key_option
@state_option
@wait_option
@json_option
def call(
    window: int, which: str | None, clerk: str, key: str, state: Path, wait: float, as_json: bool
) -> None:
    """叫号: call the next ticket, or a certain one, to a WINDOW."""
    with Desk(window, clerk, state, wait).keeper() as hall:
        if which is None:
            called = hall.call_next(window, key=key)
        else:
            called = hall.call_ticket(window, hall.ticket(which).ticket, key=key)
    print_ticket(called, as_json)


@click.group()
@click.argument("window", type=_NUMBER)
@click.pass_context
def at(ctx: click.Context, window: int) -> None:
    """Work at a WINDOW: ``hall at 3 start``."""
    ctx.obj = window


def _verb(name: str) -> Callable[[F], click.Command]:
    """A verb of ``hall at N``: gets its desk, a key and ``as_json``, beside options of its own."""

    def register(function: F) -> click.Command:
        @functools.wraps(function)
        def verb(window: int, /, *, clerk: str, state: Path, wait: float, **own: Any) -> None:
            function(Desk(window, clerk, state, wait), **own)

        options = (_clerk, key_option, state_option, wait_option, json_option)
        command = functools.reduce(lambda done, option: option(done), reversed(options), _pass_window(verb))
        return at.command(name)(command)

    return register


@_verb("recall")
def recall(desk: Desk, key: str, as_json: bool) -> None:
    """重呼 the called ticket."""
    with desk.keeper() as hall:
        print_ticket(hall.recall(desk.window, key=key), as_json)


@_verb("start")
def start(desk: Desk, key: str, as_json: bool) -> None:
    """开始办理 the called ticket."""
    with desk.keeper() as hall:
        print_ticket(hall.start(desk.window, key=key), as_json)


@click.option("--then", default="", metavar="SERVICE", help="A further service for the same ticket.")
def _finish(desk: Desk, then: str, key: str, as_json: bool) -> None:
    """办结 the matter; the citizen is asked for a rating."""
    with desk.keeper() as hall:
        finished = hall.finish(desk.window, key=key, then=then)
    if as_json:
        print_json(finished)
    else:
        print_ticket(finished.ticket, False)


finish = _verb("finish")(_finish)


@_verb("pass")
def pass_(desk: Desk, key: str, as_json: bool) -> None:
    """过号: the called one did not come."""
    with desk.keeper() as hall:
        print_ticket(hall.pass_ticket(desk.window, key=key), as_json)


@click.option("--reason", default="", help="Such as 补材料.")
def _hold(desk: Desk, reason: str, key: str, as_json: bool) -> None:
    """挂起 the ticket being served."""
    with desk.keeper() as hall:
        print_ticket(hall.hold(desk.window, key=key, reason=reason), as_json)


hold = _verb("hold")(_hold)


@click.argument("which", metavar="TICKET")
def _resume(desk: Desk, which: str, key: str, as_json: bool) -> None:
    """恢复办理 a ticket that this window holds."""
    with desk.keeper() as hall:
        print_ticket(hall.resume(desk.window, hall.ticket(which).ticket, key=key), as_json)


resume = _verb("resume")(_resume)


@click.argument("service")
@click.option(
    "--to", "to_window", default=0, type=click.IntRange(0, 99), help="Only this window may call it."
)
def _transfer(desk: Desk, service: str, to_window: int, key: str, as_json: bool) -> None:
    """转移 the ticket in hand to a SERVICE; it keeps its number and its arrival."""
    with desk.keeper() as hall:
        print_ticket(hall.transfer(desk.window, service, key=key, to_window=to_window), as_json)


transfer = _verb("transfer")(_transfer)


@_verb("open")
def open_(desk: Desk, key: str, as_json: bool) -> None:
    """开窗, or back from a pause."""
    with desk.keeper() as hall:
        _print_window(hall.open_window(desk.window, key=key, clerk=desk.clerk), as_json)


@click.option("--reason", default="", help="Shown at the window.")
def _pause(desk: Desk, reason: str, key: str, as_json: bool) -> None:
    """暂停: finish what is in hand, take nobody new."""
    with desk.keeper() as hall:
        _print_window(hall.pause_window(desk.window, key=key, reason=reason), as_json)


pause = _verb("pause")(_pause)


@_verb("close")
def close(desk: Desk, key: str, as_json: bool) -> None:
    """关窗."""
    with desk.keeper() as hall:
        _print_window(hall.close_window(desk.window, key=key), as_json)


def _print_window(window: WindowView, as_json: bool) -> None:
    if as_json:
        print_json(window)
    else:
        click.echo(f"{window.number}号窗口 {_WINDOW_ZH[window.state]}，可叫 {window.waiting} 人")

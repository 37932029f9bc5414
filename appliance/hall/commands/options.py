"""Options that several verbs share, so that they are spelled alike everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hallqueue.paths import StateFolder

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_STATE = Path("/var/lib/hall")
_SOCKET = "hall.socket"


def state_option(command: F) -> F:
    """``--state DIR``, the keeper's folder, and ``--socket PATH`` where its socket is elsewhere."""
    with_socket = click.option(
        "--socket",
        type=click.Path(path_type=Path),
        envvar="HALL_SOCKET",
        expose_value=False,
        callback=_remember_socket,
        help="The keeper's socket (or $HALL_SOCKET); default hall.sock in the state folder.",
    )(command)
    return click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        default=DEFAULT_STATE,
        envvar="HALL_STATE",
        show_default=True,
        help="The state folder (or $HALL_STATE).",
    )(with_socket)


def _remember_socket(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.meta[_SOCKET] = value


def socket_of(state: Path) -> Path:
    """Where the keeper of a state folder listens, by the command line.

    The state folder belongs to the keeper's user alone; for other users the keeper listens outside it.
    """
    named = click.get_current_context().meta.get(_SOCKET)
    return named if isinstance(named, Path) else StateFolder(state).socket


def config_option(command: F) -> F:
    """``--config FILE``: the configuration."""
    return click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        help="The configuration; else $HALL_CONFIG, else /etc/hall/hall.toml.",
    )(command)


def json_option(command: F) -> F:
    """``--json``: data for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def key_option(command: F) -> F:
    """``--key TEXT``: the idempotency key; a fresh one when left out."""
    return click.option(
        "--key",
        default=lambda: str(uuid.uuid4()),
        help="Idempotency key: the same key again does nothing twice. Default: a new one.",
    )(command)


def wait_option(command: F) -> F:
    """``--wait SECONDS``: patience with a keeper that is restarting."""
    return click.option(
        "--wait",
        type=click.FloatRange(min=0),
        default=3.0,
        show_default=True,
        help="Seconds to wait for the keeper.",
    )(command)

"""Options that several verbs share, so that they are spelled alike everywhere."""

from __future__ import annotations

import contextlib
import os
import pwd
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hallqueue.paths import StateFolder

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_STATE = Path("/var/lib/hall")
KEEPER_USER = "hall"
_SOCKET = "hall.socket"


def state_option(command: F) -> F:
    """``--state DIR``, the keeper's folder, and ``--socket PATH`` where its socket is elsewhere."""
    with_socket = click.option(
        "--socket",
        type=click.Path(readable=False, path_type=Path),
        envvar="HALL_SOCKET",
        expose_value=False,
        callback=_remember_socket,
        help="The keeper's socket (or $HALL_SOCKET); default hall.sock in the state folder.",
    )(command)
    return click.option(
        "--state",
        # Not every user may look into it; who must, is told by socket_of.
        type=click.Path(file_okay=False, readable=False, path_type=Path),
        default=DEFAULT_STATE,
        envvar="HALL_STATE",
        show_default=True,
        help="The state folder (or $HALL_STATE).",
    )(with_socket)


def _remember_socket(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.meta[_SOCKET] = value


def socket_of(state: Path) -> Path:
    """Where the keeper of a state folder listens, by the command line; UsageError where we may not go.

    The state folder belongs to the keeper's user alone; for other users the keeper listens outside it.
    """
    named = click.get_current_context().meta.get(_SOCKET)
    socket = named if isinstance(named, Path) else StateFolder(state).socket
    need_entry(socket)
    return socket


def need_entry(path: Path) -> None:
    """UsageError, with whom to be instead, where this user may not come to the folder of a path."""
    try:
        path.stat()
    except PermissionError:
        user = _owner_of_closed(path)
        verb = click.get_current_context().command_path.partition(" ")[2]
        raise click.UsageError(
            f"当前用户不能进入 {path.parent}，请用 sudo -u {user} hall {verb} / "
            f"this user may not enter {path.parent}: use sudo -u {user} hall {verb}"
        ) from None
    except OSError:
        return


def open_to_us(state: Path) -> Path | None:
    """The state folder, or None where this user may not look into it."""
    return state if os.access(state, os.R_OK | os.X_OK, effective_ids=True) else None


def _owner_of_closed(path: Path) -> str:
    """The user of the first folder on the way that is closed to us; the keeper's, by custom, if unknown."""
    for folder in reversed(path.absolute().parents):
        if not os.access(folder, os.X_OK, effective_ids=True):
            with contextlib.suppress(OSError, KeyError):
                return pwd.getpwuid(folder.stat().st_uid).pw_name
            break
    return KEEPER_USER


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

"""The command's line to the keeper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hall.commands.options import socket_of
from hallqueue.keeper.access import Role
from hallqueue.syncclient import SyncHallClient


@contextmanager
def keeper_of(
    state: Path, wait: float, role: Role = Role.STAFF, window: int = 0, clerk: str = ""
) -> Iterator[SyncHallClient]:
    """A client of the keeper that keeps ``state``; KeeperGone when it does not answer within ``wait``."""
    client = SyncHallClient(socket_of(state), role.value, window, clerk, give_up_s=wait)
    try:
        yield client
    finally:
        client.close()

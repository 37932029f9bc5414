"""The keeper's socket in the file system: binding it, reaching it, however long its path is.

``sun_path`` holds 107 bytes and the end (unix(7)); a longer path is reached through its folder's
descriptor as ``/proc/self/fd/N/hall.sock``. The socket's mode is 0666 because the policy on the
peer's credentials decides (:mod:`hallqueue.keeper.access`), and a refusal should be a sentence, not EACCES;
who may reach it at all is up to the folder that it lies in.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from hallqueue.errors import KeeperRunning
from hallqueue.keeper.peer import peer_of
from hallqueue.paths import storage_trouble

PATH_MAX = 107
"""Bytes of a Unix socket's path."""
BACKLOG = 128


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name for ``path`` that fits, valid inside the block."""
    if len(os.fsencode(path)) <= PATH_MAX:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def connect(path: Path, timeout_s: float) -> socket.socket:
    """A connected socket, blocking with the timeout. Raises OSError."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        line.settimeout(timeout_s)
        with _short(path) as name:
            line.connect(name)
    except BaseException:
        line.close()
        raise
    return line


def listen(path: Path) -> socket.socket:
    """A listening, non-blocking socket at ``path``; a stale one is removed.

    Call it under the state folder's lock. Raises KeeperRunning when somebody answers there already
    (two state folders, one socket path), or a storage error when the folder cannot be written.
    """
    _remove_stale(path)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    try:
        with _short(path) as name:
            line.bind(name)
        os.chmod(path, 0o666)
        line.listen(BACKLOG)
    except OSError as error:
        line.close()
        raise storage_trouble(error, path) from error
    return line


def _remove_stale(path: Path) -> None:
    try:
        other = connect(path, timeout_s=1.0)
    except FileNotFoundError:
        return
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            try:
                path.unlink()
            except PermissionError as error:
                raise storage_trouble(error, path) from error
        return
    with other:
        raise KeeperRunning(path=str(path), pid=peer_of(other).pid)

"""One keeper per state folder.

``flock`` on ``keeper.lock``: the kernel lets go of it when the process ends, however it ends, so a
lock never needs to be broken by hand. The file's text is the holder's process id, for the message.
"""

from __future__ import annotations

import fcntl
import os
from types import TracebackType
from typing import Self

from hallqueue.errors import KeeperRunning
from hallqueue.paths import StateFolder, storage_trouble


class KeeperLock:
    """The right to be the keeper of a state folder, held until :meth:`release`.

    Raises KeeperRunning with the path and the other's pid, StorageReadOnly when the folder cannot be
    written.
    """

    def __init__(self, folder: StateFolder) -> None:
        folder.prepare()
        try:
            self._descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise storage_trouble(error, folder.lock) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            self._descriptor = -1
            raise KeeperRunning(path=str(folder.path), pid=holder or "?") from None
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            self.release()
            raise storage_trouble(error, folder.lock) from error

    def release(self) -> None:
        """Let another keeper have the folder; safe to call again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(folder: StateFolder) -> bool:
    """Whether a living keeper holds the folder; True when this user may not even look."""
    try:
        with folder.lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except FileNotFoundError:
        return False
    return False

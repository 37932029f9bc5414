"""The symbolic link behind which a simulated serial device is found: one simulator has it at a time.

Rules, before the code:

1. Who serves a link holds a socket with its name in Linux's abstract namespace (unix(7)). The kernel takes
   that back however the holder ends, so a killed simulator leaves nothing that would look alive. The number
   behind `/dev/pts/` says nothing: it goes to the next terminal that is opened.
2. What a simulator has left behind is replaced without ado; what no simulator can have made (a file, a
   folder, the link that udev made to a real port) is left alone and told.
3. At the end the link goes away only if it still leads to our own pseudo-terminal.
"""

import errno
import hashlib
import os
import socket
from pathlib import Path

from halldrivers.errors import Actor, DeviceError

_TERMINALS = "/dev/pts/"


class LinkUnusable(DeviceError, OSError):
    """Raised when a simulator cannot have its link: another one has it, or something else is there."""

    code = "D-09"
    what_zh = "模拟设备的位置用不了"
    what_en = "the place of the simulated device cannot be used"
    who = Actor.TECHNICIAN
    remedy_zh = "换一个位置，例如 pty:///tmp/hall-2；被另一个模拟器占着，也可以先结束它（Ctrl-C）"
    remedy_en = "take another place, such as pty:///tmp/hall-2, or end the simulator that has it (Ctrl-C)"


class DeviceLink:
    """A link that is ours until :meth:`close`. Raises LinkUnusable, and then holds nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._target = ""
        self._held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._reserve()
            self._look()
        except LinkUnusable:
            self._held.close()
            raise

    def lead_to(self, target: str) -> None:
        """Let the link lead to a terminal from now on."""
        self._look()
        try:
            self._path.unlink(missing_ok=True)
            self._path.symlink_to(target)
        except OSError as error:
            raise LinkUnusable(f"{self._path}: {error.strerror}") from error
        self._target = target

    def remove(self) -> None:
        """Take the link away, if it is still ours; it stays reserved."""
        if self._target and _target_of(self._path) == self._target:
            self._path.unlink(missing_ok=True)
        self._target = ""

    def close(self) -> None:
        """Take the link away and let others have it; idempotent."""
        self.remove()
        self._held.close()

    def _reserve(self) -> None:
        try:
            self._held.bind(_name(self._path))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise LinkUnusable(f"{self._path}: {error.strerror}") from error
            raise LinkUnusable(
                f"{self._path}: another simulator serves it", f"{self._path}：另一个模拟器正在用"
            ) from error

    def _look(self) -> None:
        """Refuse a place where something is that no simulator has made."""
        if os.path.lexists(self._path) and not _target_of(self._path).startswith(_TERMINALS):
            raise LinkUnusable(f"{self._path}: no simulator made this", f"{self._path}：这不是模拟器建的")


def _name(path: Path) -> str:
    """The same for every spelling of a path; hashed, because the names of sockets are short."""
    place = os.path.join(os.path.realpath(path.parent), path.name)
    return "\0hall-sim-" + hashlib.sha256(os.fsencode(place)).hexdigest()


def _target_of(path: Path) -> str:
    """Where a link leads; empty for what is no link."""
    try:
        return os.readlink(path)
    except OSError:
        return ""

"""Where a simulated device's connections come from: a listening socket, or a pseudo-terminal."""

import os
import select
import shutil
import socket
import tempfile
import tty
from collections.abc import Callable
from pathlib import Path

from halldrivers.errors import DeviceError, PortGone
from halldrivers.fdport import FdTransport, open_failure
from halldrivers.simwire.link import DeviceLink
from halldrivers.transport import Transport

_LOOK_S = 0.05
"""How soon a waiting accept notices that it shall stop."""


class _OpenFd(FdTransport):
    """A transport on a descriptor that somebody else has opened."""

    def __init__(self, name: str, fd: int) -> None:
        super().__init__(name)
        os.set_blocking(fd, False)
        self._fd = fd

    def _open_fd(self) -> int:
        raise PortGone(f"{self.name}: this connection is over")


class TcpEndpoint:
    """A listening socket that takes one connection at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._listener: socket.socket | None = self._listen()
        self._port = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """`tcp://host:port` with the real port."""
        return f"tcp://{self._host}:{self._port}"

    def accept(self, stopped: Callable[[], bool]) -> Transport | None:
        """Wait for a connection; None when stopped."""
        if self._listener is None:
            self._listener = self._listen()
        poller = select.poll()
        poller.register(self._listener, select.POLLIN)
        while not stopped():
            if poller.poll(_LOOK_S * 1000):
                connection, peer = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return _OpenFd(f"tcp from {peer[0]}:{peer[1]}", connection.detach())
        return None

    def refuse(self) -> None:
        """Stop listening: connecting is refused."""
        self.close()

    def close(self) -> None:
        """Stop listening; idempotent."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
            listener.listen(1)
        except OSError as error:
            listener.close()
            raise open_failure(error, self.url) from error
        return listener


class PtyEndpoint:
    """A pseudo-terminal behind a symbolic link that stays the same when the device comes back."""

    def __init__(self, link: Path | None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="hall-sim-")) if link is None else None
        self._path = link or Path(str(self._folder), "device")
        self._master: int | None = None
        self._slave: int | None = None
        self._link = DeviceLink(self._path)
        try:
            self._appear()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """`serial://` and the link."""
        return f"serial://{self._path}"

    def accept(self, stopped: Callable[[], bool]) -> Transport | None:
        """The wire is there as soon as the device is; it outlives its openers, as a serial line does."""
        if stopped():
            return None
        if self._master is None:
            self._appear()
        if self._master is None:
            return None
        return _OpenFd(f"pty {self._path}", os.dup(self._master))

    def refuse(self) -> None:
        """The device node goes away; its place stays ours."""
        # The link first: the number of a terminal that is closed goes to the next one.
        self._link.remove()
        for fd in (self._master, self._slave):
            if fd is not None:
                os.close(fd)
        self._master = self._slave = None

    def close(self) -> None:
        """Take the device and the link away; idempotent."""
        self.refuse()
        self._link.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _appear(self) -> None:
        # Our own open slave keeps the line alive between two openers; without it the master reads EIO.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        try:
            self._link.lead_to(os.ttyname(self._slave))
        except DeviceError:
            self.refuse()
            raise

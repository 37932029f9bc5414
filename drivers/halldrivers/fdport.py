"""Bounded reading and writing of a file descriptor: what TCP, serial and /dev/usb/lp* have in common.

Every descriptor is non-blocking and every wait is a `poll` with a deadline, so that a printer that stops
taking data (out of paper, cable half out) costs the time-out and never the process. python-escpos' serial
class hangs for ever in that case.
"""

import errno
import fcntl
import os
import select
import struct
import termios
import time
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from halldrivers.errors import DeviceError, PortAbsent, PortBusy, PortClosed, PortDenied, PortGone

_NOT_NOW = {errno.EAGAIN, errno.EINTR}


def open_failure(error: OSError, name: str) -> DeviceError:
    """The error that tells a person why `name` could not be opened."""
    detail = f"{name}: {error.strerror or error}"
    if error.errno in (errno.EACCES, errno.EPERM):
        return PortDenied(detail)
    if error.errno in (errno.EBUSY, errno.EAGAIN, errno.EADDRINUSE):
        return PortBusy(detail)
    return PortAbsent(detail)


class FdTransport(ABC):
    """A transport on one non-blocking descriptor; subclasses open and close it."""

    _block_bytes = 65536
    """Most bytes given to one `write` call."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fd: int | None = None

    def __repr__(self) -> str:
        state = "closed" if self._fd is None else "open"
        return f"<{type(self).__name__} {self.name} {state}>"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Open the descriptor; nothing to do when it is open."""
        if self._fd is None:
            self._fd = self._open_fd()

    def close(self) -> None:
        """Close the descriptor; nothing to do when it is closed."""
        fd, self._fd = self._fd, None
        if fd is not None:
            self._close_fd(fd)

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """Return what is there, or `b""` after `timeout_s`; raise `PortGone` when the other end is gone."""
        fd = self._open_or_raise()
        deadline = time.monotonic() + timeout_s
        while True:
            if not self._wait(fd, select.POLLIN, deadline):
                return b""
            try:
                data = os.read(fd, max_bytes)
            except OSError as error:
                if error.errno not in _NOT_NOW and not self._is_mute(error, deadline):
                    raise self._gone(error.strerror or str(error), 0) from error
                continue
            if data or not self._silence_is_not_end(fd, deadline):
                return data

    def write(self, data: bytes, timeout_s: float) -> int:
        """Return how many bytes were accepted within `timeout_s`; raise `PortGone` when the wire breaks."""
        fd = self._open_or_raise()
        deadline = time.monotonic() + timeout_s
        accepted = 0
        while accepted < len(data) and self._wait(fd, select.POLLOUT, deadline, accepted):
            try:
                accepted += os.write(fd, data[accepted : accepted + self._block_bytes])
            except OSError as error:
                if error.errno == errno.ENOSPC:  # usblp: the printer reports paper out
                    break
                if error.errno not in _NOT_NOW:
                    raise self._gone(error.strerror or str(error), accepted) from error
        return accepted

    def unsent_bytes(self) -> int | None:
        """Of what was accepted, the bytes that this machine has not put on the line yet, as far as it knows.

        None for what is no serial line: there nothing waits on this side, or the other end cannot tell.
        """
        fd = self._open_or_raise()
        if not os.isatty(fd):
            return None
        try:
            return int(struct.unpack("i", fcntl.ioctl(fd, termios.TIOCOUTQ, bytes(4)))[0])
        except OSError:
            return None

    @abstractmethod
    def _open_fd(self) -> int:
        """Open the device and return its non-blocking descriptor."""

    def _close_fd(self, fd: int) -> None:
        os.close(fd)

    def _silence_is_not_end(self, fd: int, deadline: float) -> bool:
        """What an empty read means: True to go on waiting; by default the other end has closed."""
        raise self._gone("closed by the other end", 0)

    def _is_mute(self, error: OSError, deadline: float) -> bool:
        """Whether a failed read only means a device that never sends; it has then waited."""
        return False

    def _open_or_raise(self) -> int:
        if self._fd is None:
            raise PortClosed(self.name)
        return self._fd

    def _gone(self, why: str, accepted: int) -> PortGone:
        """The error to raise for a broken wire, which is closed so that it can be opened again."""
        self.close()
        return PortGone(f"{self.name}: {why}", accepted)

    def _wait(self, fd: int, event: int, deadline: float, accepted: int = 0) -> bool:
        """Wait until `fd` is ready; False at the deadline. A hang-up with nothing to read is `PortGone`."""
        poller = select.poll()
        poller.register(fd, event)
        ready = poller.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            return False
        flags = ready[0][1]
        if flags & select.POLLNVAL or (flags & (select.POLLHUP | select.POLLERR) and not flags & event):
            raise self._gone("hung up", accepted)
        return True

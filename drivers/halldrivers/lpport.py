"""USB printers through the kernel's usblp driver (/dev/usb/lp0).

What usblp does, read in its source, and what this module does about it:

* A non-blocking `write` returns the full count before delivery, and `close` cancels what is in flight:
  so `close` first waits (bounded) until the device is writable again.
* It works in blocks of 8192 bytes; a printer that is out of paper keeps `write` at EAGAIN.
* A second `open` gives EBUSY: a free lock.
* `read` on a unidirectional printer gives EINVAL: such a printer is silent, which is not an error.
* An empty `read` means an empty USB transfer, not the end.
"""

import errno
import os
import select
import stat
import time

from halldrivers.errors import BadUrl
from halldrivers.fdport import FdTransport, open_failure

BLOCK_BYTES = 8192
_CLOSE_WAIT_S = 2.0
_EMPTY_READ_PAUSE_S = 0.01


class LpTransport(FdTransport):
    """One character device that takes bytes and may answer some."""

    _block_bytes = BLOCK_BYTES

    def __init__(self, path: str) -> None:
        super().__init__(f"lp://{path}")
        self._path = path

    def _open_fd(self) -> int:
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise open_failure(error, self.name) from error
        if not stat.S_ISCHR(os.fstat(fd).st_mode):
            os.close(fd)
            raise BadUrl(
                f"{self.name}: not a character device; a USB printer is /dev/usb/lp0 or a link to it"
            )
        return fd

    def _close_fd(self, fd: int) -> None:
        poller = select.poll()
        poller.register(fd, select.POLLOUT)
        poller.poll(_CLOSE_WAIT_S * 1000)
        os.close(fd)

    def _is_mute(self, error: OSError, deadline: float) -> bool:
        if error.errno != errno.EINVAL:
            return False
        _pause(deadline)
        return True

    def _silence_is_not_end(self, fd: int, deadline: float) -> bool:
        self._wait(fd, 0, time.monotonic())  # raises when the device has hung up
        _pause(min(deadline, time.monotonic() + _EMPTY_READ_PAUSE_S))
        return time.monotonic() < deadline


def _pause(until: float) -> None:
    select.poll().poll(max(0.0, until - time.monotonic()) * 1000)

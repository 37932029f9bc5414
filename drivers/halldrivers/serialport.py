"""Serial lines (RS-232, USB-serial) and pseudo-terminals; the only module that imports pyserial.

pyserial opens and sets the line (speed, 8N1, raw, exclusive lock); reading and writing go through the
descriptor, because pyserial's time-out on writing does not say how many bytes had left.
"""

import os

import serial

from halldrivers.errors import PortAbsent
from halldrivers.fdport import FdTransport, open_failure

DEFAULT_BAUD = 115200


class SerialTransport(FdTransport):
    """One serial line, locked against a second opener."""

    def __init__(self, path: str, baud: int = DEFAULT_BAUD) -> None:
        super().__init__(f"serial://{path}?baud={baud}")
        self._path = path
        self._baud = baud
        self._line: serial.Serial | None = None

    def _open_fd(self) -> int:
        try:
            line = serial.Serial(self._path, self._baud, timeout=0, write_timeout=0, exclusive=True)
        except serial.SerialException as error:
            cause = OSError(error.errno, os.strerror(error.errno)) if error.errno else OSError(str(error))
            raise open_failure(cause, self.name) from error
        except (OSError, ValueError) as error:
            raise PortAbsent(f"{self.name}: {error}") from error
        self._line = line
        return int(line.fileno())

    def _close_fd(self, fd: int) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

"""TCP to a network printer or a serial bridge (port 9100, "raw" or JetDirect).

A printer whose plug is pulled sends nothing, so a plain socket notices it after minutes: keep-alive probes
after 5 s and `TCP_USER_TIMEOUT` bring that down to about 10 s. TCP_NODELAY keeps a status question from
waiting for the acknowledgement of the ticket before it.
"""

import os
import socket

from halldrivers.errors import DeviceTimeout
from halldrivers.fdport import FdTransport, open_failure

CONNECT_TIMEOUT_S = 3.0
_KEEPALIVE_IDLE_S = 5
_KEEPALIVE_INTERVAL_S = 2
_KEEPALIVE_COUNT = 3
_UNACKNOWLEDGED_MS = 10_000


class TcpTransport(FdTransport):
    """One TCP connection; most printers accept only one at a time."""

    def __init__(self, host: str, port: int, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        super().__init__(f"tcp://{host}:{port}")
        self._address = (host, port)
        self._connect_timeout_s = connect_timeout_s

    def _open_fd(self) -> int:
        try:
            connection = socket.create_connection(self._address, self._connect_timeout_s)
        except TimeoutError as error:
            raise DeviceTimeout(f"{self.name}: no connection in {self._connect_timeout_s:g} s") from error
        except OSError as error:
            raise open_failure(error, self.name) from error
        connection.setblocking(False)
        for level, option, value in (
            (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
            (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_IDLE_S),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEPALIVE_INTERVAL_S),
            (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEPALIVE_COUNT),
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS),
        ):
            connection.setsockopt(level, option, value)
        return connection.detach()

    def _close_fd(self, fd: int) -> None:
        # A plain close suffices: the kernel still delivers what was accepted.
        os.close(fd)

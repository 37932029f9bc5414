"""The simulated scanner on a TCP port: HTTP/1.1 by the standard library, and its accidents by hand."""

from __future__ import annotations

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from halldrivers.errors import BadUrl
from halldrivers.fdport import open_failure
from halldrivers.scanner.esclsim.answer import Answer
from halldrivers.scanner.esclsim.machine import EsclSim

MOST_BODY = 64 * 1024
"""Bytes of a request: a ScanSettings document has two thousand."""
HOLD_S = 0.3
"""How long a connection with a page that is too short stays open."""
IDLE_S = 30.0
"""A connection on which nothing is asked for this long is closed."""


class EsclServer:
    """Serves one scanner until :meth:`close`; port 0 chooses a free one."""

    def __init__(self, sim: EsclSim, host: str = "127.0.0.1", port: int = 0) -> None:
        self.sim = sim
        self._stopping = threading.Event()
        try:
            self._http = _Http((host, port), sim, self._stopping)
        except OSError as error:
            raise open_failure(error, f"escl://{host}:{port}") from error
        self._host = host
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.05,), name=f"sim {self.url}", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The device URL that reaches this scanner."""
        return f"escl://{self._host}:{self.port}{self.sim.root}"

    def close(self) -> None:
        """Stop serving, connections included; idempotent. The scanner keeps its state."""
        self._stopping.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.drop()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(url: str, sim: EsclSim) -> EsclServer:
    """Serve at ``escl://127.0.0.1:8090``; raise BadUrl for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"{url}: {error}") from error
    if parts.scheme != "escl" or not parts.hostname or port is None:
        raise BadUrl(
            f"{url}: a simulated scanner is served at escl://127.0.0.1:8090",
            f"{url}：模拟扫描仪的地址写成 escl://127.0.0.1:8090",
        )
    return EsclServer(sim, parts.hostname, port)


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # server_close joins them: nothing is left behind

    def __init__(self, address: tuple[str, int], sim: EsclSim, stopping: threading.Event) -> None:
        self.sim, self.stopping = sim, stopping
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.discard(request)
        # Without the polite goodbye of the base: with linger 0 it would turn a break into an end.
        self.close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in mid-page is no news."""

    def drop(self) -> None:
        """Break every connection."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it is gone already


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "HallSim/1"
    sys_version = ""
    timeout = IDLE_S
    server: _Http

    def do_GET(self) -> None:
        self._reply(b"")

    def do_DELETE(self) -> None:
        self._reply(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BODY:
            self._send(Answer(400))
            return
        self._reply(self.rfile.read(int(length)))

    def _reply(self, body: bytes) -> None:
        self._send(self.server.sim.answer(self.command, self.path, body))

    def _send(self, answer: Answer) -> None:
        if answer.is_silent:
            self._wait_for_leaving()
            return
        if answer.wait_s:
            self.server.stopping.wait(answer.wait_s)
        self.send_response(answer.code)
        if answer.location:
            # As devices do: their own idea of their name, of which only the path can be believed.
            self.send_header("Location", f"http://localhost{answer.location}")
        if answer.body:
            self.send_header("Content-Type", answer.kind)
        declared = len(answer.body) if answer.declared is None else answer.declared
        self.send_header("Content-Length", str(declared))
        self.end_headers()
        if answer.breaks_at is not None:
            self.wfile.write(answer.body[: answer.breaks_at])
            self._break()
            return
        self.wfile.write(answer.body)
        if declared != len(answer.body):
            self.wfile.flush()
            self.server.stopping.wait(HOLD_S)
            self.close_connection = True

    def _wait_for_leaving(self) -> None:
        self.close_connection = True
        self.connection.settimeout(0.1)
        while not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1024):
                    return
            except TimeoutError:
                continue

    def _break(self) -> None:
        self.close_connection = True
        # Linger 0: closing is a reset, as when the far end loses its power and comes back.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base
        """Silent: standard error is the program's own."""

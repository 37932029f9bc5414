"""One simulated device served on TCP, on a pseudo-terminal, or at the far end of any transport.

Like most real devices it serves one connection at a time; the next waits until the first is closed. A pulled
cable or a power cycle breaks the connection: TCP refuses new ones while the cable is out, a pseudo-terminal
goes away and comes back behind the same link, as a udev link does.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar
from urllib.parse import urlsplit

from halldrivers.errors import BadUrl, DeviceError
from halldrivers.simwire.endpoints import PtyEndpoint, TcpEndpoint
from halldrivers.simwire.pump import Machine, pump_until_broken
from halldrivers.transport import Transport

_JOIN_S = 5.0
_AGAIN_S = 0.1
"""How soon a place that was taken meanwhile is tried again."""

M = TypeVar("M", bound=Machine)


class Endpoint(Protocol):
    """Where connections come from."""

    @property
    def url(self) -> str:
        """What the driver's configuration would name."""

    def accept(self, stopped: Callable[[], bool]) -> Transport | None:
        """Wait for the next connection; None when `stopped` says so."""

    def refuse(self) -> None:
        """Let nobody connect until the next `accept`."""

    def close(self) -> None:
        """Take the endpoint away."""


class SimServer(Generic[M]):
    """One simulated device served by one thread; `close` ends the thread and the endpoint."""

    def __init__(self, sim: M, endpoint: Endpoint) -> None:
        self.sim = sim
        self._endpoint = endpoint
        self._stopping = threading.Event()
        self._changed = threading.Event()
        sim.on_wake(self._changed.set)
        self._thread = threading.Thread(target=self._run, name=f"sim {endpoint.url}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The device URL that reaches this device."""
        return self._endpoint.url

    @property
    def path(self) -> str:
        """The device path of a pseudo-terminal; of a TCP server, host and port."""
        parts = urlsplit(self.url)
        return parts.path or parts.netloc

    @property
    def port(self) -> int:
        """The TCP port; 0 for a pseudo-terminal."""
        return urlsplit(self.url).port or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving; idempotent. The device keeps its state."""
        self._stopping.set()
        self._changed.set()
        self._thread.join(_JOIN_S)
        self._endpoint.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self.sim.is_connected:
                self._endpoint.refuse()
                self._changed.wait(0.05)
                self._changed.clear()
                continue
            link = self.sim.link_number
            try:
                wire = self._endpoint.accept(lambda: self._stopping.is_set() or not self.sim.is_connected)
            except DeviceError:
                # Somebody took the port or the link while the cable was out.
                self._stopping.wait(_AGAIN_S)
                continue
            if wire is not None:
                with wire:
                    pump_until_broken(self.sim, wire, link, self._stopping.is_set)


class _OneWire:
    """An endpoint that is one ready transport (a memory pair)."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire

    @property
    def url(self) -> str:
        return "memory:"

    def accept(self, stopped: Callable[[], bool]) -> Transport | None:
        pause = threading.Event()
        while not stopped():
            try:
                self._wire.open()
            except DeviceError:
                pause.wait(0.01)  # the device has not let go of the broken wire yet
                continue
            return self._wire
        return None

    def refuse(self) -> None:
        self._wire.close()

    def close(self) -> None:
        self._wire.close()


def serve_transport(sim: M, wire: Transport) -> SimServer[M]:
    """Serve at the far end of a transport, for instance one of `memory_pair`."""
    return SimServer(sim, _OneWire(wire))


def serve_tcp(sim: M, host: str = "127.0.0.1", port: int = 0) -> SimServer[M]:
    """Serve on TCP; port 0 chooses a free one, see `SimServer.url`."""
    return SimServer(sim, TcpEndpoint(host, port))


def serve_pty(sim: M, link: Path | None = None) -> SimServer[M]:
    """Serve on a pseudo-terminal behind a symbolic link, see `SimServer.path`.

    Without `link` the link is made in a temporary folder that goes away with the server.
    """
    return SimServer(sim, PtyEndpoint(link))


def serve(url: str, sim: M) -> SimServer[M]:
    """Serve at `tcp://host:port`, `pty:` or `pty:///path/of/link`; raise `BadUrl` for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"{url}: {error}") from error
    if parts.scheme == "tcp" and parts.hostname and port is not None:
        return serve_tcp(sim, parts.hostname, port)
    if parts.scheme == "pty":
        return serve_pty(sim, Path(parts.path) if parts.path else None)
    raise BadUrl(f"{url}: a simulated device is served at tcp://127.0.0.1:9100 or pty:///path/of/link")

"""Putting the simulated printer at the far end of a wire: TCP, a pseudo-terminal, or any transport.

Like a real printer on port 9100 it serves one connection at a time; the next waits until the first is closed.
A pulled cable or a power cycle breaks the connection: TCP refuses new ones while the cable is out, a
pseudo-terminal goes away and comes back behind the same link, as a udev link does.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from halldrivers.errors import BadUrl, DeviceError
from halldrivers.printersim.endpoints import PtyEndpoint, TcpEndpoint
from halldrivers.printersim.pump import pump_until_broken
from halldrivers.printersim.sim import PrinterSim
from halldrivers.printersim.slipfiles import SlipFiles
from halldrivers.transport import Transport

_JOIN_S = 5.0


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


class PrinterServer:
    """One simulated printer served by one thread; `close` ends the thread and the endpoint."""

    def __init__(self, sim: PrinterSim, endpoint: Endpoint) -> None:
        self.sim = sim
        self._endpoint = endpoint
        self._stopping = threading.Event()
        self._changed = threading.Event()
        sim.on_wake(self._changed.set)
        self._thread = threading.Thread(target=self._run, name=f"printersim {endpoint.url}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The device URL that reaches this printer."""
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
        """Stop serving; idempotent. The printer and its paper stay."""
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
            wire = self._endpoint.accept(lambda: self._stopping.is_set() or not self.sim.is_connected)
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


def serve_transport(sim: PrinterSim, wire: Transport) -> PrinterServer:
    """Serve at the far end of a transport, for instance one of `memory_pair`."""
    return PrinterServer(sim, _OneWire(wire))


def serve_tcp(sim: PrinterSim, host: str = "127.0.0.1", port: int = 0) -> PrinterServer:
    """Serve on TCP; port 0 chooses a free one, see `PrinterServer.url`."""
    return PrinterServer(sim, TcpEndpoint(host, port))


def serve_pty(sim: PrinterSim, link: Path | None = None) -> PrinterServer:
    """Serve on a pseudo-terminal behind a symbolic link, see `PrinterServer.path`.

    Without `link` the link is made in a temporary folder that goes away with the server.
    """
    return PrinterServer(sim, PtyEndpoint(link))


def serve(url: str, sim: PrinterSim, slips_dir: Path | None = None) -> PrinterServer:
    """Serve at `tcp://host:port`, `pty:` or `pty:///path/of/link`; raise `BadUrl` for anything else.

    With `slips_dir` each finished slip is saved there as `slip-0001.png` and `slip-0001.txt`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"{url}: {error}") from error
    if slips_dir is not None:
        sim.on_slip(SlipFiles(slips_dir).save)
    if parts.scheme == "tcp" and parts.hostname and port is not None:
        return serve_tcp(sim, parts.hostname, port)
    if parts.scheme == "pty":
        return serve_pty(sim, Path(parts.path) if parts.path else None)
    raise BadUrl(f"{url}: a simulated printer is served at tcp://127.0.0.1:9100 or pty:///path/of/link")

"""The small interface between a device and its wire, and the URL that chooses the wire.

Rules that every form keeps:

* `open` and `close` are idempotent; a transport can be opened again after it broke.
* `read` returns what is there, at most `max_bytes`, or `b""` once `timeout_s` has passed in silence.
* `write` never hangs past `timeout_s` and returns how many bytes were accepted. Fewer than given means that
  the other end takes no more; 0 proves that it saw nothing. Accepted is not delivered, let alone printed.
* A wire that breaks raises `PortGone`, whose `accepted` counts the bytes of that write, and is then closed.

A transport belongs to one thread at a time; all I/O is blocking with a bound, because a spooler that waits
for paper has nothing better to do.
"""

from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, parse_qsl, urlsplit

from halldrivers.errors import BadUrl


class Transport(Protocol):
    """A pipe to a device that does not care about the content."""

    def open(self) -> None:
        """Open the wire; raise `PortAbsent`, `PortBusy`, `PortDenied` or `DeviceTimeout`."""

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """Wait for bytes; `b""` after `timeout_s` of silence."""

    def write(self, data: bytes, timeout_s: float) -> int:
        """Write and return how many bytes were accepted within `timeout_s`."""

    def close(self) -> None:
        """Close the wire; harmless when it is closed."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def transport_for(url: str) -> Transport:
    """Make the transport that a device URL names, not opened yet; raise `BadUrl` with the fix.

    Forms: `tcp://host:port`, `serial:///dev/x?baud=115200`, `lp:///dev/usb/lp0`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"{url}: {error}") from error
    match parts.scheme:
        case "tcp":
            return _tcp(url, parts, port)
        case "serial":
            return _serial(url, parts)
        case "lp":
            return _lp(url, parts)
    raise BadUrl(f"{url}: it must begin with tcp://, serial:// or lp://")


def open_transport(url: str) -> Transport:
    """Make and open the transport of a device URL; raise `BadUrl` or what `Transport.open` raises."""
    transport = transport_for(url)
    transport.open()
    return transport


def _tcp(url: str, parts: SplitResult, port: int | None) -> Transport:
    from halldrivers.tcpport import TcpTransport

    if not parts.hostname:
        raise BadUrl(f"{url}: the host is missing, write tcp://10.0.0.7:9100")
    if not port:
        raise BadUrl(f"{url}: the port is missing, write tcp://{parts.hostname}:9100")
    if parts.path.strip("/"):
        raise BadUrl(f"{url}: nothing may follow the port")
    _options(url, parts, allowed=())
    return TcpTransport(parts.hostname, port)


def _serial(url: str, parts: SplitResult) -> Transport:
    from halldrivers.serialport import DEFAULT_BAUD, SerialTransport

    path = _device_path(url, parts)
    text = _options(url, parts, allowed=("baud",)).get("baud", str(DEFAULT_BAUD))
    if not (text.isascii() and text.isdigit() and 50 <= int(text) <= 4_000_000):
        raise BadUrl(f"{url}: baud={text} is not a line speed, write baud=9600 or baud=115200")
    return SerialTransport(path, int(text))


def _lp(url: str, parts: SplitResult) -> Transport:
    from halldrivers.lpport import LpTransport

    path = _device_path(url, parts)
    _options(url, parts, allowed=())
    return LpTransport(path)


def _device_path(url: str, parts: SplitResult) -> str:
    if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
        raise BadUrl(
            f"{url}: the device path must be absolute, write {parts.scheme}:///dev/… with three slashes"
        )
    return parts.path


def _options(url: str, parts: SplitResult, allowed: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(pairs) - set(allowed))
    if unknown:
        known = ", ".join(allowed) or "none"
        raise BadUrl(f"{url}: unknown option {', '.join(unknown)} (known here: {known})")
    return pairs

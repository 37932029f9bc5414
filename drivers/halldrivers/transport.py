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

from halldrivers.deviceurl import Claims, split_url

SCHEMES = ("tcp", "serial", "lp", "usb")
"""How a URL of a plain wire may begin."""


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

    Forms: `tcp://host:port`, `serial:///dev/x?baud=115200`, `lp:///dev/usb/lp0`, `usb://04b8:0e15`.
    """
    if url[:4].lower() == "usb:":
        from halldrivers.usbport import BulkTransport, parse_usb_url

        return BulkTransport(parse_usb_url(url))
    parts = split_url(url, *SCHEMES)
    match parts.scheme:
        case "tcp":
            from halldrivers.tcpport import TcpTransport

            parts.only()
            return TcpTransport(*parts.address(usual_port=9100))
        case "serial":
            from halldrivers.serialport import DEFAULT_BAUD, SerialTransport

            parts.only("baud")
            return SerialTransport(parts.device_path(), parts.baud(DEFAULT_BAUD))
    from halldrivers.lpport import LpTransport

    parts.only()
    return LpTransport(parts.device_path())


def open_transport(url: str) -> Transport:
    """Make and open the transport of a device URL; raise `BadUrl` or what `Transport.open` raises."""
    transport = transport_for(url)
    transport.open()
    return transport


def transport_claims(url: str) -> Claims:
    """The port that a transport's URL takes; raise `BadUrl` with the fix."""
    if url[:4].lower() == "usb:":
        from halldrivers.usbport import parse_usb_url

        return parse_usb_url(url).claims
    parts = split_url(url, *SCHEMES)
    transport_for(url)
    if parts.scheme == "tcp":
        return Claims((f"{parts.host}:{parts.port}",))
    return Claims((parts.path,))

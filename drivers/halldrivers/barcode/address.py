"""A scanner's address.

::

    serial:///dev/hall/barcode?baud=9600&end=cr
    serial:///dev/hall/barcode?prefix=%02&suffix=%03&end=cr&aim=yes
    tcp://10.0.0.7:4002?end=crlf
    evdev:///dev/input/by-id/usb-ACME_Scanner-event-kbd?gap_ms=100

``end`` is line (CR, LF or both; the default), cr, lf, crlf, tab or etx. ``prefix`` and ``suffix`` are what
the scanner puts around a code, as text with %XX; ``aim=yes`` takes off AIM identifiers such as ``]Q1``.
``gap_ms`` (20 to 1000) is the longest pause between two keys of one code: more for a slow radio scanner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from halldrivers.barcode.keydecoder import GAP_S
from halldrivers.barcode.linedecoder import End, Framing
from halldrivers.deviceurl import Claims, DeviceUrl, split_url
from halldrivers.evdevport import keyboard_path
from halldrivers.transport import Transport

USUAL_BAUD = 9600
USUAL_PORT = 4002
_MOST_AROUND = 8
"""Characters of a prefix or suffix."""


class ReaderKind(StrEnum):
    """How a scanner is connected."""

    SERIAL = "serial"
    TCP = "tcp"
    KEYS = "evdev"


@dataclass(frozen=True, slots=True)
class ReaderAddress:
    """Where a scanner is, and how it frames its codes."""

    kind: ReaderKind
    claims: Claims
    path: str = ""
    baud: int = USUAL_BAUD
    host: str = ""
    port: int = 0
    framing: Framing = field(default_factory=Framing)
    gap_s: float = GAP_S

    def transport(self) -> Transport:
        """The wire of a serial or network scanner, not opened yet."""
        if self.kind is ReaderKind.TCP:
            from halldrivers.tcpport import TcpTransport

            return TcpTransport(self.host, self.port)
        from halldrivers.serialport import SerialTransport

        return SerialTransport(self.path, self.baud)


def parse_reader(text: str) -> ReaderAddress:
    """The address in a URL; BadUrl says what is wrong with it."""
    url = split_url(text, "serial", "tcp", "evdev")
    if url.scheme == ReaderKind.KEYS:
        url.only("gap_ms")
        path = keyboard_path(url)
        gap_s = url.number("gap_ms", round(GAP_S * 1000), 20, 1000) / 1000
        return ReaderAddress(ReaderKind.KEYS, Claims((path,)), path, gap_s=gap_s)
    if url.scheme == ReaderKind.TCP:
        url.only("end", "prefix", "suffix", "aim")
        host, port = url.address(USUAL_PORT)
        claims = Claims((f"{host}:{port}",))
        return ReaderAddress(ReaderKind.TCP, claims, host=host, port=port, framing=_framing(url))
    url.only("baud", "end", "prefix", "suffix", "aim")
    path = url.device_path()
    return ReaderAddress(
        ReaderKind.SERIAL, Claims((path,)), path, url.baud(USUAL_BAUD), framing=_framing(url)
    )


def _framing(url: DeviceUrl) -> Framing:
    return Framing(
        end=End(url.choice("end", End.LINE, [end.value for end in End])),
        prefix=_around(url, "prefix"),
        suffix=_around(url, "suffix"),
        has_aim=url.choice("aim", "no", ("yes", "no")) == "yes",
    )


def _around(url: DeviceUrl, name: str) -> bytes:
    text = url.options.get(name, "")
    if not text.isascii() or len(text) > _MOST_AROUND:
        raise url.wrong(
            f"{name} 最多 {_MOST_AROUND} 个 ASCII 字符，例如 {name}=%02",
            f"{name} is at most {_MOST_AROUND} ASCII characters, for example {name}=%02",
        )
    return text.encode("ascii")

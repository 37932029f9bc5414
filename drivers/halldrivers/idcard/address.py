"""A reader's address in the configuration.

::

    serial:///dev/hall/idcard?baud=115200      a fixed line speed
    serial:///dev/hall/idcard                  the speed is searched for (also baud=auto)
    tcp://10.0.0.7:10001                       a transparent serial bridge
    usb://0400:c35a                            the security module's own USB ("two-pipe"; also serial=, port=)

Options: ``frames=sam`` (default) or ``frames=stx`` for multi-function readers; with those, ``read=text``
(default), ``read=name`` (name and number) or ``read=number`` asks for less of a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from halldrivers.deviceurl import Claims, DeviceUrl, plain_number, split_url
from halldrivers.errors import BadUrl
from halldrivers.idcard.samframe import BAUD_COMMANDS
from halldrivers.idcard.stxframe import Wanted
from halldrivers.transport import Transport

if TYPE_CHECKING:
    from halldrivers.usbport.address import UsbAddress

BAUDS = tuple(BAUD_COMMANDS)
"""In the order in which they are tried."""

_READ: Mapping[str, Wanted] = {
    "text": Wanted.TEXT,
    "name": Wanted.NAME_AND_NUMBER,
    "number": Wanted.NUMBER,
}


class Link(StrEnum):
    """How a reader is connected."""

    SERIAL = "serial"
    TCP = "tcp"
    USB = "usb"


class Frames(StrEnum):
    """Which frames it speaks."""

    SAM = "sam"
    STX = "stx"


@dataclass(frozen=True, slots=True)
class IdCardAddress:
    """Where a reader is, and how to speak to it."""

    url: str
    link: Link
    frames: Frames = Frames.SAM
    path: str = ""
    """Of a serial device's node."""
    host: str = ""
    port: int = 0
    usb: UsbAddress | None = None
    bauds: tuple[int, ...] = (0,)
    """Line speeds to try, in this order; 0 where the wire has none."""
    wanted: Wanted = Wanted.TEXT
    """How much of a card an STX reader is asked for."""

    @property
    def claims(self) -> Claims:
        """The port that it takes."""
        match self.link:
            case Link.SERIAL:
                return Claims((self.path,))
            case Link.TCP:
                return Claims((f"{self.host}:{self.port}",))
        assert self.usb is not None
        return self.usb.claims

    def wire(self, baud: int) -> Transport:
        """The transport, not opened, at one of :attr:`bauds`."""
        match self.link:
            case Link.SERIAL:
                from halldrivers.serialport import SerialTransport

                return SerialTransport(self.path, baud)
            case Link.TCP:
                from halldrivers.tcpport import TcpTransport

                return TcpTransport(self.host, self.port)
        from halldrivers.usbport import TwoPipeTransport

        assert self.usb is not None
        return TwoPipeTransport(self.usb.vendor, self.usb.product, self.usb.serial, self.usb.port)


def parse_idcard(url: str) -> IdCardAddress:
    """The address in a URL; raise BadUrl with the fix."""
    if url.lower().startswith("usb:"):
        return _usb(url)
    parts = split_url(url, *Link)
    link = Link(parts.scheme)
    parts.only("frames", "read", *(("baud",) if link is Link.SERIAL else ()))
    frames = Frames(parts.choice("frames", Frames.SAM, list(Frames)))
    address = IdCardAddress(url, link, frames, wanted=_wanted(parts, frames))
    if link is Link.SERIAL:
        return replace(address, path=parts.device_path(), bauds=_bauds(parts))
    host, port = parts.address(usual_port=10001)
    return replace(address, host=host, port=port)


def _usb(url: str) -> IdCardAddress:
    from halldrivers.usbport.address import parse_usb_url

    base, _, query = url.partition("?")
    options = [option for option in query.split("&") if option and option != "frames=sam"]
    blank = DeviceUrl(url, "usb", "", 0, "", {})
    for name in ("frames", "read", "baud"):
        if any(option.partition("=")[0] == name for option in options):
            raise blank.wrong(
                f"USB 直连的读卡器只有 SAM 协议，没有波特率，去掉 {name}=",
                f"a reader on its own USB speaks SAM frames and has no line speed: leave {name}= out",
            )
    try:
        usb = parse_usb_url(f"{base}?{'&'.join(options)}" if options else base)
    except BadUrl as error:
        raise blank.wrong(error.why_zh, error.why_en) from error
    if usb.out_endpoint:
        raise blank.wrong(
            "读卡器的通道是固定的，去掉 out= 和 in=", "a reader's pipes are fixed: leave out= and in= out"
        )
    return IdCardAddress(url, Link.USB, usb=usb)


def _wanted(parts: DeviceUrl, frames: Frames) -> Wanted:
    wanted = _READ[parts.choice("read", "text", _READ)]
    if frames is Frames.SAM and wanted is not Wanted.TEXT:
        raise parts.wrong(
            "只有 frames=stx 的读卡器能少读，去掉 read=",
            "only a reader with frames=stx can read less: leave read= out",
        )
    return wanted


def _bauds(parts: DeviceUrl) -> tuple[int, ...]:
    text = parts.options.get("baud", "auto")
    if text == "auto":
        return BAUDS
    baud = plain_number(text)
    if baud not in BAUDS:
        listed = ", ".join(str(known) for known in BAUDS)
        raise parts.wrong(
            f"读卡器没有波特率 {text}（可用：auto, {listed}）",
            f"readers have no baud rate {text} (known here: auto, {listed})",
        )
    return (baud,)

"""A USB device's address: ``usb://04b8:0e15``, vendor and product in hexadecimal as lsusb prints them.

    serial=X5ZK0123     the serial number, where several of one model are plugged in
    port=1-1.4          the socket (bus, then the hub ports), where they have no serial number
    out=0x02&in=0x82    the endpoints of a printer whose descriptors do not tell; out= alone: it never answers

The bus number and the device number of lsusb are no address: both change at every replug.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from halldrivers.deviceurl import Claims, DeviceUrl, split_url
from halldrivers.errors import BadUrl

_IDS = re.compile(r"(?i:usb)://([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?=[/?#]|$)")
_PORT = re.compile(r"[1-9][0-9]{0,2}-[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,6}")
_ENDPOINT = re.compile(r"0[xX]([08])([1-9a-fA-F])")
_MOST_SERIAL_CHARS = 126
"""A string descriptor holds no more (USB 2.0, 9.6.7)."""


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """Which USB device is meant, wherever it is plugged in."""

    vendor: int
    product: int
    serial: str = ""
    """Empty fits any."""
    port: str = ""
    """Bus and hub ports, ``1-1.4``; empty fits any."""
    out_endpoint: int = 0
    """0 is found from the descriptors; so for the next."""
    in_endpoint: int = 0

    @property
    def ids(self) -> str:
        """Vendor and product as lsusb prints them: ``04b8:0e15``."""
        return f"{self.vendor:04x}:{self.product:04x}"

    @property
    def url(self) -> str:
        """The URL again."""
        options = [f"{name}={quote(text, safe='')}" for name, text in self._which()]
        pipes = (("out", self.out_endpoint), ("in", self.in_endpoint))
        options += [f"{name}=0x{number:02x}" for name, number in pipes if number]
        return f"usb://{self.ids}" + ("?" + "&".join(options) if options else "")

    @property
    def claims(self) -> Claims:
        """The device that it takes: ``USB 04b8:0e15 serial X5ZK0123``."""
        return Claims((" ".join((f"USB {self.ids}", *(f"{name} {text}" for name, text in self._which()))),))

    def udev_rule(self, group: str) -> str:
        """The rule that gives a group of users the right to this model."""
        return (
            f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{self.vendor:04x}", '
            f'ATTR{{idProduct}}=="{self.product:04x}", GROUP="{group}", MODE="0660"'
        )

    def _which(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, text) for name, text in (("serial", self.serial), ("port", self.port)) if text)


def parse_usb_url(url: str) -> UsbAddress:
    """The address in a URL; raises BadUrl with the fix."""
    parts = _split(url)
    parts.only("serial", "port", "out", "in")
    if parts.path.strip("/"):
        raise parts.wrong("型号后面只能跟 ?选项", "only ?options may follow the ids")
    vendor, product = (int(number, 16) for number in parts.host.split("-"))
    out, into = _endpoint(parts, "out", "0", "0x02"), _endpoint(parts, "in", "8", "0x82")
    if into and not out:
        raise parts.wrong("写了 in= 就要写 out=", "in= needs out= beside it")
    return UsbAddress(vendor, product, _serial(parts), _port(parts), out, into)


def _split(url: str) -> DeviceUrl:
    """Take the URL apart; the product number would count as a network port, so it is joined to the host."""
    found = _IDS.match(url)
    if found is None:
        raise DeviceUrl(url, "usb", "", 0, "", {}).wrong(
            "要写四位厂商号和四位产品号（lsusb 可查），例如 usb://04b8:0e15",
            "write the ids as lsusb prints them, for example usb://04b8:0e15",
        )
    try:
        parts = split_url(f"usb://{found[1]}-{found[2]}{url[found.end() :]}", "usb")
    except BadUrl as error:
        raise DeviceUrl(url, "usb", "", 0, "", {}).wrong(error.why_zh, error.why_en) from error
    return replace(parts, text=url)


def _serial(parts: DeviceUrl) -> str:
    serial = parts.options.get("serial", "")
    if "serial" in parts.options and not (serial.isprintable() and 0 < len(serial) <= _MOST_SERIAL_CHARS):
        raise parts.wrong("serial= 后面要写序列号", "serial= is followed by the serial number")
    return serial


def _port(parts: DeviceUrl) -> str:
    port = parts.options.get("port", "")
    if "port" in parts.options and not _PORT.fullmatch(port):
        raise parts.wrong(
            "port= 要写插口，例如 port=1-1.4（lsusb -t 可查）", "port= is a socket such as 1-1.4 (lsusb -t)"
        )
    return port


def _endpoint(parts: DeviceUrl, name: str, direction: str, example: str) -> int:
    text = parts.options.get(name)
    if text is None:
        return 0
    found = _ENDPOINT.fullmatch(text)
    if found is None or found[1] != direction:
        raise parts.wrong(
            f"{name}= 要写通道号，例如 {name}={example}", f"{name}= is an endpoint such as {example}"
        )
    return int(text, 16)

"""The sorts of devices of a configuration: how people call them, how their URLs are read and written.

The drivers' own address modules read the URLs, so the check and the device cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from halldrivers.deviceurl import Claims

Read = Callable[[str], Claims]
"""What a device URL claims; raises BadUrl."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of device: how people call it, how its URL is read, and what one looks like."""

    zh: str
    name: str
    """As the keeper knows it; those of a window add its number."""
    read: Read
    examples: Mapping[str, str]
    """Scheme to a URL that begins so, the usual one first."""

    def example(self, url: str) -> str:
        """What to write instead of a wrong URL: one that begins as it does, if this sort has such."""
        return self.examples.get(url.partition(":")[0].lower(), next(iter(self.examples.values())))


def _printer(url: str) -> Claims:
    from halldrivers.transport import transport_claims

    return transport_claims(url)


def _idcard(url: str) -> Claims:
    from halldrivers.idcard.address import parse_idcard

    return parse_idcard(url).claims


def _barcode(url: str) -> Claims:
    from halldrivers.barcode.address import parse_reader

    return parse_reader(url).claims


def _camera(url: str) -> Claims:
    from halldrivers.camera.address import parse_camera

    return parse_camera(url).claims


def _scanner(url: str) -> Claims:
    from halldrivers.scanner.address import parse_scanner

    return parse_scanner(url).claims


def _pad(url: str) -> Claims:
    from halldrivers.ratingpad.address import parse_pad

    return parse_pad(url).claims


def _sign(url: str) -> Claims:
    from halldrivers.sign.address import parse_sign

    return parse_sign(url).claims


def _examples(*urls: str) -> Mapping[str, str]:
    return {url.partition(":")[0]: url for url in urls}


PRINTER = Sort(
    "打印机",
    "printer",
    _printer,
    _examples(
        "tcp://192.168.1.87:9100",
        "serial:///dev/hall/printer?baud=115200",
        "lp:///dev/usb/lp0",
        "usb://04b8:0e15?serial=X5ZK0123",
    ),
)
IDCARD = Sort(
    "读卡器",
    "idcard",
    _idcard,
    _examples("serial:///dev/hall/idcard", "tcp://192.168.1.88:10001", "usb://0400:c35a"),
)
BARCODE = Sort(
    "扫码器",
    "barcode",
    _barcode,
    _examples(
        "serial:///dev/hall/barcode?baud=9600",
        "tcp://192.168.1.88:4002",
        "evdev:///dev/input/by-id/usb-…-event-kbd",
    ),
)
CAMERA = Sort(
    "高拍仪",
    "camera",
    _camera,
    _examples("v4l2:///dev/v4l/by-id/usb-…-video-index0", "dir:///srv/camera"),
)
SCANNER = Sort(
    "扫描仪",
    "scanner",
    _scanner,
    _examples(
        "escl://192.168.1.20:80/eSCL", "sane:epsonds:libusb:001:005?source=duplex", "dir:///srv/scans/in"
    ),
)
PAD = Sort(
    "评价器",
    "pad",
    _pad,
    _examples(
        "gpio://?keys=5,6,13,19&lamps=16,20,21,26",
        "modbus:///dev/hall/pads?unit=3",
        "serial:///dev/hall/pad-3?table=box",
        "tcp://192.168.1.88:4001?table=box",
        "evdev:///dev/input/by-id/usb-…-event-kbd?digits=1234",
    ),
)
SIGN = Sort("窗口屏", "sign", _sign, _examples("modbus:///dev/hall/signs?unit=11"))


def caller_sort(dialects: tuple[str, ...]) -> Sort:
    """The clerks' keypads, with the dialects of the configuration beside the ones that are known."""

    def read(url: str) -> Claims:
        from halldrivers.caller.address import parse_caller
        from halldrivers.caller.dialect import DIALECTS

        return parse_caller(url, (*DIALECTS, *dialects)).claims

    examples = _examples(
        "caller:///dev/hall/callers?unit=1", "evdev:///dev/input/by-id/usb-…_Numeric_Keypad-event-kbd"
    )
    return Sort("叫号器", "keypad", read, examples)

"""Every device has a port of its own, or shares a line with its own kind: the URLs of a configuration.

The drivers' own address modules read the URLs, so the check and the device cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hall.config import catalogue_devices as cat
from hall.config.draft import Draft
from halldrivers.deviceurl import Claims
from halldrivers.errors import BadUrl

Read = Callable[[str], Claims]
"""What a device URL claims; raises BadUrl."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of device: how people call it, how its URL is read, and what one looks like."""

    zh: str
    name: str
    """As the keeper knows it; those of a window add its number."""
    read: Read
    example: str


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


PRINTER = Sort("打印机", "printer", _printer, "tcp://192.168.1.87:9100")
IDCARD = Sort("读卡器", "idcard", _idcard, "serial:///dev/hall/idcard")
BARCODE = Sort("扫码器", "barcode", _barcode, "serial:///dev/hall/barcode?baud=9600")
CAMERA = Sort("高拍仪", "camera", _camera, "v4l2:///dev/v4l/by-id/usb-…-video-index0")
SCANNER = Sort("扫描仪", "scanner", _scanner, "escl://192.168.1.20:80/eSCL")
PAD = Sort("评价器", "pad", _pad, "gpio://?keys=5,6,13,19&lamps=16,20,21,26")
SIGN = Sort("窗口屏", "sign", _sign, "modbus:///dev/hall/signs?unit=11")


def _caller(dialects: tuple[str, ...]) -> Sort:
    def read(url: str) -> Claims:
        from halldrivers.caller.address import parse_caller
        from halldrivers.caller.dialect import DIALECTS

        return parse_caller(url, (*DIALECTS, *dialects)).claims

    return Sort("叫号器", "keypad", read, "caller:///dev/hall/callers?unit=1")


def check_ports(draft: Draft) -> None:
    """Report URLs that make no sense, ports given twice, and devices of windows that do not exist."""
    owners = _Owners(draft)
    numbers = {str(number) for number in draft.named("window", "number")}
    for sort, url, path, window in _devices(draft):
        if window and window not in numbers:
            listed = ", ".join(sorted(numbers, key=lambda text: (len(text), text))) or "-"
            draft.problems.add(
                cat.DEVICE_WITHOUT_WINDOW, *path, zh=sort.zh, en=sort.name, window=window, windows=listed
            )
        owners.take(sort, url, path, window)


def _devices(draft: Draft) -> Iterator[tuple[Sort, str, tuple[str, str], str]]:
    """Every device with its URL, its place in the file and its window."""
    shape = draft.shape
    if shape.printing is not None and shape.printing.device:
        yield PRINTER, shape.printing.device, ("printing", "device"), ""
    for sort, section in (
        (IDCARD, shape.idcard),
        (BARCODE, shape.barcode),
        (CAMERA, shape.camera),
        (SCANNER, shape.scanner),
    ):
        if section is not None:
            yield sort, section.device, (sort.name, "device"), ""
    for sort, name, urls in (
        (PAD, "pads", shape.pads),
        (_caller(tuple(shape.caller_dialects)), "callers", shape.callers),
        (SIGN, "signs", shape.signs),
    ):
        for window, url in urls.items():
            yield sort, url, (name, window), window


@dataclass(slots=True)
class _Owners:
    """Who has which port, as far as the file was read."""

    draft: Draft
    ports: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Port to its owner and line."""
    lines: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Shared line to its kind, its first owner and that one's line in the file."""

    def take(self, sort: Sort, url: str, path: tuple[str, str], window: str) -> None:
        """Note what a device claims; report what is taken already."""
        problems = self.draft.problems
        try:
            claims = sort.read(url)
        except BadUrl as error:
            problems.add(
                cat.BAD_URL, *path, url=url, why_zh=error.why_zh, why_en=error.why_en, example=sort.example
            )
            return
        owner, place = f"{sort.zh} {sort.name} {window}".rstrip(), problems.line_of(*path)
        if claims.line:
            kind, other, first = self.lines.setdefault(claims.line, (claims.line_kind, owner, place))
            if kind != claims.line_kind:
                problems.add(
                    cat.MIXED_LINE, *path, line=claims.line, mine=claims.line_kind, other=other,
                    theirs=kind, first=first,
                )  # fmt: skip
        for port in claims.own:
            self._own(port, owner, path, place)
        self._line_is_nobodys_port(claims, owner, path, place)

    def _own(self, port: str, owner: str, path: tuple[str, str], place: int) -> None:
        if port in self.ports:
            other, first = self.ports[port]
            self.draft.problems.add(cat.SHARED_PORT, *path, port=port, other=other, first=first)
        elif port in self.lines:
            _, other, first = self.lines[port]
            self.draft.problems.add(cat.SHARED_PORT, *path, port=port, other=other, first=first)
        else:
            self.ports[port] = (owner, place)

    def _line_is_nobodys_port(self, claims: Claims, owner: str, path: tuple[str, str], place: int) -> None:
        if claims.line in self.ports:
            other, first = self.ports[claims.line]
            self.draft.problems.add(cat.SHARED_PORT, *path, port=claims.line, other=other, first=first)

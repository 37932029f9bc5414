"""A caller's address.

::

    evdev:///dev/input/by-id/usb-1a2c_Numeric_Keypad-event-kbd
    caller:///dev/hall/callers?baud=9600&unit=2
    caller://10.0.0.7:4001?unit=2&dialect=mymake

Callers with the same path or host are on one line, which they share; ``unit`` (0 to 255) is the address set
in the caller, ``dialect`` a name of :mod:`.dialect` or of the configuration.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from halldrivers.caller.dialect import DIALECTS, LCD21
from halldrivers.deviceurl import Claims, split_url
from halldrivers.evdevport import keyboard_path
from halldrivers.transport import Transport

USUAL_BAUD = 9600
USUAL_PORT = 4001


class CallerKind(StrEnum):
    """How a caller is connected."""

    KEYPAD = "evdev"
    LINE = "caller"


@dataclass(frozen=True, slots=True)
class LineAddress:
    """A line of callers: a serial port, or a bridge to one."""

    path: str = ""
    baud: int = USUAL_BAUD
    """Of a bridge the usual one: what it is really set to is not the address's business."""
    host: str = ""
    port: int = 0

    @property
    def name(self) -> str:
        """As a technician would look for it."""
        return self.path or f"{self.host}:{self.port}"

    def transport(self) -> Transport:
        """Its wire, not opened yet."""
        if self.host:
            from halldrivers.tcpport import TcpTransport

            return TcpTransport(self.host, self.port)
        from halldrivers.serialport import SerialTransport

        return SerialTransport(self.path, self.baud)


@dataclass(frozen=True, slots=True)
class CallerAddress:
    """Where a caller is."""

    kind: CallerKind
    claims: Claims
    path: str = ""
    """Of a keypad."""
    line: LineAddress | None = None
    unit: int = 0
    dialect: str = LCD21.name


def parse_caller(text: str, dialects: Collection[str] = tuple(DIALECTS)) -> CallerAddress:
    """The address in a URL; BadUrl says what is wrong with it."""
    url = split_url(text, *CallerKind)
    if url.scheme == CallerKind.KEYPAD:
        url.only()
        path = keyboard_path(url)
        return CallerAddress(CallerKind.KEYPAD, Claims((path,)), path)
    if url.host:
        url.only("unit", "dialect")
        host, port = url.address(USUAL_PORT)
        line = LineAddress(host=host, port=port)
    else:
        url.only("baud", "unit", "dialect")
        line = LineAddress(url.device_path(), url.baud(USUAL_BAUD))
    if "unit" not in url.options:
        raise url.wrong("缺少 unit=，写叫号器里设的地址，例如 unit=2", "unit= is missing, write unit=2")
    unit = url.number("unit", 0, 0, 255)
    dialect = url.choice("dialect", LCD21.name, dialects)
    speed = f" at {line.baud} baud" if line.path else ""
    claims = Claims((f"{line.name}#{unit}",), line.name, f"callers in dialect {dialect}{speed}")
    return CallerAddress(CallerKind.LINE, claims, line=line, unit=unit, dialect=dialect)

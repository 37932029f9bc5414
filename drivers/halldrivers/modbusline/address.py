"""Where a unit of a Modbus line is: ``modbus:///dev/hall/pads?baud=9600&unit=3``.

::

    modbus:///dev/hall/pads?baud=9600&unit=3           RS-485 adapter, Modbus RTU, 8N1
    modbus://10.0.0.7:502?unit=3                       gateway that speaks Modbus/TCP
    modbus://10.0.0.7:4001?framing=rtu&unit=3          serial server that passes RTU frames through

``timeout`` (ms, 20 to 2000; usually 50, over the network 60) is how long a unit may think before it answers.
Options of the device itself follow in the same URL; its own address module reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from halldrivers.deviceurl import Claims, DeviceUrl

UNIT_OPTIONS = ("baud", "framing", "timeout", "unit")
USUAL_BAUD = 9600
THINK_S = 0.050
"""How long a unit on a serial line may think: small boards answer within 5 ms, an FTDI adapter holds bytes
back for 16 ms (from memory), and a machine under load adds some."""
NETWORK_THINK_S = 0.060
"""A gateway must give up a unit sooner than that, or it makes the others wait; that is set at the gateway."""
BITS_PER_BYTE = 10
"""8N1: a start bit, eight bits, a stop bit."""
EXCHANGE_BYTES = 20
"""A question and its answer together: 14 bytes for four inputs, 18 for four lamps."""


class Framing(StrEnum):
    """How frames are packed."""

    RTU = "rtu"
    """With a checksum and silence around them."""
    TCP = "tcp"
    """With a header that counts (MBAP)."""


@dataclass(frozen=True, slots=True)
class LineAddress:
    """One line: a serial adapter, or a gateway on the network."""

    path: str = ""
    """The adapter's device node; empty for a gateway."""
    baud: int = 0
    """0 for a gateway: its own settings say."""
    host: str = ""
    port: int = 0
    framing: Framing = Framing.RTU

    @property
    def name(self) -> str:
        """The adapter's node, or host and port."""
        return self.path or f"{self.host}:{self.port}"

    @property
    def wire_s(self) -> float:
        """How long the bytes of one exchange are on the wire."""
        return EXCHANGE_BYTES * BITS_PER_BYTE / (self.baud or USUAL_BAUD)

    @property
    def gap_s(self) -> float:
        """The silence before a frame: 3.5 characters, at least 1.75 ms (Modbus over Serial Line 2.5.1.1)."""
        if self.framing is Framing.TCP:
            return 0.0
        return max(0.00175, 3.5 * 11 / (self.baud or USUAL_BAUD))


@dataclass(frozen=True, slots=True)
class UnitAddress:
    """One unit on a line."""

    line: LineAddress
    unit: int
    """1 to 247."""
    think_s: float = THINK_S
    """How long it may take before it begins to answer."""

    @property
    def claims(self) -> Claims:
        """The unit's number is its own; the line is shared with all that one process keeps on it."""
        how = self.line.baud or self.line.framing
        return Claims((f"{self.line.name}#{self.unit}",), self.line.name, f"modbus signs and pads {how}")


def parse_unit(url: DeviceUrl) -> UnitAddress:
    """The line and the unit in a ``modbus://`` URL; raises BadUrl. Other options are the device's."""
    if "unit" not in url.options:
        raise url.wrong("缺少站号 unit=，例如 unit=3", "the unit number is missing, write unit=3")
    unit = url.number("unit", 0, 1, 247)
    if url.host:
        if "baud" in url.options:
            raise url.wrong(
                "网络地址不写 baud=，波特率在串口服务器上设置",
                "a network address has no baud=: the speed is set at the gateway",
            )
        host, port = url.address(502)
        framing = Framing(url.choice("framing", Framing.TCP, tuple(Framing)))
        line = LineAddress(host=host, port=port, framing=framing)
    else:
        if url.options.get("framing", Framing.RTU) != Framing.RTU:
            raise url.wrong("串口线上只有 framing=rtu", "a serial line has framing=rtu only")
        line = LineAddress(path=url.device_path(), baud=url.baud(USUAL_BAUD))
    usual_ms = round((NETWORK_THINK_S if line.host else THINK_S) * 1000)
    return UnitAddress(line, unit, url.number("timeout", usual_ms, 20, 2000) / 1000)

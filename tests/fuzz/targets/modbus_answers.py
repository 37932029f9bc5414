"""pymodbus on our transport against a line that answers anything, whole or in two pieces, in virtual time."""

from halldrivers.counters import Counters
from halldrivers.modbusline.address import Framing
from halldrivers.modbusline.client import LineClient
from halldrivers.modbusline.errors import UnitGarbled, UnitRefused, UnitSilent

SEEDS = [
    b"\x00" + bytes.fromhex("010201016048"),
    b"\x01" + bytes.fromhex("0105 0000 FF00 8C3A"),
    b"\x02" + bytes.fromhex("010F00000004 5408"),
    b"\x03" + bytes.fromhex("0110008000024020"),
    b"\x00" + bytes.fromhex("0182 02 C161"),
    b"\x00" + bytes.fromhex("0102000000 0479C9 010201016048"),
    b"\x04" + bytes.fromhex("000100000004 01020101"),
]
LONGEST = 300
ASKS = [
    lambda client: client.read_inputs(1, 0.07, 0, 4),
    lambda client: client.write_coil(1, 0.07, 0, True),
    lambda client: client.write_coils(1, 0.07, 0, (True,) * 4),
    lambda client: client.write_registers(1, 0.07, 0x80, (1, 2)),
]


class Wire:
    now_s = 10.0

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._is_asked = False

    def open(self) -> None: ...

    def close(self) -> None: ...

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *error: object) -> None: ...

    def write(self, data: bytes, timeout_s: float) -> int:
        self._is_asked = True
        return len(data)

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        if self._is_asked and self._pieces:
            self.now_s += min(timeout_s, 0.01)
            return self._pieces.pop(0)
        self.now_s += timeout_s
        return b""


def run(data: bytes) -> None:
    if len(data) < 2:
        return
    way, answer = data[0], data[1:LONGEST]
    cut = way >> 3
    pieces = [piece for piece in (answer[:cut], answer[cut:]) if piece]
    wire = Wire(pieces)
    framing = Framing.TCP if way & 4 else Framing.RTU
    client = LineClient(
        wire, "line", framing=framing, gap_s=0.004, counters=Counters(), now_s=lambda: wire.now_s
    )
    try:
        ASKS[way & 3](client)
    except (UnitSilent, UnitGarbled, UnitRefused):
        pass
    assert wire.now_s - 10.0 <= 0.16, "it ends in its time"

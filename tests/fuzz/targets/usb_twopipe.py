"""What a card reader sends on its two USB pipes: every byte comes out, in bounded steps, whatever it is.

Of the input, each packet is one byte (bit 7: which pipe, the rest: its length up to 63) and its content; a
length of 0 is an empty packet. At the end a question is asked.
"""

from collections import deque

from halldrivers.errors import DeviceError
from halldrivers.usbport.pipes import BULK, Endpoint, Interface
from halldrivers.usbport.twopipe import BODY_IN, BODY_OUT, HEAD_IN, HEAD_OUT, TwoPipeTransport

_HEAD = b"\xaa\xaa\xaa\x96\x69"
SEEDS = [
    b"\x07" + _HEAD + b"\x00\x04\x84\x00\x00\x80\x84",
    b"\x03\xaa\xaa\xaa\x04\x96\x69\x00\x04\x82\x00\x00\x82\x80\x84",
    b"\x0b" + _HEAD + b"\x00\x04\x00\x00\x80\x84",
    b"\x07" + _HEAD + b"\xff\xff\x40\x00\x80",
    b"\x07" + _HEAD + b"\x00\x00\x07" + _HEAD + b"\x00\x01\x81\x01",
]
FIND = _HEAD + b"\x00\x03\x20\x01\x22"


class _Reader:
    """Stands for the opened device."""

    def __init__(self, data: bytes) -> None:
        self.given: dict[int, deque[bytes]] = {HEAD_IN: deque(), BODY_IN: deque()}
        at = 0
        while at < len(data):
            length = data[at] & 0x3F
            self.given[BODY_IN if data[at] & 0x80 else HEAD_IN].append(data[at + 1 : at + 1 + length])
            at += 1 + length

    def read(self, endpoint: Endpoint, size: int, timeout_s: float) -> bytes | None:
        assert size >= 64
        waiting = self.given[endpoint.address]
        return waiting.popleft() if waiting else None

    def write(self, endpoint: Endpoint, data: bytes, timeout_s: float) -> int:
        return len(data)

    def close(self) -> None: ...


def run(data: bytes) -> None:
    reader = _Reader(data)
    sent = sum(len(packet) for packets in reader.given.values() for packet in packets)
    wire = TwoPipeTransport(0x0400, 0xC35A)
    pipes = tuple(Endpoint(one, BULK, 64) for one in (HEAD_OUT, BODY_OUT, HEAD_IN, BODY_IN))
    wire._choose((Interface(0, 0, 0xFF, 0, pipes),))
    wire._handle = reader  # type: ignore[assignment]
    got = 0
    for _ in range(4):
        while piece := wire._read_ahead(reader, 0.0):  # type: ignore[arg-type]
            got += len(piece)
            assert len(wire._head) < 7 + 64
            assert 0 <= wire._body_left <= 4096
    assert got <= sent
    try:
        assert wire.write(FIND, 1.0) == len(FIND)
    except DeviceError as error:
        raise AssertionError("nothing broke") from error
    assert wire._is_owed
    wire.close()

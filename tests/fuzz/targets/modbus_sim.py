"""The simulated Modbus line: its parser on any bytes, and its units on requests of any kind."""

from halldrivers.modbussim import ModbusLineSim
from halldrivers.modbussim.frames import MOST_BYTES, RequestParser, frame

SEEDS = [
    bytes.fromhex("0102000000 0479C9"),
    bytes.fromhex("01050000FF008C3A"),
    bytes.fromhex("030600000003C829"),
    frame(1, bytes.fromhex("0F000000 0401 0F")),
    frame(2, bytes.fromhex("1000800002 04 773F065B")),
    frame(3, bytes.fromhex("1000000003 06 004100300031")),
    frame(0, bytes.fromhex("0F000000 0401 0F")) + b"\xff\x00\x01\x0f",
]


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


LONGEST = 300
"""Bytes of an input: more than the longest request."""


def run(data: bytes) -> None:
    data = data[:LONGEST]
    whole, cut = RequestParser(), RequestParser()
    requests = whole.feed(data, 0.0)
    pieces = [request for byte in data for request in cut.feed(bytes((byte,)), 0.0)]
    assert pieces == requests, "the cut of the bytes changes nothing"
    assert whole.buffered < MOST_BYTES
    assert whole.garbage + whole.buffered + sum(len(request) + 2 for request in requests) == len(data)

    clock = Clock()
    line = ModbusLineSim(clock=clock)
    line.add_pad(1, latching=True)
    line.add_sign(2, digits=4)
    line.add_sign(3, style="dm36")
    # With the right check bytes every function of every kind of unit is reached.
    for unit in (1, 2, 3):
        line.receive(frame(unit, data[:40]))
        clock.now_s += 1.0
        assert len(line.take_output()) <= 256

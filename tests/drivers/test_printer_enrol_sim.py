"""What the simulated makes tell of themselves, and which of them draw QR codes."""

import time
from dataclasses import replace

import pytest

from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, MUTE, PrinterSim, SimAbilities
from halldrivers.printersim.paper import QrBlock

QR = (
    b"\x1d(k\x04\x00\x31\x41\x32\x00\x1d(k\x03\x00\x31\x43\x04"
    b"\x1d(k\x05\x00\x31\x50\x30OK\x1d(k\x03\x00\x31\x51\x30"
)


def told(make: SimAbilities, which: int) -> bytes:
    sim = PrinterSim(80, make, clock=time.monotonic)
    sim.receive(b"\x1d\x49" + bytes((which,)))
    assert (sim.garbage, sim.hanging.height_dots) == ((), 0)
    return sim.take_output()


def test_a_make_tells_its_name_as_a_block_and_its_type_as_a_byte() -> None:
    assert told(EPSON, 67) == b"\x5fTM-T82III\x00"
    assert told(EPSON, 2) == b"\x03"
    assert told(CHINESE_80, 66) == b"\x5fSIM\x00"


@pytest.mark.parametrize(("make", "which"), [(CHINESE_80, 68), (CHINESE_58, 67), (MUTE, 67), (EPSON, 99)])
def test_what_a_make_does_not_know_it_does_not_answer(make: SimAbilities, which: int) -> None:
    assert told(make, which) == b""


def test_it_tells_its_name_in_its_turn_when_the_lines_before_are_on_paper() -> None:
    now = [0.0]
    sim = PrinterSim(80, EPSON, clock=lambda: now[0], dots_per_s=100.0)
    sim.receive(b"a line\n\x1d\x49\x43")

    assert sim.take_output() == b""
    now[0] = 1.0
    assert sim.take_output() == b"\x5fTM-T82III\x00"


@pytest.mark.parametrize(("make", "codes"), [(EPSON, 1), (CHINESE_58, 0), (replace(EPSON, own_qr=False), 0)])
def test_a_make_without_codes_of_its_own_skips_the_commands(make: SimAbilities, codes: int) -> None:
    sim = PrinterSim(80, make, clock=time.monotonic)
    sim.receive(QR)

    assert sum(isinstance(line, QrBlock) for line in sim.hanging.lines) == codes
    assert sim.garbage == ()

"""The printer line over USB: the whole path of a ticket, and the cable out at any byte."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from halldrivers.errors import DeviceError
from halldrivers.printerline import ConfirmBy, JobResult, Outcome, PrinterLine, Reason
from halldrivers.printersim import CHINESE_80, EPSON, MUTE, PrinterSim, SimAbilities
from halldrivers.usbport import BulkTransport, parse_usb_url

LINES = tuple(f"line {number} of the ticket" for number in range(6))
TICKET = b"\x1b\x40" + b"".join(line.encode() + b"\x0a" for line in LINES) + b"\x1d\x56\x42\x00"


def line_on(bus: Any) -> PrinterLine:
    return PrinterLine(BulkTransport(parse_usb_url("usb://04b8:0e15"), bus), time.monotonic)


def whole_tickets(sim: PrinterSim) -> int:
    return sum(slip.text().split("\n")[-len(LINES) :] == list(LINES) for slip in sim.slips)


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("make", "rung", "outcome"),
    [
        (EPSON, ConfirmBy.PROCESS_ID, Outcome.PRINTED),
        (CHINESE_80, ConfirmBy.PAPER_ANSWER, Outcome.PRINTED),
        (MUTE, ConfirmBy.WRITE, Outcome.UNKNOWN),
    ],
)
def test_a_ticket_is_printed_and_proved_over_usb(
    bus: Any, make: SimAbilities, rung: ConfirmBy, outcome: Outcome
) -> None:
    sim = PrinterSim(80, make, clock=time.monotonic)
    bus.printer(sim=sim)
    line = line_on(bus)
    line.open()
    abilities = line.probe(0.2)

    result = line.send_job(TICKET, "A001", abilities.best, 5.0)

    assert (abilities.best, result.outcome) == (rung, outcome)
    assert whole_tickets(sim) == 1
    line.close()


def send_and_lose(bus: Any, sim: PrinterSim, count: int) -> JobResult:
    line = line_on(bus)
    line.open()
    line.probe(0.1)
    sim.unplug_after(count)
    result = line.send_job(TICKET, "A001", ConfirmBy.PROCESS_ID, 0.5)
    line.close()
    return result


@pytest.mark.parametrize("count", range(0, 150, 7))
def test_the_cable_out_at_any_byte_is_never_called_printed_nor_failed_once_a_byte_arrived(
    bus: Any, count: int
) -> None:
    sim = PrinterSim(80, EPSON, clock=time.monotonic)
    bus.printer(sim=sim)

    result = send_and_lose(bus, sim, count)

    assert result.reason is Reason.PORT_GONE
    if result.outcome is Outcome.FAILED:
        assert result.bytes_sent == 0
        sim.plug()
        assert all(slip.is_blank for slip in (*sim.slips, sim.hanging))
    else:
        assert result.outcome is Outcome.UNKNOWN


def test_the_printer_comes_back_under_another_address_and_prints_the_next_ticket(bus: Any) -> None:
    sim = PrinterSim(80, EPSON, clock=time.monotonic)
    device = bus.printer(sim=sim)
    line = line_on(bus)
    line.open()
    line.probe(0.1)
    sim.unplug_after(40)
    assert line.send_job(TICKET, "A001", ConfirmBy.PROCESS_ID, 0.5).outcome is Outcome.UNKNOWN
    with pytest.raises(DeviceError):
        line.open()
    sim.plug()
    sim.power_cycle()
    bus.plug(device, address=40)
    line.open()
    assert line.flush_half_job()

    result = line.send_job(TICKET, "A002", ConfirmBy.PROCESS_ID, 5.0)

    assert result.outcome is Outcome.PRINTED
    eventually(lambda: whole_tickets(sim) == 1)
    line.close()

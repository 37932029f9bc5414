"""XON/XOFF: a printer that asks for a pause gets it, and loses nothing (facts: printing 1.5).

What is written to the serial line, in virtual time, waits in a driver's buffer of 4096 bytes and goes out at
its speed, so that a sender who listens too late has already sent too much.
"""

from dataclasses import replace

import pytest

from halldrivers.printerline import ConfirmBy, Outcome, PrinterLine, Reason
from halldrivers.printerline.link import AHEAD_BYTES, PAUSE_LIFETIME_S, PIECE_BYTES
from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, PrinterSim, SimAbilities

A, B, C = ConfirmBy.PROCESS_ID, ConfirmBy.PAPER_ANSWER, ConfirmBy.STATE
LINES = tuple(f"line {number:03}" for number in range(300))
TICKET = b"\x1b\x40" + b"".join(line.encode() + b"\x0a" for line in LINES) + b"\x1d\x56\x42\x00"
BUFFER_BYTES = 1024
DRIVER_BYTES = 4096
STEP_S = 0.0005


class FastWire:
    """A wire without a slow line: what is written is there."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.sim: PrinterSim | None = None
        self.writes: list[int] = []

    def clock(self) -> float:
        return self.now_s

    def open(self) -> None: ...

    def close(self) -> None: ...

    def flow(self) -> None: ...

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        assert self.sim is not None
        deadline = self.now_s + timeout_s
        while True:
            self.flow()
            data = self.sim.take_output()
            if data or self.now_s >= deadline:
                return data
            self.now_s = min(deadline, self.now_s + STEP_S)

    def write(self, data: bytes, timeout_s: float) -> int:
        self.writes.append(len(data))
        return self.accept(data)

    def accept(self, data: bytes) -> int:
        assert self.sim is not None
        return self.sim.receive(data)


class SerialWire(FastWire):
    """A serial line of 115200 baud behind a driver's buffer."""

    def __init__(self, bytes_a_s: float = 11_520.0) -> None:
        super().__init__()
        self.queue = bytearray()
        self.longest_queue = 0
        self._bytes_a_s = bytes_a_s
        self._sent_until_s = self.now_s

    def flow(self) -> None:
        assert self.sim is not None
        if not self.queue:
            self._sent_until_s = self.now_s
        count = int((self.now_s - self._sent_until_s) * self._bytes_a_s)
        if count:
            self._sent_until_s += count / self._bytes_a_s
            self.sim.receive(bytes(self.queue[:count]))
            del self.queue[:count]

    def accept(self, data: bytes) -> int:
        self.flow()
        taken = data[: DRIVER_BYTES - len(self.queue)]
        self.queue += taken
        self.longest_queue = max(self.longest_queue, len(self.queue))
        return len(taken)

    def unsent_bytes(self) -> int | None:
        self.flow()
        return len(self.queue)


def rig(make: SimAbilities = EPSON, wire: FastWire | None = None) -> tuple[PrinterLine, PrinterSim, FastWire]:
    wire = wire or SerialWire()
    make = replace(make, xon_xoff=True)
    sim = PrinterSim(80, make, clock=wire.clock, dots_per_s=2000.0, buffer_bytes=BUFFER_BYTES)
    wire.sim = sim
    line = PrinterLine(wire, wire.clock)  # type: ignore[arg-type]
    line.open()
    return line, sim, wire


def is_whole(sim: PrinterSim) -> bool:
    return [slip.text() for slip in sim.slips] == ["\n".join(LINES)]


@pytest.mark.parametrize(("make", "rung"), [(EPSON, A), (CHINESE_80, B)])
def test_a_job_longer_than_the_buffer_comes_out_whole(make: SimAbilities, rung: ConfirmBy) -> None:
    line, sim, _ = rig(make)

    result = line.send_job(TICKET, "A001", rung, 30.0)

    assert (result.outcome, result.reason) == (Outcome.PRINTED, Reason.CONFIRMED)
    assert sim.lost_bytes == 0
    assert is_whole(sim)


def test_a_slow_line_comes_out_whole_as_well() -> None:
    line, sim, _ = rig(wire=SerialWire(bytes_a_s=960.0))

    assert line.send_job(TICKET, "A001", A, 60.0).outcome is Outcome.PRINTED
    assert is_whole(sim)


def test_the_simulated_pause_begins_with_128_bytes_left_and_ends_with_256_free() -> None:
    _, sim, wire = rig(wire=FastWire())
    sim.remove_paper()
    sim.receive(b"x" * (BUFFER_BYTES - 129))
    assert sim.take_output() == b""
    sim.receive(b"xx")
    assert sim.take_output() == b"\x13"
    sim.receive(b"y" * 128)
    assert (sim.take_output(), sim.lost_bytes) == (b"", 1)

    sim.load_paper()
    assert sim.take_output() == b"\x11"
    assert wire.read(16, 1.0) == b""


def test_nobody_who_writes_on_after_the_pause_gets_a_whole_slip() -> None:
    """What the simulator does to a sender that does not listen, so that the tests above can fail."""
    _, sim, wire = rig()
    left = TICKET
    while left:
        left = left[wire.write(left, 0.0) :]
        wire.now_s += 0.01
    wire.read(512, 10.0)
    for _ in range(400):
        wire.now_s += 0.1
        wire.flow()

    assert sim.lost_bytes > 0
    assert not is_whole(sim)


def test_nothing_much_waits_in_the_driver_s_buffer_when_the_pause_is_asked_for() -> None:
    line, _, wire = rig()
    line.send_job(TICKET, "A001", A, 30.0)

    assert isinstance(wire, SerialWire)
    assert wire.longest_queue <= AHEAD_BYTES + PIECE_BYTES < 128


def test_a_wire_that_is_no_slow_line_gets_the_job_in_one_piece() -> None:
    line, _, wire = rig(wire=FastWire())
    wire.writes.clear()
    line.send_job(b"\x1b\x40short\x0a\x1d\x56\x42\x00" + bytes(500), "A001", A, 10.0)

    assert max(wire.writes) > 500


@pytest.mark.parametrize("timeout_s", [0.5, 3.0])
def test_a_pause_that_does_not_end_costs_the_time_and_the_job_waits(timeout_s: float) -> None:
    line, sim, wire = rig()
    sim.leave_paper(30 * 30)
    began_s = wire.now_s
    result = line.send_job(TICKET, "A001", A, timeout_s)

    assert wire.now_s - began_s <= timeout_s + 0.3
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.CUT_SHORT)
    assert result.is_pending
    assert result.fault is not None
    assert result.fault.code == "P-02"
    assert result.bytes_sent < len(TICKET)
    assert sim.lost_bytes == 0


def test_after_the_refill_the_printer_ends_the_pause_and_the_rest_goes_out() -> None:
    line, sim, _ = rig()
    sim.leave_paper(30 * 30)
    line.send_job(TICKET, "A001", A, 2.0)
    sim.load_paper()
    result = line.await_confirmation(30.0)

    assert (result.outcome, result.interrupted) == (Outcome.PRINTED, True)
    assert is_whole(sim)


def test_a_printer_that_falls_silent_in_a_pause_leaves_the_job_unknown_and_the_next_one_prints() -> None:
    line, sim, wire = rig()
    line.send_job(TICKET, "A001", A, 0.2)
    sim.go_silent()
    result = line.await_confirmation(2.0)
    assert (result.outcome, result.reason, result.is_pending) == (Outcome.UNKNOWN, Reason.CUT_SHORT, True)
    assert line._link.is_paused

    line.abandon()
    sim.speak()
    wire.now_s += 60.0
    assert line.flush_half_job(largest_block_bytes=3464)
    assert line.send_job(TICKET, "A002", A, 30.0).outcome is Outcome.PRINTED
    assert sim.slips[-1].text() == "\n".join(LINES)


def noise(wire: FastWire) -> None:
    """A stray XOFF on the line of an idle printer."""
    assert wire.sim is not None
    with wire.sim.lock:
        wire.sim._answer(b"\x13")


def test_a_stray_pause_costs_one_try_of_a_job_and_no_paper() -> None:
    line, sim, wire = rig()
    line.flush_half_job(cut=False)
    noise(wire)
    early = line.send_job(TICKET, "A001", A, 1.0)

    assert (early.outcome, early.reason, early.bytes_sent) == (Outcome.FAILED, Reason.NOT_ACCEPTED, 0)
    assert (sim.slips, sim.hanging.height_dots) == ((), 0)
    assert line.send_job(TICKET, "A001", A, 30.0).outcome is Outcome.PRINTED


def test_a_printer_without_automatic_status_is_not_kept_from_printing_for_ever() -> None:
    line, _, wire = rig(CHINESE_58)
    noise(wire)
    assert line.send_job(TICKET, "A001", C, 1.0).reason is Reason.NOT_ACCEPTED
    wire.now_s += PAUSE_LIFETIME_S

    assert line.send_job(TICKET, "A001", C, 30.0).reason is Reason.UNPROVABLE


def test_a_new_connection_begins_without_a_pause() -> None:
    line, _, wire = rig(CHINESE_58)
    noise(wire)
    line.status()
    assert line._link.is_paused
    line.close()
    line.open()

    assert line.send_job(TICKET, "A001", C, 30.0).reason is Reason.UNPROVABLE

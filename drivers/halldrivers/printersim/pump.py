"""Moving bytes between a wire and the simulated printer until either is gone."""

import select
from collections.abc import Callable

from halldrivers.errors import PortGone
from halldrivers.printersim.sim import PrinterSim
from halldrivers.transport import Transport

_READ_BYTES = 16384
_IDLE_S = 0.05
"""How long a quiet wire may delay an answer that a hand at the printer caused (ASB)."""
_STALLED_S = 0.01
_WRITE_S = 1.0


def pump_until_broken(sim: PrinterSim, wire: Transport, link: int, stopped: Callable[[], bool]) -> None:
    """Serve one connection; returns when it breaks, when the printer's link changes, or when stopped."""
    try:
        while not stopped() and sim.link_number == link:
            room = sim.room()
            if room:
                wait_s = min(_IDLE_S, _or_idle(sim.next_event_s()))
                data = wire.read(min(room, _READ_BYTES), wait_s)
                if data:
                    sim.receive(data)
            else:
                # The buffer is full: take nothing, so that the sender stalls as at a real printer.
                _pause(min(_STALLED_S, _or_idle(sim.next_event_s())))
            if sim.link_number != link:
                return
            answers = sim.take_output()
            if answers:
                wire.write(answers, _WRITE_S)
    except PortGone:
        return


def _or_idle(seconds: float | None) -> float:
    return _IDLE_S if seconds is None else seconds


def _pause(seconds: float) -> None:
    select.poll().poll(max(1.0, seconds * 1000))

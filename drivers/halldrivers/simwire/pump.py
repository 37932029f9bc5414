"""Moving bytes between a wire and a simulated device until either is gone."""

import select
from collections.abc import Callable
from typing import Protocol

from halldrivers.errors import PortGone
from halldrivers.transport import Transport

_READ_BYTES = 16384
_IDLE_S = 0.05
"""How long a quiet wire may delay an answer that a hand at the device caused."""
_STALLED_S = 0.01
_WRITE_S = 1.0


class Machine(Protocol):
    """A simulated device as its wire sees it; safe for several threads."""

    @property
    def is_connected(self) -> bool:
        """False while its cable is pulled."""
        ...

    @property
    def link_number(self) -> int:
        """Grows whenever a connection would break: cable pulled, power cycled."""
        ...

    def room(self) -> int:
        """How many bytes it takes now; 0 makes the sender stall."""
        ...

    def receive(self, data: bytes) -> int:
        """Bytes arrive; answers how many were taken."""
        ...

    def take_output(self) -> bytes:
        """The answers that are due."""
        ...

    def next_event_s(self) -> float | None:
        """Seconds until something happens by itself; None when nothing will."""
        ...

    def on_wake(self, callback: Callable[[], None]) -> None:
        """Call back when answers or the cable changed."""
        ...


def pump_until_broken(machine: Machine, wire: Transport, link: int, stopped: Callable[[], bool]) -> None:
    """Serve one connection; returns when it breaks, when the device's link changes, or when stopped."""
    try:
        while not stopped() and machine.link_number == link:
            room = machine.room()
            if room:
                wait_s = min(_IDLE_S, _or_idle(machine.next_event_s()))
                data = wire.read(min(room, _READ_BYTES), wait_s)
                if data:
                    machine.receive(data)
            else:
                # The buffer is full: take nothing, so that the sender stalls as at a real device.
                _pause(min(_STALLED_S, _or_idle(machine.next_event_s())))
            if machine.link_number != link:
                return
            answers = machine.take_output()
            if answers:
                wire.write(answers, _WRITE_S)
    except PortGone:
        return


def _or_idle(seconds: float | None) -> float:
    return _IDLE_S if seconds is None else seconds


def _pause(seconds: float) -> None:
    select.poll().poll(max(1.0, seconds * 1000))

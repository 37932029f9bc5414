"""The simulated line: units that hear the same wire, the adapter's habits, and the hands of people."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType

from halldrivers.modbussim.frames import RequestParser, frame
from halldrivers.modbussim.pad import PadUnit
from halldrivers.modbussim.sign import DmUnit, Led485Unit, SignUnit
from halldrivers.modbussim.units import SimUnit
from halldrivers.simwire import ByteMachine, SimServer

BITS_PER_BYTE = 10
MOST_UNITS = 32
"""Loads that one RS-485 driver carries."""


class ModbusLineSim(ByteMachine):
    """A line with units at its far end.

    ``baud`` makes answers take their time on the wire (0: none); ``echo`` is an adapter that sends back what
    it was given, as cheap half-duplex ones do.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        baud: int = 0,
        echo: bool = False,
        seed: int = 0,
        noise: float = 0.0,
    ) -> None:
        super().__init__(clock=clock, seed=seed, noise=noise)
        self.baud, self.echo = baud, echo
        self._parser = RequestParser()
        self._units: dict[int, SimUnit] = {}

    @property
    def units(self) -> Mapping[int, SimUnit]:
        """All units by number."""
        return MappingProxyType(self._units)

    @property
    def garbage(self) -> int:
        """Bytes that were no request."""
        with self.lock:
            return self._parser.garbage

    def add(self, unit: SimUnit) -> None:
        """Put a unit on the line."""
        with self.lock:
            if len(self._units) >= MOST_UNITS or unit.number in self._units:
                raise ValueError(f"no room for unit {unit.number}")
            self._units[unit.number] = unit

    def add_pad(self, number: int, *, latching: bool = False) -> PadUnit:
        """A four-key pad; answers it."""
        pad = PadUnit(number, latching=latching)
        self.add(pad)
        return pad

    def add_sign(self, number: int, *, digits: int = 3, style: str = "led485") -> SignUnit:
        """A sign of a style, ``led485`` or ``dm36``; answers it."""
        sign: SignUnit = (Led485Unit if style == "led485" else DmUnit)(number, digits=digits)
        self.add(sign)
        return sign

    # --- what people do ------------------------------------------------------------------------------

    def press(self, number: int, key: str, hold_s: float = 0.15) -> None:
        """A finger on a key of a pad, for ``hold_s`` from now; returns at once."""
        with self.lock:
            self._pad(number).press(key, self._clock(), hold_s)

    def hold(self, number: int, key: str) -> None:
        """A finger stays on a key; a key that is held for long is stuck."""
        with self.lock:
            self._pad(number).hold(key)

    def release(self, number: int, key: str) -> None:
        """It goes away."""
        with self.lock:
            self._pad(number).release(key)

    def lamps(self, number: int) -> tuple[bool, ...]:
        """The lamps of a pad."""
        with self.lock:
            return self._pad(number).lamps

    def kill(self, number: int) -> None:
        """A unit's plug is pulled."""
        with self.lock:
            self._units[number].is_dead = True
            self._units[number].power_cycle()

    def revive(self, number: int) -> None:
        """It is plugged in again."""
        with self.lock:
            self._units[number].is_dead = False

    def _pad(self, number: int) -> PadUnit:
        unit = self._units[number]
        if not isinstance(unit, PadUnit):
            raise TypeError(f"unit {number} is no pad")
        return unit

    # --- the wire --------------------------------------------------------------------------------------

    def take(self, data: bytes) -> None:
        """Bytes from the adapter."""
        if self.echo:
            self.answer(data)
        for request in self._parser.feed(data, self._clock()):
            self._hear(request)

    def _hear(self, request: bytes) -> None:
        number, body = request[0], request[1:]
        for unit in self._units.values():
            if unit.is_dead or number not in (0, unit.number):
                continue
            answer = unit.answer(body, self._clock())
            if number == 0:
                continue  # a broadcast is obeyed, never answered
            sent = frame(unit.number if unit.answers_as is None else unit.answers_as, answer)
            if unit.corrupts:
                unit.corrupts -= 1
                sent = sent[:-1] + bytes((sent[-1] ^ 0xFF,))
            wire_s = (len(request) + 2 + len(sent)) * BITS_PER_BYTE / self.baud if self.baud else 0.0
            self.answer(sent, wire_s + unit.delay_s)

    def answer(self, data: bytes, after_s: float = 0.0) -> None:
        """As every simulator; a unit that thinks for long does not hold up those that answer at once."""
        with self.lock:
            super().answer(data, after_s)
            self._answers = deque(sorted(self._answers, key=lambda due: due[0]))

    def forget(self) -> None:
        """Half a frame is gone with the cable; the units keep their own power."""
        self._parser.clear()


def modbus_url(server: SimServer[ModbusLineSim], unit: int, options: str = "") -> str:
    """The URL of a unit on a served line, with more options (``keys=0&lamps=0``)."""
    where = "?framing=rtu&" if server.port else "?"
    return f"modbus://{server.path}{where}unit={unit}" + (f"&{options}" if options else "")

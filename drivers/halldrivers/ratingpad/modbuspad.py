"""A pad on a Modbus line: keys are discrete inputs, lamps are coils that follow each other.

::

    read 4 discrete inputs, unit 1   01 02 00 00 00 04 79 C9     key 1 down   01 02 01 01 60 48
    write 4 coils, unit 1            01 0F 00 00 00 04 01 0F 7E 92      all lit

Everything here happens in the line's thread, but the wishes. A board without function 15 gets its lamps one
by one (function 5), once it has said so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from halldrivers.errors import Fault
from halldrivers.modbusline.errors import UnitRefused
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbusline.polled import Pace
from halldrivers.modbusline.unit import LineUnit, UnitWire
from halldrivers.ratingpad.address import ModbusPadAddress
from halldrivers.ratingpad.asking import AskingPad
from halldrivers.ratingpad.errors import KeyStuck
from halldrivers.ratingpad.lamps import CALM_PATTERNS, LampShow
from halldrivers.ratingpad.samples import SampledKeys
from halldrivers.ratingpad.telling import OnPress, OnTrouble
from halldrivers.status import DeviceStatus

KEEN_S = 0.05
"""An armed pad is asked this often where there is time: a finger stays for 0.1 s and more (from memory)."""
BOUND_S = 0.29
"""No pad that asks waits longer for its turn; 10 ms are left to the operating system."""
USUAL_THINK_S = 0.005
_NO_SUCH_FUNCTION = 1


class ModbusRatingPad(AskingPad, LineUnit):
    """One pad of a line. Making one returns at once; its first word comes by ``on_trouble``.

    Raises UnitTaken when its unit number is taken.
    """

    def __init__(
        self,
        address: ModbusPadAddress,
        lines: ModbusLines,
        *,
        on_press: OnPress,
        on_trouble: OnTrouble,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(on_press, on_trouble)
        self.address, line = address.unit, address.unit.line
        frame_s = line.wire_s + line.gap_s
        self.pace = Pace(
            calm_s=address.idle_s,
            keen_s=KEEN_S,
            bound_s=BOUND_S,
            timeout_s=frame_s + address.unit.think_s,
            cost_s=frame_s + USUAL_THINK_S,
        )
        self._first_key, self._count, self._first_lamp = address.keys, address.count, address.lamps
        self._clock, self._lines = clock, lines
        self._lock = threading.Lock()
        """Over what follows; never held during an exchange or a callback."""
        self._keys = SampledKeys(address.count)
        self._show = LampShow(0 if address.lamps is None else address.count, CALM_PATTERNS)
        self._shown = self._wish
        self._lit: tuple[bool, ...] | None = None
        """What the lamps show; None is not known."""
        self._arming = 0
        """The arming since whose beginning the keys were read."""
        self._one_by_one = False
        self._refused: Fault | None = None
        self._line = lines.attach(self)

    def close(self) -> None:
        """Lamps off, the unit given up; again is harmless. Not from within a callback."""
        self._listener.close()
        self._lines.detach(self)

    def _wished(self) -> None:
        self._line.wake()

    # --- in the line's thread --------------------------------------------------------------------

    def is_keen(self, now_s: float) -> bool:
        """A press is awaited."""
        return self._wish.arming != 0

    def ask(self, wire: UnitWire) -> None:
        """Look at the keys."""
        wish = self._wish
        down = wire.read_inputs(self._first_key, self._count)
        at_s = self._clock()
        with self._lock:
            found = self._keys.sample(at_s, down)
            arming = wish.arming if self._arming == wish.arming else 0
            self._arming = wish.arming
        if found.unclear:
            self.counters.add("strays", found.unclear)
        if found.press is not None:
            self._hear(str(found.press + 1), at_s, arming)

    def wants_write(self, now_s: float) -> bool:
        """The lamps show something else than they should. They invite no sooner than a press would count."""
        with self._lock:
            is_early = self._wish.arming not in (0, self._arming)
            return not is_early and self._refused is None and self._wanted(now_s)[0] != (self._lit or ())

    def next_change_s(self, now_s: float) -> float | None:
        """When the rhythm goes on."""
        with self._lock:
            return self._wanted(now_s)[1]

    def write(self, wire: UnitWire) -> None:
        """Switch the lamps, or the next of them."""
        with self._lock:
            wanted, lit = self._wanted(self._clock())[0], self._lit
            self._lit = None
        try:
            self._light(wire, wanted, lit)
        except UnitRefused as refused:
            self._lamps_refused(refused)

    def forget(self) -> None:
        """It was away: nobody saw its keys, and its lamps may be dark."""
        with self._lock:
            self._keys.forget()
            self._lit, self._arming, self._refused = None, 0, None

    def farewell(self, wire: UnitWire) -> None:
        """Leave the lamps dark."""
        with self._lock:
            lit = (True,) * self._count if self._lit is None else self._lit
            if self._first_lamp is None or self._refused is not None or not any(lit):
                return
        if not self._one_by_one:
            wire.write_coils(self._first_lamp, (False,) * self._count)
            return
        for index, on in enumerate(lit):
            if on:
                wire.write_coil(self._first_lamp + index, False)

    @property
    def warning(self) -> Fault | None:
        """A stuck key, or lamps that it has not."""
        with self._lock:
            stuck = self._keys.stuck
        if not stuck:
            return self._refused
        names = ", ".join(str(key + 1) for key in stuck)
        return KeyStuck(f"key {names}").as_fault()

    def told(self, status: DeviceStatus) -> None:
        """A word about this unit or its line."""
        self._know(status)

    def _wanted(self, now_s: float) -> tuple[tuple[bool, ...], float | None]:
        """What the lamps should show now, and when that changes; with the lock held."""
        wish = self._wish
        if wish is not self._shown:
            self._shown = wish
            self._show.show(wish.state, now_s, wish.lamp)
        return self._show.at(now_s)

    def _light(self, wire: UnitWire, wanted: tuple[bool, ...], lit: tuple[bool, ...] | None) -> None:
        assert self._first_lamp is not None, "only lamps that differ are written"
        if not self._one_by_one:
            wire.write_coils(self._first_lamp, wanted)
            self._lit = wanted
            return
        was = list(lit or (not on for on in wanted))
        index = next(i for i, on in enumerate(wanted) if on != was[i])
        wire.write_coil(self._first_lamp + index, wanted[index])
        was[index] = wanted[index]
        self._lit = tuple(was)

    def _lamps_refused(self, refused: UnitRefused) -> None:
        if refused.exception == _NO_SUCH_FUNCTION and not self._one_by_one:
            self._one_by_one = True
            return
        # The keys work without lamps; a technician hears of it.
        with self._lock:
            self._refused = replace(refused.as_fault(), blocking=False)

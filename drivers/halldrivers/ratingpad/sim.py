"""The simulated pad: a finger on the buttons and an eye on the lamps, at the far end of mock pins.

It drives the pins of a board of its own and shares no code with the debouncer. Contacts bounce as
real ones do: closing and opening again for milliseconds at both ends of a press. Time is the sleeper
that is passed in, so a test may let none pass or move its own clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from halldrivers.ratingpad.pins import PinFactory, SimBoard, sim_board

Sleep = Callable[[float], None]


class PadSim:
    """A pad with fingers. Give :attr:`factory` to the :class:`~.pad.GpioRatingPad` on the same pins."""

    def __init__(
        self,
        keys: tuple[int, ...] = (5, 6, 13, 19),
        lamps: tuple[int, ...] = (16, 20, 21, 26),
        *,
        sleep: Sleep = time.sleep,
        random: Random | None = None,
    ) -> None:
        self._keys, self._lamps, self._sleep = keys, lamps, sleep
        self._random = random or Random(1)
        self._board: SimBoard = sim_board()

    @property
    def factory(self) -> PinFactory:
        """The board whose pins this simulator drives."""
        return self._board

    def press(self, key: str, *, bounces: int = 3, hold_s: float = 0.12, bounce_s: float = 0.0) -> None:
        """One press: ``bounces`` false contacts of at most ``bounce_s`` each at both of its ends.

        0 is as quick as this thread can: a busy machine would stretch real milliseconds into real
        second presses. Takes ``hold_s`` and a little more of the sleeper's time; edges are delivered in
        this thread.
        """
        self._chatter(key, bounces, bounce_s, closing=True)
        self.hold(key)
        self._sleep(hold_s)
        self._chatter(key, bounces, bounce_s, closing=False)
        self.release(key)

    def spike(self, key: str, *, lasts_s: float = 0.0005) -> None:
        """A disturbance on the wire: a contact too short for a finger."""
        self.hold(key)
        self._sleep(lasts_s)
        self.release(key)

    def hold(self, key: str) -> None:
        """Close the contact and leave it."""
        self._board.pin(self._key_pin(key)).touch(True)

    def release(self, key: str) -> None:
        """Open the contact."""
        self._board.pin(self._key_pin(key)).touch(False)

    def lamp(self, key: str) -> bool:
        """Whether the lamp of a key is lit at this moment."""
        return self.lamps()[int(key) - 1]

    def lamps(self) -> tuple[bool, ...]:
        """All lamps at this moment."""
        return tuple(bool(self._board.pin(pin).state) for pin in self._lamps)

    def break_lamps(self) -> None:
        """From now on writing to a lamp fails, as when the board is gone."""
        self._set_broken(True)

    def mend_lamps(self) -> None:
        """Lamps can be written again."""
        self._set_broken(False)

    def _set_broken(self, broken: bool) -> None:
        for pin in self._lamps:
            self._board.pin(pin).broken = broken

    def _chatter(self, key: str, bounces: int, bounce_s: float, *, closing: bool) -> None:
        for _ in range(bounces):
            for touch in (self.hold, self.release) if closing else (self.release, self.hold):
                touch(key)
                if bounce_s:
                    self._sleep(self._random.uniform(0.2, 1.0) * bounce_s)

    def _key_pin(self, key: str) -> int:
        return self._keys[int(key) - 1]

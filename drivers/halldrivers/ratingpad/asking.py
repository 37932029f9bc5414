"""What a pad shows and asks, and which presses answer it: the part that all but GPIO pads share.

Rules, before the code:

1. Each :meth:`AskingPad.arm` is an arming with a number of its own. A press carries that number only if the
   pad is sure that the finger came after it; every other press carries 0 and is a stray.
2. Sure means: before an arming counts, the device was read once more, and whatever was in there (latched by
   the hardware, or in a buffer) belongs to nobody.
3. What the pad shows is the newest wish; older ones that were not carried out yet are forgotten.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from halldrivers.counters import Counters
from halldrivers.errors import DeviceState
from halldrivers.ratingpad.lamps import LampState
from halldrivers.ratingpad.telling import Listener, OnPress, OnTrouble, PadTrouble, RawPress
from halldrivers.status import DeviceStatus


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What the pad is to do. Two wishes are never equal, however alike."""

    state: LampState
    key: str = ""
    arming: int = 0
    """The arming that a press answers from now on; 0 for none."""

    @property
    def lamp(self) -> int | None:
        """The index of the key's lamp."""
        return int(self.key) - 1 if self.key.isascii() and self.key.isdigit() else None


class AskingPad:
    """A pad's wishes and words. Subclasses carry the newest wish out, and :meth:`_hear` presses."""

    def __init__(self, on_press: OnPress, on_trouble: OnTrouble) -> None:
        self.counters = Counters()
        self._listener = Listener(on_press, on_trouble)
        self._wishing = threading.Lock()
        self._wish = Wish(LampState.IDLE)
        self._armings = 0
        self._is_up = False

    @property
    def is_up(self) -> bool:
        """Whether the pad works at this moment; its first word comes when it is known."""
        return self._is_up

    @property
    def showing(self) -> LampState:
        """What it was last told to show."""
        return self._wish.state

    def arm(self) -> int:
        """请评价; the number that presses carry from when the pad is ready for them."""
        with self._wishing:
            self._armings += 1
            wish = self._wish = Wish(LampState.ARMED, arming=self._armings)
        self._wished()
        return wish.arming

    def hear(self, key: str) -> None:
        """The press is on its way."""
        self._want(Wish(LampState.HEARD, key))

    def thank(self, key: str = "") -> None:
        """谢谢."""
        self._want(Wish(LampState.THANKS, key))

    def idle(self) -> None:
        """Dark, and deaf but for strays."""
        self._want(Wish(LampState.IDLE))

    def _want(self, wish: Wish) -> None:
        with self._wishing:
            self._wish = wish
        self._wished()

    def _wished(self) -> None:
        """There is a new wish."""

    def _hear(self, key: str, at_s: float, arming: int) -> None:
        """Count a press and tell it."""
        self.counters.add("presses" if arming else "strays")
        self._listener.press(RawPress(key, at_s, arming))

    def _know(self, status: DeviceStatus) -> None:
        """Tell a word about the device."""
        self._is_up = status.state is DeviceState.ONLINE
        self._listener.trouble(PadTrouble.in_status(status))

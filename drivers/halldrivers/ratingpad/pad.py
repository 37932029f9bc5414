"""The four-button pad as a device: keys in, lamps out, one thread of its own.

gpiozero calls with edges from its own thread (the mock from whoever drives the pin), so an edge is only
noted with its time; the pad's worker debounces, looks at the lamps' rhythm and calls ``on_press`` and
``on_trouble`` **in the worker's thread**, without holding a lock. An asyncio user hands them on with
``loop.call_soon_threadsafe``. :meth:`GpioRatingPad.arm`, ``hear``, ``thank`` and ``idle`` may be called
from any thread and never block on the pins.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from halldrivers.counters import Counters
from halldrivers.errors import DeviceError
from halldrivers.ratingpad.address import GpioAddress, parse_gpio
from halldrivers.ratingpad.debounce import Debouncer, Press, Times
from halldrivers.ratingpad.errors import KeyStuck
from halldrivers.ratingpad.lamps import LampShow, LampState
from halldrivers.ratingpad.pins import GpioPins, PinFactory
from halldrivers.ratingpad.telling import Listener, OnPress, OnTrouble, PadTrouble, RawPress

RESAMPLE_S = 0.25
"""While a key is not up, its pin is looked at this often, so a lost edge heals (upstream 550, 1039)."""
ON_TIME_S = 0.020
"""A press that the worker believes this soon after it is due is confirmed by a look at the pin; a later
look would miss short real presses."""


class GpioRatingPad:
    """A pad on GPIO. Making one takes its pins or raises a DeviceError and has taken none.

    A key that is down while the pad is made counts as held, not as pressed. ``worker=False`` starts no
    thread: the owner calls :meth:`pump` when something happened or is due.
    """

    def __init__(
        self,
        keys: tuple[int, ...] = (5, 6, 13, 19),
        lamps: tuple[int, ...] = (16, 20, 21, 26),
        *,
        on_press: OnPress,
        on_trouble: OnTrouble,
        times: Times | None = None,
        pin_factory: PinFactory | None = None,
        clock: Callable[[], float] = time.monotonic,
        worker: bool = True,
    ) -> None:
        self.counters = Counters()
        self._listener, self._clock = Listener(on_press, on_trouble), clock
        self._keys = len(keys)
        self._wake = threading.Condition()
        self._edges: deque[tuple[float, int, bool]] = deque()
        self._changed = False
        self._closing = False
        self._broken = False
        self._stuck: tuple[int, ...] = ()
        self._armings = self._arming = 0
        """How often it was armed, and which of them a press answers now (0: none)."""
        self._armed_s = 0.0
        self._show = LampShow(len(lamps))
        self._lit: tuple[bool, ...] = (False,) * len(lamps)
        self._thread: threading.Thread | None = None
        self._pins = GpioPins(keys, lamps, pin_factory, self._edge)
        try:
            held = [key for key in range(len(keys)) if self._pins.is_pressed(key)]
            self._debouncer = Debouncer(len(keys), times, at_s=clock(), held=held)
            if worker:
                self._thread = threading.Thread(target=self._run, name="rating-pad", daemon=True)
                self._thread.start()
        except BaseException:
            self._pins.close()
            raise

    @classmethod
    def at(
        cls,
        address: GpioAddress | str,
        *,
        on_press: OnPress,
        on_trouble: OnTrouble,
        pin_factory: PinFactory | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """The pad at an address or URL. BadUrl when it cannot be understood."""
        if isinstance(address, str):
            address = parse_gpio(address)
        return cls(
            address.keys,
            address.lamps,
            on_press=on_press,
            on_trouble=on_trouble,
            times=Times(press_s=address.press_s),
            pin_factory=pin_factory,
            clock=clock,
        )

    @property
    def is_up(self) -> bool:
        """A pad on pins works from the start, or could not be made."""
        return not (self._broken or self._closing)

    @property
    def showing(self) -> LampState:
        """What the lamps say."""
        return self._show.state

    @property
    def quiet(self) -> bool:
        """Whether every key is up and all that happened was dealt with: the next touch is a new hand."""
        with self._wake:
            return not self._edges and self._debouncer.quiet

    def arm(self) -> int:
        """请评价: all lamps invite; the number that presses carry which begin from now on."""
        with self._wake:
            self._armings += 1
            self._arming, self._armed_s = self._armings, self._clock()
            self._shine(LampState.ARMED)
            return self._armings

    def hear(self, key: str) -> None:
        """The press is on its way: the key's lamp flashes."""
        self._shine(LampState.HEARD, key)

    def thank(self, key: str = "") -> None:
        """谢谢: the key's lamp stays lit."""
        self._shine(LampState.THANKS, key)

    def idle(self) -> None:
        """Lamps off."""
        self._shine(LampState.IDLE)

    def _shine(self, state: LampState, key: str = "") -> None:
        chosen = int(key) - 1 if key.isascii() and key.isdigit() else None
        with self._wake:
            if state is not LampState.ARMED:
                self._arming = 0
            self._show.show(state, self._clock(), chosen)
            self._changed = True
            self._wake.notify()

    def close(self) -> None:
        """Lamps off, pins given back, thread ended; again is harmless. Not from within a callback."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._pins.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _edge(self, key: int, pressed: bool) -> None:
        """In gpiozero's thread."""
        with self._wake:
            self._edges.append((self._clock(), key, pressed))
            self._wake.notify()

    def _run(self) -> None:
        while not self._broken:
            due = self.pump()
            with self._wake:
                if self._closing:
                    return
                if not self._edges and not self._changed:
                    self._wake.wait(None if due is None else max(0.0, due - self._clock()))

    def pump(self) -> float | None:
        """Do what is due now; when to come again, on the pad's clock (None: when something happens)."""
        if self._broken or self._closing:
            return None
        try:
            presses, next_key_s = self._read_keys()
            next_lamp_s = self._write_lamps()
        except DeviceError as error:
            self._broken = True
            self._listener.trouble(PadTrouble.of(error, usable=False))
            return None
        for press in presses:
            self._hear(press)
        self._tell_stuck()
        return min((due for due in (next_key_s, next_lamp_s) if due is not None), default=None)

    def _read_keys(self) -> tuple[list[Press], float | None]:
        presses: list[Press] = []
        with self._wake:
            while self._edges:
                presses += self._debouncer.feed(*self._edges.popleft())
        now_s = self._clock()
        if (due := self._debouncer.due_s) is not None and now_s - due < ON_TIME_S:
            presses += self._look(min(now_s, math.nextafter(due, -math.inf)))
        presses += self._debouncer.settle(now_s)
        due = self._debouncer.due_s
        if not self._debouncer.quiet:
            due = min(now_s + RESAMPLE_S, due or math.inf)
        return presses, due

    def _look(self, at_s: float) -> list[Press]:
        """Where the pin says that a contact is open that the edges left closed, believe the pin."""
        presses: list[Press] = []
        for key in range(self._keys):
            if self._debouncer.is_touching(key) and not self._pins.is_pressed(key):
                presses += self._debouncer.feed(at_s, key, False)
        return presses

    def _write_lamps(self) -> float | None:
        with self._wake:
            self._changed = False
            lit, due = self._show.at(self._clock())
        if lit != self._lit:
            self._pins.light(lit)
            self._lit = lit
        return due

    def _hear(self, press: Press) -> None:
        with self._wake:
            # A finger that was there before the pad asked is no answer.
            touched_s = press.at_s - self._debouncer.times.press_s
            arming = self._arming if touched_s > self._armed_s - 1e-6 else 0
        self.counters.add("presses" if arming else "strays")
        self._listener.press(RawPress(str(press.key + 1), press.at_s, arming))

    def _tell_stuck(self) -> None:
        stuck = self._debouncer.stuck
        if stuck == self._stuck:
            return
        self._stuck = stuck
        if stuck:
            names = ", ".join(str(key + 1) for key in stuck)
            self._listener.trouble(PadTrouble.of(KeyStuck(f"key {names}"), usable=True))
        else:
            self._listener.trouble(None)

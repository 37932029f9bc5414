"""A numeric keypad that types (HID): scancodes to keys, and the keypad as a device.

The kernel names the keys of the numeric block KEY_KP… whatever NumLock says, because NumLock belongs to the
keyboard layout and not to evdev. Some keypads keep NumLock in their own firmware, though, and send Home for 7
while it is off: both codes mean the same key here, and NumLock itself is no key. Such a keypad looks at its
NumLock lamp, which is therefore lit.

F1 to F10 are those of the window console (F1 calls the next) without F7, whose 办结并转 asks a question. F11,
F12 and F13 to F24 are for programmable keypads.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from halldrivers.caller.caller import OnKey, OnTrouble, Show
from halldrivers.caller.keys import Key, digit_key
from halldrivers.counters import Counters
from halldrivers.errors import Fault
from halldrivers.keysource import DOWN, Dropped, KeyEvent, KeySource
from halldrivers.status import DeviceStatus
from halldrivers.worker import DeviceWorker, Retry

LED_NUML, LED_CAPSL, LED_SCROLLL = 0, 1, 2
TURN_S = 0.1
_REST_S = 0.01
_BLINK_S = 0.2

_DIGIT_CODES = {
    0: (82, 11, 110),  # KP0, 0, Insert
    1: (79, 2, 107),  # KP1, 1, End
    2: (80, 3, 108),  # KP2, 2, Down
    3: (81, 4, 109),  # KP3, 3, PageDown
    4: (75, 5, 105),  # KP4, 4, Left
    5: (76, 6, 355),  # KP5, 5, Clear
    6: (77, 7, 106),  # KP6, 6, Right
    7: (71, 8, 102),  # KP7, 7, Home
    8: (72, 9, 103),  # KP8, 8, Up
    9: (73, 10, 104),  # KP9, 9, PageUp
}
KEYS: Mapping[int, Key] = MappingProxyType(
    {
        **{code: digit_key(digit) for digit, codes in _DIGIT_CODES.items() for code in codes},
        96: Key.ENTER, 28: Key.ENTER, 78: Key.PLUS, 74: Key.MINUS, 12: Key.MINUS, 55: Key.STAR,
        98: Key.SLASH, 53: Key.SLASH, 83: Key.DOT, 52: Key.DOT, 111: Key.DOT, 14: Key.BACKSPACE,
        1: Key.CANCEL,
        59: Key.NEXT, 60: Key.RECALL, 61: Key.PASS, 62: Key.HOLD, 63: Key.RESUME, 64: Key.TRANSFER,
        66: Key.RETURN, 67: Key.CALL, 68: Key.PAUSE, 87: Key.OPEN, 88: Key.CLOSE,
        183: Key.START, 184: Key.FINISH, 185: Key.VOID, 186: Key.REPRINT, 187: Key.CANCEL, 188: Key.NEXT,
        189: Key.RECALL, 190: Key.PASS, 191: Key.HOLD, 192: Key.RESUME, 193: Key.PAUSE, 194: Key.OPEN,
    }
)  # fmt: skip
"""Scancode (linux/input-event-codes.h) to key."""

log = logging.getLogger("hall.device")


def keys_of(events: tuple[KeyEvent | Dropped, ...], keys: Mapping[int, Key]) -> list[tuple[Key, float]]:
    """The presses in what was typed, with their times: one for a key that goes down, none for one that
    repeats; two keys at once are two presses. Lost events are told as LOST."""
    presses: list[tuple[Key, float]] = []
    for event in events:
        if isinstance(event, Dropped):
            presses.append((Key.LOST, event.at_s))
        elif event.value == DOWN and event.code in keys:
            presses.append((keys[event.code], event.at_s))
    return presses


class KeypadDriver:
    """The keypad in its worker's thread; its lamps may be asked for from any other."""

    def __init__(
        self,
        source: KeySource,
        *,
        on_key: OnKey,
        keys: Mapping[int, Key] = KEYS,
        counters: Counters | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counters = counters or Counters()
        self._source, self._keys, self._now_s = source, keys, now_s
        self.on_key = on_key
        """Who hears the keys: a check puts itself here for a while."""
        self._lock = threading.Lock()
        self._wanted = {LED_NUML: True, LED_CAPSL: False, LED_SCROLLL: False}
        self._lit: dict[int, bool] = {}
        self._dark_until_s = 0.0
        self._is_typing = False

    @property
    def warning(self) -> Fault | None:
        """A keypad that types has nothing to warn of."""
        return None

    def light(self, led: int, on: bool) -> None:
        """Switch a lamp as soon as may be."""
        with self._lock:
            self._wanted[led] = on

    def blink(self) -> None:
        """Let the lamp that every keypad has go dark for a moment."""
        with self._lock:
            self._dark_until_s = self._now_s() + _BLINK_S

    def open(self) -> None:
        """Take the keypad. A number half typed before it went away is lost."""
        self._source.open()
        self._lit = {}
        if self._is_typing:
            self._give(Key.LOST, self._now_s())

    def turn(self) -> float:
        """Lamps, then keys; answers the seconds until the next turn."""
        self._write_lamps()
        events = self._source.read(TURN_S)
        for key, at_s in keys_of(events, self._keys):
            self.counters.add("dropped" if key is Key.LOST else "presses")
            self._give(key, at_s)
        return 0.0 if events else _REST_S

    def close(self) -> None:
        """Give the keypad back."""
        self._source.close()

    def _write_lamps(self) -> None:
        with self._lock:
            wanted = dict(self._wanted)
            wanted[LED_NUML] &= self._now_s() >= self._dark_until_s
        for led, on in wanted.items():
            if self._lit.get(led) is not on:
                self._source.light(led, on)
                self._lit[led] = on

    def _give(self, key: Key, at_s: float) -> None:
        self._is_typing = key.digit is not None
        try:
            self.on_key(key, at_s)
        except Exception:  # border: foreign code must not cost the device
            log.exception("the listener of a keypad failed")


class KeypadCaller:
    """A keypad as a :class:`~halldrivers.caller.caller.Caller`.

    It has no display: its ScrollLock lamp says that somebody waits, CapsLock that a ticket is at the window,
    and NumLock, which every keypad has, goes dark for a moment instead of a beep.
    """

    def __init__(
        self,
        name: str,
        source: KeySource,
        *,
        on_key: OnKey,
        on_trouble: OnTrouble,
        keys: Mapping[int, Key] = KEYS,
        retry: Retry | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.is_closed = False
        self._driver = KeypadDriver(source, on_key=on_key, keys=keys, now_s=now_s)
        self._worker = DeviceWorker(
            name,
            self._driver,
            on_status=lambda word: _tell(on_trouble, word),
            counters=self._driver.counters,
            retry=retry,
        ).start()

    @property
    def status(self) -> DeviceStatus:
        """As every caller."""
        return self._worker.status

    @property
    def counters(self) -> Counters:
        """As every caller."""
        return self._driver.counters

    def show(self, number: str, waiting: int) -> None:
        """As far as lamps can."""
        self._driver.light(LED_CAPSL, bool(number))
        self._driver.light(LED_SCROLLL, waiting > 0)

    def beep(self) -> None:
        """As far as a lamp can."""
        self._driver.blink()

    @contextmanager
    def borrowed(self, on_key: OnKey) -> Iterator[Show]:
        """As every caller; there is no display to borrow."""
        usual, self._driver.on_key = self._driver.on_key, on_key
        try:
            yield lambda number, waiting: None
        finally:
            self._driver.on_key = usual

    def close(self) -> None:
        """As every caller."""
        self._worker.close()
        self.is_closed = True


def _tell(on_trouble: OnTrouble, word: DeviceStatus) -> None:
    try:
        on_trouble(word)
    except Exception:  # border: foreign code must not cost the device
        log.exception("the listener of a keypad failed")

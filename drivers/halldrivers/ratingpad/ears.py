"""The two ways in which a pad of its own device is heard: bytes through a codec, and scancodes.

An ear is opened, listened to and spoken to by one thread, that of its :class:`~.streampad.StreamPad`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import Fault, PortGone
from halldrivers.keysource import DOWN, UP, Dropped, KeyEvent, KeySource
from halldrivers.ratingpad.debounce import STUCK_S
from halldrivers.ratingpad.errors import KeyStuck, PadUnknownBytes
from halldrivers.ratingpad.heard import KeyCodec, KeyHeard
from halldrivers.ratingpad.lamps import LampState
from halldrivers.transport import Transport

READ_BYTES = 512
WRITE_S = 0.5
UNKNOWN_BYTES = 16
"""So many unknown bytes since the last key are worth a technician's look."""
SHOWN_BYTES = 16
HELD_S = 0.25
"""The same key again so soon is a box that repeats a held key; nobody presses one key four times a second."""

SETTLE_S = 0.1
"""Nobody sees a lamp and presses a key within 0.15 s (from memory)."""


class Ear(Protocol):
    """What a :class:`~.streampad.StreamPad` listens with."""

    def open(self) -> None:
        """Take the device, or raise and hold nothing."""
        ...

    def hear(self, timeout_s: float) -> Sequence[KeyHeard]:
        """Keys that were pressed; empty after ``timeout_s`` of silence. Raises PortGone."""
        ...

    def say(self, state: LampState) -> None:
        """Make the device show a state, as far as it can."""
        ...

    def close(self) -> None:
        """Give the device back; harmless when it is closed."""
        ...

    @property
    def settle_s(self) -> float:
        """For so long after it was told to ask, what comes may be older than the question."""
        ...

    @property
    def warning(self) -> Fault | None:
        """What a person should know although it works."""
        ...


class ByteEar:
    """A box on a serial or TCP line, understood by a codec."""

    def __init__(
        self,
        transport: Transport,
        new_codec: Callable[[], KeyCodec],
        says: Mapping[LampState, bytes],
        counters: Counters,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = CountedTransport(transport, counters)
        self._new_codec, self._says, self._counters, self._clock = new_codec, says, counters, clock
        self._codec = new_codec()
        self._recent = b""
        self._unknown = 0
        self._last: KeyHeard | None = None

    def open(self) -> None:
        """Open the line; half a frame of before is forgotten."""
        self._transport.open()
        self._codec = self._new_codec()
        self._last = None

    def hear(self, timeout_s: float) -> Sequence[KeyHeard]:
        """Keys that came. A box that repeats a held key tells it once."""
        data = self._transport.read(READ_BYTES, timeout_s)
        before = self._codec.garbage
        heard = self._codec.feed(data, self._clock())
        self._note(data, self._codec.garbage - before, is_known=bool(heard))
        return [key for key in heard if not self._is_held(key)]

    def say(self, state: LampState) -> None:
        """Send what the table has for a state."""
        data = self._says.get(state, b"")
        if data:
            sent = self._transport.write(data, WRITE_S)
            if sent < len(data):
                raise PortGone(f"the pad takes no more data ({sent} of {len(data)} bytes)", sent)
            self._counters.add("writes")

    def close(self) -> None:
        """Close the line."""
        self._transport.close()

    @property
    def settle_s(self) -> float:
        """A box that keeps presses lets go of them when it is spoken to; no finger is as quick as that."""
        return SETTLE_S if self._says.get(LampState.ARMED) else 0.0

    @property
    def warning(self) -> Fault | None:
        """Bytes that the table does not know, shown as they came."""
        if self._unknown < UNKNOWN_BYTES:
            return None
        return PadUnknownBytes(self._recent.hex(" ").upper()).as_fault()

    def _note(self, data: bytes, unknown: int, *, is_known: bool) -> None:
        if unknown:
            self._counters.add("garbage", unknown)
        self._unknown = 0 if is_known else self._unknown + unknown
        self._recent = (self._recent + data)[-SHOWN_BYTES:]

    def _is_held(self, heard: KeyHeard) -> bool:
        last, self._last = self._last, heard
        return last is not None and last.key == heard.key and heard.began_s - last.began_s < HELD_S


class HidEar:
    """A box that types. A key counts when it goes down; one that was down already is no press."""

    def __init__(
        self,
        source: KeySource,
        codes: Sequence[Sequence[int]],
        led: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._led, self._clock = source, led, clock
        self._keys = {code: str(index) for index, of_key in enumerate(codes, 1) for code in of_key}
        self._down: dict[int, float] = {}

    def open(self) -> None:
        """Take the device."""
        self._source.open()
        self._down.clear()

    def hear(self, timeout_s: float) -> Sequence[KeyHeard]:
        """Keys that went down."""
        heard = [self._take(event) for event in self._source.read(timeout_s)]
        return [key for key in heard if key is not None]

    def say(self, state: LampState) -> None:
        """Light the LED while a rating is asked for."""
        if self._led is not None:
            self._source.light(self._led, state is LampState.ARMED)

    def close(self) -> None:
        """Give the device back."""
        self._source.close()

    @property
    def settle_s(self) -> float:
        """Its events carry their own time."""
        return 0.0

    @property
    def warning(self) -> Fault | None:
        """A key that nobody lets go of."""
        now_s = self._clock()
        stuck = sorted({self._keys[code] for code, at_s in self._down.items() if now_s - at_s >= STUCK_S})
        return KeyStuck(f"key {', '.join(stuck)}").as_fault() if stuck else None

    def _take(self, event: KeyEvent | Dropped) -> KeyHeard | None:
        if isinstance(event, Dropped):
            # Which keys are down is not known any more; the next press of each is told anew.
            self._down.clear()
            return None
        key = self._keys.get(event.code)
        if key is None:
            return None
        if event.value == UP:
            self._down.pop(event.code, None)
        elif event.value == DOWN:
            self._down[event.code] = event.at_s
            return KeyHeard(key, event.at_s)
        return None

"""One caller of a line: what its frames make it press, what stands on its display, and whether it lives.

Presses, before the code:

1. A caller repeats a frame whose acknowledgement it did not hear. A frame equal to the one before, within
   ``repeat_s`` of it, is acknowledged again and presses nothing; the acknowledgements of one press have a
   bound, because a line that echoes would otherwise keep itself busy.
2. Where callers are asked, an answer with the number of the press before it is a repetition; without numbers
   a key counts again only after an answer without one.
3. What a caller that is asked held when the hall began to listen, or found it again, was pressed for somebody
   who is no longer there: it is acknowledged and presses nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from halldrivers.caller.caller import OnKey, OnTrouble, Show
from halldrivers.caller.dialect import CallerDialect
from halldrivers.caller.errors import NOT_PRESSED, CallerSilent
from halldrivers.caller.frames import CallerFrame
from halldrivers.caller.keys import Key
from halldrivers.counters import Counters
from halldrivers.errors import DeviceState, Fault
from halldrivers.status import DeviceStatus, Health

MOST_ACKS = 5
"""Acknowledgements of one press."""
REWRITE_S = 30.0
"""How often a display is written although nothing is new: nobody tells us when a caller was switched on."""
SETTLE_S = 0.3
"""How long after a press the display is written again: the caller has shown the digits that were typed."""
_MOST_BEEPS = 3

log = logging.getLogger("hall.device")


class CallerUnit:
    """One caller, as a :class:`~halldrivers.caller.caller.Caller`; its line calls the rest in its thread."""

    def __init__(
        self,
        address: int,
        dialect: CallerDialect,
        *,
        on_key: OnKey,
        on_trouble: OnTrouble,
        on_close: Callable[[CallerUnit], None],
    ) -> None:
        self.address, self.counters = address, Counters()
        self._dialect, self._on_key, self._on_trouble, self._on_close = dialect, on_key, on_trouble, on_close
        self._lock, self._calling = threading.Lock(), threading.RLock()
        self.is_closed = False
        self._borrower: OnKey | None = None
        self._shown: tuple[str, int] | None = None
        self._lent: tuple[str, int] | None = None
        """What a check shows meanwhile."""
        self._write_at_s: float | None = None
        """When the display is to be written; None before anything was shown."""
        self._beeps = 0
        self._health = Health()
        self._told = DeviceStatus(DeviceState.UNKNOWN)
        self._line_warning: Fault | None = None
        self._heard_s = 0.0
        self._is_typing = False
        """Whether the last press was a digit, so that more is to come."""
        self._data: bytes | None = None
        """What was heard last."""
        self._acks = 0
        self._number: int | None = None
        self._is_stale = True
        """Whether what it holds was pressed before anybody listened."""

    # -- for its user, from any thread

    @property
    def status(self) -> DeviceStatus:
        """As every caller."""
        return self._told

    def show(self, number: str, waiting: int) -> None:
        """As every caller."""
        with self._lock:
            if self._shown != (number, waiting):
                self._shown, self._write_at_s = (number, waiting), 0.0

    def beep(self) -> None:
        """As every caller; beeps that cannot be made soon are forgotten."""
        with self._lock:
            self._beeps = min(self._beeps + 1, _MOST_BEEPS)

    @contextmanager
    def borrowed(self, on_key: OnKey) -> Iterator[Show]:
        """For as long as this lasts a check hears the keys and has the display, and nobody else."""
        self._borrower = on_key
        try:
            yield self._lend
        finally:
            self._borrower = None
            with self._lock:
                if self._lent is not None:
                    self._lent, self._shown = None, self._shown or ("", 0)
                    self._write_at_s = 0.0

    def close(self) -> None:
        """As every caller; a callback under way has ended on return."""
        self._on_close(self)
        with self._calling:
            self.is_closed = True

    # -- for its line, in the line's thread

    @property
    def last_number(self) -> int:
        """The number of the last press that was taken: the acknowledgement that the next question brings."""
        return self._number or 0

    def spoke(self, data: bytes, now_s: float) -> bool:
        """It said something by itself; answers whether to acknowledge it."""
        self._is_heard()
        is_repeated = data == self._data and now_s - self._heard_s < self._dialect.repeat_s
        self._data, self._heard_s = data, now_s
        self._acks = self._acks + 1 if is_repeated else 1
        if is_repeated:
            self.counters.add("dropped")
        else:
            self._press(data, now_s)
        return self._acks <= MOST_ACKS

    def answered(self, data: bytes, now_s: float) -> None:
        """It was asked and answered."""
        self._is_heard()
        number: int | None = None
        if self._dialect.is_numbered:
            data, number = data[:-1], data[-1] if data else None
        keys = b"" if data == bytes((self._dialect.no_key,)) else data
        is_repeated = (number == self._number) if self._dialect.is_numbered else (keys == self._data)
        self._data, self._number = keys, number
        if not keys:
            self._is_stale = False
        elif self._is_stale:
            self._is_stale = False
            self.counters.add("dropped")
        elif not is_repeated:
            self._press(keys, now_s)

    def missed(self) -> None:
        """It was asked and did not answer."""
        self.counters.add("timeouts")
        self._tell(self._health.failed(CallerSilent(f"unit {self.address}", f"地址 {self.address}")))
        if self._health.is_down:
            self._lose_touch()

    def line_opened(self, now_s: float) -> None:
        """Its line was opened: nothing is known of what happened meanwhile."""
        self._lose_touch()
        self._heard_s = now_s  # a frame whose acknowledgement was lost with the line may come again
        with self._lock:
            self._beeps = 0
        self.rewrite(0.0)

    def line_says(self, word: DeviceStatus) -> None:
        """A word about its line."""
        self._line_warning = None
        if word.state is DeviceState.ONLINE:
            self._line_warning = word.fault
            self._tell(self._health.status)
        else:
            self._health = Health()
            self._tell(word)

    def rewrite(self, at_s: float) -> None:
        """Write the display once more at that time."""
        with self._lock:
            if self._write_at_s is not None:
                self._write_at_s = at_s

    def take_writes(self, now_s: float) -> tuple[CallerFrame, ...]:
        """The frames that are due for it."""
        with self._lock:
            beeps, self._beeps = self._beeps, 0
            is_due = self._write_at_s is not None and self._write_at_s <= now_s
            if is_due:
                self._write_at_s = now_s + REWRITE_S
            number, waiting = self._lent or self._shown or ("", 0)
        frames = self._dialect.show(self.address, number, waiting) if is_due else ()
        if beeps and self._dialect.beep is not None:
            frames += (CallerFrame(self.address, self._dialect.beep),) * beeps
        if frames:
            self.counters.add("writes", len(frames))
        return frames

    def _lend(self, number: str, waiting: int) -> None:
        with self._lock:
            self._lent, self._write_at_s = (number, waiting), 0.0

    def _press(self, data: bytes, now_s: float) -> None:
        keys = self._dialect.keys_of(data)
        if not keys:
            self.counters.add("strays")
        for key in keys:
            self.counters.add("presses")
            self._give(key, now_s)
        self.rewrite(now_s + SETTLE_S)

    def _lose_touch(self) -> None:
        self._number, self._acks, self._is_stale = None, 0, True
        if self._is_typing:
            self._give(Key.LOST, self._heard_s)

    def _is_heard(self) -> None:
        was_down = self._health.is_down
        self._tell(self._health.well())
        if was_down:
            self.rewrite(0.0)

    def _give(self, key: Key, now_s: float) -> None:
        self._is_typing = key.digit is not None
        self._call(lambda: (self._borrower or self._on_key)(key, now_s))

    def _tell(self, word: DeviceStatus | None) -> None:
        if word is not None and word.state in (DeviceState.ONLINE, DeviceState.UNKNOWN):
            word = replace(word, fault=self._line_warning or self._why_unknown(word))
        if word is None or word.says_the_same(self._told):
            return
        self._told = word
        self._call(lambda: self._on_trouble(word))

    def _why_unknown(self, word: DeviceStatus) -> Fault | None:
        """One that is asked will have answered or missed in a moment; one that is not needs a person."""
        is_quiet = word.state is DeviceState.UNKNOWN and not self._dialect.is_polled
        return NOT_PRESSED if is_quiet else None

    def _call(self, listener: Callable[[], None]) -> None:
        with self._calling:
            if self.is_closed:
                return
            try:
                listener()
            except Exception:  # border: foreign code must not cost the device
                log.exception("the listener of caller %d failed", self.address)

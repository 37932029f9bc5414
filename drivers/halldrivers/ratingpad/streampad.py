"""A pad that is a device of its own: a worker that listens with an ear and says what the pad is to show."""

from __future__ import annotations

import time
from collections.abc import Callable

from halldrivers.counters import Counters
from halldrivers.errors import Fault
from halldrivers.ratingpad.asking import AskingPad, Wish
from halldrivers.ratingpad.ears import Ear
from halldrivers.ratingpad.telling import OnPress, OnTrouble
from halldrivers.worker import DeviceWorker, Retry

LISTEN_S = 0.1
"""A wish is carried out after so long at most."""
IDLE_S = 0.01


class StreamPad(AskingPad):
    """One pad with a worker. Making one returns at once; its first word comes by ``on_trouble``."""

    def __init__(
        self,
        name: str,
        new_ear: Callable[[Counters], Ear],
        *,
        on_press: OnPress,
        on_trouble: OnTrouble,
        retry: Retry | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(on_press, on_trouble)
        self._ear, self._clock = new_ear(self.counters), clock
        self._obeyed: Wish | None = None
        self._obeyed_s = 0.0
        """What began before is no answer to the wish."""
        self._worker = DeviceWorker(
            f"pad {name}", _Driver(self), on_status=self._know, counters=self.counters, retry=retry
        ).start()

    def close(self) -> None:
        """Dark, the device given back, the thread ended; again is harmless. Not from within a callback."""
        self._listener.close()
        self.idle()
        self._worker.close()

    # --- in the worker's thread --------------------------------------------------------------------

    def begin(self) -> None:
        """The device is to be opened."""
        self._ear.open()
        self._obeyed = None

    def listen(self) -> float:
        """Carry out a new wish, then listen for a while; answers how long to rest after it."""
        wish = self._wish
        if wish is not self._obeyed:
            # What waits in there was pressed before.
            self._take(wish, 0.0)
            read_s = self._clock()
            self._ear.say(wish.state)
            settle_s = self._ear.settle_s
            self._obeyed, self._obeyed_s = wish, self._clock() + settle_s if settle_s else read_s
        began_s = self._clock()
        has_heard = self._take(wish, LISTEN_S)
        # A simulated ear may not wait.
        return 0.0 if has_heard or self._clock() - began_s > LISTEN_S / 2 else IDLE_S

    def end(self) -> None:
        """The device is to be given back."""
        obeyed, self._obeyed = self._obeyed, None
        try:
            if obeyed is not None and self._wish is not obeyed:
                self._ear.say(self._wish.state)
        finally:
            self._ear.close()

    @property
    def warning(self) -> Fault | None:
        """What the ear warns of."""
        return self._ear.warning

    def _take(self, wish: Wish, timeout_s: float) -> bool:
        """Listen once; whether anything was heard."""
        found = self._ear.hear(timeout_s)
        for heard in found:
            is_answer = wish is self._obeyed and heard.began_s >= self._obeyed_s
            self._hear(heard.key, heard.began_s, wish.arming if is_answer else 0)
        return bool(found)


class _Driver:
    """The pad as its worker sees it."""

    def __init__(self, pad: StreamPad) -> None:
        self._pad = pad

    @property
    def warning(self) -> Fault | None:
        return self._pad.warning

    def open(self) -> None:
        self._pad.begin()

    def turn(self) -> float:
        return self._pad.listen()

    def close(self) -> None:
        self._pad.end()

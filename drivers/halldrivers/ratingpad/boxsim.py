"""A simulated box with keys on a serial line of its own: it sends what it was told to send for each key.

It knows no table and no pattern: a test or a demonstration gives it the bytes, as the maker of a real box
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from halldrivers.simwire import ByteMachine

MOST_HEARD = 4096


class PadBoxSim(ByteMachine):
    """``frames`` are the bytes that each key sends; ``latching`` keeps presses until it is spoken to."""

    def __init__(
        self,
        frames: Mapping[str, bytes],
        *,
        clock: Callable[[], float],
        latching: bool = False,
        seed: int = 0,
        noise: float = 0.0,
    ) -> None:
        super().__init__(clock=clock, seed=seed, noise=noise)
        self._frames, self._latching = dict(frames), latching
        self._latched = b""
        self._heard = b""

    def press(self, key: str, repeats: int = 1, every_s: float = 0.1) -> None:
        """A finger on a key; some boxes send again while it stays."""
        with self.lock:
            if self._latching:
                self._latched += self._frames[key]
                return
            for number in range(repeats):
                self.answer(self._frames[key], number * every_s)

    def babble(self, data: bytes) -> None:
        """Send any bytes."""
        self.answer(data)

    @property
    def heard(self) -> bytes:
        """What it was told so far, the latest part."""
        with self.lock:
            return self._heard

    def take(self, data: bytes) -> None:
        """It is spoken to."""
        self._heard = (self._heard + data)[-MOST_HEARD:]
        latched, self._latched = self._latched, b""
        if latched:
            self.answer(latched)

    def forget(self) -> None:
        """What it kept is lost with its power."""
        self._latched = b""

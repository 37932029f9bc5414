"""One device in a thread of its own, so that one that hangs holds up nobody else.

A display shows the newest picture: of what is asked for under one name only the last waits. A device that
cannot be opened, or fails, is opened again after a while. A thread that a hanging device does not let go ends
as soon as it does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from halldrivers.errors import DeviceError, DriverFault

log = logging.getLogger("hall.device")


class Closable(Protocol):
    """A device that can be given back."""

    def close(self) -> None:
        """Give it back; again is harmless."""
        ...


D = TypeVar("D", bound=Closable)


class Hand(Generic[D]):
    """Holds one device. The three callbacks are called in the hand's thread and must not block."""

    def __init__(
        self,
        name: str,
        open_device: Callable[[], D],
        *,
        on_open: Callable[[], None],
        on_failed: Callable[[DeviceError], None],
        on_end: Callable[[], None],
        reopen_s: float,
    ) -> None:
        self._name, self._open_device, self._reopen_s = name, open_device, reopen_s
        self._on_open, self._on_failed, self._on_end = on_open, on_failed, on_end
        self._wake = threading.Condition()
        self._asked: dict[str, Callable[[D], None]] = {}
        self._is_ending = False
        self._thread = threading.Thread(target=self._run, name=f"hand {name}", daemon=True)

    def start(self) -> None:
        """Open the device, now or as soon as it can be opened."""
        self._thread.start()

    def do(self, what: str, act: Callable[[D], None]) -> None:
        """Do something with the device as soon as may be, in place of what waits under the same name."""
        with self._wake:
            self._asked[what] = act
            self._wake.notify()

    def end(self) -> None:
        """Give the device back and end the thread; waits for neither."""
        with self._wake:
            self._is_ending = True
            self._wake.notify()

    # --- in its thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._is_ending:
                if not self._hold():
                    with self._wake:
                        self._wake.wait_for(lambda: self._is_ending, self._reopen_s)
        finally:
            self._on_end()

    def _hold(self) -> bool:
        """Open the device and do what is asked until the end; False when it failed."""
        device: D | None = None
        try:
            device = self._open_device()
            with self._wake:
                self._asked.clear()
            self._on_open()
            while (act := self._next()) is not None:
                act(device)
            return True
        except DeviceError as error:
            self._on_failed(error)
        except Exception as error:  # border: a program error in a driver is that device's fault alone
            log.exception("%s: program error in its driver", self._name)
            self._on_failed(DriverFault(f"{self._name}: {type(error).__name__}"))
        finally:
            if device is not None:
                self._close(device)
        return False

    def _next(self) -> Callable[[D], None] | None:
        """What is to be done next; None at the end."""
        with self._wake:
            self._wake.wait_for(lambda: self._is_ending or bool(self._asked))
            if self._is_ending:
                return None
            return self._asked.pop(next(iter(self._asked)))

    def _close(self, device: D) -> None:
        try:
            device.close()
        except DeviceError as error:
            log.debug("%s: closing: %s", self._name, error)

"""What a pad tells whoever opened it, whatever it is wired to."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from halldrivers.errors import DeviceError, DeviceState
from halldrivers.status import DeviceStatus, status_of_error

_T = TypeVar("_T")

log = logging.getLogger("hall.device")


@dataclass(frozen=True, slots=True)
class RawPress:
    """One press of one key, before anyone says what the key means."""

    key: str
    """"1" for the first key."""
    at_s: float
    """On the pad's clock."""
    arming: int = 0
    """The number that ``arm`` answered, if the pad is sure that the finger came after it; 0 is a stray."""


@dataclass(frozen=True, slots=True)
class PadTrouble:
    """What is wrong with the pad."""

    status: DeviceStatus
    usable: bool
    """Presses still come (a stuck key leaves the others)."""
    heals: bool = True
    """The pad finds its device again by itself; False: close it and make a new one."""

    @classmethod
    def of(cls, error: DeviceError, *, usable: bool) -> Self:
        """The trouble of a pad that does not heal itself."""
        return cls(status_of_error(error), usable, heals=False)

    @classmethod
    def in_status(cls, status: DeviceStatus) -> Self | None:
        """The trouble in the word of a worker; None when all is well. A warning is a fault of part of it."""
        if status.state is not DeviceState.ONLINE:
            return cls(status, usable=False)
        return cls(DeviceStatus(DeviceState.FAULT, status.fault), usable=True) if status.fault else None


OnPress = Callable[[RawPress], None]
OnTrouble = Callable[[PadTrouble | None], None]
"""Called with None when the pad works, again or for the first time."""


class Listener:
    """The two callbacks behind a border: what they raise ends no pad, and nothing is called after close."""

    def __init__(self, on_press: OnPress, on_trouble: OnTrouble) -> None:
        self._on_press, self._on_trouble = on_press, on_trouble
        self._calling = threading.RLock()
        self._is_closed = False

    def press(self, press: RawPress) -> None:
        """Tell of a press."""
        self._call(self._on_press, press)

    def trouble(self, trouble: PadTrouble | None) -> None:
        """Tell of a trouble or its end."""
        self._call(self._on_trouble, trouble)

    def close(self) -> None:
        """Tell nothing any more; a call under way has ended on return."""
        with self._calling:
            self._is_closed = True

    def _call(self, listener: Callable[[_T], None], what: _T) -> None:
        with self._calling:
            if self._is_closed:
                return
            try:
                listener(what)
            except Exception:  # border to foreign code
                log.exception("the listener of a rating pad failed")

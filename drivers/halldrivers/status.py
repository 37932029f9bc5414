"""What is said about a device: its state, and what a person must know unless it is well.

States follow XFS4IoT and UnifiedPOS; `unknown` is the state of a device of which nothing was heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from halldrivers.errors import DeviceError, DeviceState, DeviceTimeout, Fault, PortAbsent, PortGone

MOST_TEXT = 200
"""Characters of a text that goes on record."""
MISSES = 3
"""Tries in a row that fail until a device counts as gone: devices vanish for seconds (lessons 19)."""


class StatusWords(TypedDict):
    """A status as it is put on record; all empty but the state for a device that is well."""

    state: str
    code: str
    who: str
    what_zh: str
    remedy_zh: str
    what_en: str
    remedy_en: str


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """One word about a device."""

    state: DeviceState
    fault: Fault | None = None
    """Also a warning that leaves the device online (paper low)."""

    @property
    def code(self) -> str:
        """The fault's code, or empty."""
        return self.fault.code if self.fault else ""

    def words(self) -> StatusWords:
        """As it is put on record."""
        fault = self.fault
        return StatusWords(
            state=self.state.value,
            code=self.code,
            who=fault.who.value if fault else "",
            what_zh=fault.what_zh[:MOST_TEXT] if fault else "",
            remedy_zh=fault.remedy_zh[:MOST_TEXT] if fault else "",
            what_en=fault.what_en[:MOST_TEXT] if fault else "",
            remedy_en=fault.remedy_en[:MOST_TEXT] if fault else "",
        )

    def says_the_same(self, other: DeviceStatus | None) -> bool:
        """Whether telling it after ``other`` would tell nothing new."""
        return other is not None and (self.state, self.code) == (other.state, other.code)


def status_of_error(error: DeviceError) -> DeviceStatus:
    """What a failed try says of the device."""
    if isinstance(error, PortAbsent | PortGone):
        return DeviceStatus(DeviceState.ABSENT, error.as_fault())
    if isinstance(error, DeviceTimeout):
        return DeviceStatus(DeviceState.OFFLINE, error.as_fault())
    return DeviceStatus(DeviceState.FAULT, error.as_fault())


class Health:
    """Turns what single tries found into what is worth telling: once down, once up. No time, no device.

    One that fails is not down before its `misses`-th try in a row, unless `at_once` says that trying again
    would find the same.
    """

    def __init__(self, misses: int = MISSES) -> None:
        self._most = misses
        self._failed = 0
        self.status = DeviceStatus(DeviceState.UNKNOWN)
        """The last thing worth telling."""

    @property
    def is_down(self) -> bool:
        """Whether it was told that the device does not work."""
        return self.status.state not in (DeviceState.ONLINE, DeviceState.BUSY, DeviceState.UNKNOWN)

    def well(self, warning: Fault | None = None) -> DeviceStatus | None:
        """A try succeeded; what is to be told, if anything."""
        self._failed = 0
        return self._say(DeviceStatus(DeviceState.ONLINE, warning))

    def failed(self, error: DeviceError, *, at_once: bool = False) -> DeviceStatus | None:
        """A try failed; what is to be told, if anything."""
        self._failed += 1
        if self._failed < self._most and not at_once:
            return None
        return self._say(status_of_error(error))

    def _say(self, status: DeviceStatus) -> DeviceStatus | None:
        if status.says_the_same(self.status):
            return None
        self.status = status
        return status

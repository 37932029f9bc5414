"""What stands on a line: the interface between the line's thread and a pad or a sign."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from halldrivers.counters import Counters
from halldrivers.errors import Fault
from halldrivers.modbusline.address import UnitAddress
from halldrivers.modbusline.polled import Pace
from halldrivers.status import DeviceStatus

if TYPE_CHECKING:
    from halldrivers.modbusline.client import LineClient


class UnitWire:
    """One exchange with one unit; raises UnitSilent, UnitRefused, UnitGarbled or PortGone."""

    def __init__(self, client: LineClient, unit: int, timeout_s: float, counters: Counters) -> None:
        self._client, self._unit, self._timeout_s, self._counters = client, unit, timeout_s, counters

    def read_inputs(self, address: int, count: int) -> tuple[bool, ...]:
        """The levels of ``count`` discrete inputs."""
        return self._client.read_inputs(self._unit, self._timeout_s, address, count)

    def write_coil(self, address: int, on: bool) -> None:
        """Switch one coil."""
        self._client.write_coil(self._unit, self._timeout_s, address, on)
        self._counters.add("writes")

    def write_coils(self, address: int, lit: Sequence[bool]) -> None:
        """Switch coils that follow each other."""
        self._client.write_coils(self._unit, self._timeout_s, address, lit)
        self._counters.add("writes")

    def write_register(self, address: int, value: int) -> None:
        """Set one register."""
        self._client.write_register(self._unit, self._timeout_s, address, value)
        self._counters.add("writes")

    def write_registers(self, address: int, values: Sequence[int]) -> None:
        """Set registers that follow each other."""
        self._client.write_registers(self._unit, self._timeout_s, address, values)
        self._counters.add("writes")


class LineUnit(ABC):
    """A device on a line. All methods are called in the line's thread, but :meth:`told` in any.

    Each of :meth:`ask` and :meth:`write` does at most one exchange; :meth:`farewell` may do one for each
    lamp.
    """

    address: UnitAddress
    pace: Pace
    counters: Counters

    @abstractmethod
    def ask(self, wire: UnitWire) -> None:
        """Its turn to be asked."""

    @abstractmethod
    def told(self, status: DeviceStatus) -> None:
        """Something worth telling about this unit; must not block."""

    @abstractmethod
    def forget(self) -> None:
        """The unit was away: what it shows, and which of its keys are down, is not known any more."""

    def write(self, wire: UnitWire) -> None:  # noqa: B027 - a unit that only answers
        """Its turn to be written to, because :meth:`wants_write` said so."""

    def is_keen(self, now_s: float) -> bool:
        """Whether it should be asked as often as there is time."""
        return False

    def wants_write(self, now_s: float) -> bool:
        """Whether there is something to write."""
        return False

    def next_change_s(self, now_s: float) -> float | None:
        """When :meth:`wants_write` may become true by the passing of time."""
        return None

    def farewell(self, wire: UnitWire) -> None:  # noqa: B027 - most units are just left
        """The last words before the unit is given up (lamps off)."""

    @property
    def warning(self) -> Fault | None:
        """What a person should know although it works."""
        return None

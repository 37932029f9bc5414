"""A simulated rating pad on a Modbus line: a finger on its keys, an eye on its lamps."""

from __future__ import annotations

from halldrivers.modbussim.units import ILLEGAL_ADDRESS, Refusal, SimUnit


class PadUnit(SimUnit):
    """Keys are discrete inputs from ``first_key`` on, lamps are coils from ``first_lamp`` on.

    ``latching`` boards keep a press until their inputs were read; the others show the contact as it is.
    """

    def __init__(
        self,
        number: int,
        *,
        keys: int = 4,
        lamps: int = 4,
        first_key: int = 0,
        first_lamp: int = 0,
        latching: bool = False,
    ) -> None:
        super().__init__(number)
        self._first_key, self._first_lamp, self.latching = first_key, first_lamp, latching
        self._until_s = [0.0] * keys
        self._held = [False] * keys
        self._latched = [False] * keys
        self._lamps = [False] * lamps

    def press(self, key: str, now_s: float, hold_s: float = 0.15) -> None:
        """A finger on a key for ``hold_s`` seconds."""
        index = int(key) - 1
        self._until_s[index] = now_s + hold_s
        self._latched[index] = True

    def hold(self, key: str) -> None:
        """A finger stays on a key."""
        self._held[int(key) - 1] = self._latched[int(key) - 1] = True

    def release(self, key: str) -> None:
        """It goes away."""
        self._held[int(key) - 1] = False
        self._until_s[int(key) - 1] = 0.0

    @property
    def lamps(self) -> tuple[bool, ...]:
        """All lamps, lit or not."""
        return tuple(self._lamps)

    def inputs(self, now_s: float) -> list[bool]:
        """The contacts, or what was kept of them."""
        level = [held or now_s < until_s for held, until_s in zip(self._held, self._until_s, strict=True)]
        return [False] * self._first_key + (list(self._latched) if self.latching else level)

    def were_read(self, addresses: range) -> None:
        """A latching board lets go of what was read."""
        for address in addresses:
            if address >= self._first_key:
                self._latched[address - self._first_key] = False

    def coils(self) -> list[bool]:
        """The lamps."""
        return [False] * self._first_lamp + list(self._lamps)

    def write_coil(self, address: int, on: bool) -> None:
        """A lamp is switched."""
        if not self._first_lamp <= address < self._first_lamp + len(self._lamps):
            raise Refusal(ILLEGAL_ADDRESS)
        self._lamps[address - self._first_lamp] = on

    def power_cycle(self) -> None:
        """Lamps off, and what was kept is lost."""
        self._lamps = [False] * len(self._lamps)
        self._latched = [False] * len(self._latched)

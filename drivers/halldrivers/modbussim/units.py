"""What all simulated units of a line share: their memory, their answers, and what can be wrong with them."""

from __future__ import annotations

import struct
from collections.abc import Callable

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
Changed = Callable[[], None]


class Refusal(Exception):
    """A Modbus exception, to be answered."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class SimUnit:
    """One unit; subclasses say what its bits and registers are. The line holds its lock around all of it.

    Faults are plain attributes that a hand sets.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_dead = False
        """It is switched off: it hears nothing and answers nothing."""
        self.delay_s = 0.0
        """It thinks so long before it answers."""
        self.refusal = 0
        """It answers everything with this exception; 0 for none."""
        self.no_functions: frozenset[int] = frozenset()
        """Functions that it has not (cheap boards lack 15)."""
        self.corrupts = 0
        """So many of its next answers have a wrong CRC."""
        self.answers_as: int | None = None
        """It answers under this number instead of its own."""
        self.asked = 0
        """How many requests it has answered or refused."""

    def answer(self, request: bytes, now_s: float) -> bytes:
        """Function and data of the answer to a request (without unit number); an exception where it must."""
        function, data = request[0], request[1:]
        self.asked += 1
        try:
            if self.refusal:
                raise Refusal(self.refusal)
            if function in self.no_functions:
                raise Refusal(ILLEGAL_FUNCTION)
            return bytes((function,)) + self._execute(function, data, now_s)
        except Refusal as refusal:
            return bytes((function | 0x80, refusal.code))

    def _execute(self, function: int, data: bytes, now_s: float) -> bytes:
        address, value = struct.unpack(">HH", data[:4])
        match function:
            case 1 | 2:
                return _bits(self._read_bits(function == 2, address, value, now_s))
            case 3 | 4:
                return _words([self.read_register(address + i) for i in range(_count(value, 125))])
            case 5:
                if value not in (0x0000, 0xFF00):
                    raise Refusal(ILLEGAL_VALUE)
                self.write_coil(address, value == 0xFF00)
                return data[:4]
            case 6:
                self.write_register(address, value)
                return data[:4]
            case 15:
                if data[4] != (_count(value, 1968) + 7) // 8:
                    raise Refusal(ILLEGAL_VALUE)
                self._check_coils(address, value)
                for i in range(value):
                    self.write_coil(address + i, bool(data[5 + i // 8] >> i % 8 & 1))
                return data[:4]
            case _:
                if data[4] != 2 * _count(value, 123):
                    raise Refusal(ILLEGAL_VALUE)
                words = struct.unpack(f">{value}H", data[5:])
                self.write_registers(address, words)
                return data[:4]

    def _read_bits(self, inputs: bool, address: int, count: int, now_s: float) -> list[bool]:
        bits = self.inputs(now_s) if inputs else self.coils()
        if address + _count(count, 2000) > len(bits):
            raise Refusal(ILLEGAL_ADDRESS)
        if inputs:
            self.were_read(range(address, address + count))
        return bits[address : address + count]

    def _check_coils(self, address: int, count: int) -> None:
        if address + count > len(self.coils()):
            raise Refusal(ILLEGAL_ADDRESS)

    # --- what a kind of unit has ---------------------------------------------------------------------

    def inputs(self, now_s: float) -> list[bool]:
        """Its discrete inputs."""
        return []

    def were_read(self, addresses: range) -> None:
        """Those inputs were just answered."""

    def coils(self) -> list[bool]:
        """Its coils."""
        return []

    def write_coil(self, address: int, on: bool) -> None:
        """One coil is set."""
        raise Refusal(ILLEGAL_ADDRESS)

    def read_register(self, address: int) -> int:
        """One of its registers."""
        raise Refusal(ILLEGAL_ADDRESS)

    def write_register(self, address: int, value: int) -> None:
        """One register is set."""
        raise Refusal(ILLEGAL_ADDRESS)

    def write_registers(self, address: int, values: tuple[int, ...]) -> None:
        """Registers that follow each other are set."""
        for i, value in enumerate(values):
            self.write_register(address + i, value)

    def power_cycle(self) -> None:
        """It was switched off and on."""


def _count(value: int, most: int) -> int:
    if not 1 <= value <= most:
        raise Refusal(ILLEGAL_VALUE)
    return value


def _bits(bits: list[bool]) -> bytes:
    packed = bytearray((len(bits) + 7) // 8)
    for i, bit in enumerate(bits):
        packed[i // 8] |= bit << i % 8
    return bytes((len(packed),)) + bytes(packed)


def _words(words: list[int]) -> bytes:
    return bytes((2 * len(words),)) + struct.pack(f">{len(words)}H", *words)

"""Simulated digit signs on a Modbus line: what they show, as text and drawn for people.

Registers as observed in a public set-up tool for the LED-485 series and in the public description of the DM36
and DM56 series; neither was tried on a real sign.
"""

from __future__ import annotations

import struct

from halldrivers.modbussim.units import ILLEGAL_ADDRESS, ILLEGAL_VALUE, Refusal, SimUnit

_READ = {
    0x3F: "0", 0x06: "1", 0x5B: "2", 0x4F: "3", 0x66: "4", 0x6D: "5", 0x7D: "6", 0x07: "7", 0x7F: "8",
    0x6F: "9", 0x77: "A", 0x7C: "b", 0x39: "C", 0x5E: "d", 0x79: "E", 0x71: "F", 0x3D: "G", 0x76: "H",
    0x1E: "J", 0x75: "K", 0x38: "L", 0x55: "M", 0x54: "n", 0x5C: "o", 0x73: "P", 0x67: "q", 0x50: "r",
    0x78: "t", 0x3E: "U", 0x1C: "v", 0x6A: "W", 0x64: "X", 0x6E: "y", 0x1B: "Z", 0x40: "-",
    0x08: "_", 0x00: " ",
}  # fmt: skip
"""What a person reads in seven segments (a is bit 0 … g is bit 6)."""
_DIGITS = {text: segments for segments, text in _READ.items()}


class Led485Unit(SimUnit):
    """LED-485: register 0 a signed number, 4 the decimal point's place, from 0x80 two digits a register."""

    def __init__(self, number: int, *, digits: int = 3) -> None:
        super().__init__(number)
        self._digits, self._number, self._point = digits, 0, 0
        self._segments = [0] * digits

    def write_register(self, address: int, value: int) -> None:
        """A number, the point, or one pair of digits."""
        match address:
            case 0:
                (self._number,) = struct.unpack(">h", struct.pack(">H", value))
                self._show_number()
            case 4:
                if value >= self._digits:
                    raise Refusal(ILLEGAL_VALUE)
                self._point = value
                self._show_number()
            case _ if 0x80 <= address < 0x80 + (self._digits + 1) // 2:
                for i, segments in enumerate((value >> 8, value & 0xFF)):
                    index = 2 * (address - 0x80) + i
                    if index < self._digits:
                        self._segments[index] = segments
            case _:
                raise Refusal(ILLEGAL_ADDRESS)

    def read_register(self, address: int) -> int:
        """The number that was written."""
        if address != 0:
            raise Refusal(ILLEGAL_ADDRESS)
        return int(self._number) & 0xFFFF

    def _show_number(self) -> None:
        text = str(self._number)
        shown = text if len(text) <= self._digits else "-" * self._digits
        self._segments = [_DIGITS[letter] for letter in shown.rjust(self._digits)]
        if self._point:
            self._segments[-1 - self._point] |= 0x80

    @property
    def text(self) -> str:
        """What a person reads; a lit point follows its digit, an odd shape is ``?``."""
        return "".join(
            _READ.get(segments & 0x7F, "?") + ("." if segments & 0x80 else "") for segments in self._segments
        )

    def draw(self) -> str:
        """Three lines as the sign looks from the waiting area."""
        lines = ["", "", ""]
        for segments in self._segments:
            a, b, c, d, e, f, g, point = (bool(segments >> bit & 1) for bit in range(8))
            lines[0] += f" {'_' if a else ' '}  "
            lines[1] += f"{'|' if f else ' '}{'_' if g else ' '}{'|' if b else ' '} "
            lines[2] += f"{'|' if e else ' '}{'_' if d else ' '}{'|' if c else ' '}{'.' if point else ' '}"
        return "\n".join(line.rstrip() for line in lines)

    def power_cycle(self) -> None:
        """Dark."""
        self._segments = [0] * self._digits


class DmUnit(SimUnit):
    """DM36 / DM56: registers 0 to 5 the ASCII code of each digit, 7 a number."""

    def __init__(self, number: int, *, digits: int = 3) -> None:
        super().__init__(number)
        self._digits = digits
        self._codes = [0x20] * 6

    def write_register(self, address: int, value: int) -> None:
        """One digit, or a number."""
        if address < 6:
            if not 0x20 <= value < 0x7F:
                raise Refusal(ILLEGAL_VALUE)
            self._codes[address] = value
        elif address == 7:
            self._codes = [ord(letter) for letter in str(value).rjust(self._digits)[-self._digits :].ljust(6)]
        else:
            raise Refusal(ILLEGAL_ADDRESS)

    @property
    def text(self) -> str:
        """What a person reads."""
        return "".join(map(chr, self._codes[: self._digits]))

    def power_cycle(self) -> None:
        """Dark."""
        self._codes = [0x20] * 6


SignUnit = Led485Unit | DmUnit

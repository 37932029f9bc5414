"""The simulated units' own view of Modbus RTU: requests in, answers out; shares no code with the driver.

::

    unit  function  data…  CRC low  CRC high         "MODBUS over Serial Line" 2.5.1, CRC-16 of appendix B
     01      02     00 00 00 04    79       C9       read 4 discrete inputs of unit 1

A request's length follows from its function (and from its byte count where it has one). What is no request is
dropped byte by byte, and a frame that breaks off is forgotten after a silence, as a unit on a real line does.
"""

from __future__ import annotations

import struct

FIXED = frozenset({1, 2, 3, 4, 5, 6})
"""Functions whose request has two words: 8 bytes with unit, function and CRC."""
COUNTED = frozenset({15, 16})
"""Functions whose request has two words, a byte count and so many bytes."""
SILENCE_S = 0.05
"""A frame that stands still for so long is over: 3.5 characters on a real line, more under a busy system."""
MOST_BYTES = 9 + 255
"""The longest request that there can be."""


def _step(register: int) -> int:
    """Eight shifts of the CRC register, with the polynomial 0xA001 of the standard."""
    for _ in range(8):
        register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


_STEPS = tuple(_step(byte) for byte in range(256))


def crc(data: bytes) -> bytes:
    """The two check bytes, low one first."""
    register = 0xFFFF
    for byte in data:
        register = register >> 8 ^ _STEPS[(register ^ byte) & 0xFF]
    return struct.pack("<H", register)


def frame(unit: int, body: bytes) -> bytes:
    """A whole frame of function and data."""
    head = bytes((unit,)) + body
    return head + crc(head)


class RequestParser:
    """Bytes of the line to requests, each as unit, function and data without its CRC."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._last_s = 0.0
        self.garbage = 0
        """Bytes that belonged to no request."""

    @property
    def buffered(self) -> int:
        """Bytes of a request that is not complete."""
        return len(self._buffer)

    def clear(self) -> None:
        """Forget half a frame."""
        self.garbage += len(self._buffer)
        self._buffer.clear()

    def feed(self, data: bytes, at_s: float) -> list[bytes]:
        """Bytes that arrived at ``at_s``; the requests that are complete with them."""
        if at_s - self._last_s > SILENCE_S:
            self.clear()
        self._last_s = at_s
        self._buffer += data
        requests: list[bytes] = []
        while (length := self._length()) and length <= len(self._buffer):
            candidate = bytes(self._buffer[:length])
            if crc(candidate[:-2]) == candidate[-2:]:
                requests.append(candidate[:-2])
                del self._buffer[:length]
            else:
                self._drop()
        return requests

    def _length(self) -> int:
        """How long the request at the front is; 0 while that is not known. Drops what begins none."""
        while len(self._buffer) >= 2:
            function = self._buffer[1]
            if function in FIXED:
                return 8
            if function in COUNTED:
                return 9 + self._buffer[6] if len(self._buffer) > 6 else 0
            self._drop()
        return 0

    def _drop(self) -> None:
        del self._buffer[0]
        self.garbage += 1

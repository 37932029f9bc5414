"""The ID-card reader's own USB: each frame goes over two pipes, its head on one and the rest on the other.

    out  0x02   AA AA AA 96 69  LEN LEN         7 bytes
         0x06   CMD PARA DATA... CHK            LEN bytes
    in   0x81   AA AA AA 96 69  LEN LEN         7 bytes
         0x85   SW1 SW2 SW3 DATA... CHK         LEN bytes

(GA/T 467; the endpoints from two independent implementations, facts: id-card 1.2.) The codec sees a plain
stream of bytes, as on a serial line. What could put the two pipes out of step is dealt with here: a head that
is none is passed on as the noise that it is, and before a new question everything left of an answer that did
not come whole is read away, or its late rest would count for the next answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from halldrivers.errors import PortGone
from halldrivers.usbport.address import UsbAddress
from halldrivers.usbport.pipes import Endpoint, Interface, Pipe, pipe_at
from halldrivers.usbport.port import UsbTransport, read_size, send

if TYPE_CHECKING:
    from halldrivers.usbport.handle import UsbHandle

HEAD_OUT, BODY_OUT, HEAD_IN, BODY_IN = 0x02, 0x06, 0x81, 0x85
_PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
_HEAD_BYTES = 7
_LONGEST_BODY = 4096
"""The longest answer has 2314 bytes after its head (text, photo and two fingerprints)."""
_MOST_DRAIN_READS = 64
"""A reader that babbles without end must not hold the terminal."""


class TwoPipeTransport(UsbTransport):
    """The two-pipe framing of one reader; a write takes whole frames only."""

    _group = "dialout"

    def __init__(
        self, vendor: int, product: int, serial: str = "", port: str = "", backend: Any = None
    ) -> None:
        super().__init__(UsbAddress(vendor, product, serial, port), backend)
        self._pipes: dict[int, Pipe] = {}
        self._begin()

    def _begin(self) -> None:
        self._head = bytearray()
        self._body_left = 0
        self._is_owed = False
        """True from a question until its answer has come whole."""

    def _choose(self, interfaces: tuple[Interface, ...]) -> tuple[Pipe, ...]:
        self._pipes = {one: pipe_at(interfaces, one) for one in (HEAD_OUT, BODY_OUT, HEAD_IN, BODY_IN)}
        return tuple(self._pipes.values())

    def _write(self, handle: UsbHandle, data: bytes, deadline: float) -> int:
        frames = _frames(data)
        if self._is_owed:
            self._drain(handle)
        accepted = 0
        for frame in frames:
            self._is_owed = True
            for endpoint, part in ((HEAD_OUT, frame[:_HEAD_BYTES]), (BODY_OUT, frame[_HEAD_BYTES:])):
                try:
                    sent = send(handle, self._endpoint(endpoint), part, deadline)
                except PortGone as error:
                    error.accepted += accepted
                    raise
                accepted += sent
                if sent < len(part):
                    return accepted
        return accepted

    def _read_ahead(self, handle: UsbHandle, timeout_s: float) -> bytes | None:
        if self._body_left:
            return self._read_body(handle, timeout_s)
        endpoint = self._endpoint(HEAD_IN)
        data = handle.read(endpoint, read_size(endpoint), timeout_s)
        if not data:
            return data
        self._head += data
        return self._take_head()

    def _read_body(self, handle: UsbHandle, timeout_s: float) -> bytes | None:
        endpoint = self._endpoint(BODY_IN)
        data = handle.read(endpoint, read_size(endpoint), timeout_s)
        self._body_left = max(0, self._body_left - len(data or b""))
        self._is_owed = self._is_owed and self._body_left > 0
        return data

    def _take_head(self) -> bytes:
        """The bytes of a head once it is whole; what follows it on its own pipe counts as body."""
        if len(self._head) < _HEAD_BYTES:
            return b""
        data = bytes(self._head)
        self._head.clear()
        length = int.from_bytes(data[5:7], "big")
        if data.startswith(_PREAMBLE) and length <= _LONGEST_BODY:
            self._body_left = max(0, length - (len(data) - _HEAD_BYTES))
            self._is_owed = self._body_left > 0
        return data

    def _drain(self, handle: UsbHandle) -> None:
        for address in (HEAD_IN, BODY_IN):
            endpoint = self._endpoint(address)
            for _ in range(_MOST_DRAIN_READS):
                if handle.read(endpoint, read_size(endpoint), 0.0) is None:
                    break
        self._begin()

    def _endpoint(self, address: int) -> Endpoint:
        return self._pipes[address].endpoint


def _frames(data: bytes) -> list[bytes]:
    """Whole frames by their lengths; ValueError for anything else, since only the program makes them."""
    frames: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 5 : at + _HEAD_BYTES], "big")
        frame = data[at : at + _HEAD_BYTES + length]
        if len(frame) < _HEAD_BYTES + length or not length:
            raise ValueError(f"not whole frames: {data[:16].hex(' ')}")
        frames.append(frame)
        at += len(frame)
    return frames

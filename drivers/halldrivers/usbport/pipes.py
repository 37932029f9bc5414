"""Which endpoints of a device carry its bytes, read from its descriptors.

Clones differ: 0x81, 0x82, 0x01, 0x02 and 0x03 all occur, so python-escpos' fixed 0x82/0x01 are wrong for
many (facts: printing 1.2). The rules, in this order:

1. What the address names.
2. The printer interface (class 7). Of several, the two-way one (protocol 2), then the one-way one (1), last
   IEEE 1284.4 (3), which wraps everything in packets; usblp prefers the same (from memory).
3. The only other interface with bulk pipes: some printers show a vendor class. A mass-storage interface (the
   "driver CD" of some printers) is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from halldrivers.usbport.errors import UsbNoPipes

BULK, INTERRUPT = 2, 3
"""The transfer types of bmAttributes (USB 2.0, 9.6.6) that carry bytes here."""
CLASS_PRINTER = 7
_CLASS_STORAGE = 8
_PROTOCOLS = (2, 1, 3)
_PROTOCOL_LAST = len(_PROTOCOLS)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a pipe."""

    address: int
    """Bit 7 is set for those that the device sends on."""
    kind: int
    """0 control, 1 isochronous, 2 bulk, 3 interrupt."""
    packet_bytes: int

    @property
    def is_in(self) -> bool:
        """Whether the device sends on it."""
        return self.address & 0x80 != 0


@dataclass(frozen=True, slots=True)
class Interface:
    """One setting of one interface."""

    number: int
    alternate: int
    kind: int
    """bInterfaceClass."""
    protocol: int
    endpoints: tuple[Endpoint, ...]

    def first(self, is_in: bool) -> Endpoint | None:
        """Its first bulk endpoint of that direction."""
        return next((one for one in self.endpoints if one.kind == BULK and one.is_in == is_in), None)

    def endpoint(self, address: int) -> Endpoint | None:
        """The endpoint of that address, if it carries plain bytes."""
        carrying = (one for one in self.endpoints if one.kind in (BULK, INTERRUPT))
        return next((one for one in carrying if one.address == address), None)


@dataclass(frozen=True, slots=True)
class Pipe:
    """An endpoint and the interface setting that must be taken for it."""

    interface: Interface
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Pair:
    """The pipes of one device; without `into` it only listens."""

    out: Pipe
    into: Pipe | None


def pipe_at(interfaces: Iterable[Interface], address: int) -> Pipe:
    """The pipe of one endpoint address, wherever it is; raises UsbNoPipes."""
    for interface in interfaces:
        endpoint = interface.endpoint(address)
        if endpoint is not None:
            return Pipe(interface, endpoint)
    raise UsbNoPipes(f"no endpoint 0x{address:02x}", f"没有通道 0x{address:02x}")


def bulk_pair(interfaces: Iterable[Interface], out: int = 0, into: int = 0) -> Pair:
    """The pipes of a device that has one each way; raises UsbNoPipes, or names the choice to make."""
    settings = tuple(interfaces)
    if out:
        return _named(settings, out, into)
    printers = [one for one in settings if one.kind == CLASS_PRINTER and one.first(False)]
    if printers:
        return _pair(min(printers, key=_preference))
    others = [one for one in settings if one.kind != _CLASS_STORAGE and one.first(False)]
    two_way = [one for one in others if one.first(True)] or others
    if not two_way:
        raise UsbNoPipes("no bulk endpoint that takes data", "没有可写的批量通道")
    if len({one.number for one in two_way}) > 1:
        listed = ", ".join(_as_options(one) for one in two_way)
        raise UsbNoPipes(f"choose one: {listed}", f"请选一个：{listed}")
    return _pair(two_way[0])


def _named(settings: tuple[Interface, ...], out: int, into: int) -> Pair:
    """The named endpoints; both on one setting where that is possible, since only one can be active."""
    for one in settings:
        far, near = one.endpoint(out), one.endpoint(into) if into else None
        if far is not None and (near is not None or not into):
            return Pair(Pipe(one, far), Pipe(one, near) if near else None)
    return Pair(pipe_at(settings, out), pipe_at(settings, into) if into else None)


def _preference(one: Interface) -> tuple[int, int, int]:
    known = _PROTOCOLS.index(one.protocol) if one.protocol in _PROTOCOLS else _PROTOCOL_LAST
    return known, one.number, one.alternate


def _pair(one: Interface) -> Pair:
    out, into = one.first(False), one.first(True)
    assert out is not None, "only called for an interface that takes data"
    return Pair(Pipe(one, out), Pipe(one, into) if into else None)


def _as_options(one: Interface) -> str:
    pair = _pair(one)
    into = f"&in=0x{pair.into.endpoint.address:02x}" if pair.into else ""
    return f"out=0x{pair.out.endpoint.address:02x}{into}"

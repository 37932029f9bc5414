"""Opening the pad at an address, whatever it is wired to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from halldrivers.counters import Counters
from halldrivers.keysource import KeySource
from halldrivers.modbusline.line import ModbusLines
from halldrivers.ratingpad.address import BoxAddress, GpioAddress, HidAddress, ModbusPadAddress, PadAddress
from halldrivers.ratingpad.ears import ByteEar, Ear, HidEar
from halldrivers.ratingpad.errors import PadFormMissing
from halldrivers.ratingpad.lamps import LampState
from halldrivers.ratingpad.pins import PinFactory
from halldrivers.ratingpad.table import PadTable, TableDecoder, sent_bytes
from halldrivers.ratingpad.telling import OnPress, OnTrouble
from halldrivers.ratingpad.textline import LineDecoder, PadLine
from halldrivers.transport import transport_for
from halldrivers.worker import Retry


class RatingPad(Protocol):
    """An open pad. Its methods return at once and may be called from any thread."""

    counters: Counters

    @property
    def is_up(self) -> bool:
        """Whether it works at this moment."""
        ...

    def arm(self) -> int:
        """请评价; the number that the presses carry which answer it."""
        ...

    def hear(self, key: str) -> None:
        """The press of that key is on its way."""
        ...

    def thank(self, key: str = "") -> None:
        """谢谢."""
        ...

    def idle(self) -> None:
        """Dark."""
        ...

    def close(self) -> None:
        """Give back what it holds; again is harmless. Nothing is called after it."""
        ...


@dataclass(frozen=True, slots=True)
class PadForms:
    """The tables and patterns of the configuration, by name."""

    tables: Mapping[str, PadTable] = field(default_factory=dict)
    lines: Mapping[str, PadLine] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PadParts:
    """What pads are opened with beside their address: shared lines, forms, and a simulator's stand-ins."""

    lines: ModbusLines = field(default_factory=ModbusLines)
    """One for all pads of a process: those on one RS-485 line share its thread."""
    forms: PadForms = field(default_factory=PadForms)
    pin_factory: PinFactory | None = None
    """A simulator's board; None is the machine's own GPIO."""
    key_source: Callable[[str], KeySource] | None = None
    """A simulator's keys by path; None is evdev."""
    retry: Retry | None = None
    """How soon a pad with a device of its own looks for it again; None is as usual."""


def check_forms(address: PadAddress, forms: PadForms) -> None:
    """Raise PadFormMissing when the address names a form that is not there."""
    if isinstance(address, BoxAddress):
        names = forms.tables if address.table else forms.lines
        name = address.table or address.line
        if name not in names:
            known = ", ".join(sorted(names))
            raise PadFormMissing(f"{name} ({known or '-'})")


def open_rating_pad(
    address: PadAddress, parts: PadParts, *, on_press: OnPress, on_trouble: OnTrouble
) -> RatingPad:
    """The pad at an address. Raises what its wiring raises at once; the rest comes by ``on_trouble``."""
    check_forms(address, parts.forms)
    match address:
        case GpioAddress():
            from halldrivers.ratingpad.pad import GpioRatingPad

            return GpioRatingPad.at(
                address, on_press=on_press, on_trouble=on_trouble, pin_factory=parts.pin_factory
            )
        case ModbusPadAddress():
            from halldrivers.ratingpad.modbuspad import ModbusRatingPad

            return ModbusRatingPad(address, parts.lines, on_press=on_press, on_trouble=on_trouble)
    from halldrivers.ratingpad.streampad import StreamPad

    name = address.path if isinstance(address, HidAddress) else address.claims.own[0]
    return StreamPad(
        name,
        lambda counters: _ear(address, parts, counters),
        on_press=on_press,
        on_trouble=on_trouble,
        retry=parts.retry,
    )


def _ear(address: BoxAddress | HidAddress, parts: PadParts, counters: Counters) -> Ear:
    if isinstance(address, HidAddress):
        return HidEar((parts.key_source or _evdev)(address.path), address.codes, address.led)
    transport = transport_for(address.wire)
    if address.table:
        table = parts.forms.tables[address.table]
        says = {state: sent_bytes(text) for state, text in _said(table).items()}
        return ByteEar(transport, lambda: TableDecoder(table), says, counters)
    form = parts.forms.lines[address.line]
    says = {state: form.written(text) for state, text in _said(form).items()}
    return ByteEar(transport, lambda: LineDecoder(form), says, counters)


def _said(form: PadTable | PadLine) -> dict[LampState, str]:
    return {LampState.ARMED: form.arm, LampState.THANKS: form.thank, LampState.IDLE: form.idle}


def _evdev(path: str) -> KeySource:
    from halldrivers.evdevport import EvdevSource

    source: KeySource = EvdevSource(path)
    return source

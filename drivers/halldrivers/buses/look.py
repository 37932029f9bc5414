"""The look at all buses at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from halldrivers.buses.cameras import cameras
from halldrivers.buses.found import Found, Kind
from halldrivers.buses.inputs import typing_devices
from halldrivers.buses.others import SaneDevice, id_readers, pin_chips, sane_scanners
from halldrivers.buses.printers import usb_printers
from halldrivers.buses.roots import Roots
from halldrivers.buses.serials import tty_lines
from halldrivers.buses.usbtree import usb_devices

_ORDER = {kind: place for place, kind in enumerate(Kind)}


def look(
    roots: Roots | None = None, sane: Callable[[], Iterable[SaneDevice]] | None = None
) -> tuple[Found, ...]:
    """Everything that stands on this machine's buses, in the order of `Kind`.

    `sane` lists the scanners, and may take seconds; without it none is looked for.
    """
    roots = roots or Roots()
    devices = usb_devices(roots)
    found = [
        *id_readers(devices),
        *usb_printers(roots, devices),
        *tty_lines(roots, devices),
        *typing_devices(roots, devices),
        *cameras(roots, devices),
        *pin_chips(roots),
        *(sane_scanners(sane()) if sane is not None else ()),
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.kind], one.url, one.node)))

"""Where a USB scanner sits: its SANE name holds the place on the bus, which changes at every replug.

``epsonds:libusb:001:005`` is ``/dev/bus/usb/001/005``. Looking at that folder costs nothing, so an unplugged
scanner is noticed within seconds, and SANE is asked for its new name only when something was plugged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from halldrivers.scanner.capabilities import Capabilities
from halldrivers.scanner.devices import found_again, moves
from halldrivers.scanner.errors import ScannerAbsent
from halldrivers.scanner.probe import Prober

USB_ROOT = Path("/dev/bus/usb")
_PLACE = re.compile(r":libusb:(\d{3}):(\d{3})$")


class UsbPlaces:
    """The USB bus as the file system shows it."""

    def __init__(self, root: Path = USB_ROOT) -> None:
        self._root = root

    def is_gone(self, name: str) -> bool:
        """Whether the name says a place at which nothing is plugged."""
        found = _PLACE.search(name)
        return found is not None and not (self._root / found[1] / found[2]).exists()

    def taken(self) -> frozenset[str]:
        """All places at which something is plugged."""
        return frozenset(str(path) for path in self._root.glob("*/*"))


class MovingDevice:
    """A device by its SANE name, which is looked up anew when it has moved."""

    def __init__(self, name: str, usb: UsbPlaces) -> None:
        self.name = name
        """At this moment."""
        self._usb = usb
        self._searched: frozenset[str] | None = None
        """What was plugged when SANE was last searched in vain."""

    def check(self) -> None:
        """Raise ScannerAbsent if nothing is plugged where it was."""
        if self._usb.is_gone(self.name):
            raise ScannerAbsent(self.name)

    def probe(self, prober: Prober, arguments: Sequence[str] = ()) -> Capabilities:
        """What it can do, at its old place or its new one. Raises what :class:`.probe.Prober` raises."""
        try:
            self.check()
            return prober.capabilities(self.name, arguments)
        except ScannerAbsent:
            if not moves(self.name):
                raise
        self._search(prober)
        return prober.capabilities(self.name, arguments)

    def _search(self, prober: Prober) -> None:
        """Ask SANE for its new place, once for everything that is plugged in or pulled out."""
        plugged = self._usb.taken()
        if plugged == self._searched:
            raise ScannerAbsent(self.name)
        self._searched = plugged
        name = found_again(self.name, prober.listing())
        if not name:
            raise ScannerAbsent(self.name)
        self.name, self._searched = name, None

"""Which scanners SANE knows, read from ``scanimage --formatted-device-list``.

The listing ends with 0 and no line where there is no scanner (observed), so lines are counted. A backend may
write its own words to standard output as well; lines that are not ours are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LIST_FORMAT = "hall|%d|%v|%m|%t%n"
"""For ``-f``: our mark, device name, vendor, model, type."""
MOST_TEXT = 64 * 1024
_USB_PLACE = re.compile(r":libusb:\d{3}:\d{3}$")


@dataclass(frozen=True, slots=True)
class ListedScanner:
    """One line of the listing."""

    name: str
    """What ``-d`` takes: ``airscan:e0:NAME``, ``epsonds:libusb:001:005``."""
    vendor: str
    model: str
    kind: str

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.vendor} {self.model}".strip()


def parse_listing(text: str) -> tuple[ListedScanner, ...]:
    """The scanners in the listing, in its order; a name twice counts once."""
    found: dict[str, ListedScanner] = {}
    for line in text[:MOST_TEXT].splitlines():
        words = line.split("|")
        if len(words) == 5 and words[0] == "hall" and words[1]:
            found.setdefault(words[1], ListedScanner(*words[1:]))
    return tuple(found.values())


def moves(name: str) -> bool:
    """Whether the name says at which place of the USB bus the device sits, which changes at every replug."""
    return _USB_PLACE.search(name) is not None


def found_again(name: str, listed: Sequence[ListedScanner]) -> str:
    """The name that the device has now: its own, or its new place if it is the only one of its backend.

    Empty when it is not there, or when two might be it.
    """
    if any(scanner.name == name for scanner in listed):
        return name
    backend = _USB_PLACE.sub("", name)
    same = [s.name for s in listed if moves(s.name) and _USB_PLACE.sub("", s.name) == backend]
    return same[0] if moves(name) and len(same) == 1 else ""

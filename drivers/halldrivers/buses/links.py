"""The names that udev gives to nodes, and which of them still leads to the same device after a replug.

    by-id      made from maker, model and serial number: moves with the device from socket to socket
    by-path    made from the socket: stays with the socket

Two equal devices without serial number claim the same name by-id, and it leads to one of them, today this one
and tomorrow that: there only the name by-path is steady.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from halldrivers.buses.roots import Roots, entries
from halldrivers.buses.usbtree import UsbDevice


class Links:
    """The links of one area: ``serial``, ``input`` or ``v4l``."""

    def __init__(self, roots: Roots, area: str) -> None:
        self._by_id = self._links(roots, roots.dev / area / "by-id")
        self._by_path = self._links(roots, roots.dev / area / "by-path")

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that a link leads to."""
        return tuple(dict.fromkeys(node for node, _ in (*self._by_id, *self._by_path)))

    def steady(self, node: str, is_unique: bool, ending: str = "") -> str:
        """The steadiest name of a node; its own name where it has no link that ends so."""
        for links in (self._by_id, self._by_path) if is_unique else (self._by_path,):
            names = [link for to, link in links if to == node and link.endswith(ending)]
            if names:
                # Newer udev adds names that tell USB 2 from 3 (``-usbv2-``); they sort behind ``-usb-``.
                return min(names)
        return node

    @staticmethod
    def _links(roots: Roots, folder: Path) -> list[tuple[str, str]]:
        pairs = ((roots.node(link), f"/dev/{link.relative_to(roots.dev)}") for link in entries(folder))
        return [(node, name) for node, name in pairs if node]


def is_unique(device: UsbDevice | None, all_devices: Iterable[UsbDevice]) -> bool:
    """Whether a device's maker, model and serial number tell it from every other."""
    return device is None or not any(device.is_twin(other) for other in all_devices)

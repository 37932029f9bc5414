"""Which process holds which device, and which devices nobody holds any more.

What is on record of a device is what its process said last. One that was killed says nothing more, and its
devices would be "online" for ever, unplugged or not; a second copy of it would overwrite the word of the one
that has the port. So each device belongs to the process that speaks for it: another one is refused while that
one lives, and a device whose process is gone, or says nothing for long, is unknown (design 2.10).

Rules without I/O: the caller brings the clock and the processes that are connected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

GONE_S = 5.0
"""A role that is started again has its devices back by then."""
SILENT_S = 100.0
"""Six times what a role may be silent (``ATTEND_EVERY_S``); after the keeper's start they have as long."""
NOBODY = 0
"""Also what the kernel says of a process in a container of its own: such ones are told apart by nothing."""


@dataclass(slots=True)
class _Held:
    pid: int
    heard_s: float
    connected_s: float


class Holders:
    """Who holds what. ``devices`` are those on record, of which nothing was heard yet."""

    def __init__(self, devices: Iterable[str], now_s: float) -> None:
        self._held = {device: _Held(NOBODY, now_s, now_s) for device in devices}

    def attend(self, device: str, pid: int, connected: Collection[int], now_s: float) -> int:
        """A process speaks for a device; answers ``NOBODY``, or the process that holds it already."""
        held = self._held.get(device)
        if held is not None and held.pid not in (NOBODY, pid) and held.pid in connected:
            if now_s - held.heard_s < SILENT_S:
                return held.pid
        self._held[device] = _Held(pid, now_s, now_s)
        return NOBODY

    def lost(self, connected: Collection[int], now_s: float) -> tuple[str, ...]:
        """The devices that nobody holds any more, until :meth:`forget`; to be asked every second or so."""
        gone = []
        for device, held in self._held.items():
            if held.pid == NOBODY or held.pid in connected:
                held.connected_s = now_s
            if now_s - held.connected_s >= GONE_S or now_s - held.heard_s >= SILENT_S:
                gone.append(device)
        return tuple(gone)

    def forget(self, devices: Iterable[str]) -> None:
        """It is on record that these are lost."""
        for device in devices:
            self._held.pop(device, None)

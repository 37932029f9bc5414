"""How the store stands, as a technician and the hall's board see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from halldrivers.errors import DeviceState, Fault
from halldrivers.scanstore.budget import warning
from halldrivers.scanstore.errors import PageDamaged, StoreError, as_warning
from halldrivers.scanstore.kepterrors import FoundAside
from halldrivers.scanstore.layout import hash_in
from halldrivers.scanstore.seal import SealerSource
from halldrivers.scanstore.workroom import Workroom
from halldrivers.status import DeviceStatus


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """The store now."""

    open_sessions: int
    """Materials being scanned, or broken off and not yet finished."""
    open_pages: int
    waiting: int
    """Sealed and not yet recorded: the keeper is away, or refuses."""
    sealed: int
    """Sealed files that are here, the waiting ones included."""
    aside: int
    """Things that a person must look at."""
    used_bytes: int
    reserved_bytes: int
    """What the open materials still need to be finished."""
    most_bytes: int
    free_bytes: int
    oldest_s: int | None
    """Age of the oldest sealed file, by the machine's clock; None when there is none."""
    sealed_for: str
    """Fingerprint of the county's key; empty when there is no fit certificate."""
    faults: tuple[Fault, ...]
    """All that a person should know; the blocking ones first."""

    def as_device(self) -> DeviceStatus:
        """In the words of the devices: at fault when nothing can be scanned, else online."""
        worst = self.faults[0] if self.faults else None
        stopped = worst is not None and worst.blocking
        return DeviceStatus(DeviceState.FAULT if stopped else DeviceState.ONLINE, worst)


def take_stock(room: Workroom, sealers: SealerSource, now_ms: int, found: Iterable[Fault]) -> StoreStatus:
    """Look at everything; ``found`` are faults that were found before."""
    files, layout, register, budget = room.files, room.layout, room.register, room.options.budget
    usage, items = room.usage(), room.aside.items()
    open_folders = [folder for folder in register if not folder.is_sealed]
    entries = [files.look(layout.sealed / name) for name in files.names(layout.sealed) if hash_in(name)]
    oldest_ms = min((entry.changed_ms for entry in entries if entry is not None), default=None)
    sealed_for, faults = _key_of(sealers)
    faults += [low] if (low := warning(budget, usage)) else []
    faults += [as_warning(PageDamaged(*folder.missing)) for folder in open_folders if folder.missing]
    faults += found
    if items:
        faults.append(as_warning(FoundAside(", ".join(item.name for item in items[:_NAMED]))))
    return StoreStatus(
        open_sessions=len(open_folders),
        open_pages=sum(len(folder.infos) for folder in open_folders),
        waiting=len(register.waiting),
        sealed=len(entries),
        aside=len(items),
        used_bytes=usage.used,
        reserved_bytes=usage.reserved,
        most_bytes=budget.most_bytes,
        free_bytes=usage.free,
        oldest_s=None if oldest_ms is None else max(0, now_ms - oldest_ms) // 1000,
        sealed_for=sealed_for,
        faults=_in_order(faults),
    )


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each trouble once, the blocking ones first."""
    each = {(fault.code, fault.what_en): fault for fault in reversed(tuple(faults))}
    return tuple(sorted(reversed(each.values()), key=lambda fault: not fault.blocking))


_NAMED = 3
"""Things set aside that are named; a technician lists the rest."""


def _key_of(sealers: SealerSource) -> tuple[str, list[Fault]]:
    try:
        sealer = sealers()
    except StoreError as error:
        return "", [error.as_fault()]
    expired = sealer.warning()
    return sealer.fingerprint(), [expired] if expired else []

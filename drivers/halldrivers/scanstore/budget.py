"""How much of the disk the scans may take, asked before a page is written.

What is counted against a new page is all that lies in the folder, the page, and the sealed files that the
materials in progress will become: for a moment both lie there, and a page that was accepted must never be
one that cannot be finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from halldrivers.errors import Fault
from halldrivers.scanstore.errors import BudgetFull, BudgetLow, DiskFull, as_warning
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.page import MIB


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits."""

    most_bytes: int = 4096 * MIB
    """For everything in the folder, things set aside included: at 2 MB a material, two thousand of them."""
    floor_bytes: int = 512 * MIB
    """Left free on the disk, for the hall's database above all."""
    warn_share: float = 0.8
    """Of ``most_bytes``; from there on a person is told."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How it stands."""

    used: int
    """Bytes in the folder."""
    reserved: int
    """Bytes that materials in progress still need to be finished."""
    free: int
    """Bytes free on the disk."""


def measure(files: Files, root: Path, reserved: int) -> Usage:
    """Look. Cheap: names and sizes of a few thousand files."""
    return Usage(files.size_of(root), reserved, files.free(root))


def demand(budget: Budget, usage: Usage, more: int) -> None:
    """Raise BudgetFull or DiskFull unless so many bytes more may be written."""
    wanted = usage.used + usage.reserved + more
    if wanted > budget.most_bytes:
        raise BudgetFull(*_of(wanted, budget.most_bytes))
    left = usage.free - usage.reserved - more
    if left < budget.floor_bytes:
        raise DiskFull(*_free(usage, budget))


def warning(budget: Budget, usage: Usage) -> Fault | None:
    """What a person should know of the room, before it is too late or after."""
    wanted = usage.used + usage.reserved
    if usage.free - usage.reserved < budget.floor_bytes:
        return DiskFull(*_free(usage, budget)).as_fault()
    if wanted >= budget.most_bytes:
        return BudgetFull(*_of(wanted, budget.most_bytes)).as_fault()
    if wanted < budget.most_bytes * budget.warn_share:
        return None
    return as_warning(BudgetLow(*_of(wanted, budget.most_bytes)))


def _mib(count: int) -> int:
    return -(-count // MIB)


def _of(wanted: int, most: int) -> tuple[str, str]:
    return f"{_mib(wanted)} of {_mib(most)} MiB", f"需要 {_mib(wanted)} MiB，上限 {_mib(most)} MiB"


def _free(usage: Usage, budget: Budget) -> tuple[str, str]:
    free, floor = _mib(usage.free), _mib(budget.floor_bytes)
    return f"{free} MiB free, {floor} MiB must stay free", f"剩余 {free} MiB，须保留 {floor} MiB"

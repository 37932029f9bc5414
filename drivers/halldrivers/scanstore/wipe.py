"""What lies in ``sealed`` against what the hall's log knows: wipe what the county has, report the rest.

Deleting is enough here: a sealed file is unreadable to everybody but the county, deleted or not.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from halldrivers.scanstore.aside import Aside
from halldrivers.scanstore.errors import StoreError
from halldrivers.scanstore.files import HIDDEN, Files
from halldrivers.scanstore.kepterrors import LedgerRefused, NotAcknowledged, ScanMissing
from halldrivers.scanstore.layout import Layout, hash_in
from halldrivers.scanstore.ledger import KnownScan, ScanLedger, ScanState

ACKNOWLEDGED, LOST = "acknowledged", "lost"


@dataclass(frozen=True, slots=True)
class Found:
    """What lay in the folder before the ledger was asked: only that may be judged by its answer."""

    names: tuple[str, ...]
    in_use: frozenset[str]
    """Hashes that a session names; their files wait to be recorded."""


class Wiper:
    """Keeps ``sealed`` in step with the ledger."""

    def __init__(self, files: Files, layout: Layout, aside: Aside, ledger: ScanLedger) -> None:
        self._files, self._layout, self._aside, self._ledger = files, layout, aside, ledger

    def look(self, in_use: Iterable[str]) -> Found:
        """What lies there now."""
        names = tuple(name for name in self._files.names(self._layout.sealed) if not name.startswith(HIDDEN))
        return Found(names, frozenset(in_use))

    def reconcile(self, found: Found, known: Mapping[str, KnownScan]) -> tuple[int, list[StoreError]]:
        """Bring the two together; answers how many were wiped, and what is wrong.

        Raises LedgerAway in the middle; doing it again goes on.
        """
        self._move_strangers(found, known)
        here = {hash_in(name) for name in found.names}
        done = [row for row in known.values() if _is_done(row, here) and row.sha256 not in found.in_use]
        wiped, refused = self._wipe(done)
        missing = [
            ScanMissing(row.sha256)
            for row in known.values()
            if row.state == ScanState.KEPT and self._files.look(self._layout.blob(row.sha256)) is None
        ]
        return wiped, [*refused, *missing]

    def wipe(self, row: KnownScan) -> None:
        """Delete one scan's file and say so; again is harmless. NotAcknowledged when it is kept."""
        if row.state not in (ScanState.ACKNOWLEDGED, ScanState.WIPED):
            raise NotAcknowledged(row.sha256)
        _, refused = self._wipe([row])
        for error in refused:
            raise error

    def declare_lost(self, row: KnownScan) -> None:
        """Say that a kept scan's file is gone, by a person's word. NotAcknowledged while it is there."""
        if self._files.look(self._layout.blob(row.sha256)) is not None:
            raise NotAcknowledged(row.sha256)
        if row.state == ScanState.KEPT:
            self._ledger.wiped(row.id, LOST, f"wiped.{row.sha256}")

    def _move_strangers(self, found: Found, known: Mapping[str, KnownScan]) -> None:
        for name in found.names:
            sha256 = hash_in(name)
            if not sha256:
                self._aside.take(self._layout.sealed / name, "odd")
            elif sha256 not in known and sha256 not in found.in_use:
                self._aside.take(self._layout.sealed / name, f"sealed-{sha256}")

    def _wipe(self, rows: Sequence[KnownScan]) -> tuple[int, list[StoreError]]:
        """All files first, one sync of the folder, then the ledger: what it calls wiped is gone."""
        here = [row for row in rows if self._files.look(self._layout.blob(row.sha256)) is not None]
        for row in here:
            self._files.unlink(self._layout.blob(row.sha256))
        if rows:
            self._files.sync_folder(self._layout.sealed)
        refused: list[StoreError] = []
        for row in rows:
            if row.state == ScanState.ACKNOWLEDGED:
                try:
                    self._ledger.wiped(row.id, ACKNOWLEDGED, f"wiped.{row.sha256}")
                except LedgerRefused as error:
                    refused.append(error)
        return len(here), refused


def _is_done(row: KnownScan, here: Container[str]) -> bool:
    """Whether there is something left to do for it; of what was wiped long ago only a file that came back."""
    return row.state == ScanState.ACKNOWLEDGED or (row.state == ScanState.WIPED and row.sha256 in here)

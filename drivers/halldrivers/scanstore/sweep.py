"""The look through the folder, at the start and every so often: nothing waits or stays for ever."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from halldrivers.errors import Fault
from halldrivers.scanstore.errors import NoPages, StoreError, as_warning
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.finishing import Finisher
from halldrivers.scanstore.kepterrors import LedgerAway, SessionDamaged
from halldrivers.scanstore.layout import Layout
from halldrivers.scanstore.ledger import KnownScan, ScanLedger, ScanState, SealedScan
from halldrivers.scanstore.recovery import Plan, clean_open, plan_of
from halldrivers.scanstore.register import Register
from halldrivers.scanstore.sessionfolder import SessionFolder
from halldrivers.scanstore.wipe import Found, Wiper


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a look through the folder did."""

    cleaned: int = 0
    """Leftovers of cuts that were taken away."""
    finished: tuple[SealedScan, ...] = ()
    """Materials that were finished by themselves: left alone too long, or cut while being finished."""
    recorded: int = 0
    """Sealed files that waited and are recorded now."""
    wiped: int = 0
    """Sealed files that were deleted: the county has them."""
    faults: tuple[Fault, ...] = ()
    """What a person should know."""


@dataclass(slots=True)
class _Tally:
    cleaned: int = 0
    finished: list[SealedScan] = field(default_factory=list)
    recorded: int = 0
    wiped: int = 0
    errors: list[StoreError] = field(default_factory=list)


class Sweeper:
    """Sweeps one store."""

    def __init__(
        self,
        files: Files,
        layout: Layout,
        register: Register,
        finisher: Finisher,
        wiper: Wiper,
        ledger: ScanLedger,
        lock: threading.RLock,
    ) -> None:
        self._files, self._layout, self._register = files, layout, register
        self._finisher, self._wiper, self._ledger, self._lock = finisher, wiper, ledger, lock

    def sweep(self, cleaned: int, errors: list[StoreError]) -> SweepReport:
        """One look. One caller at a time."""
        tally = _Tally(cleaned=cleaned, errors=list(errors))
        with self._lock:
            tally.cleaned += clean_open(self._files, self._layout)
            self._finish(tally)
            found = self._wiper.look(self._register.named)
        try:
            # Without the lock, as the keeper may be slow: only what was there before is judged by the answer.
            known = {row.sha256: row for row in self._ledger.known()}
            with self._lock:
                self._settle(tally, found, known)
        except LedgerAway as error:
            if self._register.waiting:
                tally.errors.append(error)
        return SweepReport(
            tally.cleaned,
            tuple(tally.finished),
            tally.recorded,
            tally.wiped,
            tuple(map(as_warning, tally.errors)),
        )

    def _finish(self, tally: _Tally) -> None:
        """What was cut while it was finished, and what nobody touched for too long."""
        for folder in self._register:
            try:
                self._finish_one(folder, tally)
            except StoreError as error:
                tally.errors.append(error)
        self._register.drop_gone()

    def _finish_one(self, folder: SessionFolder, tally: _Tally) -> None:
        plan, is_stale = plan_of(folder), self._register.is_stale(folder)
        if plan is Plan.ASIDE:
            self._give_up(folder, tally)
        elif plan is Plan.SEAL or (plan is Plan.RESUME and is_stale):
            try:
                # A damaged page stops this until it is stale: a person may scan it again.
                tally.finished.append(self._finisher.seal(folder, interrupted=is_stale))
            except NoPages:
                self._give_up(folder, tally)
        if folder.is_sealed:
            folder.erase_pages()

    def _give_up(self, folder: SessionFolder, tally: _Tally) -> None:
        """A material of which no page can be read."""
        if folder.missing or folder.has_files:
            folder.move_aside()
            tally.errors.append(SessionDamaged(folder.meta.session))
        else:
            folder.remove()

    def _settle(self, tally: _Tally, found: Found, known: dict[str, KnownScan]) -> None:
        self._record(tally, known)
        # A folder that went just now, because the ledger has its scan, keeps the file no longer.
        still = replace(found, in_use=found.in_use & self._register.named)
        tally.wiped, wrong = self._wiper.reconcile(still, known)
        tally.errors += wrong

    def _record(self, tally: _Tally, known: dict[str, KnownScan]) -> None:
        for folder in self._register:
            plan, scan = plan_of(folder), folder.meta.sealed
            if scan is None or plan not in (Plan.RECORD, Plan.ASK):
                continue
            try:
                if scan.sha256 in known:
                    # By an answer that was lost; the keeper's memory of keys may be short.
                    folder.remove()
                elif plan is Plan.RECORD:
                    scan_id = self._finisher.record(folder)
                    known[scan.sha256] = KnownScan(scan_id, scan.sha256, ScanState.KEPT)
                    tally.recorded += 1
                else:
                    folder.move_aside()
                    tally.errors.append(SessionDamaged(folder.meta.session))
            except LedgerAway:
                raise
            except StoreError as error:
                tally.errors.append(error)
        self._register.drop_gone()

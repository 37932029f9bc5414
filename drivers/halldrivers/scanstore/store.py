"""The scan store: what a terminal or a window asks for to scan a material and to be rid of it in good order.

Thread-safe; a call may take as long as the disk takes and, for finishing, a PDF and its sealing. One process
at a time per folder. What is done when is decided by a monotonic clock: a Pi's wall clock jumps when the
network comes, and a material that is being scanned must not look years old.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from halldrivers.check import CheckLevel, Tell
from halldrivers.counters import Counters
from halldrivers.errors import Fault
from halldrivers.scanstore.aside import Aside, AsideItem
from halldrivers.scanstore.check import check_store
from halldrivers.scanstore.disk import Disk, PosixDisk
from halldrivers.scanstore.errors import BadScanField, StoreError, as_warning
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.finishing import Finisher
from halldrivers.scanstore.kepterrors import NoSuchItem, ScanDamaged, ScanMissing, SessionDamaged
from halldrivers.scanstore.layout import Layout, is_hash
from halldrivers.scanstore.ledger import KnownScan, ScanLedger
from halldrivers.scanstore.meta import SessionMeta, checked_id, checked_number, checked_time
from halldrivers.scanstore.options import StoreOptions
from halldrivers.scanstore.register import Register
from halldrivers.scanstore.seal import SealerSource
from halldrivers.scanstore.session import ScanSession
from halldrivers.scanstore.sessionfolder import SessionFolder
from halldrivers.scanstore.status import StoreStatus, take_stock
from halldrivers.scanstore.sweep import Sweeper, SweepReport
from halldrivers.scanstore.wipe import Wiper
from halldrivers.scanstore.workroom import Workroom

_SESSION_BYTES = 32 * 1024
"""Room that a material takes before its first page."""


def wall_ms() -> int:
    """The machine's clock, milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class ScanStore:
    """A folder of scans. Making one does nothing; :meth:`open` takes the folder and recovers what was cut."""

    def __init__(
        self,
        root: Path,
        *,
        hall: str,
        sealers: SealerSource,
        ledger: ScanLedger,
        options: StoreOptions | None = None,
        counters: Counters | None = None,
        disk: Disk | None = None,
        clock_ms: Callable[[], int] = wall_ms,
        monotonic: Callable[[], float] = time.monotonic,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        options = options or StoreOptions()
        self.counters = counters or Counters()
        """``good_reads`` and ``bad_reads``: pages kept and refused; ``writes``: materials sealed."""
        self._hall, self._sealers, self._ledger = hall, sealers, ledger
        self._clock_ms, self._random = clock_ms, random
        self._files = files = Files(disk or PosixDisk(), self._new_id)
        self._layout = layout = Layout(root)
        self._aside = aside = Aside(files, layout.aside, self._new_id)
        self._register = register = Register(monotonic, options.stale_s)
        finisher = Finisher(files, layout, hall, sealers, ledger)
        self._wiper = Wiper(files, layout, aside, ledger)
        self._room = Workroom(files, layout, aside, register, finisher, options, self.counters)
        self._lock = self._room.lock
        self._ledger_lock = threading.RLock()
        """Taken before ``_lock``, for as long as an answer of the ledger's ``known`` is worked on."""
        self._sweeper = Sweeper(files, layout, register, finisher, self._wiper, ledger, self._lock)
        self._found: tuple[Fault, ...] = ()
        """Faults of the last sweep."""
        self._unread: tuple[Fault, ...] = ()
        """Why materials lie in the folder that could not be read at the start."""

    def open(self) -> SweepReport:
        """Take the folder, go on with what was cut wherever it was cut, and sweep.

        Raises StoreBusy, FolderDenied, DiskBroken or DiskFull, and holds nothing then. A keeper that is away
        or a certificate that is missing is no reason: what needs them waits.
        """
        with self._ledger_lock:
            if self._room.is_open:
                return self._sweep(0, [])
            with self._lock:
                cleaned, errors = self._room.take()
                self._unread = tuple(as_warning(e) for e in errors if not isinstance(e, SessionDamaged))
            try:
                return self._sweep(cleaned, errors)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let go of the folder; harmless when it is closed."""
        with self._ledger_lock, self._lock:
            self._room.leave()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- scanning --------------------------------------------------------------------------------

    def begin(self, ticket: int, matter: int, material: str, *, key: str) -> ScanSession:
        """Begin a material; the same key again gives the same one while it is here.

        ``matter`` is 0 when the material belongs to the ticket as a whole. Raises what a SealerSource raises
        (without the county's key nothing is scanned), BadScanField, BudgetFull, DiskFull, DiskBroken.
        """
        with self._lock:
            self._room.needs_open()
            for folder in self._register:
                if folder.meta.key == key and folder.is_usable:
                    if not folder.meta.is_same_as(ticket, matter, material):
                        raise BadScanField("key: another material has it")
                    return ScanSession(self._room, folder)
            meta = SessionMeta(
                self._new_id(),
                checked_id(key, "key"),
                checked_number(ticket, "ticket"),
                checked_number(matter, "matter"),
                checked_id(material, "material"),
                checked_time(self._clock_ms(), "clock"),
            )
            self._sealers()
            self._room.demand(_SESSION_BYTES)
            folder = SessionFolder.create(self._files, self._layout, self._aside, meta, self._random)
            self._register.add(folder)
            return ScanSession(self._room, folder)

    def resume(self, ticket: int, material: str, *, matter: int | None = None) -> ScanSession | None:
        """The material that was broken off, the last one begun if there are several; None for none."""
        with self._lock:
            self._room.needs_open()
            found = [
                folder
                for folder in self._register
                if folder.has_key
                and not folder.is_sealed
                and folder.meta.is_same_as(ticket, folder.meta.matter if matter is None else matter, material)
            ]
            if not found:
                return None
            folder = max(found, key=lambda folder: folder.meta.begun_ms)
            self._register.touch(folder.meta.session)
            return ScanSession(self._room, folder)

    def sessions(self) -> tuple[ScanSession, ...]:
        """All materials in progress, and those that wait to be recorded."""
        with self._lock:
            return tuple(ScanSession(self._room, folder) for folder in self._register)

    # --- afterwards ------------------------------------------------------------------------------

    def sweep(self) -> SweepReport:
        """Look through the folder: to be called every minute or so, and when the keeper is back.

        Finishes what nobody touched for ``stale_s``, records what waits, deletes what the county has, moves
        strangers aside and finds out what is missing. Raises StoreErrors when the disk fails.
        """
        with self._ledger_lock:
            return self._sweep(0, [])

    def acknowledge(self, sha256: str) -> None:
        """Delete a scan that the ledger calls acknowledged; again is harmless.

        Raises NotAcknowledged while the ledger calls it kept, NoSuchItem when it knows none, LedgerAway.
        """
        with self._ledger_lock:
            row = self._row(sha256)
            with self._lock:
                self._wiper.wipe(row)

    def declare_lost(self, sha256: str) -> None:
        """Record by a person's word that a kept scan's file is gone. NotAcknowledged while it is here."""
        with self._ledger_lock:
            row = self._row(sha256)
            with self._lock:
                self._wiper.declare_lost(row)

    def read_sealed(self, sha256: str) -> bytes:
        """A sealed file as it goes to the county. Raises ScanMissing, ScanDamaged."""
        if not is_hash(sha256):
            raise BadScanField("sha256")
        path = self._layout.blob(sha256)
        entry = self._files.look(path)
        if entry is None:
            raise ScanMissing(sha256)
        data = self._files.read(path, entry.size)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ScanDamaged(sha256)
        return data

    def aside(self) -> tuple[AsideItem, ...]:
        """What could not be understood and waits for a person."""
        with self._lock:
            return self._aside.items()

    def discard(self, name: str) -> None:
        """Delete one thing that was set aside, for good. NoSuchItem when there is none of that name."""
        with self._lock:
            self._room.needs_open()
            self._aside.discard(name)

    def status(self) -> StoreStatus:
        """How it stands: looks at the disk, not at the ledger. Raises StoreErrors when the disk fails."""
        with self._lock:
            self._room.needs_open()
            return take_stock(self._room, self._sealers, self._clock_ms(), (*self._unread, *self._found))

    def check(self, level: CheckLevel, tell: Tell) -> None:
        """The health checks: a :data:`~halldrivers.check.Checker`."""
        check_store(level, tell, self._files, self._layout.sealed, self._hall, self._sealers, self.status)

    # --- within ----------------------------------------------------------------------------------

    def _sweep(self, cleaned: int, errors: list[StoreError]) -> SweepReport:
        self._room.needs_open()
        report = self._sweeper.sweep(cleaned, errors)
        self._found = report.faults
        return report

    def _row(self, sha256: str) -> KnownScan:
        self._room.needs_open()
        for row in self._ledger.known():
            if row.sha256 == sha256:
                return row
        raise NoSuchItem(sha256)

    def _new_id(self) -> str:
        return self._random(8).hex()

"""The scan store's ledger over the keeper: every scan that is kept stands in the hall's log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Protocol

from halldrivers.scanstore.kepterrors import LedgerAway, LedgerRefused
from halldrivers.scanstore.ledger import KnownScan, ScanState, SealedScan
from hallqueue.errors import HallError, Refused
from hallqueue.views import ScanView

PAGE = 100
"""Scans asked for at once."""


class ScanHall(Protocol):
    """What the ledger asks of the hall; :class:`hallqueue.syncclient.SyncHallClient` is one."""

    def keep_scan(
        self,
        ticket: int,
        *,
        key: str,
        matter: int,
        material: str,
        sha256: str,
        page_hashes: str,
        size: int,
        device: str,
        sealed_for: str,
        scanned_ms: int,
        interrupted: bool = False,
    ) -> ScanView:
        """A sealed material lies in the store."""
        ...

    def wipe_scan(self, scan: int, *, key: str, reason: str) -> ScanView:
        """Its file is gone."""
        ...

    def scans(self, *, state: str = "", after: int = 0, limit: int = 100) -> tuple[ScanView, ...]:
        """Scans by rising id."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class KeeperLedger:
    """A :class:`~halldrivers.scanstore.ledger.ScanLedger`; from any thread, one question at a time."""

    def __init__(self, hall: ScanHall) -> None:
        self._hall, self._lock = hall, threading.Lock()

    def record(self, scan: SealedScan, key: str) -> int:
        """Write that the scan is kept; answers its id."""
        with self._lock:
            try:
                return self._hall.keep_scan(
                    scan.ticket,
                    key=key,
                    matter=scan.matter,
                    material=scan.material,
                    sha256=scan.sha256,
                    page_hashes=",".join(page.original for page in scan.pages),
                    size=scan.size,
                    device=scan.device,
                    sealed_for=scan.sealed_for,
                    scanned_ms=scan.scanned_ms,
                    interrupted=scan.interrupted,
                ).scan
            except Refused as refusal:
                raise LedgerRefused(f"{refusal.code} {refusal.what_en}", refusal.what_zh) from refusal
            except HallError as trouble:
                raise LedgerAway(trouble.code) from trouble

    def wiped(self, scan_id: int, reason: str, key: str) -> None:
        """Write that the file is gone."""
        with self._lock:
            try:
                self._hall.wipe_scan(scan_id, key=key, reason=reason)
            except Refused as refusal:
                raise LedgerRefused(f"{refusal.code} {refusal.what_en}", refusal.what_zh) from refusal
            except HallError as trouble:
                raise LedgerAway(trouble.code) from trouble

    def known(self) -> tuple[KnownScan, ...]:
        """Every scan of the log."""
        with self._lock:
            try:
                return tuple(self._all())
            except HallError as trouble:
                raise LedgerAway(trouble.code) from trouble

    def close(self) -> None:
        """Close the connection."""
        self._hall.close()

    def _all(self) -> Iterator[KnownScan]:
        after = 0
        while rows := self._hall.scans(after=after, limit=PAGE):
            for row in rows:
                yield KnownScan(row.scan, row.sha256, ScanState(row.state))
            after = rows[-1].scan

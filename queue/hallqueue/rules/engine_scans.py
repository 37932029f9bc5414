"""Scanned material: what the scan store keeps, what the county acknowledged, what is wiped."""

from __future__ import annotations

import re

from hallqueue.errors import BadRequest, ScanNotAcknowledged, UnknownScan
from hallqueue.events import ScanAcknowledged, ScanKept, ScanWiped
from hallqueue.rules.engine_base import EngineBase, checked_text
from hallqueue.rules.records import ScanRecord
from hallqueue.states import SCAN_MOVES, ScanState
from hallqueue.unit import Moment
from hallqueue.views import ScanView

PAGES_MOST = 200
"""Pages of one material."""
ACKNOWLEDGED, LOST = "acknowledged", "lost"
_HASH = re.compile(r"[0-9a-f]{64}\Z")


class ScanOps(EngineBase):
    """Operations on scans."""

    def keep_scan(
        self,
        moment: Moment,
        ticket: int,
        *,
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
        """A sealed material lies in the scan store. The ticket exists (the keeper looked); any day's may.

        ``page_hashes`` are joined by commas. The same file again changes nothing.
        """
        pages = tuple(page_hashes.split(","))
        if not all(map(_HASH.match, (sha256, *pages))) or len(pages) > PAGES_MOST:
            raise BadRequest(why="sha256, page_hashes")
        if size < 1 or matter < 0 or scanned_ms < 0:
            raise BadRequest(why="size, matter, scanned_ms")
        for record in self.state.scans.values():
            if record.sha256 == sha256:
                return view_of(record)
        kept = ScanKept(
            scan=self._counters.take("scan"),
            sha256=sha256,
            ticket=ticket,
            matter=matter,
            material=checked_text(material, "material"),
            page_hashes=pages,
            size=size,
            device=checked_text(device, "device"),
            sealed_for=checked_text(sealed_for, "sealed_for"),
            scanned_ms=scanned_ms,
            interrupted=interrupted,
        )
        self._record(moment, kept)
        return view_of(self.state.scans[kept.scan])

    def acknowledge_scan(self, moment: Moment, scan: int) -> ScanView:
        """The county has it. Raises UnknownScan for one that is not here (any more)."""
        record = self._moved(scan, ScanState.ACKNOWLEDGED)
        self._record(moment, ScanAcknowledged(scan=scan))
        return view_of(record)

    def wipe_scan(self, moment: Moment, scan: int, *, reason: str) -> ScanView:
        """The sealed file is gone. Raises ScanNotAcknowledged unless it was acknowledged, or is lost."""
        if reason not in (ACKNOWLEDGED, LOST):
            raise BadRequest(why=f"reason {reason}: {ACKNOWLEDGED}, {LOST}")
        record = self._moved(scan, ScanState.WIPED)
        if record.state is ScanState.KEPT and reason != LOST:
            raise ScanNotAcknowledged(scan=scan)
        self._record(moment, ScanWiped(scan=scan, reason=reason))
        record.state = ScanState.WIPED
        return view_of(record)

    def _moved(self, scan: int, after: ScanState) -> ScanRecord:
        record = self.state.scans.get(scan)
        if record is None or after not in SCAN_MOVES[record.state]:
            raise UnknownScan(scan=scan)
        return record


def view_of(record: ScanRecord) -> ScanView:
    """The record as others see it."""
    return ScanView(
        scan=record.scan,
        sha256=record.sha256,
        state=record.state,
        ticket=record.ticket,
        matter=record.matter,
        material=record.material,
        pages=record.pages,
        size=record.size,
        device=record.device,
        sealed_for=record.sealed_for,
        kept_ms=record.kept_ms,
        is_interrupted=record.is_interrupted,
    )

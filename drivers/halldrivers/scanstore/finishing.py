"""From the pages of a material to its sealed file, its row in the hall's log, and nothing else left.

Each step is durable before the next, and each may be repeated:

1. the PDF is built, read back and sealed in memory; the sealed bytes are staged under a temporary name;
2. ``session.json`` names the file that is to be;
3. the file gets its name and is read back;
4. the key is blanked and deleted, then the pages;
5. the ledger records it (or is away: from here on it waits);
6. the session's folder goes.
"""

from __future__ import annotations

import contextlib
import hashlib

from halldrivers.scanstore.errors import DiskBroken, NoPages, PageDamaged, StoreError
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.layout import Layout, blob_name
from halldrivers.scanstore.ledger import PageHash, ScanLedger, SealedScan
from halldrivers.scanstore.page import PageInfo
from halldrivers.scanstore.pdf import PdfFacts, build_pdf, check_pdf
from halldrivers.scanstore.seal import SealerSource
from halldrivers.scanstore.sessionfolder import SessionFolder


class Finisher:
    """Finishes materials."""

    def __init__(
        self, files: Files, layout: Layout, hall: str, sealers: SealerSource, ledger: ScanLedger
    ) -> None:
        self._files, self._layout, self._hall = files, layout, hall
        self._sealers, self._ledger = sealers, ledger

    def seal(self, folder: SessionFolder, *, interrupted: bool = False) -> SealedScan:
        """Steps 1 to 3; nothing of a material that is sealed already.

        Raises NoPages; PageDamaged unless ``interrupted``, which goes without the pages that cannot be read.
        """
        if not folder.is_sealed:
            self._seal(folder, interrupted)
        scan = folder.meta.sealed
        assert scan is not None, "a sealed folder says as what"
        return scan

    def record(self, folder: SessionFolder) -> int:
        """Steps 4 to 6; answers the scan's id. Raises LedgerAway, LedgerRefused: the sealed file waits."""
        scan = folder.meta.sealed
        assert scan is not None and folder.is_sealed, "only what is sealed is recorded"
        folder.erase_pages()
        scan_id = self._ledger.record(scan, f"{folder.meta.key}.{scan.session}.{scan.sha256[:16]}")
        folder.remove()
        return scan_id

    def _seal(self, folder: SessionFolder, interrupted: bool) -> None:
        sealer = self._sealers()
        pdf, pages = self._pdf(folder, interrupted)
        sealed = sealer.seal(pdf)
        meta = folder.meta
        scan = SealedScan(
            sha256=hashlib.sha256(sealed).hexdigest(),
            size=len(sealed),
            session=meta.session,
            ticket=meta.ticket,
            matter=meta.matter,
            material=meta.material,
            device=pages[-1].device,
            pages=tuple(PageHash(page.original_sha256, page.sha256) for page in pages),
            begun_ms=meta.begun_ms,
            scanned_ms=max(page.at_ms for page in pages),
            sealed_for=sealer.fingerprint(),
            sealing=sealer.sealing,
            interrupted=interrupted,
            missing=folder.missing,
        )
        self._name(folder, scan, sealed)

    def _name(self, folder: SessionFolder, scan: SealedScan, sealed: bytes) -> None:
        staged = self._files.stage(self._layout.sealed, sealed)
        try:
            folder.name_seal(scan)
            self._files.commit(staged, blob_name(scan.sha256))
            if not self._files.is_whole(self._layout.blob(scan.sha256), scan.sha256, scan.size):
                raise DiskBroken(f"{blob_name(scan.sha256)}: other bytes than were written")
        except StoreError:
            self._files.unstage(staged)
            # Left as it is, the next start would seal it; but a person who sees an error may go on scanning.
            with contextlib.suppress(StoreError):
                self._files.delete(self._layout.blob(scan.sha256))
                folder.forget_seal()
            raise
        folder.is_sealed = True

    def _pdf(self, folder: SessionFolder, interrupted: bool) -> tuple[bytes, tuple[PageInfo, ...]]:
        while True:
            pages, missing = folder.pages, folder.missing
            if missing and not interrupted:
                raise PageDamaged(*missing)
            if not pages:
                raise NoPages(folder.meta.session)
            meta = folder.meta
            facts = PdfFacts(self._hall, meta.session, meta.material, meta.begun_ms, interrupted, missing)
            try:
                data = build_pdf(facts, pages, folder.read_picture, folder.read_original)
            except PageDamaged:
                if folder.missing and not interrupted:
                    raise
                continue  # without that page, or without its original
            check_pdf(data, pages)
            return data, pages

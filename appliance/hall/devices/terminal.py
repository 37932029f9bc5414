"""The devices that the terminal's process holds, so that personal data never leaves it.

ID-card reader, barcode reader, document camera, scanner and the store of scans. Each is made from its URL
when it is started, and is there for whoever shows screens as long as it is at work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hall.config.model import HallConfig, ScanSettings
from hall.devices.attended import Attended, OnStatus, Started

if TYPE_CHECKING:
    from hall.devices.scanledger import KeeperLedger
    from halldrivers.barcode.codes import BadCode, Code
    from halldrivers.camera.camera import Camera
    from halldrivers.idcard.reader import CardReader
    from halldrivers.idcard.record import CardRecord
    from halldrivers.idcard.trouble import CardTrouble
    from halldrivers.scanner.scanner import Scanner
    from halldrivers.scanstore.ledger import ScanLedger
    from halldrivers.scanstore.store import ScanStore
    from halldrivers.worker import DeviceWorker

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Heard:
    """What the terminal does with what its devices read. Called from their threads; must not block."""

    on_card: Callable[[CardRecord], None] = lambda card: None
    on_card_trouble: Callable[[CardTrouble | None], None] = lambda trouble: None
    on_code: Callable[[Code], None] = lambda code: None
    on_bad_code: Callable[[BadCode], None] = lambda bad: None


@dataclass(slots=True)
class TerminalDevices:
    """The terminal's devices of one configuration. What is not configured, or not started yet, is None."""

    config: HallConfig
    state: Path
    """The state folder, in which scans are kept."""
    ledger: Callable[[], KeeperLedger]
    """Makes the log of scans, once the store is started."""
    heard: Heard = field(default_factory=Heard)
    card_debounce_s: float | None = None
    """The same card within it is the same visit; None is the reader's own."""
    reader: CardReader | None = None
    camera: Camera | None = None
    scanner: Scanner | None = None
    scanner_worker: DeviceWorker | None = None
    store: ScanStore | None = None

    def attended(self) -> tuple[Attended, ...]:
        """All that are configured, for the role's hub."""
        config = self.config
        found = [
            Attended(name, name, partial(start, url))
            for name, url, start in (
                ("idcard", config.idcard, self._idcard),
                ("barcode", config.barcode, self._barcode),
                ("camera", config.camera, self._camera),
                ("scanner", config.scanner, self._scanner),
            )
            if url
        ]
        if config.camera or config.scanner:
            found.append(Attended("scans", "scans", self._scans))
        return tuple(found)

    def _idcard(self, url: str, on_status: OnStatus) -> Started:
        from halldrivers.idcard.address import parse_idcard
        from halldrivers.idcard.check import held_idcard_checker
        from halldrivers.idcard.reader import CardReader
        from halldrivers.idcard.visit import Pace

        pace = Pace() if self.card_debounce_s is None else Pace(debounce_s=self.card_debounce_s)
        self.reader = reader = CardReader(
            parse_idcard(url), on_card=self.heard.on_card, on_trouble=self.heard.on_card_trouble, pace=pace
        )
        worker = reader.worker("idcard", on_status=on_status).start()
        return Started(held_idcard_checker(reader, worker), worker.close, reader.counters)

    def _barcode(self, url: str, on_status: OnStatus) -> Started:
        from halldrivers.barcode.opening import ReaderAtWork

        at_work = ReaderAtWork(
            "barcode", url, on_code=self.heard.on_code, on_bad=self.heard.on_bad_code, on_status=on_status
        )
        return Started(at_work.check, at_work.close, at_work.counters)

    def _camera(self, url: str, on_status: OnStatus) -> Started:
        from halldrivers.camera.address import parse_camera
        from halldrivers.camera.camera import Camera
        from halldrivers.camera.check import held_camera_checker

        self.camera = camera = Camera("camera", parse_camera(url), on_status=on_status).start()
        return Started(held_camera_checker(camera), camera.close, camera.counters)

    def _scanner(self, url: str, on_status: OnStatus) -> Started:
        from hall.devices.scanning import scanner_at_work

        at_work = scanner_at_work(url, self.scan_folder.parent / "scanner", on_status)
        self.scanner, self.scanner_worker = at_work.scanner, at_work.worker
        return at_work.started

    def _scans(self, on_status: OnStatus) -> Started:
        from hall.devices.storekeeper import StoreKeeper

        ledger = self.ledger()
        self.store = store = make_store(self.config.scans, self.scan_folder, self.config.plan.hall_id, ledger)
        return StoreKeeper(store, on_status, on_close=ledger.close).started()

    @property
    def scan_folder(self) -> Path:
        """Where scans are kept."""
        return self.config.scans.folder or self.state / "scans"


def make_store(settings: ScanSettings, folder: Path, hall: str, ledger: ScanLedger) -> ScanStore:
    """The store of a configuration, not opened."""
    from halldrivers.scanstore.budget import Budget
    from halldrivers.scanstore.options import StoreOptions
    from halldrivers.scanstore.seal import CertificateFile
    from halldrivers.scanstore.store import ScanStore

    options = StoreOptions(
        keep_originals=settings.keep_originals,
        stale_s=settings.stale_s,
        budget=Budget(settings.budget_mib * MIB, settings.floor_mib * MIB),
    )
    return ScanStore(
        folder, hall=hall, sealers=CertificateFile(settings.certificate), ledger=ledger, options=options
    )

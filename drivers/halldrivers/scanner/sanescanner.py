"""A scanner that ``scanimage`` drives: one that SANE knows, or an eSCL scanner through sane-airscan."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, Fault, PortClosed
from halldrivers.scanner.address import EsclAddress, SaneAddress
from halldrivers.scanner.airscanconf import SANE_NAME, AirscanConfig
from halldrivers.scanner.capabilities import Capabilities
from halldrivers.scanner.choices import Chosen, choose, source_arguments
from halldrivers.scanner.devices import ListedScanner
from halldrivers.scanner.errors import FeederJammed, ScannerCoverOpen
from halldrivers.scanner.esclstatus import EsclStatus, Feeder, read_status
from halldrivers.scanner.outcome import Adaptation, Ended, ScanOutcome, ended_of, fault_of
from halldrivers.scanner.probe import Prober, clean_environment
from halldrivers.scanner.scanfolder import free_bytes_at, make_work_dir, new_scan_folder, remove_if_empty
from halldrivers.scanner.scanimage import Batch, BatchEnd, OnPage, scan_batch
from halldrivers.scanner.settings import PageFormat, ScanLimits, ScanSettings
from halldrivers.scanner.usbplace import MovingDevice, UsbPlaces

STATUS_TIMEOUT_S = 3.0
"""For a network scanner's status."""
STATUS_S = 30.0
"""An idle network scanner is asked for its status this often."""
PROBE_S = 300.0
"""An idle SANE device is opened this often: opening moves parts and lights lamps in some."""
TURN_S = 2.0
"""A USB scanner's place on the bus is looked at this often."""

_LOOK_AFTER = frozenset(
    {
        Ended.IO_ERROR,
        Ended.TIMED_OUT,
        Ended.CRASHED,
        Ended.ABSENT,
        Ended.DENIED,
        Ended.JAMMED,
        Ended.COVER_OPEN,
    }
)
"""Endings after which the device is looked at in the next turn."""
_FEEDER_ERROR: dict[Feeder, type[DeviceError]] = {Feeder.JAMMED: FeederJammed, Feeder.OPEN: ScannerCoverOpen}


class SaneScanner:
    """A driver for :class:`halldrivers.worker.DeviceWorker`; its scans keep their pages in ``work_dir``."""

    def __init__(
        self,
        address: SaneAddress | EsclAddress,
        work_dir: Path,
        *,
        counters: Counters | None = None,
        limits: ScanLimits | None = None,
        environment: Mapping[str, str] | None = None,
        program: str = "scanimage",
        usb: UsbPlaces | None = None,
        free_bytes: Callable[[Path], int] = free_bytes_at,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address, self.work_dir = address, work_dir
        self.counters = counters or Counters()
        self._limits = limits or ScanLimits()
        self._environment = os.environ if environment is None else environment
        self._program = program
        name = SANE_NAME if isinstance(address, EsclAddress) else address.device
        self._place = MovingDevice(name, usb or UsbPlaces())
        self._free_bytes, self._now_s = free_bytes, now_s
        self._halted = threading.Event()
        self._config: AirscanConfig | None = None
        self._prober: Prober | None = None
        self._abilities: dict[tuple[str, ...], Capabilities] = {}
        """By the source arguments that they hold for."""
        self._needs_tiff = False
        self._look_due_s = 0.0
        self._status = EsclStatus(is_busy=False, feeder=Feeder.UNKNOWN)

    @property
    def device(self) -> str:
        """Its SANE name at this moment; a USB scanner has another after each replug."""
        return self._place.name

    @property
    def is_open(self) -> bool:
        """Whether it was found and asked what it can do."""
        return self._prober is not None

    @property
    def is_busy(self) -> bool:
        """Whether a network scanner said that it works, when it was last asked."""
        return self._status.is_busy

    @property
    def warning(self) -> Fault | None:
        """A jam or an open cover that an idle scanner tells."""
        error = _FEEDER_ERROR.get(self._status.feeder)
        return replace(error().as_fault(), blocking=False) if error else None

    def open(self) -> None:
        """Find the device and ask what it can do; raises the DeviceError of what is wrong."""
        try:
            self._prober = self._make_prober()
            self._look()
            self._abilities = {(): self._probe()}
        except BaseException:
            self.close()
            raise

    def turn(self) -> float:
        """Look after the idle device."""
        self._place.check()
        if self._now_s() >= self._look_due_s:
            self._look()
            if not isinstance(self.address, EsclAddress):
                self._abilities[()] = self._probe()
        return TURN_S

    def close(self) -> None:
        """Nothing is held between two scans but the private configuration."""
        self._prober = None
        if self._config is not None:
            self._config.close()
            self._config = None

    def halt(self) -> None:
        """End the scan or probe under way, for good: from any thread, before the worker is closed."""
        self._halted.set()

    def feeder(self) -> Feeder:
        """What the feeder says now, as a hint for the screen: only a network scanner is asked.

        Raises what its status request raises (:func:`.esclstatus.read_status`).
        """
        if isinstance(self.address, EsclAddress):
            self._look()
        return self._status.feeder

    def listed(self) -> tuple[ListedScanner, ...]:
        """The scanners that SANE knows with this one's configuration; opens nothing, touches no scanner."""
        was_open = self.is_open
        try:
            return (self._prober or self._make_prober()).listing()
        finally:
            if not was_open:
                self.close()

    def adaptations(self, settings: ScanSettings | None = None) -> tuple[Adaptation, ...]:
        """What a scan would do otherwise than wished. Raises PortClosed."""
        if self._prober is None:
            raise PortClosed(self.device)
        return self._choose(settings or self.address.settings).adapted

    def abilities(self) -> Capabilities:
        """What the open device can do. Raises PortClosed."""
        if self._prober is None:
            raise PortClosed(self.device)
        return self._abilities[()]

    def scan(
        self, settings: ScanSettings | None, on_page: OnPage, stopped: Callable[[], bool]
    ) -> ScanOutcome:
        """Scan until the paper ends; pages from before a fault stay.

        Everything that a scanner can do wrong is an outcome. Raises PortClosed before :meth:`open`, and
        ScanStoreUnusable where ``work_dir`` is the trouble.
        """
        if self._prober is None:
            raise PortClosed(self.device)
        self.counters.add("jobs")
        settings = settings or self.address.settings
        try:
            chosen = self._choose(settings)
        except DeviceError as error:
            return self._done(ScanOutcome((), ended_of(error), error.as_fault(), detail=error.detail))
        folder = new_scan_folder(self.work_dir)
        try:
            end = self._batch(self._prober, chosen, folder, on_page, stopped)
        finally:
            kept = remove_if_empty(folder)
        ended, fault = self._refine(end)
        return self._done(
            ScanOutcome(tuple(end.pages), ended, fault, kept, chosen.adapted, _last_line(end.words))
        )

    # --- inside ----------------------------------------------------------------------------------

    def _make_prober(self) -> Prober:
        make_work_dir(self.work_dir)
        if isinstance(self.address, EsclAddress) and self._config is None:
            self._config = AirscanConfig(self.address.url, self.work_dir)
        folder = self._config.folder if self._config else None
        environment = clean_environment(self._environment, folder)
        return Prober(environment, self._limits, self._halted.is_set, self._program)

    def _look(self) -> None:
        """A network scanner is asked for its status: it is there, and well or not."""
        if isinstance(self.address, EsclAddress):
            where = (self.address.host, self.address.port, self.address.path)
            self._status = read_status(*where, STATUS_TIMEOUT_S, self._now_s)
            self._look_due_s = self._now_s() + STATUS_S
        else:
            self._look_due_s = self._now_s() + PROBE_S

    def _probe(self, arguments: tuple[str, ...] = ()) -> Capabilities:
        assert self._prober is not None
        return self._place.probe(self._prober, arguments)

    def _choose(self, settings: ScanSettings) -> Chosen:
        source = source_arguments(settings, self._abilities[()])
        if source not in self._abilities:
            self._abilities[source] = self._probe(source)
        chosen = choose(settings, self._abilities[source])
        return replace(chosen, format=PageFormat.TIFF) if self._needs_tiff else chosen

    def _batch(
        self, prober: Prober, chosen: Chosen, folder: Path, on_page: OnPage, stopped: Callable[[], bool]
    ) -> BatchEnd:
        return scan_batch(
            Batch(prober.program, self.device, chosen.arguments, chosen.format, chosen.most_pages),
            folder,
            on_page,
            lambda: stopped() or self._halted.is_set(),
            environment=prober.environment,
            limits=self._limits,
            free_bytes=self._free_bytes,
            now_s=self._now_s,
        )

    def _refine(self, end: BatchEnd) -> tuple[Ended, Fault | None]:
        """Status 1 is everything that fails before the first page: ask once more what it was."""
        if end.ended is Ended.LENGTH_UNKNOWN:
            self._needs_tiff = True
        if end.ended is Ended.REFUSED:
            try:
                self._look()
                self._abilities = {(): self._probe()}
            except DeviceError as error:
                return ended_of(error), error.as_fault()
        return end.ended, end.fault or fault_of(end.ended)

    def _done(self, outcome: ScanOutcome) -> ScanOutcome:
        self.counters.add("good_reads", len(outcome.pages))
        if outcome.fault is not None and not outcome.asks_person:
            self.counters.add("bad_reads")
        if outcome.ended is Ended.TIMED_OUT:
            self.counters.add("timeouts")
        if outcome.ended in _LOOK_AFTER:
            self._look_due_s = 0.0
        return outcome


def _last_line(words: str) -> str:
    return words.splitlines()[-1] if words else ""

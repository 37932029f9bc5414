"""The scanner at work: its worker, and its health checks in the worker's own thread."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from hall.devices.attended import OnStatus, Started
from halldrivers.check import CheckLevel, Tell, failed, unknown
from halldrivers.errors import DeviceError
from halldrivers.scanner.checks import PATIENCE_S, checker_for
from halldrivers.scanner.scanfolder import left_over
from halldrivers.scanner.scanner import RETRY, Scanner, scanner_at
from halldrivers.worker import DeviceWorker

log = logging.getLogger("hall.devices")

CHECK_S = PATIENCE_S + 55.0
"""For a check with a person and a slow page; whoever asked hears no more after two minutes."""


@dataclass(frozen=True, slots=True)
class ScannerAtWork:
    """A scanner that a role keeps."""

    scanner: Scanner
    worker: DeviceWorker
    started: Started


def scanner_at_work(url: str, work_dir: Path, on_status: OnStatus) -> ScannerAtWork:
    """The scanner at a URL, at work; half pages that a power cut left are removed first."""
    try:
        work_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in left_over(work_dir):
            log.warning("pages of a scan that was cut lie in %s: nobody has taken them", folder)
    except OSError as error:  # the scanner says so itself as soon as it is opened
        log.warning("%s cannot be used: %s", work_dir, error)
    scanner = scanner_at(url, work_dir)
    ending = threading.Event()
    worker = DeviceWorker("scanner", scanner, on_status=on_status, counters=scanner.counters, retry=RETRY)
    checker = checker_for(scanner, ending.is_set)

    def check(level: CheckLevel, tell: Tell) -> None:
        if level is CheckLevel.INTERNAL:
            checker(level, tell)
            return
        try:
            worker.call(lambda: checker(level, tell), CHECK_S)
        except DeviceError as error:
            fault = worker.status.fault
            tell(failed(error) if fault is None else unknown(fault.what_zh, fault.what_en, fault))
        except TimeoutError:
            tell(unknown("扫描仪正在工作，忙完再查", "the scanner is at work: check again when it is done"))

    def close() -> None:
        ending.set()
        scanner.halt()
        worker.close()

    return ScannerAtWork(scanner, worker.start(), Started(check, close, scanner.counters))

"""A reader made from its address, alone or at work with everything that a role needs of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from halldrivers.barcode.address import ReaderAddress, ReaderKind, parse_reader
from halldrivers.barcode.checks import SCAN_S, reader_checker
from halldrivers.barcode.codes import BadCode
from halldrivers.barcode.keydecoder import KeyDecoder
from halldrivers.barcode.linedecoder import LineDecoder
from halldrivers.barcode.reader import BarcodeReader, OnBad, OnCode
from halldrivers.barcode.sources import CodeSource, LineCodes, TypedCodes
from halldrivers.counters import CountedTransport, Counters
from halldrivers.evdevport import EvdevSource
from halldrivers.keysource import KeySource
from halldrivers.status import DeviceStatus
from halldrivers.worker import DeviceWorker, Retry


def _ignore(bad: BadCode) -> None:
    """Whoever only wants codes."""


def make_reader(
    address: ReaderAddress | str,
    on_code: OnCode,
    on_bad: OnBad = _ignore,
    *,
    counters: Counters | None = None,
    key_source: Callable[[str], KeySource] = EvdevSource,
    now_s: Callable[[], float] = time.monotonic,
) -> BarcodeReader:
    """The driver of a reader, not opened yet. BadUrl when the address cannot be understood."""
    if isinstance(address, str):
        address = parse_reader(address)
    counters = counters or Counters()
    source: CodeSource
    if address.kind is ReaderKind.KEYS:
        source = TypedCodes(key_source(address.path), KeyDecoder(address.gap_s), now_s)
    else:
        wire = CountedTransport(address.transport(), counters)
        source = LineCodes(wire, LineDecoder(address.framing), now_s)
    return BarcodeReader(source, on_code=on_code, on_bad=on_bad, counters=counters, now_s=now_s)


class ReaderAtWork:
    """A reader in a worker of its own, from now until :meth:`close`. BadUrl for a wrong address.

    A scanner that is not there yet is no error: ``on_status`` tells of it, and it is waited for.
    """

    def __init__(
        self,
        name: str,
        address: ReaderAddress | str,
        *,
        on_code: OnCode,
        on_bad: OnBad = _ignore,
        on_status: Callable[[DeviceStatus], None] = lambda status: None,
        key_source: Callable[[str], KeySource] = EvdevSource,
        retry: Retry | None = None,
        scan_s: float = SCAN_S,
    ) -> None:
        if isinstance(address, str):
            address = parse_reader(address)
        reader = make_reader(address, on_code, on_bad, key_source=key_source)
        self.counters = reader.counters
        self._worker = DeviceWorker(name, reader, on_status=on_status, counters=reader.counters, retry=retry)
        self.check = reader_checker(address, reader, lambda: self.status, scan_s=scan_s)
        """Its health checks (a :data:`~halldrivers.check.Checker`)."""
        self._worker.start()

    @property
    def status(self) -> DeviceStatus:
        """The last thing worth telling."""
        return self._worker.status

    def close(self) -> None:
        """Give the reader back and end its thread; again is harmless. Not from within a callback."""
        self._worker.close()

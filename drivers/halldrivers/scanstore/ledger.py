"""What the hall's log must know of scans, and the three questions by which the store asks it.

The store never sees the log: whoever wires it (the appliance) implements :class:`ScanLedger` over the
keeper. Its calls may be repeated with the same key after a cut, and must then change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ScanState(StrEnum):
    """Where a recorded scan stands, by the hall's log."""

    KEPT = "kept"
    ACKNOWLEDGED = "acknowledged"
    """The county has it."""
    WIPED = "wiped"


@dataclass(frozen=True, slots=True)
class PageHash:
    """The SHA-256 of one page, in hexadecimal."""

    original: str
    """Of the picture as the device delivered it."""
    page: str
    """Of the picture in the PDF."""


@dataclass(frozen=True, slots=True)
class SealedScan:
    """One finished material: what is on its pages is nowhere but in its sealed file."""

    sha256: str
    """Of the sealed file, in hexadecimal: its name, and what the county checks."""
    size: int
    """Bytes of the sealed file."""
    session: str
    ticket: int
    matter: int
    """0 when it belongs to the ticket as a whole."""
    material: str
    device: str
    """Of its last page."""
    pages: tuple[PageHash, ...]
    begun_ms: int
    scanned_ms: int
    """When its last page was taken."""
    sealed_for: str
    """Fingerprint of the county's key."""
    sealing: str
    """How it is sealed."""
    interrupted: bool = False
    """Nobody finished it: there may be fewer pages than the material has."""
    missing: tuple[int, ...] = ()
    """Numbers of pages that were kept and could not be read back; only of an interrupted one."""


@dataclass(frozen=True, slots=True)
class KnownScan:
    """A scan that the hall's log knows."""

    id: int
    sha256: str
    state: ScanState


class ScanLedger(Protocol):
    """The hall's log of scans. Every call raises LedgerAway while the keeper cannot be reached."""

    def record(self, scan: SealedScan, key: str) -> int:
        """Write that the scan is kept; answers its id. After it returns, the log has it durably.

        ``key`` is the same each time for the same sealed file and never the same for two. Raises
        LedgerRefused when the log will not take it; it is asked again later.
        """
        ...

    def wiped(self, scan_id: int, reason: str, key: str) -> None:
        """Write that the file is gone: ``acknowledged``, or ``lost`` by a person's word."""
        ...

    def known(self) -> Iterable[KnownScan]:
        """All scans that are kept or acknowledged, and wiped ones at least for as long as a backup of the
        folder may be put back: a file that the log does not know is taken for a stranger.
        """
        ...

"""Scanned material: kept sealed, acknowledged by the county, wiped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanKept:
    """A material was scanned and lies sealed for the county in the scan store. No content, no name."""

    scan: int
    sha256: str
    """Of the sealed file, in hexadecimal: its name, and what the county checks."""
    ticket: int
    matter: int
    """0 when it belongs to the ticket as a whole."""
    material: str
    """Id of the material, as the configuration names it."""
    page_hashes: tuple[str, ...]
    """SHA-256 of each page as it was delivered, in the order of the pages."""
    size: int
    """Bytes of the sealed file."""
    device: str
    sealed_for: str
    """Fingerprint of the county's key."""
    scanned_ms: int
    """When its last page was taken."""
    interrupted: bool = False
    """Something broke off the scanning: there may be fewer pages than the material has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAcknowledged:
    """The county has the scan."""

    scan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanWiped:
    """The sealed file is gone from this machine."""

    scan: int
    reason: str
    """``acknowledged``, or ``lost``: the file was not there any more."""

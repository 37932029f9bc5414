"""``session.json``: what a material in progress is. Ids, numbers and times; nothing of a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from halldrivers.scanstore.errors import BadScanField
from halldrivers.scanstore.kepterrors import SessionDamaged
from halldrivers.scanstore.ledger import SealedScan

VERSION = 1
META_MOST = 256 * 1024
"""Bytes of a session.json: a hundred pages' hashes take about 20 KiB."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")
_PERSON = re.compile(r"[0-9]{6}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]")
"""An 18-character ID number: six digits of a place, a date, a number and a check character (GB 11643)."""
_LARGEST = 2**53
_LATEST_MS = 253_402_300_799_999
"""The end of the year 9999, the last that a PDF can write."""


@dataclass(frozen=True, slots=True)
class SessionMeta:
    """A material in progress."""

    session: str
    key: str
    """The idempotency key of the touch that began it."""
    ticket: int
    matter: int
    material: str
    begun_ms: int
    damaged: tuple[int, ...] = ()
    """Numbers of pages that were kept and could not be read back."""
    sealed: SealedScan | None = None
    """Set when its sealed file was about to get its name."""
    version: int = VERSION

    def is_same_as(self, ticket: int, matter: int, material: str) -> bool:
        """Whether it is this material."""
        return (self.ticket, self.matter, self.material) == (ticket, matter, material)


_DECODER = msgspec.json.Decoder(SessionMeta)


def encode_meta(meta: SessionMeta) -> bytes:
    """As it lies on the disk."""
    return msgspec.json.format(msgspec.json.encode(meta), indent=1) + b"\n"


def decode_meta(data: bytes) -> SessionMeta:
    """What lies on the disk. SessionDamaged when it is not that, or of a newer version."""
    try:
        meta = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SessionDamaged("session.json") from error
    if meta.version != VERSION:
        raise SessionDamaged(f"session.json, version {meta.version}")
    return meta


def checked_id(text: str, what: str) -> str:
    """An id that may stand in a file and in a PDF. BadScanField when it is none; its text is not repeated."""
    if not _ID.match(text) or _PERSON.search(text):
        raise BadScanField(what)
    return text


def checked_number(number: int, what: str) -> int:
    """A number that every JSON reader keeps. BadScanField when it is none."""
    if not 0 <= number < _LARGEST:
        raise BadScanField(what)
    return number


def checked_time(at_ms: int, what: str) -> int:
    """A time in milliseconds since 1970 UTC that a PDF can write. BadScanField when it is none."""
    if not 0 <= at_ms <= _LATEST_MS:
        raise BadScanField(what)
    return at_ms

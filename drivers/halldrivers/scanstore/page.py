"""A page as it comes to the store, and what the store knows of it."""

from __future__ import annotations

from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page, straightened and cropped or as it came."""

    data: bytes = field(repr=False)
    """The picture: a whole JPEG, PNG or TIFF file."""
    sha256: str
    """Of ``data``, in hexadecimal."""
    original_sha256: str
    """Of the picture as the device delivered it; the same where nothing was derived."""
    width: int
    """Pixels."""
    height: int
    device: str
    """Id of the camera or scanner."""
    at_ms: int
    """When it was taken, milliseconds since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class PageInfo:
    """A page that is kept."""

    number: int
    """From 1, in the order of the paper; a number that was dropped stays free."""
    sha256: str
    original_sha256: str
    width: int
    height: int
    device: str
    at_ms: int
    size: int
    """Bytes of the picture."""
    original_size: int
    """Bytes of the original; 0 when it is not kept."""
    embedded_size: int
    """Bytes that the picture takes in a PDF."""
    suffix: str
    """``jpg``, ``png`` or ``tif``."""
    original_suffix: str = ""
    """Of the original, when it is kept; ``bin`` for one that is none of the three."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one material may be. Finishing one takes about four times its size in memory (measured)."""

    pages: int = 100
    page_bytes: int = 24 * MIB
    """One picture, its original apart."""
    material_bytes: int = 48 * MIB
    """All pictures and kept originals of a material."""
    pixels: int = 40_000_000
    """One picture: A4 at 600 dpi. Seen before it is unpacked, so a small file cannot fill the memory."""

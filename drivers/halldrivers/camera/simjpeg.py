"""What cameras and cables do to a JPEG: own code, which knows nothing of how frames are checked."""

from __future__ import annotations

import io
import random

_DHT, _SOS = 0xC4, 0xDA


def without_tables(jpeg: bytes) -> bytes:
    """As many UVC cameras deliver: no Huffman tables. The picture must have been coded with the standard ones
    (Pillow does so unless it is told to optimise)."""
    kept, at = bytearray(jpeg[:2]), 2
    while jpeg[at + 1] != _SOS:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] != _DHT:
            kept += jpeg[at:end]
        at = end
    return bytes(kept + jpeg[at:])


def cut_off(jpeg: bytes, share: float) -> bytes:
    """A frame of which only the first part arrived."""
    return jpeg[: round(len(jpeg) * share)]


def padded(jpeg: bytes, count: int) -> bytes:
    """A frame with zeros behind its end, up to the buffer of the camera."""
    return jpeg + bytes(count)


def with_hole(jpeg: bytes, at_share: float, count: int) -> bytes:
    """A frame of which packets in the middle are missing; its end is there."""
    at = round(len(jpeg) * at_share)
    return jpeg[:at] + jpeg[at + count :]


def with_noise(jpeg: bytes, at_share: float, count: int, seed: int = 1) -> bytes:
    """A frame with wrong bytes in its middle, none of which looks like a marker."""
    at = round(len(jpeg) * at_share)
    wrong = bytes(random.Random(seed).choices(range(255), k=count))
    return jpeg[:at] + wrong + jpeg[at + count :]


def with_metadata(jpeg: bytes) -> bytes:
    """A picture as a telephone would save it: EXIF with a place and an orientation, a comment, a profile."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as image:
        exif = image.getexif()
        exif[0x010F] = "SECRET-MAKER"
        exif[0x0112] = 6  # orientation: a quarter turned
        exif.get_ifd(0x8825)[1] = "SECRET-PLACE"
        image.save(
            out, "JPEG", quality=90, exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE"
        )
    return out.getvalue()

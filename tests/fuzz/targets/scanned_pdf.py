"""A scanned PDF taken apart: pages that are whole files of their own, or one of the four refusals."""

import io
import warnings
import zlib

from halldrivers.scanner.errors import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentNotPictures,
    DocumentTooBig,
)
from halldrivers.scanner.pagefile import BytesReader, content_of
from halldrivers.scanner.pdfpages import pages_of_pdf

MOST_PAGES = 4

_JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 + "ffc0000b080001000101011100"
    "ffc40014000100000000000000000000000000000009ffc4001410010000000000000000000000000000"
    "0000ffda0008010100003f0054ffd9"
)
"""One grey pixel."""


def _pdf(picture: bytes, about: str, content: str = "q 9 0 0 9 0 0 cm /I Do Q", page: str = "") -> bytes:
    """A PDF of one page, without a right table: readers look for its objects."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
        f"{page}>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
    )
    body = "".join(f"{number} 0 obj\n{text}\nendobj\n" for number, text in enumerate(objects, 1)).encode()
    head = f"5 0 obj\n<</Subtype/Image/Width 1/Height 1/Length {len(picture)}{about}>>stream\n".encode()
    end = b"\nendstream\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    return b"%PDF-1.4\n" + body + head + picture + end


_GREY = "/BitsPerComponent 8/ColorSpace/DeviceGray"
_INDEXED = "/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1<010203040506>]"
_FAX = "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 1>>"
SEEDS = [
    _pdf(_JPEG, _GREY + "/Filter/DCTDecode"),
    _pdf(zlib.compress(_JPEG), _GREY + "/Filter[/FlateDecode/DCTDecode]", page="/Rotate 90"),
    _pdf(b"\x80", _GREY),
    _pdf(zlib.compress(b"\x01"), _INDEXED + "/Filter/FlateDecode", "9 0 0 9 0 0 cm /I Do"),
    _pdf(bytes.fromhex("50010010"), _FAX, "q 0 9 -9 0 9 0 cm /I Do Q"),
    _pdf(b"\x80", _GREY + "/Decode[1 0]", "0 0 9 9 re W n q 9 0 0 9 0 0 cm /I Do Q BT (x) Tj ET"),
    b"%PDF-1.4 trailer<</Root<</Pages<</Count 1>>>>>>startxref\n0\n%%EOF\n",
]


def run(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pages = list(pages_of_pdf(io.BytesIO(data), MOST_PAGES))
        except (DocumentDamaged, DocumentEncrypted, DocumentNotPictures, DocumentTooBig, MemoryError):
            return
    assert 0 < len(pages) <= MOST_PAGES
    for page in pages:
        assert content_of(BytesReader(page.data)).is_whole
        assert page.turn_degrees in (0, 90, 180, 270)

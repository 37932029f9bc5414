"""One PDF of a material: each picture on an A4 page, JPEGs byte for byte, the same bytes for the same pages.

The pages' facts travel inside as the attached file ``manifest.json`` (hall, session, material, each page's
number, hashes, size, device and time), originals that are kept as attached files beside it. No ticket, no
name: what binds a scan to a ticket is the hall's log.

Traps of the libraries, read in their source (img2pdf 0.6, pikepdf 10):

* img2pdf asks pikepdf for a deterministic file id only when ``pikepdf.__version__ >= "6.2.0"``, compared as
  text, which version 10 fails; so the document is saved here.
* img2pdf stops at a mirrored EXIF orientation unless told ``Rotation.ifvalid``.
* Of a JPEG that holds several pictures (phones: MPO) img2pdf takes the first one's bytes; they are replaced
  by the whole file, which readers show just as well, so that the page's hash can be checked in the PDF.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from halldrivers.scanstore.kepterrors import PdfUnfaithful
from halldrivers.scanstore.page import PageInfo

A4_MM = (210, 297)
MANIFEST = "manifest.json"
_MIME = {"jpg": "image/jpeg", "png": "image/png", "tif": "image/tiff", "bin": "application/octet-stream"}

ReadPart = Callable[[PageInfo], bytes]
"""Reads a page's picture, or its original; a page at a time, so that not all of them are in memory twice."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What is said of the material besides its pages."""

    hall: str
    session: str
    material: str
    begun_ms: int
    interrupted: bool = False
    missing: tuple[int, ...] = ()


def build_pdf(
    facts: PdfFacts, pages: Sequence[PageInfo], read_page: ReadPart, read_original: ReadPart
) -> bytes:
    """The PDF. Raises what the readers raise."""
    import img2pdf
    import pikepdf

    last_ms = max(page.at_ms for page in pages)
    document = _convert(
        [_Reader(page, read_page) for page in pages],
        title=f"{facts.material} {facts.session}",
        creator=f"hall {facts.hall}",
        producer=f"img2pdf {img2pdf.__version__}",
        creationdate=datetime.fromtimestamp(last_ms / 1000, UTC),
        moddate=datetime.fromtimestamp(last_ms / 1000, UTC),
    )
    with document.writer as pdf:
        for page, image in zip(pages, _images(pdf), strict=True):
            if page.suffix == "jpg" and _sha256(image.read_raw_bytes()) != page.sha256:
                image.write(read_page(page), filter=pikepdf.Name.DCTDecode)
        _attach(pdf, MANIFEST, _manifest(facts, pages), "application/json", pikepdf.Name.Data)
        for page in pages:
            if page.original_size:
                mime = _MIME[page.original_suffix]
                _attach(pdf, original_name(page), read_original(page), mime, pikepdf.Name.Source)
        out = io.BytesIO()
        pdf.save(out, min_version="1.7", deterministic_id=True, compress_streams=False)
    return out.getvalue()


def check_pdf(data: bytes, pages: Sequence[PageInfo]) -> None:
    """Read it back. PdfUnfaithful unless it holds exactly these pages in this order, with originals."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _check(pdf, pages)
    except pikepdf.PdfError as error:
        raise PdfUnfaithful(type(error).__name__) from error


def embedded_size(data: bytes) -> int:
    """Bytes that a picture takes in a PDF. Raises whatever a decoder raises; ValueError for more than one."""
    with _convert([io.BytesIO(data)]).writer as pdf:
        (image,) = _images(pdf)
        masks = [image.SMask] if "/SMask" in image else []
        return sum(int(stream.Length) for stream in (image, *masks))


def original_name(page: PageInfo) -> str:
    """Name of a page's original among the attached files."""
    return f"original-{page.number:04}.{page.original_suffix}"


class _Reader:
    """A picture that is read when img2pdf comes to it."""

    def __init__(self, page: PageInfo, read: ReadPart) -> None:
        self._page, self._read = page, read

    def read(self) -> bytes:
        return self._read(self._page)


def _convert(pictures: Sequence[Any], **about: Any) -> Any:
    import img2pdf

    a4_pt = tuple(img2pdf.mm_to_pt(length) for length in A4_MM)
    return img2pdf.convert_to_docobject(
        pictures,
        engine=img2pdf.Engine.pikepdf,
        # As large as its dpi say (96 when it says none), and never larger than A4.
        layout_fun=img2pdf.get_layout_fun(a4_pt, fit=img2pdf.FitMode.shrink, auto_orient=True),
        rotation=img2pdf.Rotation.ifvalid,
        first_frame_only=True,
        nodate=True,
        **about,
    )


def _images(pdf: Any) -> Iterator[Any]:
    """The picture of each page; img2pdf names it Im0."""
    for page in pdf.pages:
        yield page.Resources.XObject.Im0


def _manifest(facts: PdfFacts, pages: Sequence[PageInfo]) -> bytes:
    told = {name: getattr(facts, name) for name in PdfFacts.__slots__}
    told["pages"] = [
        {
            "number": page.number,
            "sha256": page.sha256,
            "original_sha256": page.original_sha256,
            "original": original_name(page) if page.original_size else None,
            "width": page.width,
            "height": page.height,
            "device": page.device,
            "at_ms": page.at_ms,
        }
        for page in pages
    ]
    return msgspec.json.format(msgspec.json.encode(told, order="deterministic"), indent=1) + b"\n"


def _attach(pdf: Any, name: str, data: bytes, mime_type: str, relationship: Any) -> None:
    from pikepdf import AttachedFileSpec

    pdf.attachments[name] = AttachedFileSpec(
        pdf, data, filename=name, mime_type=mime_type, relationship=relationship
    )


def _check(pdf: Any, pages: Sequence[PageInfo]) -> None:
    if len(pdf.pages) != len(pages):
        raise PdfUnfaithful(f"{len(pdf.pages)} of {len(pages)} pages")
    for page, image in zip(pages, _images(pdf), strict=True):
        if (int(image.Width), int(image.Height)) != (page.width, page.height):
            raise PdfUnfaithful(f"page {page.number}: its size")
        if page.suffix == "jpg" and _sha256(image.read_raw_bytes()) != page.sha256:
            raise PdfUnfaithful(f"page {page.number}: its bytes")
        if page.original_size:
            kept = pdf.attachments.get(original_name(page))
            if kept is None or _sha256(kept.get_file().read_bytes()) != page.original_sha256:
                raise PdfUnfaithful(f"page {page.number}: its original")
    if MANIFEST not in pdf.attachments:
        raise PdfUnfaithful(MANIFEST)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""The pages of a TIFF of several sheets, each kept exactly as PNG.

Small pictures for previews and masks (NewSubfileType, TIFF 6.0 section 8) are no pages and are left out.
Pillow turns a page as its Orientation says. Like :mod:`.pdfpages`, for a process of its own: libtiff decodes
whatever it is given.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import BinaryIO

from halldrivers.scanner.errors import DocumentDamaged, DocumentNotPictures, DocumentTooBig
from halldrivers.scanner.pagefile import FileReader
from halldrivers.scanner.pagepicture import PagePicture, check_size, page_as_png
from halldrivers.scanner.reader import Reader
from halldrivers.scanner.tiffpage import sheets_of_tiff

_NEW_SUBFILE_TYPE = 254
_REDUCED, _MASK = 1, 4
_STRANGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What Pillow raises over a directory that makes no sense."""


def pages_of_tiff(file: BinaryIO, most_pages: int, reader: Reader | None = None) -> Iterator[PagePicture]:
    """Its pages in order; DocumentDamaged, DocumentNotPictures or DocumentTooBig.

    An error may come after some pages: whoever takes them keeps all or none.
    """
    from PIL import Image

    sheets = sheets_of_tiff(reader or FileReader(file.fileno()))
    if not sheets:
        raise DocumentDamaged("half a TIFF", "TIFF 不完整")
    number = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags; sizes are checked below
            with Image.open(file, formats=["TIFF"]) as image:
                for sheet in range(sheets):
                    image.seek(sheet)
                    kind = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)  # type: ignore[attr-defined]
                    if kind & (_REDUCED | _MASK):
                        continue
                    number += 1
                    if number > most_pages:
                        raise DocumentTooBig(f"more than {most_pages} pages", f"超过 {most_pages} 页")
                    check_size(*image.size, len(image.getbands()), number)
                    image.load()
                    yield page_as_png(image, number, dpi=image.info.get("dpi"))
    except (DocumentDamaged, DocumentNotPictures, DocumentTooBig):
        raise
    except Image.DecompressionBombError as error:
        raise DocumentTooBig from error
    except _STRANGE as error:
        raise DocumentDamaged(f"page {number}: {type(error).__name__}", f"第 {number} 页") from error
    if not number:
        raise DocumentDamaged("no page", "没有页")

"""The pages of a scanned PDF: pages that are one picture each; anything else is refused as a whole.

=============================  ==================================================================
picture                        page
=============================  ==================================================================
JPEG (DCTDecode), also packed  the JPEG byte for byte as delivered; a turn that the page gives it
with Flate                     is told, because turning it would mean encoding it again
Flate, LZW, RunLength, CCITT   decoded and kept as PNG, exactly, turned as the page shows it; also as a black
                               stencil (ImageMask) on the white page
JPEG 2000, JBIG2, CMYK, masks  refused
=============================  ==================================================================

So are encrypted files, even those that open without a password, and whatever has text, lines, annotations or
several pictures on a page (:mod:`.pdfplace`): a searchable PDF is such a one. The number of pages that the
file promises must be there, because a reader that repairs a damaged file may lose some.

This is the only module of the scanner that imports pikepdf. It is meant for a process of its own with limits
(:mod:`.unpack`): qpdf unpacks streams in memory, whatever their size.

Source: ISO 32000-1, 7.4 (filters), 7.7.3 (page tree), 8.9.5 (images).
"""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from halldrivers.scanner.errors import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentNotPictures,
    DocumentTooBig,
)
from halldrivers.scanner.pagefile import JPEG, BytesReader, Content, content_of
from halldrivers.scanner.pagepicture import PagePicture, check_size, page_as_png
from halldrivers.scanner.pdfplace import Box, NotOnePicture, Operation, Placed, picture_of

if TYPE_CHECKING:
    import pikepdf

MOST_CONTENT_BYTES = 64 << 10
"""Of a page's operators: those of a picture alone take a hundred bytes."""
MOST_CONTENT_PARTS = 64
MOST_JPEG_BYTES = 128 << 20
MOST_SIDE_POINTS = 14_400.0
"""ISO 32000-1, annex C: five metres."""

_JPEG_FILTERS = (["/DCTDecode"], ["/FlateDecode", "/DCTDecode"])
_SIMPLE = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode"}
_COMPONENTS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}
_MODE_OF = {1: "L", 3: "RGB"}
_WHOLE_JPEG = Content(JPEG, True)
_STRANGE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    UserWarning,
    ValueError,
)
"""What the libraries raise over objects that are not of the kind that they must be."""


def pages_of_pdf(file: BinaryIO, most_pages: int) -> Iterator[PagePicture]:
    """Its pages in order; DocumentEncrypted, DocumentDamaged, DocumentNotPictures or DocumentTooBig.

    An error may come after some pages: whoever takes them keeps all or none.
    """
    import pikepdf

    try:
        # From the stream, not mapped: a file that its writer cuts would end us with SIGBUS.
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise DocumentEncrypted
            promised = int(pdf.Root.Pages.Count)
            if promised > most_pages:
                raise DocumentTooBig(
                    f"{promised} pages, {most_pages} are allowed", f"{promised} 页，最多 {most_pages} 页"
                )
            if len(pdf.pages) != promised or not promised:
                raise DocumentDamaged(
                    f"{len(pdf.pages)} of {promised} pages are there",
                    f"应有 {promised} 页，只有 {len(pdf.pages)} 页",
                )
            for number, page in enumerate(pdf.pages, 1):
                yield _page(page, number)
    except pikepdf.PasswordError as error:
        raise DocumentEncrypted from error
    except (DocumentDamaged, DocumentEncrypted, DocumentNotPictures, DocumentTooBig):
        raise
    except (pikepdf.PikepdfError, zlib.error, *_STRANGE) as error:
        if "bad_alloc" in str(error):  # qpdf's own streams tell it so; others raise MemoryError
            raise DocumentTooBig("not enough memory", "内存不够") from error
        raise DocumentDamaged(f"{type(error).__name__}") from error


def _page(page: pikepdf.Page, number: int) -> PagePicture:
    try:
        if len(page.obj.get("/Annots", ())):
            raise NotOnePicture("annotations", "有批注或表单")
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # pikepdf's, of what it had to guess or to leave out
            box = _box(page)
            placed = picture_of(_operations(page), box, int(page.obj.get("/Rotate", 0)))
            return _picture(page, placed, box, number)
    except NotOnePicture as error:
        raise DocumentNotPictures(f"page {number}: {error.en}", f"第 {number} 页：{error.zh}") from error


def _box(page: pikepdf.Page) -> Box:
    left, bottom, right, top = (float(side) for side in page.cropbox)
    box = Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    if not (0 < box.right - box.left <= MOST_SIDE_POINTS and 0 < box.top - box.bottom <= MOST_SIDE_POINTS):
        raise NotOnePicture("no size", "页面没有大小")
    return box


def _operations(page: pikepdf.Page) -> Iterator[Operation]:
    import pikepdf

    contents = page.obj.get("/Contents", pikepdf.Array())
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    data = b""
    for part in parts[:MOST_CONTENT_PARTS]:
        data += part.read_bytes() + b"\n"
        if len(data) > MOST_CONTENT_BYTES:
            break
    if len(data) > MOST_CONTENT_BYTES or len(parts) > MOST_CONTENT_PARTS:
        raise NotOnePicture("more than a picture", "除图像外还有文字或图形")
    with pikepdf.new() as alone:
        for instruction in pikepdf.parse_content_stream(pikepdf.Stream(alone, data)):
            yield _operation(str(instruction.operator), instruction.operands)


def _operation(operator: str, operands: Any) -> Operation:
    """With its numbers, where it is one that needs them; a name that is no number is a TypeError."""
    if operator in ("cm", "re", "g", "rg", "k"):
        return Operation(operator, tuple(float(number) for number in operands))
    return Operation(operator, name=str(operands[0]) if operator == "Do" and len(operands) else "")


def _picture(page: pikepdf.Page, placed: Placed, box: Box, number: int) -> PagePicture:
    import pikepdf

    picture = page.obj.Resources.XObject[placed.name]
    if not isinstance(picture, pikepdf.Stream) or picture.get("/Subtype") != "/Image":
        raise NotOnePicture("a drawing", "有图形")
    is_stencil = bool(picture.get("/ImageMask", False))
    if (is_stencil and not placed.is_black) or any(key in picture for key in ("/SMask", "/Mask", "/OC")):
        raise NotOnePicture("a picture with a mask", "图像带蒙版")
    filters = _filters(picture)
    width, height = int(picture.Width), int(picture.Height)
    if width <= 0 or height <= 0:
        raise DocumentDamaged(f"page {number}: no size", f"第 {number} 页：图像没有大小")
    if filters in _JPEG_FILTERS and not is_stencil:
        return PagePicture(_jpeg(picture, filters, (width, height), number), ".jpg", placed.turn_degrees)
    if not (set(filters[:-1]) <= _SIMPLE and set(filters[-1:]) <= {*_SIMPLE, "/CCITTFaxDecode"}):
        raise NotOnePicture(f"the coding {' '.join(filters)[:60]}", f"编码 {' '.join(filters)[:60]} 不支持")
    return _decoded(picture, placed, box, (width, height), number)


def _filters(picture: pikepdf.Object) -> list[str]:
    import pikepdf

    found = picture.get("/Filter", pikepdf.Array())
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]


def _components(picture: pikepdf.Object) -> int:
    """How many colours it has, where a file of its own would show them as the page does."""
    import pikepdf

    space = picture.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space) > 1:
        if space[0] == "/ICCBased":
            return int(space[1].N)
        space = space[0]
    return _COMPONENTS.get(str(space), 0)


def _jpeg(picture: pikepdf.Object, filters: list[str], size: tuple[int, int], number: int) -> bytes:
    from PIL import Image

    data = picture.read_raw_bytes()
    if len(filters) > 1:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(data, MOST_JPEG_BYTES)
        if unpacking.unconsumed_tail:
            raise DocumentTooBig(f"page {number}", f"第 {number} 页")
    if content_of(BytesReader(data)) != _WHOLE_JPEG:
        raise DocumentDamaged(f"page {number}: half a JPEG", f"第 {number} 页：JPEG 不完整")
    check_size(*size, 1, number)
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        real_size, mode = image.size, image.mode
    if real_size != size:
        raise DocumentDamaged(f"page {number}: the sizes differ", f"第 {number} 页：图像大小不一致")
    colours = _components(picture)
    decode = [float(bound) for bound in picture.get("/Decode", ())]
    # A grey JPEG is grey everywhere, even if its PDF says RGB (scanimage 1.2.1 does).
    fits = mode == _MODE_OF.get(colours) or (mode == "L" and colours == 3)
    if not fits or decode not in ([], [0.0, 1.0] * colours) or _has_own_coding(picture, mode):
        raise NotOnePicture("colours that a JPEG alone would show differently", "颜色格式不支持")
    return data


def _has_own_coding(picture: pikepdf.Object, mode: str) -> bool:
    """Whether the PDF says something about its coding that the JPEG by itself does not."""
    import pikepdf

    parameters = picture.get("/DecodeParms")
    each = list(parameters) if isinstance(parameters, pikepdf.Array) else [parameters]
    told = [one for one in each if isinstance(one, pikepdf.Dictionary)]
    return any(
        (mode != "L" and int(one.get("/ColorTransform", 1)) != 1) or int(one.get("/Predictor", 1)) != 1
        for one in told
    )


def _decoded(
    picture: pikepdf.Stream, placed: Placed, box: Box, size: tuple[int, int], number: int
) -> PagePicture:
    import pikepdf

    if int(picture.get("/BitsPerComponent", 1)) not in (1, 8):
        raise NotOnePicture("colours of another depth than 1 or 8 bits", "颜色位数不支持")
    check_size(*size, max(_components(picture), 1), number)
    try:
        image = pikepdf.PdfImage(picture).as_pil_image()
    except (pikepdf.UnsupportedImageTypeError, NotImplementedError) as error:
        raise NotOnePicture("colours that cannot be kept", "颜色格式不支持") from error
    sides = (box.right - box.left, box.top - box.bottom)
    if placed.stands_across:
        sides = sides[::-1]
    dpi = (72 * size[0] / sides[0], 72 * size[1] / sides[1])
    return page_as_png(image, number, placed.turn_degrees, dpi)

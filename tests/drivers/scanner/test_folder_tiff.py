"""A TIFF of several sheets becomes its pages, exactly; one of a single sheet stays the file that it is."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import TiffImageFile

from halldrivers.errors import DeviceError
from halldrivers.scanner.documents import REASON_OF
from halldrivers.scanner.errors import DocumentDamaged, DocumentNotPictures, DocumentTooBig
from halldrivers.scanner.outcome import Ended
from halldrivers.scanner.pagefile import TIFF, BytesReader, Content, content_of
from halldrivers.scanner.pagepicture import PagePicture
from halldrivers.scanner.tiffpages import pages_of_tiff

REFUSED = tuple(REASON_OF)
SUBFILE_TYPE, ORIENTATION = 254, 274


def drawn(number: int = 0, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (60, 80), (255, 255, 255 - number))
    ImageDraw.Draw(image).rectangle((3, 3, 10 + number, 12), fill=(200, 0, 0))
    return image.convert(mode)


def tiff(*images: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], **how)
    return out.getvalue()


def with_tag(data: bytes, sheet: int, tag: int, value: int) -> bytes:
    """The same with the value of a tag that the sheet has: SHORT or LONG, little-endian."""
    order = "<" if data[:2] == b"II" else ">"
    changed = bytearray(data)
    (place,) = struct.unpack_from(order + "I", data, 4)
    for _ in range(sheet):
        (count,) = struct.unpack_from(order + "H", data, place)
        (place,) = struct.unpack_from(order + "I", data, place + 2 + 12 * count)
    (count,) = struct.unpack_from(order + "H", data, place)
    for at in range(place + 2, place + 2 + 12 * count, 12):
        found, kind = struct.unpack_from(order + "HH", data, at)
        if found == tag:
            struct.pack_into(order + {3: "H", 4: "I"}[kind], changed, at + 8, value)
            return bytes(changed)
    raise AssertionError(f"no tag {tag}")


def of(data: bytes, most_pages: int = 500) -> list[PagePicture]:
    return list(pages_of_tiff(io.BytesIO(data), most_pages, BytesReader(data)))


def images_of(data: bytes) -> list[Image.Image]:
    return [Image.open(io.BytesIO(found.data)) for found in of(data)]


def refusal(data: bytes, most_pages: int = 500) -> DeviceError:
    with pytest.raises(REFUSED) as caught:
        of(data, most_pages)
    assert isinstance(caught.value, DeviceError)
    return caught.value


# --- what is taken -------------------------------------------------------------------------------


def test_sheets_are_counted() -> None:
    assert content_of(BytesReader(tiff(drawn()))) == Content(TIFF, is_whole=True, is_document=False)
    assert content_of(BytesReader(tiff(drawn(), drawn()))) == Content(TIFF, is_whole=True, is_document=True)
    assert not content_of(BytesReader(tiff(drawn(), drawn())[:-4000])).is_whole


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        ("1", "group4"),
        ("1", "group3"),
        ("1", "packbits"),
        ("L", "tiff_lzw"),
        ("RGB", "tiff_adobe_deflate"),
        ("RGB", "raw"),
        ("P", "tiff_lzw"),
    ],
)
def test_sheets_are_kept_in_order_and_to_the_pixel(mode: str, compression: str) -> None:
    sheets = [drawn(number, mode) for number in (1, 2, 3)]
    found = images_of(tiff(*sheets, compression=compression, dpi=(300, 300)))
    assert [image.convert("RGB").tobytes() for image in found] == [
        sheet.convert("RGB").tobytes() for sheet in sheets
    ]
    assert [round(found[2].info["dpi"][0]), found[2].format] == [300, "PNG"]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_jpeg_in_tiff_is_kept_as_it_decodes(mode: str) -> None:
    data = tiff(drawn(1, mode), drawn(2, mode), compression="jpeg")
    with Image.open(io.BytesIO(data)) as source:
        wanted = []
        for sheet in range(2):
            source.seek(sheet)
            wanted.append(source.convert("RGB").tobytes())
    assert [image.convert("RGB").tobytes() for image in images_of(data)] == wanted


def test_sheets_of_different_colours_are_kept() -> None:
    found = images_of(tiff(drawn(1, "1"), drawn(2, "L"), drawn(3, "RGB")))
    assert [image.mode for image in found] == ["1", "L", "RGB"]


@pytest.mark.parametrize("kind", [1, 4, 5])
def test_previews_and_masks_are_no_pages(kind: int) -> None:
    sheets = [drawn(1), drawn(2), drawn(3)]
    data = tiff(*sheets, tiffinfo={SUBFILE_TYPE: 0})
    found = images_of(with_tag(data, 1, SUBFILE_TYPE, kind))
    assert [image.tobytes() for image in found] == [sheets[0].tobytes(), sheets[2].tobytes()]


def test_a_sheet_that_lies_is_turned_as_it_says() -> None:
    data = tiff(drawn(1), drawn(2), tiffinfo={ORIENTATION: 1})
    found = images_of(with_tag(data, 1, ORIENTATION, 6))  # its top row is the right side
    assert [image.size for image in found] == [(60, 80), (80, 60)]
    assert found[1].tobytes() == drawn(2).rotate(-90, expand=True).tobytes()


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["CMYK", "F", "RGBA", "LAB", "I;16"])
def test_colours_that_png_cannot_keep_are_refused(mode: str) -> None:
    other = Image.new(mode, (60, 80))
    error = refusal(tiff(drawn(1), other))
    assert (type(error), error.detail) == (DocumentNotPictures, f"page 2: the colours {mode}")


def test_more_pages_than_allowed_are_refused() -> None:
    error = refusal(tiff(drawn(1), drawn(2), drawn(3)), most_pages=2)
    assert (type(error), error.detail) == (DocumentTooBig, "more than 2 pages")


@pytest.mark.parametrize("sheet", [0, 1])
@pytest.mark.parametrize("side", [9_000, 12_000, 65_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    sheet: int, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tiff(*[Image.new("1", (10, 10))] * 2, compression="group4")
    for tag in (256, 257):
        data = with_tag(data, sheet, tag, side)
    decoded: list[int] = []
    load = TiffImageFile.load
    monkeypatch.setattr(TiffImageFile, "load", lambda self: decoded.append(self.tell()) or load(self))
    assert type(refusal(data)) is DocumentTooBig
    assert sheet not in decoded


def test_a_sheet_whose_packed_bytes_are_garbage_is_a_damaged_file() -> None:
    data = tiff(drawn(1), drawn(2), compression="tiff_adobe_deflate")
    with Image.open(io.BytesIO(data)) as source:
        source.seek(1)
        (place,) = source.tag_v2[273]  # type: ignore[attr-defined]
    broken = data[:place] + b"\xaa" * 20 + data[place + 20 :]
    assert type(refusal(broken)) is DocumentDamaged


def test_half_a_file_and_one_of_previews_alone_are_damaged_files() -> None:
    assert refusal(tiff(drawn(1), drawn(2))[:-4000]).detail == "half a TIFF"
    data = tiff(drawn(1), drawn(2), tiffinfo={SUBFILE_TYPE: 1})
    assert refusal(data).detail == "no page"


# --- damage --------------------------------------------------------------------------------------

GOOD = [
    tiff(drawn(1), drawn(2)),
    tiff(drawn(1, "1"), drawn(2, "1"), compression="group4"),
    tiff(drawn(1), drawn(2), compression="jpeg"),
]


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(GOOD) - 1),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_damaged_tiff_is_read_or_refused(
    which: int, damages: list[tuple[float, bytes]], in_directory: bool
) -> None:
    data = bytearray(GOOD[which])
    for place, garbage in damages:
        at = int(place * (400 if in_directory else len(data)))
        data[at : at + len(garbage)] = garbage
    content = content_of(BytesReader(bytes(data)))
    if content.media_type != TIFF or not content.is_document:
        return
    try:
        found = of(bytes(data))
    except REFUSED:
        return
    assert found
    for each in found:
        assert content_of(BytesReader(each.data)).is_whole


# --- in a watched folder -------------------------------------------------------------------------


def test_its_pages_stand_among_those_of_other_files(inbox: Any, taker: Any) -> None:
    single = tiff(drawn(9))
    outcome = inbox.scan(taker, a_tif=tiff(drawn(1), drawn(2)), b_tif=single)
    assert (outcome.ended, outcome.fault) == (Ended.DONE, None)
    assert taker.names == ["page-0001.png", "page-0002.png", "page-0003.tif"]
    shown = [Image.open(page.path).tobytes() for page in outcome.pages]
    assert shown == [drawn(number).tobytes() for number in (1, 2, 9)]
    assert outcome.pages[2].path.read_bytes() == single
    assert inbox.left == inbox.aside == []


def test_fax_data_that_does_not_decode_is_a_damaged_file(inbox: Any, taker: Any) -> None:
    data = tiff(drawn(1, "1"), drawn(2, "1"), compression="group4")
    with Image.open(io.BytesIO(data)) as source:
        (place,), (length,) = source.tag_v2[273], source.tag_v2[279]  # type: ignore[attr-defined]
    broken = data[: place + 4] + b"\0" * (length - 4) + data[place + length :]
    outcome = inbox.scan(taker, a_tif=broken)
    assert (outcome.ended, outcome.fault.code, outcome.pages) == (Ended.DOCUMENT_REFUSED, "N-26", ())
    assert inbox.aside == ["damaged--a.tif"]


def test_a_refused_tiff_is_told_and_set_aside(inbox: Any, taker: Any) -> None:
    outcome = inbox.scan(taker, a_tif=tiff(drawn(1), drawn(2, "CMYK")))
    assert (outcome.ended, outcome.fault.code, outcome.pages) == (Ended.DOCUMENT_REFUSED, "N-24", ())
    assert inbox.aside == ["not-pictures--a.tif"]

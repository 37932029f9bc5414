"""A scanned PDF becomes its pages, kept as the machine made them; any other PDF is refused as a whole."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import img2pdf
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from halldrivers.errors import Actor, DeviceError
from halldrivers.scanner import pdfpages
from halldrivers.scanner.documents import REASON_OF
from halldrivers.scanner.errors import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentNotPictures,
    DocumentTooBig,
)
from halldrivers.scanner.outcome import Ended
from halldrivers.scanner.pagefile import PDF, BytesReader, Content, content_of
from halldrivers.scanner.pagepicture import PagePicture
from halldrivers.scanner.pdfpages import MOST_CONTENT_BYTES, pages_of_pdf
from halldrivers.scanner.pdfplace import Box, Operation, picture_of

WIDTH, HEIGHT = 60, 80
"""Pixels of the pictures, and points of the pages: 72 dpi."""
FILLS = "q 60 0 0 80 0 0 cm /Im0 Do Q"
REFUSED = tuple(REASON_OF)


def drawn(mode: str = "RGB", shade: int = 0) -> Image.Image:
    """A picture that shows which way it stands."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255 - shade))
    draw = ImageDraw.Draw(image)
    draw.rectangle((3, 3, 30, 12), fill=(200, 0, 0))
    draw.line((5, 20, 50, 70), fill=(0, 0, 0), width=3)
    return image.convert(mode)


def jpeg(shade: int = 0, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    drawn(mode, shade).save(out, "JPEG", quality=90)
    return out.getvalue()


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def jpegs(*shades: int) -> bytes:
    return bytes(img2pdf.convert([jpeg(shade) for shade in shades]))


def picture(pdf: pikepdf.Pdf, data: bytes, **keys: Any) -> pikepdf.Stream:
    """An image of the usual size; a JPEG in colour unless its keys say otherwise."""
    stream = pikepdf.Stream(pdf, b"")
    about = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": WIDTH,
        "Height": HEIGHT,
        "ColorSpace": Name.DeviceRGB,
        "BitsPerComponent": 8,
        **keys,
    }
    stream.write(
        data, filter=about.pop("Filter", Name.DCTDecode), decode_parms=about.pop("DecodeParms", None)
    )
    for key, value in about.items():
        stream[f"/{key}"] = value
    return stream


def page(pdf: pikepdf.Pdf, image: Any, content: str = FILLS, **keys: Any) -> None:
    about = {
        "Type": Name.Page,
        "MediaBox": Array([0, 0, WIDTH, HEIGHT]),
        "Contents": pdf.make_stream(content.encode()),
        "Resources": Dictionary(XObject=Dictionary({"/Im0": image} if image is not None else {})),
        **keys,
    }
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(Dictionary(**about))))


def one_page(content: str = FILLS, data: bytes | None = None, **keys: Any) -> bytes:
    """A PDF of one page; keys in capitals that belong to a page go to it, others to its picture."""
    of_page = {key: keys.pop(key) for key in ("Rotate", "MediaBox", "CropBox", "Annots") if key in keys}
    pdf = pikepdf.new()
    page(pdf, picture(pdf, jpeg() if data is None else data, **keys), content, **of_page)
    return saved(pdf)


def raw(image: Image.Image, **keys: Any) -> bytes:
    """A PDF of one page whose picture is packed with Flate."""
    keys = {"Filter": Name.FlateDecode, **keys}
    return one_page(data=zlib.compress(image.tobytes()), **keys)


def of(data: bytes, most_pages: int = 500) -> list[PagePicture]:
    return list(pages_of_pdf(io.BytesIO(data), most_pages))


def image_of(found: PagePicture) -> Image.Image:
    return Image.open(io.BytesIO(found.data))


def refusal(data: bytes, most_pages: int = 500) -> DeviceError:
    with pytest.raises(REFUSED) as caught:
        of(data, most_pages)
    assert isinstance(caught.value, DeviceError)
    return caught.value


# --- what is taken -------------------------------------------------------------------------------


def test_jpegs_are_kept_byte_for_byte_and_in_order() -> None:
    found = of(jpegs(1, 2, 3))
    assert found == [PagePicture(jpeg(shade), ".jpg") for shade in (1, 2, 3)]


@pytest.mark.parametrize("space", [Name.DeviceGray, Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])])])
def test_a_grey_jpeg_is_kept(space: Any) -> None:
    data = jpeg(mode="L")
    assert [found.data for found in of(one_page(data=data, ColorSpace=space))] == [data]


def test_a_grey_jpeg_that_scanimage_calls_rgb_is_kept() -> None:
    data = jpeg(mode="L")
    assert [found.data for found in of(one_page(data=data))] == [data]
    parms = Dictionary(ColorTransform=0)  # says nothing of one colour
    assert [found.data for found in of(one_page(data=data, DecodeParms=parms))] == [data]


def test_a_jpeg_with_a_colour_profile_is_kept() -> None:
    pdf = pikepdf.new()
    profile = pdf.make_stream(b"profile", N=3)
    page(pdf, picture(pdf, jpeg(), ColorSpace=Array([Name.ICCBased, profile])))
    assert [found.data for found in of(saved(pdf))] == [jpeg()]


def test_a_jpeg_packed_with_flate_is_unpacked_to_the_same_bytes() -> None:
    filters = Array([Name.FlateDecode, Name.DCTDecode])
    assert [found.data for found in of(one_page(data=zlib.compress(jpeg()), Filter=filters))] == [jpeg()]


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_pillow_s_and_img2pdf_s_lossless_pages_are_kept_to_the_pixel(mode: str) -> None:
    out = io.BytesIO()
    drawn(mode).save(out, "PNG", dpi=(300, 300))
    (found,) = of(bytes(img2pdf.convert(out.getvalue())))
    image = image_of(found)
    assert (found.suffix, image.format, image.tobytes()) == (".png", "PNG", drawn(mode).tobytes())
    assert [round(dpi) for dpi in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_ccitt_group_4_is_kept_to_the_pixel(inverted: bool, packed: bool) -> None:
    source = drawn("1")
    with pikepdf.open(io.BytesIO(bytes(img2pdf.convert(tiff_g4(source))))) as pdf:
        ((_, image),) = pdf.pages[0].Resources.XObject.items()
        assert image.Filter == Name.CCITTFaxDecode or list(image.Filter) == [Name.CCITTFaxDecode]
        parms = image.DecodeParms if isinstance(image.DecodeParms, Dictionary) else image.DecodeParms[0]
        if inverted:
            parms.BlackIs1 = not parms.get("/BlackIs1", False)
        if packed:
            image.write(
                zlib.compress(image.read_raw_bytes()),
                filter=Array([Name.FlateDecode, Name.CCITTFaxDecode]),
                decode_parms=Array([Dictionary(), pdf.make_indirect(parms)]),
            )
        data = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    (found,) = of(data)
    wanted = source.point(lambda bit: 255 - bit) if inverted else source
    assert image_of(found).convert("1").tobytes() == wanted.tobytes()


def tiff_g4(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "TIFF", compression="group4", dpi=(72, 72))
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("L", {"ColorSpace": Name.DeviceGray}),
        ("RGB", {}),
        ("1", {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 1}),
    ],
)
def test_flate_is_kept_to_the_pixel(mode: str, keys: dict[str, Any]) -> None:
    (found,) = of(raw(drawn(mode), **keys))
    assert (image_of(found).mode, image_of(found).tobytes()) == (mode, drawn(mode).tobytes())


def test_a_palette_is_kept_to_the_pixel() -> None:
    source = drawn().quantize(16)
    colours = bytes(source.getpalette() or [])
    space = Array([Name.Indexed, Name.DeviceRGB, len(colours) // 3 - 1, pikepdf.String(colours)])
    (found,) = of(raw(source, ColorSpace=space))
    assert image_of(found).convert("RGB").tobytes() == source.convert("RGB").tobytes()


@pytest.mark.parametrize("decode", [[0, 1], [1, 0]])
@pytest.mark.parametrize("colour", ["", "0 g", "0 0 0 rg", "0 0 0 1 k"])
def test_a_black_stencil_on_the_white_page_is_kept_to_the_pixel(decode: list[int], colour: str) -> None:
    pdf = pikepdf.new()
    image = picture(
        pdf, zlib.compress(drawn("1").tobytes()), Filter=Name.FlateDecode, ImageMask=True, BitsPerComponent=1
    )
    image.Decode = Array(decode)
    del image["/ColorSpace"]
    page(pdf, image, f"{colour} {FILLS}")
    (found,) = of(saved(pdf))
    wanted = drawn("1") if decode == [0, 1] else drawn("1").point(lambda bit: 255 - bit)
    assert image_of(found).convert("1").tobytes() == wanted.tobytes()


def test_a_ccitt_stencil_is_kept_to_the_pixel() -> None:
    with pikepdf.open(io.BytesIO(bytes(img2pdf.convert(tiff_g4(drawn("1")))))) as pdf:
        ((_, image),) = pdf.pages[0].Resources.XObject.items()
        del image["/ColorSpace"]
        image.ImageMask = True
        (found,) = of(saved(pdf))
    assert image_of(found).convert("1").tobytes() == drawn("1").tobytes()


@pytest.mark.parametrize("colour", ["1 g", "0.5 g", "1 0 0 rg", "0 0 0 0 k", "/CS0 cs 0 scn"])
def test_a_stencil_in_another_colour_is_refused(colour: str) -> None:
    pdf = pikepdf.new()
    data = zlib.compress(drawn("1").tobytes())
    page(pdf, picture(pdf, data, Filter=Name.FlateDecode, ImageMask=True), f"{colour} {FILLS}")
    assert refusal(saved(pdf)).detail == "page 1: a picture with a mask"


def test_a_decode_array_that_inverts_is_followed() -> None:
    (found,) = of(raw(drawn("L"), ColorSpace=Name.DeviceGray, Decode=Array([1, 0])))
    assert image_of(found).tobytes() == drawn("L").point(lambda grey: 255 - grey).tobytes()


TURNS = [
    ("60 0 0 80 0 0 cm", 0, 0),
    ("60 0 0 80 0 0 cm", 90, 90),
    ("60 0 0 80 0 0 cm", 270, 270),
    ("-60 0 0 -80 60 80 cm", 0, 180),
    ("0 80 -60 0 60 0 cm", 0, 270),
    ("0 -80 60 0 0 80 cm", 0, 90),
    ("0 -80 60 0 0 80 cm", 270, 0),
    ("1 0 0 1 2 1 cm 58 0 0 78 0 0 cm", 0, 0),
]


@pytest.mark.parametrize(("matrix", "rotate", "turn"), TURNS)
def test_how_the_page_shows_its_jpeg_is_told_and_the_jpeg_stays(matrix: str, rotate: int, turn: int) -> None:
    assert of(one_page(f"q {matrix} /Im0 Do Q", Rotate=rotate)) == [PagePicture(jpeg(), ".jpg", turn)]


@pytest.mark.parametrize(("matrix", "rotate", "turn"), TURNS)
def test_a_decoded_picture_is_turned_as_the_page_shows_it(matrix: str, rotate: int, turn: int) -> None:
    pdf = pikepdf.new()
    data = zlib.compress(drawn("L").tobytes())
    image = picture(pdf, data, Filter=Name.FlateDecode, ColorSpace=Name.DeviceGray)
    page(pdf, image, f"q {matrix} /Im0 Do Q", Rotate=rotate)
    (found,) = of(saved(pdf))
    assert found.turn_degrees == 0
    assert image_of(found).tobytes() == drawn("L").rotate(-turn, expand=True).tobytes()


@pytest.mark.parametrize(
    ("matrix", "rotate", "dpi"),
    [
        ("60 0 0 40 0 0 cm", 0, [72, 144]),
        ("60 0 0 40 0 0 cm", 90, [144, 72]),
        ("0 40 -60 0 60 0 cm", 0, [96, 108]),
        ("0 40 -60 0 60 0 cm", 90, [108, 96]),
    ],
)
def test_how_fine_a_decoded_picture_is_follows_from_its_page(
    matrix: str, rotate: int, dpi: list[int]
) -> None:
    pdf = pikepdf.new()
    data = zlib.compress(drawn("L").tobytes())
    image = picture(pdf, data, Filter=Name.FlateDecode, ColorSpace=Name.DeviceGray)
    page(pdf, image, f"q {matrix} /Im0 Do Q", MediaBox=Array([0, 0, 60, 40]), Rotate=rotate)
    (found,) = of(saved(pdf))
    assert [round(each) for each in image_of(found).info["dpi"]] == dpi


def test_what_paints_nothing_may_stand_beside_the_picture() -> None:
    content = "/Artifact BMC q 0 g 1 w 0 0 60 80 re W n /Perceptual ri 60 0 0 80 0 0 cm /Im0 Do Q EMC"
    assert len(of(one_page(content))) == 1


def test_a_content_in_several_streams_is_one() -> None:
    pdf = pikepdf.new()
    page(pdf, picture(pdf, jpeg()))
    pdf.pages[0].Contents = Array([pdf.make_stream(b"q 60 0 0 80 0 0"), pdf.make_stream(b"cm /Im0 Do Q")])
    assert len(of(saved(pdf))) == 1


def test_attributes_of_the_page_tree_count_for_its_pages() -> None:
    pdf = pikepdf.new()
    page(pdf, picture(pdf, jpeg()))
    pdf.Root.Pages.Rotate = 90
    pdf.Root.Pages.MediaBox = Array([0, 0, WIDTH, HEIGHT])
    del pdf.pages[0].obj["/MediaBox"]
    assert [found.turn_degrees for found in of(saved(pdf))] == [90]


@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable])
def test_compressed_and_linearized_files_are_read(mode: pikepdf.ObjectStreamMode) -> None:
    with pikepdf.open(io.BytesIO(jpegs(1, 2))) as pdf:
        for is_linear in (False, True):
            assert len(of(saved(pdf, object_stream_mode=mode, linearize=is_linear))) == 2


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (FILLS + " BT /F1 12 Tf 5 5 Td (text) Tj ET", "more than a picture (BT)"),
        (FILLS + " BT 3 Tr /F1 12 Tf (seen by nobody) Tj ET", "more than a picture (BT)"),
        (FILLS + " 0 0 m 60 80 l S", "more than a picture (m)"),
        ("1 g 0 0 60 80 re f " + FILLS, "more than a picture (f)"),
        (FILLS + " /Sh0 sh", "more than a picture (sh)"),
        (FILLS + " BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", "more than a picture (INLINE IMAGE)"),
        (FILLS + " " + FILLS, "several pictures"),
        ("q 30 0 0 80 0 0 cm /Im0 Do Q", "a picture that does not fill the page"),
        ("q 90 0 0 80 0 0 cm /Im0 Do Q", "a picture that does not fill the page"),
        ("/Im0 Do", "a picture that does not fill the page"),
        ("q -60 0 0 80 60 0 cm /Im0 Do Q", "a mirrored picture"),
        ("q 0 80 60 0 0 0 cm /Im0 Do Q", "a mirrored picture"),
        ("q 59 2 -2 79 0 0 cm /Im0 Do Q", "a crooked picture"),
        ("q 0 0 30 80 re W n 60 0 0 80 0 0 cm /Im0 Do Q", "a picture that is cut"),
        ("q 0 0 m W n 60 0 0 80 0 0 cm /Im0 Do Q", "more than a picture (m)"),
        ("q W n 60 0 0 80 0 0 cm /Im0 Do Q", "a picture that is cut"),
        ("q Q", "no picture"),
        ("q " * 40 + FILLS, "more than a picture (q)"),
        ("0 g " * (MOST_CONTENT_BYTES // 4 + 1) + FILLS, "more than a picture"),
    ],
)
def test_a_page_that_is_not_one_whole_picture_is_refused(content: str, why: str) -> None:
    error = refusal(one_page(content))
    assert isinstance(error, DocumentNotPictures)
    assert (error.code, error.detail) == ("N-24", f"page 1: {why}")
    assert error.detail_zh.startswith("第 1 页：")


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"Filter": Name.JPXDecode}, "the coding /JPXDecode"),
        ({"Filter": Name.JBIG2Decode}, "the coding /JBIG2Decode"),
        ({"Filter": Array([Name.ASCIIHexDecode, Name.DCTDecode])}, "the coding /ASCIIHexDecode /DCTDecode"),
        ({"ImageMask": True}, "the coding /DCTDecode"),
        ({"Mask": Array([0, 0, 0, 0, 0, 0])}, "a picture with a mask"),
        ({"Subtype": Name.Form}, "a drawing"),
        (
            {"ColorSpace": Name.DeviceGray},
            "colours that a JPEG alone would show differently",
        ),
        ({"ColorSpace": Name.Pattern}, "colours that a JPEG alone would show differently"),
        ({"ColorSpace": Name.DeviceCMYK}, "colours that a JPEG alone would show differently"),
        ({"Decode": Array([1, 0, 1, 0, 1, 0])}, "colours that a JPEG alone would show differently"),
        ({"DecodeParms": Dictionary(ColorTransform=0)}, "colours that a JPEG alone would show differently"),
        ({"Annots": Array([Dictionary(Subtype=Name.Stamp)])}, "annotations"),
        ({"Rotate": 45}, "a crooked page"),
        ({"MediaBox": Array([0, 0, 0, 0])}, "no size"),
        ({"CropBox": Array([0, 0, 30, 40])}, "a picture that does not fill the page"),
    ],
)
def test_a_picture_that_alone_would_not_look_the_same_is_refused(keys: dict[str, Any], why: str) -> None:
    error = refusal(one_page(**keys))
    assert (type(error), error.detail) == (DocumentNotPictures, f"page 1: {why}")


@pytest.mark.parametrize(
    ("image", "keys"),
    [
        (drawn("CMYK"), {"ColorSpace": Name.DeviceCMYK}),
        (drawn("L"), {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 16}),
    ],
)
def test_decoded_colours_that_png_cannot_keep_are_refused(image: Image.Image, keys: dict[str, Any]) -> None:
    assert type(refusal(raw(image, **keys))) is DocumentNotPictures


def test_one_page_of_text_refuses_all_pages() -> None:
    pdf = pikepdf.new()
    for content in (FILLS, FILLS, "BT (text) Tj ET"):
        page(pdf, picture(pdf, jpeg()), content)
    assert refusal(saved(pdf)).detail == "page 3: more than a picture (BT)"


@pytest.mark.parametrize("password", ["secret", ""])
def test_an_encrypted_file_is_refused_even_if_it_opens_without_a_password(password: str) -> None:
    with pikepdf.open(io.BytesIO(jpegs(1))) as pdf:
        data = saved(pdf, encryption=pikepdf.Encryption(owner="owner", user=password))
    error = refusal(data)
    assert (type(error), error.code, error.who) == (DocumentEncrypted, "N-25", Actor.TECHNICIAN)


def test_fewer_pages_than_promised_are_a_damaged_file() -> None:
    data = jpegs(1, 2).replace(b"/Count 2", b"/Count 3")
    error = refusal(data)
    assert (type(error), error.detail) == (DocumentDamaged, "2 of 3 pages are there")


def test_more_pages_than_allowed_are_refused_before_any_is_read() -> None:
    error = refusal(jpegs(1, 2, 3), most_pages=2)
    assert (type(error), error.detail) == (DocumentTooBig, "3 pages, 2 are allowed")
    assert error.detail_zh == "3 页，最多 2 页"


@pytest.mark.parametrize("keys", [{}, {"Filter": Name.FlateDecode}, {"Filter": Name.CCITTFaxDecode}])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(keys: dict[str, Any]) -> None:
    error = refusal(one_page(Width=60_000, Height=60_000, **keys))
    assert (type(error), error.detail) == (DocumentTooBig, "page 1: 60000 x 60000 pixels")


@pytest.mark.parametrize(
    "keys",
    [
        {"data": jpeg()[:300]},
        {"data": b"no jpeg"},
        {"Width": WIDTH + 1},
        {"Width": -1},
        {"Width": Name.Wide},
        {"Filter": Name.FlateDecode},
        {"Filter": Name.CCITTFaxDecode},
        {"Filter": Array([Name.FlateDecode, Name.DCTDecode])},
    ],
)
def test_a_picture_that_is_broken_inside_is_a_damaged_file(keys: dict[str, Any]) -> None:
    assert type(refusal(one_page(**keys))) is DocumentDamaged


def test_a_palette_that_the_library_would_only_guess_at_is_a_damaged_file() -> None:
    source = drawn().quantize(16)
    space = Array([Name.Indexed, Name.DeviceRGB, 15, pikepdf.String(bytes(48))])
    assert refusal(raw(source, ColorSpace=space, Decode=Array([255, 0]))).detail == "UserWarning"


def test_a_picture_with_too_few_bytes_is_a_damaged_file() -> None:
    half = drawn("L").crop((0, 0, WIDTH, HEIGHT // 2))
    assert type(refusal(raw(half, ColorSpace=Name.DeviceGray))) is DocumentDamaged


def test_a_page_tree_without_pages_is_a_damaged_file() -> None:
    assert type(refusal(saved(pikepdf.new()))) is DocumentDamaged


def test_a_packed_jpeg_that_never_ends_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfpages, "MOST_JPEG_BYTES", 10_000)
    data = zlib.compress(jpeg() + bytes(100_000))
    filters = Array([Name.FlateDecode, Name.DCTDecode])
    assert type(refusal(one_page(data=data, Filter=filters))) is DocumentTooBig


# --- damage, and anything at all -----------------------------------------------------------------

GOOD: list[Callable[[], bytes]] = [
    lambda: jpegs(1, 2),
    lambda: raw(drawn("L"), ColorSpace=Name.DeviceGray),
    lambda: bytes(img2pdf.convert(tiff_g4(drawn("1")))),
]
KEPT: dict[int, bytes] = {}


def good(number: int) -> bytes:
    return KEPT.setdefault(number, GOOD[number]())


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(GOOD) - 1),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4),
    st.floats(0.2, 1),
)
def test_a_damaged_pdf_is_read_or_refused(
    which: int, damages: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(good(which))
    for place, garbage in damages:
        at = int(place * len(data))
        data[at : at + len(garbage)] = garbage
    try:
        found = of(bytes(data[: int(kept * len(data))]) if kept < 0.6 else bytes(data))
    except REFUSED:
        return
    assert found
    for each in found:
        assert content_of(BytesReader(each.data)).is_whole


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(REFUSED):
        of(b"%PDF-1.4\n" + data)


operators = st.builds(
    Operation,
    st.sampled_from(["q", "Q", "cm", "re", "W", "n", "Do", "g", "BT"]),
    st.lists(st.floats(), max_size=7).map(tuple),
    st.sampled_from(["", "/Im0"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(operators, max_size=12), st.integers(-360, 360))
def test_any_operators_place_a_picture_or_are_refused(operations: list[Operation], rotate: int) -> None:
    try:
        placed = picture_of(operations, Box(0, 0, 60, 80), rotate)
    except (pdfpages.NotOnePicture, ArithmeticError):
        return
    assert (placed.name, placed.turn_degrees % 90) == ("/Im0", 0)


# --- in a watched folder -------------------------------------------------------------------------


def test_a_pdf_is_a_document_by_its_content() -> None:
    assert content_of(BytesReader(jpegs(1))) == Content(PDF, is_whole=True, is_document=True)


def test_its_pages_stand_among_those_of_other_files(inbox: Any, taker: Any) -> None:
    outcome = inbox.scan(taker, a_jpg=jpeg(1), b_pdf=jpegs(2, 3), c_dat=jpeg(4))
    assert (outcome.ended, outcome.fault) == (Ended.DONE, None)
    assert [page.path.read_bytes() for page in outcome.pages] == [jpeg(shade) for shade in (1, 2, 3, 4)]
    assert [page.number for page in outcome.pages] == [1, 2, 3, 4]
    assert taker.names == [f"page-000{number}.jpg" for number in (1, 2, 3, 4)]
    assert inbox.left == inbox.aside == []
    assert inbox.scanner.counters["good_reads"] == 4
    assert sorted(path.name for path in outcome.folder.iterdir()) == taker.names


def test_a_turn_comes_with_its_page(inbox: Any, taker: Any) -> None:
    outcome = inbox.scan(taker, a_pdf=one_page(Rotate=90))
    assert [(page.media_type, page.turn_degrees) for page in outcome.pages] == [("image/jpeg", 90)]


def test_a_refused_pdf_is_told_and_set_aside_and_the_scan_goes_on(inbox: Any, taker: Any) -> None:
    text = one_page(FILLS + " BT (x) Tj ET")
    outcome = inbox.scan(taker, a_pdf=jpegs(1), b_pdf=text, c_pdf=jpegs(3))
    assert (outcome.ended, len(outcome.pages)) == (Ended.DOCUMENT_REFUSED, 2)
    assert outcome.fault.code == "N-24"
    assert outcome.fault.what_zh.endswith("(第 1 页：除图像外还有文字或图形)")
    assert inbox.aside == ["not-pictures--b.pdf"]
    assert (inbox.path / "set-aside" / "not-pictures--b.pdf").read_bytes() == text
    warning = inbox.scanner.warning
    assert (warning.code, warning.blocking) == ("N-24", False)
    assert taker.names == ["page-0001.jpg", "page-0002.jpg"]


def test_the_next_scan_forgets_what_was_refused(inbox: Any, taker: Any) -> None:
    inbox.scan(taker, a_pdf=one_page("q Q"))
    outcome = inbox.scan(taker, b_jpg=jpeg())
    assert (outcome.ended, outcome.fault, inbox.scanner.warning) == (Ended.DONE, None, None)


def test_a_pdf_that_alone_came_and_was_refused_is_not_called_silence(inbox: Any, taker: Any) -> None:
    outcome = inbox.scan(taker, a_pdf=one_page("q Q"))
    assert (outcome.ended, outcome.asks_person, outcome.folder) == (Ended.DOCUMENT_REFUSED, False, None)


def test_a_pdf_of_more_pages_than_may_still_be_taken_is_refused_as_a_whole(inbox: Any, taker: Any) -> None:
    outcome = inbox.scan(taker, most_pages=3, a_pdf=jpegs(1, 2), b_pdf=jpegs(3, 4))
    assert (outcome.ended, len(outcome.pages)) == (Ended.DOCUMENT_REFUSED, 2)
    assert (outcome.fault.code, inbox.aside) == ("N-27", ["too-big--b.pdf"])


def test_a_pdf_that_fills_the_scan_ends_it(inbox: Any, taker: Any) -> None:
    outcome = inbox.scan(taker, most_pages=2, a_pdf=jpegs(1, 2))
    assert (outcome.ended, len(outcome.pages)) == (Ended.LIMIT, 2)


def test_fax_data_that_does_not_decode_is_a_damaged_file(inbox: Any, taker: Any) -> None:
    parms = Dictionary(K=-1, Columns=WIDTH)
    keys = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 1, "DecodeParms": parms}
    outcome = inbox.scan(
        taker, a_pdf=one_page(data=b"\x26\xa0" + bytes(40), Filter=Name.CCITTFaxDecode, **keys)
    )
    assert (outcome.fault.code, inbox.aside) == ("N-26", ["damaged--a.pdf"])


def test_a_bomb_is_refused_in_bounded_memory(inbox: Any, taker: Any) -> None:
    level = zlib.compressobj(1)
    zeros = b"".join(level.compress(bytes(1 << 20)) for _ in range(900)) + level.flush()
    bomb = one_page(data=zeros, Filter=Name.FlateDecode, ColorSpace=Name.DeviceGray)
    assert len(bomb) < 6_000_000
    outcome = inbox.scan(taker, a_pdf=bomb)
    assert (outcome.ended, outcome.fault.code, inbox.aside) == (
        Ended.DOCUMENT_REFUSED,
        "N-27",
        ["too-big--a.pdf"],
    )

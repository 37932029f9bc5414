"""The PDF of a material: the pages byte for byte, on A4, the same bytes each time, their facts inside."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from PIL import Image

from halldrivers.scanstore.kepterrors import PdfUnfaithful
from halldrivers.scanstore.options import StoreOptions
from halldrivers.scanstore.page import Limits, PageInfo
from halldrivers.scanstore.pdf import PdfFacts, build_pdf, check_pdf, original_name
from halldrivers.scanstore.picture import examine, kind_of

FACTS = PdfFacts("test-hall", "0123456789abcdef", "hukou-ben", 1_780_000_000_000)


def info_of(kit: Any, data: bytes, number: int = 1, original: bytes = b"") -> PageInfo:
    picture = examine(data, Limits())
    page = kit.page_of(data, number, original or None)
    return PageInfo(
        number=number,
        sha256=page.sha256,
        original_sha256=page.original_sha256,
        width=page.width,
        height=page.height,
        device=page.device,
        at_ms=page.at_ms,
        size=len(data),
        original_size=len(original),
        embedded_size=picture.embedded_size,
        suffix=picture.suffix,
        original_suffix=kind_of(original) if original else "",
    )


def built(kit: Any, *pictures: bytes, originals: tuple[bytes, ...] = ()) -> tuple[bytes, list[PageInfo]]:
    given = originals or (b"",) * len(pictures)
    infos = [
        info_of(kit, data, n, original)
        for n, (data, original) in enumerate(zip(pictures, given, strict=True), 1)
    ]
    data = build_pdf(
        FACTS, infos, lambda page: pictures[page.number - 1], lambda page: given[page.number - 1]
    )
    check_pdf(data, infos)
    return data, infos


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_jpeg_is_in_the_pdf_byte_for_byte(kit: Any) -> None:
    data, _ = built(kit, kit.picture(1), kit.picture(2))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [page.Resources.XObject.Im0.read_raw_bytes() for page in pdf.pages]
    assert found == [kit.picture(1), kit.picture(2)]


def test_the_same_pages_give_the_same_bytes(kit: Any) -> None:
    pictures = (kit.picture(1), kit.picture(2, "PNG"), kit.picture(3, "TIFF"))
    originals = (kit.picture(9), b"", kit.picture(8))
    assert built(kit, *pictures, originals=originals)[0] == built(kit, *pictures, originals=originals)[0]


def test_another_process_gives_the_same_bytes_too(kit: Any) -> None:
    data, _ = built(kit, kit.picture(1))
    code = (
        "import sys, base64, hashlib\n"
        "from halldrivers.scanstore.page import PageInfo\n"
        "from halldrivers.scanstore.pdf import PdfFacts, build_pdf\n"
        "picture = base64.b64decode(sys.argv[1])\n"
        "sha = hashlib.sha256(picture).hexdigest()\n"
        "size = len(picture)\n"
        f"info = PageInfo(1, sha, sha, 24, 34, 'camera-1', {kit.AT_MS + 1000}, size, 0, size, 'jpg')\n"
        f"facts = PdfFacts{tuple(getattr(FACTS, name) for name in PdfFacts.__slots__)!r}\n"
        "pdf = build_pdf(facts, [info], lambda _: picture, lambda _: b'')\n"
        "print(hashlib.sha256(pdf).hexdigest())\n"
    )
    given = base64.b64encode(kit.picture(1)).decode()
    done = subprocess.run([sys.executable, "-c", code, given], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == kit.sha256_of(data)


def test_other_pages_give_another_file_id(kit: Any) -> None:
    ids = []
    for number in (1, 2):
        with pikepdf.open(io.BytesIO(built(kit, kit.picture(number))[0])) as pdf:
            ids.append([bytes(part) for part in pdf.trailer.ID])
    assert ids[0] != ids[1]


def test_the_manifest_says_what_the_pages_are_and_nothing_of_a_person(kit: Any) -> None:
    data, infos = built(kit, kit.picture(1), originals=(kit.picture(7),))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        told = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        assert dict(pdf.docinfo) == {
            "/Title": "hukou-ben 0123456789abcdef",
            "/Creator": "hall test-hall",
            "/Producer": pdf.docinfo["/Producer"],
            "/CreationDate": "D:20260528202641Z",
            "/ModDate": "D:20260528202641Z",
        }
        assert str(pdf.docinfo["/Producer"]).startswith("img2pdf ")
    assert told == {
        "hall": "test-hall",
        "session": "0123456789abcdef",
        "material": "hukou-ben",
        "begun_ms": 1_780_000_000_000,
        "interrupted": False,
        "missing": [],
        "pages": [
            {
                "number": 1,
                "sha256": infos[0].sha256,
                "original_sha256": kit.sha256_of(kit.picture(7)),
                "original": "original-0001.jpg",
                "width": 24,
                "height": 34,
                "device": "camera-1",
                "at_ms": infos[0].at_ms,
            }
        ],
    }


def test_originals_are_attached_whole(kit: Any) -> None:
    original = b"whatever the device delivered, even no picture"
    data, infos = built(kit, kit.picture(1), kit.picture(2), originals=(original, b""))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert sorted(pdf.attachments) == ["manifest.json", "original-0001.bin"]
        spec = pdf.attachments[original_name(infos[0])]
        assert spec.get_file().read_bytes() == original
        assert spec.relationship == pikepdf.Name.Source


@pytest.mark.parametrize(
    ("size", "dpi", "width_mm", "page_mm"),
    [
        ((1240, 1754), (150, 150), 210, (210, 297)),  # A4 as it is
        ((2480, 3508), None, 210, (210, 297)),  # says no dpi: shrunk to A4
        ((300, 189), (150, 150), 50.8, (297, 210)),  # a card stays a card, on a page that lies as it does
        ((3508, 2480), (150, 150), 297, (297, 210)),  # A3 across: shrunk
    ],
)
def test_a_page_is_a4_and_its_picture_as_large_as_its_dpi_say(
    kit: Any, size: tuple[int, int], dpi: Any, width_mm: float, page_mm: tuple[int, int]
) -> None:
    data, _ = built(kit, encoded(Image.new("L", size, 255), "JPEG", **({"dpi": dpi} if dpi else {})))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        box = [float(edge) * 25.4 / 72 for edge in page.MediaBox]
        assert box == pytest.approx([0, 0, *page_mm], abs=0.01)
        (matrix,) = [ops for ops, op in pikepdf.parse_content_stream(page) if str(op) == "cm"]
        assert float(matrix[0]) * 25.4 / 72 == pytest.approx(width_mm, abs=0.5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_no_exif_orientation_stops_a_material(kit: Any, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x112] = orientation
    picture = encoded(Image.new("RGB", (30, 20)), "JPEG", exif=exif)
    data, _ = built(kit, picture)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        turned = {3: 180, 6: 90, 8: 270}.get(orientation, 0)
        assert int(pdf.pages[0].obj.get("/Rotate", 0)) == turned


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_becomes_one_page(kit: Any, mode: str) -> None:
    built(kit, encoded(Image.new(mode, (20, 30)), "PNG"))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "CMYK"])
def test_every_kind_of_tiff_becomes_one_page(kit: Any, mode: str) -> None:
    built(kit, encoded(Image.new(mode, (20, 30)), "TIFF"))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg_is_embedded_as_it_is(kit: Any, mode: str, progressive: bool) -> None:
    built(kit, encoded(Image.new(mode, (20, 30)), "JPEG", progressive=progressive))


def test_a_jpeg_of_several_pictures_is_one_page_with_all_its_bytes(kit: Any) -> None:
    first, second = Image.new("RGB", (20, 30), "red"), Image.new("RGB", (20, 30), "blue")
    phone = encoded(first, "MPO", save_all=True, append_images=[second])
    data, infos = built(kit, phone)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() == phone
        assert len(pdf.pages) == len(infos) == 1


def test_a_pdf_that_is_not_the_pages_is_found_out(kit: Any) -> None:
    data, infos = built(kit, kit.picture(1), kit.picture(2), originals=(kit.picture(7), b""))
    for wrong in (
        infos[:1],
        [*infos, infos[0]],
        [infos[1], infos[0]],
        [replace(infos[0], width=99), infos[1]],
        [replace(infos[0], sha256="0" * 64), infos[1]],
        [replace(infos[0], original_sha256="0" * 64), infos[1]],
        [infos[0], replace(infos[1], original_size=5, original_suffix="jpg")],
    ):
        with pytest.raises(PdfUnfaithful):
            check_pdf(data, wrong)
    with pytest.raises(PdfUnfaithful):
        check_pdf(b"not a PDF", infos)


def test_a_store_that_keeps_originals_puts_them_into_the_pdf(world: Any, kit: Any) -> None:
    world.options = StoreOptions(keep_originals=True)
    world.again()
    session = world.begin()
    session.add_page(kit.page_of(kit.picture(1), 1, kit.picture(9)), original=kit.picture(9))
    assert session.pages()[0].original_size == len(kit.picture(9))
    world.again()
    scan = world.store.resume(12, "hukou-ben").finish()
    assert scan.pages[0].original == kit.sha256_of(kit.picture(9))
    with pikepdf.open(io.BytesIO(kit.toy_unseal(world.blobs()[f"{scan.sha256}.p7m"]))) as pdf:
        assert pdf.attachments["original-0001.jpg"].get_file().read_bytes() == kit.picture(9)


def test_a_store_that_does_not_keep_originals_keeps_their_hash(world: Any, kit: Any) -> None:
    session = world.begin()
    session.add_page(kit.page_of(kit.picture(1), 1, kit.picture(9)), original=kit.picture(9))
    scan = session.finish()
    assert scan.pages[0].original == kit.sha256_of(kit.picture(9))
    with pikepdf.open(io.BytesIO(kit.toy_unseal(world.blobs()[f"{scan.sha256}.p7m"]))) as pdf:
        assert list(pdf.attachments) == ["manifest.json"]

"""A file is a page by its content, and whole only when nothing is missing: any cut is found."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from halldrivers.scanner.pagefile import BytesReader, Content, content_of


def picture(mode: str = "L") -> Image.Image:
    return Image.effect_noise((64, 90), 60).convert(mode)


def saved(form: str, mode: str = "L", **how: object) -> bytes:
    file = io.BytesIO()
    picture(mode).save(file, form, **how)  # type: ignore[arg-type]
    return file.getvalue()


def pdf(linearized: bool = False) -> bytes:
    import pikepdf

    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(saved("PDF"))) as document:
        document.save(file, linearize=linearized)
    return file.getvalue()


def of(data: bytes) -> Content:
    return content_of(BytesReader(data))


WHOLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "jpeg": ("image/jpeg", lambda: saved("JPEG")),
    "colour jpeg": ("image/jpeg", lambda: saved("JPEG", "RGB", dpi=(200, 200))),
    "progressive jpeg": ("image/jpeg", lambda: saved("JPEG", progressive=True)),
    "jpeg with restarts": ("image/jpeg", lambda: saved("JPEG", restart_marker_blocks=3)),
    "png": ("image/png", lambda: saved("PNG")),
    "one-bit png": ("image/png", lambda: saved("PNG", "1")),
    "tiff": ("image/tiff", lambda: saved("TIFF")),
    "packed tiff": ("image/tiff", lambda: saved("TIFF", compression="tiff_lzw")),
    "big tiff": ("image/tiff", lambda: saved("TIFF", big_tiff=True)),
    "pdf": ("application/pdf", pdf),
    "pdf of another writer": ("application/pdf", lambda: saved("PDF")),
    "linearized pdf": ("application/pdf", lambda: pdf(linearized=True)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_page_is_known_by_its_content(name: str) -> None:
    media_type, make = WHOLE[name]
    assert of(make()) == Content(media_type, is_whole=True, is_document=media_type == "application/pdf")


@pytest.mark.parametrize("name", WHOLE)
def test_no_beginning_of_it_is_whole(name: str) -> None:
    data = WHOLE[name][1]()
    # The last bytes of some are only blanks or padding after everything that counts.
    spare = 8
    cuts = {*range(0, len(data) - spare, 61), *range(max(0, len(data) - 200), len(data) - spare)}
    assert [cut for cut in sorted(cuts) if of(data[:cut]).is_whole] == []


def test_the_first_end_of_a_linearized_pdf_is_not_the_end() -> None:
    data = pdf(linearized=True)
    first = data.index(b"%%EOF") + len(b"%%EOF\n")
    assert first < len(data) - 100
    assert not of(data[:first]).is_whole


def test_a_thumbnail_s_end_is_not_the_picture_s_end() -> None:
    page, thumbnail = saved("JPEG"), saved("JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail
    with_thumbnail = page[:2] + segment + page[2:]
    assert of(with_thumbnail).is_whole
    assert not of(with_thumbnail[: 2 + len(segment)]).is_whole


def test_bytes_after_the_picture_do_no_harm() -> None:
    assert of(saved("JPEG") + b"vendor trailer" * 10).is_whole
    assert of(saved("PNG") + b"\0" * 100).is_whole
    assert of(pdf() + b"\0" * 100).is_whole


def test_a_tiff_of_big_endian_bytes_as_scanimage_writes_it() -> None:
    # Header, directory of three entries, one strip of 16 bytes at 50.
    entries = struct.pack(">HHIHH", 256, 3, 1, 4, 0) + struct.pack(">HHII", 273, 4, 1, 50)
    entries += struct.pack(">HHII", 279, 4, 1, 16)
    data = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 3) + entries + struct.pack(">I", 0)
    assert of(data.ljust(50, b"\0") + bytes(16)).is_whole
    assert not of(data.ljust(50, b"\0") + bytes(15)).is_whole


def test_a_tiff_of_several_pages_is_whole_with_the_last() -> None:
    file = io.BytesIO()
    picture().save(file, "TIFF", save_all=True, append_images=[picture(), picture()])
    data = file.getvalue()
    assert of(data).is_whole
    assert not of(data[: len(data) - len(data) // 4]).is_whole


def test_a_tiff_whose_directories_run_in_a_circle_is_not_whole() -> None:
    entry = struct.pack("<HHII", 273, 4, 1, 0) + struct.pack("<HHII", 279, 4, 1, 4)
    data = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + entry + struct.pack("<I", 8)
    assert of(data) == Content("image/tiff", is_whole=False)


def test_strips_without_lengths_are_not_whole() -> None:
    data = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 273, 4, 1, 0) + struct.pack("<I", 0)
    assert not of(data).is_whole


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5000, b"PK\x03\x04" + b"x" * 100, b"\xff\xd8", b"<html>", b"BM" + bytes(60), b"%PD"]
)
def test_anything_else_is_no_page(data: bytes) -> None:
    assert of(data) == Content("", is_whole=False)


def test_a_jpeg_without_a_picture_is_not_whole() -> None:
    assert of(b"\xff\xd8\xff\xd9") == Content("image/jpeg", is_whole=False)


def test_segments_without_end_are_given_up() -> None:
    assert not of(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 30_000 + saved("JPEG")[2:]).is_whole
    assert not of(b"\xff\xd8" + b"\xff" * 100_000 + b"\xd9").is_whole


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0+", b"%PDF-1.4\n", b""]),
    st.binary(max_size=400),
)
def test_any_bytes_are_judged_without_harm(head: bytes, rest: bytes) -> None:
    of(head + rest)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_page_with_wrong_bytes_is_judged_without_harm(name: str, data: st.DataObject) -> None:
    page = bytearray(WHOLE[name][1]())
    for _ in range(data.draw(st.integers(1, 8))):
        page[data.draw(st.integers(0, min(len(page) - 1, 600)))] = data.draw(st.integers(0, 255))
    of(bytes(page))

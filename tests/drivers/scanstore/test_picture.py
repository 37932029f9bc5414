"""What a device delivers is looked at through and through before it is kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from halldrivers.scanstore.errors import PageUnreadable
from halldrivers.scanstore.page import Limits
from halldrivers.scanstore.picture import examine

LIMITS = Limits(page_bytes=200_000, pixels=100_000)


def encoded(kind: str, size: tuple[int, int] = (20, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **options)
    return out.getvalue()


def without_segment(jpeg: bytes, marker: int) -> bytes:
    """The JPEG without its segments of one kind."""
    out, at = bytearray(jpeg[:2]), 2
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] != marker:
            out += jpeg[at:end]
        at = end
    return bytes(out) + jpeg[at:]


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("TIFF", "tif")])
def test_a_good_picture_says_what_it_is(kind: str, suffix: str) -> None:
    picture = examine(encoded(kind), LIMITS)
    assert (picture.width, picture.height, picture.suffix) == (20, 30, suffix)
    assert picture.embedded_size > 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_that_was_cut_off_is_refused_wherever_it_was_cut(kind: str) -> None:
    whole = encoded(kind)
    for length in range(0, len(whole) - 20, 7):
        with pytest.raises(PageUnreadable):
            examine(whole[:length], LIMITS)


def test_padding_behind_a_frame_is_no_fault() -> None:
    examine(encoded("JPEG") + bytes(5000), LIMITS)


def test_a_motion_jpeg_frame_without_its_tables_is_refused_with_the_cure() -> None:
    frame = without_segment(encoded("JPEG"), 0xC4)
    Image.open(io.BytesIO(frame)).load()  # libjpeg forgives it, other readers do not
    with pytest.raises(PageUnreadable, match="Huffman tables: the capture must add the standard ones"):
        examine(frame, LIMITS)


def test_fill_bytes_between_segments_are_allowed() -> None:
    jpeg = encoded("JPEG")
    examine(jpeg[:2] + b"\xff\xff\xff" + jpeg[2:], LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xe0\x00\x02\x00\x00\x00\x00",
        b"\xff\xd8\xff\xe0\xff\xff" + bytes(100),
        b"\xff\xd8\xff\xcc\x00\x04ab\xff\xc9\x00\x04ab\xff\xda",
        b"\x89PNG\r\n\x1a\n",
        b"II*\x00\x08\x00\x00\x00",
        b"GIF89a",
        b"%PDF-1.7",
        b"BM" + bytes(60),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PageUnreadable):
        examine(data, LIMITS)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "WEBP", "JPEG2000"])
def test_other_kinds_of_pictures_are_refused(kind: str) -> None:
    with pytest.raises(PageUnreadable, match="no JPEG, PNG or TIFF"):
        examine(encoded(kind), LIMITS)


def test_a_tiff_of_several_pages_is_refused() -> None:
    pages = [Image.new("L", (20, 30), shade) for shade in (0, 99)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    with pytest.raises(PageUnreadable, match="several pages"):
        examine(out.getvalue(), LIMITS)


def test_a_picture_that_unpacks_too_large_is_refused_before_it_is_unpacked() -> None:
    small = encoded("PNG", (400, 400), "1")
    assert len(small) < LIMITS.page_bytes
    with pytest.raises(PageUnreadable, match="400 x 400 pixels"):
        examine(small, LIMITS)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(PageUnreadable, match="at most 100"):
        examine(encoded("JPEG"), Limits(page_bytes=100))


def test_colours_that_a_pdf_cannot_have_are_refused() -> None:
    out = io.BytesIO()
    Image.new("I;16", (9, 9), 700).save(out, "TIFF")
    with pytest.raises(PageUnreadable):
        examine(out.getvalue(), LIMITS)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "TIFF"]),
    hits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_broken_picture_is_a_page_or_an_error_of_ours(kind: str, hits: list[tuple[int, int]]) -> None:
    data = bytearray(encoded(kind, (16, 16), "L"))
    for at, value in hits:
        data[at % len(data)] = value
    try:
        examine(bytes(data), LIMITS)
    except PageUnreadable as error:
        assert error.code == "L-20"

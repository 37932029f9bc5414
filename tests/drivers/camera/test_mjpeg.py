"""The markers of a JPEG: whole or not, how large, which tables are missing."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from halldrivers.camera.errors import FrameDamaged, TooLarge
from halldrivers.camera.mjpeg import MOST_BYTES, STANDARD_TABLES, measure, with_tables
from halldrivers.camera.simjpeg import cut_off, padded, with_hole, with_metadata, without_tables

FRAME = b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00"
"""SOF0: 8 bits, 16 high, 32 wide, one component."""
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34"
SMALLEST = b"\xff\xd8" + FRAME + SCAN + b"\xff\xd9"


def encoded(mode: str = "RGB", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, "JPEG", **options)
    return out.getvalue()


def pixels(jpeg: bytes) -> bytes:
    with Image.open(io.BytesIO(jpeg)) as image:
        return image.tobytes()


def test_a_whole_picture_says_its_size() -> None:
    jpeg = encoded()
    shape = measure(jpeg)
    assert (shape.width, shape.height, shape.components) == (64, 48, 3)
    assert (shape.length, shape.missing) == (len(jpeg), ())


def test_a_grey_picture_has_one_component() -> None:
    assert measure(encoded("L")).components == 1


@pytest.mark.parametrize("options", [{"progressive": True}, {"optimize": True}, {"restart_marker_rows": 1}])
def test_every_common_coding_is_read(options: dict[str, object]) -> None:
    jpeg = encoded(**options)
    assert measure(jpeg).length == len(jpeg)
    assert with_tables(jpeg) is jpeg


def test_padding_behind_the_end_is_no_part_of_the_picture() -> None:
    jpeg = encoded()
    assert measure(padded(jpeg, 500)).length == len(jpeg)


def test_fill_bytes_may_stand_before_a_marker() -> None:
    assert measure(b"\xff\xd8\xff\xff\xff" + FRAME[1:] + SCAN + b"\xff\xff\xff\xd9").width == 32


def test_an_orientation_in_exif_changes_nothing(jpeg: bytes) -> None:
    assert (measure(with_metadata(jpeg)).width, measure(with_metadata(jpeg)).height) == (320, 240)


def test_an_end_marker_within_metadata_is_not_the_end() -> None:
    comment = b"\xff\xfe\x00\x06\xff\xd9\xff\xd9"
    jpeg = encoded()
    held = jpeg[:2] + comment + jpeg[2:]
    assert measure(held).length == len(held)
    with pytest.raises(FrameDamaged, match="it is cut off"):
        measure(held[:-2])


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_missing_tables_are_put_in_for_the_decoder(mode: str) -> None:
    jpeg = encoded(mode, quality=85)
    bare = without_tables(jpeg)
    assert b"\xff\xc4" not in bare[:600]
    assert len(measure(bare).missing) == (4 if mode == "RGB" else 2)
    mended = with_tables(bare)
    assert measure(mended).missing == ()
    assert pixels(mended) == pixels(jpeg)


def test_the_standard_tables_are_those_that_every_encoder_writes() -> None:
    jpeg = encoded(quality=85)
    assert all(table in jpeg for table in STANDARD_TABLES.values())


def test_only_what_is_missing_is_put_in() -> None:
    jpeg = encoded(quality=85)
    at = jpeg.index(b"\xff\xc4")
    second = jpeg.index(b"\xff\xc4", at + 2)
    partly = jpeg[:at] + jpeg[second:]
    assert measure(partly).missing == ((0, 0),)
    assert pixels(with_tables(partly)) == pixels(jpeg)


def test_a_missing_table_that_is_not_standard_cannot_be_helped() -> None:
    strange = SMALLEST.replace(b"\x01\x01\x00\x00\x3f\x00", b"\x01\x01\x22\x00\x3f\x00")
    assert measure(strange).missing == ((0, 2), (1, 2))
    with pytest.raises(FrameDamaged, match="it uses Huffman tables that it does not bring"):
        with_tables(strange)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_frame_that_is_cut_off_is_damaged(share: float, jpeg: bytes) -> None:
    with pytest.raises(FrameDamaged, match="it is cut off"):
        measure(cut_off(jpeg, share))


def test_a_hole_whose_end_is_there_is_left_to_the_decoder(jpeg: bytes) -> None:
    assert measure(with_hole(jpeg, 0.6, 100)).width == 320


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it does not begin like a JPEG"),
        (b"\x89PNG\r\n\x1a\n", "it does not begin like a JPEG"),
        (b"\xff\xd8", "it is cut off"),
        (b"\xff\xd8\xff\xd9", "it ends before its picture"),
        (b"\xff\xd8" + FRAME + b"\xff\xd9", "it ends before its picture"),
        (b"\xff\xd8" + SCAN + b"\xff\xd9", "its scan header is wrong"),
        (b"\xff\xd8\x00\x00", "there is no marker at byte 2"),
        (b"\xff\xd8\xff\xd0\xff\xd9", "marker 0xd0 stands where none may"),
        (b"\xff\xd8\xff\xe0\x00\x01", "the segment at byte 4 has no length"),
        (
            b"\xff\xd8" + FRAME.replace(b"\x00\x10\x00\x20", b"\x00\x00\x00\x20") + SCAN,
            "it has 32 x 0 pixels",
        ),
        (b"\xff\xd8" + FRAME + FRAME + SCAN, "its frame header is wrong"),
        (b"\xff\xd8" + FRAME.replace(b"\xff\xc0", b"\xff\xc3") + SCAN, "its coding 0xc3 is not used"),
        (b"\xff\xd8\xff\xc4\x00\x04\x00\x00" + FRAME + SCAN, "its Huffman tables are wrong"),
        (b"\xff\xd8" + b"\xff\xfe\x00\x02" * 2000 + FRAME + SCAN + b"\xff\xd9", "it has too many segments"),
    ],
)
def test_what_is_no_whole_jpeg_says_why(data: bytes, why: str) -> None:
    with pytest.raises(FrameDamaged, match=why):
        measure(data)


def test_the_smallest_picture_is_whole() -> None:
    assert measure(SMALLEST).length == len(SMALLEST)


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(TooLarge, match="65535 x 65535"):
        measure(SMALLEST.replace(b"\x00\x10\x00\x20", b"\xff\xff\xff\xff"))


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(TooLarge):
        measure(b"\xff\xd8" + bytes(MOST_BYTES))


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_an_error_of_its_own(tail: bytes) -> None:
    for data in (tail, b"\xff\xd8" + tail, SMALLEST[:20] + tail):
        try:
            shape = measure(data)
        except (FrameDamaged, TooLarge):
            continue
        assert shape.length <= len(data) and data[shape.scan_at] == 0xFF


@settings(max_examples=60)
@given(st.integers(0, len(SMALLEST) - 1))
def test_no_part_of_a_picture_is_whole(length: int) -> None:
    with pytest.raises(FrameDamaged):
        measure(SMALLEST[:length])

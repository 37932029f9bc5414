import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.printerline.enrol import FILLING_BYTES
from halldrivers.printerline.recovery import FILL_BYTES
from hallprinter.profile import MOST_BLOCK_BYTES, PROFILES, PrinterProfile
from hallprinter.raster import Bitmap, holds_realtime, raster_blocks, trimmed

COMMANDS = [b"\x10\x04", b"\x10\x05", b"\x10\x14"]


def bits(row: bytes, width: int) -> str:
    return "".join(f"{byte:08b}" for byte in row)[:width]


def rows_of(blocks: tuple[bytes, ...]) -> list[bytes]:
    rows = []
    for block in blocks:
        assert block[:4] == b"\x1dv0\x00"
        stride = int.from_bytes(block[4:6], "little")
        height = int.from_bytes(block[6:8], "little")
        assert len(block) == 8 + stride * height
        rows += [block[start : start + stride] for start in range(8, len(block), stride)]
    return rows


def bitmap_of(data: bytes, stride: int) -> Bitmap:
    return Bitmap(stride * 8, tuple(data[i : i + stride] for i in range(0, len(data), stride)))


@st.composite
def dangerous_bitmaps(draw: st.DrawFn) -> Bitmap:
    """Pictures made mostly of the bytes that a real-time command is made of."""
    stride = draw(st.integers(1, 6))
    height = draw(st.integers(1, 30))
    byte = st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x08, 0x02, 0x0A, 0x00, 0xFF, 0x20])
    data = draw(st.lists(byte, min_size=stride * height, max_size=stride * height))
    return bitmap_of(bytes(data), stride)


def test_a_small_picture_byte_by_byte() -> None:
    blocks = raster_blocks(Bitmap(12, (b"\xff\xf0", b"\x80\x10")), 48, 384)
    assert blocks == (bytes.fromhex("1d763000 0200 0200 fff0 8010"),)


def test_a_tall_picture_is_cut_into_short_blocks() -> None:
    blocks = raster_blocks(Bitmap(8, (b"\xaa",) * 100), 48, 384)
    assert [int.from_bytes(block[6:8], "little") for block in blocks] == [48, 48, 4]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_inside_a_row_is_moved_away_by_one_dot(command: bytes) -> None:
    source = Bitmap(24, (b"\x55" + command,))
    blocks = raster_blocks(source, 48, 384)
    assert not holds_realtime(b"".join(blocks))
    (row,) = rows_of(blocks)
    assert bits(row, 25) == "0" + bits(source.rows[0], 24)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_across_two_rows_is_cut_apart_without_moving(command: bytes) -> None:
    source = Bitmap(8, (b"\xff", command[:1], command[1:], b"\xff"))
    blocks = raster_blocks(source, 48, 384)
    assert not holds_realtime(b"".join(blocks))
    assert rows_of(blocks) == list(source.rows)
    assert len(blocks) == 2


def test_a_picture_as_wide_as_the_paper_cannot_move_so_it_loses_one_dot() -> None:
    source = Bitmap(384, (b"\x10\x04" + b"\xff" * 46,))
    blocks = raster_blocks(source, 48, 384)
    assert rows_of(blocks) == [b"\x00\x04" + b"\xff" * 46]


@given(dangerous_bitmaps(), st.integers(1, 48))
def test_no_picture_ever_carries_a_command(bitmap: Bitmap, max_height: int) -> None:
    blocks = raster_blocks(bitmap, max_height, 384)
    assert not any(command in b"".join(blocks) for command in COMMANDS)
    assert len(rows_of(blocks)) == bitmap.height


@given(dangerous_bitmaps())
def test_moving_loses_no_dot_unless_nothing_else_helps(bitmap: Bitmap) -> None:
    rows = rows_of(raster_blocks(bitmap, 48, 384))
    wanted = [bits(row, bitmap.width) for row in bitmap.rows]
    got = ["".join(f"{byte:08b}" for byte in row) for row in rows]
    moved = any([line[shift : shift + bitmap.width] for line in got] == wanted for shift in range(8))
    lost = sum(row.count("1") for row in wanted) - sum(row.count("1") for row in got)
    assert moved or 0 < lost <= len(b"".join(bitmap.rows)) // 2


def test_a_picture_wider_than_the_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit a line of 384"):
        raster_blocks(Bitmap(385, (bytes(49),)), 48, 384)


def test_rows_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError, match="takes 2 bytes"):
        Bitmap(12, (b"\xff",))


def test_trimming_takes_only_the_white_above_and_below() -> None:
    assert trimmed(Bitmap(8, (b"\0", b"\x01", b"\0", b"\x80", b"\0"))).rows == (b"\x01", b"\0", b"\x80")


def test_a_blank_picture_keeps_one_row() -> None:
    assert trimmed(Bitmap(8, (b"\0", b"\0"))).rows == (b"\0",)


def longest_block(profile: PrinterProfile) -> int:
    """Bytes of the longest block in a picture of the paper's whole width."""
    sheet = Bitmap(profile.width_dots, (b"\xaa" * (profile.width_dots // 8),) * 1000)
    return max(len(block) for block in raster_blocks(sheet, profile.max_fragment_height, profile.width_dots))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_no_block_of_a_profile_exceeds_the_filling_that_ends_a_half_sent_one(profile: PrinterProfile) -> None:
    assert longest_block(profile) <= MOST_BLOCK_BYTES < min(FILLING_BYTES, FILL_BYTES)


@pytest.mark.parametrize(("width_dots", "most_rows"), [(384, 72), (512, 54), (576, 48)])
def test_the_tallest_block_that_a_profile_may_ask_for_can_still_be_ended(
    width_dots: int, most_rows: int
) -> None:
    assert longest_block(PrinterProfile("x", width_dots, max_fragment_height=most_rows)) <= MOST_BLOCK_BYTES
    with pytest.raises(ValueError, match=f"1 to {most_rows} rows at {width_dots} dots"):
        PrinterProfile("x", width_dots, max_fragment_height=most_rows + 1)

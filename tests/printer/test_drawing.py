import zxingcpp
from PIL import Image

from hallprinter.drawing import draw_number, draw_qr, draw_text
from hallprinter.raster import Bitmap


def picture(bitmap: Bitmap) -> Image.Image:
    """Black on white, as on paper."""
    data = b"".join(bitmap.rows)
    inverted = bytes(byte ^ 0xFF for byte in data)
    return Image.frombytes("1", (bitmap.stride * 8, bitmap.height), inverted).crop(
        (0, 0, bitmap.width, bitmap.height)
    )


def ink(bitmap: Bitmap) -> int:
    return sum(byte.bit_count() for row in bitmap.rows for byte in row)


def test_a_drawn_qr_code_reads_back() -> None:
    (found,) = zxingcpp.read_barcodes(picture(draw_qr("HALL:K7Q2M9XW4T8ZB3RC", 4)).convert("L"))
    assert found.text == "HALL:K7Q2M9XW4T8ZB3RC"


def test_a_drawn_qr_code_has_four_white_modules_around_it() -> None:
    code = draw_qr("HALL:K7Q2M9XW4T8ZB3RC", 4)
    white = bytes(code.stride)
    assert code.rows[:16] == (white,) * 16
    assert code.rows[-16:] == (white,) * 16
    assert all(row[:2] == b"\0\0" for row in code.rows)
    assert any(code.rows[16])


def test_a_drawn_line_is_exactly_as_wide_as_its_cells() -> None:
    assert draw_text("吴𠮷A", 1).width == 5 * 12
    assert draw_text("吴𠮷A", 2).width == 5 * 24


def test_rare_characters_are_drawn_and_differ() -> None:
    drawn = [draw_text(char) for char in "𠮷㐂鿏吉"]
    assert all(ink(one) > 50 for one in drawn)
    assert len({one.rows for one in drawn}) == 4


def test_a_drawn_number_has_no_white_above_or_below() -> None:
    number = draw_number("A012", 4)
    assert any(number.rows[0])
    assert any(number.rows[-1])
    assert number.height >= 64


def test_bold_has_more_ink() -> None:
    assert ink(draw_text("号码", 2, is_bold=True)) > ink(draw_text("号码", 2))

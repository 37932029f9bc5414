"""The markers of a camera's frame: whole or not, and the tables that it leaves out."""

from halldrivers.camera.errors import FrameDamaged, TooLarge
from halldrivers.camera.mjpeg import MOST_PIXELS, STANDARD_TABLES, Jpeg, measure, with_tables

_SOI = b"\xff\xd8"
_FRAME = b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00"
_COLOUR = b"\xff\xc0\x00\x11\x08\x00\x10\x00\x20\x03\x01\x21\x00\x02\x11\x01\x03\x11\x01"
_SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34\xff\x00\x56"
_COLOUR_SCAN = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00\x9a\xff\xd0\xbc"
_TABLE = b"\xff\xc4\x00\x1f" + STANDARD_TABLES[0, 0]
_APP = b"\xff\xe0\x00\x10AVI1\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"

SEEDS = [
    _FRAME + _SCAN + b"\xff\xd9",
    _APP + _TABLE + _COLOUR + b"\xff\xff" + _COLOUR_SCAN + b"\xff\xd9\x00\x00",
    _FRAME.replace(b"\xff\xc0", b"\xff\xc2") + _SCAN + _TABLE + _SCAN + b"\xff\xd9",
    _FRAME + _SCAN,
]


def run(data: bytes) -> None:
    for picture in (data, _SOI + data):
        jpeg = _measured(picture)
        if jpeg is None:
            continue
        assert picture[jpeg.length - 2 : jpeg.length] == b"\xff\xd9", "it ends with its end marker"
        assert 0 < jpeg.width * jpeg.height <= MOST_PIXELS
        assert _measured(picture[: jpeg.length]) == jpeg, "padding is no part of it"
        assert _measured(picture[: jpeg.length - 1]) is None, "without its last byte it is not whole"
        _mended(picture, jpeg)


def _measured(picture: bytes) -> Jpeg | None:
    try:
        return measure(picture)
    except (FrameDamaged, TooLarge):
        return None


def _mended(picture: bytes, jpeg: Jpeg) -> None:
    try:
        mended = with_tables(picture)
    except FrameDamaged:
        assert not STANDARD_TABLES.keys() >= set(jpeg.missing)
        return
    again = measure(mended)
    assert again.missing == ()
    assert (again.width, again.height, again.components) == (jpeg.width, jpeg.height, jpeg.components)
    assert mended.replace(picture[: jpeg.scan_at], b"", 1).endswith(picture[jpeg.scan_at :])

"""The markers of a JPEG: is it whole, how large is it, which Huffman tables does it leave out.

::

    FF D8 | FF xx  length(2)  body … | FF DA length(2) header | entropy data, FF 00 stuffed | FF D9 | padding
     SOI     APPn DQT DHT DRI SOF        SOS                     RSTn may stand in it          EOI

Markers and segments: ITU-T T.81 (ISO/IEC 10918-1) annex B; the standard tables: its annex K.3. UVC cameras
may leave the tables out of every frame (USB Video Class, MJPEG payload: "if not specified, standard tables
are used"), deliver frames cut off in the middle, and pad them behind the end.

Nothing here decodes pixels. Nothing is repaired in place: :func:`with_tables` makes another picture for the
decoder, and the frame stays as the camera delivered it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from halldrivers.camera.errors import FrameDamaged, TooLarge

MOST_BYTES = 32 << 20
"""Of one picture. 20 megapixels of MJPG, the largest that is sold, stay below 20 MB."""
MOST_PIXELS = 30_000_000
"""Of one picture: above all document cameras (4 to 20 megapixels), and 90 MB when decoded."""
MOST_SEGMENTS = 1000
"""A camera's frame has 6 to 12; an EXIF picture of a phone some dozens."""

_SOI, _EOI, _SOS, _DHT = 0xD8, 0xD9, 0xDA, 0xC4
_SOF = range(0xC0, 0xC3)
"""Baseline, extended and progressive with Huffman coding: what every decoder reads."""
_OTHER_SOF = {*range(0xC3, 0xD0)} - {_DHT, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD8), _SOI}
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""In entropy data FF 00 is a stuffed FF, and FF D0 to FF D7 are restarts within the scan."""

TableId = tuple[int, int]
"""Class (0 DC, 1 AC) and number of a Huffman table."""

STANDARD_TABLES: dict[TableId, bytes] = {
    (0, 0): bytes.fromhex("00 00010501010101010100000000000000 000102030405060708090a0b"),
    (0, 1): bytes.fromhex("01 00030101010101010101010000000000 000102030405060708090a0b"),
    (1, 0): bytes.fromhex(
        "10 0002010303020403050504040000017d"
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a"
        "3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a929394"
        "95969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8"
        "e9eaf1f2f3f4f5f6f7f8f9fa"
    ),
    (1, 1): bytes.fromhex(
        "11 00020102040403040705040400010277"
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728"
        "292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92"
        "939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7"
        "e8e9eaf2f3f4f5f6f7f8f9fa"
    ),
}
"""Class and number, sixteen counts, values: T.81 tables K.3 to K.6."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """What the markers of a whole JPEG say."""

    width: int
    height: int
    """In pixels, as stored; nobody looks at an EXIF orientation."""
    components: int
    """1 grey, 3 colour, 4 CMYK."""
    length: int
    """Bytes up to and with the end marker; what follows is padding."""
    missing: tuple[TableId, ...]
    """Huffman tables that its first scan uses and that it does not bring."""
    scan_at: int
    """Where the first SOS marker stands."""


def measure(data: bytes) -> Jpeg:
    """Read the markers of a picture; FrameDamaged unless it is whole, TooLarge beyond the bounds."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"{len(data)} bytes")
    if data[:2] != b"\xff\xd8":
        raise FrameDamaged("it does not begin like a JPEG", "开头不是 JPEG")
    return _Reader(data).read()


def with_tables(data: bytes) -> bytes:
    """The picture with the standard tables put in for those that it leaves out; itself when none are.

    Raises what :func:`measure` raises, and FrameDamaged for a missing table that is not standard.
    """
    jpeg = measure(data)
    if not jpeg.missing:
        return data
    if not STANDARD_TABLES.keys() >= set(jpeg.missing):
        raise FrameDamaged("it uses Huffman tables that it does not bring", "缺少解码表")
    body = b"".join(STANDARD_TABLES[name] for name in jpeg.missing)
    segment = b"\xff\xc4" + (len(body) + 2).to_bytes(2, "big") + body
    return data[: jpeg.scan_at] + segment + data[jpeg.scan_at :]


class _Reader:
    """Walks over the segments of one picture."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 2
        self._size: tuple[int, int, int] | None = None
        self._tables: set[TableId] = set()
        self._missing: tuple[TableId, ...] = ()
        self._scan_at = 0
        self._is_baseline = True

    def read(self) -> Jpeg:
        for _ in range(MOST_SEGMENTS):
            at, marker = self._marker()
            if marker == _EOI:
                return self._whole()
            body = self._body(marker)
            if marker in _SOF:
                self._frame(marker, body)
            elif marker in _OTHER_SOF:
                raise FrameDamaged(f"its coding {marker:#04x} is not used by cameras", "编码方式不支持")
            elif marker == _DHT:
                self._define(body)
            elif marker == _SOS:
                self._scan(at, body)
        raise FrameDamaged("it has too many segments", "段太多")

    def _whole(self) -> Jpeg:
        if self._size is None or not self._scan_at:
            raise FrameDamaged("it ends before its picture", "没有画面内容")
        return Jpeg(*self._size, self._at, self._missing, self._scan_at)

    def _marker(self) -> tuple[int, int]:
        """Where the next marker begins and which it is; the position is behind it then."""
        data, begin = self._data, self._at
        at = begin
        while data[at : at + 1] == b"\xff":
            at += 1  # any number of fill bytes may stand before a marker
        if at >= len(data):
            raise FrameDamaged("it is cut off", "画面被截断")
        if at == begin:
            raise FrameDamaged(f"there is no marker at byte {begin}", f"第 {begin} 字节处没有标记")
        self._at = at + 1
        return at - 1, data[at]

    def _body(self, marker: int) -> bytes:
        if marker in _ALONE or marker == 0:
            raise FrameDamaged(f"marker {marker:#04x} stands where none may", "标记位置不对")
        at = self._at
        length = int.from_bytes(self._data[at : at + 2], "big")
        if at + max(length, 2) > len(self._data):
            raise FrameDamaged("it is cut off", "画面被截断")
        if length < 2:
            raise FrameDamaged(f"the segment at byte {at} has no length", f"第 {at} 字节处的段长度不对")
        self._at = at + length
        return self._data[at + 2 : self._at]

    def _frame(self, marker: int, body: bytes) -> None:
        if self._size is not None or len(body) < 6 or len(body) != 6 + 3 * body[5]:
            raise FrameDamaged("its frame header is wrong", "画面头不对")
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        if not width or not height or body[5] not in (1, 3, 4):
            raise FrameDamaged(f"it has {width} x {height} pixels in {body[5]} colours", "画面尺寸不对")
        if width * height > MOST_PIXELS:
            raise TooLarge(f"{width} x {height}")
        self._size = width, height, body[5]
        self._is_baseline = marker != 0xC2

    def _define(self, body: bytes) -> None:
        at = 0
        while at < len(body):
            name = body[at] >> 4, body[at] & 15
            following = at + 17 + sum(body[at + 1 : at + 17])
            if name[0] > 1 or name[1] > 3 or following > len(body):
                raise FrameDamaged("its Huffman tables are wrong", "解码表不对")
            self._tables.add(name)
            at = following

    def _scan(self, at: int, body: bytes) -> None:
        if self._size is None or not body or len(body) != 4 + 2 * body[0]:
            raise FrameDamaged("its scan header is wrong", "扫描头不对")
        if not self._scan_at:
            self._scan_at = at
            # Progressive pictures come from no camera, and their scans each bring what they use.
            used = {
                (kind, body[2 + 2 * index] >> 4 if kind == 0 else body[2 + 2 * index] & 15)
                for index in range(body[0] if self._is_baseline else 0)
                for kind in (0, 1)
            }
            self._missing = tuple(sorted(used - self._tables))
        found = _NEXT_MARKER.search(self._data, self._at)
        if found is None:
            raise FrameDamaged("it is cut off", "画面被截断")
        self._at = found.start()

"""Bytes to operations, one at a time and in any cut: the printer's own reading of ESC/POS.

Written from the manuals' command tables, and sharing nothing with any encoder, so that a mistake in what we
send shows on the paper instead of being understood by its author.

    push(bytes)      bytes arrive
    next_operation() the next thing asked for, or None when more bytes are needed

Inside a GS v 0 picture every byte is picture data until the announced number has come: a half-sent picture
swallows the next job, as on a real printer. Its rows are handed out as they come, so memory stays bounded
however large a picture claims to be.
"""

from halldrivers.printersim.commands import FIXED
from halldrivers.printersim.operations import (
    AskPrinted,
    Columns,
    Cut,
    Garbage,
    Ignored,
    LineFeed,
    Operation,
    QrPrint,
    QrSetting,
    QrStore,
    RasterRows,
    Set,
    Style,
    Tab,
    Text,
)

_INTRODUCERS = b"\x1b\x1c\x1d"
_REALTIME_BYTES = {0x04: 3, 0x05: 3}
_ROWS_AT_ONCE = 24
_QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}


class CommandParser:
    """The in-band half of the printer; `encoding` is what its Chinese font ROM holds: gbk or gb18030.

    With `han_from_next_line` FS & and FS . wait for a line feed.
    """

    def __init__(
        self, encoding: str = "gb18030", han_at_power_on: bool = True, han_from_next_line: bool = False
    ) -> None:
        self.encoding = encoding
        self.is_han_mode = han_at_power_on
        self._han_at_power_on = han_at_power_on
        self._han_from_next_line = han_from_next_line
        self._next_han_mode = han_at_power_on
        self._bytes = bytearray()
        self._raster: RasterRows | None = None
        self._raster_left = 0

    @property
    def waiting_bytes(self) -> int:
        """How many received bytes are not interpreted yet: the fill of the receive buffer."""
        return len(self._bytes)

    @property
    def is_inside_picture(self) -> bool:
        """True while picture data is still owed."""
        return self._raster_left > 0

    def push(self, data: bytes) -> None:
        """Bytes arrive."""
        self._bytes += data

    def clear(self) -> None:
        """Power-on: forget everything."""
        self._bytes.clear()
        self._raster_left = 0
        self.is_han_mode = self._next_han_mode = self._han_at_power_on

    def next_operation(self) -> Operation | None:
        """Take the next operation off the bytes; None when it is not complete yet."""
        if self._raster_left:
            return self._take_rows()
        if not self._bytes:
            return None
        first = self._bytes[0]
        if first in _INTRODUCERS:
            return self._command()
        if first == 0x10:
            return self._realtime()
        if first == 0x0A:
            self.is_han_mode = self._next_han_mode
            return self._take(1, LineFeed())
        if first == 0x09:
            return self._take(1, Tab())
        if first in (0x00, 0x0D, 0x0C, 0x18):
            return self._take(1, Ignored(bytes((first,))))
        if first < 0x20 or first == 0x7F:
            return self._take(1, Garbage(bytes((first,))))
        return self._text()

    def _take(self, count: int, operation: Operation) -> Operation:
        del self._bytes[:count]
        return operation

    def _text(self) -> Operation | None:
        if self.is_han_mode and self._bytes[0] >= 0x81:
            return self._han_text()
        end = 0
        limit = 0x80 if self.is_han_mode else 0xFF
        while end < len(self._bytes) and 0x20 <= self._bytes[end] <= limit and self._bytes[end] != 0x7F:
            end += 1
        if end == 0:
            return self._take(1, Garbage(bytes(self._bytes[:1])))
        return self._take(end, Text(bytes(self._bytes[:end]).decode("cp437"), han=False))

    def _han_text(self) -> Operation | None:
        text = ""
        at = 0
        while at < len(self._bytes) and self._bytes[at] >= 0x81:
            length = self._han_length(at)
            pair = bytes(self._bytes[at : at + length])
            if len(pair) < length:
                break
            char = pair.decode(self.encoding, "replace")
            text += char if len(char) == 1 else "\ufffd"
            at += length
        return self._take(at, Text(text, han=True)) if at else None

    def _han_length(self, at: int) -> int:
        follows = self._bytes[at + 1] if at + 1 < len(self._bytes) else 0x40
        return 4 if self.encoding == "gb18030" and 0x30 <= follows <= 0x39 else 2

    def _realtime(self) -> Operation | None:
        """Real-time commands were executed when they arrived; in order they are only stepped over."""
        if len(self._bytes) < 2:
            return None
        kind = self._bytes[1]
        if kind == 0x14:
            if len(self._bytes) < 3:
                return None
            length = 10 if self._bytes[2] == 8 else 5
        else:
            length = _REALTIME_BYTES.get(kind, 0)
        if length == 0:
            return self._take(1, Garbage(b"\x10"))
        if len(self._bytes) < length:
            return None
        return self._take(length, Ignored(bytes(self._bytes[:length])))

    def _command(self) -> Operation | None:
        if len(self._bytes) < 2:
            return None
        name = bytes(self._bytes[:2])
        if name in (b"\x1c&", b"\x1c."):
            self._next_han_mode = name == b"\x1c&"
            if not self._han_from_next_line:
                self.is_han_mode = self._next_han_mode
            return self._take(2, Ignored(name))
        if name == b"\x1bc":
            name = bytes(self._bytes[:3])
            if len(name) < 3:
                return None
        if name in FIXED:
            return self._fixed(name)
        match name:
            case b"\x1dv":
                return self._raster_header()
            case b"\x1b*":
                return self._columns()
            case b"\x1dV":
                return self._cut()
            case b"\x1d(" | b"\x1c(":
                return self._extended()
            case b"\x1dk" | b"\x1bD":
                return self._to_nul()
        return self._take(2, Garbage(name))

    def _fixed(self, name: bytes) -> Operation | None:
        count, build = FIXED[name]
        if len(self._bytes) < len(name) + count:
            return None
        parameters = bytes(self._bytes[len(name) : len(name) + count])
        if name == b"\x1b@":
            self.is_han_mode = self._next_han_mode = self._han_at_power_on
        return self._take(len(name) + count, build(parameters))

    def _raster_header(self) -> Operation | None:
        if len(self._bytes) < 8:
            return None
        mode = self._bytes[3] & 3
        width = self._bytes[4] + 256 * self._bytes[5]
        height = self._bytes[6] + 256 * self._bytes[7]
        header = bytes(self._bytes[:8])
        del self._bytes[:8]
        if self._is_empty(width, height):
            return Garbage(header)
        self._raster_left = width * height
        self._raster = RasterRows(width, b"", True, 2 if mode & 1 else 1, 2 if mode & 2 else 1)
        return self._take_rows()

    @staticmethod
    def _is_empty(width: int, height: int) -> bool:
        return width == 0 or height == 0

    def _take_rows(self) -> Operation | None:
        opened = self._raster
        if opened is None:
            return None
        rows = min(len(self._bytes) // opened.width_bytes, self._raster_left // opened.width_bytes)
        length = min(rows, _ROWS_AT_ONCE) * opened.width_bytes
        if length == 0:
            return None
        data = bytes(self._bytes[:length])
        self._raster_left -= length
        self._raster = RasterRows(opened.width_bytes, b"", False, opened.scale_x, opened.scale_y)
        return self._take(
            length, RasterRows(opened.width_bytes, data, opened.first, opened.scale_x, opened.scale_y)
        )

    def _columns(self) -> Operation | None:
        if len(self._bytes) < 5:
            return None
        mode = self._bytes[2]
        height = 24 if mode in (32, 33) else 8
        length = (self._bytes[3] + 256 * self._bytes[4]) * height // 8
        if len(self._bytes) < 5 + length:
            return None
        data = bytes(self._bytes[5 : 5 + length])
        return self._take(5 + length, Columns(height, data, 2 if mode in (0, 32) else 1))

    def _cut(self) -> Operation | None:
        if len(self._bytes) < 3:
            return None
        mode = self._bytes[2]
        if mode in (0, 1, 48, 49):
            return self._take(3, Cut(feeds=False))
        if mode not in (65, 66, 97, 98, 103, 104):
            return self._take(3, Garbage(bytes(self._bytes[:3])))
        if len(self._bytes) < 4:
            return None
        return self._take(4, Cut(feeds=True, feed_dots=self._bytes[3]))

    def _to_nul(self) -> Operation | None:
        end = self._bytes.find(0, 2)
        if end < 0:
            return None
        return self._take(end + 1, Ignored(bytes(self._bytes[: end + 1])))

    def _extended(self) -> Operation | None:
        if len(self._bytes) < 5:
            return None
        end = 5 + self._bytes[3] + 256 * self._bytes[4]
        if len(self._bytes) < end:
            return None
        whole = bytes(self._bytes[:end])
        return self._take(end, _extended_operation(whole[:3], whole[5:], whole))


def _extended_operation(name: bytes, body: bytes, whole: bytes) -> Operation:
    """The commands that announce their length: GS ( k, GS ( H, FS ( A; others are skipped by it."""
    if name == b"\x1d(H" and body[:2] in (b"\x30\x30", b"\x00\x30") and len(body) == 6:
        return AskPrinted(body[2:])
    if name == b"\x1c(A" and len(body) == 2:
        return Set(Style.HAN_FONT, body[1] & 0x0F)
    if name != b"\x1d(k" or body[:1] != b"1" or len(body) < 3:
        return Ignored(whole)
    match body[1]:
        case 67:
            return QrSetting(module_dots=max(1, min(16, body[2])))
        case 69:
            return QrSetting(level=_QR_LEVELS.get(body[2], "L"))
        case 80:
            return QrStore(body[3:])
        case 81:
            return QrPrint()
    return Ignored(whole)

"""One job's bytes: a full preamble, lines, pictures, a QR code, the cut.

Every job begins as if the printer had just been switched on, because it may have been (facts: printing
1.6). No status or confirmation command is in it: those belong to the driver, which appends them behind
the cut. Bytes that python-escpos gets right come from there, the rest from `hantext` and `raster`.
"""

from __future__ import annotations

from hallprinter.cells import text_width
from hallprinter.drawing import draw_number, draw_qr, draw_text, qr_modules
from hallprinter.escposbytes import EscposBytes
from hallprinter.hantext import KANJI_ON, MAX_SCALE, line_bytes, size_bytes
from hallprinter.layout import Align, BigNumber, Element, Gap, Line, QrCode
from hallprinter.profile import DOTS_PER_CELL, PrinterProfile
from hallprinter.raster import Bitmap, raster_blocks

HAN_SPACING_NONE = b"\x1cS\x00\x00"
"""`FS S 0 0`: no dots between Han characters."""

MIN_MODULE_DOTS = 3
"""Smallest QR module, 0.375 mm: what phones still read from thermal paper."""

_MAX_MODULE_DOTS = 7
"""Four modules of this size are 28 dots, which the line fed above and below a code (30) still covers."""
_WRITTEN_SCALE_WITHOUT_BIG = 2
_NUMBER_SHARE = 0.45
"""Part of the printer's buffer that a drawn number may take."""

_CHARACTER_DOTS = 24
_AIR_DOTS = 12
_MAX_SPACING = 255


class JobEncoder:
    """Turns layout elements into the bytes of one job for one printer."""

    def __init__(self, profile: PrinterProfile, max_module_dots: int = _MAX_MODULE_DOTS) -> None:
        self._profile = profile
        self._max_module_dots = max_module_dots
        self._escpos = EscposBytes(profile.columns, profile.has_cutter)
        self._align = Align.LEFT
        self._is_bold = False
        self._scale = 1
        self._out = bytearray()
        self._preamble()

    def _preamble(self) -> None:
        self._out += self._escpos.initialise()
        self._out += self._escpos.font_a()
        self._out += self._escpos.align(self._align.value)
        self._out += self._escpos.bold(False)
        self._out += self._escpos.line_spacing(None)
        self._out += HAN_SPACING_NONE + KANJI_ON
        if self._profile.han_from_next_line:
            self._out += b"\n"
        self._out += size_bytes(1)

    def add(self, element: Element) -> None:
        """Appends one element."""
        match element:
            case Line():
                self._line(element)
            case BigNumber():
                self._number(element.text)
            case QrCode():
                self._qr(element.content)
            case Gap():
                self._out += self._escpos.feed(element.lines)

    def finish(self) -> bytes:
        """Feeds and cuts, and gives the whole job."""
        self._style(Align.LEFT, False, 1)
        self._out += self._escpos.cut()
        return bytes(self._out)

    def _line(self, line: Line) -> None:
        can_write = line.scale <= self._max_written_scale
        written = line_bytes(line.text, self._profile.encoding, line.scale) if can_write else None
        if written is None:
            self._picture(draw_text(line.text, line.scale, line.is_bold), line.align)
            return
        self._style(line.align, line.is_bold, line.scale)
        self._out += written

    @property
    def _max_written_scale(self) -> int:
        return MAX_SCALE if self._profile.kanji_big else _WRITTEN_SCALE_WITHOUT_BIG

    def _number(self, text: str) -> None:
        scale = number_scale(text, self._profile.width_dots)
        if self._profile.kanji_big:
            self._line(Line(text, scale, is_bold=True))
            return
        budget = self._profile.buffer_bytes * _NUMBER_SHARE
        picture = draw_number(text, scale)
        while scale > _WRITTEN_SCALE_WITHOUT_BIG and picture.stride * picture.height > budget:
            scale -= 1
            picture = draw_number(text, scale)
        self._out += self._escpos.feed(1)
        self._picture(picture, Align.CENTER)
        self._out += self._escpos.feed(1)

    def _qr(self, content: str) -> None:
        module_dots = min(self._max_module_dots, qr_module_dots(content, self._profile.width_dots))
        # The quiet zone is bare paper: a fed line above and below, nothing beside. Sent as dots it would
        # take half of a small printer's buffer.
        self._style(Align.CENTER, False, 1)
        self._out += self._escpos.feed(1)
        if self._profile.native_qr:
            self._out += self._escpos.qr(content, module_dots)
        else:
            self._picture(draw_qr(content, module_dots, border=0), Align.CENTER)
        self._out += self._escpos.feed(1)

    def _picture(self, bitmap: Bitmap, align: Align) -> None:
        self._style(align, False, 1)
        blocks = raster_blocks(bitmap, self._profile.max_fragment_height, self._profile.width_dots)
        self._out += b"".join(blocks)

    def _style(self, align: Align, is_bold: bool, scale: int) -> None:
        if align is not self._align:
            self._out += self._escpos.align(align.value)
        if is_bold != self._is_bold:
            self._out += self._escpos.bold(is_bold)
        if scale != self._scale:
            # Big lines want more air than their own height; ESC 2 knows only the normal line.
            spacing = None if scale == 1 else min(_MAX_SPACING, _CHARACTER_DOTS * scale + _AIR_DOTS)
            self._out += self._escpos.line_spacing(spacing)
        self._align, self._is_bold, self._scale = align, is_bold, scale


def number_scale(text: str, width_dots: int) -> int:
    """Gives the largest size at which a number still has some white on both sides."""
    one = max(1, text_width(text)) * DOTS_PER_CELL
    return max(1, min(MAX_SCALE, width_dots * 17 // 20 // one))


def qr_module_dots(content: str, width_dots: int) -> int:
    """Gives the module size at which a QR code takes about half of the paper's width."""
    wanted = width_dots // 2 // qr_modules(content)
    return max(MIN_MODULE_DOTS, min(_MAX_MODULE_DOTS, wanted))

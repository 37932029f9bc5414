"""The test slip of an enrolment: one piece of paper that shows what a unit can do and what it cannot.

It is made for the narrowest paper and the poorest font, so that it can be read on any; only the samples reach
further. They go through the encoder of the tickets wherever that can carry them, so that what comes out well
here comes out well there.
"""

from __future__ import annotations

from collections.abc import Iterable

from halldrivers.printerline.enrolabout import Identity
from hallprinter import enrolment_words as words
from hallprinter.drawing import draw_qr, draw_text
from hallprinter.encoder import JobEncoder
from hallprinter.hantext import KANJI_ON
from hallprinter.layout import Align, Gap, Line, heading, paragraph
from hallprinter.profile import PrinterProfile, TextEncoding
from hallprinter.raster import Bitmap, raster_blocks, trimmed

_PAPER = PrinterProfile(name="enrolment", width_dots=384, encoding=TextEncoding.GBK, kanji_big=True)
"""58 mm, with everything on that is to be tried."""
_BIG = 4
_MODULE_DOTS = 4
_TICK_DOTS = 3
_LINE_ROWS = 4


def enrolment_slip(identity: Identity, url: str, date: str) -> bytes:
    """The whole job for one unit; `date` as text is the caller's."""
    columns = _PAPER.columns
    encoder = _SlipEncoder(_PAPER)
    encoder.lines(heading(words.TITLE, columns, 1))  # first, and Han: see the question HAN
    facts = (
        words.UNIT.format(name=identity.name) if identity.name else "",
        words.WHERE.format(url=url),
        words.WHEN.format(date=date),
    )
    for fact in facts:
        encoder.lines(paragraph(fact, columns, align=Align.LEFT))
    encoder.line(words.RULER)
    encoder.drawn(ruler())
    encoder.line(words.HAN_LINE.format(sample=words.HAN))
    encoder.line(words.GBK_LINE.format(sample=words.GBK_ONLY))
    encoder.line(words.FOUR_BYTES_DRAWN.format(sample=words.FOUR_BYTES))
    encoder.written(words.FOUR_BYTES_WRITTEN.encode("gbk") + words.FOUR_BYTES.encode("gb18030"))
    encoder.line(words.BIG_CAPTION)
    encoder.add(Line(words.BIG, _BIG, Align.LEFT))
    encoder.line(words.QR_OWN_LINE)
    encoder.own_qr(words.QR_OWN)
    encoder.line(words.QR_DRAWN_LINE)
    encoder.drawn_qr(words.QR_DRAWN)
    encoder.line(words.CUT_LINE)
    return encoder.finish()


def ruler() -> Bitmap:
    """A line as wide as the widest paper, with a number before the end of each paper that is sold.

    A printer cuts off what does not fit (from memory; some spoil this one picture), so the last whole number
    tells the width.
    """
    width = max(words.RULER_MARKS)
    digits = {dots: trimmed(draw_text(digit)) for dots, digit in words.RULER_MARKS.items()}
    height = max(digit.height for digit in digits.values())
    ticks = sum(_span(width, dots - _TICK_DOTS, dots) for dots in digits)
    rows = [ticks] * (height + 2)
    for dots, digit in digits.items():
        shift = width - (dots - 2 * _TICK_DOTS)
        for at, row in enumerate(digit.rows, start=height - digit.height):
            rows[at] |= int.from_bytes(row, "big") >> (digit.stride * 8 - digit.width) << shift
    rows += [_span(width, 0, width)] * _LINE_ROWS
    return Bitmap(width, tuple(row.to_bytes(width // 8, "big") for row in rows))


def _span(width: int, begin: int, end: int) -> int:
    """A row's bits from dot `begin` up to `end`; the highest bit is the leftmost dot."""
    return (1 << end - begin) - 1 << width - end


class _SlipEncoder(JobEncoder):
    """The encoder of the tickets, and beside it what no ticket may hold."""

    def lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.add(line)

    def line(self, text: str) -> None:
        self.add(Line(text, align=Align.LEFT))

    def written(self, data: bytes) -> None:
        """A line in bytes as they are, whatever the printer makes of them."""
        self._style(Align.LEFT, False, 1)
        self._out += KANJI_ON + data + b"\n"

    def drawn(self, bitmap: Bitmap) -> None:
        """A picture that may be wider than the paper."""
        self._style(Align.LEFT, False, 1)
        self._out += b"".join(raster_blocks(bitmap, self._profile.max_fragment_height, bitmap.width))

    def own_qr(self, content: str) -> None:
        """A code that the printer is told to make itself."""
        self.add(Gap())
        self._style(Align.CENTER, False, 1)
        self._out += self._escpos.qr(content, _MODULE_DOTS)
        self.add(Gap())

    def drawn_qr(self, content: str) -> None:
        """The same as a picture."""
        self.add(Gap())
        self._picture(draw_qr(content, _MODULE_DOTS, border=0), Align.CENTER)
        self.add(Gap())

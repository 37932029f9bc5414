"""Operations to printed elements: the printer's line buffer, settings and wrapping.

The rules are those of Chinese receipt printers with a 12x24 ASCII and a 24x24 Han font: a character that does
not fit goes to the next line; ESC a counts only at the beginning of a line; for Han the last of FS !, FS W
and GS ! decides the size.
"""

from halldrivers.printersim.operations import (
    Columns,
    Feed,
    Initialise,
    LineFeed,
    MoveTo,
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
from halldrivers.printersim.paper import (
    CELL_DOTS,
    HAN_DOTS,
    Align,
    Blank,
    Element,
    QrBlock,
    RasterBlock,
    TextLine,
    TextRun,
)
from halldrivers.printersim.pictures import qr_modules, rows_from_columns, scaled_rows

DEFAULT_SPACING_DOTS = 30
_SMALL_CELL_DOTS = 9


class Formatter:
    """Holds the settings and the unfinished line of one printer."""

    def __init__(self, width_dots: int) -> None:
        self.width_dots = width_dots
        self._qr_data = b""
        self._x = 0
        self._qr_module_dots = 3
        self._qr_level = "L"
        self._initialise()

    def power_on(self) -> None:
        """Forget everything, the stored code too."""
        self._qr_data = b""
        self._initialise()

    def apply(self, operation: Operation) -> list[Element]:
        """Carry out one operation; the elements that it completes, in order."""
        match operation:
            case Text():
                return self._text(operation)
            case Set():
                self._set(operation.style, operation.value)
            case Initialise():
                self._initialise()
            case LineFeed():
                return self._end_line()
            case Tab():
                self._x = min(self.width_dots, (self._x // (8 * CELL_DOTS) + 1) * 8 * CELL_DOTS)
            case MoveTo():
                self._x = min(self.width_dots, operation.dots)
            case Feed():
                return self._feed(operation)
            case RasterRows():
                return [*self.finish_line(), self._raster(operation)]
            case Columns():
                return self._columns(operation)
            case QrSetting():
                self._qr_module_dots = operation.module_dots or self._qr_module_dots
                self._qr_level = operation.level or self._qr_level
            case QrStore():
                self._qr_data = operation.data
            case QrPrint():
                return [*self.finish_line(), self._qr()]
        return []

    def finish_line(self) -> list[Element]:
        """Print what is in the line buffer; nothing when it is empty."""
        return self._end_line() if self._runs or self._band is not None else []

    def _initialise(self) -> None:
        self._runs: list[TextRun] = []
        self._band: RasterBlock | None = None
        self._x = 0
        self._values: dict[Style, int] = {}
        self._ascii_size = self._han_size = (1, 1)
        self._qr_module_dots = 3
        self._qr_level = "L"

    def _set(self, style: Style, value: int) -> None:
        if style is Style.ALIGN and self._runs:
            return
        if style is Style.SIZE:
            self._ascii_size = self._han_size = ((value >> 4 & 7) + 1, (value & 7) + 1)
        elif style is Style.MODE:
            self._ascii_size = (2 if value & 32 else 1, 2 if value & 16 else 1)
            self._values |= {Style.FONT: value & 1, Style.BOLD: value >> 3 & 1, Style.UNDERLINE: value >> 7}
        elif style is Style.HAN_MODE:
            self._han_size = (2 if value & 4 else 1, 2 if value & 8 else 1)
            self._values[Style.HAN_UNDERLINE] = value >> 7
        elif style is Style.HAN_QUAD:
            self._han_size = (2, 2) if value else (1, 1)
        else:
            self._values[style] = value

    def _value(self, style: Style) -> int:
        return self._values.get(style, 0)

    @property
    def _align(self) -> Align:
        return Align(self._value(Style.ALIGN))

    @property
    def _spacing_dots(self) -> int:
        dots = self._values.get(Style.LINE_SPACING, -1)
        return DEFAULT_SPACING_DOTS if dots < 0 else dots

    def _text(self, operation: Text) -> list[Element]:
        done: list[Element] = []
        for char in operation.text:
            run = self._run_of(char, operation.han)
            if self._x + run.pitch_dots > self.width_dots and self._runs:
                done += self._end_line()
                run = self._run_of(char, operation.han)
            self._add(run)
        return done

    def _run_of(self, char: str, han: bool) -> TextRun:
        width_mul, height_mul = self._han_size if han else self._ascii_size
        small = not han and self._value(Style.FONT) == 1
        if han:
            spacing = self._value(Style.HAN_SPACING)
            pitch = HAN_DOTS * width_mul + spacing // 256 + spacing % 256
        else:
            pitch = (_SMALL_CELL_DOTS if small else CELL_DOTS) * width_mul + self._value(Style.CHAR_SPACING)
        return TextRun(
            char,
            han,
            self._x,
            pitch,
            width_mul,
            height_mul,
            bold=self._value(Style.BOLD) == 1,
            underline=self._value(Style.HAN_UNDERLINE if han else Style.UNDERLINE) > 0,
            reverse=self._value(Style.REVERSE) == 1,
            small=small,
        )

    def _add(self, run: TextRun) -> None:
        """Join the character to the last run when it looks the same and stands next to it."""
        self._x += run.pitch_dots
        if self._runs:
            last = self._runs[-1]
            joined = TextRun(
                last.text + run.text,
                run.han,
                last.x_dots,
                run.pitch_dots,
                run.width_mul,
                run.height_mul,
                run.bold,
                run.underline,
                run.reverse,
                run.small,
            )
            alike = TextRun(run.text, last.han, run.x_dots, *_look(last)) == run
            if alike and last.x_dots + last.width_dots == run.x_dots:
                self._runs[-1] = joined
                return
        self._runs.append(run)

    def _end_line(self, advance_dots: int | None = None) -> list[Element]:
        advance = self._spacing_dots if advance_dots is None else advance_dots
        done: list[Element] = []
        if self._band is not None:
            done.append(self._band)
            advance = max(0, advance - self._band.height_dots)
            if advance and not self._runs:
                done.append(Blank(advance))
        if self._band is None or self._runs:
            tallest = max((run.height_dots for run in self._runs), default=0)
            done.append(TextLine(tuple(self._runs), self._align, max(advance, tallest)))
        self._runs, self._band, self._x = [], None, 0
        return done

    def _feed(self, operation: Feed) -> list[Element]:
        dots = operation.dots + operation.lines * self._spacing_dots
        if not self._runs and self._band is None:
            return [Blank(dots)] if dots else []
        printed = self._end_line(advance_dots=0)
        left = dots - sum(element.height_dots for element in printed)
        return [*printed, Blank(left)] if left > 0 else printed

    def _raster(self, operation: RasterRows) -> RasterBlock:
        width_bytes, rows = scaled_rows(
            operation.data, operation.width_bytes, operation.scale_x, operation.scale_y
        )
        return RasterBlock(
            width_bytes * 8, len(rows) // width_bytes, rows, self._align, continues=not operation.first
        )

    def _columns(self, operation: Columns) -> list[Element]:
        width_dots, rows = rows_from_columns(operation.data, operation.height, operation.scale_x)
        done = self.finish_line()
        self._band = RasterBlock(width_dots, operation.height, rows, self._align)
        return done

    def _qr(self) -> QrBlock:
        modules = qr_modules(self._qr_data, self._qr_level)
        return QrBlock(self._qr_data, self._qr_module_dots, self._qr_level, len(modules), self._align)


def _look(run: TextRun) -> tuple[int, int, int, bool, bool, bool, bool]:
    return run.pitch_dots, run.width_mul, run.height_mul, run.bold, run.underline, run.reverse, run.small

"""The fixed-length commands of ESC/POS as a table: two bytes of name, so many parameters, one operation.

Commands whose length stands in the command itself (GS v 0, ESC *, GS ( x, GS V, DLE DC4, GS k, ESC D) are in
the parser.
"""

from collections.abc import Callable

from halldrivers.printersim.operations import (
    AskAbout,
    AskPaper,
    AutoStatus,
    Feed,
    Ignored,
    Initialise,
    MoveTo,
    Operation,
    Set,
    Style,
)

Build = Callable[[bytes], Operation]


def _sets(style: Style, mask: int = 0xFF) -> tuple[int, Build]:
    return 1, lambda p: Set(style, p[0] & mask)


def _ignored(parameters: int) -> tuple[int, Build]:
    return parameters, Ignored


def _digit(parameter: int) -> int:
    """Parameters 0-2 may also come as the characters "0" to "2"."""
    return parameter - 0x30 if 0x30 <= parameter <= 0x39 else parameter


FIXED: dict[bytes, tuple[int, Build]] = {
    b"\x1b@": (0, lambda p: Initialise()),
    b"\x1ba": (1, lambda p: Set(Style.ALIGN, _digit(p[0]) % 3)),
    b"\x1bE": _sets(Style.BOLD, 1),
    b"\x1bG": _sets(Style.BOLD, 1),
    b"\x1b-": (1, lambda p: Set(Style.UNDERLINE, _digit(p[0]) % 3)),
    b"\x1b!": _sets(Style.MODE),
    b"\x1bM": (1, lambda p: Set(Style.FONT, _digit(p[0]) & 1)),
    b"\x1b2": (0, lambda p: Set(Style.LINE_SPACING, -1)),
    b"\x1b3": _sets(Style.LINE_SPACING),
    b"\x1b ": _sets(Style.CHAR_SPACING),
    b"\x1b{": _sets(Style.UPSIDE_DOWN, 1),
    b"\x1bd": (1, lambda p: Feed(lines=p[0])),
    b"\x1bJ": (1, lambda p: Feed(dots=p[0])),
    b"\x1b$": (2, lambda p: MoveTo(p[0] + 256 * p[1])),
    b"\x1bt": _ignored(1),
    b"\x1bR": _ignored(1),
    b"\x1br": _ignored(1),
    b"\x1bV": _ignored(1),
    b"\x1b=": _ignored(1),
    b"\x1bS": _ignored(0),
    b"\x1bp": _ignored(3),
    b"\x1bB": _ignored(2),
    b"\x1b\\": _ignored(2),
    b"\x1bc3": _ignored(1),
    b"\x1bc4": _ignored(1),
    b"\x1bc5": _ignored(1),
    b"\x1d!": _sets(Style.SIZE),
    b"\x1dB": _sets(Style.REVERSE, 1),
    b"\x1dL": (2, lambda p: Set(Style.LEFT_MARGIN, p[0] + 256 * p[1])),
    b"\x1dW": _ignored(2),
    b"\x1dP": _ignored(2),
    b"\x1db": _ignored(1),
    b"\x1dI": (1, lambda p: AskAbout(p[0])),
    b"\x1dH": _ignored(1),
    b"\x1dh": _ignored(1),
    b"\x1dw": _ignored(1),
    b"\x1df": _ignored(1),
    b"\x1da": (1, lambda p: AutoStatus(p[0])),
    b"\x1dr": (1, lambda p: AskPaper(_digit(p[0]))),
    b"\x1c!": _sets(Style.HAN_MODE),
    b"\x1c-": (1, lambda p: Set(Style.HAN_UNDERLINE, _digit(p[0]) % 3)),
    b"\x1cW": _sets(Style.HAN_QUAD, 1),
    b"\x1cS": (2, lambda p: Set(Style.HAN_SPACING, p[0] * 256 + p[1])),
    b"\x1cC": _ignored(1),
}
"""Name to (number of parameter bytes, what they ask for)."""

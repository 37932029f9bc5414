"""Block elements, sextants and box drawing as rectangles inside one cell.

Covers U+2500-257F without the dashed and diagonal lines, U+2580-259F and U+1FB00-1FB3B: what Textual draws
borders, bars and scroll bars with, and what `BigText` is made of. Anything else is left to the font.
"""

from dataclasses import dataclass
from functools import lru_cache

from hallkiosk.bigtext_cells import GLYPHS, BigTextMode


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle in pixels from the cell's top left corner; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int
    share: float = 1.0
    """How much of the ink's colour shows (shades)."""


_SEXTANT_PATTERNS = {glyph: pattern for pattern, glyph in enumerate(GLYPHS[BigTextMode.SEXTANT])}
_QUADRANTS = {
    "▖": "c", "▗": "d", "▘": "a", "▙": "acd", "▚": "ad",
    "▛": "abc", "▜": "abd", "▝": "b", "▞": "bc", "▟": "bcd",
}  # fmt: skip
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
_LINES = {
    "─": "0101", "│": "1010", "━": "0202", "┃": "2020", "═": "0303", "║": "3030",
    "┌": "0110", "┐": "0011", "└": "1100", "┘": "1001", "╭": "0110", "╮": "0011", "╰": "1100", "╯": "1001",
    "┏": "0220", "┓": "0022", "┗": "2200", "┛": "2002", "╔": "0330", "╗": "0033", "╚": "3300", "╝": "3003",
    "├": "1110", "┤": "1011", "┬": "0111", "┴": "1101", "┼": "1111",
    "┣": "2220", "┫": "2022", "┳": "0222", "┻": "2202", "╋": "2222",
    "╠": "3330", "╣": "3033", "╦": "0333", "╩": "3303", "╬": "3333",
    "╴": "0001", "╵": "1000", "╶": "0100", "╷": "0010", "╸": "0002", "╹": "2000", "╺": "0200", "╻": "0020",
    "┠": "2120", "┨": "2021", "┯": "0212", "┷": "1202", "┝": "1210", "┥": "1012", "┰": "0121", "┸": "2101",
}  # fmt: skip
"""Weight of the arms up, right, down, left: 0 none, 1 light, 2 heavy, 3 double."""


@lru_cache(maxsize=1024)
def shapes_of(char: str, width: int, height: int) -> tuple[Box, ...] | None:
    """The rectangles that make the character in a cell of that size, or None when a font should draw it."""
    if char in _SEXTANT_PATTERNS and char != " ":
        return _dots(_SEXTANT_PATTERNS[char], 2, 3, width, height)
    if char in _QUADRANTS:
        return _dots(sum(1 << "abcd".index(letter) for letter in _QUADRANTS[char]), 2, 2, width, height)
    if char in _SHADES:
        return (Box(0, 0, width, height, _SHADES[char]),)
    if char in _LINES:
        return _line(_LINES[char], width, height)
    return _eighths(char, width, height)


def _eighths(char: str, width: int, height: int) -> tuple[Box, ...] | None:
    """Half blocks and one-eighth steps, U+2580 to U+2595."""
    code = ord(char[0])
    if char == "▀":
        return (Box(0, 0, width, round(height / 2)),)
    if 0x2581 <= code <= 0x2588:
        return (Box(0, height - round(height * (code - 0x2580) / 8), width, height),)
    if 0x2589 <= code <= 0x258F:
        return (Box(0, 0, round(width * (0x2590 - code) / 8), height),)
    if char == "▔":
        return (Box(0, 0, width, round(height / 8)),)
    if char == "▕":
        return (Box(width - round(width / 8), 0, width, height),)
    return None


def _dots(pattern: int, across: int, down: int, width: int, height: int) -> tuple[Box, ...]:
    """One rectangle a set dot, edges rounded to the same pixel for neighbours."""
    columns = [round(width * step / across) for step in range(across + 1)]
    rows = [round(height * step / down) for step in range(down + 1)]
    return tuple(
        Box(columns[x], rows[y], columns[x + 1], rows[y + 1])
        for y in range(down)
        for x in range(across)
        if pattern >> (y * across + x) & 1
    )


def _line(arms: str, width: int, height: int) -> tuple[Box, ...]:
    """Arms from the cell's edges to its middle; a double line is two light ones."""
    light = max(1, width // 8)
    up, right, down, left = (int(arm) for arm in arms)
    boxes: list[Box] = []
    for weight, towards in ((up, "u"), (right, "r"), (down, "d"), (left, "l")):
        if weight == 3:
            boxes += _double_arm(towards, (up, right, down, left), light, width, height)
        elif weight:
            boxes.append(_arm(towards, light * weight, 0, light * max(up, right, down, left), width, height))
    return tuple(boxes)


def _arm(towards: str, thickness: int, offset: int, reach: int, width: int, height: int) -> Box:
    """A bar from one edge to a little past the middle, `offset` pixels beside the centre line."""
    middle_x, middle_y = width // 2, height // 2
    if towards in "ud":
        left = middle_x - thickness // 2 + offset
        top, bottom = (
            (0, middle_y - reach // 2 + reach) if towards == "u" else (middle_y - reach // 2, height)
        )
        return Box(left, top, left + thickness, bottom)
    top = middle_y - thickness // 2 + offset
    start, end = (0, middle_x - reach // 2 + reach) if towards == "l" else (middle_x - reach // 2, width)
    return Box(start, top, end, top + thickness)


def _double_arm(
    towards: str, arms: tuple[int, int, int, int], light: int, width: int, height: int
) -> list[Box]:
    """Two light bars; at a corner the outer one reaches further than the inner one."""
    up, right, down, left = arms
    before, after = (left, right) if towards in "ud" else (up, down)
    boxes: list[Box] = []
    for offset, beside, across in ((-light, before, after), (light, after, before)):
        outer = beside == 0 and across != 0
        reach = 3 * light if outer or not (before or after) else -light
        boxes.append(_arm(towards, light, offset, reach, width, height))
    return boxes

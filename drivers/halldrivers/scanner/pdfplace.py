"""Which picture a PDF page shows, and how it stands: from the page's operators. Pure.

A page of a scanner is one picture that fills it::

    q  595 0 0 842 0 0 cm  /Im0 Do  Q

Operators that paint nothing by themselves (graphics state, colours, marked content) may stand beside it, and
a clip that cuts nothing off. Whatever else paints (text, lines, fills, shadings, inline pictures, a second
picture) makes it a page that no scanner's picture says everything about.

Source: ISO 32000-1, 8.3 (matrices: x' = a x + c y + e, y' = b x + d y + f; a picture is the unit square, its
top at y = 1) and annex A (operators).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MOST_DEEP = 32
"""Of q in q: pages have one to three."""
EDGE = 0.05
"""Share of the page's side by which the picture's edges may lie off those of the page: machines round to
whole millimetres, and leave out the rim that they cannot see."""
SKEW = 0.01

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_PAINTS_NOTHING = frozenset("gs ri i d w J j M G RG K CS SC SCN BMC BDC EMC MP DP BX EX".split())
_FILLS = frozenset({"g", "rg", "k", "cs", "sc", "scn"})
_BLACK = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}


class NotOnePicture(ValueError):
    """Raised when a page is anything but one picture that fills it; says why in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the page, in points, its corners sorted."""

    left: float
    bottom: float
    right: float
    top: float

    def covers(self, other: Box, slack_x: float, slack_y: float) -> bool:
        """Whether nothing of the other lies outside, but for a slack."""
        return (
            self.left <= other.left + slack_x
            and self.bottom <= other.bottom + slack_y
            and self.right >= other.right - slack_x
            and self.top >= other.top - slack_y
        )


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator of a page: its numbers, and its name where it has one."""

    operator: str
    numbers: tuple[float, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """The picture of a page."""

    name: str
    """Among the page's XObjects, with its slash."""
    turn_degrees: int
    """Clockwise turn after which it stands as the page shows it, its /Rotate included."""
    is_black: bool = True
    """Whether a stencil would be painted in black: no other colour for fills was ever set."""
    stands_across: bool = False
    """Whether its own width runs along the height of the page's box."""


def picture_of(operations: Iterable[Operation], page: Box, rotate: int) -> Placed:
    """The one picture; NotOnePicture."""
    if rotate % 90:
        raise NotOnePicture("a crooked page", "页面是斜的")
    shown: tuple[str, Matrix] | None = None
    matrix, kept, is_black = IDENTITY, list[Matrix](), True
    clip, is_clipping = list[Box](), False
    for operation in operations:
        match operation.operator:
            case "q" if len(kept) < MOST_DEEP:
                kept.append(matrix)
            case "Q":
                matrix = kept.pop() if kept else matrix
            case "cm" if len(operation.numbers) == 6:
                a, b, c, d, e, f = operation.numbers
                matrix = _times((a, b, c, d, e, f), matrix)
            case "re" if len(operation.numbers) == 4:
                clip.append(_rectangle(operation.numbers, matrix))
            case "W" | "W*":
                is_clipping = True
            case "n":
                if is_clipping and not (len(clip) == 1 and _fits(clip[0], page, may_exceed=True)):
                    raise NotOnePicture("a picture that is cut", "图像被裁剪")
                clip, is_clipping = [], False
            case operator if operator in _FILLS:
                is_black = is_black and _BLACK.get(operator) == operation.numbers
            case "Do" if operation.name and shown is None:
                shown = operation.name, matrix
            case "Do":
                raise NotOnePicture("several pictures", "一页里有几幅图像")
            case operator if operator not in _PAINTS_NOTHING:
                raise NotOnePicture(f"more than a picture ({operator[:20]})", "除图像外还有文字或图形")
    if shown is None:
        raise NotOnePicture("no picture", "没有图像")
    name, matrix = shown
    if not _fits(_rectangle((0, 0, 1, 1), matrix), page, may_exceed=False):
        raise NotOnePicture("a picture that does not fill the page", "图像没有占满整页")
    turn = _turn_of(matrix)
    return Placed(name, (turn + rotate) % 360, is_black, turn % 180 != 0)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _rectangle(numbers: Iterable[float], matrix: Matrix) -> Box:
    """What a rectangle (x, y, width, height) covers on the page."""
    x, y, width, height = numbers
    a, b, c, d, e, f = matrix
    corners = [(u, v) for u in (x, x + width) for v in (y, y + height)]
    across = [a * u + c * v + e for u, v in corners]
    up = [b * u + d * v + f for u, v in corners]
    return Box(min(across), min(up), max(across), max(up))


def _fits(box: Box, page: Box, *, may_exceed: bool) -> bool:
    slack_x, slack_y = EDGE * (page.right - page.left), EDGE * (page.top - page.bottom)
    edges = (box.left, box.bottom, box.right, box.top)
    return (
        all(math.isfinite(edge) for edge in edges)
        and box.covers(page, slack_x, slack_y)
        and (may_exceed or page.covers(box, slack_x, slack_y))
    )


def _turn_of(matrix: Matrix) -> int:
    """The clockwise turn in it; NotOnePicture when it mirrors or slants."""
    a, b, c, d = matrix[:4]
    if max(abs(b), abs(c)) <= SKEW * min(abs(a), abs(d)):
        turns = {(True, True): 0, (False, False): 180}
        found = turns.get((a > 0, d > 0))
    elif max(abs(a), abs(d)) <= SKEW * min(abs(b), abs(c)):
        turns = {(True, False): 270, (False, True): 90}
        found = turns.get((b > 0, c > 0))
    else:
        raise NotOnePicture("a crooked picture", "图像是斜的")
    if found is None:
        raise NotOnePicture("a mirrored picture", "图像是镜像的")
    return found

"""What lies under a simulated camera: papers with Chinese text, an ID-1 card, a desk. Nothing of it is real.

Papers are drawn lying straight, `px_per_mm` pixels a millimetre; :mod:`.simscene` puts them on the desk.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from halldrivers.fonts import han_font_index, han_font_path

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont


class Paper(StrEnum):
    """What is laid under the camera."""

    FORM = "form"
    """A4 with text, a table and a seal."""
    BLANK = "blank"
    """A4 with nothing on it."""
    SHADED = "shaded"
    """A4 with a shaded block, in it a white field: a bright thing of four corners that is no page."""
    TORN = "torn"
    """The shaded one with a corner torn off: it has five."""
    BOOKLET = "booklet"
    """An open booklet page of 143 x 105 mm."""
    CARD = "card"
    """An ID-1 card with rounded corners."""


MILLIMETRES = {
    Paper.FORM: (210.0, 297.0),
    Paper.BLANK: (210.0, 297.0),
    Paper.SHADED: (210.0, 297.0),
    Paper.TORN: (210.0, 297.0),
    Paper.BOOKLET: (143.0, 105.0),
    Paper.CARD: (85.6, 53.98),
}
"""Width and height as they are read."""

_LINES = (
    "同心县民生服务中心  样张",
    "本页由模拟高拍仪绘制，仅供测试，不含任何真实信息。",
    "一、申请人应当如实填写本表，字迹清楚，不得涂改。",
    "二、办理事项：户口登记、婚育登记、社会保障卡申领。",
    "三、所需材料请一次备齐，窗口人员应当一次告知。",
    "四、办结后请对本次服务作出评价，感谢您的支持。",
    "五、如有疑问，请到综合窗口咨询或拨打服务电话。",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn paper."""

    image: Image
    """RGB."""
    mask: Image
    """Where the paper is (255) and where its rounded corners let the desk through (0)."""
    width_mm: float
    height_mm: float


def draw_paper(paper: Paper, px_per_mm: float) -> Sheet:
    """A paper as it lies straight before its reader."""
    from PIL import Image, ImageDraw

    width_mm, height_mm = MILLIMETRES[paper]
    size = round(width_mm * px_per_mm), round(height_mm * px_per_mm)
    image = Image.new("RGB", size, {Paper.CARD: (205, 222, 232)}.get(paper, (243, 242, 238)))
    mask = Image.new("L", size, 255)
    pen = _Pen(ImageDraw.Draw(image), px_per_mm)
    match paper:
        case Paper.FORM:
            _form(pen)
        case Paper.SHADED:
            _shaded(pen)
        case Paper.TORN:
            _shaded(pen)
            corner = [(210 - 70, 0), (210, 0), (210, 90)]
            ImageDraw.Draw(mask).polygon([(x * px_per_mm, y * px_per_mm) for x, y in corner], fill=0)
        case Paper.BOOKLET:
            _booklet(pen)
        case Paper.CARD:
            _card(pen)
            mask = Image.new("L", size, 0)
            ImageDraw.Draw(mask).rounded_rectangle(
                (0, 0, size[0] - 1, size[1] - 1), 3.18 * px_per_mm, fill=255
            )
        case Paper.BLANK:
            pass
    return Sheet(image, mask, width_mm, height_mm)


class _Pen:
    """Draws in millimetres."""

    def __init__(self, draw: ImageDraw, px_per_mm: float) -> None:
        self._draw, self._scale = draw, px_per_mm

    def text(
        self, x: float, y: float, text: str, height: float, ink: tuple[int, int, int] = (40, 40, 44)
    ) -> None:
        self._draw.text((x * self._scale, y * self._scale), text, ink, _font(max(4.0, height * self._scale)))

    def line(self, *points: float) -> None:
        scaled = [value * self._scale for value in points]
        self._draw.line(scaled, (60, 60, 60), max(1, round(0.35 * self._scale)))

    def ring(self, x: float, y: float, radius: float) -> None:
        box = [value * self._scale for value in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, outline=(196, 48, 44), width=max(1, round(1.2 * self._scale)))

    def box(self, left: float, top: float, right: float, bottom: float, colour: tuple[int, int, int]) -> None:
        self._draw.rectangle([value * self._scale for value in (left, top, right, bottom)], colour)


@lru_cache(maxsize=32)
def _font(px: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(han_font_path(), px, index=han_font_index(mono=False))


def _form(pen: _Pen) -> None:
    pen.text(48, 18, "居民办事申请表（样张）", 9)
    for row, line in enumerate(_LINES * 2):
        pen.text(22, 36 + row * 8, line, 4.6)
    top, bottom = 156.0, 236.0
    for y in range(6):
        pen.line(22, top + y * 16, 188, top + y * 16)
    for x in (22, 60, 120, 188):
        pen.line(x, top, x, bottom)
    for row, word in enumerate(("事项名称", "申请材料", "窗口编号", "联系方式", "备注说明")):
        pen.text(26, top + 5 + row * 16, word, 5)
    for row, line in enumerate(_LINES[2:5]):
        pen.text(22, 246 + row * 8, line, 4.6)
    pen.ring(158, 262, 17)
    pen.text(147, 259, "样张专用章", 4.4, (196, 48, 44))


def _shaded(pen: _Pen) -> None:
    for row, line in enumerate(_LINES * 2):
        pen.text(22, 22 + row * 7, line, 4.6)
    pen.box(20, 125, 190, 230, (196, 198, 202))
    pen.box(34, 138, 176, 216, (243, 242, 238))
    pen.text(40, 142, "填写意见（样张）", 5)
    for row, line in enumerate(_LINES[2:6]):
        pen.text(22, 240 + row * 8, line, 4.6)


def _booklet(pen: _Pen) -> None:
    pen.text(46, 8, "登记簿内页（样张）", 6)
    for row, line in enumerate(_LINES[1:]):
        pen.text(12, 22 + row * 12, line, 4.2)
    for row in range(7):
        pen.line(10, 20 + row * 12, 133, 20 + row * 12)


def _card(pen: _Pen) -> None:
    for row, line in enumerate(
        ("姓名  样张", "性别  样    民族  样", "出生  样    年    月    日", "住址  样张县样张镇样张村")
    ):
        pen.text(8, 8 + row * 8.5, line, 4)
    pen.text(8, 45, "样张  仅供测试  不是证件", 4)
    pen.box(60, 9, 80, 36, (150, 165, 178))


class Desk(StrEnum):
    """What the papers lie on."""

    MAT = "mat"
    """The black mat of a document camera."""
    WOOD = "wood"
    GREY = "grey"
    """A light grey desk, not much darker than paper."""
    FRAMED = "framed"
    """The mat, with the light desk around it in view: four straight corners that are no page's."""


_MAT = (46, 48, 52)
_COLOURS = {
    Desk.MAT: _MAT,
    Desk.WOOD: (148, 106, 66),
    Desk.GREY: (168, 170, 172),
    Desk.FRAMED: (186, 184, 180),
}


def draw_desk(desk: Desk, size: tuple[int, int], seed: int) -> Image:
    """A desk with its grain."""
    from PIL import Image, ImageChops, ImageDraw

    rng = random.Random(seed)
    image = Image.new("RGB", size, _COLOURS[desk])
    if desk is Desk.FRAMED:
        rim = size[0] // 16
        ImageDraw.Draw(image).rectangle((rim, rim, size[0] - rim, size[1] - rim), _MAT)
    # Grain: short noise, drawn out along the desk for wood.
    cells = (
        (max(8, size[0] // 60), max(8, size[1] // 3)) if desk is Desk.WOOD else (size[0] // 4, size[1] // 4)
    )
    noise = Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1]))
    weak = noise.point([(value - 128) // 10 + 128 for value in range(256)])
    grain = weak.resize(size, Image.Resampling.BILINEAR)
    return ImageChops.add(image, Image.merge("RGB", (grain,) * 3), 1, -128)

"""A simulated look through a document camera: papers on a desk, seen through a lens, in some light.

Millimetres of the desk become pixels by a pinhole camera that looks down from above; tilting the camera
gives perspective. Own code throughout: nothing of it is shared with what finds and judges pages.
"""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from halldrivers.camera.simpaper import Desk, Paper, draw_desk, draw_paper

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
_FOCAL = 1.15
"""Focal length in widths of the frame: 47 degrees across."""


@dataclass(frozen=True, slots=True)
class Lying:
    """One paper on the desk."""

    paper: Paper = Paper.FORM
    angle_deg: float = 0.0
    """Clockwise; 0 is upright as it is read."""
    x_mm: float = 0.0
    y_mm: float = 0.0
    """Of its middle, from the middle of the view, to the right and down."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a simulated picture is made of."""

    papers: tuple[Lying, ...] = (Lying(),)
    size: tuple[int, int] = (1200, 900)
    """Of the frame in pixels."""
    view_mm: float = 440.0
    """How much of the desk the frame is wide: 440 leaves room around an upright A4."""
    tilt_x_deg: float = 0.0
    tilt_y_deg: float = 0.0
    """Of the camera: perspective."""
    desk: Desk = Desk.MAT
    light: float = 1.0
    """1 is well lit, 0.2 dark, 1.4 too much."""
    slope: float = 0.0
    """How much darker the right side is than the left one: 0 to 1."""
    glare: Point | None = None
    """Middle of a mirrored lamp, in millimetres from the middle of the view."""
    glare_mm: float = 40.0
    """Radius of the part in which nothing can be seen."""
    blur_mm: float = 0.0
    """Out of focus, or moved, by so many millimetres of the desk."""
    noise: int = 6
    """Of the sensor, in steps of grey."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and where in it the corners of its papers are."""

    image: Image
    corners: tuple[tuple[Point, ...], ...]
    """Of each paper, in pixels: its own top left, top right, bottom right and bottom left."""


def draw(scene: Scene) -> Drawn:
    """What the camera sees."""
    from PIL import Image, ImageFilter

    px_per_mm = scene.size[0] / scene.view_mm
    image = draw_desk(scene.desk, scene.size, scene.seed)
    corners = []
    for lying in scene.papers:
        sheet = draw_paper(lying.paper, px_per_mm * 1.2)
        seen = tuple(_look(scene, point) for point in _place(lying, sheet.width_mm, sheet.height_mm))
        corners.append(seen)
        width, height = sheet.image.size
        lens = _perspective(seen, ((0, 0), (width, 0), (width, height), (0, height)))
        layer = sheet.image.transform(scene.size, Image.Transform.PERSPECTIVE, lens, Image.Resampling.BICUBIC)
        mask = sheet.mask.transform(scene.size, Image.Transform.PERSPECTIVE, lens, Image.Resampling.BILINEAR)
        mask = mask.filter(ImageFilter.GaussianBlur(0.6))
        shadow = _shadow(mask, px_per_mm)
        image = Image.composite(image.point([value * 7 // 10 for value in range(256)] * 3), image, shadow)
        image = Image.composite(layer, image, mask)
    return Drawn(_sensor(scene, _lit(scene, image, px_per_mm), px_per_mm), tuple(corners))


def _shadow(mask: Image, px_per_mm: float) -> Image:
    """What a paper darkens beside it; soft, so a quarter of the size is enough."""
    from PIL import Image, ImageChops, ImageFilter

    small = ImageChops.offset(mask.reduce(4), round(0.3 * px_per_mm))
    soft = small.filter(ImageFilter.GaussianBlur(0.4 * px_per_mm))
    return soft.resize(mask.size, Image.Resampling.BILINEAR)


def jpeg_of(image: Image, quality: int = 90) -> bytes:
    """The picture as a camera would deliver it."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _place(lying: Lying, width_mm: float, height_mm: float) -> list[Point]:
    turn = math.radians(lying.angle_deg)
    cos, sin = math.cos(turn), math.sin(turn)
    half = width_mm / 2, height_mm / 2
    flat = [(-half[0], -half[1]), (half[0], -half[1]), half, (-half[0], half[1])]
    return [(x * cos - y * sin + lying.x_mm, x * sin + y * cos + lying.y_mm) for x, y in flat]


def _look(scene: Scene, point: Point) -> Point:
    """Where a point of the desk is in the frame."""
    ax, ay = math.radians(scene.tilt_x_deg), math.radians(scene.tilt_y_deg)
    x, y = point
    y, z = y * math.cos(ax), y * math.sin(ax)
    x, z = x * math.cos(ay) + z * math.sin(ay), z * math.cos(ay) - x * math.sin(ay)
    away = scene.view_mm * _FOCAL + z
    scale = _FOCAL * scene.size[0] / away
    return scene.size[0] / 2 + x * scale, scene.size[1] / 2 + y * scale


def _perspective(seen: tuple[Point, ...], flat: tuple[Point, ...]) -> tuple[float, ...]:
    """The eight numbers with which Pillow finds for a pixel of the frame its place on the paper."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):  # Gauss and Jordan
        best = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        first = rows[column][column]
        rows[column] = [value / first for value in rows[column]]
        for other in range(8):
            if other != column:
                factor = rows[other][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[column], strict=True)]
    return tuple(row[8] for row in rows)


def _lit(scene: Scene, image: Image, px_per_mm: float) -> Image:
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    if scene.slope:
        ramp = Image.frombytes("L", (256, 1), bytes(round(255 - scene.slope * x) for x in range(256)))
        image = ImageChops.multiply(image, Image.merge("RGB", (ramp.resize(scene.size),) * 3))
    if scene.light != 1.0:
        image = image.point([min(255, round(value * scene.light)) for value in range(256)] * 3)
    if scene.glare is not None:
        x, y = (scene.size[i] / 2 + scene.glare[i] * px_per_mm for i in (0, 1))
        radius = scene.glare_mm * px_per_mm
        spot = Image.new("L", scene.size, 0)
        ImageDraw.Draw(spot).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        spot = spot.filter(ImageFilter.GaussianBlur(radius / 5)).point([min(255, v * 2) for v in range(256)])
        image = ImageChops.add(image, Image.merge("RGB", (spot,) * 3))
    return image


def _sensor(scene: Scene, image: Image, px_per_mm: float) -> Image:
    from PIL import Image, ImageChops, ImageFilter

    if scene.blur_mm:
        image = image.filter(ImageFilter.GaussianBlur(scene.blur_mm * px_per_mm))
    if scene.noise:
        width, height = scene.size
        noise = Image.frombytes("L", scene.size, random.Random(scene.seed).randbytes(width * height))
        weak = noise.point([(value - 128) * scene.noise // 128 + 128 for value in range(256)])
        image = ImageChops.add(image, Image.merge("RGB", (weak,) * 3), 1, -128)
    return image

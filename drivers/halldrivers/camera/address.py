"""A camera's address: ``v4l2:///dev/v4l/by-id/usb-…-video-index0`` or ``dir:///srv/camera``.

Options of both: ``turn`` (0, 90, 180, 270; default 0), by how many degrees the picture is turned clockwise
for people, because many stands hold the camera sideways. Of ``v4l2``: ``size=3264x2448`` (default: the
largest that the camera has) and ``format=mjpg``, the only one there is. Of ``dir``: ``age_s`` (1 to 3600),
how old the newest picture may be; without it any age is taken, which is right where a person puts the
pictures and wrong where a program does: if that program dies, the last page of the last person stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from halldrivers.camera.mjpeg import MOST_PIXELS
from halldrivers.deviceurl import Claims, DeviceUrl, plain_number, split_url

TURNS = ("0", "90", "180", "270")


class CameraKind(StrEnum):
    """How pictures come."""

    V4L2 = "v4l2"
    FOLDER = "dir"


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where the pictures come from and how they are meant."""

    kind: CameraKind
    path: str
    """A device node or a link to one; a folder."""
    turn: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    size: tuple[int, int] | None = None
    """Wanted width and height in pixels; None for the largest."""
    age_s: int = 0
    """How old a folder's newest picture may be; 0 for any age."""

    @property
    def claims(self) -> Claims:
        """The node or the folder, which no other device may use."""
        return Claims((self.path,))


def parse_camera(url: str) -> CameraAddress:
    """The address in a URL; BadUrl says what is wrong with it."""
    parts = split_url(url, "v4l2", "dir")
    path = parts.device_path().rstrip("/")
    turn = int(parts.choice("turn", "0", TURNS))
    if parts.scheme == "dir":
        parts.only("turn", "age_s")
        return CameraAddress(CameraKind.FOLDER, path, turn, age_s=parts.number("age_s", 0, 1, 3600))
    parts.only("turn", "size", "format")
    if parts.options.get("format", "mjpg") != "mjpg":
        raise parts.wrong(
            "只支持 format=mjpg：其他格式要由我们转换，就不是原件了",
            "only format=mjpg: any other would have to be converted by us and be no original",
        )
    return CameraAddress(CameraKind.V4L2, path, turn, size=_size(parts))


def _size(parts: DeviceUrl) -> tuple[int, int] | None:
    text = parts.options.get("size")
    if text is None:
        return None
    width, _, height = text.partition("x")
    size = plain_number(width) or 0, plain_number(height) or 0
    if min(size) < 160 or size[0] * size[1] > MOST_PIXELS:
        raise parts.wrong(
            "size 要写成 宽x高，例如 size=3264x2448", "size is width x height, write size=3264x2448"
        )
    return size

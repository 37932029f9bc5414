"""The whole way of one page: from the JPEG as delivered to the derived JPEG and its report."""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.camera.errors import FrameDamaged, TooLarge
from halldrivers.camera.mjpeg import measure, with_tables
from halldrivers.page.errors import PictureUnreadable
from halldrivers.page.judge import WORK_PX, Limits, Seen, judge
from halldrivers.page.picture import CvPicture, Picture, PillowPicture, with_density
from halldrivers.page.result import Found, PageOrder, PageReport, Point
from halldrivers.page.straighten import text_angle


def develop(
    jpeg: bytes, order: PageOrder, limits: Limits, *, with_finder: bool = True
) -> tuple[PageReport, bytes]:
    """Make a page; PictureUnreadable when the picture cannot be read. The bytes given are not changed."""
    try:
        shape = measure(jpeg)
        decodable = with_tables(jpeg)
    except (FrameDamaged, TooLarge) as error:
        raise PictureUnreadable(error.detail, error.detail_zh) from error
    taken = (_find if with_finder else _take_whole)(decodable, order)
    # Judged before it is turned by a small angle: the white corners of that are neither page nor glare.
    verdicts = judge(taken.picture.grey(WORK_PX), max(taken.picture.size), taken.seen, limits)
    seen, derived = taken.seen, taken.picture
    if taken.level_deg:
        derived = derived.rotated(-taken.level_deg)
    derived = derived.turned(order.turn)
    dpi = seen.dpi
    if order.long_px and max(derived.size) > order.long_px:
        dpi = round(dpi * order.long_px / max(derived.size))
        derived = derived.reduced(order.long_px)
    report = PageReport(
        seen.found,
        taken.corners,
        round(taken.angle_deg, 2),
        order.turn,
        seen.paper,
        dpi,
        *derived.size,
        shape.width,
        shape.height,
        verdicts,
        with_finder,
    )
    return report, with_density(derived.encode(order.quality), dpi)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A picture that was cut out, or not."""

    picture: Picture
    seen: Seen
    corners: tuple[Point, ...] = ()
    angle_deg: float = 0.0
    """How far the page lay clockwise."""
    level_deg: float = 0.0
    """The part of it that is still to be turned back."""


def _find(jpeg: bytes, order: PageOrder) -> _Taken:
    """With OpenCV."""
    import cv2

    from halldrivers.page.find import Sight, look
    from halldrivers.page.flatten import flatten

    cv2.setNumThreads(1)  # a thread more is a memory arena more, and the other core belongs to the hall
    picture = CvPicture.decode(jpeg)
    sight = look(picture) if order.crop else Sight()
    if sight.corners:
        flat = flatten(picture, sight.corners, sight.share)
        seen = Seen(Found.CROPPED, flat.paper, flat.dpi, papers=1)
        return _Taken(flat.picture, seen, sight.corners, flat.angle_deg)
    if sight.is_cut or sight.papers:
        seen = Seen(Found.WHOLE, is_cut=sight.is_cut, papers=sight.papers)
        return _Taken(picture, seen)
    return _whole(picture, sight.angle_deg, has_finder=True, is_crop_wanted=order.crop)


def _take_whole(jpeg: bytes, order: PageOrder) -> _Taken:
    """With Pillow alone."""
    return _whole(PillowPicture.decode(jpeg), 0.0, has_finder=False, is_crop_wanted=order.crop)


def _whole(picture: Picture, edge_angle_deg: float, *, has_finder: bool, is_crop_wanted: bool) -> _Taken:
    """A frame that stays whole, levelled by the edges of what lies in it, else by its lines of text."""
    angle_deg = edge_angle_deg or text_angle(picture.grey(WORK_PX))
    found = Found.ROTATED if angle_deg else Found.WHOLE
    seen = Seen(found, has_finder=has_finder, is_crop_wanted=is_crop_wanted)
    return _Taken(picture, seen, (), angle_deg, angle_deg)

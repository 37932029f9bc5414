"""Finding the node of a camera that delivers pictures, and agreeing with its driver on MJPG and a size.

One camera makes several nodes; only those whose ``device_caps`` have VIDEO_CAPTURE deliver pictures. Who
names its metadata node gets the capture node beside it. ``library`` is linuxpy's ``linuxpy.video.device``.
"""

from __future__ import annotations

import errno
import glob
import os
import re
from typing import Any

from halldrivers.camera.errors import NoMjpeg, NoSuchSize, NotACamera
from halldrivers.camera.mjpeg import MOST_PIXELS
from halldrivers.fdport import open_failure

Size = tuple[int, int]
"""Width and height in pixels."""

_INDEX = re.compile(r"(.*-video-index)\d+")


def capture_node(library: Any, path: str) -> Any:
    """The opened device of the node that delivers pictures: the one named, or one beside it.

    Raises NotACamera, PortAbsent, PortDenied, PortBusy, and holds nothing then.
    """
    named = library.Device(path)
    try:
        named.open()
        bus = _bus_of(library, named, path)
        if _delivers(library, named):
            return named
    except OSError as error:
        named.close()
        raise error if isinstance(error, NotACamera) else open_failure(error, path) from error
    named.close()
    for other in _beside(path):
        device = _same_camera(library, other, bus)
        if device is not None:
            return device
    raise NotACamera(path)


def card_of(library: Any, device: Any) -> str:
    """What the camera calls itself: 32 bytes, which may end in the middle of a Chinese character."""
    card: bytes = library.read_capabilities(device).card
    return card.decode("utf-8", "ignore").strip()


def agree(library: Any, device: Any, wanted: Size | None) -> Size:
    """Set MJPG and the wanted size, or the largest; NoMjpeg and NoSuchSize say what there is."""
    video = library.BufferType.VIDEO_CAPTURE
    offered = [form.pixel_format for form in device.info.buffer_formats(video)]
    jpegs = (library.PixelFormat.MJPEG, library.PixelFormat.JPEG)
    chosen = next((form for form in jpegs if form in offered), None)
    if chosen is None:
        names = ", ".join(form.name for form in offered)
        raise NoMjpeg(f"{card_of(library, device)}: {names or '-'}")
    size = _choose(library, device.info.format_frame_sizes(chosen), wanted)
    device.set_format(video, *size, chosen.human_str())
    got = device.get_format(video)  # a driver may take less than it was asked for, and says so only here
    if got.pixel_format != chosen:
        raise NoMjpeg(f"{card_of(library, device)}: {got.pixel_format.name}")
    if wanted and (got.width, got.height) != wanted:
        raise NoSuchSize(f"{_text(wanted)} -> {_text((got.width, got.height))}")
    return got.width, got.height


def _choose(library: Any, sizes: list[Any], wanted: Size | None) -> Size:
    discrete = library.FrameSizeType.DISCRETE
    single = [(entry.info.width, entry.info.height) for entry in sizes if entry.type == discrete]
    ranges = [entry.info for entry in sizes if entry.type != discrete]
    if wanted:
        if single and not ranges and wanted not in single:
            raise NoSuchSize(f"{_text(wanted)}: {', '.join(map(_text, sorted(single)))}")
        return wanted
    largest = [*single, *((limits.max_width, limits.max_height) for limits in ranges)]
    usable = [size for size in largest if 0 < size[0] * size[1] <= MOST_PIXELS]
    if not usable:
        raise NoSuchSize("-")
    return max(usable, key=lambda size: size[0] * size[1])


def _same_camera(library: Any, path: str, bus: bytes) -> Any:
    device = library.Device(path)
    try:
        device.open()
        if _bus_of(library, device, path) == bus and _delivers(library, device):
            return device
    except OSError:
        pass  # another program's node, or one that just went away: not ours
    device.close()
    return None


def _bus_of(library: Any, device: Any, path: str) -> bytes:
    """Where the camera is plugged in: the same for all its nodes."""
    try:
        bus: bytes = library.read_capabilities(device).bus_info
    except OSError as error:
        if error.errno in (errno.ENOTTY, errno.EINVAL):
            raise NotACamera(path) from error
        raise
    return bus


def _delivers(library: Any, device: Any) -> bool:
    return bool(library.read_capabilities(device).device_caps & library.Capability.VIDEO_CAPTURE)


def _beside(path: str) -> list[str]:
    """Other nodes that may belong to the same camera, in their order."""
    linked = _INDEX.fullmatch(path)
    if linked:
        pattern = f"{glob.escape(linked[1])}*"
    else:
        pattern = os.path.join(glob.escape(os.path.dirname(os.path.realpath(path))), "video*")
    return [other for other in sorted(glob.glob(pattern)) if other != path]


def _text(size: Size) -> str:
    return f"{size[0]}x{size[1]}"

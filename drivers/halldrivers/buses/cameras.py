"""Cameras: the nodes that deliver pictures.

A UVC camera has two nodes or more, of which only the first delivers pictures; the others carry metadata. What
a node can do (``device_caps``) is told by an ioctl alone, which needs the device opened. Without it: the
kernel numbers the nodes of one device in the order in which they are registered, the capture node first, and
shows the number as ``index``, from which udev also makes the end of the name (``-video-index0``). So the node
with ``index`` 0 is taken, and the camera driver finds out for certain when it opens it.
"""

from __future__ import annotations

from halldrivers.buses.found import Found, Kind
from halldrivers.buses.links import Links, is_unique
from halldrivers.buses.roots import Roots, attribute, entries
from halldrivers.buses.usbtree import UsbDevice, usb_device_of

_ENDING = "-video-index0"


def cameras(roots: Roots, devices: tuple[UsbDevice, ...]) -> list[Found]:
    """The USB cameras of this machine; the Pi's own video units (codec, ISP) are none."""
    links = Links(roots, "v4l")
    found: list[Found] = []
    for entry in entries(roots.sys / "class/video4linux"):
        node = f"/dev/{entry.name}"
        if attribute(entry, "index") != "0" or not entry.name.startswith("video"):
            continue
        device = usb_device_of(roots, entry)
        if device is None or not roots.path(node).exists():
            continue
        path = links.steady(node, is_unique(device, devices), _ENDING)
        name = attribute(entry, "name")
        found.append(
            Found(
                Kind.CAMERA,
                f"{device.ids} {name}" if name else device.says,
                f"v4l2://{path}",
                "USB 摄像头的第一个视频节点",
                "the first video node of a USB camera",
                node,
                device,
            )
        )
    return found

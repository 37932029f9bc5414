"""USB printers: those of the printer class, with or without the kernel's usblp on them."""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.buses.found import Found, Kind
from halldrivers.buses.ieee1284 import PrinterId, parse_printer_id
from halldrivers.buses.links import is_unique
from halldrivers.buses.roots import Roots, attribute, entries
from halldrivers.buses.usbtree import UsbDevice, usb_device_of
from halldrivers.usbport.address import UsbAddress

CLASS_PRINTER = 7


@dataclass(frozen=True, slots=True)
class LpNode:
    """One node of the kernel's usblp."""

    node: str
    device: UsbDevice
    tells: PrinterId


def usb_printers(roots: Roots, devices: tuple[UsbDevice, ...]) -> list[Found]:
    """The printers of this machine's USB.

    They are named by vendor and product, and not by ``/dev/usb/lp0``: the number of that node is the order of
    plugging in, and udev makes no link for it.
    """
    nodes = {one.device.socket: one for one in lp_nodes(roots)}
    printers = [device for device in devices if any(one.kind == CLASS_PRINTER for one in device.interfaces)]
    return [_printer(device, nodes.get(device.socket), devices) for device in printers]


def lp_nodes(roots: Roots) -> list[LpNode]:
    """The nodes of usblp, with what the printers behind them say."""
    found: list[LpNode] = []
    for entry in entries(roots.sys / "class/usbmisc"):
        node = f"/dev/usb/{entry.name}"
        device = usb_device_of(roots, entry)
        if entry.name.startswith("lp") and device is not None and roots.path(node).exists():
            tells = parse_printer_id(attribute(entry / "device", "ieee1284_id"))
            found.append(LpNode(node, device, tells))
    return found


def usb_url(device: UsbDevice, devices: tuple[UsbDevice, ...]) -> str:
    """The shortest URL that means this device and no other that is plugged in."""
    same = [one for one in devices if (one.vendor, one.product) == (device.vendor, device.product)]
    if len(same) == 1:
        return UsbAddress(device.vendor, device.product).url
    if device.serial and is_unique(device, devices):
        return UsbAddress(device.vendor, device.product, serial=device.serial).url
    return UsbAddress(device.vendor, device.product, port=device.socket).url


def _printer(device: UsbDevice, lp: LpNode | None, devices: tuple[UsbDevice, ...]) -> Found:
    tells = lp.tells if lp else PrinterId()
    named = " ".join(text for text in (tells.maker, tells.model) if text)
    says = f"{device.ids} {named}" if named else device.says
    node = lp.node if lp else ""
    if tells.is_office:
        return Found(
            Kind.OFFICE_PRINTER,
            says,
            "",
            f"办公打印机（{tells.languages}），不能打票",
            f"a page printer ({tells.languages}), which cannot print tickets",
            node,
            device,
        )
    what_zh = f"USB 打印机（{tells.languages}）" if tells.languages else "USB 打印机类设备"
    what_en = f"a USB printer ({tells.languages})" if tells.languages else "a device of the printer class"
    also = f"lp://{node}" if node else ""
    return Found(
        Kind.PRINTER,
        says,
        usb_url(device, devices),
        what_zh,
        what_en,
        node,
        device,
        note_zh=f"也可写 {also}，但换插后编号会变" if also else "",
        note_en=f"also {also}, whose number changes at a replug" if also else "",
    )

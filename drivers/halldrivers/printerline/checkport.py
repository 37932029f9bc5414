"""The printer's port looked at from outside: is it there, may we use it, and who else does.

Nothing is opened. Who holds a node is found by looking at what the processes have open; those of other users
are visible to root alone, so silence here proves nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from halldrivers.buses.roots import Roots, attribute, entries
from halldrivers.buses.usbtree import UsbDevice, usb_devices
from halldrivers.check import Finding, Tell, Verdict, failed, passed, unknown
from halldrivers.errors import BadUrl, PortAbsent, PortBusy, PortDenied
from halldrivers.transport import transport_for
from halldrivers.usbport.address import UsbAddress, parse_usb_url
from halldrivers.usbport.errors import UsbAmbiguous

_CUPS = ("cupsd", "cups-browsed", "ipp-usb")
"""Programs that take USB printers for themselves; names as in /proc/*/comm."""


def check_port(url: str, roots: Roots, tell: Tell, library: Callable[[], object] | None = None) -> None:
    """Tell what can be said of a printer's port without opening it.

    `library` finds the USB library, or raises UsbLibraryMissing. Raises the DeviceError of what is wrong.
    """
    transport_for(url)
    scheme, _, rest = url.partition("://")
    if scheme == "tcp":
        tell(passed(f"地址正确：{url}", f"the address is right: {url}"))
        return
    if scheme.lower() == "usb":
        node = _usb(parse_usb_url(url), roots, tell, library or _library)
    else:
        node = _node(rest.partition("?")[0], scheme, roots, tell)
    for finding in held_by(node, roots):
        tell(finding)
    if scheme != "serial" and (cups := _running(roots)):
        tell(
            unknown(
                f"{cups} 正在运行，可能占用 USB 打印机：不用就停掉（systemctl disable --now {cups}）",
                f"{cups} is running and may take the USB printer: systemctl disable --now {cups}, if unused",
            )
        )


def held_by(node: str, roots: Roots) -> list[Finding]:
    """Who has a node open, as far as we may see it: CUPS is a fault, anybody else most likely our spooler."""
    found: list[Finding] = []
    for process in entries(roots.proc):
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        if any(_leads_to(one, node, roots) for one in entries(process / "fd")):
            who = f"{attribute(process, 'comm') or '?'} (pid {process.name})"
            if who.startswith(("cups", "ipp-usb", "usb ")):
                found.append(failed(PortBusy(f"{node}: {who}")))
            else:
                found.append(
                    Finding(
                        Verdict.UNKNOWN,
                        f"{node} 正被 {who} 使用：是打印服务就对了，下一项检查前先停掉它",
                        f"{node} is in use by {who}: right for the spooler; stop it for the next check",
                    )
                )
    return found


def _node(path: str, scheme: str, roots: Roots, tell: Tell) -> str:
    real = roots.path(path) if path.startswith("/dev/") else Path(path)
    try:
        mode = real.stat().st_mode
    except OSError as error:
        raise PortAbsent(f"{path}: {error.strerror}") from error
    if not stat.S_ISCHR(mode):
        raise BadUrl(f"{path}: not a character device", f"{path}：不是设备节点")
    if not os.access(real, os.R_OK | os.W_OK):
        group = "dialout" if scheme == "serial" else "lp"
        raise PortDenied(f"{path}: group {group}", f"{path}：需要 {group} 组")
    node = roots.node(real) or path
    leads = f" → {node}" if node != path else ""
    tell(passed(f"设备节点可用：{path}{leads}", f"the node is there and may be used: {path}{leads}"))
    return node


def _usb(address: UsbAddress, roots: Roots, tell: Tell, library: Callable[[], object]) -> str:
    fitting = [one for one in usb_devices(roots) if _fits(one, address)]
    if not fitting:
        raise PortAbsent(f"{address.url}: not on the USB bus", f"{address.url}：USB 总线上没有")
    if len(fitting) > 1:
        sockets = ", ".join(one.socket for one in fitting)
        raise UsbAmbiguous(f"{address.url}: port={sockets}", f"{address.url}：插口 {sockets}")
    (device,) = fitting
    if not os.access(roots.path(device.node), os.R_OK | os.W_OK):
        rule = address.udev_rule("lp")
        raise PortDenied(f"{device.node}: udev rule: {rule}", f"{device.node}：udev 规则 {rule}")
    tell(
        passed(
            f"USB 打印机在插口 {device.socket}：{device.says}",
            f"the USB printer is in socket {device.socket}: {device.says}",
        )
    )
    library()
    if any(one.driver == "usblp" for one in device.interfaces):
        tell(
            passed(
                "内核的 usblp 现在管着它；打印时由本程序接管，停下后交还",
                "the kernel's usblp has it now; it is taken over for printing and given back afterwards",
            )
        )
    return device.node


def _fits(device: UsbDevice, address: UsbAddress) -> bool:
    return (
        (device.vendor, device.product) == (address.vendor, address.product)
        and address.serial in ("", device.serial)
        and address.port in ("", device.socket)
    )


def _leads_to(descriptor: Path, node: str, roots: Roots) -> bool:
    try:
        target = os.readlink(descriptor)
    except OSError:
        return False
    return target in (node, str(roots.path(node)))


def _running(roots: Roots) -> str:
    """The first program that takes USB printers and is running; empty when none is."""
    names = {attribute(process, "comm") for process in entries(roots.proc) if process.name.isdigit()}
    return next((name for name in _CUPS if name in names), "")


def _library() -> None:
    from halldrivers.usbport.handle import usb_backend

    usb_backend()

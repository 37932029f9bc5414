"""The three health checks of an ID-card reader; the interactive one reads a card as production does.

The process that holds the reader checks it with :func:`held_idcard_checker`: the reader is borrowed for one
card, and a citizen who comes meanwhile takes it back. Where nobody holds it, :func:`idcard_checker` does.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError, DeviceState, PortAbsent, PortDenied
from halldrivers.idcard.address import IdCardAddress, Link
from halldrivers.idcard.connect import OpenWire
from halldrivers.idcard.errors import ReaderSilent
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.trouble import CardTrouble
from halldrivers.idcard.visit import Pace
from halldrivers.worker import DeviceWorker

WAIT_S = 30.0
"""For a person to lay a card, and again to take it away."""

FIRST_WORD_S = 30.0
"""For a reader to be found or missed three times, with a search for its line speed."""
ANSWER_S = 10.0
LOOK_S = 0.2
"""How soon a fault in the middle of a check is told."""
USB_DEVICES = Path("/sys/bus/usb/devices")

_Heard = CardRecord | CardTrouble | None


def idcard_checker(
    address: IdCardAddress,
    *,
    open_wire: OpenWire | None = None,
    wait_s: float = WAIT_S,
    pace: Pace | None = None,
    usb_devices: Path = USB_DEVICES,
) -> Checker:
    """The checker of a reader that nobody holds; `open_wire` replaces the address's transport."""

    def check(level: CheckLevel, tell: Tell) -> None:
        if level is CheckLevel.INTERNAL:
            tell(_internal(address, usb_devices))
            return
        told = threading.Event()
        reader = CardReader(address, on_card=_ignore, open_wire=open_wire, pace=pace)
        with reader.worker("ID card check", on_status=lambda status: told.set()) as worker:
            told.wait(FIRST_WORD_S)
            held_idcard_checker(reader, worker, wait_s=wait_s)(level, tell)

    return check


def held_idcard_checker(
    reader: CardReader, worker: DeviceWorker, *, wait_s: float = WAIT_S, usb_devices: Path = USB_DEVICES
) -> Checker:
    """The checker of a reader that this process holds: over its own worker, beside whatever it does."""

    def check(level: CheckLevel, tell: Tell) -> None:
        match level:
            case CheckLevel.INTERNAL:
                tell(_internal(reader.address, usb_devices))
            case CheckLevel.EXTERNAL:
                _external(reader, worker, tell)
            case CheckLevel.INTERACTIVE:
                heard: SimpleQueue[_Heard] = SimpleQueue()
                if not reader.borrow(heard.put, heard.put):
                    tell(unknown("正在为群众读证，稍后再试", "it is reading for a citizen: try again later"))
                    return
                try:
                    _interactive(worker, heard, wait_s, tell)
                finally:
                    reader.give_back()

    return check


def _ignore(record: CardRecord) -> None:
    """Nobody arms the reader in this check."""


def _internal(address: IdCardAddress, usb_devices: Path) -> Finding:
    match address.link:
        case Link.TCP:
            return passed(
                f"地址正确：{address.host}:{address.port}", f"address: {address.host}:{address.port}"
            )
        case Link.USB:
            assert address.usb is not None
            ids = address.usb.ids
            if ids in _plugged_in(usb_devices):
                return passed(f"USB 设备 {ids} 已插好", f"USB device {ids} is plugged in")
            return failed(PortAbsent(f"USB {ids}"))
    node = Path(address.path)
    try:
        is_device = stat.S_ISCHR(node.stat().st_mode)
    except OSError:
        is_device = False
    if not is_device:
        return failed(PortAbsent(address.path))
    if not os.access(node, os.R_OK | os.W_OK):
        return failed(PortDenied(address.path))
    return passed(f"设备节点 {address.path} 存在且有权限", f"device node {address.path} is there and usable")


def _plugged_in(devices: Path) -> set[str]:
    """Vendor and product of every USB device, as lsusb prints them."""
    found = set()
    for vendor in devices.glob("*/idVendor"):
        try:
            found.add(f"{vendor.read_text().strip()}:{vendor.with_name('idProduct').read_text().strip()}")
        except OSError:
            continue  # unplugged while we looked
    return found


def _external(reader: CardReader, worker: DeviceWorker, tell: Tell) -> None:
    fault = _fault_of(worker)
    if fault is not None:
        tell(fault)
        return
    try:
        worker.call(reader.health, ANSWER_S)
        speed_zh, speed_en = (
            (f"，波特率 {reader.baud}", f" at {reader.baud} baud") if reader.baud else ("", "")
        )
        tell(passed(f"读卡器应答，自检正常{speed_zh}", f"the reader answers and is well{speed_en}"))
        identity = worker.call(reader.identity, ANSWER_S) or "-"
        tell(passed(f"读卡器编号：{identity}", f"the reader's id: {identity}"))
    except DeviceError as error:
        tell(failed(error))
    except TimeoutError:
        tell(failed(ReaderSilent()))


def _interactive(worker: DeviceWorker, heard: SimpleQueue[_Heard], wait_s: float, tell: Tell) -> None:
    tell(ask("请把身份证平放在读卡区", "lay an ID card on the reader"))
    deadline_s = time.monotonic() + wait_s
    is_read = False
    while time.monotonic() < deadline_s:
        fault = _fault_of(worker)
        if fault is not None:
            tell(fault)
            return
        try:
            event = heard.get(timeout=min(LOOK_S, wait_s))
        except Empty:
            continue
        match event:
            case CardRecord():
                is_read = True
                deadline_s = time.monotonic() + wait_s
                tell(_card(event))
            case CardTrouble():
                tell(ask(event.zh, event.en))
            case None if is_read:
                tell(passed("读卡区已没有证", "no card answers any more"))
                return
    if is_read:
        tell(unknown("证还放在读卡区，请取走", "the card still lies on the reader: take it away"))
    else:
        tell(unknown("没有读到证，无法判断", "no card was read: it cannot be told"))


def _fault_of(worker: DeviceWorker) -> Finding | None:
    """What keeps the reader from working, as its worker knows it."""
    status = worker.status
    if status.fault is None or status.state is DeviceState.ONLINE:
        return None
    return Finding(Verdict.FAILED, status.fault.what_zh, status.fault.what_en, status.fault)


def _card(record: CardRecord) -> Finding:
    number = f"{record.masked_name} {record.masked_number}".strip()
    return passed(f"读到{record.kind.zh}：{number}", f"read a card ({record.kind}): {number}")

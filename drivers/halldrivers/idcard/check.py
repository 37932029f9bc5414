"""The three health checks of an ID-card reader; the interactive one reads a card as production does.

The process that holds the reader checks it with :func:`held_idcard_checker`: the reader is borrowed for one
card, and a citizen who comes meanwhile takes it back. Where nobody holds it, :func:`idcard_checker` does.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import DeviceError, DeviceState, PortAbsent, PortBusy, PortDenied
from halldrivers.idcard.address import Frames, IdCardAddress, Link
from halldrivers.idcard.connect import SEARCH_S, OpenWire
from halldrivers.idcard.dialect import Ask, Reply, Sam
from halldrivers.idcard.errors import ReaderSilent, Unlicensed
from halldrivers.idcard.exchange import Exchange
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.samframe import sam_id_text
from halldrivers.idcard.swords import Said
from halldrivers.idcard.trouble import CardTrouble
from halldrivers.idcard.visit import Pace
from halldrivers.transport import Transport
from halldrivers.worker import DeviceWorker

WAIT_S = 30.0
"""For a person to lay a card, and again to take it away."""

FIRST_WORD_S = 30.0
"""For a reader to be found or missed three times, with a search for its line speed."""
ANSWER_S = 10.0
BESIDE_S = 5.0
"""For the id of a reader whose worker lets it go between two tries; longer than a try at every line speed."""
AGAIN_S = 0.02
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
            held_idcard_checker(reader, worker, open_wire=open_wire, wait_s=wait_s)(level, tell)

    return check


def held_idcard_checker(
    reader: CardReader,
    worker: DeviceWorker,
    *,
    open_wire: OpenWire | None = None,
    wait_s: float = WAIT_S,
    usb_devices: Path = USB_DEVICES,
) -> Checker:
    """The checker of a reader that this process holds: over its own worker, beside whatever it does."""

    def check(level: CheckLevel, tell: Tell) -> None:
        match level:
            case CheckLevel.INTERNAL:
                tell(_internal(reader.address, usb_devices))
            case CheckLevel.EXTERNAL:
                _external(reader, worker, open_wire or reader.address.wire, tell)
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


def _external(reader: CardReader, worker: DeviceWorker, open_wire: OpenWire, tell: Tell) -> None:
    fault = _fault_of(worker)
    if fault is None:
        try:
            worker.call(reader.health, ANSWER_S)
            speed_zh, speed_en = (
                (f"，波特率 {reader.baud}", f" at {reader.baud} baud") if reader.baud else ("", "")
            )
            tell(passed(f"读卡器应答，自检正常{speed_zh}", f"the reader answers and is well{speed_en}"))
            identity = worker.call(reader.identity, ANSWER_S) or "-"
            tell(passed(f"读卡器编号：{identity}", f"the reader's id: {identity}"))
            return
        except DeviceError as error:
            fault = failed(error)
        except TimeoutError:
            fault = failed(ReaderSilent())
    tell(fault)
    if fault.fault is not None and fault.fault.code == Unlicensed.code:
        tell(_id_for_vendor(reader, worker, open_wire))


def _id_for_vendor(reader: CardReader, worker: DeviceWorker, open_wire: OpenWire) -> Finding:
    """The vendor licenses a module by its id, which one without a licence may tell all the same."""
    identity = ""
    try:
        identity = worker.call(reader.identity, ANSWER_S)
    except PortAbsent:  # the worker does not keep a reader with a fault open
        if reader.address.frames is Frames.SAM:
            identity = _identity_beside(reader.address, open_wire)
    except (DeviceError, TimeoutError):
        pass
    if identity:
        return passed(f"读卡器编号：{identity}", f"the reader's id: {identity}")
    return unknown(
        "读卡器不肯说编号：报修时抄它铭牌上的编号",
        "the reader does not tell its id: quote the one on its plate",
    )


def _identity_beside(address: IdCardAddress, open_wire: OpenWire) -> str:
    """Asked on a wire of our own, between two tries of the worker, which holds the port for moments only."""
    deadline_s = time.monotonic() + BESIDE_S
    ask = replace(Sam.sam_id, answer_s=SEARCH_S)
    for baud in address.bauds:
        while time.monotonic() < deadline_s:
            try:
                reply = _ask_once(open_wire(baud), ask)
            except PortBusy:
                time.sleep(AGAIN_S)
                continue
            except DeviceError:
                return ""
            if reply.said is Said.OK:
                return sam_id_text(reply.data)
            if reply.said is not Said.SILENT:
                return ""
            break  # it listens at another speed
    return ""


def _ask_once(wire: Transport, ask: Ask) -> Reply:
    counters = Counters()
    exchange = Exchange(CountedTransport(wire, counters), Sam(), counters, time.monotonic)
    try:
        wire.open()
        return exchange.ask(ask)
    finally:
        exchange.close()


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

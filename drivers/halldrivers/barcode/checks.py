"""The three health checks of a reader that is at work, over the path that production uses.

While the interactive one waits, it hears what is scanned, and nobody else. What is scanned is never shown in
full: a code may be a person's.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable

from halldrivers.barcode.address import ReaderAddress
from halldrivers.barcode.codes import BadCode, Code, Read
from halldrivers.barcode.reader import BarcodeReader
from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError, DeviceState, PortAbsent, PortDenied
from halldrivers.status import DeviceStatus

FIRST_WORD_S = 5.0
"""How long a reader that was only just started is given to say how it is."""
SCAN_S = 30.0
"""How long a person has to scan something."""


def reader_checker(
    address: ReaderAddress,
    reader: BarcodeReader,
    status: Callable[[], DeviceStatus],
    *,
    first_word_s: float = FIRST_WORD_S,
    scan_s: float = SCAN_S,
) -> Checker:
    """The checker of a reader at work; ``status`` is what its worker says of it."""

    def check(level: CheckLevel, tell: Tell) -> None:
        try:
            tell(_internal(address))
        except DeviceError as error:
            tell(failed(error))
            return
        if level is CheckLevel.INTERNAL:
            return
        finding = _external(status, first_word_s)
        tell(finding)
        if level is CheckLevel.INTERACTIVE and finding.verdict is Verdict.PASSED:
            _interactive(reader, tell, scan_s)

    return check


def _internal(address: ReaderAddress) -> Finding:
    if not address.path:
        where = f"{address.host}:{address.port}"
        return passed(f"地址正确：{where}", f"the address is right: {where}")
    if not os.path.exists(address.path):
        raise PortAbsent(address.path)
    if not os.access(address.path, os.R_OK):
        raise PortDenied(address.path)
    return passed(f"设备节点 {address.path} 可以使用", f"the device node {address.path} may be used")


def _external(status: Callable[[], DeviceStatus], first_word_s: float) -> Finding:
    deadline_s = time.monotonic() + first_word_s
    while (word := status()).state is DeviceState.UNKNOWN and time.monotonic() < deadline_s:
        threading.Event().wait(0.02)
    if word.fault is not None:
        return Finding(Verdict.FAILED, word.fault.what_zh, word.fault.what_en, word.fault)
    if word.state is DeviceState.ONLINE:
        return passed("扫码枪已打开，由本程序独占", "the scanner is open, and ours alone")
    return unknown("还不知道扫码枪怎么样", "nothing is known of the scanner yet")


def _interactive(reader: BarcodeReader, tell: Tell, scan_s: float) -> None:
    reads: queue.SimpleQueue[Read] = queue.SimpleQueue()
    with reader.diverted(reads.put, reads.put):
        tell(ask("请扫任意一个条码或二维码", "scan any code"))
        try:
            tell(_verdict(reads.get(timeout=scan_s)))
        except queue.Empty:
            tell(unknown("没有扫到任何码，无法判断", "nothing was scanned: it cannot be told"))


def _verdict(read: Read) -> Finding:
    match read:
        case Code():
            return passed(
                f"读到 {len(read.text)} 个字符，开头是 {read.head}",
                f"read {len(read.text)} characters that begin with {read.head}",
            )
        case BadCode(reason):
            return Finding(
                Verdict.FAILED,
                f"扫到了，但不能用：{reason.zh}",
                f"something was scanned and refused: {reason.en}",
            )

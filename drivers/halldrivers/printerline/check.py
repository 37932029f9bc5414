"""The health checks of a ticket printer.

    internal      the address, the node and its rights, and who else has a hand on it: CUPS, mostly
    external      the printer is asked: every fault that it tells, in words
    interactive   a test page; the spooler prints it, over the path of the tickets, and asks the person

The printer must be free for the external check: while the spooler holds it, its port is busy, and the check
says so. Over TCP nothing says so: most printers answer one connection and let the next one wait unanswered.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from halldrivers.buses.roots import Roots
from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, failed, passed, unknown
from halldrivers.errors import DeviceError
from halldrivers.printerline import faults
from halldrivers.printerline.checkport import check_port
from halldrivers.printerline.device import PrinterLine
from halldrivers.printerline.enrolabout import Identity, ask_about
from halldrivers.printerline.enrolasking import Asking
from halldrivers.printerline.status import Cover, Cutter, Online, Paper, PrinterStatus
from halldrivers.transport import Transport, transport_for

ANSWER_S = 1.0
_WELL = (
    ("online", Online.ONLINE, "联机", "online"),
    ("paper", Paper.FULL, "有纸", "paper"),
    ("paper", Paper.LOW, "纸不多", "paper low"),
    ("cover", Cover.CLOSED, "上盖合好", "cover closed"),
    ("cutter", Cutter.OK, "切刀正常", "cutter well"),
)

_PERHAPS_HELD = unknown(
    "网络打印机一次只应答一个程序，也许另一个程序正占着它：先停打印服务（systemctl stop hall-printer）再查",
    "a network printer answers one program at a time, and another one may hold it: stop the spooler "
    "(systemctl stop hall-printer) and check again",
)


def printer_checker(
    url: str,
    *,
    test_page: Callable[[Tell], None] | None = None,
    enrolled: Identity | None = None,
    make_transport: Callable[[str], Transport] = transport_for,
    roots: Roots | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Checker:
    """The checker of the printer at a URL.

    `test_page` prints one through the spooler and tells what came of it; `enrolled` is who stood there at the
    enrolment, if it told.
    """

    def check(level: CheckLevel, tell: Tell) -> None:
        try:
            match level:
                case CheckLevel.INTERNAL:
                    check_port(url, roots or Roots(), tell)
                case CheckLevel.EXTERNAL:
                    is_network = url.lower().startswith("tcp:")
                    _external(PrinterLine(make_transport(url), clock), enrolled, tell, is_network)
                case CheckLevel.INTERACTIVE:
                    (test_page or _no_test_page)(tell)
        except DeviceError as error:
            tell(failed(error))

    return check


def _external(line: PrinterLine, enrolled: Identity | None, tell: Tell, is_network: bool) -> None:
    try:
        line.open()
        if is_network:
            # A connection that a busy printer has not taken up yet looks the same.
            tell(passed("网络连上了", "the network connection is made"))
        else:
            tell(passed("打印机已连上，由本程序独占", "the printer is connected, and ours alone"))
        status = line.status(ANSWER_S)
        answers_in_turn = not status.blocks_printing and line.enable_asb(ANSWER_S)
        if status.is_silent:
            status = line.last_asb
        for finding in findings_of(status):
            tell(finding)
        if status.is_silent and is_network:
            tell(_PERHAPS_HELD)
        if answers_in_turn:
            tell(
                passed("执行命令，会主动报告状态", "it carries out commands and reports its state by itself")
            )
        elif not status.is_silent and not status.blocks_printing:
            tell(
                unknown(
                    "只答实时询问：这种机型不主动报告状态，或者卡在半张图里（关机十秒再开）",
                    "it answers real-time questions only: its make reports nothing by itself, or it is stuck "
                    "in half a picture (switch it off for ten seconds)",
                )
            )
        if enrolled is not None and answers_in_turn:
            _compare(ask_about(Asking(line.link, ANSWER_S, is_patient=True)), enrolled, tell)
    finally:
        line.close()


def findings_of(status: PrinterStatus) -> list[Finding]:
    """A status in words: every fault, or all that is well as far as it was told."""
    if status.is_silent:
        return [unknown(faults.SILENT.what_zh, faults.SILENT.what_en, faults.SILENT)]
    found = [
        Finding(Verdict.FAILED if fault.blocking else Verdict.PASSED, fault.what_zh, fault.what_en, fault)
        for fault in status.faults
    ]
    if status.fault is None:
        known = [(zh, en) for field, value, zh, en in _WELL if getattr(status, field) is value]
        found.insert(0, passed("、".join(zh for zh, _ in known), ", ".join(en for _, en in known)))
    return found


def _compare(told: Identity, enrolled: Identity, tell: Tell) -> None:
    if enrolled.is_another(told):
        tell(
            unknown(
                f"换了一台打印机：登记的是 {enrolled.name}，现在是 {told.name}；请重新登记",
                f"another printer: {enrolled.name} was enrolled, this is {told.name}; enrol it again",
            )
        )
    elif told.name:
        tell(passed(f"就是登记的那台：{told.name}", f"it is the one that was enrolled: {told.name}"))


def _no_test_page(tell: Tell) -> None:
    tell(
        unknown(
            "测试页由打印服务打印，现在没有接上",
            "the spooler prints the test page, and it was not given here",
        )
    )

"""The health checks of the printer that the spooler holds, on the line that the tickets take.

    internal      the address, the node and its rights, and who else has a hand on it
    external      what the printer says of itself
    interactive   a test page with its proof; the person looks at the paper

A page is no ticket: it has no job in the ledger, and the log has who asked for it and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable

from halldrivers.buses.roots import Roots
from halldrivers.check import Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError
from halldrivers.printerline import JobResult, Outcome, PrinterLine
from halldrivers.printerline.check import ANSWER_S, findings_of
from halldrivers.printerline.checkport import check_port
from hallprinter.profile import PrinterProfile
from hallprinter.spooler_line import WatchedLine
from hallprinter.testpage import TestPageFace
from hallprinter.ticket import render_test_page

PAGE_S = 30.0
"""How long the page's proof is waited for."""
PAGE_ID = "TEST"

DONE = passed("测试完毕", "the check is over")
BUSY = unknown("正在打印，稍后再测", "a ticket is being printed: ask again when it is out")
CRASHED = unknown("测试程序出错，请看日志", "the check met a program error: see the log")
LOOK = ask(
    "请看打印出的测试页：字、大号、二维码、切纸都好，就是好的",
    "look at the page: the words, the big number, the QR code and the cut tell whether it is well",
)


class PrinterCheck:
    """Carries the checks out on the spooler's line. ``page`` makes the test page's face."""

    def __init__(
        self,
        watched: WatchedLine,
        url: str,
        profile: PrinterProfile,
        page: Callable[[], TestPageFace],
        *,
        now_s: Callable[[], float],
    ) -> None:
        self._watched, self._url, self._profile = watched, url, profile
        self._page, self._now_s = page, now_s

    def internal(self, tell: Tell) -> None:
        """Look at the port without touching it."""
        try:
            check_port(self._url, Roots(), tell)
        except DeviceError as error:
            tell(failed(error))

    def external(self, tell: Tell, *, is_open: bool) -> None:
        """Ask the printer. A wire that was closed is closed again; raises what breaks one that was open."""
        line = self._watched.line
        try:
            line.open()
            status = line.status(ANSWER_S)
        except DeviceError as error:
            tell(failed(error))
            if is_open:
                raise
            return
        finally:
            if not is_open:
                line.close()
        for finding in findings_of(status):
            tell(finding)

    def interactive(self, tell: Tell) -> bool:
        """Print a page; False when half of it may be in the printer."""
        result = self._print(self._watched.line)
        tell(_of_page(result))
        if result.bytes_sent:
            tell(LOOK)
        return result.outcome is Outcome.PRINTED or not result.bytes_sent

    def _print(self, line: PrinterLine) -> JobResult:
        payload = render_test_page(self._page(), self._profile).payload
        until_s = self._now_s() + PAGE_S
        result = line.send_job(payload, PAGE_ID, self._watched.rung, ANSWER_S)
        while result.is_pending and self._now_s() < until_s:
            result = line.await_confirmation(ANSWER_S)
        if result.is_pending:
            line.abandon()
        return result


def _of_page(result: JobResult) -> Finding:
    fault = result.fault
    if result.outcome is Outcome.PRINTED:
        return passed(
            f"打印机确认测试页已打出（{result.rung} 级证明）",
            f"the printer proves the page (rung {result.rung})",
        )
    if fault is not None and result.status.blocks_printing:
        return Finding(Verdict.FAILED, f"没有打出：{fault.what_zh}", f"not printed: {fault.what_en}", fault)
    return unknown(
        f"打印机没有证明测试页打出来了（{result.reason}）",
        f"the printer does not prove that the page came out ({result.reason})",
        fault,
    )

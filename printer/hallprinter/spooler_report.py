"""What the hall is told about the printer: once when it goes down, once when it is back."""

from __future__ import annotations

import logging

from halldrivers.counters import Counters
from halldrivers.errors import DeviceState
from halldrivers.printerline import PrinterStatus
from halldrivers.status import DeviceStatus
from hallprinter.spooler_ledger import PrintHall
from hallqueue.errors import HallError, Trouble

log = logging.getLogger("hall.spooler")


def status_word(status: PrinterStatus) -> DeviceStatus:
    """What the printer says of itself; a warning (paper low) leaves it online."""
    return DeviceStatus(status.state, status.fault or next(iter(status.warnings), None))


class Reporter:
    """Keeps the newest report until the keeper has it; repeats none."""

    def __init__(
        self, hall: PrintHall, device: str, kind: str, boot: str, counters: Counters | None = None
    ) -> None:
        self._hall = hall
        self._device = device
        self._kind = kind
        self._boot = boot
        self._counters = counters or Counters()
        self._counted = ""
        self._newest: DeviceStatus | None = None
        self._told: DeviceStatus | None = None
        self._number = 0

    @property
    def is_down(self) -> bool:
        """Whether the newest report says that something is wrong."""
        return self._newest is not None and self._newest.state is not DeviceState.ONLINE

    @property
    def is_behind(self) -> bool:
        """Whether the keeper has not been told the newest report."""
        return self._newest is not None and not self._newest.says_the_same(self._told)

    def note(self, report: DeviceStatus) -> None:
        """Take a report; told when it says something new."""
        if report.says_the_same(self._newest):
            return
        self._newest = report
        self._number += 1
        text = f"{report.code} {report.fault.what_zh} / {report.fault.what_en}" if report.fault else ""
        level = logging.INFO if report.state is DeviceState.ONLINE else logging.WARNING
        log.log(level, "%s: %s %s", self._device, report.state, text)

    def recount(self) -> None:
        """Tell again when something was counted since; to be called every hour or so."""
        if self._newest is not None and self._counters.text() != self._counted:
            self._told = None
            self._number += 1

    def attend(self) -> None:
        """Say that the printer is still held; to be called every ``ATTEND_EVERY_S``."""
        report = self._newest
        if report is None or self.is_behind:
            return
        try:
            if not self._hall.attend_device(self._device, state=report.state.value, code=report.code):
                self.forget()
        except Trouble as trouble:
            log.debug("nobody hears that the printer is held: %s", trouble)
        except HallError as refusal:
            log.warning("%s: %s", self._device, refusal)

    def forget(self) -> None:
        """The keeper has another log now (a restored database): tell it anew."""
        self._told = None
        self._number += 1

    def tell(self) -> None:
        """Tell the newest report, if it is new; kept for the next time when the keeper is not there."""
        report = self._newest
        if report is None or not self.is_behind:
            return
        counted = self._counters.text()
        try:
            self._hall.report_device(
                self._device,
                key=f"{self._device}-{self._boot}-{self._number}",
                kind=self._kind,
                **report.words(),
                counters=counted,
            )
        except Trouble as trouble:
            log.debug("the printer's state is not recorded yet: %s", trouble)
            return
        except HallError as refusal:
            log.error("the printer's state was refused: %s", refusal)
        self._told, self._counted = report, counted

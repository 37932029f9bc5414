"""The three health checks of a sign that is open; the interactive one lights all that it has.

The check goes the way of production: the open sign itself is told to light everything, and shows again what
it should as soon as the check is over.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from halldrivers.check import CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError, DeviceState, PortAbsent, PortDenied
from halldrivers.sign.sign import Sign

FIRST_WORD_S = 5.0
LOOK_S = 10.0
"""How long everything stays lit, for somebody to look up."""
_STEP_S = 0.05


@dataclass(frozen=True, slots=True)
class SignChecker:
    """Checks one open sign; a :data:`~halldrivers.check.Checker`."""

    sign: Sign
    first_word_s: float = FIRST_WORD_S
    look_s: float = LOOK_S
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, level: CheckLevel, tell: Tell) -> None:
        """Check at one level; each level begins with those before it."""
        try:
            tell(self._internal())
        except DeviceError as error:
            tell(failed(error))
            return
        if level is CheckLevel.INTERNAL:
            return
        finding = self._external()
        tell(finding)
        if finding.verdict is Verdict.PASSED and level is CheckLevel.INTERACTIVE:
            self._interactive(tell)

    def _internal(self) -> Finding:
        path = self.sign.address.line.path
        if not path:
            return passed("地址写法正确", "the address is well formed")
        if not os.path.exists(path):
            raise PortAbsent(path)
        if not os.access(path, os.R_OK | os.W_OK):
            raise PortDenied(path)
        return passed(f"设备节点 {path} 可以使用", f"the device node {path} is there and may be used")

    def _external(self) -> Finding:
        waited_s = 0.0
        while self.sign.status.state is DeviceState.UNKNOWN and waited_s < self.first_word_s:
            self.sleep(_STEP_S)
            waited_s += _STEP_S
        status = self.sign.status
        if status.fault is not None:
            return Finding(Verdict.FAILED, status.fault.what_zh, status.fault.what_en, status.fault)
        if status.state is DeviceState.ONLINE:
            return passed("窗口屏有应答", "the sign answers")
        return unknown("窗口屏没有任何消息", "nothing was heard of the sign")

    def _interactive(self, tell: Tell) -> None:
        self.sign.light_all(True)
        try:
            tell(
                ask(
                    "请看窗口屏：每一位都应显示 8，点也亮",
                    "look at the sign: an 8 at every digit, every point lit",
                )
            )
            self.sleep(self.look_s)
        finally:
            self.sign.light_all(False)
        finding = self._external()
        if finding.verdict is Verdict.PASSED:
            finding = passed("窗口屏接受了全亮测试", "the sign took the test picture")
        tell(finding)

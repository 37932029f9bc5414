"""The three health checks of a rating pad.

The interactive one goes the way of production: the pad is opened as the desk opens it, asks as it asks a
citizen, and the press comes as a citizen's. Whoever has the pad open gives it back first.
"""

from __future__ import annotations

import importlib.util
import os
import queue
from collections.abc import Callable
from dataclasses import dataclass

from halldrivers.check import CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError, PortAbsent, PortDenied
from halldrivers.ratingpad.address import BoxAddress, GpioAddress, HidAddress, ModbusPadAddress, PadAddress
from halldrivers.ratingpad.errors import GpioAbsent
from halldrivers.ratingpad.opening import PadParts, RatingPad, check_forms, open_rating_pad
from halldrivers.ratingpad.telling import OnPress, OnTrouble, PadTrouble, RawPress

FIRST_WORD_S = 5.0
"""Three misses of the slowest form take less."""
PRESS_S = 30.0
"""For a technician to walk to the pad, or to tell somebody over the telephone."""

Open = Callable[[OnPress, OnTrouble], RatingPad]


@dataclass(frozen=True, slots=True)
class PadChecker:
    """Checks one pad; a :data:`~halldrivers.check.Checker`."""

    address: PadAddress
    parts: PadParts
    first_word_s: float = FIRST_WORD_S
    press_s: float = PRESS_S

    def __call__(self, level: CheckLevel, tell: Tell) -> None:
        """Check at one level; each level begins with those before it."""
        try:
            tell(self._internal())
            if level is not CheckLevel.INTERNAL:
                self._external(level, tell)
        except DeviceError as error:
            tell(failed(error))

    def _internal(self) -> Finding:
        check_forms(self.address, self.parts.forms)
        match self.address:
            case GpioAddress():
                if importlib.util.find_spec("gpiozero") is None:
                    raise GpioAbsent("gpiozero")
                return passed("GPIO 程序库已安装", "the GPIO library is installed")
            case ModbusPadAddress():
                path = self.address.unit.line.path
            case HidAddress():
                # A simulator's keys have no node.
                path = "" if self.parts.key_source else self.address.path
            case BoxAddress():
                own = self.address.claims.own[0]
                path = own if own.startswith("/") else ""
        if not path:
            return passed("地址写法正确", "the address is well formed")
        if not os.path.exists(path):
            raise PortAbsent(path)
        if not os.access(path, os.R_OK | os.W_OK):
            raise PortDenied(path)
        return passed(f"设备节点 {path} 可以使用", f"the device node {path} is there and may be used")

    def _external(self, level: CheckLevel, tell: Tell) -> None:
        words: queue.Queue[PadTrouble | None] = queue.Queue()
        presses: queue.Queue[RawPress] = queue.Queue()
        pad = open_rating_pad(self.address, self.parts, on_press=presses.put, on_trouble=words.put)
        try:
            is_up = self._first_word(pad, words, tell)
            if is_up and level is CheckLevel.INTERACTIVE:
                self._interactive(pad, presses, tell)
        finally:
            pad.close()

    def _first_word(self, pad: RatingPad, words: queue.Queue[PadTrouble | None], tell: Tell) -> bool:
        try:
            word = None if pad.is_up else words.get(timeout=self.first_word_s)
        except queue.Empty:
            tell(unknown("评价器没有任何消息", "nothing was heard of the pad"))
            return False
        if word is not None and word.status.fault is not None:
            fault = word.status.fault
            tell(Finding(Verdict.FAILED, fault.what_zh, fault.what_en, fault))
            return word.usable
        if isinstance(self.address, BoxAddress | HidAddress):
            tell(
                passed(
                    "端口已打开；这种评价器不应答，按键才知道", "the port is open; only a press tells more"
                )
            )
        else:
            tell(passed("评价器有应答", "the pad answers"))
        return True

    def _interactive(self, pad: RatingPad, presses: queue.Queue[RawPress], tell: Tell) -> None:
        pad.arm()
        tell(ask("请在评价器上按任意一个键", "press any key of the pad"))
        try:
            press = presses.get(timeout=self.press_s)
        except queue.Empty:
            pad.idle()
            tell(
                unknown(
                    f"{self.press_s:g} 秒内没有收到按键，也没有发现故障",
                    f"no press came within {self.press_s:g} s, and no fault either",
                )
            )
            return
        pad.thank(press.key)
        tell(passed(f"收到第 {press.key} 个键", f"key {press.key} was heard"))
